package io.sluice.distribution.queue;

import io.sluice.component.ComponentId;
import io.sluice.disk.ReadOnlyFiles;
import io.sluice.extensions.admin.Answer;
import io.sluice.extensions.admin.Notice;
import io.sluice.telemetry.Why;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Finds out who answers for the places that a command names.
final class Sources {
  private static final String DEFAULT_ENDPOINT = "http://localhost:55680";

  private final QueueLine line;
  private final Function<List<String>, Map<ComponentId, Path>> configured;
  private final PrintStream err;

  /// Who answers, and for which of its storages; empty for all.
  record Source(Caller caller, String storage) {}

  /// @param configured the directories of a configuration's storages
  Sources(
      QueueLine line, Function<List<String>, Map<ComponentId, Path>> configured, PrintStream err) {
    this.line = line;
    this.configured = configured;
    this.err = err;
  }

  List<Path> directories() {
    var all = new ArrayList<>(line.directories().stream().map(Path::of).toList());
    if (!line.configs().isEmpty()) {
      var storages = configured.apply(line.configs());
      var wanted = line.value("--storage");
      storages.forEach((id, directory) -> {
        if (wanted.isEmpty() || wanted.equals(id.toString())) {
          all.add(directory);
        }
      });
      if (all.isEmpty()) {
        throw QueueException.failed(
            "the configuration has no storage"
                + (wanted.isEmpty() ? "" : " '" + wanted + "'")
                + " (expected: a file_storage in service::extensions; found: "
                + storages.keySet()
                + ")");
      }
    }
    return all;
  }

  /// @param changes whether something is to be dropped or replayed
  List<Source> all(boolean changes) {
    var endpoint = line.value("--endpoint");
    var directories = directories();
    if (!endpoint.isEmpty()) {
      return List.of(port(endpoint));
    }
    if (!directories.isEmpty()) {
      return directories.stream().map(directory -> source(directory, changes)).toList();
    }
    return List.of(byDefault());
  }

  private Source port(String endpoint) {
    URI uri;
    try {
      uri = URI.create(endpoint.contains("://") ? endpoint : "http://" + endpoint);
    } catch (IllegalArgumentException _) {
      throw QueueException.usage(
          "--endpoint: '" + endpoint + "' (expected: http://localhost:55680)");
    }
    return new Source(new PortCaller(uri, tokenFile()), line.value("--storage"));
  }

  private Optional<Path> tokenFile() {
    return Optional.of(line.value("--token-file")).filter(file -> !file.isEmpty()).map(Path::of);
  }

  private Source byDefault() {
    var source = port(DEFAULT_ENDPOINT);
    try {
      source.caller().call("queues", Map.of());
      return source;
    } catch (PortCaller.UnreachableException e) {
      source.caller().close();
      throw QueueException.usage(
          "no directory is named, and "
              + e.getMessage()
              + " (expected: the directory of a file_storage, --config FILE, or --endpoint URL)");
    }
  }

  private Source source(Path directory, boolean changes) {
    isOne(directory);
    var files = new ReadOnlyFiles(directory);
    try {
      if (!files.locked()) {
        var caller = changes ? FilesCaller.claiming(directory) : FilesCaller.reading(directory);
        return new Source(caller, "");
      }
    } catch (IOException e) {
      throw QueueException.failed(directory + ": cannot be read: " + Why.of(e));
    }
    return running(directory, changes);
  }

  /// The directory of a storage, or it would look empty.
  static void isOne(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw QueueException.failed(
          directory + ": no such directory (expected: the directory of a file_storage)");
    }
    try (var entries = Files.list(directory)) {
      if (entries.noneMatch(Sources::ours)) {
        throw QueueException.failed(
            directory + ": holds no queues (expected: the directory of a file_storage)");
      }
    } catch (IOException e) {
      throw QueueException.failed(directory + ": cannot be read: " + Why.of(e));
    }
  }

  private static boolean ours(Path entry) {
    var name = String.valueOf(entry.getFileName());
    return name.equals("marks") || name.equals("lock") || name.endsWith(".seg");
  }

  /// A gateway has it.
  private Source running(Path directory, boolean changes) {
    String why;
    try {
      var notice = new JsonObject(Files.readString(directory.resolve(Notice.FILE)));
      var token = tokenFile().orElse(directory.resolve(Notice.TOKEN_FILE));
      var caller = new PortCaller(URI.create(notice.getString("endpoint")), Optional.of(token));
      var storage = notice.getString("storage");
      if (caller.call("queues", Map.of()).status() == Answer.OK) {
        return new Source(caller, storage);
      }
      why = "its admin port refuses to answer";
    } catch (PortCaller.UnreachableException e) {
      why = String.valueOf(e.getMessage());
    } catch (NoSuchFileException _) {
      why = "it has no admin port";
    } catch (IOException | DecodeException | IllegalArgumentException e) {
      why = "its admin port is not known: " + Why.of(e);
    }
    if (changes) {
      throw QueueException.failed(
          directory
              + ": a running gateway has it open, and "
              + why
              + " (expected: extensions: admin in its configuration, or the gateway stopped)");
    }
    err.println(
        "Note: "
            + directory
            + ": a running gateway has it open, and "
            + why
            + "; the files are read");
    return new Source(FilesCaller.reading(directory), "");
  }
}
