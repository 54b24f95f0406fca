"""Do journals written before the keys lose no line, and every address?"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connections
from django.db.migrations.executor import MigrationExecutor

from terril.web.settings import database as database_settings

ALIAS = "ancienne"
BEFORE, AFTER = ("people", "0002_journal"), ("people", "0005_journal_keys")

#: who, verb, thing, details
LINES: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("ligne de commande", "compte créé", "ana@exemple.fr", {"analyste": True}),
    ("ana@exemple.fr", "connexion", "site", {}),
    ("partie@exemple.fr", "mot de passe changé", "partie@exemple.fr", {}),
    ("partie@exemple.fr", "fichier ajouté", "essai, liste", {"fichier": "liste-ana@exemple.fr"}),
    ("ana@exemple.fr", "édition retirée", "essai", {"motif": "écrire à leo@exemple.fr"}),
)


@pytest.fixture
def old(database: None, tmp_path: Path) -> Iterator[Any]:
    """A base of before: two persons, one of whom has left no row, five lines."""
    made = database_settings("", tmp_path)
    connections.databases[ALIAS] = {**connections["default"].settings_dict, **made}
    connection = connections[ALIAS]
    try:
        yield connection, write_as_before(connection)
    finally:
        connection.close()
        del connections.databases[ALIAS]
        del connections[ALIAS]


def write_as_before(connection: Any) -> list[Any]:
    apps = moved(connection, BEFORE)
    apps.get_model("people", "Person").objects.using(ALIAS).create(email="ana@exemple.fr")
    lines = apps.get_model("people", "Journal").objects.using(ALIAS)
    return [
        lines.create(who=who, verb=verb, thing=thing, details=details)
        for who, verb, thing, details in LINES
    ]


def moved(connection: Any, target: tuple[str, str]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate([target])
    return executor.loader.project_state([target]).apps


def test_keys_take_the_place_of_addresses(old: tuple[Any, list[Any]]) -> None:
    connection, written = old
    apps = moved(connection, AFTER)
    ana = apps.get_model("people", "Person").objects.using(ALIAS).get()
    lines = list(apps.get_model("people", "Journal").objects.using(ALIAS).order_by("pk"))
    assert [(line.pk, line.at, line.verb) for line in lines] == [
        (line.pk, line.at, line.verb) for line in written
    ]
    actors = [line.actor_id for line in lines]
    gone = actors[2]
    assert actors == [None, ana.key, gone, gone, ana.key] and gone not in (None, ana.key)
    assert [line.subject_id for line in lines] == [ana.key, None, gone, None, None]
    assert lines[0].thing == lines[2].thing == "compte"
    assert lines[4].details == {"motif": "écrire à (adresse électronique)"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_journal")
        assert "@" not in str(cursor.fetchall())


@pytest.mark.parametrize(
    "text", ["UPDATE people_journal SET verb = 'x'", "DELETE FROM people_journal"]
)
def test_changes_are_refused_again_afterwards(old: tuple[Any, list[Any]], text: str) -> None:
    connection, _ = old
    moved(connection, AFTER)
    with pytest.raises(IntegrityError, match="only added to"), connection.cursor() as cursor:
        cursor.execute(text)


def test_one_may_go_back_and_come_again(old: tuple[Any, list[Any]]) -> None:
    connection, _ = old
    moved(connection, AFTER)
    apps = moved(connection, BEFORE)
    lines = apps.get_model("people", "Journal").objects.using(ALIAS).order_by("pk")
    assert list(lines.values_list("who", flat=True)) == [
        "ligne de commande", "ana@exemple.fr", "personne supprimée", "personne supprimée",
        "ana@exemple.fr",
    ]  # fmt: skip
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("DELETE FROM people_journal")
    apps = moved(connection, AFTER)
    assert apps.get_model("people", "Journal").objects.using(ALIAS).count() == len(LINES)


def test_every_person_gets_a_key_of_her_own(database: None, old: tuple[Any, list[Any]]) -> None:
    connection, _ = old
    moved(connection, ("people", "0002_journal"))
    apps = moved(connection, BEFORE)
    people = apps.get_model("people", "Person").objects.using(ALIAS)
    for number in range(5):
        people.create(email=f"p{number}@exemple.fr")
    apps = moved(connection, AFTER)
    keys = list(apps.get_model("people", "Person").objects.using(ALIAS).values_list("key"))
    assert len(set(keys)) == len(keys) == 6 and None not in keys


class Postgresql:
    """What a PostgreSQL base would be asked, kept instead of run."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.connection = type("Connection", (), {"vendor": "postgresql"})()

    def execute(self, text: str) -> None:
        self.said.append(" ".join(text.split()))


def test_postgresql_lets_go_and_keeps_again() -> None:
    first = importlib.import_module("terril.web.people.migrations.0002_journal")
    editor = Postgresql()
    first.let_go(None, editor)
    first.keep(None, editor)
    assert editor.said[0] == "DROP FUNCTION IF EXISTS people_journal_kept() CASCADE"
    assert "BEFORE UPDATE OR DELETE ON people_journal" in editor.said[1]
    operations = importlib.import_module(
        "terril.web.people.migrations.0005_journal_keys"
    ).Migration.operations
    assert (operations[0].code, operations[-1].code) == (first.let_go, first.keep)
