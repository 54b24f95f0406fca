"""What must one know before using the workbook?

The first sheet: edition, meaning of the signs, method and its numbers, sources, definitions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from terril.lib.dates import date_longue
from terril.lib.french import NBSP, avec_unite
from terril.lib.prose import typographie
from terril.reports.annexes import licence
from terril.reports.grid import LEGEND, Grid
from terril.reports.lookup import Lookup
from terril.reports.method_words import observed
from terril.reports.sheet import Book
from terril.reports.words import subtitle


def read_me(book: Book, lookup: Lookup, grids: Sequence[Grid]) -> None:
    """Write the sheet « Lisez-moi »."""
    source = lookup.source
    sheet = book.sheet(
        "Lisez-moi", title="Les quartiers prioritaires en tableaux", subtitle=subtitle(source)
    )
    sheet.pairs(
        [
            ("Territoire", f"{source.epci_name}{NBSP}: {len(lookup.qpv)} quartiers prioritaires"),
            ("Édition", date_longue(source.edition)),
            ("Feuilles", "Un tableau par thème, puis les signaux, l’offre locale, les équipements, "
             "l’agglomération et ses références, les communes, et toutes les données avec le "
             "fichier et la ligne d’où elles viennent."),
            ("Nombres", "Les valeurs sont de vrais nombres, arrondis comme les documents les "
             "publient. Un petit chiffre en exposant renvoie à la note du bas de la feuille."),
            *((text, words[0].upper() + words[1:] + ".") for text, words in LEGEND.items()),
            ("Rang", "1 = la situation la plus favorable aux habitants ; pour un indicateur sans "
             "jugement (l’âge par exemple), 1 = la valeur la plus élevée. Deux quartiers à égalité "
             "ont le même rang."),
            ("Moyenne des quartiers", "Moyenne simple des valeurs connues : chaque quartier compte "
             "autant. La moyenne pondérée compte chaque quartier selon sa population. Une moyenne "
             "de taux n’est pas le taux de l’ensemble."),
            ("Secret statistique", "Un chiffre secret n’est écrit nulle part dans ce classeur, "
             "même quand un document l’a publié."),
            ("Signaux", "Chaque indicateur d’un thème est comparé à la moyenne des quartiers, en "
             "écarts types et dans le sens qui est favorable aux habitants ; le thème prend la "
             "moyenne de ses indicateurs."),
        ],
        widths=(34, 100),
    )  # fmt: skip
    sheet.skip()
    sheet.text("Paramètres de la méthode", strong=True)
    sheet.pairs(
        [(code, parameter_text(lookup, code)) for code in observed(lookup)],
        widths=(34, 100),
    )
    sheet.skip()
    sheet.text("Sources", strong=True)
    sheet.pairs(list(source_pairs(lookup)), widths=(34, 100))
    sheet.skip()
    sheet.text("Définitions", strong=True)
    codes = dict.fromkeys(column.indicator for grid in grids for column in grid.columns)
    cards = [lookup.catalogue.indicators[code] for code in codes]
    sheet.pairs(
        [
            (card.label, " ".join(_sentence(part) for part in (card.question, card.period,
             card.caution) if part))
            for card in cards
        ],
        widths=(34, 100),
    )  # fmt: skip


def _sentence(text: str) -> str:
    text = typographie(text[:1].upper() + text[1:])
    return text if text.endswith((".", "?", "!")) else text + "."


def parameter_text(lookup: Lookup, code: str) -> str:
    """« 0,5 écart type, depuis 2024. Décision de méthode n° 3 »."""
    card = lookup.catalogue.parameters[code]
    values = card.value if isinstance(card.value, tuple) else (card.value,)
    texts = []
    for value in values:
        decimals = min(2, len(f"{value:g}".partition(".")[2]))
        texts.append(avec_unite(value, decimals, ""))
    joined = " à ".join(texts) if len(texts) == 2 else "\u202f; ".join(texts)
    return typographie(f"{joined} {card.unit}, depuis {card.since}. {card.reference}")


def source_pairs(lookup: Lookup) -> Iterator[tuple[str, str]]:
    """Sources that the figures shown come from: name, then what they count and the licence."""
    used = set(lookup.source.retained["source"].unique().to_list())
    for code, card in lookup.catalogue.sources.items():
        if code in used:
            parts = [card.meaning, card.treatment, card.licence and licence(card.licence),
                     card.caution]  # fmt: skip
            yield card.label, " ".join(_sentence(part) for part in parts if part)
