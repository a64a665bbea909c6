#!/usr/bin/env python3
"""What Postern costs, beside its goals: idle, at a few requests a second, cold, pushed, at start, in memory.

Needs wrk, nginx and openssl (Debian: apt-get install wrk nginx-light openssl) and a built service
(./mvnw -DskipTests package). Everything is on the loopback interface, takes less than three minutes, and stops by itself.

Token file, client certificates, policy, cache, audit file and metrics are on. Goals are ratios to nginx in the same run
where a machine decides the figure. A missed goal does not fail: machines are noisy.

With --package DIRECTORY (target/packages/postern-VERSION, of dist/packages/build), what users install is measured: its own
Java with the AOT cache, and its JVM options. Without, the options of the systemd unit.
"""

import argparse
import http.client
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import hits  # noqa: E402

UNIT = ["-XX:+UnlockExperimentalVMOptions", "-XX:+UnlockDiagnosticVMOptions", "-XX:+UseSerialGC", "-Xmx64m",
        "-XX:TrimNativeHeapInterval=10000", "-XX:AsyncDeflationInterval=60000"]
PACED = {1: 8, 10: 6, 100: 8}  # requests a second: for how many seconds
rows = []


def row(what, figure, unit, goal=None, at_least=False):
    met = "" if goal is None else "yes" if (figure >= goal if at_least else figure <= goal) else "no"
    bound = "" if goal is None else f"{'>=' if at_least else '<='} {goal:g}"
    rows.append((what, f"{figure:.3g} {unit}", bound, met))


def processor_seconds(pid):
    """Of all threads, to the nanosecond; those that have ended do not count."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((task / "schedstat").read_text().split()[0])
        except OSError:
            pass
    return total / 1e9


def settings(home):
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=home, check=True, capture_output=True)

    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=bench",
            "-addext", "keyUsage=critical,keyCertSign,digitalSignature", "-keyout", "key.pem", "-out", "cert.pem")
    (home / "postern.yaml").write_text(f"""
postern:
  policy: {{bench: {{callers: [token-file], allow: [{hits.SECRET}]}}}}
  auth:
    token-file: {{enabled: true}}
    mtls: {{enabled: true, certificate: {home}/cert.pem, key: {home}/key.pem, bundle: {home}/cert.pem}}
""")
    return {"POSTERN_CONFIG": str(home / "postern.yaml"), "POSTERN_HTTP_HTTPS_PORT": "0",
            "POSTERN_AUDIT_SINK": "file", "POSTERN_AUDIT_FILE": str(home / "audit.jsonl")}


def paced(port, token, per_second, seconds):
    """Milliseconds of each request on one kept connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    headers, times = {"Authorization": f"Bearer {token}"}, []
    begin = time.perf_counter()
    for number in range(per_second * seconds):
        time.sleep(max(0.0, begin + number / per_second - time.perf_counter()))
        start = time.perf_counter()
        connection.request("GET", f"/secrets/{hits.SECRET}", headers=headers)
        connection.getresponse().read()
        times.append((time.perf_counter() - start) * 1e3)
    connection.close()
    return sorted(times)


def percentile(times, share):
    return times[min(len(times) - 1, int(len(times) * share))]


def start(home, extra, launcher):
    service, ready = hits.start_postern(home, UNIT, settings=extra, launcher=launcher)
    return service, ready, processor_seconds(service.pid)


def stop(process):
    process.terminate()
    process.wait(10)


def workers_of(nginx):
    """nginx answers before all of its workers are there."""
    for _ in range(100):
        found = subprocess.run(["pgrep", "-P", str(nginx.pid)], capture_output=True, text=True).stdout.split()
        if len(found) == 2:
            return found
        time.sleep(0.02)
    sys.exit("nginx has not started its workers")


def measure(home, launcher):
    extra = settings(home)
    starts = []
    for _ in range(2):
        service, *figures = start(home, extra, launcher)
        stop(service)
        starts.append(figures)
    service, *figures = start(home, extra, launcher)
    starts.append(figures)
    nginx = None
    try:
        row("exec to ready", statistics.median(ready for ready, _ in starts), "s", 0.5 if launcher else 1.2)
        row("processor time of a start", statistics.median(cpu for _, cpu in starts), "s", 0.6 if launcher else None)
        token = (home / ".postern/token").read_text().strip()
        cold = paced(hits.PORT, token, 100, 10)
        nginx = hits.start_nginx(home, hits.get(f"/secrets/{hits.SECRET}", token))
        workers = workers_of(nginx)
        row("cold: p99 of 10 s at 100/s", percentile(cold, 0.99), "ms", 10)
        row("cold: longest", cold[-1], "ms", 50)

        hits.wrk(hits.PORT, token, 12, 16)
        for per_second, seconds in PACED.items():
            before = processor_seconds(service.pid)
            ours = paced(hits.PORT, token, per_second, seconds)
            cost = (processor_seconds(service.pid) - before) / len(ours) * 1e3
            before = sum(processor_seconds(pid) for pid in workers)
            theirs = paced(hits.NGINX, token, per_second, seconds)
            nginx_cost = (sum(processor_seconds(pid) for pid in workers) - before) / len(theirs) * 1e3
            row(f"{per_second}/s: processor time a request", cost, "ms", 0.2)
            row(f"{per_second}/s: that over nginx's", cost / nginx_cost, "", 3)
            row(f"{per_second}/s: p50 over nginx's", percentile(ours, 0.5) / percentile(theirs, 0.5), "", 1.3)
        row("100/s: p99 over nginx's", percentile(ours, 0.99) / percentile(theirs, 0.99), "", 1.3)

        for connections in (16, 64):
            ratios, p99 = [], []
            for _ in range(2):
                ours = hits.wrk(hits.PORT, token, 4, connections)
                theirs = hits.wrk(hits.NGINX, token, 4, connections)
                ratios.append(ours["rps"] / theirs["rps"])
                p99.append(ours["p99"])
            row(f"pushed, {connections} connections: hits over nginx's", statistics.mean(ratios), "", 0.7, at_least=True)
            row(f"pushed, {connections} connections: p99", statistics.mean(p99), "ms", 1.5 if connections == 16 else 1.6)
        row("resident after that", hits.resident_mib(service.pid), "MiB", 100 if launcher else 120)

        time.sleep(20)
        before = processor_seconds(service.pid)
        time.sleep(20)
        row("idle", (processor_seconds(service.pid) - before) / 20 * 1e3, "ms/s", 0.3)
    finally:
        for process in (nginx, service):
            if process:
                stop(process)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--package", type=pathlib.Path, metavar="DIRECTORY", help="measure an installed package")
    package = parser.parse_args().package
    for tool in ("wrk", "nginx", "openssl"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is not installed")
    if not package and not hits.JAR.exists():
        sys.exit(f"{hits.JAR} is not there: ./mvnw -DskipTests package")
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as directory:
        measure(pathlib.Path(directory), package and package.resolve() / "bin/postern")
    widths = [max(len(each[i]) for each in rows) for i in range(4)]
    for each in [("", "measured", "goal", "met"), *rows]:
        print("  ".join(text.ljust(width) for text, width in zip(each, widths)).rstrip())
    print(f"{time.monotonic() - begin:.0f} s, {os.cpu_count()} cores shared with the load")


if __name__ == "__main__":
    main()
