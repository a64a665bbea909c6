#!/usr/bin/env python3
"""The page of `audit report --output html`, made from a record of many mixed lines and opened in a real Chromium.

Writes a record of --lines lines with a correct chain: reads, denials, failed authentications, outages, rotations,
restarts of the service, and names that try to be markup. Measures how long the report takes and how much memory,
and how soon the page is open. Ends with an error if the page takes --seconds or longer, writes to the console, asks
for anything but itself, or is wider than a narrow screen.

Needs a built service (./mvnw -DskipTests package) and Chromium (Debian: apt-get install chromium).
--keep DIRECTORY keeps the record, the page, and pictures of it: light, dark, narrow, and as printed.
--hostile writes a record in which every name, reason and action is new and long, the worst for memory.
--axe FILE also runs axe-core (npm pack axe-core, package/axe.min.js), which looks for barriers to readers.
"""

import argparse
import base64
import datetime
import hashlib
import json
import math
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
JAR = ROOT / "target/quarkus-app/quarkus-run.jar"
DAYS = 100
START = datetime.datetime(2026, 8, 12, tzinfo=datetime.timezone.utc)
CALLERS = [
    ("spiffe://cluster.local/ns/ml/sa/trainer", "mtls", 40),
    ("spiffe://cluster.local/ns/ml/sa/serving", "mtls", 30),
    ("system:serviceaccount:ml:feature-store", "pod-token", 12),
    ("system:serviceaccount:ml:notebook", "pod-token", 6),
    ("system:serviceaccount:batch:nightly-export", "pod-token", 5),
    ("token-file", "token-file", 5),
    ("dns:metrics.ml.internal", "mtls", 2),
    ("cn:<img src=x onerror=alert(1)>", "mtls", 0.05),
]
SECRETS = [
    "DATABASE_URL",
    "OPENAI_API_KEY",
    "app#AWS_SECRET_ACCESS_KEY",
    "app#WANDB_API_KEY",
    "ml-workflow/production/s3",
    "ml-workflow/production/kafka#password",
    "ml-workflow/production/redis",
    "vault:kv/billing#token",
    "ml-workflow/staging/s3",
    "HUGGINGFACE_TOKEN",
    "SENTRY_DSN",
    "SMTP_PASSWORD",
    "feature-store/signing-key",
    '"><script>alert(document.cookie)</script>',
] + [f"ml-workflow/production/model-{i:02}" for i in range(40)]
SOURCES = ["127.0.0.1", "10.42.0.17", "10.42.3.9"]
SETTINGS = """postern:
  secrets: {DATABASE_URL: "aws:db", UNUSED_KEY: "aws:unused"}
  policy:
    mtls: {callers: ["spiffe://**"], allow: [DATABASE_URL, UNUSED_KEY, "ml-workflow/production/*", "vault:kv/billing"]}
    auditors: {callers: ["system:serviceaccount:audit:*"], allow: ["**"]}
"""
OUTAGES = [
    (12.3, 0.02, "vault", "backend-timeout"),
    (47.55, 0.11, "aws", "backend-unavailable"),
    (88.1, 0.01, "aws", "backend-error"),
]


class Record:
    """Writes lines with the chain that docs/audit.md describes."""

    def __init__(self, out):
        self.out = out
        self.sequence = 0
        self.hash = hashlib.sha256(b"seed").hexdigest()
        self.anchor = True

    def write(self, fields):
        self.sequence += 1
        if self.anchor:
            fields["postern.previous"] = self.hash
            self.anchor = False
        fields["event.sequence"] = self.sequence
        line = json.dumps(fields, separators=(",", ":"))[:-1]
        self.hash = hashlib.sha256((self.hash + line).encode()).hexdigest()
        self.out.write(f'{line},"event.hash":"{self.hash}"}}\n')


def event(day, action, outcome, **more):
    when = START + datetime.timedelta(days=day)
    return {
        "@timestamp": when.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "ecs.version": "8.17.0",
        "event.dataset": "postern.audit",
        "host.name": "node-1",
        "service.version": "1.0.0",
        "event.action": action,
        "event.outcome": outcome,
        **more,
    }


def access(dice, day, caller, secret):
    """A line for an access, as it ended at that time."""
    name, method, _ = caller
    backend = "vault" if secret.startswith("vault:") else "aws"
    stale = failed = None
    for begin, length, down, why in OUTAGES:
        if down == backend and begin <= day < begin + length:
            stale, failed = (why, None) if dice.random() < 0.9 else (None, why)
    number = SECRETS.index(secret) if secret in SECRETS else 0
    rotations = 1 + int(day // 30) if number % 4 == 0 else 1
    common = {"event.duration": dice.randrange(40_000, 900_000), "user.id": name, "user.roles": [method]}
    where = {"source.address": dice.choice(SOURCES), "http.request.id": f"{dice.randrange(1 << 62):x}"}
    what = {"postern.secret": secret, "postern.version": f"v{rotations}", "postern.backend": backend}
    if failed:
        return event(
            day,
            "secret-read",
            "failure",
            **{"event.reason": failed},
            **common,
            **where,
            **{"http.response.status_code": 503},
            **what,
        )
    reason = {"event.reason": stale} if stale else {}
    return event(
        day,
        "secret-read",
        "success",
        **reason,
        **common,
        **{"rule.name": method},
        **where,
        **{"http.response.status_code": 200},
        **what,
        **{"postern.cache": "stale" if stale else "hit"},
    )


def refusal(dice, day):
    """A line for a request that got nothing."""
    where = {"source.address": dice.choice(SOURCES), "http.request.id": f"{dice.randrange(1 << 62):x}"}
    kind = dice.random()
    if kind < 0.55:
        caller = dice.choice(CALLERS[2:5])
        return event(
            day,
            "secret-read",
            "failure",
            **{"event.reason": "no-rule", "event.duration": 60_000, "user.id": caller[0], "user.roles": [caller[1]]},
            **where,
            **{
                "http.response.status_code": 403,
                "postern.secret": dice.choice(SECRETS[:14]),
                "postern.backend": "aws",
            },
        )
    if kind < 0.9:
        return event(
            day,
            "secret-read",
            "failure",
            **{"event.reason": dice.choice(["wrong-token", "no-credentials", "expired"]), "event.duration": 30_000},
            **where,
            **{"http.response.status_code": 401},
        )
    return event(
        day,
        "secret-read",
        "failure",
        **{
            "event.reason": "secret-not-found",
            "event.duration": 50_000,
            "user.id": "token-file",
            "user.roles": ["token-file"],
        },
        **where,
        **{"http.response.status_code": 404, "postern.secret": "TYPO_" + str(dice.randrange(20))},
    )


def write_record(path, lines):
    dice = random.Random(21)
    weights = [caller[2] for caller in CALLERS]
    popular = [1 / (1 + i) for i in range(len(SECRETS))]
    changes = sorted(
        [(day + 0.3, "service-start") for day in range(0, DAYS, 9)]
        + [(day + 0.29, "service-stop") for day in range(9, DAYS, 9)]
        + [(21.5, "policy-change"), (64.2, "policy-change"), (40.0, "credentials-change")]
    )
    with open(path, "w", encoding="ascii", buffering=1 << 20) as out:
        record = Record(out)
        for i in range(lines):
            even = DAYS * i / lines
            # More by day than by night, and in the middle of a week.
            day = min(DAYS, even + 0.11 * math.sin(2 * math.pi * even) + 0.6 * math.sin(2 * math.pi * even / 7))
            if changes and changes[0][0] <= day:
                when, action = changes.pop(0)
                record.anchor = action == "service-start"
                refused = action == "policy-change" and when > 50
                record.write(
                    event(
                        when,
                        action,
                        "failure" if refused else "success",
                        **({"event.reason": "invalid-rule"} if refused else {}),
                        **{"postern.rules": 4, "postern.policy": "0123456789abcdef" * 4},
                    )
                )
            elif dice.random() < 0.004 + (0.25 if 70 < day < 70.4 else 0):
                record.write(refusal(dice, day))
            else:
                [caller] = dice.choices(CALLERS, weights)
                late = caller[0].startswith("dns:") and day < 80
                [secret] = dice.choices(SECRETS, popular)
                record.write(access(dice, day, CALLERS[0] if late else caller, secret))


def write_hostile_record(path, lines):
    with open(path, "w", encoding="ascii", buffering=1 << 20) as out:
        record = Record(out)
        for i in range(lines):
            name = f"{i}-" + "n" * 400
            outcome, status, reason = [
                ("success", 200, name),
                ("failure", 403, name),
                ("failure", 503, "backend-" + name),
            ][i % 3]
            record.write(
                event(
                    DAYS * i / lines,
                    "secret-read" if i % 4 else name,
                    outcome,
                    **{
                        "event.reason": reason,
                        "user.id": "cn:" + name,
                        "user.roles": ["mtls"],
                        "rule.name": name,
                        "source.address": f"10.0.{i % 256}.{i // 256 % 256}",
                        "http.response.status_code": status,
                        "postern.secret": name,
                        "postern.version": name,
                        "postern.backend": name,
                        "postern.cache": "stale",
                    },
                )
            )


def run_report(record, page, heap, options):
    """Makes the page, and says how long it took and how much memory the process had at most."""
    before = time.monotonic()
    with open(page, "wb") as out:
        process = subprocess.Popen(
            [*options, f"-Xmx{heap}", "-jar", JAR, "audit", "report", "--output", "html", record],
            stdout=out,
            cwd=record.parent,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"the report ended with {process.returncode}")
    return time.monotonic() - before, usage.ru_maxrss / 1024


class Browser:
    """Chromium without a window, told what to do through pipes: https://chromedevtools.github.io/devtools-protocol/"""

    def __init__(self, executable, home):
        to_browser, self.write_end = os.pipe()
        self.read_end, from_browser = os.pipe()
        # High numbers first, lest one of the two that Chromium expects is overwritten before it is copied.
        inherited = [os.dup(fd) for fd in (to_browser, from_browser)]
        self.process = subprocess.Popen(
            [
                "sh",
                "-c",
                f'exec "$@" 3<&{inherited[0]} 4>&{inherited[1]}',
                "sh",
                executable,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-extensions",
                f"--user-data-dir={home}",
                "--remote-debugging-pipe",
            ],
            pass_fds=inherited,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for fd in (to_browser, from_browser, *inherited):
            os.close(fd)
        self.number = 0
        self.rest = b""
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def message(self):
        while b"\0" not in self.rest:
            more = os.read(self.read_end, 1 << 20)
            if not more:
                sys.exit("Chromium has ended")
            self.rest += more
        first, self.rest = self.rest.split(b"\0", 1)
        return json.loads(first)

    def call(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if hasattr(self, "session"):
            request["sessionId"] = self.session
        os.write(self.write_end, json.dumps(request).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, name):
        while not any(event.get("method") == name for event in self.events):
            self.events.append(self.message())

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            sys.exit(f"{expression[:60]}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def close(self):
        os.write(self.write_end, json.dumps({"id": 0, "method": "Browser.close"}).encode() + b"\0")
        self.process.wait(20)


def open_page(browser, page):
    """Opens the page. Returns the seconds until it was drawn, what was asked for, and what the console got."""
    for domain in ("Page", "Network", "Log", "Runtime"):
        browser.call(domain + ".enable")
    begin = time.monotonic()
    browser.call("Page.navigate", url=page.as_uri())
    browser.wait("Page.loadEventFired")
    browser.call("Page.captureScreenshot")
    seconds = time.monotonic() - begin
    asked = [
        event["params"]["request"]["url"]
        for event in browser.events
        if event.get("method") == "Network.requestWillBeSent"
    ]
    console = [
        event["params"]
        for event in browser.events
        if event.get("method") in ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")
    ]
    return seconds, asked, console


def picture(browser, path, width, height=None, scheme="light"):
    browser.call(
        "Emulation.setEmulatedMedia", media="screen", features=[{"name": "prefers-color-scheme", "value": scheme}]
    )
    browser.call(
        "Emulation.setDeviceMetricsOverride", width=width, height=height or 900, deviceScaleFactor=1, mobile=False
    )
    size = browser.call("Page.getLayoutMetrics")["cssContentSize"]
    image = browser.call(
        "Page.captureScreenshot",
        captureBeyondViewport=True,
        clip={"x": 0, "y": 0, "width": width, "height": height or size["height"], "scale": 1},
    )
    path.write_bytes(base64.b64decode(image["data"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--heap", default="64m", help="-Xmx of the report")
    parser.add_argument("--seconds", type=float, default=2, help="in which the page must be open")
    parser.add_argument("--hostile", action="store_true")
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--axe", type=pathlib.Path)
    parser.add_argument("--java", nargs="+", default=["java"], help="how to run Java")
    arguments = parser.parse_args()
    chromium = shutil.which("chromium") or sys.exit("needs chromium")

    with tempfile.TemporaryDirectory() as directory:
        home = arguments.keep or pathlib.Path(directory)
        home.mkdir(exist_ok=True)
        record, page = home.resolve() / "audit.jsonl", home.resolve() / "report.html"
        if not (arguments.keep and record.exists()):
            (write_hostile_record if arguments.hostile else write_record)(record, arguments.lines)
        (home / "postern.yaml").write_text(SETTINGS)
        seconds, memory = run_report(record, page, arguments.heap, arguments.java)
        print(
            f"report: {arguments.lines} lines, {record.stat().st_size >> 20} MiB, in {seconds:.1f} s,"
            f" at most {memory:.0f} MiB resident with -Xmx{arguments.heap}; page {page.stat().st_size >> 10} KiB"
        )
        browser = Browser(chromium, pathlib.Path(directory) / "profile")
        try:
            faults = look(browser, page, arguments)
        finally:
            browser.close()
    if faults:
        sys.exit("\n".join(faults))


def look(browser, page, arguments):
    seconds, asked, console = open_page(browser, page)
    print(f"page: open in {seconds:.2f} s, {len(asked)} request, {len(console)} console messages")
    faults = [f"it asked for {url}" for url in asked if url != page.as_uri()]
    faults += [f"the console says {message}" for message in console]
    if seconds >= arguments.seconds:
        faults.append(f"it took {seconds:.2f} s to open")
    if browser.evaluate("document.querySelectorAll('script,img,iframe,object,link').length") != 0:
        faults.append("a text became markup")
    if "auditors" not in browser.evaluate("document.querySelector('#unusedRules').textContent"):
        faults.append("it does not name the rule that is never used")
    browser.call("Emulation.setDeviceMetricsOverride", width=360, height=800, deviceScaleFactor=1, mobile=False)
    width = browser.evaluate("document.documentElement.scrollWidth")
    if width > 360:
        faults.append(f"it is {width} pixels wide on a screen of 360")
    if arguments.axe:
        faults += barriers(browser, arguments.axe)
    if arguments.keep:
        picture(browser, arguments.keep / "light.png", 1200)
        picture(browser, arguments.keep / "dark.png", 1200, scheme="dark")
        picture(browser, arguments.keep / "narrow.png", 360)
        browser.call("Emulation.setEmulatedMedia", media="")
        printed = browser.call("Page.printToPDF", preferCSSPageSize=True, paperWidth=8.27, paperHeight=11.69)
        (arguments.keep / "print.pdf").write_bytes(base64.b64decode(printed["data"]))
    return faults


def barriers(browser, axe):
    """What axe-core finds, in light and in dark."""
    found = []
    browser.call("Emulation.setDeviceMetricsOverride", width=1200, height=900, deviceScaleFactor=1, mobile=False)
    browser.evaluate(axe.read_text())
    for scheme in ("light", "dark"):
        browser.call(
            "Emulation.setEmulatedMedia", media="screen", features=[{"name": "prefers-color-scheme", "value": scheme}]
        )
        for violation in browser.evaluate("axe.run().then(result => result.violations)"):
            nodes = ", ".join(node["html"][:160] for node in violation["nodes"][:3])
            found.append(f"axe, {scheme}: {violation['id']}: {violation['help']}: {nodes}")
    return found


if __name__ == "__main__":
    main()
