package io.sluice.benchmarks;

import io.sluice.wire.Bytes;
import io.sluice.wire.WireWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Trace requests as services send them: semantic-convention keys, 10 to 20 attributes of mixed types,
/// about 800 bytes a span, every value drawn anew. The same seed gives the same bytes.
final class Payloads {
  private static final String[] ROUTES = {
    "/cart", "/cart/{id}/items", "/checkout", "/products/{id}", "/users/{id}/orders", "/healthz"
  };
  private static final String[] METHODS = {"GET", "POST", "PUT", "DELETE"};
  private static final String[] SERVICES = {"frontend", "cart", "checkout", "catalog", "payment"};

  private final SplittableRandom random;

  Payloads(long seed) {
    random = new SplittableRandom(seed);
  }

  /// So many different requests of so many spans each.
  List<Bytes> traces(int requests, int spans) {
    var all = new ArrayList<Bytes>();
    for (int i = 0; i < requests; i++) {
      all.add(request(spans));
    }
    return all;
  }

  private Bytes request(int spans) {
    var out = new WireWriter(spans * 1024);
    int left = spans;
    while (left > 0) {
      int here = Math.min(left, 100);
      resourceSpans(out, here);
      left -= here;
    }
    return out.take();
  }

  private void resourceSpans(WireWriter out, int spans) {
    int resourceSpans = out.open(1);
    int resource = out.open(1);
    text(out, 1, "service.name", pick(SERVICES));
    text(out, 1, "service.version", "1." + random.nextInt(50) + ".0");
    text(out, 1, "k8s.pod.name", "pod-" + hex(10));
    text(out, 1, "k8s.namespace.name", "shop");
    text(out, 1, "deployment.environment.name", "production");
    out.close(resource);
    int scopeSpans = out.open(2);
    int scope = out.open(1);
    out.bytes(1, Bytes.utf8("io.opentelemetry.http-server"));
    out.bytes(2, Bytes.utf8("2.11.0"));
    out.close(scope);
    for (int i = 0; i < spans; i++) {
      span(out);
    }
    out.close(scopeSpans);
    out.close(resourceSpans);
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
    long start = 1_790_000_000_000_000_000L + random.nextLong(1_000_000_000L);
    out.fixed64(7, start);
    out.fixed64(8, start + random.nextLong(2_000_000_000L));
    text(out, 9, "http.request.method", method);
    text(out, 9, "http.route", route);
    text(out, 9, "url.path", route.replace("{id}", hex(8)));
    text(out, 9, "url.scheme", "https");
    text(out, 9, "server.address", "shop.example.com");
    number(out, "server.port", 443);
    number(out, "http.response.status_code", random.nextInt(20) == 0 ? 500 : 200);
    text(out, 9, "user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) Gecko/" + hex(8));
    text(out, 9, "client.address", "10." + random.nextInt(256) + "." + random.nextInt(256) + ".7");
    flag(out, "http.resend", random.nextBoolean());
    int more = random.nextInt(11);
    for (int i = 0; i < more; i++) {
      switch (i % 3) {
        case 0 -> text(out, 9, "app.label." + i, hex(24));
        case 1 -> number(out, "app.count." + i, random.nextLong(1L << 40));
        default -> real(out, "app.ratio." + i, random.nextDouble());
      }
    }
    out.close(span);
  }

  private static void text(WireWriter out, int field, String key, String value) {
    int attribute = out.open(field);
    out.bytes(1, Bytes.utf8(key));
    int any = out.open(2);
    out.bytes(1, Bytes.utf8(value));
    out.close(any);
    out.close(attribute);
  }

  private static void number(WireWriter out, String key, long value) {
    int attribute = out.open(9);
    out.bytes(1, Bytes.utf8(key));
    int any = out.open(2);
    out.varint(3, value);
    out.close(any);
    out.close(attribute);
  }

  private static void real(WireWriter out, String key, double value) {
    int attribute = out.open(9);
    out.bytes(1, Bytes.utf8(key));
    int any = out.open(2);
    out.fixed64(4, Double.doubleToRawLongBits(value));
    out.close(any);
    out.close(attribute);
  }

  private static void flag(WireWriter out, String key, boolean value) {
    int attribute = out.open(9);
    out.bytes(1, Bytes.utf8(key));
    int any = out.open(2);
    out.varint(2, value ? 1 : 0);
    out.close(any);
    out.close(attribute);
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
