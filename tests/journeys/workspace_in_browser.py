"""The workspace as its members meet it: the pilot’s contract, the real server, a browser each.

:func:`settled` fills the base of the site and serves it; :class:`Workspace` opens browsers, one a
person, already signed in. Each browser has a :class:`Watch` that hears what no page may do.
"""

from __future__ import annotations

import email
import email.policy
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page, Response, ViewportSize
from site_in_browser import PHONE, Watch, served

SCREEN: Final = ViewportSize(width=1200, height=900)
_SEED: Final = Path(__file__).with_name("workspace_seed.py")


@dataclass
class MemberWatch(Watch):
    """As :class:`Watch`; pages of members set the cookies of the session and of its forms.

    ``expected``: statuses of refusals that the test asks for.
    """

    expected: set[int] = field(default_factory=set)

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.said.append(f"{response.status} : {response.url}")

    def _console(self, message: Any) -> None:
        refused = any(f"a status of {status} " in message.text for status in self.expected)
        if not refused:
            super()._console(message)

    def clean(self, context: BrowserContext) -> None:
        """Fail when anything was heard, or when a cookie is there that is not ours."""
        assert not self.said, "\n".join(self.said)
        strange = {c["name"] for c in context.cookies()} - {"terril_session", "terril_csrf"}
        assert not strange, strange


@dataclass
class Seat:
    """A browser of one person: its page, and what it heard."""

    page: Page
    watch: MemberWatch

    def close(self) -> None:
        """Close the browser; fail when a page did what no page may do."""
        context = self.page.context
        self.watch.clean(context)
        context.close()


@dataclass(frozen=True)
class Workspace:
    """The site with its contract. ``facts``: where the rows are that the seed made."""

    base: str
    browser: Browser
    facts: dict[str, Any]
    sessions: dict[str, str]
    letters: Path

    @property
    def root(self) -> str:
        """The address of the contract’s workspace."""
        return f"/espace/{self.facts['contrat']}/"

    @property
    def public(self) -> str:
        """The address of the contract’s public pages."""
        return f"/contrat/{self.facts['contrat']}/"

    def row(self, register: str, fact: str) -> str:
        """The address of a row that the seed made."""
        return f"{self.root}registres/{register}/{self.facts[fact]}/"

    def open(self, who: str, *, phone: bool = False, scripts: bool = True, **options: Any) -> Seat:
        """A browser of somebody who is signed in; « public »: of nobody in particular."""
        if phone:
            options = {"viewport": PHONE, "has_touch": True, "is_mobile": True, **options}
        context = self.browser.new_context(
            base_url=self.base, locale="fr-FR", java_script_enabled=scripts,
            **{"viewport": SCREEN, **options},
        )  # fmt: skip
        context.set_default_timeout(10_000)
        if who != "public":
            context.add_cookies(
                [{"name": "terril_session", "value": self.sessions[who], "url": self.base}]
            )
        watch = MemberWatch(self.base)
        return Seat(watch.on(context.new_page()), watch)

    def letter(self, subject: str) -> str:
        """The text of the last message whose subject has these words, waited for."""
        for _ in range(100):
            found = [
                message
                for file in sorted(self.letters.glob("*.log"), key=lambda f: f.stat().st_mtime)
                for message in _messages(file)
                if subject in str(message["Subject"])
            ]
            if found:
                body = found[-1].get_body(("plain",))
                assert body is not None
                return str(body.get_content())
            time.sleep(0.1)
        raise AssertionError(f"no message « {subject} »")


def _messages(file: Path) -> list[email.message.EmailMessage]:
    pieces = file.read_bytes().split(b"-" * 79 + b"\n")
    return [email.message_from_bytes(piece, policy=email.policy.default) for piece in pieces]


@contextmanager
def settled(browser: Browser, editions: Path, data: Path) -> Iterator[Workspace]:
    """The site of ``editions`` with the contract, served until the block ends."""
    data.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ, "TERRIL_EDITIONS": str(editions), "TERRIL_DONNEES": str(data),
        "TERRIL_SECOND_FACTEUR": "propose", "PYTHONWARNINGS": "ignore",
    }  # fmt: skip
    made = subprocess.run(
        [sys.executable, str(_SEED)], env=environment, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr[-3000:]
    told = json.loads(made.stdout.splitlines()[-1])
    with served(editions, data) as base:
        yield Workspace(base, browser, told["facts"], told["sessions"], data / "courriels")
