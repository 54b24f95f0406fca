"""Does a register that is exported, changed and sent back say exactly what changed?"""

from __future__ import annotations

import io
from pathlib import Path

import office
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from row_maker import make

from terril.lib.problems import ProblemsError
from terril.web.espace.actions.change_row import change_row
from terril.web.espace.actions.import_table import import_table, look_at
from terril.web.espace.cards import cards
from terril.web.espace.models import Contract, Entry, Revision
from terril.web.people.refusal import RefusedError


def exported(browser: Client, register: str, form: str, chain: str = "") -> bytes:
    answer = browser.get(f"/espace/essai/registres/{register}/export.{form}{chain}")
    assert answer.status_code == 200
    return bytes(answer.content)


def read_back(contract: Contract, register: str, path: Path) -> tuple[int, int, int, list[str]]:
    seen = look_at(office.root(contract), register, path, shown=path.name)
    return (
        len(seen.plan.added), len(seen.plan.changed), seen.plan.unchanged,
        [str(problem) for problem in seen.problems],
    )  # fmt: skip


@pytest.mark.parametrize("form", ["xlsx", "ods", "csv"])
def test_every_register_goes_out_and_comes_back_unchanged(
    web: Client, tmp_path: Path, form: str
) -> None:
    contract = office.contract()
    browser = office.client_of(office.member(contract, "chargee_mission"))
    for register in cards().registers:
        if not Entry.objects.filter(register=register).exists():
            make(contract, register, whole=True, mark="=1+1 l’été ; « œ »\u202f!")
        count = Entry.objects.filter(register=register).count()
        path = tmp_path / f"{register}.{form}"
        path.write_bytes(exported(browser, register, form))
        assert read_back(contract, register, path) == (0, 0, count, []), register


def test_one_cell_is_one_change(web: Client, tmp_path: Path) -> None:
    contract = office.contract()
    office.places(contract)
    browser = office.client_of(office.member(contract, "chargee_mission"))
    book = openpyxl.load_workbook(io.BytesIO(exported(browser, "organisations", "xlsx")))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    sheet.cell(3, heads.index("Sigle") + 1, "L'Été")
    sheet.append({heads.index("Nom") + 1: "Nouvelle", heads.index("Nature") + 1: "Association"})
    path = tmp_path / "organisations.xlsx"
    book.save(path)
    counts = import_table(office.root(contract), "organisations", path, shown="o.xlsx")
    assert (counts.added, counts.changed, counts.archived) == (1, 1, 0)
    changed = Entry.objects.get(register="organisations", version=2)
    assert changed.values["sigle"] == "L'Été" and Revision.objects.get(version=2).entry == changed
    again = import_table(office.root(contract), "organisations", path, shown="o.xlsx")
    assert (again.added, again.changed) == (0, 0), "twice is once"


def test_filters_are_kept_by_the_export(web: Client, tmp_path: Path) -> None:
    contract = office.contract()
    office.places(contract)
    browser = office.client_of(office.member(contract, "chargee_mission"))
    text = exported(browser, "organisations", "csv", "?nature=association").decode()
    assert "L’Été solidaire" in text and "Ville" not in text
    path = tmp_path / "o.csv"
    path.write_text(text, encoding="utf-8")
    assert read_back(contract, "organisations", path) == (0, 0, 1, []), "the others stay"


def test_one_bad_row_and_nothing_is_written(web: Client, tmp_path: Path) -> None:
    contract = office.contract()
    path = tmp_path / "communes.csv"
    path.write_text("Nom;Code Insee\nÉcully;69081\nSans code;\n;\nÉcully bis;69081\n", "utf-8")
    with pytest.raises(ProblemsError) as caught:
        import_table(office.root(contract), "communes", path, shown="communes.csv")
    lines = {problem.where.line for problem in caught.value.problems}
    assert {3, 5} <= lines and not Entry.objects.exists()
    assert all(problem.where.file == "communes.csv" for problem in caught.value.problems)


def test_what_others_changed_since_the_export_is_not_lost(web: Client, tmp_path: Path) -> None:
    contract = office.contract()
    office.places(contract)
    browser = office.client_of(office.member(contract, "chargee_mission"))
    path = tmp_path / "o.csv"
    text = exported(browser, "organisations", "csv").decode().replace("L’Été", "Le Printemps")
    change_row(office.root(contract), "organisations", 3, {"sigle": "LES"}, 1)
    change_row(office.root(contract), "organisations", 1, {"nom": "Ville nouvelle"}, 1)
    path.write_text(text.replace("Ville de Lunéville", "Ville ancienne"), encoding="utf-8")
    seen = look_at(office.root(contract), "organisations", path, shown="o.csv")
    assert [one.number for one in seen.plan.conflicts] == [1]
    import_table(office.root(contract), "organisations", path, shown="o.csv")
    rows = {row.number: row for row in office.root(contract).rows("organisations")}
    assert (rows[3].get("nom"), rows[3].get("sigle")) == ("Le Printemps solidaire", "LES")
    assert rows[1].get("nom") == "Ville nouvelle"


def test_a_tree_whose_parents_are_in_the_same_file_is_added_whole(
    web: Client, tmp_path: Path
) -> None:
    contract = office.contract()
    card = cards().registers["arbre"]
    self_link = next(n for n, c in card.columns.items() if c.target == "arbre")
    heads = [card.columns[name].label for name in ("code", "intitule", "niveau", self_link)]
    choice = list(cards().lists[str(card.columns["niveau"].choices)].items.values())
    path = tmp_path / "arbre.csv"
    path.write_text(
        ";".join(heads) + f"\nA.1;L’axe;{choice[1]};A\nA;Le pilier;{choice[0]};\n", "utf-8"
    )
    import_table(office.root(contract), "arbre", path, shown="arbre.csv")
    rows = {row.get("code"): row for row in office.root(contract).rows("arbre")}
    assert rows["A.1"].get(self_link) == rows["A"].number


def test_the_pages_show_what_would_change_before_it_does(web: Client, tmp_path: Path) -> None:
    contract = office.contract()
    browser = office.client_of(office.member(contract, "chargee_mission"))
    place = "/espace/essai/registres/communes/importer/"
    sent = SimpleUploadedFile("communes.csv", "Nom;Code Insee\nÉcully;69081\n".encode())
    with override_settings(MEDIA_ROOT=tmp_path):
        answer = browser.post(place, {"fichier": sent})
        seen = answer["Location"]
        assert "Écully" in browser.get(seen).content.decode() and not Entry.objects.exists()
        other = office.client_of(office.member(contract, "chargee_mission"))
        assert other.get(seen).status_code == 404, "hers alone"
        assert browser.post(seen + "valider/").status_code == 302
        assert Entry.objects.get().values["nom"] == "Écully"
        assert browser.post(seen + "valider/").status_code == 404, "once"
        bad = SimpleUploadedFile("communes.xlsx", b"PK\x03\x04 rien")
        assert browser.post(place, {"fichier": bad}).status_code == 400
        assert not list(tmp_path.rglob("*.xlsx"))


def test_only_those_who_write_all_rows_import(web: Client, tmp_path: Path) -> None:
    contract = office.contract()
    path = tmp_path / "communes.csv"
    path.write_text("Nom;Code Insee\nÉcully;69081\n", "utf-8")
    for role in sorted(set(cards().roles) - {"chargee_mission"}):
        who = office.member(contract, role)
        with pytest.raises(RefusedError):
            import_table(office.seen_by(contract, who), "communes", path, shown="c.csv")
    assert not Entry.objects.exists()
