"""Stands in for Tempo where it cannot be had: takes OTLP/HTTP as Tempo does with multitenancy on, checks the tenant and
that the payload is one, and tells by trace id what came. It is not Tempo: nothing is stored on a disk, nothing searched.

tempo-stand-in.py PORT

POST /v1/traces         401 without X-Scope-OrgID, 400 for what is no ExportTraceServiceRequest
GET  /api/traces/ID     the names of the spans of this trace and tenant; 404 if there are none
"""

import gzip
import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

TENANT = re.compile(r"[A-Za-z0-9!\-_.*'()]{1,150}")
spans = {}  # by tenant and trace id


class Tempo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        tenant = self.headers.get("X-Scope-OrgID", "")
        if not TENANT.fullmatch(tenant):
            return self.answer(401, "text/plain", b"no org id")
        if self.path != "/v1/traces":
            return self.answer(404, "text/plain", b"no such page")
        try:
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            request = ExportTraceServiceRequest.FromString(body)
        except (DecodeError, OSError) as wrong:
            return self.answer(400, "text/plain", str(wrong).encode())
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                for span in scope.spans:
                    spans.setdefault((tenant, span.trace_id.hex()), []).append(span.name)
        return self.answer(200, "application/x-protobuf", b"")

    def do_GET(self):
        key = self.headers.get("X-Scope-OrgID", ""), self.path.rpartition("/")[2]
        found = spans.get(key)
        if found is None:
            return self.answer(404, "text/plain", b"trace not found")
        return self.answer(200, "application/json", json.dumps({"tenant": key[0], "spans": found}).encode())

    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Tempo).serve_forever()
