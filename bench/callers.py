#!/usr/bin/env python3
"""What it costs a cache hit to know the caller by a remembered pod token instead of the token file.

Needs wrk, openssl and a built service, as hits.py does. A pod token is about 1 KiB, which has to be received and parsed whatever is
made of it; so the token file is measured with a field of that length beside it, too.

Prints the processor time of the service for each request, the ratios of each round of one run, and their medians. Processor time
depends less on what else the machine does than throughput.
"""

import argparse
import base64
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

import hits

ISSUER = "https://kubernetes.default.svc.cluster.local"


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(*arguments, data=None):
    return subprocess.run(["openssl", *arguments], input=data, check=True, capture_output=True).stdout


def publish(home):
    """Makes a key, publishes it in a file, and returns the private half's path."""
    private = home / "key.pem"
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", str(private))
    modulus = openssl("rsa", "-in", str(private), "-noout", "-modulus").decode().strip().split("=")[1]
    key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "q0zLHVJmrNZ0cJ4Yp7aYv9Zx1m5cF0vW2nB8sE3tKdA",
           "n": encode(bytes.fromhex(modulus)), "e": "AQAB"}
    (home / "jwks.json").write_text(json.dumps({"keys": [key]}))
    return private, key["kid"]


def sign(private, kid, **changes):
    now = int(time.time())
    claims = {"aud": ["postern"], "exp": now + 3600, "iat": now, "nbf": now, "iss": ISSUER,
              "jti": "2f1d1f0e-7f0c-4b65-9f4b-3f3a0c9fb0ad", "sub": "system:serviceaccount:ml:trainer",
              "kubernetes.io": {
                  "namespace": "ml", "node": {"name": "node-1", "uid": "3c6fdc0e-5b2a-4a3e-8a3c-0b8b41c1d5ab"},
                  "pod": {"name": "trainer-7c9d8f6b5-x2x7k", "uid": "0b7d6a3e-6f0c-4d5a-9a55-6b8f4f5a7c11"},
                  "serviceaccount": {"name": "trainer", "uid": "9d1f7b52-0f0e-4d53-8f9a-6f6e2f6f0c11"}}} | changes
    text = encode(json.dumps({"alg": "RS256", "kid": kid}).encode()) + "." + encode(json.dumps(claims).encode())
    return text + "." + encode(openssl("dgst", "-sha256", "-sign", str(private), data=text.encode()))


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3, help="of each round and method")
    parser.add_argument("--warm-up", type=int, default=15, help="seconds before the first round")
    parser.add_argument("--connections", type=int, default=16)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        home = pathlib.Path(directory)
        private, kid = publish(home)
        (home / "postern.yaml").write_text(f"""
postern:
  auth:
    token-file: {{enabled: true}}
    pod-token:
      enabled: true
      issuer: {ISSUER}
      jwks: {home}/jwks.json
      pod-uid: 0b7d6a3e-6f0c-4d5a-9a55-6b8f4f5a7c11
  policy:
    all: {{callers: ["token-file", "system:serviceaccount:ml:trainer"], allow: ["**"]}}
""")
        process, _ = hits.start_postern(home, ["-XX:+UseSerialGC", "-Xmx64m"])
        try:
            shared = (home / ".postern/token").read_text().strip()
            pod = sign(private, kid)
            pad = "X-Pad: " + "x" * (len(pod) - len(shared))
            ways = {"token file": (shared,), "token file and 1 KiB": (shared, pad), "pod token": (pod,)}
            cost = {way: [] for way in ways}
            for token in (shared, pod):
                hits.wrk(hits.PORT, token, arguments.warm_up // 2, arguments.connections)
            for number in range(1, arguments.rounds + 1):
                for way, (token, *fields) in ways.items():
                    before = processor_seconds(process.pid)
                    answered = hits.wrk(hits.PORT, token, arguments.seconds, arguments.connections, *fields)
                    used = processor_seconds(process.pid) - before
                    cost[way].append(used / answered["requests"] * 1e6)
                print(f"round {number}: " + ", ".join(f"{way} {micros[-1]:.1f} us" for way, micros in cost.items()))
            for way in ("token file", "token file and 1 KiB"):
                ratios = [ours / theirs for ours, theirs in zip(cost["pod token"], cost[way])]
                print(f"pod token / {way}: median {statistics.median(ratios):.2f}, each "
                      + " ".join(f"{ratio:.2f}" for ratio in ratios))
        finally:
            process.terminate()
            process.wait(10)


if __name__ == "__main__":
    main()
