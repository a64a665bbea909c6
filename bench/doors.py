#!/usr/bin/env python3
"""What a hit costs through the doors for clients of AWS and of Vault, beside one of Postern's own API.

Needs wrk (Debian: apt-get install wrk) and a built service (./mvnw -DskipTests package). Everything is on the loopback
interface, bounded in time, and stopped by the process id it was started with.

Prints, by door, processor time a request and its ratio to that of Postern's own API, as medians of rounds in turns.
"""

import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import goals  # noqa: E402
import hits  # noqa: E402

AWS, VAULT = 17745, 17746
ROUNDS, SECONDS, WARM_UP, CONNECTIONS = 5, 3, 12, 16


def doors(token):
    """By name: the URL, and what wrk sends."""
    return {
        "own": (f"http://127.0.0.1:{hits.PORT}/secrets/{hits.SECRET}", {"Authorization": f"Bearer {token}"}, None),
        "vault": (f"http://127.0.0.1:{VAULT}/v1/secret/data/{hits.SECRET}", {"X-Vault-Token": token}, None),
        "vault kv 1": (f"http://127.0.0.1:{VAULT}/v1/kv/{hits.SECRET}", {"X-Vault-Token": token}, None),
        "aws agent": (f"http://127.0.0.1:{AWS}/secretsmanager/get?secretId={hits.SECRET}",
                      {"X-Aws-Parameters-Secrets-Token": token}, None),
        "aws json": (f"http://127.0.0.1:{AWS}/", {"X-Amz-Security-Token": token,
                     "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "secretsmanager.GetSecretValue"},
                     f'{{"SecretId":"{hits.SECRET}"}}'),
    }


def wrk(home, door, seconds):
    url, headers, body = door
    script = home / "post.lua"
    script.write_text(f"wrk.method = 'POST'\nwrk.body = '{body}'\n" if body else "")
    fields = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    out = subprocess.run(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", script, *fields, url],
                         check=True, capture_output=True, text=True, timeout=seconds + 30).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        sys.exit(f"not every request was answered:\n{out}")
    return int(re.search(r"(\d+) requests in", out).group(1))


def measure(home):
    (home / "postern.yaml").write_text(f"""
postern:
  policy: {{bench: {{callers: [token-file], allow: [{hits.SECRET}]}}}}
  compatible:
    aws: {{enabled: true, port: {AWS}}}
    vault: {{enabled: true, port: {VAULT}, mounts: {{secret: {{version: 2}}, kv: {{version: 1}}}}}}
""")
    service, _ = hits.start_postern(home, goals.UNIT, settings={
        "POSTERN_CONFIG": str(home / "postern.yaml"), "POSTERN_AUDIT_SINK": "file",
        "POSTERN_AUDIT_FILE": str(home / "audit.jsonl")})
    try:
        all_doors = doors((home / ".postern/token").read_text().strip())
        costs = {name: [] for name in all_doors}
        for door in all_doors.values():
            wrk(home, door, WARM_UP)
        for _ in range(ROUNDS):
            for name, door in all_doors.items():
                before = goals.processor_seconds(service.pid)
                requests = wrk(home, door, SECONDS)
                costs[name].append((goals.processor_seconds(service.pid) - before) / requests * 1e6)
        own = statistics.median(costs["own"])
        print(f"{'':12}{'us a request':>14}{'over own':>10}")
        for name, figures in costs.items():
            print(f"{name:12}{statistics.median(figures):>14.1f}{statistics.median(figures) / own:>10.2f}")
    finally:
        goals.stop(service)


def main():
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed")
    if not hits.JAR.exists():
        sys.exit(f"{hits.JAR} is not there: ./mvnw -DskipTests package")
    with tempfile.TemporaryDirectory() as directory:
        measure(pathlib.Path(directory))


if __name__ == "__main__":
    main()
