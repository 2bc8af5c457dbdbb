package io.sluice.extensions.headerssetter;

import io.sluice.component.ComponentContext;
import io.sluice.component.Extension;
import io.sluice.component.Secret;
import io.sluice.data.Origin;
import io.sluice.extensions.headerssetter.HeadersSetterConfig.Header;
import io.sluice.transport.auth.AuthConfig;
import io.sluice.transport.auth.AuthException;
import io.sluice.transport.auth.ClientAuthenticator;
import io.sluice.transport.auth.HeaderRules;
import io.sluice.transport.auth.SecretFile;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Sets headers request by request. Answers on any thread.
final class HeadersSetter implements Extension, ClientAuthenticator {
  /// How many may follow each other.
  private static final int LINKS_MAX = 8;

  private final HeadersSetterConfig config;
  private final ComponentContext context;
  private final List<SecretFile> files = new ArrayList<>();

  /// What is in each file.
  private final Map<String, String> fileValues = new ConcurrentHashMap<>();

  private volatile @Nullable Supplier<ClientAuthenticator> additional;

  HeadersSetter(HeadersSetterConfig config, ComponentContext context) {
    this.config = config;
    this.context = context;
  }

  @Override
  public Future<Void> start() {
    try {
      mustEnd();
      additional =
          config
              .additionalAuth()
              .map(id -> AuthConfig.find("additional_auth", id, ClientAuthenticator.class, context))
              .orElse(null);
    } catch (IllegalStateException e) {
      return Future.failedFuture(e);
    }
    for (var header : config.headers()) {
      if (!header.valueFile().isEmpty()) {
        files.add(new SecretFile("value_file", header.valueFile(), context, read(header)));
      }
    }
    return Future.all(files.stream().map(SecretFile::start).toList()).mapEmpty();
  }

  /// One that adds its headers may have another that adds its own, but not us again.
  private void mustEnd() {
    var next = config.additionalAuth();
    for (int links = 0; next.isPresent(); links++) {
      if (links == LINKS_MAX || next.get().equals(context.id())) {
        throw new IllegalStateException("additional_auth: '" + next.get() + "' leads nowhere");
      }
      next =
          context.extensions().find(next.get()).orElse(null) instanceof HeadersSetter other
              ? other.config.additionalAuth()
              : Optional.empty();
    }
  }

  private Consumer<String> read(Header header) {
    return text -> {
      if (!HeaderRules.isValue(text.strip())) {
        throw new IllegalArgumentException("characters in it that no header can hold");
      }
      fileValues.put(header.valueFile(), text.strip());
    };
  }

  @Override
  public Future<Void> stop() {
    files.forEach(SecretFile::stop);
    return Future.succeededFuture();
  }

  @Override
  public Future<Map<String, String>> headers(Request request) {
    Map<String, String> headers = new HashMap<>(request.headers());
    try {
      for (var header : config.headers()) {
        apply(header, headers, request.origin());
      }
    } catch (AuthException e) {
      return Future.failedFuture(e);
    }
    var next = additional;
    return next == null
        ? Future.succeededFuture(headers)
        : next.get().headers(new Request(headers, request.origin()));
  }

  private void apply(Header header, Map<String, String> headers, Origin origin) {
    var name = header.key().toLowerCase(Locale.ROOT);
    var value = valueOf(header, origin);
    switch (header.action()) {
      case DELETE -> headers.remove(name);
      case INSERT -> {
        if (value != null) {
          headers.putIfAbsent(name, value);
        }
      }
      case UPDATE -> {
        if (value != null) {
          headers.replace(name, value);
        }
      }
      case UPSERT -> {
        if (value != null) {
          headers.put(name, value);
        }
      }
    }
  }

  private @Nullable String valueOf(Header header, Origin origin) {
    if (header.value().isPresent()) {
      return header.value().get().value();
    }
    if (!header.valueFile().isEmpty()) {
      return fileValues.get(header.valueFile());
    }
    var found =
        header.fromContext().isEmpty()
            ? origin.identity().get(header.fromAttribute())
            : fromContext(header, origin);
    if (found != null && !HeaderRules.isValue(found)) {
      throw new AuthException(
          "headers_setter: the value for '" + header.key() + "' has characters no header can hold");
    }
    return found == null || found.isEmpty()
        ? header.defaultValue().map(Secret::value).orElse(null)
        : found;
  }

  /// Which of several values is meant nobody can say.
  private static @Nullable String fromContext(Header header, Origin origin) {
    var key = header.fromContext().toLowerCase(Locale.ROOT);
    var values = origin.metadata().getOrDefault(key, List.of());
    if (values.size() > 1) {
      throw new AuthException(
          "headers_setter: "
              + values.size()
              + " values for '"
              + header.fromContext()
              + "' in the sender's request (expected: one)");
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  @Override
  public boolean disbelieved(Map<String, String> headers) {
    var next = additional;
    return next != null && next.get().disbelieved(headers);
  }

  @Override
  public boolean secret() {
    var next = additional;
    return next != null && next.get().secret();
  }
}
