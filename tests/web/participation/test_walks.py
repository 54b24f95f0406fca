"""Is an observation noted on the spot, and does a photo stay private until a person read it?"""

from __future__ import annotations

import io

import neighbourhood
import office
import pytest
from django.core.files.storage import default_storage
from django.test import Client, TestCase, override_settings
from neighbourhood import Place, photo, settle
from PIL import Image

from terril.web.espace.models import Entry
from terril.web.participation.actions.add_photo import read_photo, remove_photo
from terril.web.participation.models import Photo
from terril.web.people.models import Journal

WALK = "/espace/essai/participation/marches/1/"
PHOTOS = "/espace/essai/participation/photos/"


def noted(place: Place, who: str = "councillor", **fields: object) -> Photo:
    """A councillor notes a hole, with a photo."""
    sent = {"constat": "Un trou", "photo": photo(), "lieu": "Rue du Puits", **fields}
    answer = place.browser(who).post(WALK, sent)
    assert answer.status_code == 302, answer.content.decode()
    return Photo.objects.latest("pk")


def test_an_observation_takes_its_place_from_the_walk(web: Client) -> None:
    place = settle()
    found = noted(place, latitude="50.42512345", longitude="2.83", nature="voirie")
    values = Entry.objects.get(register="observations", number=1).values
    assert (values["quartiers"], values["marche"], values["etat"]) == ([1], 1, "relevee")
    assert values["latitude"] == "50.42512"
    assert (found.public, found.read) == (False, None)
    page = place.browser("councillor").get(WALK).content.decode()
    assert "Un trou" in page and f"photos/{found.pk}.jpg" in page
    assert "geolocation=(self)" in place.browser("councillor").get(WALK)["Permissions-Policy"]


@pytest.mark.parametrize("position", [("91", "2"), ("nan", "2"), ("x", ""), ("1e400", "0")])
def test_what_is_no_position_is_left_out(web: Client, position: tuple[str, str]) -> None:
    noted(settle(), latitude=position[0], longitude=position[1])
    assert "latitude" not in Entry.objects.get(register="observations", number=1).values


def test_the_kept_photo_holds_nothing_of_its_file(web: Client) -> None:
    found = noted(settle())
    body = found.file.read()
    assert b"MarqueSecrete" in photo().read() and b"MarqueSecrete" not in body
    assert not Image.open(io.BytesIO(body)).getexif()
    assert "rue" not in str(found.file.name)


def test_what_is_no_photo_writes_nothing(web: Client) -> None:
    place = settle()
    fake = io.BytesIO(b"\xff\xd8\xff not a picture")
    fake.name = "x.jpg"
    answer = place.browser("keeper").post(WALK, {"constat": "Un trou", "photo": fake})
    page = answer.content.decode()
    assert answer.status_code == 400 and "JPEG, PNG ou WebP" in page and "Un trou" in page
    assert not Entry.objects.filter(register="observations").exists()
    assert not Photo.objects.exists()


def test_a_photo_beyond_the_limit_is_told(web: Client) -> None:
    place = settle()
    with override_settings(PAPER_MAX=1000):
        answer = place.browser("keeper").post(WALK, {"constat": "Un trou", "photo": photo()})
    assert answer.status_code == 400 and "dépasse" in answer.content.decode()


def test_who_sees_a_photo_that_nobody_read(web: Client) -> None:
    place = settle()
    found = noted(place)
    seen = {
        who: place.browser(who).get(f"{PHOTOS}{found.pk}.jpg").status_code
        for who in ("keeper", "chief", "councillor", "stranger", "public")
    }
    assert seen == {"keeper": 200, "chief": 200, "councillor": 200, "stranger": 403, "public": 302}
    far = office.client_of(office.member(place.contract, "conseiller_citoyen", quartiers=[2]))
    assert far.get(f"{PHOTOS}{found.pk}.jpg").status_code == 403
    assert f"photos/{found.pk}.jpg" not in far.get(WALK).content.decode()
    other = office.client_of(office.member(office.contract("loin"), "chargee_mission"))
    assert other.get(f"/espace/loin/participation/photos/{found.pk}.jpg").status_code == 404


def test_from_private_to_public(web: Client) -> None:
    place = settle()
    found = noted(place)
    read = f"{PHOTOS}{found.pk}/relire/"
    public = f"/contrat/essai/participation/photos/{found.pk}.jpg"
    keeper = place.browser("keeper")
    page = keeper.get(read).content.decode()
    assert page.count('name="case"') == 13 * 10 and "Ligne 10, colonne 13" in page

    before = found.file.read()
    keeper.post(read, {"case": ["0-0", "3-4", "x", "99-99"], "publier": "oui"})
    found = Photo.objects.get(pk=found.pk)
    assert found.file.read() != before
    assert (found.public, found.read) == (False, None)  # nobody said who can be recognised
    assert web.get(public).status_code == 404

    keeper.post(read, {"personne": "oui", "publier": "oui", "vu": "Un trou dans la chaussée"})
    found.refresh_from_db()
    assert found.public and found.read
    assert web.get(public).status_code == 404  # the observation is not published
    keeper.post(
        "/espace/essai/registres/observations/1/modifier/",
        {"constat": "Un trou", "lieu": "Rue du Puits", "marche": "1", "quartiers": "1",
         "publie": "oui", "version": "1"},
    )  # fmt: skip
    assert web.get(public).status_code == 200
    page = web.get("/contrat/essai/participation/").content.decode()
    assert 'alt="Un trou dans la chaussée"' in page

    keeper.post(read, {"publier": "oui"})  # seen again: somebody may be recognised after all
    assert web.get(public).status_code == 404
    told = Journal.objects.filter(register="observations").values_list("verb", flat=True)
    assert {"photo ajoutée", "photo publiée", "photo relue"} <= set(told)


def test_the_photo_before_is_destroyed(web: Client) -> None:
    place = settle()
    found = noted(place)
    former = str(found.file.name)
    space = office.seen_by(place.contract, place.keeper)
    with TestCase.captureOnCommitCallbacks(execute=True):
        kept = read_photo(space, found, [(0, 0)], nobody=False, publish=False)
    assert not default_storage.exists(former) and default_storage.exists(str(kept.file.name))
    last = str(kept.file.name)
    with TestCase.captureOnCommitCallbacks(execute=True):
        remove_photo(space, kept)
    assert not default_storage.exists(last) and not Photo.objects.exists()


@pytest.mark.parametrize("who", ["councillor", "stranger", "public"])
def test_who_may_not_publish_a_photo(web: Client, who: str) -> None:
    place = settle()
    found = noted(place)
    answer = place.browser(who).post(
        f"{PHOTOS}{found.pk}/relire/", {"personne": "oui", "publier": "oui"}
    )
    assert answer.status_code == (302 if who == "public" else 403)
    found.refresh_from_db()
    assert not found.public


def test_a_walk_elsewhere_is_not_hers(web: Client) -> None:
    place = settle()
    office.fill(
        place.contract,
        "marches",
        {"titre": "Autre", "quartiers": (2,), "date": neighbourhood.day("2026-10-03")},
    )
    answer = place.browser("councillor").post(
        "/espace/essai/participation/marches/2/", {"constat": "Un trou"}
    )
    assert answer.status_code == 403
    assert not Entry.objects.filter(register="observations").exists()


def test_six_photos_of_an_observation(web: Client) -> None:
    place = settle()
    noted(place)
    keeper = place.browser("keeper")
    for _ in range(6):
        keeper.post("/espace/essai/participation/observations/1/photo/", {"photo": photo()})
    assert Photo.objects.count() == 6
