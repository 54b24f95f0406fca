"""A server on loopback that fails as real ones do: cuts, stalls, lies, loops, forgets."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

STALL = 3.0  # seconds of silence, longer than the tests wait


@dataclass
class File:
    """One address: what it holds, and the faults of its next answers, in order.

    Faults: « cut:N » (closes after N bytes of the body), « stall:N », « status:503 »,
    « retry-after:S » (503), « long:N » (Content-Length N bytes too large), « short:N » (N bytes
    too small), « no-length », « no-range » (answers the whole), « wrong-range » (206 of another
    place), « drip », « loop », « to:ADDRESS » (redirects), « close » (no answer at all).
    """

    body: bytes = b""
    etag: str = '"v1"'
    modified: str = "Thu, 15 Jan 2026 20:43:23 GMT"
    faults: list[str] = field(default_factory=list)
    always: str = ""  # a fault of every answer
    kind: str = "application/octet-stream"


@dataclass
class Server:
    """The files by path, and the requests that came."""

    base: str = ""
    files: dict[str, File] = field(default_factory=dict)
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, path: str, body: bytes, **options: Any) -> File:
        """Serve ``body`` at a path."""
        self.files[path] = File(body, **options)
        return self.files[path]

    def data_set(self, slug: str, *resources: dict[str, Any]) -> File:
        """Serve the answer of data.gouv.fr for a data set."""
        told = {"title": f"Jeu {slug}", "license": "lov2", "resources": list(resources)}
        return self.put(f"/api/1/datasets/{slug}/", json.dumps(told).encode())

    def resource(self, path: str, **other: Any) -> dict[str, Any]:
        """Return a resource as data.gouv.fr tells it: right size, right checksum."""
        body = self.files[path].body
        return {
            "id": path.strip("/"),
            "title": path.rsplit("/", 1)[-1],
            "url": self.base + path,
            "filetype": "file",
            "type": "main",
            "filesize": len(body),
            "checksum": {"type": "sha1", "value": hashlib.sha1(body).hexdigest()},
            "last_modified": "2026-01-15T20:43:23+00:00",
            **other,
        }

    def ranges(self, path: str) -> list[str]:
        """Return the ranges that were asked of a path, "" for a whole."""
        return [headers.get("Range", "") for asked, headers in self.seen if asked == path]


class _Handler(BaseHTTPRequestHandler):
    server_version = "essai"
    state: Server

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        with self.state.lock:
            self.state.seen.append((self.path, dict(self.headers)))
            file = self.state.files.get(self.path)
            fault = file.faults.pop(0) if file and file.faults else (file.always if file else "")
        if file is None:
            self.send_error(404)
            return
        name, _, value = fault.partition(":")
        if name == "close":
            self.connection.close()
        elif name == "status":
            self.send_error(int(value))
        elif name == "retry-after":
            self.send_response(503)
            self.send_header("Retry-After", value)
            self.end_headers()
        elif name == "loop":
            self._redirect(self.path)
        elif name == "to":
            self._redirect(value)
        else:
            self._serve(file, name, int(value or 0))

    def _redirect(self, target: str) -> None:
        self.send_response(302)
        self.send_header("Location", target)
        self.end_headers()

    def _serve(self, file: File, fault: str, number: int) -> None:
        body, start = file.body, 0
        if self.headers.get("If-None-Match") == file.etag and file.etag:
            self.send_response(304)
            self.end_headers()
            return
        asked = self.headers.get("Range", "")
        validator = self.headers.get("If-Range", "")
        ranged = asked and validator in (file.etag, file.modified) and fault != "no-range"
        if fault == "wrong-range":
            ranged = bool(asked)
        if ranged:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            if start >= len(body):
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(body)}")
                self.end_headers()
                return
            self.send_response(206)
            first = start + 7 if fault == "wrong-range" else start
            self.send_header("Content-Range", f"bytes {first}-{len(body) - 1}/{len(body)}")
        else:
            self.send_response(200)
        rest = body[start:]
        if fault != "no-length":
            length = len(rest) + {"long": number, "short": -number}.get(fault, 0)
            self.send_header("Content-Length", str(length))
        if file.etag:
            self.send_header("ETag", file.etag)
        if file.modified:
            self.send_header("Last-Modified", file.modified)
        self.send_header("Content-Type", file.kind)
        self.end_headers()
        self._send(rest, fault, number)

    def _send(self, rest: bytes, fault: str, number: int) -> None:
        try:
            if fault in ("cut", "stall"):
                self.wfile.write(rest[:number])
                self.wfile.flush()
                if fault == "stall":
                    time.sleep(STALL)
                self.connection.close()
            elif fault == "drip":
                for place in range(len(rest)):
                    self.wfile.write(rest[place : place + 1])
                    self.wfile.flush()
                    time.sleep(0.05)
            else:
                self.wfile.write(rest)
        except OSError:  # the client has left
            self.close_connection = True


@contextmanager
def serving() -> Iterator[Server]:
    """Serve on a free port of loopback."""
    state = Server()
    handler = type("Handler", (_Handler,), {"state": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.block_on_close = False
    state.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
