#!/usr/bin/env python3
"""Cache hits with the audit log on, over hits with it off, in one run.

Off is a copy of the built service in which bench/without-audit takes the place of the audit log: the service
itself cannot be told to go without. On is the service as it is, with its audit log
on standard output, or in a file that rotates (--file).

Needs wrk (Debian: apt-get install wrk), a JDK and a built service (./mvnw -DskipTests package).
Ends with an error if a request was answered without an audit line, or if the ratio is below --least.
"""

import argparse
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

import hits

STAND_IN = hits.ROOT / "bench/without-audit"


def without_audit(home):
    """A copy of the service that records nothing."""
    application = home / "quarkus-app"
    shutil.copytree(hits.ROOT / "target/quarkus-app", application)
    [jar] = (application / "app").glob("*.jar")
    classes = home / "classes"
    tools = pathlib.Path(shutil.which("javac")).parent
    subprocess.run([tools / "javac", "--release", "17", "-proc:none", "-d", classes, "-cp",
                    f"{jar}:{application}/lib/main/*", *STAND_IN.rglob("*.java")], check=True)
    subprocess.run([tools / "jar", "--update", "--file", jar, "-C", classes, "."], check=True)
    return application / "quarkus-run.jar"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4, help="of each round and service")
    parser.add_argument("--warm-up", type=int, default=12, help="seconds before the first round, for each service")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--file", action="store_true", help="to a file that rotates, with a key, and not to standard output")
    parser.add_argument("--least", type=float, default=0.8, help="the least ratio to accept")
    parser.add_argument("--jvm", default="-XX:+UseSerialGC -Xmx64m")
    arguments = parser.parse_args()
    options = arguments.jvm.split()

    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory)
        homes = {name: root / name for name in ("on", "off")}
        for home in homes.values():
            home.mkdir()
        key = root / "key"
        key.touch(mode=0o600)
        key.write_text("0123456789abcdef" * 4)
        on = {}
        if arguments.file:
            on = {"POSTERN_AUDIT_SINK": "file", "POSTERN_AUDIT_FILE": str(homes["on"] / "audit.jsonl"),
                  "POSTERN_AUDIT_KEY_FILE": str(key), "POSTERN_AUDIT_KEEP": "1000"}
        running = {}
        try:
            jars = {"on": hits.JAR, "off": without_audit(root)}
            for number, (name, settings) in enumerate({"on": on, "off": {}}.items()):
                port = hits.PORT + 10 * (number + 1)
                running[name] = (hits.start_postern(homes[name], options, jars[name], port, settings)[0], port,
                                 (homes[name] / ".postern/token").read_text().strip())
            total = measure(running["on"], arguments.warm_up, arguments)["requests"]
            measure(running["off"], arguments.warm_up, arguments)
            ratios = {"rps": [], "p50": [], "p99": []}
            for round_number in range(1, arguments.rounds + 1):
                one = measure(running["on"], arguments.seconds, arguments)
                other = measure(running["off"], arguments.seconds, arguments)
                total += one["requests"]
                print(f"round {round_number}: on {one['rps']:.0f}/s p99 {one['p99']:.2f} ms, "
                      f"off {other['rps']:.0f}/s p99 {other['p99']:.2f} ms")
                for figure in ratios:
                    ratios[figure].append(one[figure] / other[figure])
        finally:
            for process, _, _ in running.values():
                process.terminate()
                process.wait(20)
        lines = sum(sum(1 for _ in open(file, "rb")) for file in homes["on"].glob("audit.jsonl*"))
        missing = sum(1 for _ in open(homes["off"] / "audit.jsonl", "rb"))
        ratio = statistics.median(ratios["rps"])
        print("on / off (median): " + ", ".join(f"{k} {statistics.median(v):.2f}" for k, v in ratios.items()))
        print(f"audit lines: {lines} for at least {total} requests; without: {missing}")
        if lines < total or missing:
            sys.exit("the lines do not fit the requests")
        if ratio < arguments.least:
            sys.exit(f"{ratio:.2f} is less than {arguments.least}")


def measure(service, seconds, arguments):
    _, port, token = service
    return hits.wrk(port, token, seconds, arguments.connections)


if __name__ == "__main__":
    main()
