"""Which computations may the card of a register name in ``measures``?

A closed list: code → function of the registers and of the catalogue that returns a ``Summary``.
A room of ``contrat`` adds a line here, and its cards may name it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from terril.catalogue.cards import Catalogue
from terril.contrat.commitments.measures import commitments_summary
from terril.contrat.directory.matrix import offer_by_quartier
from terril.contrat.meetings.measures import attendance_summary, decisions_summary
from terril.contrat.participation.subjects import (
    levels_summary,
    needs_summary,
    observations_summary,
)
from terril.contrat.participation.summaries import (
    forms_summary,
    referrals_summary,
    training_summary,
    years_summary,
)
from terril.contrat.schemes.allocations_summary import allocations_summary
from terril.contrat.schemes.erdf import erdf_summary
from terril.contrat.schemes.posts import posts_summary
from terril.contrat.schemes.rebate_summary import rebate_summary
from terril.contrat.schemes.renewal import renewal_summary
from terril.contrat.schemes.yearly import yearly_figures
from terril.contrat.tree.measures import programme_summary, promises_summary, tree_summary
from terril.registres.rows import Books, Summary

Compute = Callable[[Books, Catalogue], Summary]

MEASURES: Final[Mapping[str, Compute]] = MappingProxyType(
    {
        "abattement_tfpb": rebate_summary,
        "arbre_questions": tree_summary,
        "assiduite": attendance_summary,
        "attributions_cia": allocations_summary,
        "besoins_suivi": needs_summary,
        "chiffres_dispositifs": yearly_figures,
        "decisions_suivi": decisions_summary,
        "engagements_annuels": promises_summary,
        "engagements_suivi": commitments_summary,
        "offre_par_quartier": offer_by_quartier,
        "operations_feder": erdf_summary,
        "participation_formations": training_summary,
        "participation_formes": forms_summary,
        "participation_interpellations": referrals_summary,
        "participation_niveaux": levels_summary,
        "participation_observations": observations_summary,
        "participation_suivi": years_summary,
        "postes_aides": posts_summary,
        "programme_argent": programme_summary,
        "renouvellement": renewal_summary,
    }
)


def summaries(books: Books, catalogue: Catalogue, register: str) -> tuple[Summary, ...]:
    """Return what the card of a register asks to compute, in its order.

    Raises ``KeyError`` for a register or a measure that does not exist.
    """
    return tuple(
        MEASURES[code](books, catalogue) for code in catalogue.registers[register].measures
    )
