#!/usr/bin/env python3
"""Records what a real Collector makes of the golden cases.

  record.py OTELCOL RESOURCES

Runs OTELCOL once with one pipeline for each case and signal in RESOURCES/cases.json, sends it
traces.json, metrics.json and logs.json, and writes RESOURCES/out/<signal>/<case>.json.
"""
import json, os, pathlib, signal, socket, subprocess, sys, tempfile, time, urllib.request

otelcol, resources = sys.argv[1], pathlib.Path(sys.argv[2])
cases = json.loads((resources / "cases.json").read_text())
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
work = pathlib.Path(tempfile.mkdtemp())
config = {
    "receivers": {"otlp": {"protocols": {"http": {"endpoint": f"127.0.0.1:{port}", "include_metadata": True}}}},
    "processors": {}, "exporters": {},
    "service": {"telemetry": {"metrics": {"level": "none"}}, "pipelines": {}},
}
for case in cases:
    processor = f"{case['processor']}/{case['name']}"
    config["processors"][processor] = case["config"]
    for kind in case["signals"]:
        exporter = f"file/{kind}.{case['name']}"
        config["exporters"][exporter] = {"path": str(work / f"{kind}.{case['name']}")}
        config["service"]["pipelines"][f"{kind}/{case['name']}"] = {
            "receivers": ["otlp"], "processors": [processor], "exporters": [exporter]}
(work / "config.yaml").write_text(json.dumps(config))
process = subprocess.Popen([otelcol, "--config", str(work / "config.yaml")], stderr=open(work / "log", "w"))
try:
    for kind in ("traces", "metrics", "logs"):
        body = (resources / f"{kind}.json").read_bytes()
        for attempt in range(50):
            request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/{kind}", body, {
                "Content-Type": "application/json", "X-Tenant": "acme", "X-Many": "one"})
            try:
                urllib.request.urlopen(request).read()
                break
            except OSError as error:
                failure = error
                time.sleep(0.2)
        else:
            sys.exit(f"{failure}\n{(work / 'log').read_text()[-3000:]}")
finally:
    process.send_signal(signal.SIGTERM)
    process.wait()
for case in cases:
    for kind in case["signals"]:
        out = resources / "out" / kind
        out.mkdir(parents=True, exist_ok=True)
        (out / f"{case['name']}.json").write_text((work / f"{kind}.{case['name']}").read_text())
