"""Does all of it work with real processes: a server, jobs apart, from a file to the portal?"""

from __future__ import annotations

import http.client
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
import small_project
from workshop import BAD, DATE, GOOD

EMAIL, WORD = "ana@exemple.fr", "un-mot-tres-long"


class Browser:
    """Goes from page to page, keeps cookies, fills the token of forms."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.address = base
        self.text = ""
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self._open = urllib.request.build_opener(jar).open

    def get(self, path: str) -> str:
        return self._go(urllib.request.Request(urllib.parse.urljoin(self.address, path)))

    def post(self, path: str, file: tuple[str, str] | None = None, **fields: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.text)
        assert token, self.address
        mark = uuid.uuid4().hex
        body = b""
        for name, value in {"csrfmiddlewaretoken": token[1], **fields}.items():
            body += f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
            body += value.encode() + b"\r\n"
        if file:
            head = f'form-data; name="fichier"; filename="{file[0]}"'
            body += f"--{mark}\r\nContent-Disposition: {head}\r\n\r\n".encode()
            body += file[1].encode() + b"\r\n"
        body += f"--{mark}--\r\n".encode()
        headers = {
            "Content-Type": f"multipart/form-data; boundary={mark}",
            "Referer": self.address,
        }
        target = urllib.parse.urljoin(self.address, path)
        return self._go(urllib.request.Request(target, body, headers))

    def job(self) -> str:
        """Wait for the job of the page that is shown."""
        limit = time.monotonic() + 90
        while "data-suivi" in self.text:
            assert time.monotonic() < limit, self.text
            time.sleep(0.3)
            self.get(self.address)
        return self.text

    def _go(self, request: urllib.request.Request) -> str:
        with self._open(request, timeout=60) as answer:
            self.address = answer.url
            self.text = answer.read().decode()
        return self.text


@pytest.fixture
def base(tmp_path: Path) -> Iterator[str]:
    """A served site without an edition yet, and a project to make one from."""
    editions, data = tmp_path / "editions", tmp_path / "site"
    small_project.write(data / "projets" / "essai")
    made = subprocess.run(
        [sys.executable, "-m", "terril.cli", "compte", "creer", EMAIL, "--analyste", "--demander",
         "--editions", editions, "--donnees", data],
        input=WORD + "\n", text=True, capture_output=True, check=False, env=environment(),
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "terril.cli", "servir", editions, "--donnees", data,
         "--port", str(port), "--processus", "1"],
        env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        ready(port)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def environment() -> dict[str, str]:
    """The environment of a person: nothing of the site of the other tests."""
    import os

    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TERRIL_", "DJANGO_"))
    } | {"TERRIL_SECOND_FACTEUR": "propose"}


def ready(port: int) -> None:
    """Wait until the server answers."""
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/connexion/")
            assert connection.getresponse().status == 200
            return
        except OSError:
            time.sleep(0.3)
    pytest.fail("the server does not answer")


@pytest.mark.long
def test_from_a_file_to_the_portal(base: str) -> None:
    web = Browser(base)
    web.get("atelier/")
    assert "/connexion/" in web.address
    web.post(web.address, username=EMAIL, password=WORD, next="/atelier/")
    assert "Observatoire d’essai" in web.text

    project = urllib.parse.urljoin(base, "/atelier/projets/essai/")
    web.get(project)
    web.post("deposer/", file=("mauvais.csv", BAD))
    assert "ligne <b>3</b>" in web.job() and "est refusé" in web.text
    web.get(project)
    web.post("deposer/", file=("bon.csv", GOOD))
    assert "peut entrer au projet" in web.job()
    web.post("ajouter/")
    assert "est au projet" in web.text

    web.post("lancer/", travail="brouillon", date=DATE)
    assert "Brouillon construit" in web.job()
    web.get(f"{project}apercu/{DATE}/quartiers/QP000001/")
    assert "Aperçu" in web.text and "44,1" in web.text
    figures = f"indicateurs/{small_project.POVERTY}/donnees.csv"
    assert "2016" in web.get(f"{project}apercu/{DATE}/{figures}")
    mark = re.search(r'name="vu" value="(\w+)"', web.get(f"{project}sceller/{DATE}/"))
    assert mark
    web.post(web.address, vu=mark[1])
    assert "Édition scellée" in web.job()

    reader = Browser(base)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        reader.get(f"/editions/{DATE}/")
    web.get(f"{project}publier/{DATE}/")
    web.post(web.address)
    assert "L’édition est en ligne" in web.job()
    assert "44,1" in reader.get("/quartiers/QP000001/")
    assert "2016" in reader.get(f"/editions/{DATE}/{figures}")
