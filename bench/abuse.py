#!/usr/bin/env python3
"""What a good caller notices while somebody who can only reach the ports attacks them.

Needs a built service (./mvnw -DskipTests package) and nothing else. Everything is on the loopback interface, bounded in
count and time, and stopped by the process id it was started with.

Prints for each attack the latency of reads on new connections and on a kept one, and the service's resident memory. Ends
with 1 if the service dies, a good caller is refused, a bad token is accepted, or something is left behind.
"""

import argparse
import http.client
import json
import multiprocessing
import os
import pathlib
import random
import re
import signal
import socket
import sys
import tempfile
import time

import hits

PORT, MANAGEMENT, TLS = hits.PORT, hits.MANAGEMENT, 17741
FLAGS = {
    "plain": "-Xmx64m",
    "image": "-Xms16m -Xmx40m -Xmn8m -XX:MaxDirectMemorySize=8m -XX:MaxMetaspaceSize=64m"
             " -XX:ReservedCodeCacheSize=32m -Xss512k -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError",
}
# Statuses of a backend and of a bug. Nor may anything be allowed.
NEVER = {500, 501, 502, 504}


def head(token, *fields, path=f"/secrets/{hits.SECRET}"):
    lines = [f"GET {path} HTTP/1.1", "Host: localhost", *fields]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    return ("\r\n".join(lines) + "\r\n").encode()


def unfinished_small():
    return head("", *(f"a{i}: 1" for i in range(2000)))[:16000]


def unfinished_long():
    return head("", "X: " + "x" * 8000)[:-2]


def connections(port, count, data, seconds, receive=None):
    """Opens so many, sends each the same, and keeps them all to the end."""
    kept = []
    end = time.monotonic() + seconds
    for _ in range(count):
        one = socket.socket()
        one.settimeout(1)
        if receive:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        try:
            one.connect(("127.0.0.1", port))
            one.sendall(data)
            kept.append(one)
        except OSError:
            one.close()
        if time.monotonic() > end:
            break
    time.sleep(max(0.0, end - time.monotonic()))


def aborted(port, count, data, seconds):
    end = time.monotonic() + seconds
    for _ in range(count):
        connections(port, 1, data, 0)
        if time.monotonic() > end:
            break


def tokens(port, good, count, results):
    """Sends mutated tokens, and tells the statuses."""
    chance = random.Random(7)
    statuses = {}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    for _ in range(count):
        text = list(good)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(text))
            change = chance.randrange(4)
            if change == 0:
                text[at] = chr(chance.randint(33, 126))
            elif change == 1 and len(text) > 1:
                del text[at]
            elif change == 2:
                text.insert(at, chr(chance.randint(33, 126)))
            else:
                text = text[:at + 1]
        if "".join(text) == good:
            continue
        connection.request("GET", f"/secrets/{hits.SECRET}", headers={"Authorization": "Bearer " + "".join(text)})
        answer = connection.getresponse()
        answer.read()
        statuses[answer.status] = statuses.get(answer.status, 0) + 1
    results.put(statuses)


def noise(ports, count, seed, results):
    """Sends random and damaged requests; keeps some connections open and half-closes others."""
    chance = random.Random(seed)
    statuses = {}
    kept = []
    whole = head("not-the-token-of-anybody") + b"\r\n"
    for i in range(count):
        data = bytearray(whole if i % 2 else chance.randbytes(chance.randint(1, 300)))
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            one = socket.create_connection(("127.0.0.1", chance.choice(ports)), timeout=2)
            one.sendall(data)
            if i % 3 == 0:
                one.shutdown(socket.SHUT_WR)
                one.settimeout(0.5)
                answer = re.match(rb"HTTP/1\.[01] (\d{3})", one.recv(4096))
                if answer:
                    status = int(answer.group(1))
                    statuses[status] = statuses.get(status, 0) + 1
            kept.append(one)
        except OSError:
            pass
        if len(kept) > 200:
            kept.pop(chance.randrange(len(kept))).close()
    results.put(statuses)


def read(connection, token):
    begin = time.perf_counter()
    connection.request("GET", f"/secrets/{hits.SECRET}", headers={"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    answer.read()
    return answer.status, (time.perf_counter() - begin) * 1000


def known(token):
    """A connection on which somebody has proved who it is."""
    kept = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
    read(kept, token)
    return kept


def good_caller(token, seconds, kept):
    """Reads on new connections and on a kept one, and returns the milliseconds of both."""
    times = {"new": [], "kept": [], "lost": [], "503": []}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        new = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
        for name, connection in (("new", new), ("kept", kept)):
            try:
                status, taken = read(connection, token)
            except OSError:
                if name == "kept":
                    sys.exit("a good caller is cut off")
                # Not known yet, it gave way to others that came behind it.
                times["lost"].append(1)
                continue
            if status == 503:
                # The machine was too busy to record it in time.
                times["503"].append(1)
                continue
            if status != 200:
                sys.exit(f"a good caller is answered {status} on a {name} connection")
            times[name].append(taken)
        new.close()
        time.sleep(0.01)
    return times


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def metrics():
    connection = http.client.HTTPConnection("127.0.0.1", MANAGEMENT, timeout=5)
    connection.request("GET", "/metrics")
    return connection.getresponse().read().decode()


def settled():
    """Whether nothing is under way any more, within twenty seconds."""
    wanted = ("postern_requests_in_flight 0.0", "postern_answers_in_flight_bytes 0.0", "postern_connections_unproven 0.0")
    for _ in range(200):
        now = metrics()
        if all(line in now for line in wanted):
            return True
        time.sleep(0.1)
    return False


def attacks(token, seconds):
    bulk = head(token, path="/secrets?name=LARGE") + b"\r\n"
    wrong = head("wrong-wrong-wrong-wrong") + b"\r\n"
    hello = bytes.fromhex("16030100f0010000ec0303")
    for name, port in (("tokens", PORT), ("management", MANAGEMENT)):
        yield f"unfinished heads of small fields, {name}", connections, (port, 5000, unfinished_small(), seconds)
        yield f"unfinished heads of a long field, {name}", connections, (port, 5000, unfinished_long(), seconds)
        yield f"silent connections, {name}", connections, (port, 5000, b"", seconds)
        yield f"unfinished handshakes, {name}", connections, (port, 5000, hello, seconds)
    yield "readers that do not read", connections, (PORT, 600, bulk, seconds, 2048)
    yield "aborted reads", aborted, (PORT, 20000, head(token) + b"\r\n", seconds)
    yield "aborted lists", aborted, (PORT, 20000, head(token, path="/secrets") + b"\r\n", seconds)
    yield "bad tokens", aborted, (PORT, 20000, wrong, seconds)


def attack(service, name, target, arguments, token, seconds):
    kept = known(token)
    process = multiprocessing.Process(target=target, args=arguments)
    process.start()
    try:
        times = good_caller(token, seconds, kept)
    finally:
        process.terminate()
        process.join()
    if service.poll() is not None:
        sys.exit(f"{name}: the service has ended")
    if not settled():
        sys.exit(f"{name}: something is left behind:\n{metrics()}")
    tell(name, times, service)


def tell(name, times, service):
    print(f"{name:45} {len(times['new']):6} {len(times['lost']):5} {len(times['503']):4} "
          f"{percentile(times['new'], .99):8.1f} {max(times['new']):8.1f} "
          f"{percentile(times['kept'], .99):8.1f} {max(times['kept']):8.1f} {hits.resident_mib(service.pid):6.0f}")


def fuzz(service, token):
    results = multiprocessing.Queue()
    work = [multiprocessing.Process(target=tokens, args=(PORT, token, 5000, results)),
            *(multiprocessing.Process(target=noise, args=((PORT, MANAGEMENT), 10000, seed, results)) for seed in (1, 2))]
    for process in work:
        process.daemon = True
        process.start()
    statuses = {}
    for _ in work:
        for status, count in results.get(timeout=120).items():
            statuses[status] = statuses.get(status, 0) + count
    for process in work:
        process.join()
    print(f"5000 mutated tokens, 20000 random requests: {dict(sorted(statuses.items()))}")
    if 200 in statuses or NEVER & set(statuses) or not settled() or service.poll() is not None:
        sys.exit("that must not be")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--flags", choices=FLAGS, default="plain")
    parser.add_argument("--seconds", type=float, default=4, help="of each attack")
    arguments = parser.parse_args()
    signal.alarm(600)
    with tempfile.TemporaryDirectory() as directory:
        home = pathlib.Path(directory)
        service, _ = hits.start_postern(home, FLAGS[arguments.flags].split())
        try:
            with open(home / ".env", "a") as env:
                env.write("LARGE=" + "x" * 65536 + "\n")
            time.sleep(3)
            token = (home / ".postern/token").read_text().strip()
            print(f"flags: {FLAGS[arguments.flags]}")
            print(f"{'milliseconds':45} {'new':>6} {'lost':>5} {'503':>4} {'new p99':>8} {'max':>8} {'kept p99':>8} {'max':>8} {'MiB':>6}")
            good_caller(token, arguments.seconds, known(token))
            tell("no attack", good_caller(token, arguments.seconds, known(token)), service)
            for name, target, parts in attacks(token, arguments.seconds):
                attack(service, name, target, parts, token, arguments.seconds)
            fuzz(service, token)
            service.terminate()
            service.wait(20)
            lines = (home / "audit.jsonl").read_text().splitlines()
            accesses = sum(json.loads(line).get("postern.repeats", 1) for line in lines if "http.response.status_code" in line)
            print(f"{len(lines)} audit lines for {accesses} accesses; {os.path.getsize(home / 'log')} bytes of log")
        finally:
            service.terminate()
            service.wait(20)


if __name__ == "__main__":
    main()
