"""Reads secrets from Postern. Copy this file into your project. It needs Python 3.11 and no package.

SPDX-License-Identifier: Apache-2.0
"""

import base64
import contextlib
import http.client
import json
import os
import random
import re
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

POD_TOKEN = "/var/run/secrets/postern/token"
WAIT, LONGEST_PAUSE = 60, 30  # seconds


class PosternError(Exception):
    """Why there is no secret: Postern's code, or `unreachable`, `no-token` or `invalid-answer` with the status 0.

    After a bulk read, `errors` has an error for each name that failed. No message contains a value.
    """

    errors: Mapping[str, "PosternError"] = {}

    def __init__(self, name: str, problem: Mapping[str, Any], retry_after: int = 0) -> None:
        self.name, self.code, self.status = name, str(problem["code"]), int(problem.get("status", 0))
        self.detail, self.request_id = str(problem.get("detail", "")), problem.get("requestId")
        self.retry_after = retry_after
        super().__init__(f"{name}: {self.status} {self.code}: {self.detail} (request {self.request_id})")

    @property
    def temporary(self) -> bool:
        return self.status in (0, 429) or self.status >= 500


@dataclass(frozen=True)
class Secret:
    name: str
    value: bytes = field(repr=False)
    version: str | None
    fetched_at: datetime
    stale: bool | None  # None after a bulk read, which does not say

    @property
    def text(self) -> str:
        return self.value.decode()


class Client:
    """Any thread may use it. A name is a reference as in Postern's settings: `[backend:]name[#property][@version]`.

    The URL is `http://host:port` or `unix:/path`. The token file is read for each request, so it may be rotated.
    """

    def __init__(self, url: str | None = None, token_file: str | None = None, timeout: float = 10) -> None:
        self._url = url or os.environ.get("SECRETS_URL") or "http://127.0.0.1:7740"
        if urlsplit(self._url).scheme not in ("http", "unix"):
            raise ValueError(f"SECRETS_URL must be http://host:port or unix:/path: {self._url}")
        default_file = POD_TOKEN if os.path.exists(POD_TOKEN) else os.path.expanduser("~/.postern/token")
        self._token_file = token_file or os.environ.get("SECRETS_TOKEN_FILE") or default_file
        self._timeout = timeout

    def get(self, name: str) -> Secret:
        return _secret(name, *self._request(name, _path(name)))

    def get_all(self, names: Iterable[str]) -> dict[str, Secret]:
        """Reads up to 100 secrets in one request: all of them, or none and an error."""
        names = list(names)
        query = "&".join("name=" + quote(name, safe="") for name in names)
        answer, _ = self._request(", ".join(names), "/secrets?" + query)
        if problems := answer["errors"]:
            error = PosternError(", ".join(problems), max(problems.values(), key=lambda problem: problem["status"]))
            error.errors = {name: PosternError(name, problem) for name, problem in problems.items()}
            error.args = ("\n".join(map(str, error.errors.values())),)
            raise error
        return {name: _secret(name, secret) for name, secret in answer["secrets"].items()}

    def watch(self, name: str) -> "Watch":
        return Watch(self, name)

    def _request(
        self, name: str, path: str, tag: str = "", connected: Callable[[socket.socket], None] = lambda _: None
    ) -> tuple[Any, http.client.HTTPMessage]:
        """Returns JSON and headers. With a tag it waits, and the JSON is None if the value still has that tag."""
        headers = {"Authorization": "Bearer " + self._token(name), "Accept": "application/json"}
        headers |= {"If-None-Match": tag} if tag else {}
        # It asks no proxy and follows no redirect.
        timeout = self._timeout + (WAIT if tag else 0)
        connection = http.client.HTTPConnection(urlsplit(self._url).netloc or "localhost", timeout=timeout)
        try:
            if self._url.startswith("unix:"):
                connection.sock = socket.socket(socket.AF_UNIX)
                connection.sock.settimeout(timeout)
                connection.sock.connect(self._url.removeprefix("unix:"))
            else:
                connection.connect()
            connected(connection.sock)
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            body = response.read()
            answer: Any = json.loads(body) if response.status != 304 else None
            if response.status not in (200, 304):
                raise PosternError(name, answer, int(response.headers.get("Retry-After", 0)))
            if answer is not None and "value" not in answer and "secrets" not in answer:
                raise LookupError
            return answer, response.headers
        except (OSError, http.client.HTTPException) as error:
            detail = f"{self._url}: {type(error).__name__}"
            raise PosternError(name, {"code": "unreachable", "detail": detail}) from None
        except (ValueError, LookupError, TypeError):
            raise PosternError(name, {"code": "invalid-answer", "detail": self._url + " is not Postern"}) from None
        finally:
            connection.close()

    def _token(self, name: str) -> str:
        try:
            with open(self._token_file, encoding="latin-1") as file:
                return file.read().strip()
        except OSError as error:
            raise PosternError(name, {"code": "no-token", "detail": str(error)}) from None


class Watch(Iterator[Secret]):
    """The current value of a secret, and then each new one, until another thread calls `close`.

    The first read fails like `get`. Later, an outage or a rotated token only delays the next value. What waiting does
    not cure is raised: the secret is gone or denied.
    """

    def __init__(self, client: Client, name: str) -> None:
        self._client, self._name, self._tag, self._failures = client, name, "", 0
        self._last: bytes | None = None
        self._socket: socket.socket | None = None
        self._closed = threading.Event()

    def close(self) -> None:
        self._closed.set()
        if self._socket:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def __next__(self) -> Secret:
        while not self._closed.is_set():
            try:
                path = _path(self._name, f"wait={WAIT}s" if self._tag else "")
                answer, headers = self._client._request(self._name, path, self._tag, self._connected)
                self._failures = 0
                if answer:
                    secret, self._tag = _secret(self._name, answer, headers), headers["ETag"]
                    # The tags of a restarted Postern are new, even if the value is not.
                    if secret.value != self._last:
                        self._last = secret.value
                        return secret
            except PosternError as error:
                if self._closed.is_set():
                    break
                if self._last is None or not (error.temporary or error.status == 401):
                    raise
                pause = min(2**self._failures, LONGEST_PAUSE) * random.uniform(0.5, 1)
                self._failures = min(self._failures + 1, 5)
                self._closed.wait(max(error.retry_after, pause))
        raise StopIteration

    def _connected(self, connection: socket.socket) -> None:
        self._socket = connection
        if self._closed.is_set():
            self.close()


def _path(name: str, *query: str) -> str:
    match = re.fullmatch(r"([^#@]*)(?:#([^@]*))?(?:@(.*))?", name, re.DOTALL)
    path, prop, version = (quote(part or "", safe="/:%") for part in match.groups()) if match else (name, "", "")
    every = [*query, prop and "property=" + prop, version and "version=" + version]
    return f"/secrets/{path}?{'&'.join(filter(None, every))}".rstrip("?")


def _secret(name: str, answer: Mapping[str, Any], headers: http.client.HTTPMessage | None = None) -> Secret:
    value = answer["value"]
    return Secret(
        name,
        base64.b64decode(value) if answer["encoding"] == "base64" else value.encode(),
        answer["version"],
        datetime.fromisoformat(answer["fetchedAt"]),
        None if headers is None else "detail=stale" in headers.get("Cache-Status", ""),
    )
