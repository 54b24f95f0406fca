from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import office
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from terril.web.espace.conversions import Converted, Converter, converters_of, converts
from terril.web.espace.models import Entry, Intake
from terril.web.people.models import Person

POSTS = (
    "id_poste,code_tiers,raison_sociale,annee,montant,code_cv\n"
    "P1,ASSO,Les Mains vertes,2021,20071.82,CV1\n"
    "P1,ASSO,Les Mains vertes,2022,20500,CV1\n"
    "P2,21620498200013,Ville neuve,2022,19000,CV1\n"
    "P9,ASSO,Ailleurs,2022,19000,CV2\n"
    "P3,ASSO,,2022,19000,CV1\n"
)
LINES = (
    "Année;Bailleur;Situation;Ressources annuelles par unité de consommation;Bail signé;Nom\n"
    "2025;Habitat;Hors quartier prioritaire;8765,43;oui;Untel\n"
    "2025;Habitat;Hors quartier prioritaire;8765,43;oui;Untelle\n"
    "2025;Habitat;En quartier prioritaire;;non;Tel\n"
    "2025;Habitat;ailleurs;8765,43;non;Tel\n"
)


def _send(who: Person, code: str, kind: str, text: str | bytes, **more: str) -> Any:
    body = text.encode() if isinstance(text, str) else text
    name = more.pop("name", "fichier d’eux.csv")
    sent = {"sorte": kind, "fichier": SimpleUploadedFile(name, body), **more}
    return office.client_of(who).post(f"/espace/essai/registres/{code}/convertir/", sent)


def _steps(who: Person) -> list[str]:
    """Say yes to each file in turn; return the registers, in the order they were written."""
    browser, done = office.client_of(who), []
    intake = Intake.objects.filter(done__isnull=True, after__isnull=True).first()
    while intake is not None:
        base = f"/espace/essai/registres/{intake.register}/importer/{intake.key}/"
        assert browser.get(base).status_code == 200
        answer = browser.post(f"{base}valider/")
        assert answer.status_code == 302, answer.content.decode()
        done.append(intake.register)
        intake = Intake.objects.filter(done__isnull=True, after=intake).first()
        if intake is not None:
            assert intake.key in answer["Location"]
    return done


def _values(register: str) -> list[dict[str, Any]]:
    return [dict(e.values) for e in Entry.objects.filter(register=register).order_by("number")]


def test_an_open_file_of_posts_becomes_rows_in_order(web: Client) -> None:
    where = office.contract()
    office.fill(where, "organisations", {"nom": "LES MAINS VERTES", "nature": "association"})
    keeper = office.member(where, "chargee_mission")
    page = _send(keeper, "postes", "adulte_relais", POSTS, precision="cv1").content.decode()
    assert "3 lignes lues, 1 ligne d’un autre contrat" in page and "ligne 6" in page
    assert not Entry.objects.filter(register="postes").exists()
    assert _steps(keeper) == ["organisations", "postes", "postes_annees"]
    assert [row["nom"] for row in _values("organisations")] == ["LES MAINS VERTES", "Ville neuve"]
    assert [(r["convention"], r["employeur"]) for r in _values("postes")] == [("P1", 1), ("P2", 2)]
    assert [(r["poste"], r["annee"]) for r in _values("postes_annees")] == [
        (1, 2021), (1, 2022), (2, 2022),
    ]  # fmt: skip


def test_the_same_file_twice_adds_nothing(web: Client) -> None:
    where = office.contract()
    office.fill(where, "organisations", {"nom": "Habitat", "nature": "bailleur"})
    keeper = office.member(where, "chargee_mission")
    for _ in range(2):
        assert _send(keeper, "postes", "fonjep", POSTS).status_code == 200
        _steps(keeper)
        assert _send(keeper, "cia_attributions", "attributions", LINES).status_code == 200
        _steps(keeper)
    counts = [len(_values(name)) for name in ("organisations", "postes", "postes_annees")]
    assert counts == [4, 3, 4] and len(_values("cia_attributions")) == 2


def test_households_are_counted_and_forgotten(web: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    where = office.contract()
    office.fill(where, "organisations", {"nom": "Habitat", "nature": "bailleur"})
    office.fill(where, "cia_plafonds", {"annee": 2025, "premier": Decimal(9000)})
    keeper = office.member(where, "chargee_mission")
    seen: list[Path] = []
    (known,) = converters_of("cia_attributions")

    def watched(path: Path, space: Any, asked: str) -> Converted:
        seen.append(path)
        return known.convert(path, space, asked)

    spy = Converter(known.code, known.label, known.about, known.registers, watched)
    converts("cia_attributions", spy)
    try:
        page = _send(keeper, "cia_attributions", "attributions", LINES).content.decode()
    finally:
        converts("cia_attributions", known)
    assert "3 attributions comptées" in page and "8765" not in page and "Untel" not in page
    assert not seen[0].exists()
    kept = [path.read_bytes() for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert not any(b"8765" in body or b"Untel" in body for body in kept)
    assert _steps(keeper) == ["cia_attributions"]
    assert sorted((r["quartile"], r["nombre"]) for r in _values("cia_attributions")) == [
        ("inconnu", 1), ("q1", 2),
    ]  # fmt: skip


def test_a_year_without_ceilings_is_told(web: Client) -> None:
    where = office.contract()
    office.fill(where, "organisations", {"nom": "Habitat", "nature": "bailleur"})
    page = _send(
        office.member(where, "chargee_mission"), "cia_attributions", "attributions", LINES
    ).content.decode()
    assert "le quartile est inconnu\u00a0: 2025." in page


def test_what_comes_after_waits_for_what_comes_before(web: Client) -> None:
    where = office.contract()
    keeper = office.member(where, "chargee_mission")
    _send(keeper, "postes", "adulte_relais", POSTS)
    first, _, last = Intake.objects.order_by("pk")
    browser = office.client_of(keeper)
    base = f"/espace/essai/registres/postes_annees/importer/{last.key}/"
    for answer in (browser.get(base), browser.post(f"{base}valider/")):
        assert answer.status_code == 302 and first.key in answer["Location"]
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("body", "name", "told"),
    [
        ("id_poste,annee\nP1,2020\n", "a.csv", "« montant »"),
        ("Employé;été\n".encode("latin-1") + b"\xe9\xff;1\n", "a.csv", "CSV en UTF-8"),
        (b"a,b\n\0,c\n", "a.csv", "binaire"),
        (b"PK\x03\x04", "a.csv", "archive"),
        (b"%PDF-1.4", "a.pdf", "terminaison"),
        (b"", "a.csv", "vide"),
        ("id_poste,code_tiers,raison_sociale,annee,montant,code_cv\nP1," + "x" * 200_000 + "\n",
         "a.csv", "CSV en UTF-8"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_told_and_kept_nowhere(
    web: Client, body: str | bytes, name: str, told: str
) -> None:
    office.contract()
    keeper = office.member(_essai(), "chargee_mission")
    answer = _send(keeper, "postes", "adulte_relais", body, name=name)
    assert answer.status_code == 400 and told in answer.content.decode()
    assert not Intake.objects.exists()


def _essai() -> Any:
    from terril.web.espace.models import Contract

    return Contract.objects.get(code="essai")


@pytest.mark.parametrize("kind", ["", "attributions", "x"])
def test_a_kind_that_the_register_does_not_take_is_refused(web: Client, kind: str) -> None:
    keeper = office.member(office.contract(), "chargee_mission")
    assert _send(keeper, "postes", kind, POSTS).status_code == 400
    assert office.client_of(keeper).get(
        "/espace/essai/registres/actions/convertir/"
    ).status_code == 404  # fmt: skip


@pytest.mark.parametrize(
    ("role", "posts", "allocations"),
    [
        ("chargee_mission", 200, 200),
        ("analyste", 403, 200),  # she writes the allocations, not the organisations
        ("porteur", 403, 403),
        ("financeur", 403, 403),
    ],
)
def test_who_converts_may_import_into_every_register(
    web: Client, role: str, posts: int, allocations: int
) -> None:
    who = office.member(office.contract(), role)
    browser = office.client_of(who)
    for code, kind, status in (
        ("postes", "adulte_relais", posts), ("cia_attributions", "attributions", allocations),
    ):  # fmt: skip
        assert browser.get(f"/espace/essai/registres/{code}/convertir/").status_code == status
        if status == 403:
            text = POSTS if code == "postes" else LINES
            assert _send(who, code, kind, text).status_code == 403
    assert not Intake.objects.exists()


def test_the_import_page_leads_to_the_conversion(web: Client) -> None:
    keeper = office.client_of(office.member(office.contract(), "chargee_mission"))
    page = keeper.get("/espace/essai/registres/postes/importer/").content.decode()
    assert "/espace/essai/registres/postes/convertir/" in page and "Adultes-relais" in page
    assert (
        "convertir/" not in keeper.get("/espace/essai/registres/actions/importer/").content.decode()
    )


def test_the_real_files_of_one_contract_are_converted(web: Client, real_data: Path) -> None:
    where = office.contract()
    keeper = office.member(where, "chargee_mission")
    folder = real_data / "subventions"
    for kind, name in (("adulte_relais", "anct_adulte_relais"), ("fonjep", "anct_postes_fonjep")):
        body = (folder / f"{name}_2020_2023_dep62.csv").read_bytes()
        assert _send(keeper, "postes", kind, body, precision="CV219").status_code == 200
        _steps(keeper)
    assert len(_values("postes_annees")) == 52 + 16
    assert len({row["nom"] for row in _values("organisations")}) == len(_values("organisations"))
