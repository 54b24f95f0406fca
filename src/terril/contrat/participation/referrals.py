"""What became of what the citizen councils asked the prefect and others: answered, when, late?"""

from __future__ import annotations

from collections.abc import Iterable

from terril.catalogue.cards import Catalogue
from terril.contrat.participation.delays import Delays, Wait, delays
from terril.registres.rows import Books, Row

#: states in which an answer is awaited
OPEN = frozenset({"posee", "transmise"})


def referral_wait(row: Row) -> Wait:
    """A referral as a wait; a blank state is the first one."""
    return Wait(
        row.number,
        row.get("posee_le"),
        row.get("repondu_le"),
        (row.get("etat") or "posee") in OPEN,
        row.get("attendue_le"),
    )


def referrals(books: Books, catalogue: Catalogue, rows: Iterable[Row] | None = None) -> Delays:
    """Delays of the referrals given, all of them unless told.

    Late: beyond the day announced, else open for more than « participation_reponse_jours ».
    """
    chosen = books.rows("interpellations") if rows is None else rows
    most = int(catalogue.number("participation_reponse_jours"))
    return delays(map(referral_wait, chosen), books.today, most)
