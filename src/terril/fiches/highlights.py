"""What stands out of a whole sheet: its strengths, its difficulties?

Facts of all the themes, weighed together. A strength is told against the other
neighbourhoods or against the EPCI; when there is none, that is said too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from terril.fiches import lexicon as lx
from terril.fiches.clauses import Clause, Scene, leaning
from terril.fiches.compose import salience
from terril.fiches.facts import Fact, SignalFact
from terril.fiches.patterns import clauses

#: what being of general reach (the ``lead`` of the sheet model) weighs
_LEAD = 0.6

_NEAR_PATTERNS = ("fraction-autant", "fraction-comme", "enonce-comme", "sujet-proche")


@dataclass(frozen=True, slots=True)
class Highlight:
    """A fact of the sheet with its theme and its weight."""

    fact: Fact
    theme: str
    weight: float
    tone: int  # against the other neighbourhoods, else against the EPCI
    lead: bool = False  # of general reach, says the sheet model


def highlights(
    themes: Mapping[str, Sequence[Fact]],
    signals: Mapping[str, SignalFact],
    lead: Sequence[str],
) -> list[Highlight]:
    """Weigh the known and judged facts of a sheet, the weightiest first."""
    found: list[Highlight] = []
    for theme, facts in themes.items():
        signal = signals.get(theme)
        for fact in facts:
            if fact.value is None or not fact.judged:
                continue
            weight = salience(fact, signal)
            if fact.indicator in lead:
                weight += _LEAD
            if fact.known * 3 < fact.total * 2:
                weight -= 1.0  # few neighbourhoods are known: a rank says little
            found.append(Highlight(fact, theme, weight, _tone(fact), fact.indicator in lead))
    found.sort(key=lambda item: (-item.weight, item.fact.indicator))
    return found


def _tone(fact: Fact) -> int:
    within = lx.tone_within(fact)
    if within:
        return within
    epci = fact.refs.get("epci")
    return lx.tone_against(fact, epci) if epci is not None else 0


def strengths(found: Sequence[Highlight]) -> list[Highlight]:
    """What the neighbourhood does better: among the first, or better than the EPCI."""

    def merit(item: Highlight) -> float:
        fact = item.fact
        score = fact.z or 0.0
        end = lx.extreme(fact)
        if end is not None and score > 0:
            score += {1: 0.8, 2: 0.5, 3: 0.3}[end.rank]
        epci = fact.refs.get("epci")
        if epci is not None:
            score += 0.6 * lx.tone_against(fact, epci)
        if fact.known * 3 < fact.total * 2:
            score -= 1.0
        return score + (0.3 if fact.pictogram else 0.0)

    good = [item for item in found if _is_strength(item.fact)]
    return sorted(good, key=lambda item: (-merit(item), item.fact.indicator))


def _is_strength(fact: Fact) -> bool:
    if fact.z is not None and fact.known >= lx.MIN_RANKED:
        return fact.z >= 0.5
    epci = fact.refs.get("epci")
    return epci is not None and lx.tone_against(fact, epci) > 0


def worries(found: Sequence[Highlight]) -> list[Highlight]:
    """What weighs on the neighbourhood, the weightiest first."""
    return [item for item in found if item.tone < 0]


def best_clauses(item: Highlight, scene: Scene, tone: int, number: int = 2) -> list[Clause]:
    """The best ways to tell a highlight in the wanted tone, with its comparison."""
    fitting = [
        clause
        for clause in clauses(item.fact, scene)
        if clause.pattern not in ("atout", "rare", "theme-la plupart", "sujet")
        and (clause.tone == tone or (tone > 0 and clause.pattern in _NEAR_PATTERNS))
    ]
    fitting.sort(
        key=lambda c: -c.score - 0.4 * leaning(f"{scene.qpv}{c.indicators}{c.pattern}bref")
    )
    return fitting[:number]
