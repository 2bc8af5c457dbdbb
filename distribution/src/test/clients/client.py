"""Sends two spans, three metrics and a log record by the OpenTelemetry SDK, then ends.

client.py ENDPOINT PROTOCOL COMPRESSION TAG    PROTOCOL: grpc | http/protobuf; COMPRESSION: none | gzip
Prints the trace id and the ids of the outer and the inner span.
"""

import logging
import sys

from opentelemetry.metrics import Observation
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry._logs import LogRecord, SeverityNumber

endpoint, protocol, compression, tag = sys.argv[1:5]

if protocol == "grpc":
    from grpc import Compression
    from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

    how = Compression.Gzip if compression == "gzip" else Compression.NoCompression

    def options(_signal):
        return {"endpoint": endpoint, "insecure": True, "compression": how}
else:
    from opentelemetry.exporter.otlp.proto.http import Compression
    from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    how = Compression.Gzip if compression == "gzip" else Compression.NoCompression

    def options(signal):
        return {"endpoint": f"{endpoint}/v1/{signal}", "compression": how}

ATTRIBUTES = {
    "text": "Grüße ☃",
    "count": 9007199254740993,
    "ratio": 0.25,
    "yes": True,
    "list": ["a", "b"],
}
resource = Resource.create({"service.name": tag})

tracers = TracerProvider(resource=resource)
tracers.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(**options("traces"))))
tracer = tracers.get_tracer("it", "1.2.3")
with tracer.start_as_current_span(f"{tag}-outer", kind=SpanKind.SERVER, attributes=ATTRIBUTES) as outer:
    outer.add_event("happened", {"at": "outer"})
    with tracer.start_as_current_span(f"{tag}-inner") as inner:
        inner.set_status(Status(StatusCode.ERROR, "broken"))
tracers.shutdown()

meters = MeterProvider([PeriodicExportingMetricReader(OTLPMetricExporter(**options("metrics")))], resource)
meter = meters.get_meter("it", "1.2.3")
meter.create_counter(f"{tag}-counter", unit="1").add(42, {"k": "v"})
meter.create_histogram(f"{tag}-histogram", unit="ms").record(17, {"k": "v"})
meter.create_observable_gauge(f"{tag}-gauge", callbacks=[lambda _: [Observation(3.5, {"k": "v"})]])
meters.shutdown()

loggers = LoggerProvider(resource)
loggers.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter(**options("logs"))))
loggers.get_logger("it", "1.2.3").emit(
    LogRecord(
        timestamp=1_700_000_000_000_000_000,
        severity_text="WARN",
        severity_number=SeverityNumber.WARN,
        body=f"{tag}-log",
        attributes=ATTRIBUTES,
    )
)
loggers.shutdown()

logging.shutdown()
print(
    format(outer.get_span_context().trace_id, "032x"),
    format(outer.get_span_context().span_id, "016x"),
    format(inner.get_span_context().span_id, "016x"),
)
