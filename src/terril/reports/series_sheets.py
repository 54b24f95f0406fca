"""Which changes, trends, limits and signals must the analyst know of before publishing?

The sheets of ``controles.xlsx`` on time, size and the rules: breaks of series, what gets worse,
signals that hang on the rule, figures beyond the limits of size, trends, the two generations of
perimeters. They read the frames of the edition; a blanked figure is in none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from terril.benchmarks.changes import summary
from terril.benchmarks.funnel import WORDS as POSITIONS
from terril.benchmarks.funnel import Position
from terril.catalogue.lists import read_list
from terril.catalogue.schema import Certainty
from terril.fiches.model import SIGNAL_WORDS
from terril.indicators.trends import UNTESTED
from terril.lib.dates import periode_courte
from terril.lib.french import NBSP, compte, nombre
from terril.lib.prose import typographie
from terril.observations.schema import Kind
from terril.reports import getting_worse, other_rules
from terril.reports.lookup import Lookup
from terril.reports.sheet import Book, Content, Head, Number, Sheet, lines_of
from terril.reports.words import subtitle

EFFECTS: Final = {"bloque": "bloqué", "annote": "annoté"}
CERTAINTIES: Final = {
    Certainty.TEXTE: "texte du producteur",
    Certainty.RAPPORTE: "rapporté",
    Certainty.OBSERVE: "observé dans les fichiers",
    Certainty.A_VERIFIER: "à vérifier",
}
_JUDGEMENTS: Final = {
    "favorable": "plus favorable",
    "defavorable": "plus difficile",
    "neutre": "sans jugement",
}
_BASES: Final = {
    "effectifs": "les deux effectifs",
    "part": "la part et le dénominateur",
    "liste": "liste officielle",
    "surface": "surfaces",
    "population": "population",
}
_FIGURE: Final = (
    Head("Quartier", 34), Head("Code", 11), Head("Thème", 14), Head("Indicateur", 54),
    Head("Période", 11),
)  # fmt: skip


def series_sheets(book: Book, lookup: Lookup) -> None:
    """Write the sheets; « Lignes de rupture » and « Correspondance » only when there is one."""
    _breaks(book, lookup)
    _break_lines(book, lookup)
    _worsening(book, lookup)
    _sensitivity(book, lookup)
    _funnel(book, lookup)
    _trends(book, lookup)
    _correspondence(book, lookup)


def _sheet(book: Book, lookup: Lookup, name: str, title: str, note: str) -> Sheet:
    note = typographie(note)
    return book.sheet(name, title=title, subtitle=subtitle(lookup.source), note=note)


def _theme(lookup: Lookup, indicator: str) -> str:
    card = lookup.catalogue.themes.get(indicator.split(".")[0])
    return card.label if card else ""


def _label(lookup: Lookup, indicator: str) -> str:
    card = lookup.catalogue.indicators.get(indicator)
    return card.label if card else indicator


def _figure(lookup: Lookup, row: dict[str, Any]) -> list[Content]:
    """Neighbourhood, code, theme, indicator, period."""
    return [
        lookup.place(Kind.QPV, row["territory"]).label, row["territory"],
        _theme(lookup, row["indicator"]), _label(lookup, row["indicator"]),
        periode_courte(row["period"]),
    ]  # fmt: skip


def _number(lookup: Lookup, indicator: str, value: float | None, more: int = 0) -> Content:
    """A figure in the decimals of its indicator, ``more`` of them for a slope or a limit."""
    if value is None:
        return None
    card = lookup.catalogue.indicators.get(indicator)
    return Number(value, (card.decimals if card else 2) + more)


def _plain(value: float | None, decimals: int) -> Content:
    return None if value is None else Number(value, decimals)


def _tall(*cells: tuple[str, float]) -> float:
    return 13.5 * max(lines_of(text, width) for text, width in cells) + 1.5


def _nothing(sheet: Sheet, text: str) -> None:
    sheet.text(typographie(text))


# ------------------------------------------------------------------ breaks

_BREAK_HEADS: Final = (
    Head("Thème", 14), Head("Indicateur", 54), Head("De", 11), Head("À", 11),
    Head("Effet", 10), Head("Changements", 13, right=True),
    Head("Repris de\nplus loin", 11, right=True), Head("Rupture", 44, wrap=True),
    Head("Ce qu’il faut savoir", 70, wrap=True), Head("Référence", 60, wrap=True),
    Head("Certitude", 24, wrap=True), Head("Carte", 28, wrap=True),
)  # fmt: skip


def _breaks(book: Book, lookup: Lookup) -> None:
    changes, blocked = lookup.source.changes, lookup.source.blocked
    counted = summary(changes, blocked)
    crossed = counted.filter(pl.col("effect") != "libre")
    taken = blocked["taken"].count()
    sheet = _sheet(
        book, lookup, "Ruptures", "Changements que le registre des ruptures bloque ou annote",
        f"{compte(changes.height, 'chiffre a', 'chiffres ont')} une période antérieure. Le "
        f"changement depuis la plus proche est bloqué dans {nombre(blocked.height)} cas : dans "
        f"{nombre(taken)}, il est repris depuis une période plus ancienne qu’aucune rupture ne "
        f"sépare ; dans {nombre(blocked.height - taken)}, il n’est dit nulle part.",
    )  # fmt: skip
    if crossed.is_empty():
        _nothing(sheet, "Aucun changement ne passe sur une rupture de série.")
        return
    sheet.head(_BREAK_HEADS, freeze=2)
    for row in crossed.iter_rows(named=True):
        codes: Sequence[str] = row["codes"] or ()
        cards = [lookup.catalogue.breaks[c] for c in codes if c in lookup.catalogue.breaks]
        labels = "\n".join(dict.fromkeys(card.label for card in cards))
        references = "\n".join(dict.fromkeys(typographie(card.reference) for card in cards))
        sure = "\n".join(dict.fromkeys(CERTAINTIES[card.certainty] for card in cards))
        names, text = "\n".join(codes), typographie(row["text"] or "")
        sheet.line(
            [_theme(lookup, row["indicator"]), _label(lookup, row["indicator"]),
             periode_courte(row["reference_period"]), periode_courte(row["period"]),
             EFFECTS.get(row["effect"], row["effect"]), row["changes"], row["taken"] or None,
             labels, text, references, sure, names],
            height=_tall((labels, 44), (text, 70), (references, 60), (sure, 24), (names, 28)),
        )  # fmt: skip
    sheet.filter()


def _break_lines(book: Book, lookup: Lookup) -> None:
    lines = (
        lookup.source.break_lines.group_by(
            "indicator", "after", "period", "code", "effect", "line", "text"
        )
        .agg(series=pl.len())
        .sort("indicator", "period", "after", "code")
    )
    if lines.is_empty():
        return
    sheet = _sheet(
        book, lookup, "Lignes de rupture", "Où les séries sont coupées ou marquées",
        "Une ligne par rupture entre deux périodes qui se suivent. Bloqué : aucun trait ne la "
        "traverse. Annoté : le trait porte une marque.",
    )  # fmt: skip
    sheet.head(
        [Head("Thème", 14), Head("Indicateur", 54), Head("Après", 11), Head("Avant", 11),
         Head("Effet", 10), Head("Séries", 9, right=True), Head("Sur le trait", 44),
         Head("Ce qu’il faut savoir", 80, wrap=True), Head("Carte", 28)],
        freeze=2,
    )  # fmt: skip
    for row in lines.iter_rows(named=True):
        text = typographie(row["text"])
        sheet.line(
            [_theme(lookup, row["indicator"]), _label(lookup, row["indicator"]),
             periode_courte(row["after"]) if row["after"] else "", periode_courte(row["period"]),
             EFFECTS.get(row["effect"], row["effect"]), row["series"], typographie(row["line"]),
             text, row["code"]],
            height=_tall((text, 80)),
        )  # fmt: skip
    sheet.filter()


# ------------------------------------------------------------------ what gets worse


def _worsening(book: Book, lookup: Lookup) -> None:
    sheet = _sheet(
        book, lookup, "Aggravations", "Ce qui est difficile et s’aggrave",
        f"Du plus grave au moins grave. {getting_worse.reasons(lookup)}",
    )  # fmt: skip
    frame = getting_worse.worsening(lookup)
    if frame.is_empty():
        return
    sheet.head(
        [Head("Rang", 7, right=True), *_FIGURE, Head("Valeur", 12, right=True),
         Head("Écart aux quartiers,\nen écarts types", 20, right=True),
         Head("Signal du thème", 16), Head("Période d’avant", 11),
         Head("Valeur d’avant", 12, right=True), Head("Changement", 12, right=True),
         Head("Changement,\nen écarts types", 14, right=True), Head("Tendance", 12),
         Head("Pente,\npar an", 10, right=True), Head("Rupture", 10),
         Head("Gravité", 9, right=True), Head("En phrase", 130, wrap=True)],
        freeze=2,
    )  # fmt: skip
    for row in frame.iter_rows(named=True):
        code, text = row["indicator"], typographie(row["text"])
        sheet.line(
            [row["rank"], *_figure(lookup, row), _number(lookup, code, row["value"]),
             _plain(row["z"], 2), SIGNAL_WORDS.get(row["signal"] or "", "–"),
             periode_courte(row["reference_period"]) if row["reference_period"] else "",
             _number(lookup, code, row["reference"]), _number(lookup, code, row["gap"]),
             _plain(row["spread"], 2), row["trend"], _number(lookup, code, row["slope"], 1),
             EFFECTS.get(row["break_effect"] or "", ""), _plain(row["severity"], 2), text],
            height=_tall((text, 130)),
        )  # fmt: skip
    sheet.filter()


# ------------------------------------------------------------------ rules


def _sensitivity(book: Book, lookup: Lookup) -> None:
    sheet = _sheet(
        book, lookup, "Sensibilité", "Signaux qui changeraient avec une autre règle",
        " ".join(other_rules.sentences(lookup)) or "Ce contrat n’a aucun signal.",
    )  # fmt: skip
    changed = getting_worse.own_rows(lookup, lookup.source.sensitivity).filter("changed")
    if changed.is_empty():
        _nothing(sheet, "Aucun signal ne dépend de la règle.")
        return
    sheet.head(
        [Head("Quartier", 34), Head("Code", 11), Head("Thème", 16), Head("Signal montré", 18),
         Head("Signal sous l’autre règle", 24), Head("Autre règle", 56)],
    )  # fmt: skip
    order = {place.code: number for number, place in enumerate(lookup.qpv)}
    themes = lookup.catalogue.themes
    rows = sorted(
        changed.iter_rows(named=True),
        key=lambda row: (
            row["rule"], order.get(row["territory"], len(order)), themes[row["theme"]].order
        ),
    )  # fmt: skip
    for row in rows:
        sheet.line(
            [lookup.place(Kind.QPV, row["territory"]).label, row["territory"],
             themes[row["theme"]].label, SIGNAL_WORDS[row["signal"]], SIGNAL_WORDS[row["other"]],
             other_rules.RULES.get(row["rule"], row["rule"])]
        )  # fmt: skip
    sheet.filter()


def _funnel(book: Book, lookup: Lookup) -> None:
    sheet = _sheet(
        book, lookup, "Entonnoir", "Chiffres au-delà des limites qui dépendent de la taille",
        f"{other_rules.limits_sentence(lookup)} Attendu : la valeur de tous les quartiers mis "
        "ensemble. Les limites sont plus larges pour un petit quartier.",
    )  # fmt: skip
    rows = other_rules.beyond(lookup)
    if rows.is_empty():
        return
    sheet.head(
        [*_FIGURE, Head("Détail", 10), Head("Numérateur", 12, right=True),
         Head("Dénominateur", 14, right=True), Head("Période du\ndénominateur", 13),
         Head("Valeur", 11, right=True), Head("Attendu", 11, right=True),
         Head("Limite basse\n95 %", 12, right=True), Head("Limite haute\n95 %", 12, right=True),
         Head("Limite basse\n99,8 %", 12, right=True),
         Head("Limite haute\n99,8 %", 12, right=True), Head("Position", 20),
         Head("Par le hasard seul", 20), Head("Sens", 16), Head("Calculé sur", 26),
         Head("Règle", 90, wrap=True)],
        freeze=1,
    )  # fmt: skip
    for row in rows.sort("territory", "indicator", "period", "breakdown").iter_rows(named=True):
        code, rule = row["indicator"], typographie(row["rule"])
        values = [
            _number(lookup, code, row[name], 1 if name != "value" else 0)
            for name in ("value", "expected", "low95", "high95", "low998", "high998")
        ]
        sheet.line(
            [*_figure(lookup, row), row["breakdown"], _plain(row["numerator"], 0),
             _plain(row["denominator"], 0), periode_courte(row["denominator_period"] or ""),
             *values, POSITIONS[Position(row["position"])], POSITIONS[Position(row["chance"])],
             _JUDGEMENTS.get(row["judgement"], ""), _BASES.get(row["basis"], row["basis"]), rule],
            height=_tall((rule, 90)),
        )  # fmt: skip
    sheet.filter()


# ------------------------------------------------------------------ trends


def _trends(book: Book, lookup: Lookup) -> None:
    frame = lookup.source.trends
    untested = frame.filter(pl.col("result") == UNTESTED)
    tested = frame.filter(pl.col("result") != UNTESTED)
    sheet = _sheet(
        book, lookup, "Tendances", "Séries dont la tendance a été testée",
        f"{compte(tested.height, 'série testée', 'séries testées')}, {nombre(untested.height)} non "
        "testées, ce qui n’est pas « stable ». Aucune correction n’est faite pour le nombre de "
        "tests.",
    )  # fmt: skip
    why = untested["reason"].value_counts().sort("count", "reason", descending=[True, False])
    for reason, count in why.iter_rows():
        sheet.text(f"{compte(count, 'série non testée', 'séries non testées')}{NBSP}: {reason}.")
    if tested.is_empty():
        return
    if not why.is_empty():
        sheet.skip()
    sheet.head(
        [*_FIGURE[:4], Head("Détail", 10), Head("De", 11), Head("À", 11),
         Head("Points", 8, right=True), Head("Résultat", 11), Head("Sens", 16),
         Head("S", 7, right=True), Head("Probabilité", 12, right=True),
         Head("Pente,\npar an", 11, right=True), Head("Source", 34)],
    )  # fmt: skip
    for row in tested.sort("result", "territory", "indicator", "breakdown").iter_rows(named=True):
        code = row["indicator"]
        card = lookup.catalogue.sources.get(row["source"])
        sheet.line(
            [lookup.place(row["kind"], row["territory"]).label, row["territory"],
             _theme(lookup, code), _label(lookup, code), row["breakdown"],
             periode_courte(row["first"]), periode_courte(row["last"]), row["points"],
             row["result"], _JUDGEMENTS.get(row["judgement"], ""), row["s"],
             _plain(row["p_value"], 3), _number(lookup, code, row["slope"], 1),
             card.short if card else row["source"]]
        )  # fmt: skip
    sheet.filter()


# ------------------------------------------------------------------ perimeters


def _correspondence(book: Book, lookup: Lookup) -> None:
    known = {code for kind, code in lookup.places if kind == Kind.QPV}
    rows = lookup.source.correspondence.filter(
        pl.col("old").is_in(list(known)) | pl.col("new").is_in(list(known))
    )
    if rows.is_empty():
        return
    sheet = _sheet(
        book, lookup, "Correspondance", "Périmètres de 2015 et de 2024",
        "La liste officielle dit d’où vient chaque quartier. Sans mesure, la part d’un périmètre "
        "modifié n’est pas connue : elle est laissée vide. Aucune série ne passe d’une génération "
        "à l’autre.",
    )  # fmt: skip
    sheet.head(
        [Head("Code de 2015", 14), Head("Quartier de 2015", 40), Head("Code de 2024", 14),
         Head("Quartier de 2024", 40), Head("Statut", 28), Head("D’après le fichier", 40),
         Head("Part de l’ancien,\nen %", 16, right=True),
         Head("Part du nouveau,\nen %", 16, right=True), Head("Au moins,\nen %", 10, right=True),
         Head("Au plus,\nen %", 10, right=True), Head("Mesuré sur", 18)],
    )  # fmt: skip
    words = {row["statut"]: row["libelle"] for row in read_list("vocabularies/perimetres.csv")}
    for row in rows.sort("new", "old", nulls_last=True).iter_rows(named=True):
        shares = [
            None if row[name] is None else Number(100 * row[name], 1)
            for name in ("share_old", "share_new", "share_low", "share_high")
        ]
        sheet.line(
            [row["old"] or "–", row["old_label"] or "", row["new"] or "–", row["new_label"] or "",
             words.get(row["status"], row["status"]), row["status_text"] or "", *shares,
             _BASES.get(row["basis"], row["basis"])]
        )  # fmt: skip
    sheet.filter()
