package io.sluice.transport.auth;

import io.sluice.component.ComponentContext;
import io.sluice.component.Loop;
import io.sluice.telemetry.Why;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A small file with a secret, read again and again, as those who renew it replace it, move it or turn a
/// symbolic link to another. What cannot be read, or is empty, leaves what there was; and as a file may be
/// written in place, what is new counts when two looks have seen the same. Confined to the component's loop;
/// reads on a thread apart.
public final class SecretFile {
  static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final int BYTES_MAX = 1 << 20;

  private final String key;
  private final String file;
  private final ComponentContext context;
  private final Consumer<String> changed;
  private String last = "";

  /// What the last look saw if it was new, and may be half of it.
  private @Nullable String unsettled;

  private boolean unreadable;
  private boolean stopped;
  private Loop.Timer timer = () -> {};

  /// @param key that names the file, for messages
  /// @param changed is told what is in the file: at the start, and whenever that is something else. What it
  ///     throws as [IllegalArgumentException] fails the start, later it is logged
  public SecretFile(String key, String file, ComponentContext context, Consumer<String> changed) {
    this.key = key;
    this.file = file;
    this.context = context;
    this.changed = changed;
  }

  /// Reads it for the first time; fails if that fails.
  public Future<Void> start() {
    return read()
        .compose(text -> {
          last = text;
          try {
            changed.accept(text);
          } catch (IllegalArgumentException e) {
            return Future.failedFuture(new IOException(key + ": " + e.getMessage()));
          }
          lookLater();
          return Future.succeededFuture();
        });
  }

  public void stop() {
    stopped = true;
    timer.cancel();
  }

  private void lookLater() {
    if (!stopped) {
      timer = context.loop().schedule(LOOK_EVERY, this::look);
    }
  }

  private void look() {
    read()
        .onComplete((text, failure) -> {
          if (failure != null) {
            unsettled = null;
            say(failure);
          } else {
            unreadable = false;
            seen(text);
          }
          lookLater();
        });
  }

  /// What a look saw.
  void seen(String text) {
    boolean settled = text.equals(unsettled);
    unsettled = text;
    if (settled && !stopped && !text.equals(last)) {
      take(text);
    }
  }

  private void take(String text) {
    last = text;
    try {
      changed.accept(text);
      context.log().info("Read a secret anew", "file", file);
    } catch (IllegalArgumentException e) {
      context
          .log()
          .error(
              "Cannot use what a file holds now",
              "file",
              file,
              "error",
              String.valueOf(e.getMessage()));
    }
  }

  private void say(Throwable failure) {
    if (!unreadable) {
      unreadable = true;
      context.log().warn("Cannot read a file; what it held counts still", "error", Why.of(failure));
    }
  }

  private Future<String> read() {
    Promise<String> promise = Promise.promise();
    Thread.ofVirtual()
        .name("sluice-secret-file")
        .start(() -> {
          try {
            var text = text();
            context.loop().execute(() -> promise.complete(text));
          } catch (IOException e) {
            context.loop().execute(() -> promise.fail(e));
          }
        });
    return promise.future();
  }

  private String text() throws IOException {
    try (var in = Files.newInputStream(Path.of(file))) {
      var bytes = in.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        throw new IOException(file + ": more than " + BYTES_MAX + " bytes");
      }
      var text = new String(bytes, StandardCharsets.UTF_8);
      if (text.isBlank()) {
        throw new IOException(file + ": is empty");
      }
      return text;
    } catch (IOException | InvalidPathException e) {
      throw new IOException(key + ": " + Why.of(e), e);
    }
  }
}
