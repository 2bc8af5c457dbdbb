package io.sluice.distribution.queue;

import io.sluice.component.ComponentId;
import io.sluice.distribution.queue.Sources.Source;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// `sluice queue ...`.
public final class QueueCommand {
  static final int FAILED = 1;
  static final int USAGE = 2;

  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final InstantSource clock;

  public QueueCommand(InputStream in, PrintStream out, PrintStream err, InstantSource clock) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.clock = clock;
  }

  /// @param configured the directories of a configuration's storages
  /// @param help what `--help` prints
  /// @return the exit status
  public int run(
      List<String> words, Function<List<String>, Map<ComponentId, Path>> configured, String help) {
    try {
      var line = QueueLine.parse(words);
      return switch (line.command()) {
        case "" -> {
          out.print(help);
          yield 0;
        }
        case "check" -> new CheckCommand(out).run(new Sources(line, configured, err).directories());
        default -> {
          boolean changes = line.command().equals("drop") || line.command().equals("replay");
          yield obey(line, new Sources(line, configured, err).all(changes));
        }
      };
    } catch (QueueException wrong) {
      err.println("Error: " + wrong.getMessage());
      if (wrong.status() == USAGE) {
        err.println("Run 'sluice queue --help' for usage.");
      }
      return wrong.status();
    } catch (PortCaller.UnreachableException wrong) {
      err.println("Error: " + wrong.getMessage());
      return FAILED;
    }
  }

  private int obey(QueueLine line, List<Source> sources) {
    try {
      var queues = new ArrayList<Queue>();
      sources.forEach(source -> queues.addAll(Queue.of(source)));
      var chosen = chosen(line, queues);
      return switch (line.command()) {
        case "ls" -> new ListCommand(out, clock).run(chosen, line.has("--json"));
        case "show" ->
            new ShowCommand(out, err)
                .run(chosen, parameters(line), line.limit(20), line.has("--json"));
        case "export" -> new ExportCommand(out, err).run(chosen, parameters(line), line);
        case "drop" -> new DropCommand(in, out, err).run(chosen, bounded(line), line);
        default -> new ReplayCommand(out, err).run(chosen, bounded(line), line);
      };
    } finally {
      sources.forEach(source -> source.caller().close());
    }
  }

  private static List<Queue> chosen(QueueLine line, List<Queue> queues) {
    var wanted = line.value("--destination");
    var chosen =
        queues.stream().filter(q -> wanted.isEmpty() || q.destination().equals(wanted)).toList();
    if (chosen.isEmpty() && !wanted.isEmpty()) {
      throw QueueException.failed(
          "--destination: '"
              + wanted
              + "' (expected: of "
              + queues.stream().map(Queue::destination).distinct().toList()
              + ")");
    }
    return chosen;
  }

  private Map<String, String> parameters(QueueLine line) {
    var parameters = new HashMap<String, String>();
    if (line.has("--dead-letters")) {
      parameters.put("dead_letters", "true");
    }
    if (!line.ids().isEmpty()) {
      parameters.put("id", String.join(",", line.ids()));
    }
    line.time("--since", clock).ifPresent(time -> parameters.put("since", time.toString()));
    line.time("--until", clock).ifPresent(time -> parameters.put("until", time.toString()));
    return parameters;
  }

  /// Only what is there now: a dead letter that is replayed may become another one, and a queue that is
  /// dropped may be filled meanwhile.
  private Map<String, String> bounded(QueueLine line) {
    var parameters = parameters(line);
    parameters.putIfAbsent("until", clock.instant().plusMillis(1).toString());
    return parameters;
  }
}
