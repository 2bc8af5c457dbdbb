package io.sluice.distribution;

import io.sluice.component.ComponentId;
import io.sluice.config.ConfigLoader;
import io.sluice.config.InvalidConfigException;
import io.sluice.config.Loaded;
import io.sluice.config.WrittenExporter;
import io.sluice.data.Signal;
import io.sluice.disk.KeptConfig;
import io.sluice.disk.ReadOnlyFiles;
import io.sluice.extensions.filestorage.FileStorageConfig;
import io.sluice.extensions.filestorage.FileStorageConfig.Orphan;
import io.sluice.service.Plan;
import io.sluice.service.Plan.Draining;
import io.sluice.service.Plan.ExporterPart;
import io.sluice.telemetry.Why;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Adds to a plan the exporters that are gone from the configuration, or have their queue elsewhere now, and
/// have something stored that is to be drained: with `orphan: drain` all of them, with `orphan: error` those
/// that a reload left behind. And what storages are to know of the exporters that are there.
final class Orphans {
  private final ConfigLoader loader;

  Orphans(ConfigLoader loader) {
    this.loader = loader;
  }

  /// @param warnings for people: who could not be drained, and why
  record Resolved(Plan plan, List<String> warnings) {}

  Resolved in(Loaded loaded) {
    var draining = new ArrayList<Draining>();
    var kept = new LinkedHashMap<ComponentId, List<KeptConfig>>();
    var warnings = new ArrayList<String>();
    for (var extension : loaded.plan().extensions()) {
      if (extension.config() instanceof FileStorageConfig storage
          && storage.orphan() != Orphan.DROP) {
        var one = new OneStorage(loaded, extension.id(), storage, warnings);
        var gone = one.draining();
        draining.addAll(gone);
        kept.put(extension.id(), one.kept(gone));
      }
    }
    return new Resolved(loaded.plan().with(draining, kept), warnings);
  }

  private final class OneStorage {
    private final Loaded loaded;
    private final ComponentId id;
    private final Path directory;

    /// Whether what is kept is for the day when an exporter goes.
    private final boolean drains;

    private final List<String> warnings;

    /// Those with a queue here.
    private final Map<ComponentId, ExporterPart<?>> parts = new HashMap<>();

    OneStorage(Loaded loaded, ComponentId id, FileStorageConfig storage, List<String> warnings) {
      this.loaded = loaded;
      this.id = id;
      this.directory = Path.of(storage.directory());
      this.drains = storage.orphan() == Orphan.DRAIN;
      this.warnings = warnings;
      for (var part : loaded.plan().exporters()) {
        if (isHere(part)) {
          parts.put(part.id(), part);
        }
      }
    }

    private boolean isHere(ExporterPart<?> part) {
      return Plan.storageOf(part).equals(Optional.of(id));
    }

    /// It has queues for here.
    private Set<Signal> signals(ComponentId exporter) {
      var signals = EnumSet.noneOf(Signal.class);
      for (var pipeline : loaded.plan().pipelines()) {
        if (parts.containsKey(exporter)
            && pipeline.targets().stream().anyMatch(target -> target.id().equals(exporter))) {
          signals.add(pipeline.id().signal());
        }
      }
      return signals;
    }

    List<Draining> draining() {
      var draining = new ArrayList<Draining>();
      try {
        for (var config : KeptConfig.in(new ReadOnlyFiles(directory))) {
          var gone = EnumSet.noneOf(Signal.class);
          gone.addAll(config.signals());
          gone.removeAll(signals(config.exporter()));
          if (!gone.isEmpty()) {
            part(config).ifPresent(part -> draining.add(new Draining(part, gone)));
          }
        }
      } catch (IOException e) {
        warnings.add(
            directory + ": cannot read how to reach exporters that are gone: " + Why.of(e));
      }
      return draining;
    }

    private Optional<ExporterPart<?>> part(KeptConfig config) {
      var exporter = config.exporter();
      var present = parts.get(exporter);
      if (present == null && config.withheld()) {
        return Optional.empty(); // what is stored stays, as the storage says
      }
      try {
        var part =
            present != null
                ? present
                : loader.exporter(directory.toString(), config.section(), exporter);
        if (isHere(part)) {
          return Optional.of(part);
        }
        warnings.add(
            exporter
                + " cannot be drained: the storage of its queue, as it is kept in "
                + directory
                + ", was not called "
                + id);
      } catch (InvalidConfigException e) {
        warnings.add(
            exporter
                + " cannot be drained: its configuration, as it is kept in "
                + directory
                + ", does not work any more: "
                + e.problems());
      }
      return Optional.empty();
    }

    List<KeptConfig> kept(List<Draining> draining) {
      var kept = new ArrayList<KeptConfig>();
      for (var part : parts.values()) {
        var signals = signals(part.id());
        draining.stream()
            .filter(each -> each.part().equals(part))
            .forEach(each -> signals.addAll(each.signals()));
        kept.add(new KeptConfig(part.id(), signals, section(part)));
      }
      return kept;
    }

    /// Empty if it may not be kept.
    private String section(ExporterPart<?> part) {
      return switch (loaded.written(part)) {
        case WrittenExporter.Section(var yaml) -> yaml;
        case WrittenExporter.Withheld(var reason) -> {
          if (drains) {
            warnings.add(
                part.id()
                    + " could not be drained if it went from the configuration, for how to reach it"
                    + " is not kept: "
                    + reason);
          }
          yield "";
        }
      };
    }
  }
}
