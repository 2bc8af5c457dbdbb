#!/usr/bin/env python3
"""Records what the real Collector's debug and file exporters make of the golden payloads.

  record.py OTELCOL RESOURCES

Writes RESOURCES/<signal>.normal, .detailed (debug) and .line.json, .proto, .zstd.json, .zstd.proto (file).
"""
import json, pathlib, signal, socket, subprocess, sys, tempfile, time, urllib.request

otelcol, resources = sys.argv[1], pathlib.Path(sys.argv[2])
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
work = pathlib.Path(tempfile.mkdtemp())
config = {
    "receivers": {"otlp": {"protocols": {"http": {"endpoint": f"127.0.0.1:{port}"}}}},
    "exporters": {},
    "service": {"telemetry": {"metrics": {"level": "none"}}, "pipelines": {}},
}
variants = {
    "normal": ("debug", {"verbosity": "normal", "use_internal_logger": False}),
    "detailed": ("debug", {"verbosity": "detailed", "use_internal_logger": False}),
    "line.json": ("file", {}),
    "proto": ("file", {"format": "proto"}),
    "zstd.json": ("file", {"compression": "zstd"}),
    "zstd.proto": ("file", {"format": "proto", "compression": "zstd"}),
}
for kind in ("traces", "metrics", "logs"):
    ids = []
    for name, (exporter, settings) in variants.items():
        out = str(work / f"{kind}.{name}")
        place = {"output_paths": [out]} if exporter == "debug" else {"path": out}
        ids.append(f"{exporter}/{kind}.{name}")
        config["exporters"][ids[-1]] = {**settings, **place}
    config["service"]["pipelines"][kind] = {"receivers": ["otlp"], "exporters": ids}
(work / "config.yaml").write_text(json.dumps(config))
process = subprocess.Popen([otelcol, "--config", str(work / "config.yaml")], stderr=open(work / "log", "w"))
try:
    for kind in ("traces", "metrics", "logs"):
        body = (resources / f"{kind}.json").read_bytes()
        for attempt in range(50):
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/v1/{kind}", body, {"Content-Type": "application/json"})
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
for kind in ("traces", "metrics", "logs"):
    for name in variants:
        (resources / f"{kind}.{name}").write_bytes((work / f"{kind}.{name}").read_bytes())
