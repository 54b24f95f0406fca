"""Does a file come whole, byte for byte, whatever the server does, and is failure told at once?"""

from __future__ import annotations

import random
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest

from bad_server import Server, serving
from terril.sources.remote import Refused, _Redirect
from terril.sources.transfer import Patience, fetch

BODY = random.Random(7).randbytes(300_000)
QUICK = Patience(timeout=0.5, tries=4, pause=0.01, longest=0.05)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with serving() as state:
        yield state


def bring(server: Server, part: Path, path: str = "/f") -> list[str]:
    """Fetch, check that all is there, and return what was told on the way."""
    told: list[str] = []
    got = fetch(server.base + path, part, largest=10_000_000, patience=QUICK, tell=told.append)
    assert part.read_bytes() == server.files[path].body
    assert got.size == len(server.files[path].body)
    return told


def refused(server: Server, part: Path, path: str = "/f", **options: object) -> Refused:
    settings: dict[str, object] = {"largest": 10_000_000, "patience": QUICK, **options}
    with pytest.raises(Refused) as caught:
        fetch(server.base + path, part, **settings)  # type: ignore[arg-type]
    assert caught.value.what and caught.value.remedy
    return caught.value


def test_a_file_comes_at_once(server: Server, tmp_path: Path) -> None:
    server.put("/f", BODY)
    assert bring(server, tmp_path / "p") == []
    assert server.ranges("/f") == [""]


@pytest.mark.parametrize(
    "faults",
    [
        ["cut:100000"],
        ["cut:1", "cut:50000", "cut:3", "cut:10"],
        ["stall:120000"],
        ["status:503", "cut:1000", "status:502"],
        ["close", "cut:40"],
        ["long:50"],
        ["cut:100000", "no-length"],
        ["cut:100000", "wrong-range"],
    ],
)
def test_what_is_missing_is_asked_for(server: Server, tmp_path: Path, faults: list[str]) -> None:
    server.put("/f", BODY, faults=list(faults))
    told = bring(server, tmp_path / "p")
    assert len(told) >= 1
    assert all("Nouvel essai" in text or "redemandé" in text for text in told)


def test_only_the_rest_travels_again(server: Server, tmp_path: Path) -> None:
    server.put("/f", BODY, faults=["cut:100000", "cut:70000"])
    bring(server, tmp_path / "p")
    assert server.ranges("/f") == ["", "bytes=100000-", "bytes=170000-"]
    assert server.seen[1][1]["If-Range"] == '"v1"'


def test_another_command_goes_on_where_the_first_stopped(server: Server, tmp_path: Path) -> None:
    server.put("/f", BODY, faults=["cut:100000"], always="close")
    refused(server, tmp_path / "p")
    assert (tmp_path / "p").stat().st_size == 100_000
    server.files["/f"].always = ""
    got = fetch(server.base + "/f", tmp_path / "p", largest=10_000_000, patience=QUICK)
    assert (tmp_path / "p").read_bytes() == BODY
    assert got.resumed == 100_000
    assert server.ranges("/f")[-1] == "bytes=100000-"


def test_a_part_that_is_whole_is_not_fetched_again(server: Server, tmp_path: Path) -> None:
    server.put("/f", BODY)
    bring(server, tmp_path / "p")
    bring(server, tmp_path / "p")
    assert server.ranges("/f") == ["", f"bytes={len(BODY)}-"]


def test_a_server_that_cannot_resume_starts_again(server: Server, tmp_path: Path) -> None:
    server.put("/f", BODY, faults=["cut:100000", "no-range"])
    told = bring(server, tmp_path / "p")
    assert any("tout est redemandé" in text for text in told)


@pytest.mark.parametrize(("etag", "modified"), [("", ""), ('W/"weak"', "")])
def test_without_a_sure_mark_nothing_is_glued(
    server: Server, tmp_path: Path, etag: str, modified: str
) -> None:
    server.put("/f", BODY, etag=etag, modified=modified, faults=["cut:100000"])
    bring(server, tmp_path / "p")
    assert server.ranges("/f") == ["", ""]


def test_a_date_is_a_mark_when_there_is_no_etag(server: Server, tmp_path: Path) -> None:
    server.put("/f", BODY, etag="", faults=["cut:100000"])
    bring(server, tmp_path / "p")
    assert server.ranges("/f") == ["", "bytes=100000-"]


def test_two_versions_are_never_glued(server: Server, tmp_path: Path) -> None:
    """The file changes between two commands, and its ETag with it."""
    server.put("/f", BODY, faults=["cut:100000"], always="close")
    refused(server, tmp_path / "p")
    server.put("/f", BODY[::-1], etag='"v2"')
    told = bring(server, tmp_path / "p")
    assert any("a changé" in text for text in told)


def test_a_server_that_forgets_if_range_is_caught(server: Server, tmp_path: Path) -> None:
    part = tmp_path / "p"
    server.put("/f", BODY, faults=["cut:100000"], always="close")
    refused(server, part)
    # answers 206 of the new file although the mark is that of the old one
    server.put("/f", BODY[::-1], etag='"v2"', faults=["wrong-range"])
    told = bring(server, part)
    assert any("changé en cours de route" in text for text in told)


def test_a_part_of_another_address_is_not_used(server: Server, tmp_path: Path) -> None:
    server.put("/old", BODY, faults=["cut:100000"], always="close")
    refused(server, tmp_path / "p", "/old")
    server.put("/f", BODY[::-1])
    bring(server, tmp_path / "p")
    assert server.ranges("/f") == [""]


def test_an_answer_that_always_lacks_its_end_is_given_up(server: Server, tmp_path: Path) -> None:
    server.put("/f", BODY, always="long:50")
    refusal = refused(server, tmp_path / "p")
    assert refusal.code in ("transfert-coupe", "reprise-refusee")
    assert len(server.seen) < 20


def test_a_server_that_drips_is_left(server: Server, tmp_path: Path) -> None:
    server.put("/f", BODY, always="drip")
    patience = Patience(timeout=0.3, tries=2, pause=0.01, longest=0.01)
    assert refused(server, tmp_path / "p", patience=patience).code == "serveur-lent"
    assert 0 < (tmp_path / "p").stat().st_size < 200


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("status:404", "adresse-absente"),
        ("status:410", "adresse-absente"),
        ("status:403", "acces-refuse"),
        ("status:407", "mandataire"),
        ("status:418", "reponse-inattendue"),
        ("loop", "redirection-sans-fin"),
        ("to:ftp://127.0.0.1/f", "redirection-refusee"),
        ("to:file:///etc/hostname", "redirection-refusee"),
    ],
)
def test_what_will_not_pass_is_told_at_once(
    server: Server, tmp_path: Path, fault: str, code: str
) -> None:
    server.put("/f", BODY, always=fault)
    refusal = refused(server, tmp_path / "p")
    assert refusal.code == code
    assert len(server.seen) <= 4  # a loop is followed twice, nothing else is asked again
    assert not (tmp_path / "p").exists()


def test_503_then_a_file(server: Server, tmp_path: Path) -> None:
    server.put("/f", BODY, faults=["retry-after:0", "retry-after:1"])
    told = bring(server, tmp_path / "p")
    assert [text.split(".")[0] for text in told] == ["127"] * 2  # « 127.0.0.1 est indisponible »


def test_503_for_ever_is_given_up(server: Server, tmp_path: Path) -> None:
    server.put("/f", BODY, always="status:503")
    assert refused(server, tmp_path / "p").code == "serveur-occupe"
    assert len(server.seen) == QUICK.tries


def test_a_redirection_is_followed(server: Server, tmp_path: Path) -> None:
    server.put("/latest", BODY, always="to:/f")
    server.put("/f", BODY, faults=["cut:1000"])
    got = fetch(server.base + "/latest", tmp_path / "p", largest=10_000_000, patience=QUICK)
    assert (tmp_path / "p").read_bytes() == BODY
    assert got.url == server.base + "/f"


def test_a_file_too_large_is_not_taken(server: Server, tmp_path: Path) -> None:
    server.put("/f", BODY)
    server.put("/silent", BODY, always="no-length")
    for path in ("/f", "/silent"):
        assert refused(server, tmp_path / "p", path, largest=200_000).code == "fichier-trop-gros"
        assert not (tmp_path / "p").exists()


def test_a_full_disk_is_told_before_it_is_full(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put("/f", BODY)
    monkeypatch.setattr("shutil.disk_usage", lambda _: _Usage())
    refusal = refused(server, tmp_path / "p")
    assert refusal.code == "disque-plein"


class _Usage:
    free = 1000


def test_nobody_listens(tmp_path: Path, server: Server) -> None:
    with serving() as other:
        closed = other.base
    with pytest.raises(Refused) as caught:
        fetch(closed + "/f", tmp_path / "p", largest=10, patience=QUICK)
    assert caught.value.code == "connexion-refusee"
    assert "https_proxy" in caught.value.remedy


def test_offline(tmp_path: Path, server: Server) -> None:
    with pytest.raises(Refused) as caught:
        fetch("http://nulle-part.invalid/f", tmp_path / "p", largest=10, patience=QUICK)
    assert caught.value.code == "hors-ligne"


def test_a_proxy_that_refuses_is_named(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.base)
    monkeypatch.setenv("no_proxy", "")
    server.put("http://ailleurs.invalid/f", b"", always="status:407")
    with pytest.raises(Refused) as caught:
        fetch("http://ailleurs.invalid/f", tmp_path / "p", largest=10, patience=QUICK)
    assert caught.value.code == "mandataire"


def test_an_address_that_is_no_web_address(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        fetch("file:///etc/hostname", tmp_path / "p", largest=10, patience=QUICK)


def test_no_redirection_goes_from_https_down_to_http() -> None:
    request = urllib.request.Request("https://exemple.invalid/f")
    follow = _Redirect().redirect_request
    with pytest.raises(Refused):
        follow(request, None, 302, "", Message(), "http://exemple.invalid/f")
    assert follow(request, None, 302, "", Message(), "https://autre.invalid/f") is not None
