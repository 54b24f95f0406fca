"""How much of the signals hangs on the rule, and what do the limits of size say?

Words of the other rules (``benchmarks.sensitivity``) and of the limits that depend on the size
(``benchmarks.funnel``), for the method, the theme sheets and the workbook.
"""

from __future__ import annotations

import polars as pl

from terril.benchmarks.funnel import Position
from terril.benchmarks.sensitivity import Rule, Sensitivity, sentence
from terril.lib.french import compte
from terril.lib.prose import typographie
from terril.reports.getting_worse import own_rows
from terril.reports.lookup import Lookup
from terril.reports.words import ends

#: the other rules as heads and cells of a table
RULES = {
    Rule.MOYENNE.value: "moyenne pondérée par la population",
    Rule.TAILLE.value: "écarts que le hasard suffit à expliquer comptés pour nuls",
}


def sentences(lookup: Lookup) -> list[str]:
    """One sentence a rule: how many signals would change. Empty when there is no signal."""
    result = Sensitivity(lookup.source.sensitivity, lookup.source.reach)
    told = [sentence(result, lookup.source.epci, rule) for rule in Rule]
    return [ends(text[0].upper() + text[1:]) for text in told if text]


def theme_line(lookup: Lookup, theme: str) -> dict[str, str] | None:
    """How many signals of the theme hang on the rule, or nothing when none does."""
    rows = own_rows(lookup, lookup.source.sensitivity).filter(pl.col("theme") == theme)
    changed = rows.filter("changed")
    count, total = changed["territory"].n_unique(), rows["territory"].n_unique()
    if not count:
        return None
    per_rule = dict(changed["rule"].value_counts().iter_rows())
    parts = [
        f"{per_rule[rule]} {words}"
        for rule, words in (
            (Rule.MOYENNE.value, "avec la moyenne pondérée"),
            (Rule.TAILLE.value, "en tenant compte de la taille"),
        )
        if rule in per_rule
    ]
    verb = "changerait" if count == 1 else "changeraient"
    text = f"{compte(count, 'signal', 'signaux')} sur {total} {verb} ({', '.join(parts)})"
    return {"head": "Selon la règle", "text": ends(text)}


def beyond(lookup: Lookup) -> pl.DataFrame:
    """The figures of the contract beyond the limits of the declared rule, 95 % at least."""
    return own_rows(lookup, lookup.source.funnel).filter(
        pl.col("position") != Position.ATTENDU.value
    )


def limits_sentence(lookup: Lookup) -> str:
    """« Dans cette édition, 30 chiffres sur 349 sortent des limites à 95 %. »."""
    total = own_rows(lookup, lookup.source.funnel).height
    out = beyond(lookup).height
    if not total:
        return "Aucun chiffre de cette édition n’a de dénominateur connu."
    if not out:
        return typographie(f"Ici, aucun des {total} chiffres examinés ne sort des limites à 95 %.")
    verb = "sort" if out == 1 else "sortent"
    return typographie(
        f"Ici, {compte(out, 'chiffre', 'chiffres')} sur {total} {verb} des limites à 95 %."
    )
