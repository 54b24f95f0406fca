"""Under which rule is a figure made of records, and what does the rule forbid?

The strictest of the rule of the source (or of the work) and of the rule of the indicator: the
larger minimum, the coarser rounding; dominance and p % where either asks for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import Dominance, Indicator, SecrecyRule
from terril.catalogue.works import Work
from terril.lib.french import FINE, compte, nombre


@dataclass(frozen=True)
class Rule:
    """The strictest of the rules of the source and of the indicator."""

    code: str
    minimum: int
    unit: str
    blank_zero: bool
    rounding: int
    dominance: Dominance | None
    p_percent: float | None

    @property
    def largest(self) -> int:
        """How many of the largest values of a sum the rule looks at, 0 for none."""
        if self.dominance is None and self.p_percent is None:
            return 0
        wanted = self.dominance.largest if self.dominance is not None else 0
        return max(wanted, 2, self.minimum)

    def dominated(self, total: int, values: Sequence[int]) -> str:
        """Say why a sum tells too much of its largest contributors, "" when it does not.

        ``total`` and ``values``: of the positive contributions, the ``largest`` ones in
        decreasing order. The same rules as ``secrecy.dominance``, in whole numbers.
        """
        if 0 < len(values) < self.minimum:
            few = compte(self.minimum, "contributeur", "contributeurs")
            return f"Moins de {few} ({self.unit})."
        if self.dominance is not None:
            size, share = self.dominance.largest, self.dominance.share
            if sum(values[:size]) * 100 > share * total:
                who = (
                    "Le premier contributeur pèse"
                    if size == 1
                    else f"Les {size} premiers contributeurs pèsent"
                )
                return f"{who} plus de {nombre(share)}{FINE}% du total."
        if self.p_percent is not None and values:
            rest = total - sum(values[:2])
            if rest * 100 < self.p_percent * values[0]:
                percent = f"{nombre(self.p_percent)}{FINE}%"
                return f"Le deuxième contributeur connaîtrait le premier à {percent} près."
        return ""

    @property
    def own(self) -> str:
        """Why a count is blanked."""
        return f"Effectif inférieur au minimum de {self.minimum} {self.unit}."

    @property
    def rests(self) -> str:
        """Why a figure that rests on a count is blanked."""
        return f"Repose sur un effectif inférieur au minimum de {self.minimum} {self.unit}."


def rule_of(work: Work, card: Indicator, catalogue: Catalogue) -> Rule:
    """Return the rule that a figure of the work is under."""
    own = work.secrecy or catalogue.sources[work.source].secrecy
    rules: list[tuple[str, SecrecyRule]] = [
        (code, catalogue.secrecy[code]) for code in dict.fromkeys((own, card.secrecy))
    ]
    code, strict = max(rules, key=lambda pair: pair[1].minimum or 0)
    return Rule(
        code,
        strict.minimum or 0,
        strict.unit,
        any(rule.blank_zero for _, rule in rules),
        max(rule.rounding or 1 for _, rule in rules),
        next((rule.dominance for _, rule in rules if rule.dominance is not None), None),
        next((rule.p_percent for _, rule in rules if rule.p_percent is not None), None),
    )


def wanted_values(work: Work, catalogue: Catalogue) -> dict[int, int]:
    """Return, by rank of measure, how many of the largest values its rule looks at."""
    found = {}
    for rank, measure in enumerate(work.measures):
        size = rule_of(work, catalogue.indicators[measure.indicator], catalogue).largest
        if measure.form in ("mean", "sum") and size:
            found[rank] = size
    return found
