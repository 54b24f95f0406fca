"""Is a file read before anything changes, and refused when it is not what it says?"""

from __future__ import annotations

import io
import zipfile

import pytest
from small_project import picture
from workshop import BAD, GOOD, Shop

from terril.web.atelier.models import Job, State
from terril.web.received import safe_name


def test_a_good_file_is_read_and_nothing_changes_yet(shop: Shop) -> None:
    before = picture(shop.item.folder)
    job = shop.send(GOOD)
    assert job.state == State.DONE and job.result["accepted"]
    text = shop.said(f"/atelier/travaux/{job.key}/")
    assert "1 valeur, 1 territoire" in text and "Ajouter au projet" in text
    assert "revenus.taux_pauvrete" in text
    assert picture(shop.item.folder) == before
    assert shop.verbs() == ["fichier déposé"]


def test_a_bad_file_shows_its_problems_at_their_row(shop: Shop) -> None:
    job = shop.send(BAD)
    assert job.state == State.REFUSED
    text = shop.said(f"/atelier/travaux/{job.key}/")
    assert "ligne <b>2</b>" in text and "QP999999" in text
    assert "ligne <b>3</b>" in text and "quarante" in text
    assert "Attendu\u00a0:" in text and "À faire\u00a0:" in text
    assert "Ajouter au projet" not in text
    only = shop.said(f"/atelier/travaux/{job.key}/?onglet=problemes&recherche=quarante")
    assert "1 sur 2" in only and "QP999999" not in only


def test_what_a_file_contains_is_escaped(shop: Shop) -> None:
    job = shop.send(BAD.replace("quarante", "<script>x</script>"))
    text = shop.said(f"/atelier/travaux/{job.key}/")
    assert "<script>x" not in text and "&lt;script&gt;x" in text


def book(size: int = 0, name: str = "xl/workbook.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, "<workbook/>")
        if size:
            archive.writestr("xl/worksheets/sheet1.xml", b"\0" * size)
    return out.getvalue()


def lying_bomb() -> bytes:
    """An archive that says that it is small: the size written for its sheet is false."""
    size = 80 << 20
    data = bytearray(book(size))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = data.rfind(mark) if mark == b"PK\x01\x02" else data.find(mark, 4)
        data[start + at : start + at + 4] = (1000).to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("vide.csv", b"", ""),  # Django refuses it as no file at all
        ("photo.png", b"\x89PNG\r\n", "fichier-type"),
        ("tableau.csv", b"%PDF-1.7 rien", "fichier-type"),
        ("tableau.csv", b"\x7fELF\0\0\0", "fichier-type"),
        ("tableau.csv", book(), "fichier-type"),
        ("tableau.xlsx", b"genre;territoire\n", "fichier-type"),
        ("tableau.xlsx", b"PK\x03\x04 rien de tel", "fichier-type"),
        ("tableau.xlsx", book(name="word/document.xml"), "fichier-type"),
        ("tableau.xls", book(), "fichier-type"),
        ("tableau.xlsx", book(80 << 20), "fichier-demesure"),
        ("tableau.xlsx", lying_bomb(), "fichier-"),
        ("script.csv.exe", GOOD.encode(), "fichier-type"),
    ],
)
def test_what_is_not_a_table_is_refused(shop: Shop, name: str, content: bytes, code: str) -> None:
    if not content:
        answer = shop.analyst.post(shop.page + "deposer/", {"remplace": ""})
        assert answer["Location"] == shop.page
        return
    job = shop.send(content, name)
    assert job.state == State.REFUSED
    problems = (job.folder / "problemes.json").read_text(encoding="utf-8")
    assert f'"code": "{code}' in problems


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("..\\..\\boot.csv", "boot.csv"),
        ("/absolu/tableau.csv", "tableau.csv"),
        ("Année 2016 (v2).csv", "Année 2016 (v2).csv"),
        ("a\0b\n;rm.csv", "a_b__rm.csv"),
        (".csv", "csv"),
        ("...", "fichier"),
        ("x" * 300 + ".csv", "x" * 97 + ".csv"),
    ],
)
def test_a_name_is_never_a_path(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


def test_nothing_leaves_the_folder_of_the_job(shop: Shop) -> None:
    job = shop.send(GOOD, "../../../../evil.csv")
    assert [path.name for path in (job.folder / "depot").iterdir()] == ["evil.csv"]
    assert not list(shop.root.glob("evil.csv"))


def test_a_file_beyond_the_limit_is_not_kept(shop: Shop) -> None:
    answer = shop.analyst.post(
        shop.page + "deposer/", {"fichier": io.BytesIO(b"a;b\n" * 400_000)}, follow=True
    )
    assert "dépasse" in answer.content.decode()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    "form",
    [{"priorite": "-1"}, {"priorite": "²"}, {"lecteur": "os.system"}, {"options": "sans egal"}],
)
def test_a_setting_that_is_not_well_written_is_told(shop: Shop, form: dict[str, str]) -> None:
    answer = shop.analyst.post(
        shop.page + "deposer/", {"fichier": io.BytesIO(GOOD.encode()), **form}, follow=True
    )
    assert 'class="avis"' in answer.content.decode()
    assert not Job.objects.exists()


def test_a_refused_file_is_not_kept(shop: Shop) -> None:
    assert not (shop.send(BAD).folder / "depot").exists()
    assert (shop.send(GOOD).folder / "depot").exists()
