package io.sluice.benchmarks;

import io.sluice.data.Signal;
import io.sluice.wire.Bytes;
import io.sluice.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Requests as services send them: semantic-convention keys, attributes of mixed types, every value
/// drawn anew. About 800 bytes a span, 360 a log record, 200 a data point. The same seed gives the
/// same bytes.
final class Payloads {
  private static final int ITEMS_PER_RESOURCE = 100;
  private static final String[] ROUTES = {
    "/cart", "/cart/{id}/items", "/checkout", "/products/{id}", "/users/{id}/orders", "/healthz"
  };
  private static final String[] METHODS = {"GET", "POST", "PUT", "DELETE"};
  private static final String[] SERVICES = {"frontend", "cart", "checkout", "catalog", "payment"};
  private static final String[] ZONES = {"eu-central-1a", "eu-central-1b", "us-east-1c"};
  private static final String USER_AGENT =
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/";
  private static final String[] PHRASES = {
    "order accepted for customer",
    "payment authorised by provider",
    "retrying call to inventory",
    "cache miss, loading from database",
    "request took longer than expected"
  };
  private static final int ATTRIBUTES_OF_SPAN = 9;
  private static final int ATTRIBUTES_OF_LOG = 6;
  private static final int ATTRIBUTES_OF_POINT = 7;

  private static final long EPOCH_NS = 1_790_000_000_000_000_000L;
  private static final long SECOND_NS = 1_000_000_000;

  private final SplittableRandom random;
  private final long sinceNs;

  Payloads(long seed) {
    this(seed, 0);
  }

  /// @param second which; all else is the same in each
  Payloads(long seed, int second) {
    random = new SplittableRandom(seed);
    sinceNs = EPOCH_NS + second * SECOND_NS;
  }

  /// So many different requests of so many items each.
  List<Bytes> requests(Signal signal, int requests, int items) {
    var all = new ArrayList<Bytes>();
    for (int i = 0; i < requests; i++) {
      all.add(request(signal, items));
    }
    return List.copyOf(all);
  }

  private Bytes request(Signal signal, int items) {
    var out = new WireWriter(items * 1024);
    for (int left = items; left > 0; left -= ITEMS_PER_RESOURCE) {
      resource(out, signal, Math.min(left, ITEMS_PER_RESOURCE));
    }
    return out.take();
  }

  private void resource(WireWriter out, Signal signal, int items) {
    int group = out.open(1);
    int resource = out.open(1);
    text(out, 1, "service.name", pick(SERVICES));
    text(out, 1, "service.version", "1." + random.nextInt(50) + ".0");
    text(out, 1, "service.instance.id", hex(32));
    text(out, 1, "k8s.pod.name", "pod-" + hex(10));
    text(out, 1, "k8s.namespace.name", "shop");
    text(out, 1, "cloud.availability_zone", pick(ZONES));
    text(out, 1, "deployment.environment.name", "production");
    out.close(resource);
    int scoped = out.open(2);
    int scope = out.open(1);
    out.bytes(1, Bytes.utf8("io.opentelemetry.http-server"));
    out.bytes(2, Bytes.utf8("2.11.0"));
    out.close(scope);
    switch (signal) {
      case TRACES -> repeat(items, () -> span(out));
      case LOGS -> repeat(items, () -> logRecord(out));
      case METRICS -> metrics(out, items);
      case PROFILES -> throw new IllegalArgumentException("no profiles are measured");
    }
    out.close(scoped);
    out.close(group);
  }

  private static void repeat(int times, Runnable step) {
    for (int i = 0; i < times; i++) {
      step.run();
    }
  }

  private void span(WireWriter out) {
    int span = out.open(2);
    out.bytes(1, id(16));
    out.bytes(2, id(8));
    out.bytes(4, id(8));
    var method = pick(METHODS);
    var route = pick(ROUTES);
    out.bytes(5, Bytes.utf8(method + " " + route));
    out.varint(6, 2);
    long start = time();
    out.fixed64(7, start);
    out.fixed64(8, start + random.nextLong(2_000_000_000L));
    int of = ATTRIBUTES_OF_SPAN;
    text(out, of, "http.request.method", method);
    text(out, of, "http.route", route);
    text(out, of, "url.path", route.replace("{id}", hex(12)));
    text(out, of, "url.query", "session=" + hex(32) + "&page=" + random.nextInt(99));
    text(out, of, "url.scheme", "https");
    text(out, of, "server.address", "shop-" + hex(4) + ".example.com");
    number(out, of, "server.port", 443);
    number(out, of, "http.response.status_code", random.nextInt(20) == 0 ? 500 : 200);
    text(out, of, "user_agent.original", USER_AGENT + random.nextInt(120, 145) + ".0." + hex(8));
    text(out, of, "network.protocol.version", random.nextBoolean() ? "1.1" : "2");
    text(out, of, "client.address", "10." + random.nextInt(256) + "." + random.nextInt(256) + ".7");
    number(out, of, "http.response.body.size", random.nextLong(1L << 20));
    flag(out, of, "app.feature.enabled", random.nextBoolean());
    text(out, of, "enduser.id", hex(32));
    text(out, of, "app.request.id", hex(24));
    mixed(out, of, random.nextInt(7));
    out.close(span);
  }

  private void logRecord(WireWriter out) {
    int record = out.open(2);
    long at = time();
    out.fixed64(1, at);
    out.varint(2, 9);
    out.bytes(3, Bytes.utf8("INFO"));
    int body = out.open(5);
    out.bytes(
        1, Bytes.utf8(pick(PHRASES) + " " + hex(24) + " after " + random.nextInt(900) + " ms"));
    out.close(body);
    int of = ATTRIBUTES_OF_LOG;
    text(out, of, "log.iostream", "stdout");
    text(out, of, "code.function.name", "com.example.shop." + pick(SERVICES) + ".Handler.handle");
    number(out, of, "thread.id", random.nextInt(200));
    mixed(out, of, 2 + random.nextInt(3));
    out.bytes(9, id(16));
    out.bytes(10, id(8));
    out.fixed64(11, at + 1000);
    out.close(record);
  }

  /// Ten points a metric: sums and gauges of numbers.
  private void metrics(WireWriter out, int points) {
    for (int left = points; left > 0; left -= 10) {
      int metric = out.open(2);
      out.bytes(1, Bytes.utf8("http.server." + pick(SERVICES) + ".requests"));
      out.bytes(2, Bytes.utf8("Requests by route and status"));
      out.bytes(3, Bytes.utf8("{request}"));
      boolean sum = random.nextBoolean();
      int data = out.open(sum ? 7 : 5);
      repeat(Math.min(left, 10), () -> point(out));
      if (sum) {
        out.varint(2, 2);
        out.varint(3, 1);
      }
      out.close(data);
      out.close(metric);
    }
  }

  private void point(WireWriter out) {
    int point = out.open(1);
    long at = time();
    out.fixed64(2, at - 60_000_000_000L);
    out.fixed64(3, at);
    if (random.nextBoolean()) {
      out.fixed64(6, random.nextLong(1L << 30));
    } else {
      out.fixed64(4, Double.doubleToRawLongBits(random.nextDouble() * 1000));
    }
    int of = ATTRIBUTES_OF_POINT;
    text(out, of, "http.request.method", pick(METHODS));
    text(out, of, "http.route", pick(ROUTES));
    number(out, of, "http.response.status_code", random.nextInt(20) == 0 ? 500 : 200);
    text(out, of, "server.address", "shop-" + hex(4) + ".example.com");
    out.close(point);
  }

  private void mixed(WireWriter out, int field, int count) {
    for (int i = 0; i < count; i++) {
      switch (i % 3) {
        case 0 -> text(out, field, "app.label." + i, hex(24));
        case 1 -> number(out, field, "app.count." + i, random.nextLong(1L << 40));
        default -> real(out, field, "app.ratio." + i, random.nextDouble());
      }
    }
  }

  private static void text(WireWriter out, int field, String key, String value) {
    int attribute = out.open(field);
    out.bytes(1, Bytes.utf8(key));
    int any = out.open(2);
    out.bytes(1, Bytes.utf8(value));
    out.close(any);
    out.close(attribute);
  }

  private static void number(WireWriter out, int field, String key, long value) {
    int attribute = out.open(field);
    out.bytes(1, Bytes.utf8(key));
    int any = out.open(2);
    out.varint(3, value);
    out.close(any);
    out.close(attribute);
  }

  private static void real(WireWriter out, int field, String key, double value) {
    int attribute = out.open(field);
    out.bytes(1, Bytes.utf8(key));
    int any = out.open(2);
    out.fixed64(4, Double.doubleToRawLongBits(value));
    out.close(any);
    out.close(attribute);
  }

  private static void flag(WireWriter out, int field, String key, boolean value) {
    int attribute = out.open(field);
    out.bytes(1, Bytes.utf8(key));
    int any = out.open(2);
    out.varint(2, value ? 1 : 0);
    out.close(any);
    out.close(attribute);
  }

  private long time() {
    return sinceNs + random.nextLong(SECOND_NS);
  }

  private String pick(String... of) {
    return of[random.nextInt(of.length)];
  }

  private String hex(int digits) {
    var text = new StringBuilder(digits);
    for (int i = 0; i < digits; i++) {
      text.append(Character.forDigit(random.nextInt(16), 16));
    }
    return text.toString();
  }

  private Bytes id(int length) {
    var id = new byte[length];
    random.nextBytes(id);
    return Bytes.wrap(id);
  }
}
