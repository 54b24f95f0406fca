"""Do the cards of the legal calendar cite registers, columns and deadlines that exist?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from terril.catalogue.calendar import AfterDate, BeforeTarget, Yearly
from terril.catalogue.cards import Catalogue
from terril.catalogue.messages import listed
from terril.catalogue.registers import ColumnKind
from terril.lib.problems import Problem

if TYPE_CHECKING:
    from terril.catalogue.check import Places
    from terril.catalogue.check_registers import Citation


def calendar_citations(catalogue: Catalogue) -> Iterator[Citation]:
    """Yield each citation: its place, the kind cited, the code cited."""
    for code, card in catalogue.deadlines.items():
        if isinstance(card.rule, AfterDate):
            yield ("deadlines", code, ("rule", "table")), "registers", card.rule.table
        if isinstance(card.rule, BeforeTarget):
            yield ("deadlines", code, ("rule", "target")), "deadlines", card.rule.target


def calendar_rules(catalogue: Catalogue, places: Places) -> Iterator[Problem]:
    """Yield what is wrong in the calendar, each with its line."""
    for code, card in catalogue.deadlines.items():
        rule = card.rule
        if isinstance(rule, AfterDate) and rule.table in catalogue.registers:
            columns = catalogue.registers[rule.table].columns
            dates = [name for name, column in columns.items() if column.kind is ColumnKind.DATE]
            if rule.column not in dates:
                yield Problem(
                    "echeance-colonne",
                    places.where("deadlines", code, ("rule", "column")),
                    f"« {rule.column} » n’est pas une date du registre « {rule.table} ».",
                    f"{listed(dates)}." if dates else "un registre qui a une date.",
                    "corrigez le nom de la colonne.",
                )
            for name in (*rule.only, *((rule.done,) if rule.done else ())):
                if name not in columns:
                    yield Problem(
                        "echeance-colonne",
                        places.where("deadlines", code, ("rule",)),
                        f"« {name} » n’est pas une colonne du registre « {rule.table} ».",
                        f"{listed(columns)}.",
                        "corrigez le nom de la colonne.",
                    )
        if (
            isinstance(rule, BeforeTarget)
            and rule.target in catalogue.deadlines
            and not isinstance(catalogue.deadlines[rule.target].rule, Yearly)
        ):
            yield Problem(
                "echeance-cible",
                places.where("deadlines", code, ("rule", "target")),
                f"« {rule.target} » a déjà son jour : le contrat ne peut pas en fixer un.",
                "une échéance annuelle sans jour (form: yearly).",
                "corrigez la cible.",
            )
        if card.until is not None and card.until < card.since:
            yield Problem(
                "echeance-dates",
                places.where("deadlines", code, ("until",)),
                f"La règle finit le {card.until}, avant de commencer le {card.since}.",
                "une fin après le début.",
                "corrigez les deux dates.",
            )
