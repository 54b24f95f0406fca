"""Why does a neighbourhood have this signal on this theme?

Which indicators count and how far each is from the mean, the thresholds, how many methods say
the same, and what the other rules would say. All of it is sealed in the edition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from terril.benchmarks.sensitivity import Rule
from terril.editions.look import Look, Row
from terril.fiches.model import SIGNAL_WORDS, Fiche, SpineRow
from terril.lib.french import FINE, MINUS, compte, majuscule, nombre
from terril.lib.prose import typographie

#: the other rules as a reader is told of them
RULES: Final = {
    Rule.MOYENNE.value: "comparé à la moyenne pondérée par la population",
    Rule.TAILLE.value: "sans les écarts que le hasard suffit à expliquer",
}
_EQUAL: Final = 0.005


@dataclass(frozen=True, slots=True)
class Counted:
    """An indicator that counts: its value, its distance to the mean, which way that is."""

    indicator: str
    label: str
    value: str
    distance: str  # « −1,24 », « – » when unknown
    way: str  # « moins favorable que la moyenne »


@dataclass(frozen=True, slots=True)
class Why:
    """The explanation of one signal."""

    theme: str
    label: str
    result: str  # one sentence: the mean of the distances, the threshold, the word
    counted: tuple[Counted, ...]
    sureness: str  # one sentence, "" when the signal is undetermined
    others: tuple[str, ...]  # what each other rule says


def explanations(look: Look, fiche: Fiche) -> dict[str, Why]:
    """Return the explanation of each signal of a sheet, by theme."""
    spine = {theme.theme: theme for theme in fiche.spine}
    rules: dict[str, list[Row]] = {}
    for row in look.rows("sensitivity", territory=fiche.code):
        rules.setdefault(str(row["theme"]), []).append(row)
    model = look.catalogue.fiches[look.info.fiche_model]
    counts = {block.theme: tuple(block.signal) for block in model.blocks}
    found = {}
    for signal in look.rows("signals", territory=fiche.code):
        theme = str(signal["theme"])
        if theme not in spine:
            continue
        asked = counts.get(theme, ())
        rows = [row for row in spine[theme].rows if row.indicator in asked]
        found[theme] = Why(
            theme,
            spine[theme].label,
            _result(look, signal),
            tuple(
                Counted(row.indicator, _label(look, row), row.value, _signed(row.z), _way(row.z))
                for row in rows
            ),
            _sureness(signal),
            tuple(_others(rules.get(theme, ()))),
        )
    return found


def _label(look: Look, row: SpineRow) -> str:
    """The label of a row; a label that follows another has its own words instead."""
    return look.catalogue.indicators[row.indicator].label if row.label[:1] == "…" else row.label


def _signed(z: float | None) -> str:
    if z is None:
        return "–"
    text = nombre(abs(z), 2)
    if abs(z) < _EQUAL:
        return text
    return ("+" if z > 0 else MINUS) + text


def _way(z: float | None) -> str:
    if z is None:
        return "valeur inconnue, elle ne compte pas"
    if abs(z) < _EQUAL:
        return "égal à la moyenne"
    return "plus favorable que la moyenne" if z > 0 else "moins favorable que la moyenne"


def _result(look: Look, signal: Row) -> str:
    catalogue = look.catalogue
    high = _signed(catalogue.number("signal_favorable"))
    low = _signed(catalogue.number("signal_difficile"))
    known, all_ = int(signal["available"]), int(signal["expected"])
    word = SIGNAL_WORDS[signal["signal"]]
    verb = "est connu" if known < 2 else "sont connus"
    head = f"{compte(known, 'indicateur', 'indicateurs')} sur {all_} {verb}."
    if signal["score"] is None or signal["signal"] == "indetermine":
        share = nombre(100 * catalogue.number("signal_part_disponible"))
        return typographie(
            f"{head} Il en faut au moins {share}{FINE}% et des valeurs qui diffèrent d’un "
            f"quartier à l’autre : le signal est {word}."
        )
    return typographie(
        f"{head} {'Son écart' if known < 2 else 'La moyenne de leurs écarts'} est "
        f"{_signed(float(signal['score']))} : favorable "
        f"au-dessus de {high}, en difficulté sous {low}, dans la moyenne entre les deux. "
        f"Le signal est donc « {word} »."
    )


def _sureness(signal: Row) -> str:
    if signal["sureness"] is None or not signal["variants"]:
        return ""
    share = nombre(100 * float(signal["sureness"]))
    tried = compte(int(signal["variants"]), "méthode essayée", "méthodes de calcul essayées")
    return typographie(f"{tried} : {share} % donnent ce signal.")


def _others(rows: Sequence[Row]) -> list[str]:
    told = []
    for row in sorted(rows, key=lambda r: list(RULES).index(str(r["rule"]))):
        word = SIGNAL_WORDS[row["other"]]
        same = "le même signal" if not row["changed"] else f"le signal serait « {word} »"
        told.append(majuscule(typographie(f"{RULES[str(row['rule'])]} : {same}.")))
    return told
