"""Is each member invited once, told of a change, and never twice by mistake?"""

from __future__ import annotations

import re
from typing import Any

import meeting_office
import office
import pytest
from django.test import Client

from terril.web.espace.actions.change_row import change_row
from terril.web.espace.actions.move_row import move_row
from terril.web.gouvernance.actions.send_invitations import send_invitations
from terril.web.gouvernance.sends import guests
from terril.web.people.models import Journal, Outbox
from terril.web.people.refusal import RefusedError


def _start() -> tuple[Any, Any]:
    contract = office.contract()
    return contract, meeting_office.meeting(contract, meeting_office.body(contract))


def _now(contract: Any, meeting: Any) -> Any:
    return office.root(contract).row("reunions", meeting.number)


def _send(contract: Any, meeting: Any, keys: list[str] | None = None) -> list[str]:
    space = office.root(contract)
    row = _now(contract, meeting)
    wanted = keys if keys is not None else [g.key for g in guests(space, row) if g.chosen]
    return [guest.name for guest in send_invitations(space, row, wanted, row.version)]


def test_each_member_that_has_an_address_gets_one_message(web: Client) -> None:
    contract, meeting = _start()
    assert _send(contract, meeting) == ["L’Été solidaire", "Ville de Lunéville"]
    assert sorted(Outbox.objects.values_list("to", flat=True)) == [
        "direction@exemple.fr", "ete@exemple.fr",
    ]  # fmt: skip
    message = Outbox.objects.get(to="ete@exemple.fr")
    assert "Comité technique d’été" in message.subject
    assert "1. Bilan\n2. Budget" in message.text and "Salle des fêtes" in message.text
    assert _now(contract, meeting).get("etat") == "convoquee"
    event = message.calendar.replace("\r\n ", "")  # a long line is folded
    assert "METHOD:REQUEST" in event and "mailto:ete@exemple.fr" in event


def test_the_log_has_a_line_a_structure_and_no_address(web: Client) -> None:
    contract, meeting = _start()
    _send(contract, meeting)
    lines = Journal.objects.filter(verb="convocation envoyée")
    assert {line.details["structure"] for line in lines} == set(
        list(meeting_office.organisations(contract).values())[:2]
    )
    assert "@" not in str([(line.thing, line.details) for line in lines])


def test_nobody_is_ticked_a_second_time_and_the_same_form_sends_nothing(web: Client) -> None:
    contract, meeting = _start()
    browser = office.client_of(office.member(contract, "chargee_mission"))
    address = f"/espace/essai/reunions/{meeting.number}/inviter/"
    page = browser.get(address).content.decode()
    keys = re.findall(r'name="a" value="([^"]+)" checked', page)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert len(keys) == 2 and version
    sent = {"a": keys, "version": version[1]}
    assert browser.post(address, sent).status_code == 302
    assert Outbox.objects.count() == 2
    browser.post(address, sent)
    browser.post(address, {**sent, "version": str(_now(contract, meeting).version)})
    assert Outbox.objects.count() == 2
    assert " checked" not in browser.get(address).content.decode()


def test_who_insists_may_write_again_once(web: Client) -> None:
    contract, meeting = _start()
    _send(contract, meeting)
    space = office.root(contract)
    key = next(g.key for g in guests(space, _now(contract, meeting)) if g.last)
    assert len(_send(contract, meeting, [key])) == 1
    with pytest.raises(RefusedError, match="Personne à qui écrire"):
        _send(contract, meeting, [key])
    assert Outbox.objects.count() == 3


def test_a_change_that_matters_is_told_and_no_other(web: Client) -> None:
    contract, meeting = _start()
    _send(contract, meeting)
    space = office.root(contract)
    row = _now(contract, meeting)
    change_row(
        space, "reunions", row.number, {"cr_public": False, "compte_rendu": "x"}, row.version
    )
    assert not [g for g in guests(office.root(contract), _now(contract, meeting)) if g.chosen]
    row = _now(contract, meeting)
    change_row(space, "reunions", row.number, {"lieu": "Mairie"}, row.version)
    assert len(_send(contract, meeting)) == 2
    assert Outbox.objects.order_by("pk").last().subject.startswith("Changement")  # type: ignore[union-attr]


def test_only_those_who_were_invited_are_told_that_it_is_off(web: Client) -> None:
    contract, meeting = _start()
    one = meeting_office.organisations(contract)["L’Été solidaire"]
    _send(contract, meeting, [f"{one}:0"])
    space = office.root(contract)
    row = _now(contract, meeting)
    move_row(space, "reunions", row.number, "annulee", row.version, comment="Grève")
    assert _send(contract, meeting) == ["L’Été solidaire"]
    assert Outbox.objects.order_by("pk").last().subject.startswith("Annulée")  # type: ignore[union-attr]
    assert not [g for g in guests(office.root(contract), _now(contract, meeting)) if g.chosen]


def test_what_is_not_ready_does_not_leave(web: Client) -> None:
    contract, meeting = _start()
    space = office.root(contract)
    row = change_row(space, "reunions", meeting.number, {"ordre_du_jour": None}, 1)
    with pytest.raises(RefusedError, match="Ordre du jour"):
        send_invitations(space, row, ["1:0"], row.version)
    with pytest.raises(RefusedError, match="vient de changer"):
        change_row(space, "reunions", row.number, {"ordre_du_jour": "A"}, row.version)
        send_invitations(space, row, ["1:0"], row.version)
    assert not Outbox.objects.exists()


def test_a_past_meeting_invites_nobody(web: Client) -> None:
    contract = office.contract()
    meeting = meeting_office.meeting(
        contract, meeting_office.body(contract), date=meeting_office.soon(-1)
    )
    with pytest.raises(RefusedError, match="passée"):
        _send(contract, meeting)


def test_the_link_of_the_message_gives_the_meeting_as_it_stands(web: Client) -> None:
    contract, meeting = _start()
    _send(contract, meeting)
    link = re.search(r"https?://[^/]+(/invitation-reunion/\S+\.ics)", Outbox.objects.all()[0].text)
    assert link
    first = web.get(link[1])
    assert first["Content-Type"].startswith("text/calendar")
    assert b"METHOD:REQUEST" in first.content and b"SEQUENCE:1" in first.content
    row = _now(contract, meeting)
    move_row(office.root(contract), "reunions", row.number, "annulee", row.version, comment="Non")
    second = web.get(link[1]).content
    assert b"METHOD:CANCEL" in second and b"SEQUENCE:2" in second
    uid = re.compile(rb"UID:(\S+)")
    assert uid.findall(first.content) == uid.findall(second)
    assert (
        web.get(link[1].replace("/invitation-reunion/", "/invitation-reunion/x")).status_code == 404
    )


def test_only_who_holds_the_meetings_sends(web: Client) -> None:
    contract, meeting = _start()
    address = f"/espace/essai/reunions/{meeting.number}/inviter/"
    elsewhere = office.member(office.contract("autre"), "chargee_mission")
    for who in (office.member(contract, "financeur"), elsewhere, office.person()):
        for answer in (
            office.client_of(who).get(address),
            office.client_of(who).post(address, {"a": "1:0", "version": "1"}),
        ):
            assert answer.status_code == 403  # fmt: skip
    assert not Outbox.objects.exists()
