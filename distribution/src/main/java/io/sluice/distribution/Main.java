package io.sluice.distribution;

import io.sluice.component.ComponentId;
import io.sluice.config.ComponentList;
import io.sluice.config.ConfigLoader;
import io.sluice.config.Environment;
import io.sluice.config.FeatureGates;
import io.sluice.config.InvalidConfigException;
import io.sluice.config.JsonSchema;
import io.sluice.config.PrintedConfig;
import io.sluice.distribution.CommandLine.UsageException;
import io.sluice.distribution.queue.QueueCommand;
import io.sluice.extensions.filestorage.FileStorageConfig;
import io.sluice.telemetry.Why;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The command line.
final class Main {
  private static final String DEFAULT_CONFIG = "default.yaml";

  private final CommandLine line;
  private final PrintStream out;
  private final PrintStream err;

  private Main(CommandLine line, PrintStream out, PrintStream err) {
    this.line = line;
    this.out = out;
    this.err = err;
  }

  static void main(String[] words) throws InterruptedException {
    System.exit(run(System.out, System.err, words));
  }

  /// Does what the words say.
  ///
  /// @return the exit status
  static int run(PrintStream out, PrintStream err, String... words) throws InterruptedException {
    try {
      if (words.length > 0 && words[0].equals(CommandLine.QUEUE)) {
        var queue = new QueueCommand(System.in, out, err, InstantSource.system());
        return queue.run(
            Arrays.asList(words).subList(1, words.length), Main::storages, resource("queue.txt"));
      }
      return new Main(CommandLine.parse(words), out, err).obey();
    } catch (UsageException wrong) {
      err.println("Error: " + wrong.getMessage());
      err.println("Run 'sluice help' for usage.");
      return 1;
    } catch (UncheckedIOException wrong) {
      err.println("Error: " + Why.of(wrong));
      return 1;
    } catch (InvalidConfigException wrong) {
      wrong.warnings().forEach(warning -> err.println("Warning: " + warning));
      err.println("Error: invalid configuration:");
      wrong.problems().forEach(err::println);
      return 1;
    }
  }

  /// The directories of a configuration's storages.
  private static Map<ComponentId, Path> storages(List<String> configs) {
    var storages = new LinkedHashMap<ComponentId, Path>();
    var loader =
        new ConfigLoader(
            Components.all(), Environment.system(), FeatureGates.defaults(), Memory.limits());
    for (var part : loader.load(configs, List.of()).plan().extensions()) {
      if (part.config() instanceof FileStorageConfig storage) {
        storages.put(part.id(), Path.of(storage.directory()));
      }
    }
    return storages;
  }

  private int obey() throws InterruptedException {
    return switch (line.command()) {
      case "" -> start(configs(), _ -> {});
      case "run" -> run();
      case "validate" -> validate();
      case "print-config", "print-initial-config" -> printConfig();
      case "components" -> {
        out.print(ComponentList.of(Components.all(), Version.build()));
        yield 0;
      }
      case "schema" -> {
        out.print(JsonSchema.of(Components.all()));
        yield 0;
      }
      case "featuregate" -> featureGates();
      case "train" -> train();
      case "version" -> {
        var build = Version.build();
        out.println(build.command() + " version " + build.version());
        yield 0;
      }
      default -> { // help: the command line knows no other
        out.print(resource("help.txt"));
        yield 0;
      }
    };
  }

  /// As without a command, but with a default for who has no configuration.
  private int run() throws InterruptedException {
    if (!line.configs().isEmpty()) {
      return start(line.configs(), _ -> {});
    }
    return start(
        List.of("yaml:" + resource(DEFAULT_CONFIG)), _ -> out.println(resource("welcome.txt")));
  }

  /// The same way as any start, so that the cache knows all of it.
  private int train() throws InterruptedException {
    var training = new Training();
    return start(List.of("yaml:" + training.yaml()), training::begin);
  }

  /// @param ready is told once, when all runs
  private int start(List<String> configs, Consumer<GatewayProcess> ready)
      throws InterruptedException {
    var gates = gates();
    gates.warnings().forEach(warning -> err.println("Warning: " + warning));
    var loader = new ConfigLoader(Components.all(), Environment.system(), gates, Memory.limits());
    var orphans = new Orphans(loader);
    var process =
        new GatewayProcess(() -> loader.load(configs, line.sets()), orphans::in, Version.build());
    return process.run(loader.load(configs, line.sets()), () -> ready.accept(process));
  }

  private int validate() {
    if (!line.arguments().isEmpty()) {
      throw new UsageException("validate takes no arguments: " + line.arguments());
    }
    var loaded =
        new ConfigLoader(Components.all(), Environment.system(), gates(), Memory.limits())
            .load(configs(), line.sets());
    loaded.warnings().forEach(warning -> err.println("Warning: " + warning));
    loaded.notes().forEach(note -> err.println("Note: " + note));
    return 0;
  }

  private int printConfig() {
    var loader = new ConfigLoader(Components.all(), Environment.system(), gates(), Memory.limits());
    var loaded =
        line.validate()
            ? loader.load(configs(), line.sets())
            : loader.loadUnchecked(configs(), line.sets());
    out.print(
        PrintedConfig.of(
            loaded,
            PrintedConfig.Format.parse(line.format()),
            PrintedConfig.Mode.parse(line.mode())));
    return 0;
  }

  private List<String> configs() {
    if (line.configs().isEmpty()) {
      throw new UsageException("at least one config flag must be provided (--config FILE)");
    }
    return line.configs();
  }

  private int featureGates() {
    out.print(gates().table());
    return 0;
  }

  private FeatureGates gates() {
    try {
      return FeatureGates.defaults().with(line.featureGates());
    } catch (IllegalArgumentException wrong) {
      throw new UsageException(String.valueOf(wrong.getMessage()));
    }
  }

  static String resource(String name) {
    try (var stream = Main.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException(name + " is not in the jar");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
