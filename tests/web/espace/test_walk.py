"""What does each role get at every door, by every method? The table says it; the rest is refused.

``portes.csv``: door, method, the roles that are let in. What is not in it is refused, to all.
``TERRIL_REFAIRE=portes`` writes it again: read the difference before it is kept.
"""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from pathlib import Path

import walk
from django.test import Client, override_settings
from doors_of_site import doors

from terril.web.espace.cards import cards

TABLE = Path(__file__).with_name("portes.csv")


def read() -> dict[tuple[str, str], set[str]]:
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return {
            (row["porte"], row["methode"]): set(row["roles"].split())
            for row in csv.DictReader(stream, delimiter=";")
        }


def write(found: dict[tuple[str, str], set[str]]) -> None:
    order = list(cards().roles)
    with TABLE.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, delimiter=";", lineterminator="\n")
        out.writerow(["porte", "methode", "roles"])
        for (name, method), roles in sorted(found.items()):
            out.writerow([name, method, " ".join(sorted(roles, key=order.index))])


def test_every_door_every_method_every_role(web: Client, tmp_path: Path) -> None:
    let_in: dict[tuple[str, str], set[str]] = defaultdict(set)
    seen: dict[str, set[str]] = defaultdict(set)
    with override_settings(MEDIA_ROOT=tmp_path):
        for name, method, role, answer in walk.walk(walk.furnished()):
            seen[name].add(answer)
            if answer == walk.LET_IN:
                let_in[name, method].add(role)
    if os.environ.get("TERRIL_REFAIRE") == "portes":
        write(let_in)
    expected = read()
    assert dict(let_in) == expected
    assert set(seen) == {name for name, _ in doors("espace/")}
    blind = {name for name, answers in seen.items() if answers <= {walk.NOTHING, walk.NO_WAY}}
    assert blind <= {"import-lu", "valider-import", "piece", "changer-piece", "photo",
                     "relire-photo", "retirer-photo", "annuler-invitation", "resultats",
                     "convertir"}, (
        "nothing was there to open: these doors have tests of their own")  # fmt: skip


def test_no_door_changes_anything_by_a_method_that_only_reads() -> None:
    writers = {name for name, method in read() if method == "post"}
    readers = {name for name, method in read() if method == "get"}
    assert writers and readers and not [key for key in read() if key[1] in ("put", "delete")]
