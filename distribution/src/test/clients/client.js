// Sends two spans, three metrics and a log record by the OpenTelemetry SDK, then ends.
//
// client.js ENDPOINT PROTOCOL COMPRESSION TAG
//     PROTOCOL: grpc | http/protobuf | http/json; COMPRESSION: none | gzip
// Run in a folder whose node_modules has the SDK.
// Prints the trace id and the ids of the outer and the inner span.
const { createRequire } = require('node:module');
const sdk = createRequire(process.cwd() + '/');

const [endpoint, protocol, compression, tag] = process.argv.slice(2);
const flavour = { grpc: 'grpc', 'http/protobuf': 'proto', 'http/json': 'http' }[protocol];

const { trace, context, SpanKind, SpanStatusCode } = sdk('@opentelemetry/api');
const { SeverityNumber } = sdk('@opentelemetry/api-logs');
const { resourceFromAttributes } = sdk('@opentelemetry/resources');
const { BasicTracerProvider, BatchSpanProcessor } = sdk('@opentelemetry/sdk-trace-base');
const { MeterProvider, PeriodicExportingMetricReader } = sdk('@opentelemetry/sdk-metrics');
const { LoggerProvider, BatchLogRecordProcessor } = sdk('@opentelemetry/sdk-logs');
const { OTLPTraceExporter } = sdk(`@opentelemetry/exporter-trace-otlp-${flavour}`);
const { OTLPMetricExporter } = sdk(`@opentelemetry/exporter-metrics-otlp-${flavour}`);
const { OTLPLogExporter } = sdk(`@opentelemetry/exporter-logs-otlp-${flavour}`);

const options = (signal) => ({
  url: flavour === 'grpc' ? endpoint : `${endpoint}/v1/${signal}`,
  compression,
});
const attributes = {
  text: 'Grüße ☃',
  count: 4503599627370497,
  ratio: 0.25,
  yes: true,
  list: ['a', 'b'],
};
const resource = resourceFromAttributes({ 'service.name': tag });

async function main() {
  const tracers = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter(options('traces')))],
  });
  const tracer = tracers.getTracer('it', '1.2.3');
  const outer = tracer.startSpan(`${tag}-outer`, { kind: SpanKind.SERVER, attributes });
  outer.addEvent('happened', { at: 'outer' });
  const inner = tracer.startSpan(`${tag}-inner`, {}, trace.setSpan(context.active(), outer));
  inner.setStatus({ code: SpanStatusCode.ERROR, message: 'broken' });
  inner.end();
  outer.end();
  await tracers.shutdown();

  const meters = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter(options('metrics')) }),
    ],
  });
  const meter = meters.getMeter('it', '1.2.3');
  meter.createCounter(`${tag}-counter`, { unit: '1' }).add(42, { k: 'v' });
  meter.createHistogram(`${tag}-histogram`, { unit: 'ms' }).record(17, { k: 'v' });
  meter.createObservableGauge(`${tag}-gauge`).addCallback((seen) => seen.observe(3.5, { k: 'v' }));
  await meters.shutdown();

  const loggers = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter(options('logs')) })],
  });
  loggers.getLogger('it', '1.2.3').emit({
    timestamp: [1700000000, 0],
    severityText: 'WARN',
    severityNumber: SeverityNumber.WARN,
    body: `${tag}-log`,
    attributes,
  });
  await loggers.shutdown();

  console.log(
    outer.spanContext().traceId, outer.spanContext().spanId, inner.spanContext().spanId);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
