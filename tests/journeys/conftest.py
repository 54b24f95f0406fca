"""Fixtures of the journeys: one site and one browser a process, a fresh context a test."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "web"))

import site_of_tests as pilot

# Playwright keeps a loop in this thread: without this Django takes its tests for asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
pilot.start()

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright  # noqa: E402
from site_in_browser import ARGUMENTS, DESKTOP, PHONE, Watch, chromium, served  # noqa: E402
from workspace_in_browser import Workspace, settled  # noqa: E402

from terril.cli.main import main  # noqa: E402

#: an edition before the pilot's own
FORMER = "2019-07-01"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; tests are left out, and say so, on a machine without it."""
    program = chromium()
    if program is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site, served for real: the pilot's edition, and one before it."""
    folder = tmp_path_factory.mktemp("site")
    editions = folder / "editions"
    shutil.copytree(pilot.editions(), editions)
    words = ["construire", str(pilot.ROOT / "demo"), "--date", FORMER, "--vers", str(editions)]
    assert main(words) == 0
    with served(editions, folder / "donnees") as base:
        yield base
    pilot.forget()


@pytest.fixture(scope="session")
def workspace(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The site with the pilot’s contract and its people, served for real."""
    data = tmp_path_factory.mktemp("espace") / "donnees"
    with settled(browser, pilot.editions(), data) as found:
        yield found


@pytest.fixture
def watch(site: str) -> Watch:
    """What pages of this test did wrong."""
    return Watch(site)


def _page(browser: Browser, watch: Watch, **options: Any) -> Iterator[Page]:
    context: BrowserContext = browser.new_context(base_url=watch.base, locale="fr-FR", **options)
    context.set_default_timeout(10_000)
    page = watch.on(context.new_page())
    yield page
    watch.clean(context)
    context.close()


@pytest.fixture
def desktop(browser: Browser, watch: Watch) -> Iterator[Page]:
    """A page on a screen of 1280 px."""
    yield from _page(browser, watch, viewport=DESKTOP)


@pytest.fixture
def phone(browser: Browser, watch: Watch) -> Iterator[Page]:
    """A page on a telephone of 360 px that is touched."""
    yield from _page(
        browser, watch, viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2
    )


@pytest.fixture
def plain(browser: Browser, watch: Watch) -> Iterator[Page]:
    """A page on a screen, scripts off."""
    yield from _page(browser, watch, viewport=DESKTOP, java_script_enabled=False)
