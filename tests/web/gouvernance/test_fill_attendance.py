"""Is the attendance sheet filled cell by cell, even by two people at once?"""

from __future__ import annotations

from typing import Any

import meeting_office
import office
from django.test import Client

from terril.web.gouvernance.actions.fill_attendance import Noted, fill_attendance
from terril.web.people.models import Journal


def _sheet(contract: Any, meeting: Any) -> dict[int, dict[str, Any]]:
    return {
        row.values["organisation"]: {
            name: row.get(name) for name in ("etat", "nombre", "femmes", "hommes", "habitants")
        }
        for row in office.root(contract).rows("presences")
        if row.get("reunion") == meeting.number
    }


def test_the_sheet_is_sent_at_once_and_only_what_changed_is_written(web: Client) -> None:
    contract = office.contract()
    meeting = meeting_office.meeting(contract, meeting_office.body(contract))
    browser = office.client_of(office.member(contract, "chargee_mission"))
    one, two, three = meeting_office.organisations(contract).values()
    address = f"/espace/essai/reunions/{meeting.number}/presences/"
    sent = {
        **{f"base-{n}": "0" for n in (one, two, three)},
        f"etat-{one}": "present", f"nombre-{one}": "3", f"femmes-{one}": "2", f"hommes-{one}": "1",
        f"etat-{two}": "excuse", f"etat-{three}": "", f"habitants-{three}": "",
    }  # fmt: skip
    assert browser.post(address, sent).status_code == 302
    sheet = _sheet(contract, meeting)
    assert set(sheet) == {one, two}, "a structure of which nothing is noted has no line"
    assert sheet[one] == {"etat": "present", "nombre": 3, "femmes": 2, "hommes": 1,
                          "habitants": None}  # fmt: skip
    lines = Journal.objects.filter(register="presences").count()
    sent[f"base-{one}"] = sent[f"base-{two}"] = "1"
    browser.post(address, sent)
    assert Journal.objects.filter(register="presences").count() == lines


def test_the_rest_is_noted_absent_only_when_asked(web: Client) -> None:
    contract = office.contract()
    meeting = meeting_office.meeting(contract, meeting_office.body(contract))
    browser = office.client_of(office.member(contract, "chargee_mission"))
    one, two, three = meeting_office.organisations(contract).values()
    sent = {f"base-{n}": "0" for n in (one, two, three)} | {f"etat-{one}": "present"}
    address = f"/espace/essai/reunions/{meeting.number}/presences/"
    browser.post(address, {**sent, "autres": "absents"})
    states = {number: values["etat"] for number, values in _sheet(contract, meeting).items()}
    assert states == {one: "present", two: "absent", three: "absent"}


def test_two_people_write_different_cells_of_one_line_and_both_stay(web: Client) -> None:
    contract = office.contract()
    meeting = meeting_office.meeting(contract, meeting_office.body(contract))
    one = next(iter(meeting_office.organisations(contract).values()))
    first, second = office.root(contract), office.root(contract)
    fill_attendance(first, meeting, [Noted(one, 0, {"etat": "present"})])
    told = fill_attendance(second, meeting, [Noted(one, 0, {"nombre": 2})])
    assert not told.disputed
    assert _sheet(contract, meeting)[one]["etat"] == "present"
    assert _sheet(contract, meeting)[one]["nombre"] == 2


def test_a_cell_that_both_wrote_keeps_the_first_and_tells_the_second(web: Client) -> None:
    contract = office.contract()
    meeting = meeting_office.meeting(contract, meeting_office.body(contract))
    one, two, _ = meeting_office.organisations(contract).values()
    fill_attendance(
        office.root(contract), meeting, [Noted(one, 0, {"etat": "present", "nombre": 3})]
    )
    told = fill_attendance(
        office.root(contract),
        meeting,
        [Noted(one, 0, {"etat": "excuse", "nombre": 3}), Noted(two, 0, {"etat": "absent"})],
    )
    assert [(d.label, d.theirs, d.mine) for d in told.disputed] == [
        ("Présence", "Présent", "Excusé")
    ]
    sheet = _sheet(contract, meeting)
    assert (sheet[one]["etat"], sheet[two]["etat"]) == ("present", "absent")


def test_a_cell_changed_from_an_old_version_is_compared_with_that_version(web: Client) -> None:
    contract = office.contract()
    meeting = meeting_office.meeting(contract, meeting_office.body(contract))
    one = next(iter(meeting_office.organisations(contract).values()))
    fill_attendance(office.root(contract), meeting, [Noted(one, 0, {"etat": "present"})])
    fill_attendance(office.root(contract), meeting, [Noted(one, 1, {"etat": "represente"})])
    told = fill_attendance(
        office.root(contract), meeting, [Noted(one, 1, {"etat": "present", "nombre": 4})]
    )
    assert not told.disputed, "she did not touch the state"
    assert _sheet(contract, meeting)[one]["etat"] == "represente"
    assert _sheet(contract, meeting)[one]["nombre"] == 4


def test_counts_that_cannot_be_are_told_and_the_others_are_written(web: Client) -> None:
    contract = office.contract()
    meeting = meeting_office.meeting(contract, meeting_office.body(contract))
    browser = office.client_of(office.member(contract, "chargee_mission"))
    one, two, _ = meeting_office.organisations(contract).values()
    sent = {
        f"base-{one}": "0", f"etat-{one}": "present", f"nombre-{one}": "2", f"femmes-{one}": "3",
        f"base-{two}": "0", f"etat-{two}": "present",
    }  # fmt: skip
    answer = browser.post(f"/espace/essai/reunions/{meeting.number}/presences/", sent)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "plus de femmes et d’hommes que de personnes" in page
    assert f'name="femmes-{one}" inputmode="numeric" size="3" value="3"' in page
    assert set(_sheet(contract, meeting)) == {two}


def test_a_word_in_the_place_of_a_number_is_told(web: Client) -> None:
    contract = office.contract()
    meeting = meeting_office.meeting(contract, meeting_office.body(contract))
    browser = office.client_of(office.member(contract, "chargee_mission"))
    one = next(iter(meeting_office.organisations(contract).values()))
    sent = {f"base-{one}": "0", f"etat-{one}": "present", f"nombre-{one}": "deux ou trois"}
    answer = browser.post(f"/espace/essai/reunions/{meeting.number}/presences/", sent)
    assert answer.status_code == 409 and "deux ou trois" in answer.content.decode()
    assert _sheet(contract, meeting) == {}


def test_a_structure_that_came_by_itself_is_added(web: Client) -> None:
    contract = office.contract()
    meeting = meeting_office.meeting(contract, meeting_office.body(contract))
    other = office.fill(contract, "organisations", {"nom": "Nouvelle", "nature": "association"})[0]
    browser = office.client_of(office.member(contract, "chargee_mission"))
    browser.post(
        f"/espace/essai/reunions/{meeting.number}/presences/", {"ajouter": str(other.number)}
    )
    row = office.root(contract).rows("presences")[0]
    assert (row.get("organisation"), row.get("etat"), row.get("qualite")) == (
        other.number, "present", "invite",
    )  # fmt: skip


def test_who_may_not_is_told_and_nothing_is_written(web: Client) -> None:
    contract = office.contract()
    meeting = meeting_office.meeting(contract, meeting_office.body(contract))
    one = next(iter(meeting_office.organisations(contract).values()))
    address = f"/espace/essai/reunions/{meeting.number}/presences/"
    sent = {f"base-{one}": "0", f"etat-{one}": "present"}
    assert web.post(address, sent).status_code == 302
    elsewhere = office.member(office.contract("autre"), "chargee_mission")
    for who in (office.member(contract, "porteur"), elsewhere, office.person()):
        assert office.client_of(who).post(address, sent).status_code == 403
    assert _sheet(contract, meeting) == {}
