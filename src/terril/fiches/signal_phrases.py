"""How does the synthesis speak of the signals, all themes together?

How many are in difficulty, which; how far the answer depends on the method; which cannot
be known. « Dans la moyenne » is never said without its sureness.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from terril.benchmarks.schema import Signal
from terril.fiches.claims import Claim, Values, about_signals
from terril.fiches.facts import SignalFact
from terril.fiches.parts import NOTHING, Part
from terril.fiches.signal_words import sureness_text
from terril.lib.french import de, en_lettres, liste, majuscule
from terril.lib.prose import phrase

#: from that share of the variants on, the colour hardly depends on the method
SURE = 0.8
_FEW = 3  # neighbourhoods below which nothing is compared between them


def signal_parts(
    signals: Mapping[str, SignalFact], labels: Mapping[str, str], fragile: float, total: int
) -> list[Part]:
    """The wordings of the state of the signals. ``total``: neighbourhoods of the contract.
    ``labels``: theme → name with article,
       in order."""
    by: dict[str, list[SignalFact]] = {signal: [] for signal in Signal}
    for theme in labels:
        found = signals.get(theme)
        by[found.signal if found else Signal.INDETERMINE].append(
            found or SignalFact(theme, Signal.INDETERMINE, None, 0, 0, None, 0)
        )
    known = len(labels) - len(by[Signal.INDETERMINE])
    claim = about_signals(_values(by, len(labels)))
    if not labels:
        return []
    if known == 0 and total < _FEW:
        few = "un seul quartier" if total == 1 else f"{en_lettres(total)} quartiers"
        text = f"avec {few}, le contrat ne permet pas de calculer de signal"
        return [Part(phrase(text), (claim,), 0.5), NOTHING]
    if known == 0:
        text = "les données manquent pour situer le quartier thème par thème"
        return [Part(phrase(text), (claim,), 1.0)]
    texts = list(_texts(by, labels, fragile))
    unknown = _unknown(by[Signal.INDETERMINE], labels)
    parts = []
    for order, text in enumerate(texts):
        whole = phrase(text) + (f" {unknown[0]}" if unknown else "")
        claims = (claim, *unknown[1]) if unknown else (claim,)
        parts.append(Part(whole, claims, 1.5 - 0.25 * order))
    return parts


def _values(by: Mapping[str, Sequence[SignalFact]], total: int) -> Values:
    values: Values = {str(signal.value): float(len(by[signal])) for signal in Signal}
    values["themes"] = float(total)
    return values


def _count(number: int) -> str:
    return f"{en_lettres(number)} thème{'s' if number > 1 else ''}"


def _texts(
    by: Mapping[str, Sequence[SignalFact]], labels: Mapping[str, str], fragile: float
) -> list[str]:
    """The wordings, the fullest first."""
    bad, good, average = by[Signal.DIFFICILE], by[Signal.FAVORABLE], by[Signal.MOYEN]
    if not bad and not good:
        return _average(average, fragile)
    sure = all((fact.sureness or 0.0) >= SURE for fact in (*bad, *good))
    tail = ", quelle que soit la méthode ou presque" if sure else ""

    def names(found: Sequence[SignalFact], doubt: bool = True) -> str:
        """« la santé et l’emploi (fragile) »."""
        return liste([
            labels[fact.theme]
            + (" (fragile)" if doubt and (fact.sureness or 0.0) < fragile else "")
            for fact in found
        ])  # fmt: skip

    if bad and good:
        first = f"{_count(len(bad))} {_are(bad)} en difficulté"
        second = f"{en_lettres(len(good))} {_are(good)} favorable{_s(good)}"
        return [
            f"{first} : {names(bad)}. {majuscule(second)} : {names(good)}",
            f"{first}, {second}",
        ]
    if bad:
        first = f"{_count(len(bad))} sur {en_lettres(len(labels))} {_are(bad)} en difficulté"
        return [
            f"{first} : {names(bad)}" if not sure else f"{first} ({names(bad)}){tail}",
            f"{first} : {names(bad)}",
            f"{first}{tail}",
            first,
        ]
    first = f"{_count(len(good))} {_are(good)} favorable{_s(good)}"
    none = "aucun n’est en difficulté"
    return [f"{first}, {names(good)} ; {none}", f"{first}, {none}"]


def _average(average: Sequence[SignalFact], fragile: float) -> list[str]:
    weak = [fact for fact in average if (fact.sureness or 0.0) < fragile]
    low = min((fact.sureness or 0.0 for fact in average), default=0.0)
    if len(weak) >= 2:
        return [
            "aucun thème n’est en difficulté ; plusieurs signaux changent toutefois avec la "
            "méthode et se lisent avec prudence",
            "aucun thème n’est en difficulté, mais plusieurs signaux changent avec la méthode",
        ]
    return [
        f"tous les thèmes connus sont dans la moyenne, sûrs à {sureness_text(low)} ou plus",
        "aucun thème n’est en difficulté ni favorable",
    ]


def _are(found: Sequence[SignalFact]) -> str:
    return "sont" if len(found) > 1 else "est"


def _s(found: Sequence[SignalFact]) -> str:
    return "s" if len(found) > 1 else ""


def _unknown(
    found: Sequence[SignalFact], labels: Mapping[str, str]
) -> tuple[str, tuple[Claim, ...]] | None:
    if not found:
        return None
    names = liste([labels[fact.theme] for fact in found])
    known = found[0].available
    if len(found) == 1:
        why = (
            f"{en_lettres(known, 'f')} donnée{'s' if known > 1 else ''} connue"
            f"{'s' if known > 1 else ''} sur {en_lettres(found[0].expected)}"
            if known
            else "aucune donnée connue"
        )
        text = f"le signal {de(names)} est indéterminé : {why}"
    else:
        whose = liste([de(labels[fact.theme]) for fact in found])
        text = f"les signaux {whose} sont indéterminés, faute de données"
    claims = tuple(
        about_signals(
            {
                "signal": fact.signal,
                "connus": float(fact.available),
                "attendus": float(fact.expected),
            },
            fact.theme,
        )
        for fact in found
    )
    return phrase(text), claims
