"""Does a folder enter whole or not at all, and twice without a change?"""

from __future__ import annotations

import io
from pathlib import Path

import office
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from terril.catalogue.load import load_catalogue
from terril.lib.problems import ProblemsError
from terril.web.espace.actions.load_folder import links_of, load_folder, load_order
from terril.web.espace.actions.write_templates import write_templates
from terril.web.espace.models import Contract, Entry, Invitation, Membership, Revision
from terril.web.people.models import Journal, Person

CONTRACT = """\
code: essai
nom: Contrat d’essai
porteur: Communauté d’essai
siren: "200000172"
generation: 2024
debut: 2024-01-01
fin: 2030-12-31
niveaux: [[axe, axes], [objectif, objectifs]]
"""
TABLES = {
    "communes.csv": "Nom;Code Insee\nÉcully;69081\nLunéville;54329\n",
    "quartiers.csv": "Nom;Code;Type de zone;Communes\n"
    "Les Hauts;QP000001;Quartier prioritaire;Écully; \n"
    'Cités 9-9bis;QP000002;Quartier prioritaire;"Écully; Lunéville"\n',
    "organisations.csv": "Nom;Nature;Commune\nL’Été solidaire;Association;Lunéville\n",
    # the second line of a tree points at the first of the same file, and its key has a blank part
    "arbre.csv": "Code;Intitulé;Niveau;Fait partie de\nA1;Santé;Premier niveau;\n"
    "A1.1;Aller vers;Deuxième niveau;A1 – Santé\n",
    # a register without a key
    "formations.csv": "",
}


def folder(path: Path, **changes: str) -> Path:
    """Write the folder, some files replaced (« communes=… »), none when the text is empty."""
    path.mkdir(exist_ok=True)
    (path / "contrat.yaml").write_text(changes.pop("contrat", CONTRACT), encoding="utf-8")
    for name, text in TABLES.items():
        text = changes.get(name.removesuffix(".csv"), text)
        if text:
            (path / name).write_text(text, encoding="utf-8")
    return path


def test_each_register_comes_after_those_it_links_to() -> None:
    registers = load_catalogue().registers
    order = load_order(registers)
    assert sorted(order) == sorted(registers)
    late = {
        (code, target)
        for place, code in enumerate(order)
        for target in links_of(registers[code]) - {code}
        if target not in order[:place]
    }
    assert not late, "a circle of links: which of the two registers is loaded first?"


def test_a_folder_makes_a_contract_and_a_second_time_changes_nothing(
    web: Client, tmp_path: Path
) -> None:
    (tmp_path / "LISEZMOI.txt").write_text("D’où viennent ces tables.", encoding="utf-8")
    loaded = load_folder(folder(tmp_path))
    assert loaded.done == "créé"
    assert {code: counts.added for code, _, counts in loaded.registers} == {
        "communes": 2, "quartiers": 2, "organisations": 1, "arbre": 2,
    }  # fmt: skip
    contract = Contract.objects.get()
    assert (contract.generation, contract.levels[1]) == ("g2024", ["objectif", "objectifs"])
    quartier = Entry.objects.get(register="quartiers", number=2)
    assert quartier.values["communes"] == [1, 2]
    assert Entry.objects.get(register="arbre", number=2).values["parent"] == 1
    before = (Entry.objects.count(), Revision.objects.count(), Journal.objects.count())
    again = load_folder(tmp_path)
    assert again.done == "inchangé"
    assert not any(c.added or c.changed or c.archived for _, _, c in again.registers)
    assert (Entry.objects.count(), Revision.objects.count(), Journal.objects.count()) == before


def test_what_changed_is_changed_and_the_rest_left(web: Client, tmp_path: Path) -> None:
    load_folder(folder(tmp_path))
    changed = CONTRACT.replace("2030-12-31", "2031-12-31")
    arbre = TABLES["arbre.csv"].replace("Aller vers;", "Aller vers les habitants;")
    loaded = load_folder(folder(tmp_path, contrat=changed, arbre=arbre))
    assert loaded.done == "modifié"
    counts = {code: (c.added, c.changed) for code, _, c in loaded.registers}
    assert counts["arbre"] == (0, 1) and counts["communes"] == (0, 0)
    line = Journal.objects.filter(verb="contrat modifié").get()
    assert line.details["champs"] == {"ends": ["2030-12-31", "2031-12-31"]}


def test_nothing_is_written_when_anything_is_wrong(web: Client, tmp_path: Path) -> None:
    wrong = TABLES["quartiers.csv"].replace("Lunéville", "Nulle part")
    people = "Nom;Nature\nL’Été;Truc\nBien;Association\n"
    with pytest.raises(ProblemsError) as refused:
        load_folder(folder(tmp_path, quartiers=wrong, organisations=people))
    said = [str(problem) for problem in refused.value.problems]
    assert len(said) == 2, said
    assert "quartiers.csv, ligne 3" in " ".join(said) and "organisations.csv, ligne 2" in " ".join(
        said
    )
    assert not Contract.objects.exists() and not Entry.objects.exists()


def test_a_table_that_depends_on_a_wrong_one_does_not_repeat_it(
    web: Client, tmp_path: Path
) -> None:
    with pytest.raises(ProblemsError) as refused:
        load_folder(folder(tmp_path, communes="Nom;Code Insee\n;69081\n"))
    assert {problem.where.file for problem in refused.value.problems} == {"communes.csv"}


@pytest.mark.parametrize(
    ("name", "text", "code", "said"),
    [
        ("contrat.yaml", "code: essai\nnom: A\n", "contrat-incomplet", "porteur"),
        ("contrat.yaml", CONTRACT + "cod: x\n", "contrat-cle", "« code »"),
        ("contrat.yaml", CONTRACT.replace("code: essai", "code: Été"), "contrat-valeur", "adresse"),
        ("contrat.yaml", CONTRACT.replace("2030-12-31", "2020-12-31"), "contrat-dates", "avant"),
        ("contrat.yaml", CONTRACT.replace("2024-01-01", "1er mai"), "contrat-valeur", "date"),
        ("contrat.yaml", CONTRACT.replace("200000172", "2000"), "contrat-valeur", "9 chiffres"),
        ("contrat.yaml", CONTRACT.replace("[axe, axes], ", "axe, "), "contrat-valeur", "paires"),
        ("organisation.csv", "Nom;Nature\nA;Commune\n", "registre-inconnu", "organisations"),
        ("communes.tsv", "Nom\tCode Insee\nA\t1\n", "registre-double", "un seul"),
    ],
)
def test_each_mistake_has_its_place_and_its_remedy(
    web: Client, tmp_path: Path, name: str, text: str, code: str, said: str
) -> None:
    folder(tmp_path)
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ProblemsError) as refused:
        load_folder(tmp_path)
    (problem,) = refused.value.problems
    assert problem.code == code and problem.where.file == name and problem.remedy
    assert said in str(problem).replace("\u00a0", " ")
    assert not Contract.objects.exists()


def test_a_folder_without_a_contract_is_refused(web: Client, tmp_path: Path) -> None:
    with pytest.raises(ProblemsError) as refused:
        load_folder(tmp_path / "absent")
    assert refused.value.problems[0].code == "contrat-absent"


def test_templates_are_filled_then_loaded_and_never_overwritten(
    web: Client, tmp_path: Path
) -> None:
    written = [path.name for path in write_templates(tmp_path)]
    assert written[0] == "contrat.yaml"
    assert set(written[1:]) == {f"{code}.xlsx" for code in load_catalogue().registers}
    loaded = load_folder(tmp_path)
    assert loaded.done == "créé" and not Entry.objects.exists()
    with pytest.raises(ProblemsError) as refused:
        list(write_templates(tmp_path))
    assert refused.value.problems[0].code == "modele-present"


# ------------------------------------------------------------------ the command


def _said(*words: str) -> str:
    out = io.StringIO()
    call_command("espace", *words, stdout=out)
    return out.getvalue().replace("\u00a0", " ")


def test_the_command_tells_what_it_did(web: Client, tmp_path: Path) -> None:
    folder(tmp_path)
    said = _said("charger", str(tmp_path))
    assert "Contrat d’essai : contrat créé." in said and "Communes : 2 lignes ajoutées" in said
    assert "Communes : rien de nouveau" in _said("charger", str(tmp_path))
    assert "7 lignes" in _said("lister")
    (tmp_path / "communes.csv").write_text("Nom;Code Insee\n;69081\n", encoding="utf-8")
    with pytest.raises(CommandError, match="communes.csv, ligne 2(.|\n)*Rien n’est écrit"):
        _said("charger", str(tmp_path))


def test_the_first_member_comes_in_and_a_second_time_changes_nothing(web: Client) -> None:
    office.contract()
    said = _said("membre", "essai", "Camille@exemple.fr", "--nom", "Camille")
    assert "est membre du contrat essai" in said
    password = said.rsplit(": ", 1)[1].strip()
    person = Person.objects.get(email="camille@exemple.fr")
    assert person.check_password(password)
    assert "était déjà membre" in (again := _said("membre", "essai", "camille@exemple.fr"))
    assert "Mot de passe" not in again and Membership.objects.count() == 1
    said = _said("membre", "essai", "camille@exemple.fr", "--renouveler")
    person.refresh_from_db()
    assert person.check_password(said.rsplit(": ", 1)[1].strip())


def test_somebody_is_invited_for_a_structure(web: Client) -> None:
    contract = office.contract()
    office.places(contract)
    said = _said(
        "inviter", "essai", "phare@exemple.fr", "--role", "porteur",
        "--organisation", "l’été SOLIDAIRE",
    )  # fmt: skip
    assert "/invitation/" in said
    made = Invitation.objects.get()
    assert (made.role, made.organisation) == ("porteur", 3)
    for words, expected in (
        (("inviter", "essai", "x@exemple.fr", "--organisation", "Personne"), "Aucune organisation"),
        (("inviter", "essai", "x@exemple.fr", "--role", "roi"), "rôle n’existe pas"),
        (("inviter", "absent", "x@exemple.fr"), "Aucun contrat"),
        (("inviter", "essai"), "adresse"),
        (("charger",), "le dossier"),
    ):
        with pytest.raises(CommandError, match=expected):
            _said(*words)
