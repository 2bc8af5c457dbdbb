package io.sluice.disk;

import io.sluice.component.ComponentId;
import io.sluice.data.Signal;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// How to reach a destination, kept beside its queue: so that what is stored can be delivered though the
/// exporter has gone from the configuration.
///
/// @param signals it has queues for
/// @param section `exporters` with this one in it, as the user wrote it, in YAML: what stands behind
///     `${...}` is not in it; empty if it may not be kept
public record KeptConfig(ComponentId exporter, Set<Signal> signals, String section) {
  private static final String SIGNALS = "signals: ";

  public KeptConfig {
    signals = Set.copyOf(signals);
  }

  /// That there is something to deliver is known, and to whom, but not how.
  public boolean withheld() {
    return section.isEmpty();
  }

  /// The folder of a storage's directory that holds them.
  static final String FOLDER = "destinations";

  private static final String SUFFIX = ".yaml";

  /// Those in a storage's directory.
  public static List<KeptConfig> in(Files directory) throws IOException {
    var folder = directory.folder(FOLDER);
    var all = new ArrayList<KeptConfig>();
    for (var name : folder.list().stream().sorted().toList()) {
      if (name.endsWith(SUFFIX)) {
        var id = name.substring(0, name.length() - SUFFIX.length());
        try {
          all.add(
              parse(
                  ComponentId.parse(URLDecoder.decode(id, StandardCharsets.UTF_8)),
                  Note.read(folder, name).utf8()));
        } catch (NoSuchFileException _) { // forgotten since it was listed
        }
      }
    }
    return all;
  }

  private static KeptConfig parse(ComponentId exporter, String text) {
    var signals = new HashSet<Signal>();
    var section = new StringBuilder();
    for (var line : text.lines().toList()) {
      if (line.startsWith(SIGNALS)) {
        Arrays.stream(Signal.values())
            .filter(signal -> line.contains(signal.toString()))
            .forEach(signals::add);
      } else if (!line.startsWith("#")) {
        section.append(line).append('\n');
      }
    }
    return new KeptConfig(exporter, signals, section.toString());
  }

  /// Of `exporter:signal`, without a section.
  public static KeptConfig ofQueue(String queue) {
    int colon = queue.lastIndexOf(':');
    var signals =
        Arrays.stream(Signal.values())
            .filter(signal -> signal.toString().equals(queue.substring(colon + 1)))
            .collect(Collectors.toSet());
    return new KeptConfig(ComponentId.parse(queue.substring(0, colon)), signals, "");
  }

  String file() {
    return URLEncoder.encode(exporter.toString(), StandardCharsets.UTF_8) + SUFFIX;
  }

  public KeptConfig with(Set<Signal> signals) {
    return new KeptConfig(exporter, signals, section);
  }

  String text() {
    var names = new TreeSet<>(signals).stream().map(Signal::toString).toList();
    return "# Kept by Sluice to deliver what is stored here if this exporter goes from the configuration\n"
        + "# (orphan: drain). Values from the environment and from files are not in it.\n"
        + SIGNALS
        + names
        + "\n"
        + section;
  }

  /// The queues it has.
  public List<String> queues() {
    return new TreeSet<>(signals).stream().map(signal -> exporter + ":" + signal).toList();
  }
}
