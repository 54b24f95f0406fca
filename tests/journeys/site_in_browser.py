"""The site as people meet it: the sealed pilot, the real server, Debian's Chromium.

``chromium()`` is where the browser is, or why the journeys are left out. A :class:`Watch`
listens to a page and keeps what no page may do: write in the console, fail, ask another host,
set a cookie, break the policy.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    ViewportSize,
)

ARGUMENTS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: Final = ViewportSize(width=360, height=740)
DESKTOP: Final = ViewportSize(width=1280, height=900)


def chromium() -> str | None:
    """Where Chromium is, ``None`` when this machine has none."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


def free_port() -> int:
    """A port that nothing listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(editions: Path, data: Path, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of ``terril servir`` on ``editions``, until the block ends.

    ``settings``: variables of its environment, over those of the tests.
    """
    port = free_port()
    environment = {
        **os.environ, "TERRIL_DEBIT": "1000000", "TERRIL_HOTES": "127.0.0.1",
        "TERRIL_SECOND_FACTEUR": "propose", **(settings or {}),
    }  # fmt: skip
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    log = data.parent / "serveur.log"
    with log.open("wb") as written:
        server = subprocess.Popen(
            [str(Path(sys.executable).with_name("terril")), "servir", str(editions),
             "--port", str(port), "--donnees", str(data), "--processus", "1"],
            env=environment, stdout=written, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            base = f"http://127.0.0.1:{port}"
            _wait(base, server, log)
            yield base
        finally:
            server.terminate()
            server.wait(20)


def _wait(base: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{base}/", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("the server did not start:\n" + log.read_text(encoding="utf-8")[-2000:])


@dataclass
class Watch:
    """What a page did that no page may do."""

    base: str
    said: list[str] = field(default_factory=list)

    def on(self, page: Page) -> Page:
        """Listen to ``page``, from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.said.append(f"erreur : {error}"))
        page.on("request", self._request)
        page.on("response", self._response)
        return page

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.said.append(f"console ({message.type}) : {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and (
            f"{parts.scheme}://{parts.netloc}" != self.base
        ):
            self.said.append(f"autre hôte : {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.said.append(f"{response.status} : {response.url}")
        if "set-cookie" in response.headers:
            self.said.append(f"cookie : {response.url}")

    def clean(self, context: BrowserContext) -> None:
        """Fail when anything was heard."""
        assert not self.said, "\n".join(self.said)
        assert not context.cookies(), context.cookies()
