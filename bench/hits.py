#!/usr/bin/env python3
"""Cache hits over HTTP, with authentication, policy, audit and metrics on, beside nginx answering the same bytes.

Needs wrk and nginx (Debian: apt-get install wrk nginx-light) and a built service (./mvnw -DskipTests package).
Everything is on the loopback interface, bounded in time, and stopped by the process id it was started with.

Prints ratios of one run: Postern's figure over nginx's, per round and their median.
"""

import argparse
import http.client
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
JAR = ROOT / "target/quarkus-app/quarkus-run.jar"
PORT, MANAGEMENT, NGINX = 17740, 17742, 17743
SECRET = "DATABASE_URL"
VALUE = "postgresql://app:secret@db.example:5432/app?sslmode=require"


def java():
    named = os.environ.get("BENCH_JAVA_HOME")
    places = [named] if named else ["/usr/lib/jvm/temurin-25-jdk-amd64", os.environ.get("JAVA_HOME")]
    for place in places:
        if place and os.access(f"{place}/bin/java", os.X_OK):
            return f"{place}/bin/java"
    return shutil.which("java")


def start_postern(home, options, jar=JAR, port=PORT, settings=None, launcher=None):
    (home / ".env").write_text(f"{SECRET}={VALUE}\n")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("POSTERN_")}
    environment |= {"POSTERN_HTTP_PORT": str(port), "POSTERN_HTTP_MANAGEMENT_PORT": str(port + MANAGEMENT - PORT)}
    environment |= settings or {}
    command = [java(), *options, f"-Duser.home={home}", "-jar", str(jar)]
    if launcher:
        command = [str(launcher)]
        environment["POSTERN_JVM_OPTIONS"] = f"-Duser.home={home}"
    begin = time.monotonic()
    process = subprocess.Popen(
        command, cwd=home, env=environment,
        stdout=open(home / ("stdout" if settings else "audit.jsonl"), "wb"), stderr=open(home / "log", "wb"))
    while time.monotonic() - begin < 30:
        if process.poll() is not None:
            sys.exit(f"the service ended: {(home / 'log').read_text()}")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port + MANAGEMENT - PORT, timeout=1)
            connection.request("GET", "/health/ready")
            if connection.getresponse().status == 200:
                return process, time.monotonic() - begin
        except OSError:
            pass
        time.sleep(0.005)
    process.terminate()
    sys.exit("the service did not get ready")


def start_nginx(home, body):
    quoted = body.replace("\\", "\\\\").replace("'", "\\'").replace("$", "${dollar}")
    (home / "nginx.conf").write_text(f"""
worker_processes 2; daemon off; pid {home}/nginx.pid; error_log {home}/nginx.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 100000000;
  geo $dollar {{ default "$"; }}
  server {{
    listen 127.0.0.1:{NGINX};
    location = /secrets/{SECRET} {{
      default_type application/json;
      add_header Cache-Control no-store;
      return 200 '{quoted}';
    }}
  }}
}}
""")
    process = subprocess.Popen(["nginx", "-p", str(home), "-c", str(home / "nginx.conf")])
    time.sleep(0.5)
    return process


def wrk(port, token, seconds, connections, *fields):
    out = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency",
         "-H", f"Authorization: Bearer {token}", *(part for field in fields for part in ("-H", field)), f"http://127.0.0.1:{port}/secrets/{SECRET}"],
        check=True, capture_output=True, text=True, timeout=seconds + 30).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        sys.exit(f"not every request was answered:\n{out}")

    def latency(percentile):
        value, unit = re.search(rf"{percentile}%\s+([\d.]+)(us|ms|s)", out).groups()
        return float(value) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]

    requests = int(re.search(r"(\d+) requests in", out).group(1))
    return {"rps": float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)),
            "p50": latency(50), "p99": latency(99), "requests": requests}


def resident_mib(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


def get(path, token):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    return connection.getresponse().read().decode()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="of each round and server")
    parser.add_argument("--warm-up", type=int, default=15, help="seconds before the first round")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--jvm", default="-XX:+UseSerialGC -Xmx64m -XX:TrimNativeHeapInterval=1000")
    arguments = parser.parse_args()
    for tool in ("wrk", "nginx"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is not installed")
    if not JAR.exists():
        sys.exit(f"{JAR} is not there: ./mvnw -DskipTests package")

    options = arguments.jvm.split()
    if "TrimNativeHeapInterval" in arguments.jvm:
        options.insert(0, "-XX:+UnlockExperimentalVMOptions")
    with tempfile.TemporaryDirectory() as directory:
        home = pathlib.Path(directory)
        postern, ready = start_postern(home, options)
        nginx = None
        try:
            token = (home / ".postern/token").read_text().strip()
            nginx = start_nginx(home, get(f"/secrets/{SECRET}", token))
            idle = resident_mib(postern.pid)
            total = 1 + wrk(PORT, token, arguments.warm_up, arguments.connections)["requests"]
            wrk(NGINX, token, 2, arguments.connections)
            ratios = {"rps": [], "p50": [], "p99": []}
            print(f"{'':8} {'requests/s':>24} {'p50 ms':>18} {'p99 ms':>18}")
            for round_number in range(1, arguments.rounds + 1):
                ours = wrk(PORT, token, arguments.seconds, arguments.connections)
                theirs = wrk(NGINX, token, arguments.seconds, arguments.connections)
                total += ours["requests"]
                print(f"round {round_number}  "
                      f"{ours['rps']:>11.0f} / {theirs['rps']:>10.0f} "
                      f"{ours['p50']:>8.3f} / {theirs['p50']:>7.3f} {ours['p99']:>8.3f} / {theirs['p99']:>7.3f}")
                for figure in ratios:
                    ratios[figure].append(ours[figure] / theirs[figure])
            print("Postern / nginx (median): "
                  + ", ".join(f"{figure} {statistics.median(values):.2f}" for figure, values in ratios.items()))
            print(f"exec to ready: {ready:.2f} s; resident: {idle:.0f} MiB idle, "
                  f"{resident_mib(postern.pid):.0f} MiB after {total} requests")
            lines = sum(1 for _ in open(home / "audit.jsonl", "rb"))
            print(f"audit lines: {lines} for at least {total} requests")
            if lines < total:
                sys.exit("a request was answered without an audit line")
        finally:
            for process in (nginx, postern):
                if process:
                    process.terminate()
                    process.wait(10)


if __name__ == "__main__":
    main()
