"""Does a person get all that is held of her, and nothing of another?"""

from __future__ import annotations

import json
from typing import Any

from django.test import Client
from household import EMAIL, OTHER, WORD, equip, sign_in

from terril.web.people.held import Holding, held, holds
from terril.web.people.journal import note
from terril.web.people.models import Person

FILE = "/mon-compte/donnees.json"


def fetched(client: Client) -> dict[str, Any]:
    answer = client.get(FILE)
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == 'attachment; filename="mes-donnees.json"'
    assert "no-store" in answer["Cache-Control"]
    found: dict[str, Any] = json.loads(answer.content)
    return found


def test_the_file_holds_the_account_its_sessions_and_its_lines(
    home: Client, ana: Person, lea: Person
) -> None:
    codes = equip(ana)
    note(ana, "ligne changée", "actions", contract="exemple")
    note(lea, "rôle donné", "contrat", subject=ana)
    note(lea, "autre chose", "ailleurs")
    found = fetched(home)
    assert found["Compte"][0]["Adresse électronique"] == EMAIL
    assert found["Compte"][0]["Second facteur"] is True
    assert [row["Appareil"] for row in found["Sessions ouvertes"]] == ["Firefox sur Windows"]
    said = {(row["Quoi"], row["Fait par vous"]) for row in found["Journal"]}
    assert said == {("ligne changée", True), ("rôle donné", False)}
    text = str(found)
    assert OTHER not in text and str(lea.key) not in text and "lea" not in text
    ana.refresh_from_db()
    assert not any(secret in text for secret in (ana.password, ana.factor.secret, *codes))


def test_other_rooms_add_what_they_hold(home: Client, ana: Person) -> None:
    @holds
    def roles(person: Person) -> Holding | None:
        return Holding("Rôles", ({"Contrat": "exemple", "Rôle": "animation"},))

    @holds
    def nothing(person: Person) -> Holding | None:
        return None

    assert fetched(home)["Rôles"] == [{"Contrat": "exemple", "Rôle": "animation"}]
    assert "Rôles" in home.get("/mon-compte/donnees/").content.decode()
    assert [holding.title for holding in held(ana)][:2] == ["Compte", "Rôles"]


def test_registering_twice_says_it_once(ana: Person) -> None:
    def roles(person: Person) -> Holding | None:
        return Holding("Rôles", ())

    holds(roles)
    holds(roles)
    assert [holding.title for holding in held(ana)].count("Rôles") == 1


def test_what_came_by_a_sign_in_is_there(web: Client, ana: Person) -> None:
    sign_in(web, word=WORD)
    assert fetched(web)["Compte"][0]["Dernière connexion"]
