"""Does the typesetter refuse what must not be published, and say it in French?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from terril.reports import engine
from terril.reports.engine import Job, Typesetter, TypesettingError, typeset_many

HEAD = (
    '#let d = json("data.json")\n#set document(title: d.title)\n#set text(lang: "fr")\n= #d.title\n'
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>x</title></svg>'


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    folder = tmp_path / "gabarits"
    folder.mkdir()
    (folder / "un.typ").write_text(HEAD + "#d.text\n#if d.more [#pagebreak() suite]", "utf-8")
    (folder / "image.typ").write_text(
        HEAD + '#image(bytes(d.svg), format: "svg", alt: d.at("alt", default: none))', "utf-8"
    )
    return folder


@pytest.fixture
def setter(templates: Path) -> Iterator[Typesetter]:
    with Typesetter("un.typ", templates=templates) as found:
        yield found


def data(text: str = "Bonjour", more: bool = False) -> dict[str, Any]:
    return {"title": "Essai", "text": text, "more": more}


def test_the_same_input_gives_the_same_bytes(setter: Typesetter, templates: Path) -> None:
    first = setter.pdf(data(), date="2020-07-01")
    other = setter.pdf(data("autre"), date="2020-07-01")
    assert setter.pdf(data(), date="2020-07-01") == first != other
    with Typesetter("un.typ", templates=templates) as second:
        assert second.pdf(data(), date="2020-07-01") == first
    assert setter.pdf(data(), date="2021-01-01") != first


def test_pages_are_counted_and_an_unexpected_number_is_refused(setter: Typesetter) -> None:
    assert engine.page_count(setter.pdf(data(more=True), date="2020-07-01", pages=2)) == 2
    with pytest.raises(TypesettingError) as caught:
        setter.pdf(data(more=True), date="2020-07-01", pages=1, name="QP000001")
    (problem,) = caught.value.problems
    assert problem.code == "nombre-de-pages"
    assert "QP000001 : le document fait 2 pages" in str(problem) and "À faire" in str(problem)


def test_a_figure_without_an_alternative_is_refused(templates: Path) -> None:
    with Typesetter("image.typ", templates=templates) as setter:
        assert setter.pdf({"title": "x", "svg": SVG, "alt": "un carré"}, date="2020-07-01")
        with pytest.raises(TypesettingError) as caught:
            setter.pdf({"title": "x", "svg": SVG}, date="2020-07-01")
    assert caught.value.problems[0].code == "alternative-absente"


def test_a_broken_template_is_explained_with_its_place(setter: Typesetter) -> None:
    with pytest.raises(TypesettingError) as caught:
        setter.pdf({"title": "x"}, date="2020-07-01", name="fiche-1")
    text = str(caught.value)
    assert text.startswith("fiche-1 : le moteur de composition s’arrête") and "un.typ" in text
    assert setter.pdf(data(), date="2020-07-01"), "the typesetter still works after a refusal"


def test_only_the_fonts_of_the_package_are_used(setter: Typesetter) -> None:
    names = {path.name for path in engine.FONTS.glob("*.ttf")}
    assert names == {f"SourceSans3-{w}.ttf" for w in ("Light", "Regular", "It", "Semibold", "Bold")}
    assert "SIL Open Font License" in (engine.FONTS / "LICENSE.md").read_text("utf-8")


def test_pictures_of_the_pages(setter: Typesetter) -> None:
    pictures = setter.png(data(more=True), ppi=20)
    assert len(pictures) == 2 and all(p.startswith(b"\x89PNG") for p in pictures)


def test_the_temporary_folder_goes(templates: Path) -> None:
    setter = Typesetter("un.typ", templates=templates)
    folder = Path(setter._folder.name)
    assert folder.is_dir()
    setter.close()
    assert not folder.exists()


def test_a_file_is_replaced_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out" / "fiche.pdf"
    engine.write_atomic(target, b"avant")

    def refuse(*_: object) -> None:
        raise OSError("disque plein")

    monkeypatch.setattr("terril.reports.engine.os.replace", refuse)
    with pytest.raises(OSError, match="disque plein"):
        engine.write_atomic(target, b"apres")
    assert target.read_bytes() == b"avant"
    assert [p.name for p in target.parent.iterdir()] == ["fiche.pdf"]


def golden(subject: str) -> Mapping[str, Any]:
    """Build one of the golden sheets by name; "long" is one that cannot hold."""
    import dataclasses

    import golden_fiches

    from terril.reports.fiche import fiche_data

    fiche = golden_fiches.one_commune()
    if subject == "long":
        fiche = dataclasses.replace(fiche, headline="Une phrase interminable. " * 40)
    return fiche_data(fiche)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_batch_goes_on_after_a_refused_document(
    tmp_path: Path, processes: int, monkeypatch: pytest.MonkeyPatch, repo_root: Path
) -> None:
    paths = [repo_root / "tests" / "golden", repo_root / "tests" / "unit" / "reports"]
    for path in paths:
        monkeypatch.syspath_prepend(str(path))
    monkeypatch.setenv("PYTHONPATH", ":".join(map(str, paths)))
    jobs = [
        Job("fiche.typ", name, golden, tmp_path / f"{name}.pdf", "2020-07-01", 2)
        for name in ("b", "long", "a")
    ]
    done: list[int] = []
    outcomes = typeset_many(iter(jobs), processes=processes, progress=done.append, chunk=1)
    assert [o.output.name for o in outcomes] == ["a.pdf", "b.pdf", "long.pdf"]
    assert sum(done) == 3
    assert [bool(o.problems) for o in outcomes] == [False, False, True]
    assert outcomes[2].problems[0].code == "fiche-deborde"
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert not (tmp_path / "long.pdf").exists()
