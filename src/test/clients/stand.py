"""What the tests with clients share: a packaged Postern, clients that stay, checks that are counted."""
import base64
import contextlib
import http.client
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
CLIENTS = ROOT / "target/clients"
JAR = ROOT / "target/quarkus-app/quarkus-run.jar"
PATIENCE = 20

passed, failed = 0, 0
processes = []
work = Path(tempfile.mkdtemp(prefix="postern-clients-"))
canaries = []


def check(what, expected, actual):
    global passed, failed
    if expected == actual:
        passed += 1
        print("ok     ", what, flush=True)
    else:
        failed += 1
        print(f"FAILED  {what}\n    expected {expected}\n    actual   {actual}", flush=True)


def text(value):
    return "text " + (value if isinstance(value, str) else json.dumps(value, sort_keys=True))


def same(answer):
    """JSON objects in one spelling."""
    try:
        return "text " + json.dumps(json.loads(answer.removeprefix("text ")), sort_keys=True)
    except ValueError:
        return answer


def canary():
    canaries.append("canary-" + secrets.token_hex(8))
    return canaries[-1]


def object_with(value):
    return {"PASSWORD": value, "NOTE": "ä €", "PORT": 5432}


def write(path, content):
    """As a rotation does it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(".new")
    beside.write_bytes(content if isinstance(content, bytes) else content.encode())
    beside.rename(path)


def free_ports(number):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def run(command, env, input=None):
    return subprocess.run(command, env=env, input=input, capture_output=True, text=True, timeout=60)


class PodTokens:
    """Tokens of an issuer of our own, by openssl."""

    def __init__(self, directory):
        self.key = directory / "issuer.pem"
        subprocess.run(["openssl", "genrsa", "-out", self.key, "2048"], check=True, capture_output=True)
        modulus = subprocess.run(
            ["openssl", "rsa", "-in", self.key, "-noout", "-modulus"], check=True, capture_output=True, text=True
        ).stdout.strip().removeprefix("Modulus=")
        key = {"kty": "RSA", "kid": "k", "alg": "RS256", "use": "sig", "n": self.part(bytes.fromhex(modulus)), "e": "AQAB"}
        write(directory / "keys.json", json.dumps({"keys": [key]}))

    @staticmethod
    def part(content):
        content = content if isinstance(content, bytes) else json.dumps(content).encode()
        return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

    def token(self):
        now = int(time.time())
        account = {
            "namespace": "ml",
            "serviceaccount": {"name": "trainer", "uid": "a"},
            "pod": {"name": "trainer-0", "uid": "1d4e6a31-aaaa-bbbb-cccc-1234567890ab"},
        }
        claims = {
            "iss": "https://issuer.example", "aud": ["postern"], "sub": "system:serviceaccount:ml:trainer",
            "iat": now, "nbf": now, "exp": now + 3600, "kubernetes.io": account,
        }
        signed = self.part({"alg": "RS256", "kid": "k"}) + "." + self.part(claims)
        signature = subprocess.run(
            ["openssl", "dgst", "-sha256", "-sign", self.key], input=signed.encode(), check=True, capture_output=True
        ).stdout
        return signed + "." + self.part(signature)


class Postern:
    def __init__(self, directory, settings, env=None):
        self.directory = directory
        self.port, self.management, self.aws, self.vault = free_ports(4)
        self.env = {"PATH": os.environ["PATH"], "HOME": str(directory), "LANG": "C.UTF-8", **(env or {})}
        self.token_file = directory / "token"
        self.audit = directory / "audit.jsonl"
        self.log = directory / "log.txt"
        write(directory / "postern.yaml", json.dumps({"postern": {
            "http": {"port": self.port, "management-port": self.management, **settings.pop("http", {})},
            "auth": {"token-file": {"enabled": True, "path": str(self.token_file)}, **settings.pop("auth", {})},
            "audit": {"sink": "file", "file": str(self.audit), "deadline": "10s", "max-refusals": 1000000},
            "compatible": {
                "aws": {"enabled": True, "port": self.aws},
                "vault": {"enabled": True, "port": self.vault,
                          "mounts": {"secret": {"version": 2}, "kv": {"version": 1}}},
            },
            **settings,
        }}))

    def start(self, health=200):
        """Returns once /health/ready has this status."""
        if not JAR.exists():
            sys.exit(f"{JAR} is missing: run ./mvnw package first")
        java = Path(os.environ.get("JAVA_HOME", "/nowhere")) / "bin/java"
        with open(self.log, "a") as log:
            # It starts sooner so. Nothing is measured here.
            self.process = subprocess.Popen(
                [java if java.exists() else "java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", JAR],
                cwd=self.directory, env=self.env, stdout=log, stderr=log)
        processes.append(self.process)
        self.await_health(health)

    def await_health(self, status):
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.management, timeout=1)
                connection.request("GET", "/health/ready")
                if connection.getresponse().status == status:
                    return
            time.sleep(0.1)
        sys.exit(f"Postern's health did not become {status}:\n" + self.log.read_text())

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def lines(self):
        return [json.loads(line) for line in self.audit.read_text().splitlines()]

    def environment(self):
        """What a workload sets to read through Postern."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(work),
            "LANG": "C.UTF-8",
            "PYTHONPYCACHEPREFIX": str(CLIENTS / "pycache"),
            "AWS_ENDPOINT_URL_SECRETS_MANAGER": f"http://127.0.0.1:{self.aws}",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://127.0.0.1:{self.aws}/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(self.token_file),
            "AWS_REGION": "us-east-1",
            "VAULT_ADDR": f"http://127.0.0.1:{self.vault}",
            "VAULT_TOKEN": self.token_file.read_text(),
        }


class Talk:
    """A client that stays."""

    def __init__(self, postern, name, door, *command, recorded=True, env=None):
        self.postern, self.name, self.door, self.recorded = postern, name, door, recorded
        self.errors = open(work / (re.sub(r"\W", "-", name) + ".err"), "w+")
        self.process = subprocess.Popen(
            command, env=postern.environment() | (env or {}), text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors)
        processes.append(self.process)

    def ask(self, *words):
        self.process.stdin.write(" ".join(words) + "\n")
        answer = self.process.stdout.readline().rstrip("\n")
        if not answer:
            self.errors.seek(0)
            return "ended: " + self.errors.read()[-2000:]
        return answer

    def stop(self):
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.errors.close()


def eventually(client, what, expected, *words):
    until = time.monotonic() + PATIENCE
    while same(actual := client.ask(*words)) != same(expected) and time.monotonic() < until:
        time.sleep(0.2)
    check(f"{client.name}: {what}", same(expected), same(actual))


def end(main):
    """Runs a script, and ends the process with what came of it."""
    started = time.monotonic()
    try:
        main()
    finally:
        for process in processes:
            process.kill()
            process.wait()
        print(f"{time.monotonic() - started:.0f} s")
        print(f"{passed} passed, {failed} failed")
        if failed:
            print("See", work)
        else:
            shutil.rmtree(work)
    sys.exit(failed > 0)
