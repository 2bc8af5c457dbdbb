package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.grpc.Status;
import io.sluice.data.Signal;
import io.sluice.testkit.Payloads;
import io.sluice.wire.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Good, odd and bad requests get the same status from Sluice and from the real Collector; where Sluice
/// answers otherwise on purpose, the row says what and why.
final class RequestsIT {
  private static final String YAML =
      """
      receivers:
        otlp:
          protocols:
            grpc: {endpoint: "127.0.0.1:@grpc@", max_recv_msg_size_mib: 1}
            http: {endpoint: "127.0.0.1:@http@", max_request_body_size: 65536}
      exporters:
        nop:
      service:
        pipelines:
          traces: {receivers: [otlp], exporters: [nop]}
          metrics: {receivers: [otlp], exporters: [nop]}
          logs: {receivers: [otlp], exporters: [nop]}
      """;
  private static final byte[] PROTO = Payloads.spans("s", 3).otlp().flatten().toArray();
  private static final byte[] NOTHING = {};
  private static final String JSON =
      "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"5b8efff798038103d269b633813fc60c\",\"spanId\":\"eee19b7ec3c1b174\",\"name\":\"n\"%s}]}]}]}";

  private static Gateway ours;
  private static Gateway theirs;

  @BeforeAll
  static void start() {
    ours = Gateway.sluice(YAML);
    theirs = Gateway.collector(YAML);
  }

  @AfterAll
  static void stop() {
    theirs.close();
    ours.close();
  }

  /// @param why Sluice answers with `sluice` where the Collector answers with `collector`; empty: both the same
  record Row(String name, String head, Bytes body, int collector, int sluice, String why) {
    Row differs(int ofSluice, String reason) {
      return new Row(name, head, body, collector, ofSluice, reason);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Row row(
      String name, int status, String method, String path, byte[] body, String... headers) {
    var head =
        new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n");
    for (var header : headers) {
      head.append(header).append("\r\n");
    }
    if (Arrays.stream(headers)
        .noneMatch(h -> h.startsWith("Content-Length") || h.startsWith("Transfer"))) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    return new Row(name, head.append("\r\n").toString(), Bytes.wrap(body), status, status, "");
  }

  private static Row post(String name, int status, byte[] body, String... headers) {
    return row(name, status, "POST", "/v1/traces", body, headers);
  }

  private static final String IS_PROTO = "Content-Type: application/x-protobuf";
  private static final String IS_JSON = "Content-Type: application/json";

  private static Row encoded(String name, int status, String encoding, byte[] body) {
    return post(name, status, body, IS_PROTO, "Content-Encoding: " + encoding);
  }

  private static Row json(String name, int status, String text) {
    return post("JSON: " + name, status, text.getBytes(Programs.UTF_8), IS_JSON);
  }

  private static Row spanJson(String name, int status, String fields) {
    return json(name, status, JSON.formatted("," + fields));
  }

  private static Row proto(String name, int status, String hex) {
    return post("protobuf: " + name, status, HexFormat.of().parseHex(hex), IS_PROTO);
  }

  static Stream<Row> http() {
    return Stream.of(plain(), encodings(), jsons(), protobufs(), odd()).flatMap(List::stream);
  }

  private static List<Row> plain() {
    return List.of(
        post("protobuf", 200, PROTO, IS_PROTO),
        post("JSON", 200, JSON.formatted("").getBytes(Programs.UTF_8), IS_JSON),
        post(
            "JSON with charset",
            200,
            JSON.formatted("").getBytes(Programs.UTF_8),
            IS_JSON + "; charset=utf-8"),
        post("empty protobuf", 200, NOTHING, IS_PROTO),
        post("no content type", 415, PROTO),
        post("text", 415, PROTO, "Content-Type: text/plain"),
        post("another protobuf type", 415, PROTO, "Content-Type: application/protobuf"),
        post("gRPC over HTTP/1.1", 415, PROTO, "Content-Type: application/grpc"),
        post("content type in capitals", 200, PROTO, "Content-Type: Application/X-Protobuf"),
        post("broken content type", 415, PROTO, "Content-Type: application/x-protobuf; =")
            .differs(200, "parameters of a content type are passed over"),
        post("protobuf called JSON", 500, PROTO, IS_JSON).differs(400, "a sender's mistake is 400"),
        row("GET", 405, "GET", "/v1/traces", NOTHING),
        row("PUT", 405, "PUT", "/v1/traces", PROTO, IS_PROTO),
        row("HEAD", 405, "HEAD", "/v1/traces", NOTHING),
        row("DELETE", 405, "DELETE", "/v1/traces", NOTHING),
        row(
            "OPTIONS without cors",
            405,
            "OPTIONS",
            "/v1/traces",
            NOTHING,
            "Origin: http://a",
            "Access-Control-Request-Method: POST"),
        row("unknown method", 405, "BREW", "/v1/traces", NOTHING),
        row("root", 404, "POST", "/", PROTO, IS_PROTO),
        row("unknown path", 404, "POST", "/v2/traces", PROTO, IS_PROTO),
        row("trailing slash", 404, "POST", "/v1/traces/", PROTO, IS_PROTO),
        row("path in capitals", 404, "POST", "/V1/traces", PROTO, IS_PROTO),
        row("query", 200, "POST", "/v1/traces?x=y", PROTO, IS_PROTO),
        row("doubled slash", 307, "POST", "//v1/traces", PROTO, IS_PROTO),
        row("dots in the path", 307, "POST", "/v1/../v1/traces", PROTO, IS_PROTO),
        row("escaped path", 200, "POST", "/v1/%74races", PROTO, IS_PROTO)
            .differs(404, "paths are compared as they are written"),
        row("escaped slash", 404, "POST", "/v1%2ftraces", PROTO, IS_PROTO),
        row("spans to metrics", 400, "POST", "/v1/metrics", PROTO, IS_PROTO),
        row("absolute target", 200, "POST", "http://h/v1/traces", PROTO, IS_PROTO));
  }

  private static List<Row> encodings() {
    var bomb = gzip(new byte[2 << 20]);
    return List.of(
        encoded("gzip", 200, "gzip", gzip(PROTO)),
        encoded("zstd", 200, "zstd", Zstd.compress(PROTO)),
        encoded("zlib", 200, "zlib", zlib(PROTO)),
        encoded("deflate", 200, "deflate", zlib(PROTO)),
        encoded("no encoding named", 200, "", PROTO),
        encoded("identity", 400, "identity", PROTO),
        encoded("br", 400, "br", PROTO),
        encoded("GZIP", 400, "GZIP", gzip(PROTO)),
        encoded("x-gzip", 400, "x-gzip", gzip(PROTO)),
        encoded("gzip, gzip", 400, "gzip, gzip", gzip(gzip(PROTO))),
        encoded("gzip that is none", 400, "gzip", PROTO),
        encoded("zstd that is none", 400, "zstd", PROTO),
        encoded("snappy that is none", 400, "snappy", PROTO),
        encoded("lz4 that is none", 400, "lz4", PROTO),
        encoded("gzip of nothing", 200, "gzip", gzip(NOTHING)),
        encoded("cut gzip", 400, "gzip", Arrays.copyOf(gzip(PROTO), 40)),
        encoded("gzip of two members", 200, "gzip", join(gzip(PROTO), gzip(PROTO))),
        encoded("gzip bomb", 400, "gzip", bomb).differs(413, "too large is 413"),
        encoded("zstd bomb", 400, "zstd", Zstd.compress(new byte[2 << 20]))
            .differs(413, "too large is 413"),
        post("too large", 400, new byte[70_000], IS_PROTO).differs(413, "too large is 413"));
  }

  private static List<Row> jsons() {
    return List.of(
        json("empty body", 400, ""),
        json("null", 200, "null"),
        json("list", 400, "[]"),
        json("text", 400, "\"a\""),
        json("empty object", 200, "{}"),
        json("cut", 400, "{\"resourceSpans\":["),
        json("garbage after", 200, "{} x"),
        json("unknown fields", 200, "{\"x\":{\"y\":[1,{\"z\":null}]}}"),
        json("comments", 400, "{/* c */}"),
        json("single quotes", 400, "{'resourceSpans':[]}"),
        json("snake case", 200, "{\"resource_spans\":[{\"scope_spans\":[]}]}"),
        json("one key twice", 200, "{\"resourceSpans\":[],\"resourceSpans\":[]}"),
        json("list that is none", 400, "{\"resourceSpans\":{}}"),
        spanJson("enum by name", 200, "\"kind\":\"SPAN_KIND_SERVER\""),
        spanJson("enum as text of a number", 400, "\"kind\":\"2\""),
        spanJson("unknown enum", 200, "\"kind\":77"),
        spanJson("int64 as number", 200, "\"startTimeUnixNano\":17"),
        spanJson("int64 as text", 200, "\"startTimeUnixNano\":\"17\""),
        spanJson("int64 as decimal", 400, "\"startTimeUnixNano\":1.0"),
        spanJson("int64 with exponent", 400, "\"startTimeUnixNano\":1e3"),
        spanJson("int64 too large", 400, "\"startTimeUnixNano\":\"99999999999999999999\""),
        spanJson("unsigned below zero", 500, "\"startTimeUnixNano\":-1")
            .differs(400, "a sender's mistake is 400"),
        spanJson("span id in capitals", 200, "\"parentSpanId\":\"EEE19B7EC3C1B174\""),
        spanJson("span id too short", 400, "\"parentSpanId\":\"eee1\""),
        spanJson("span id not hex", 400, "\"parentSpanId\":\"zzz19b7ec3c1b174\""),
        spanJson("empty ids", 200, "\"parentSpanId\":\"\""),
        spanJson("not a number", 200, value("doubleValue", "\"NaN\"")),
        spanJson("infinity", 200, value("doubleValue", "\"-Infinity\"")),
        spanJson("bytes without padding", 400, value("bytesValue", "\"YQ\"")),
        spanJson("bytes for URLs", 400, value("bytesValue", "\"_-8=\"")),
        spanJson("boolean as text", 400, value("boolValue", "\"true\"")),
        spanJson("text as number", 400, "\"name\":5"),
        spanJson("name null", 200, "\"name\":null"),
        spanJson("lone surrogate", 200, "\"name\":\"\\ud800\""),
        json("byte order mark", 500, "\ufeff{}").differs(200, "a byte order mark is passed over"),
        json("deep", 200, "{\"x\":" + "[".repeat(200) + "]".repeat(200) + "}"));
  }

  private static String value(String kind, String value) {
    return "\"attributes\":[{\"key\":\"k\",\"value\":{\"" + kind + "\":" + value + "}}]";
  }

  private static List<Row> protobufs() {
    return List.of(
        proto("cut", 400, "0a10"),
        proto("field number zero", 400, "0200"),
        proto("wire type 7", 400, "0f"),
        proto("group", 400, "0b0c"),
        proto("unknown group", 400, "ab060c"),
        proto("unknown field", 200, "a20600"),
        proto("varint of eleven bytes", 400, "a006ffffffffffffffffffff01"),
        proto("span without ids", 200, "0a06120412022a00"),
        proto(
            "trace id of 15 bytes",
            400,
            "0a151213121112" + "0f".repeat(0) + "0a0f" + "01".repeat(13) + "0101"),
        proto("resource twice", 200, "0a040a000a00"),
        proto("wrong wire type", 400, "0801"));
  }

  private static List<Row> odd() {
    var long_ = "X-Long: " + "x".repeat(1 << 21);
    return List.of(
        post(
            "chunked",
            200,
            "0\r\n\r\n".getBytes(Programs.UTF_8),
            IS_PROTO,
            "Transfer-Encoding: chunked"),
        post("unknown transfer encoding", 501, NOTHING, IS_PROTO, "Transfer-Encoding: rot13")
            .differs(400, "refused before the request is looked at"),
        post("Expect: 100-continue", 200, PROTO, IS_PROTO, "Expect: 100-continue"),
        post("another expectation", 417, PROTO, IS_PROTO, "Expect: nothing"),
        post("headers too large", 431, PROTO, IS_PROTO, long_),
        post("negative length", 400, NOTHING, IS_PROTO, "Content-Length: -1"),
        post("two lengths", 400, PROTO, IS_PROTO, "Content-Length: 3", "Content-Length: 4"),
        post(
                "length and chunks",
                200,
                "0\r\n\r\n".getBytes(Programs.UTF_8),
                IS_PROTO,
                "Content-Length: 5",
                "Transfer-Encoding: chunked")
            .differs(400, "two readings of one request are a way to smuggle another"),
        new Row(
            "no host",
            "POST /v1/traces HTTP/1.1\r\n"
                + IS_PROTO
                + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
            Bytes.EMPTY,
            400,
            200,
            "nothing here depends on the host"),
        new Row(
            "HTTP/1.0",
            "POST /v1/traces HTTP/1.0\r\n" + IS_PROTO + "\r\nContent-Length: 0\r\n\r\n",
            Bytes.EMPTY,
            200,
            200,
            ""),
        new Row("not HTTP", "hello\r\n\r\n", Bytes.EMPTY, 400, 400, ""),
        new Row(
            "header without name",
            "POST /v1/traces HTTP/1.1\r\nHost: h\r\n: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
            Bytes.EMPTY,
            400,
            415,
            "the header is passed over, and there is no content type"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("http")
  void httpStatus(Row row) {
    var collector = RawHttp.status(theirs.port("http"), row.head, row.body.toArray());
    var sluice = RawHttp.status(ours.port("http"), row.head, row.body.toArray());
    assertThat("Collector " + collector + ", Sluice " + sluice)
        .isEqualTo("Collector " + row.collector + ", Sluice " + row.sluice);
  }

  /// @param headers names and values
  record Call(String name, Bytes body, Status.Code code, List<String> headers) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Call call(String name, Status.Code code, String hex, String... headers) {
    return new Call(name, Bytes.wrap(HexFormat.of().parseHex(hex)), code, List.of(headers));
  }

  static Stream<Call> grpc() {
    return Stream.of(
        new Call("spans", Bytes.wrap(PROTO), Status.Code.OK, List.of()),
        call("nothing", Status.Code.OK, ""),
        call("cut message", Status.Code.INTERNAL, "0a10"),
        call("group", Status.Code.INTERNAL, "0b0c"),
        call("unknown field", Status.Code.OK, "a20600"),
        call("wrong wire type", Status.Code.INTERNAL, "0801"),
        call("span without ids", Status.Code.OK, "0a06120412022a00"),
        call("long header", Status.Code.OK, "", "x-long", "x".repeat(10_000)),
        new Call(
            "too large",
            Bytes.wrap(new byte[(1 << 20) + 1]),
            Status.Code.RESOURCE_EXHAUSTED,
            List.of()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("grpc")
  void grpcStatus(Call call) {
    var headers = call.headers.toArray(String[]::new);
    try (var toOurs = new GrpcCaller(ours.port("grpc"));
        var toTheirs = new GrpcCaller(theirs.port("grpc"))) {
      assertThat(toTheirs.call(Signal.TRACES, call.body.toArray(), headers).code())
          .isEqualTo(call.code);
      assertThat(toOurs.call(Signal.TRACES, call.body.toArray(), headers).code())
          .isEqualTo(call.code);
    }
  }

  @Test
  void anUnknownServiceOrMethodIsUnimplemented() {
    for (var gateway : List.of(ours, theirs)) {
      try (var grpc = new GrpcCaller(gateway.port("grpc"))) {
        for (var method :
            List.of("a.B/C", "opentelemetry.proto.collector.trace.v1.TraceService/X")) {
          assertThat(grpc.call(method, PROTO).code()).isEqualTo(Status.Code.UNIMPLEMENTED);
        }
      }
    }
  }

  private static byte[] gzip(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    try (var stream = new GZIPOutputStream(out)) {
      stream.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] zlib(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    try (var stream = new DeflaterOutputStream(out)) {
      stream.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] join(byte[] first, byte[] second) {
    var joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }
}
