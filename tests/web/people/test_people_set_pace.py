"""Does each choose how often to be reminded, and stop it without signing in?"""

from __future__ import annotations

import pytest
from django.test import Client

from terril.web.people.actions.set_pace import set_pace
from terril.web.people.digests import stop_token
from terril.web.people.models import Journal, Pace, Person
from terril.web.people.refusal import RefusedError

PAGE = "/mon-compte/preferences/"


@pytest.mark.parametrize("pace", Pace.values)
def test_a_pace_is_chosen_and_shown(home: Client, ana: Person, pace: str) -> None:
    assert home.post(PAGE, {"pace": pace})["Location"] == PAGE
    ana.refresh_from_db()
    assert ana.pace == pace
    assert f'value="{pace}" checked' in home.get(PAGE).content.decode()


@pytest.mark.parametrize("pace", ["", "heure", "<b>", "jour "])
def test_another_word_is_refused(home: Client, ana: Person, pace: str) -> None:
    with pytest.raises(RefusedError):
        set_pace(ana, pace)
    assert home.post(PAGE, {"pace": pace}).status_code == 400
    ana.refresh_from_db()
    assert ana.pace == Pace.WEEKLY


def test_what_changed_is_in_the_journal(ana: Person) -> None:
    set_pace(ana, Pace.DAILY)
    set_pace(ana, Pace.DAILY)
    assert Journal.objects.get().details == {"champs": {"rappels": ["semaine", "jour"]}}


def test_the_link_of_a_message_stops_them_in_one_click(ana: Person) -> None:
    address = f"/rappels/arreter/{stop_token(ana)}/"
    mailer = Client(enforce_csrf_checks=True)
    assert "<button>" in mailer.get(address).content.decode()
    ana.refresh_from_db()
    assert ana.pace == Pace.WEEKLY, "looking stops nothing"
    assert mailer.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    ana.refresh_from_db()
    assert ana.pace == Pace.NEVER


def test_a_made_up_link_stops_nothing(web: Client, ana: Person) -> None:
    for word in ("x", str(ana.key), stop_token(ana)[:-1]):
        assert web.post(f"/rappels/arreter/{word}/").status_code == 404
    ana.refresh_from_db()
    assert ana.pace == Pace.WEEKLY
