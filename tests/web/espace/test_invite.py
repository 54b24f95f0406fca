"""How does a person come into a contract, and who may bring her?"""

from __future__ import annotations

import datetime as dt
import re

import office
import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from terril.web.espace.actions.invite import invite
from terril.web.espace.models import Invitation, Membership
from terril.web.people.models import Journal, Outbox, Person
from terril.web.people.refusal import RefusedError

SITE = "https://exemple.fr"
WORD = "un-mot-tres-long-a-dire"


def path_in(text: str) -> str:
    found = re.search(r"https?://[^/\s]+(/invitation/[\w-]+/)", text)
    assert found is not None
    return found.group(1)


def test_an_invited_person_opens_her_account_and_is_in(web: Client) -> None:
    contract = office.contract()
    office.places(contract)
    who = office.member(contract, "chargee_mission", name="Mission")
    _, token = invite(
        office.seen_by(contract, who), "New@Exemple.fr", "chef_projet", organisation=1, site=SITE
    )
    message = Outbox.objects.get() if Outbox.objects.exists() else None
    assert message is not None and message.to == "new@exemple.fr"
    page = f"/invitation/{token}/"
    assert "cheffe ou chef de projet" in web.get(page).content.decode()
    answer = web.post(page, {"nom": "Nouvelle", "mot_de_passe": "court"})
    assert answer.status_code == 400 and not Person.objects.filter(name="Nouvelle").exists()
    answer = web.post(page, {"nom": "Nouvelle", "mot_de_passe": WORD})
    assert answer["Location"] == "/espace/essai/"
    assert web.get("/espace/essai/").status_code == 200
    held = Membership.objects.get(role="chef_projet")
    assert (held.organisation, held.person.email) == (1, "new@exemple.fr")
    assert web.get(page).status_code == 410, "it serves once"
    assert "exemple.fr" not in str([(line.thing, line.details) for line in Journal.objects.all()])


def test_one_with_an_account_signs_in_and_accepts(web: Client) -> None:
    contract = office.contract()
    who = office.member(contract, "chargee_mission")
    known = office.person()
    _, token = invite(office.seen_by(contract, who), known.email, "financeur", site=SITE)
    assert "Se connecter" in web.get(f"/invitation/{token}/").content.decode()
    other = office.client_of(office.person())
    assert other.post(f"/invitation/{token}/").status_code == 403
    answer = office.client_of(known).post(f"/invitation/{token}/")
    assert answer["Location"] == "/espace/essai/"
    assert Membership.objects.get(person=known).role == "financeur"


def test_an_old_or_cancelled_invitation_leads_nowhere(web: Client) -> None:
    contract = office.contract()
    browser = office.client_of(who := office.member(contract, "chargee_mission"))
    made, token = invite(office.seen_by(contract, who), "a@exemple.fr", "jure", site=SITE)
    Invitation.objects.update(expires=timezone.now() - dt.timedelta(minutes=1))
    assert web.get(f"/invitation/{token}/").status_code == 410
    made, token = invite(office.seen_by(contract, who), "a@exemple.fr", "jure", site=SITE)
    assert Invitation.objects.count() == 1, "a second one replaces the first"
    browser.post(f"/espace/essai/membres/invitations/{made.pk}/annuler/")
    assert web.get(f"/invitation/{token}/").status_code == 410
    assert not mail.outbox or all("a@exemple.fr" in m.to for m in mail.outbox)


def test_each_role_gives_only_what_its_card_says(web: Client) -> None:
    contract = office.contract()
    office.places(contract)
    chief = office.member(contract, "chef_projet", organisation=1)
    space = office.seen_by(contract, chief)
    with pytest.raises(RefusedError, match="ne permet pas"):
        invite(space, "a@exemple.fr", "chargee_mission", site=SITE)
    with pytest.raises(RefusedError, match="vos quartiers"):
        invite(space, "a@exemple.fr", "conseiller_citoyen", quartiers=[2], site=SITE)
    made, _ = invite(space, "a@exemple.fr", "conseiller_citoyen", quartiers=[1], site=SITE)
    assert made.quartiers == [1]
    for role in ("porteur", "conseiller_citoyen", "financeur"):
        other = office.seen_by(contract, office.member(contract, role))
        with pytest.raises(RefusedError, match="Seuls"):
            invite(other, "b@exemple.fr", "porteur", site=SITE)


@pytest.mark.parametrize(
    ("email", "role", "organisation"),
    [("pas une adresse", "jure", None), ("a@exemple.fr", "roi", None), ("a@exemple.fr", "jure", 9)],
)
def test_what_is_not_there_is_refused(
    web: Client, email: str, role: str, organisation: int | None
) -> None:
    space = office.root(office.contract())
    with pytest.raises(RefusedError):
        invite(space, email, role, organisation=organisation, site=SITE)
    assert not Invitation.objects.exists() and not Outbox.objects.exists()
