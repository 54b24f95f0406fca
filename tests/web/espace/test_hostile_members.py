"""What does a member, or a stranger, who tries every door of the workspace?"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import re
from decimal import Decimal
from typing import Any

import office
import pytest
import row_maker
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from doors_of_site import doors

from terril.catalogue.registers import ColumnKind
from terril.registres.cells import Fault
from terril.registres.rows import Row
from terril.web.espace.actions.add_row import add_row
from terril.web.espace.actions.archive_row import archive_row
from terril.web.espace.actions.change_row import change_row
from terril.web.espace.actions.invite import invite
from terril.web.espace.cards import cards
from terril.web.espace.models import Contract, Draft, Entry, Revision, Stamp
from terril.web.espace.perms import can_archive, can_write, own_columns
from terril.web.espace.writing import FaultsError
from terril.web.people.models import Journal
from terril.web.people.refusal import RefusedError

XSS = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def world(web: Client) -> dict[str, Any]:
    """A contract with an action of one association, its money, and another contract."""
    where = office.contract()
    communes, quartiers, halls = office.places(where)
    mine, other = (
        row.number
        for row in office.fill(
            where,
            "organisations",
            {"nom": "Les Mains vertes", "nature": "association"},
            {"nom": "Le Fil rouge", "nature": "association"},
        )
    )
    one, two = (
        row.number
        for row in office.fill(
            where,
            "actions",
            {"code": "A-1", "annee": 2026, "intitule": "Jardin partagé", "porteur": mine},
            {"code": "A-2", "annee": 2026, "intitule": "Chantier école", "porteur": other},
        )
    )
    office.fill(
        where,
        "financements",
        {"action": two, "financeur": halls[0].number, "demande": Decimal("98765.00")},
    )
    elsewhere = office.contract("ailleurs")
    foreign = office.fill(elsewhere, "communes", {"nom": "Secrète-sur-Mer", "code": "99999"})
    return {
        "where": where, "elsewhere": elsewhere, "mine": mine, "other": other, "one": one,
        "two": two, "quartiers": [row.number for row in quartiers],
        "halls": [row.number for row in halls], "foreign": foreign[0].number,
        "porteur": office.member(where, "porteur", organisation=mine),
    }  # fmt: skip


def _base(where: Contract) -> str:
    return f"/espace/{where.code}/"


# ------------------------------------------------------------------ rows that are not hers


def test_a_row_is_not_given_to_another_structure(world: dict[str, Any]) -> None:
    space = office.seen_by(world["where"], world["porteur"])
    row = space.row("actions", world["one"])
    assert row is not None
    with pytest.raises(RefusedError):
        change_row(space, "actions", world["one"], {"porteur": world["other"]}, row.version)
    with pytest.raises(RefusedError):
        change_row(space, "actions", world["two"], {"porteur": world["mine"]}, 1)
    theirs = row_maker.make(world["where"], "offres")
    for owner, refused in ((world["other"], True), (world["mine"], False)):
        values = {**theirs.values, "organisation": owner, "intitule": f"Offre {owner}"}
        with pytest.raises(RefusedError) if refused else contextlib.nullcontext():
            add_row(space, "offres", values)


def test_who_may_not_add_rows_puts_none_away(world: dict[str, Any]) -> None:
    """A project holder writes her action; she does not take it out of the sums of the programme."""
    space = office.seen_by(world["where"], world["porteur"])
    row = space.row("actions", world["one"])
    assert row is not None and can_write(space, "actions", row) is None
    assert can_archive(space, "actions", row) is not None
    with pytest.raises(RefusedError):
        archive_row(space, "actions", world["one"])
    archive_row(office.root(world["where"]), "actions", world["one"])
    with pytest.raises(RefusedError):
        archive_row(
            office.seen_by(world["where"], world["porteur"]), "actions", world["one"],
            archived=False,
        )  # fmt: skip


def test_a_second_role_does_not_widen_the_first(world: dict[str, Any]) -> None:
    """A councillor’s organisation is not one that the same person holds projects for."""
    from terril.web.espace.models import Membership

    Membership.objects.create(
        contract=world["where"], person=world["porteur"], role="conseiller_citoyen",
        organisation=world["other"],
    )  # fmt: skip
    space = office.seen_by(world["where"], world["porteur"])
    row = space.row("actions", world["two"])
    assert row is not None and can_write(space, "actions", row) is not None
    assert own_columns(space, "offres") == {"organisation": frozenset({world["mine"]})}


def test_who_invites_councillors_does_not_make_them_speak_for_others(
    world: dict[str, Any],
) -> None:
    where, quartier = world["where"], world["quartiers"][0]
    council = office.fill(where, "organisations", {"nom": "Conseil", "nature": "conseil_citoyen"})
    chief = office.member(where, "chef_projet", quartiers=[quartier])
    space = office.seen_by(where, chief)
    args: dict[str, Any] = {"quartiers": [quartier], "site": "https://exemple.fr"}
    with pytest.raises(RefusedError):
        invite(space, "a@exemple.fr", "conseiller_citoyen", organisation=world["other"], **args)
    made, _ = invite(
        space, "a@exemple.fr", "conseiller_citoyen", organisation=council[0].number, **args
    )
    assert made.organisation == council[0].number


def test_a_crafted_form_sets_neither_state_nor_author(world: dict[str, Any]) -> None:
    browser = office.client_of(world["porteur"])
    address = f"{_base(world['where'])}registres/actions/{world['one']}/modifier/"
    sent = {
        "version": "1", "code": "A-1", "annee": "2026", "intitule": "Jardin",
        "porteur": str(world["mine"]), "etat": "terminee", "author": "x", "archived": "1",
        "number": "99", "contract": str(world["elsewhere"].pk),
    }  # fmt: skip
    browser.post(address, sent)
    entry = Entry.objects.get(contract=world["where"], register="actions", number=world["one"])
    assert entry.values["intitule"] == "Jardin"
    assert (entry.values["etat"], entry.author, entry.archived) == ("deposee", "", False)


@pytest.mark.parametrize("version", ["0", "-1", "999999999", "9" * 5000, "", "x", "٣"])
def test_a_false_version_writes_nothing(world: dict[str, Any], version: str) -> None:
    browser = office.client_of(world["porteur"])
    address = f"{_base(world['where'])}registres/actions/{world['one']}/modifier/"
    sent = {"version": version, "code": "A-1", "annee": "2026", "intitule": "Autre",
            "porteur": str(world["mine"])}  # fmt: skip
    assert browser.post(address, sent).status_code < 500
    assert Revision.objects.filter(entry__register="actions", version__gt=1).count() == 0


def test_a_change_that_holds_a_state_asks_what_its_move_asks(world: dict[str, Any]) -> None:
    """An import, or any change, goes by the moves: their roles, their reason."""
    where = world["where"]
    need = row_maker.make(where, "besoins", whole=True)
    keeper = office.seen_by(where, office.member(where, "chargee_mission"))
    with pytest.raises(FaultsError) as told:
        change_row(keeper, "actions", world["one"], {"etat": "refusee"}, 1)
    assert isinstance(told.value.faults["etat"], Fault)
    done = change_row(keeper, "actions", world["one"], {"etat": "refusee"}, 1, comment="Hors délai")
    assert done.get("etat") == "refusee"
    council = office.member(where, "conseiller_citoyen", quartiers=[world["quartiers"][0]])
    with pytest.raises(RefusedError):
        change_row(
            office.seen_by(where, council), "besoins", need.number, {"etat": "etudie"}, 1
        )  # fmt: skip


def test_a_reason_out_of_all_size_is_cut(world: dict[str, Any]) -> None:
    space = office.root(world["where"])
    change_row(space, "actions", world["one"], {"intitule": "Jardin"}, 1, comment="x" * 500_000)
    last = Revision.objects.get(entry__register="actions", entry__number=world["one"], version=2)
    assert len(last.comment) <= 2_000


# ------------------------------------------------------------------ what is shut to a role


def _pages(world: dict[str, Any]) -> list[str]:
    base = _base(world["where"])
    return [
        base, f"{base}registres/", f"{base}journal/", f"{base}registres/financements/",
        f"{base}registres/financements/1/", f"{base}registres/financements/1/historique/",
        f"{base}registres/financements/export.csv", f"{base}registres/financements/export.xlsx",
        f"{base}registres/financements/resultats/", f"{base}registres/actions/{world['two']}/",
        f"{base}registres/organisations/{world['halls'][0]}/", f"{base}registres/actions/",
        f"{base}registres/arbre/resultats/", f"{base}contrat/", f"{base}contrat/questions/",
        f"{base}contrat/argent/", f"{base}registres/actions/export.xlsx",
    ]  # fmt: skip


def test_money_is_told_on_no_page_to_who_may_not_read_it(world: dict[str, Any]) -> None:
    for row in office.root(world["where"]).rows("financements"):
        change_row(
            office.root(world["where"]), "financements", row.number,
            {"demande": Decimal("98766.00")}, row.version,
        )  # fmt: skip
    browser = office.client_of(world["porteur"])
    for address in _pages(world):
        text = re.sub(
            r"[\s\u00a0\u202f]", "", browser.get(address).content.decode("utf-8", "ignore")
        )
        assert "98765" not in text and "98766" not in text, address
        assert "financements/1/" not in text, address


@pytest.mark.parametrize(
    ("register", "role"),
    [(code, role) for code, card in cards().registers.items() if card.read
     for role in cards().roles if role not in (*card.read, *card.write)],
)  # fmt: skip
def test_no_page_of_a_member_tells_what_is_shut_to_her(
    web: Client, register: str, role: str
) -> None:
    """Each door that opens for a role is looked into: what is kept from her is not there."""
    where = office.contract()
    for code in ("quartiers", "actions", "arbre", "reunions", "besoins", "formes", register):
        if not office.root(where).rows(code):
            row_maker.make(where, code, whole=True)
    space = office.root(where)
    row = space.rows(register)[0]
    row = change_row(space, register, row.number, _marked(register, row), row.version)
    who = office.member(where, role, organisation=1, quartiers=[1])
    browser = office.client_of(who)
    paths = [address for _, address in doors("espace/")]
    for code in cards().registers:
        base = f"/espace/{where.code}/registres/{code}/"
        paths += [base, f"{base}1/", f"{base}resultats/", f"{base}export.csv"]
    paths.append(f"/espace/{where.code}/registres/{register}/1/historique/")
    for path in paths:
        answer = browser.get(path)
        body = b"".join(answer)
        text = re.sub(r"[\s\u00a0\u202f]", "", body.decode("utf-8", "ignore"))
        assert _MARK not in text and "987654" not in text, path


_MARK = "Zyxwvu"


def _marked(register: str, row: Row) -> dict[str, Any]:
    """Values that are recognised wherever they are told."""
    found: dict[str, Any] = {}
    for name, column in cards().registers[register].columns.items():
        if column.kind in (ColumnKind.TEXT, ColumnKind.LONG):
            found[name] = f"{_MARK} {name}"
        elif column.kind is ColumnKind.AMOUNT:
            found[name] = Decimal(987654)
        elif column.kind is ColumnKind.INTEGER:
            found[name] = 987654
    return found


def test_a_draft_tells_no_name_of_a_shut_register(world: dict[str, Any]) -> None:
    browser = office.client_of(world["porteur"])
    key = {"formulaire": "financements/1", "version": "1", "demande": "1"}
    assert browser.post(f"{_base(world['where'])}brouillon/", key).status_code == 403
    Draft.objects.create(
        contract=world["where"], person=world["porteur"], key="financements/1", fields={}
    )
    page = browser.get(_base(world["where"])).content.decode()
    assert "Chantier école" not in page
    assert office.seen_by(world["where"], world["porteur"]).name("financements", 1) == "n°\u00a01"


@pytest.mark.parametrize(
    "key", ["actions/" + "9" * 5000, "actions/-1", "actions/x", "x/1", "", "/", "actions/²"]
)
def test_a_false_form_is_no_draft(world: dict[str, Any], key: str) -> None:
    browser = office.client_of(world["porteur"])
    base = _base(world["where"])
    assert browser.post(f"{base}brouillon/", {"formulaire": key}).status_code == 400
    assert browser.post(f"{base}brouillon/oublier/", {"formulaire": key}).status_code == 302
    assert not Draft.objects.exists()


def test_a_draft_is_hers_alone(world: dict[str, Any]) -> None:
    base = f"{_base(world['where'])}registres/actions/{world['one']}/modifier/"
    key = f"actions/{world['one']}"
    office.client_of(world["porteur"]).post(
        f"{_base(world['where'])}brouillon/", {"formulaire": key, "intitule": "Mon secret"}
    )
    other = office.client_of(office.member(world["where"], "chargee_mission"))
    assert "Mon secret" not in other.get(base).content.decode()
    assert "Mon secret" in office.client_of(world["porteur"]).get(base).content.decode()


# ------------------------------------------------------------------ another contract


def test_nothing_of_another_contract_is_reached(world: dict[str, Any]) -> None:
    where, elsewhere = world["where"], world["elsewhere"]
    keeper = office.client_of(office.member(where, "chargee_mission"))
    base = _base(elsewhere)
    read = ("", "registres/", "journal/", "membres/", "registres/communes/",
            "registres/communes/1/", "registres/communes/export.csv",
            "registres/communes/importer/")  # fmt: skip
    for path in read:
        answer = keeper.get(base + path)
        assert answer.status_code == 403 and "Secrète" not in answer.content.decode(), path
    for path in ("registres/communes/1/archiver/", "registres/communes/1/etat/",
                 "registres/communes/ajouter/", "membres/inviter/", "brouillon/"):  # fmt: skip
        assert keeper.post(base + path, {"nom": "x", "code": "1"}).status_code == 403, path
    assert Entry.objects.filter(contract=elsewhere).count() == 1


def test_papers_of_another_contract_are_not_there(world: dict[str, Any]) -> None:
    where, elsewhere = world["where"], world["elsewhere"]
    number = row_maker.make(elsewhere, "versions").number
    there = office.client_of(office.member(elsewhere, "chargee_mission"))
    paper = SimpleUploadedFile("avis.pdf", b"%PDF-1.4 secret", "application/pdf")
    there.post(f"{_base(elsewhere)}registres/versions/{number}/pieces/", {"piece": paper})
    from terril.web.espace.models import Attachment

    key = Attachment.objects.get().pk
    keeper = office.client_of(office.member(where, "chargee_mission"))
    assert keeper.get(f"{_base(where)}pieces/{key}/").status_code == 404
    assert keeper.get(f"/contrat/{where.code}/pieces/{key}/").status_code == 404
    assert keeper.get(f"/contrat/{elsewhere.code}/pieces/{key}/").status_code == 404
    gone = keeper.post(f"{_base(where)}pieces/{key}/changer/", {"faire": "retirer"})
    assert gone.status_code == 404 and Attachment.objects.count() == 1
    Attachment.objects.get().file.delete(save=False)


# ------------------------------------------------------------------ what is written by others


def test_nothing_that_people_write_becomes_a_page(world: dict[str, Any]) -> None:
    where = world["where"]
    change_row(
        office.root(where), "actions", world["one"],
        {"intitule": XSS, "resume": f"{XSS}\n\nhttps://exemple.fr/"}, 1, comment=XSS,
    )  # fmt: skip
    person = office.member(where, "chargee_mission", name=XSS)
    change_row(
        office.seen_by(where, person), "actions", world["one"], {"resume": "Autre"}, 2, comment=XSS
    )
    browser = office.client_of(person)
    base, row = _base(where), f"registres/actions/{world['one']}/"
    shown = ("", "journal/", "membres/", "registres/actions/", row, f"{row}historique/",
             f"{row}modifier/", f"registres/actions/?mots={XSS}&tri={XSS}",
             f"registres/organisations/{world['mine']}/",
             "registres/financements/ajouter/")  # fmt: skip
    for path in shown:
        page = browser.get(base + path).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page, path


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "JaVaScRiPt://exemple.fr/%0aalert(1)", "data:text/html,x",
                "https://exemple.fr/\"onmouseover=\"x", " javascript:alert(1)"]
)  # fmt: skip
def test_an_address_of_the_web_is_one(world: dict[str, Any], address: str) -> None:
    keeper = office.client_of(office.member(world["where"], "chargee_mission"))
    sent = {"nom": "Nouvelle", "nature": "association", "site": address}
    answer = keeper.post(f"{_base(world['where'])}registres/organisations/ajouter/", sent)
    assert answer.status_code == 400
    assert not Entry.objects.filter(values__nom="Nouvelle").exists()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t="])
def test_no_export_holds_a_formula(world: dict[str, Any], start: str) -> None:
    where = world["where"]
    text = f'{start}HYPERLINK("http://exemple.fr")'
    change_row(office.root(where), "actions", world["one"], {"resume": text}, 1)
    browser = office.client_of(office.member(where, "chargee_mission"))
    base = f"{_base(where)}registres/actions/export."
    body = browser.get(f"{base}csv").content.decode("utf-8-sig")
    assert not re.search(r'(?:^|[;,\n"])[=+@]HYPERLINK', body)
    import zipfile

    book = zipfile.ZipFile(io.BytesIO(browser.get(f"{base}xlsx").content))
    assert not any(b"<f>" in book.read(n) for n in book.namelist() if "worksheets/sheet" in n)
    ods = zipfile.ZipFile(io.BytesIO(browser.get(f"{base}ods").content)).read("content.xml")
    assert b"table:formula" not in ods


# ------------------------------------------------------------------ forms and addresses


def test_every_writing_page_asks_for_the_token(world: dict[str, Any]) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(office.member(world["where"], "chargee_mission"))
    base = _base(world["where"])
    row = f"{base}registres/actions/{world['one']}/"
    written = (f"{row}modifier/", f"{row}etat/", f"{row}archiver/", f"{row}pieces/",
               f"{base}registres/actions/ajouter/", f"{base}registres/actions/importer/",
               f"{base}brouillon/", f"{base}brouillon/oublier/",
               f"{base}membres/inviter/")  # fmt: skip
    for path in written:
        assert browser.post(path, {"x": "y"}).status_code == 403, path
        if "brouillon" in path or path.endswith(("etat/", "archiver/", "pieces/", "inviter/")):
            assert browser.get(path).status_code == 405, path


@pytest.mark.parametrize("number", ["0", "9" * 9, "9" * 30])
def test_numbers_out_of_all_size_are_not_there(world: dict[str, Any], number: str) -> None:
    browser = office.client_of(office.member(world["where"], "chargee_mission"))
    base = f"{_base(world['where'])}"
    for path in (f"registres/actions/{number}/", f"registres/actions/{number}/modifier/",
                 f"registres/actions/{number}/historique/", f"pieces/{number}/",
                 f"membres/{number}/"):  # fmt: skip
        assert browser.get(base + path).status_code == 404, path
    for path in (f"registres/actions/{number}/etat/", f"registres/actions/{number}/archiver/"):
        assert browser.post(base + path, {"etat": "retenue"}).status_code == 404, path
    page = browser.get(f"{base}registres/actions/?page={number}&quartiers={number}")
    assert page.status_code == 200
    sent = {"code": "A-9", "annee": "2026", "intitule": "x", "porteur": number}
    assert browser.post(f"{base}registres/actions/ajouter/", sent).status_code == 400


def test_a_link_leads_nowhere_else(world: dict[str, Any]) -> None:
    """The row of a number that only another contract has is not one."""
    keeper = office.client_of(office.member(world["where"], "chargee_mission"))
    far = office.fill(world["elsewhere"], "communes", *(
        {"nom": f"Commune {n}", "code": f"{n:05}"} for n in range(20)
    ))[-1].number  # fmt: skip
    sent = {"nom": "Nouvelle", "nature": "association", "commune": str(far)}
    answer = keeper.post(f"{_base(world['where'])}registres/organisations/ajouter/", sent)
    assert answer.status_code == 400


def test_signing_in_leads_to_no_other_site(world: dict[str, Any]) -> None:
    person = office.person()
    person.set_password("une phrase assez longue")
    person.save()
    for then in ("https://exemple.fr/", "//exemple.fr/", "javascript:alert(1)", "\\\\exemple.fr"):
        browser = Client()
        answer = browser.post(
            "/connexion/",
            {"username": person.email, "password": "une phrase assez longue", "next": then},
        )
        assert answer.status_code == 302 and "exemple.fr" not in answer["Location"], then
        assert not answer["Location"].startswith("javascript"), then


def test_a_token_opens_one_place_once(world: dict[str, Any]) -> None:
    where = world["where"]
    keeper = office.seen_by(where, office.member(where, "chargee_mission"))
    guest, thief = office.person(), office.person()
    _, token = invite(keeper, guest.email, "jure", site="https://exemple.fr")
    assert office.client_of(thief).post(f"/invitation/{token}/").status_code == 403
    assert office.client_of(guest).post(f"/invitation/{token}/").status_code == 302
    assert office.client_of(guest).post(f"/invitation/{token}/").status_code == 410
    assert not office.seen_by(where, thief).roles


# ------------------------------------------------------------------ two at once


def test_two_who_read_before_either_wrote_do_not_add_the_same_key(world: dict[str, Any]) -> None:
    where = world["where"]
    first, second = office.root(where), office.root(where)
    values = {"nom": "Sosie", "nature": "association"}
    assert len(first.rows("organisations")) == len(second.rows("organisations"))
    add_row(first, "organisations", values)
    with pytest.raises(FaultsError):
        add_row(second, "organisations", values)
    assert Entry.objects.filter(contract=where, values__nom="Sosie").count() == 1


def test_two_who_add_take_two_numbers(world: dict[str, Any]) -> None:
    where = world["where"]
    first, second = office.root(where), office.root(where)
    first.rows("besoins"), second.rows("besoins")
    base = {"recu_le": dt.date(2026, 1, 1), "quartiers": (world["quartiers"][0],)}
    numbers = [
        add_row(space, "besoins", {"titre": f"Besoin {n}", **base}).number
        for n, space in enumerate((first, second, first))
    ]
    assert numbers == [1, 2, 3]
    assert Stamp.objects.get(contract=where, register="besoins").count == 3


def test_the_journal_tells_no_personal_value(world: dict[str, Any]) -> None:
    where = world["where"]
    space = office.root(where)
    row = space.row("organisations", world["mine"])
    assert row is not None
    change_row(
        space, "organisations", world["mine"],
        {"telephone": "06 12 34 56 78", "courriel": "prenom.nom@exemple.fr"}, row.version,
    )  # fmt: skip
    lines = json.dumps(list(Journal.objects.values_list("thing", "details")))
    assert "06 12" not in lines and "prenom.nom" not in lines
