"""Answers questions about clients/python/postern.py: a line of JSON for each line."""

import base64
import json
import sys
import threading
import time

import postern

client = postern.Client()
seen: list[str] = []
watch = client.watch(sys.argv[1])


def follow() -> None:
    try:
        for secret in watch:
            seen.append(secret.text)
        seen.append("cancelled")
    except postern.PosternError as error:
        seen.append(error.code)


def answer(question: str, *names: str) -> object:
    if question == "seen":
        return seen
    if question == "cancel":
        started = time.monotonic()
        watch.close()
        thread.join(5)
        return [seen[-1], time.monotonic() - started < 2]
    if question == "all":
        return {name: secret.text for name, secret in client.get_all(names).items()}
    secret = client.get(*names)
    value = base64.b64encode(secret.value).decode() if question == "bytes" else secret.text
    return [value, secret.stale, secret.version, secret.fetched_at.timestamp() > time.time() - 60, "canary" in repr(secret)]


def try_answer(words: list[str]) -> object:
    try:
        return answer(*words)
    except postern.PosternError as error:
        names = sorted([error, *error.errors.values()][-len(error.errors) :], key=lambda each: each.name)
        return {
            "error": [error.status, error.code, error.retry_after > 0, error.temporary, error.detail != ""],
            "names": [f"{each.name} {each.code}" for each in names],
            "message": str(error),
        }


thread = threading.Thread(target=follow, daemon=True)
thread.start()
for line in sys.stdin:
    print(json.dumps(try_answer(line.split())), flush=True)
