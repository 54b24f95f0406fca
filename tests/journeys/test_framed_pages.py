"""Does a frame on another site grow to its content, without cookie, and only a frame of ours?"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page

INDICATOR = "/integrer/indicateur/education.taux_retard_3e/"
SIGNALS = "/integrer/quartier/QP062019/signaux/"


class Host:
    """The site of somebody else, on its own port: any page, under its path."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        pages = self.pages

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = pages.get(self.path, "").encode("utf-8")
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def put(self, path: str, body: str) -> str:
        self.pages[path] = (
            '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
            '<link rel="icon" href="data:,"><title>Une mairie</title></head>'
            f"<body>{body}</body></html>"
        )
        return self.base + path


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    found = Host()
    yield found
    found.server.shutdown()


@pytest.fixture
def visitor(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 900, "height": 800})
    context.set_default_timeout(10_000)
    yield context.new_page()
    assert context.cookies() == []
    context.close()


def framed(site: str, path: str, script: str = "/integrer/integrer-1.js") -> str:
    code = (
        f'<iframe src="{site}{path}" title="Essai" width="100%" height="100" '
        'style="border:0" data-terril></iframe>'
    )
    return f'{code}<script src="{site}{script}" defer></script>' if script else code


@pytest.mark.parametrize("path", [INDICATOR, SIGNALS])
@pytest.mark.parametrize("width", [900, 340])
def test_the_frame_takes_the_height_of_its_content(
    visitor: Page, host: Host, site: str, path: str, width: int
) -> None:
    visitor.set_viewport_size({"width": width, "height": 800})
    said: list[str] = []
    visitor.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
    visitor.goto(host.put("/accueil", framed(site, path)))
    frame = visitor.frame_locator("iframe")
    frame.locator("h1").wait_for()
    visitor.wait_for_function("document.querySelector('iframe').clientHeight > 150")
    visitor.wait_for_timeout(200)
    inner = next(f for f in visitor.frames if path in f.url)
    high = inner.evaluate("document.documentElement.scrollHeight")
    shown = visitor.evaluate("document.querySelector('iframe').clientHeight")
    assert abs(high - shown) <= 1
    assert inner.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    assert inner.evaluate("document.cookie") == ""
    assert inner.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert not said, said


def test_it_grows_again_when_the_content_does(visitor: Page, host: Host, site: str) -> None:
    visitor.goto(host.put("/grandit", framed(site, SIGNALS)))
    visitor.wait_for_function("document.querySelector('iframe').clientHeight > 150")
    before = visitor.evaluate("document.querySelector('iframe').clientHeight")
    visitor.frame_locator("iframe").locator("summary").click()
    visitor.wait_for_function(f"document.querySelector('iframe').clientHeight > {before} + 50")
    inner = next(f for f in visitor.frames if SIGNALS in f.url)
    high = inner.evaluate("document.documentElement.scrollHeight")
    assert abs(visitor.evaluate("document.querySelector('iframe').clientHeight") - high) <= 1


def test_a_message_from_elsewhere_changes_nothing(visitor: Page, host: Host, site: str) -> None:
    """Another window, or the page itself, may not give a frame its height."""
    host.put(
        "/autre", "<script>parent.postMessage({type:'terril:hauteur',hauteur:7777},'*')</script>"
    )
    visitor.goto(host.put("/hostile", framed(site, SIGNALS) + '<iframe src="/autre"></iframe>'))
    visitor.wait_for_function("document.querySelector('iframe').clientHeight > 150")
    visitor.evaluate("window.postMessage({type: 'terril:hauteur', hauteur: 7777}, '*')")
    inner = next(f for f in visitor.frames if SIGNALS in f.url)
    inner.evaluate("parent.postMessage({type: 'terril:hauteur', hauteur: 'grand'}, '*')")
    visitor.wait_for_timeout(300)
    assert visitor.evaluate("document.querySelector('iframe').clientHeight") < 7000


def test_without_script_it_is_read_too(browser: Browser, host: Host, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(host.put("/sans", framed(site, INDICATOR)))
    assert page.frame_locator("iframe").locator("tbody tr").count() > 10
    assert context.cookies() == []
    context.close()


@pytest.mark.parametrize("path", ["/", "/quartiers/QP062019/", "/integrer/"])
def test_the_other_pages_stay_out_of_frames(
    visitor: Page, host: Host, site: str, path: str
) -> None:
    said: list[str] = []
    visitor.on("console", lambda m: said.append(m.text))
    visitor.goto(host.put("/vol", framed(site, path, script="")))
    visitor.wait_for_timeout(500)
    assert any("frame-ancestors" in text or "X-Frame-Options" in text for text in said), said
    assert visitor.frame_locator("iframe").locator("h1:has-text('uartier')").count() == 0


def test_the_page_to_copy_from_shows_what_it_gives(visitor: Page, host: Host, site: str) -> None:
    visitor.goto(f"{site}/integrer/?quartier=QP062019")
    code = visitor.locator("textarea").input_value()
    visitor.wait_for_function("document.querySelector('iframe').clientHeight > 150")
    visitor.goto(host.put("/copie", code))
    visitor.frame_locator("iframe").locator("h1").wait_for()
    visitor.wait_for_function("document.querySelector('iframe').style.height !== ''")
    assert visitor.locator("iframe").get_attribute("title")
