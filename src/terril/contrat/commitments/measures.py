"""What does the register of commitments compute?"""

from __future__ import annotations

from terril.catalogue.cards import Catalogue
from terril.contrat.commitments.board import commitments
from terril.contrat.commitments.reminders import awaiting
from terril.contrat.commitments.review import by_theme
from terril.registres.rows import Alert, Books, Summary


def commitments_summary(books: Books, catalogue: Catalogue) -> Summary:
    """Commitments by theme and state, and what is late or near its day.

    Papers are not known here: evidence is looked at on the pages of the commitments.
    """
    found = commitments(books, catalogue)
    if not found:
        return Summary("Où en sont les engagements")
    told = tuple(
        Alert(one.text, one.level, one.register, one.number)
        for one in awaiting(found, books.today, catalogue)
    )
    return Summary("Où en sont les engagements", (by_theme(found, catalogue),), told)
