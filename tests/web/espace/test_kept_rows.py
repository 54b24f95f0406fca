from __future__ import annotations

import datetime as dt
from typing import Any

import office
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from terril.registres.rows import Alert, Row, Summary
from terril.web.espace import kept, summaries
from terril.web.espace.actions.archive_row import archive_row
from terril.web.espace.actions.change_row import change_row
from terril.web.espace.cards import cards
from terril.web.espace.models import Contract, Entry
from terril.web.espace.space import Space
from terril.web.people.models import Person

REGISTER = "formations"


class _Free:
    in_atomic_block = False


def _naive(where: Contract) -> list[Row]:
    """Every row read from the base as an object."""
    card = cards().registers[REGISTER]
    entries = Entry.objects.filter(contract=where, register=REGISTER).order_by("number")
    return [kept.row_of(entry, card) for entry in entries]


_WRITES = st.lists(
    st.tuples(st.sampled_from(["add", "change", "archive", "restore"]), st.integers(0, 9)),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(written=_WRITES, few=st.sampled_from([0, 1, 400]))
def test_rows_read_again_are_those_of_the_base(
    web: Client, written: list[tuple[str, int]], few: int
) -> None:
    where = office.contract(f"garde{Contract.objects.count()}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "connection", _Free())
        patch.setattr(kept, "_FEW", few)
        kept.forget()
        for verb, place in written:
            _write(where, verb, place)
            reader = Space(where, everything=True)
            assert list(reader.kept(REGISTER).rows) == _naive(where)
            names = [reader.name(REGISTER, row.number) for row in reader.kept(REGISTER).rows]
            fresh = Space(where, everything=True)
            fresh._read[REGISTER] = kept.Kept(
                1, tuple(_naive(where)), {row.number: row for row in _naive(where)}
            )
            assert names == [fresh.name(REGISTER, row.number) for row in _naive(where)]
            live = sum(not row.archived for row in _naive(where))
            assert reader.counts([REGISTER]) == {REGISTER: live}
            assert kept.count_rows(where, [REGISTER]) == {REGISTER: live}
        kept.forget()


def _write(where: Contract, verb: str, place: int) -> None:
    rows = _naive(where)
    if verb == "add" or not rows:
        values = {"titre": f"Séance {place}", "date": dt.date(2026, 1, 1)}
        office.fill(where, REGISTER, values)
        return
    row = rows[place % len(rows)]
    space = office.root(where)
    if verb == "change" and not row.archived:
        change_row(space, REGISTER, row.number, {"titre": f"Séance n° {place}"}, row.version)
    elif verb in ("archive", "restore"):
        archive_row(space, REGISTER, row.number, archived=verb == "archive")


def test_a_page_reads_only_what_changed(web: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    where = office.contract()
    office.fill(
        where,
        REGISTER,
        *({"titre": f"Séance {n}", "date": dt.date(2026, 1, n)} for n in range(1, 9)),
    )
    monkeypatch.setattr(kept, "connection", _Free())
    kept.forget()
    before = Space(where, everything=True).kept(REGISTER)
    change_row(office.root(where), REGISTER, 3, {"titre": "Autre"}, 1)
    after = Space(where, everything=True).kept(REGISTER)
    kept.forget()
    assert after.numbers[3].get("titre") == "Autre"
    assert [n for n in after.numbers if after.numbers[n] is not before.numbers[n]] == [3]


# ------------------------------------------------------------------ what is computed


def _summary(reads: str, alerts: int = 0) -> Any:
    def compute(books: Any, catalogue: Any) -> Summary:
        books.rows(reads)
        found = tuple(Alert(f"Alerte {n}") for n in range(alerts))
        return Summary("Sommes", alerts=found or (Alert("secret"),))

    return compute


@pytest.mark.parametrize(
    ("role", "told"), [("chargee_mission", "secret"), ("porteur", "ne pouvez pas lire")]
)
def test_a_computation_made_from_a_shut_register_is_told_to_nobody_else(
    web: Client, monkeypatch: pytest.MonkeyPatch, role: str, told: str
) -> None:
    where = office.contract()
    monkeypatch.setattr(summaries, "MEASURES", {"arbre_questions": _summary("financements")})
    browser = office.client_of(office.member(where, role))
    page = browser.get(f"/espace/{where.code}/registres/arbre/resultats/").content.decode()
    assert told in page
    assert ("secret" in page) == (role == "chargee_mission")


def test_a_page_shows_the_first_alerts_and_leads_to_the_workbook(
    web: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = office.contract()
    monkeypatch.setattr(summaries, "MEASURES", {"arbre_questions": _summary("arbre", alerts=8000)})
    who: Person = office.member(where, "chargee_mission")
    address = f"/espace/{where.code}/registres/arbre/"
    page = office.client_of(who).get(f"{address}resultats/").content.decode()
    assert page.count('<li class="attention">') == 200
    assert "Et 7\u202f800 autres alertes" in page
    assert f"{address}export.xlsx" in page
