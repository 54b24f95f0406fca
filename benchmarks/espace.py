"""How fast is the workspace with 1 000 actions and 200 meetings, and with ten times as many?

    python benchmarks/espace.py                  # 1 000 actions, 200 meetings; then ten times more
    python benchmarks/espace.py --grandeur 1     # the first alone

A contract is filled with invented rows in a base of its own, and served by ``terril servir``, two
processes, on loopback; a person who may do all is signed in. Each page is asked for by one client
with a connection kept open. Beside them, the same pages when a process keeps no rows in memory
(the alternative: the base is read at each page), and when somebody has just written to the five
largest registers, so that what changed is read again.

Printed: median and 95th percentile in ms, bytes compressed, memory of the processes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from serving import Address, Client, alone, free_port, memory, running

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
ACTIONS, MEETINGS = 1_000, 200


def fill(folder: Path, editions: Path, size: int) -> str:
    """Make the base of a site with one contract; return the cookie of a person of it."""
    import django

    os.environ.update(
        DJANGO_SETTINGS_MODULE="terril.web.settings",
        TERRIL_DONNEES=str(folder),
        TERRIL_EDITIONS=str(editions),
        TERRIL_SECOND_FACTEUR="propose",
    )
    django.setup()
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command

    settings.DATABASES["default"]["NAME"] = folder / "terril.sqlite"
    call_command("migrate", verbosity=0)
    from terril.web.espace.models import Contract, Membership
    from terril.web.people.models import Person

    contract = Contract.objects.create(
        code=f"c{size}", name=f"Contrat de {size * ACTIONS} actions", holder="Agglomération",
        levels=[["pilier", "piliers"], ["axe", "axes"], ["objectif", "objectifs"]],
    )  # fmt: skip
    person = Person.objects.create_user(f"p{size}@exemple.fr", None, name="Mission")
    Membership.objects.create(contract=contract, person=person, role="chargee_mission")
    rows(contract, size)
    session = SessionStore()
    session["_auth_user_id"] = str(person.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = person.get_session_auth_hash()
    session.create()
    return f"terril_session={session.session_key}"


def rows(contract: Any, size: int) -> None:
    """Fill the registers that grow with the life of a contract."""
    from terril.registres.cells import stored
    from terril.web.espace.cards import cards
    from terril.web.espace.models import Entry, Revision, Stamp

    chance = random.Random(7)
    words = (
        "insertion",
        "santé",
        "éducation",
        "quartier",
        "jeunes",
        "femmes",
        "emploi",
        "mobilité",
    )
    day = dt.date(2026, 1, 5)

    def text(count: int) -> str:
        return " ".join(chance.choice(words) for _ in range(count)).capitalize()

    def pick(most: int) -> int:
        return chance.randint(1, most)

    meetings, actions = MEETINGS * size, ACTIONS * size
    held: dict[str, list[dict[str, Any]]] = {
        "communes": [{"nom": f"Commune {n}", "code": f"62{n:03}"} for n in range(19)],
        "organisations": [
            {"nom": f"{text(3)} {n}", "nature": chance.choice(["association", "commune", "ccas"])}
            for n in range(120)
        ],
        "quartiers": [
            {"nom": f"{text(4)} {n}", "code": f"QP062{n:03}", "type": "qpv",
             "communes": (pick(19),)}
            for n in range(21)
        ],
        "arbre": [
            {"code": f"O{n}", "intitule": text(6), "niveau": "n3"} for n in range(36)
        ],
        "actions": [
            {"code": f"A-{n:05}", "annee": 2020 + n % 7, "intitule": text(6), "porteur": pick(120),
             "objectifs": (pick(36),), "quartiers": tuple(sorted({pick(21), pick(21)})),
             "resume": text(60)}
            for n in range(actions)
        ],
        "financements": [
            {"action": n // 3 + 1, "financeur": pick(120), "demande": pick(20) * 500,
             "accorde": pick(20) * 300}
            for n in range(3 * actions)
        ],
        "instances": [{"nom": f"Instance {n}", "nature": first_choice("instances", "nature")}
                      for n in range(12)],
        "reunions": [
            {"titre": f"Réunion {n}", "instance": pick(12), "date": day + dt.timedelta(days=n),
             "ordre_du_jour": "\n".join(text(5) for _ in range(6)), "compte_rendu": text(300)}
            for n in range(meetings)
        ],
        "presences": [
            {"reunion": n // 20 + 1, "organisation": n % 20 + 1, "etat": first_choice(
                "presences", "etat"), "nombre": pick(3)}
            for n in range(20 * meetings)
        ],
        "decisions": [
            {"decision": text(8), "reunion": n // 4 + 1, "responsable": pick(120),
             "echeance": day + dt.timedelta(days=pick(900))}
            for n in range(4 * meetings)
        ],
        "engagements": [
            {"numero": str(n + 1), "titre": text(6), "responsable": pick(120)} for n in range(40)
        ],
    }  # fmt: skip
    for register, values in held.items():
        card = cards().registers[register]
        entries = [
            Entry(contract=contract, register=register, number=n, values={
                name: stored(card.columns[name], value)
                for name, value in row.items() if name in card.columns
            })
            for n, row in enumerate(values, 1)
        ]  # fmt: skip
        made = Entry.objects.bulk_create(entries, batch_size=500)
        Revision.objects.bulk_create(
            [Revision(entry=one, version=1, values=one.values) for one in made], batch_size=500
        )
        Stamp.objects.create(contract=contract, register=register, count=1)


def first_choice(register: str, column: str) -> str:
    """The first word of the list of a column."""
    from terril.web.espace.cards import cards

    choices = cards().registers[register].columns[column].choices
    return next(iter(cards().lists[str(choices)].items))


def pages(contract: str) -> dict[str, str]:
    """What people open every day."""
    base = f"/espace/{contract}"
    return {
        "bureau": f"{base}/",
        "actions": f"{base}/registres/actions/",
        "actions, page 12": f"{base}/registres/actions/?page=12",
        "actions, mots et quartier": f"{base}/registres/actions/?mots=emploi&quartiers=3",
        "une action": f"{base}/registres/actions/77/",
        "formulaire d’une action": f"{base}/registres/actions/77/modifier/",
        "un objectif": f"{base}/registres/arbre/5/",
        "une organisation": f"{base}/registres/organisations/9/",
        "réunions": f"{base}/registres/reunions/",
        "présences": f"{base}/registres/presences/",
        "une réunion": f"{base}/registres/reunions/150/",
        "assiduité": f"{base}/registres/presences/resultats/",
        "arbre": f"{base}/contrat/",
        "questions au contrat": f"{base}/contrat/questions/",
        "engagements": f"{base}/engagements/",
        "agenda": f"{base}/agenda/",
        "participation": f"{base}/participation/",
        "journal": f"{base}/journal/",
        "export XLSX des actions": f"{base}/registres/actions/export.xlsx",
    }


def line(name: str, *cells: object) -> None:
    """One line of the table."""
    print(name.ljust(34) + "".join(str(cell).rjust(12) for cell in cells), flush=True)


def measure(size: int, editions: Path) -> None:
    """The workspace of a contract ``size`` times that of reference."""
    print(
        f"\n{ACTIONS * size} actions, {MEETINGS * size} réunions, {20 * MEETINGS * size} présences"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cookie = made(folder, editions, size)
        with ExitStack() as open_servers:
            ports, servers = [], []
            for kept in ("200000", "0"):
                ports.append(free_port())
                command = [str(BIN / "terril"), "servir", str(editions), "--port", str(ports[-1]),
                           "--donnees", name, "--processus", "2"]  # fmt: skip
                os.environ.update(TERRIL_SECOND_FACTEUR="propose", TERRIL_LIGNES=kept)
                servers.append(
                    open_servers.enter_context(running(command, ports[-1], "/connexion/"))
                )
            line("", "médiane ms", "p95 ms", "écrit", "p95", "sans garder", "p95", "octets")
            for label, address in pages(f"c{size}").items():
                told(folder, ports, cookie, label, address)
            held = ", ".join(f"{one:.0f} Mo" for one in memory(servers[0]))
            print("mémoire des processus :", held)


def told(folder: Path, ports: Sequence[int], cookie: str, label: str, address: str) -> None:
    """Measure a page and print its line: rows kept, just after a write, nothing kept."""
    usual, bare = ports
    heavy = "XLSX" in label
    if Client(usual, cookie).get(address)[0] != 200:
        print(f"{label} : pas de page à {address}")
        return
    alone(usual, always(address), 4, cookie)
    mid, late, weight = alone(usual, always(address), 6 if heavy else 40, cookie)

    def written(_: int) -> str:
        write(folder)
        return address

    mid_written, late_written, _ = alone(usual, written, 3 if heavy else 12, cookie)
    alone(bare, always(address), 1, cookie)
    slow, slowest, _ = alone(bare, always(address), 3 if heavy else 6, cookie)
    times = (mid, late, mid_written, late_written, slow, slowest)
    line(label, *(f"{one:.1f}" for one in times), weight)


#: registers that somebody writes to before each page of the second measure
_WRITTEN = ("actions", "financements", "presences", "reunions", "organisations")


def write(folder: Path) -> None:
    """Write a version of a row of each of the large registers, as somebody else would."""
    base = sqlite3.connect(folder / "terril.sqlite", timeout=20)
    with base:
        for register in _WRITTEN:
            base.execute(
                "UPDATE espace_entry SET version = version + 1 WHERE register = ? AND number = 1",
                (register,),
            )
            base.execute(
                "UPDATE espace_stamp SET count = count + 1 WHERE register = ?", (register,)
            )
    base.close()


def always(address: str) -> Address:
    """The same address whatever the number."""
    return lambda _: address


def made(folder: Path, editions: Path, size: int) -> str:
    """Fill a base in a process of its own, so that the settings of each are read anew."""
    import subprocess

    done = subprocess.run(
        [sys.executable, __file__, "--remplir", str(folder), "--editions", str(editions),
         "--grandeur", str(size)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout.strip().splitlines()[-1]


def main() -> None:
    """Read the arguments; fill, or measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--grandeur", type=int, default=0)
    parser.add_argument("--remplir", type=Path)
    parser.add_argument("--editions", type=Path)
    given = parser.parse_args()
    if given.remplir is not None:
        print(fill(given.remplir, given.editions, given.grandeur))
        return
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        editions = given.editions or sealed(Path(name))
        for size in (given.grandeur,) if given.grandeur else (1, 10):
            measure(size, editions)
    print(f"\nen {time.perf_counter() - began:.0f} s")


def sealed(folder: Path) -> Path:
    """Seal the pilot’s edition."""
    from terril.cli.main import main as terril

    if terril(["construire", str(ROOT / "demo"), "--vers", str(folder)]):
        raise SystemExit("l’édition du pilote ne se construit pas")
    return folder


if __name__ == "__main__":
    main()
