"""A shop of one order: a trace, a counter with an exemplar, a histogram and a log record, by the OpenTelemetry SDK.

OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317 send.py
Prints the trace id.
"""

import logging

from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind

resource = Resource.create(
    {
        "service.name": "checkout",
        "service.namespace": "shop",
        "service.instance.id": "checkout-1",
        "deployment.environment.name": "example",
        "tenant": "team-a",
    }
)
tracers = TracerProvider(resource=resource)
tracers.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
meters = MeterProvider([PeriodicExportingMetricReader(OTLPMetricExporter())], resource)
loggers = LoggerProvider(resource)
loggers.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
log = logging.getLogger("checkout")
log.addHandler(LoggingHandler(logger_provider=loggers))
log.setLevel(logging.INFO)

meter = meters.get_meter("shop")
orders = meter.create_counter("shop.orders", unit="{order}", description="Orders taken")
seconds = meter.create_histogram("shop.checkout.duration", unit="s", description="Time to take an order")
with tracers.get_tracer("shop").start_as_current_span("POST /checkout", kind=SpanKind.SERVER) as outer:
    with tracers.get_tracer("shop").start_as_current_span("charge card", kind=SpanKind.CLIENT) as inner:
        inner.set_attribute("card.brand", "none")
    orders.add(1, {"currency": "EUR"})
    seconds.record(0.042, {"currency": "EUR"})
    log.warning("card of order %s declined, taken on account", "4711", extra={"order.id": "4711"})

for provider in (tracers, meters, loggers):
    provider.shutdown()
print(format(outer.get_span_context().trace_id, "032x"))
