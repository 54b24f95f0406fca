"""How is the rebate used, by landlord, neighbourhood, year and axis?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from terril.catalogue.cards import Catalogue
from terril.contrat.schemes.rebate import REBATES, Rebate, balance, rebates_of
from terril.contrat.schemes.rebate_flags import name_of, rebate_alerts
from terril.contrat.schemes.results import (
    grouped,
    named,
    places,
    ratio,
    summary,
    table,
    total,
    word,
)
from terril.registres.folding import collation
from terril.registres.rows import Books, Cell, Line, Row, Summary, Table

HEADS: Final = ("Abattement notifié", "Logements", "Valorisation prévue", "Dépensé", "Valorisé",
                "Taux d’usage prévu", "Taux d’usage", "Reste", "Valorisé par logement", "Actions",
                "Actions sans bilan")  # fmt: skip
UNITS: Final = ("€", "", "€", "€", "€", "%", "%", "€", "€", "", "")
NOTE: Final = (
    "Taux d’usage : valorisé après l’année sur abattement notifié, montré tel quel au-delà de "
    "100 %. Une action sur plusieurs quartiers est répartie selon leurs logements, ou la clé "
    "saisie ; les parts font le tout au centime. Un montant vide est inconnu, non nul."
)


def rebate_summary(books: Books, catalogue: Catalogue) -> Summary:
    """Return the rebates one by one, then by year, landlord, neighbourhood and axis; the flags."""
    rebates = rebates_of(books, catalogue)
    tables = [_one_by_one(books, rebates)]
    if rebates:
        years = sorted({int(rebate.row.get("annee")) for rebate in rebates}, reverse=True)
        tables += [
            _by("Par année", "Année", rebates, lambda row: str(row.get("annee"))),
            _by("Par bailleur et par année", "Bailleur", rebates,
                lambda row: f"{named(books, 'organisations', row.get('bailleur'))}, "
                            f"{row.get('annee')}"),
            _by("Par quartier et par année", "Quartier", rebates,
                lambda row: f"{named(books, 'quartiers', row.get('quartier'))}, "
                            f"{row.get('annee')}"),
            *(_axes(catalogue, rebates, year) for year in years),
        ]  # fmt: skip
    part = catalogue.parameters["tfpb_abattement"]
    return summary(
        "Abattement de taxe foncière sur les propriétés bâties (TFPB)",
        tuple(tables),
        tuple(rebate_alerts(books, catalogue, rebates)),
        (
            f"Abattement : {part.value:g}\u202f% de la base. {part.reference}",
            "Le montant notifié fait foi ; base × abattement × somme des taux ne sert qu’à le "
            "vérifier. La taxe d’enlèvement des ordures ménagères n’est pas réduite.",
        ),
    )


def _one_by_one(books: Books, rebates: Sequence[Rebate]) -> Table:
    ordered = sorted(
        rebates, key=lambda r: (-int(r.row.get("annee")), collation(name_of(books, r.row)))
    )
    return table(
        "Abattement par abattement",
        ("Bailleur, quartier, année", "Calculé", "Écart", *HEADS),
        ("€", "€", *UNITS),
        [
            Line(
                name_of(books, rebate.row),
                (rebate.computed, rebate.gap, *_figures([rebate])),
                register=REBATES,
                number=rebate.row.number,
            )
            for rebate in ordered
        ],
        f"Calculé : base × abattement × somme des taux. {NOTE}",
    )


def _figures(rebates: Sequence[Rebate]) -> tuple[Cell, ...]:
    held = balance(rebates)
    return (held.notified, held.dwellings, held.planned, held.spent, held.valued,
            held.planned_use, held.use, held.remainder, held.per_dwelling, held.actions,
            held.awaited)  # fmt: skip


def _by(title: str, head: str, rebates: Sequence[Rebate], name: Callable[[Row], str]) -> Table:
    ordered = sorted(rebates, key=lambda rebate: collation(name(rebate.row)))
    groups: dict[str, list[Rebate]] = {}
    for rebate in ordered:
        groups.setdefault(name(rebate.row), []).append(rebate)
    return table(
        title, (head, *HEADS), UNITS,
        [Line(key, _figures(held)) for key, held in groups.items()], NOTE,
    )  # fmt: skip


def _axes(catalogue: Catalogue, rebates: Sequence[Rebate], year: int) -> Table:
    """By axis of the national frame, the actions of one year."""
    shares = [
        share for rebate in rebates if rebate.row.get("annee") == year for share in rebate.shares
    ]
    order = places(catalogue, "axes_tfpb")
    by_axis = grouped([share.action for share in shares], lambda row: str(row.get("axe")))
    whole = total(share.amounts["valorise"] for share in shares)

    def lines() -> Iterator[Line]:
        for axis in sorted(by_axis, key=lambda code: order.get(code, len(order))):
            held = [share for share in shares if share.action.get("axe") == axis]
            sums = [total(share.amounts[name] for share in held)
                    for name in ("cout", "valorise_prevu", "depense", "valorise")]  # fmt: skip
            both = [s for s in held if None not in (s.amounts["depense"], s.amounts["valorise"])]
            yield Line(
                word(catalogue, "axes_tfpb", axis),
                (
                    len({share.action.number for share in held}),
                    *sums,
                    ratio(total(s.amounts["valorise"] for s in both),
                          total(s.amounts["depense"] for s in both)),
                    ratio(sums[-1], whole),
                ),
            )  # fmt: skip

    return table(
        f"Par axe, {year}",
        ("Axe", "Actions", "Coût prévu", "Valorisation prévue", "Dépensé", "Valorisé",
         "Valorisé sur dépensé", "Part du valorisé"),
        ("", "€", "€", "€", "€", "%", "%"),
        lines(),
        "Axes du cadre national d’utilisation de l’abattement. Le bailleur établit d’abord ses "
        "moyens ordinaires ; seul le surplus compte.",
    )  # fmt: skip
