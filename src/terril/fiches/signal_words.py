"""How are the signals worded: on the strip, in the synthesis, read aloud?

« Dans la moyenne » never stands without its sureness; an undetermined signal says how many
of its figures are known.
"""

from __future__ import annotations

from terril.benchmarks.schema import Offer, Signal
from terril.fiches.facts import Fact, OfferFact, SignalFact, Span
from terril.fiches.model import SIGNAL_WORDS
from terril.fiches.offers import CLASS_WORDS
from terril.lib.french import avec_unite, ordinal
from terril.lib.prose import typographie
from terril.observations.schema import Status

_STATUS_WORDS = {
    Status.SECRET: "couvert par le secret statistique",
    Status.NOT_SIGNIFICANT: "non significatif",
    Status.NOT_APPLICABLE: "sans objet",
}
BAND = 0.5  # half-width of the « average » band of the spine, in standard deviations


def sureness_text(sureness: float) -> str:
    """« 85 % »; never « 100 % » for less than all the variants, nor « 0 % » for some."""
    percent = round(100 * sureness)
    if sureness < 1:
        percent = min(percent, 99)
    if sureness > 0:
        percent = max(percent, 1)
    return avec_unite(percent, 0, "%")


def strip_word(signal: SignalFact | None) -> str:
    """The word under a pictogram: « en difficulté », « dans la moyenne »."""
    return SIGNAL_WORDS[signal.signal if signal else Signal.INDETERMINE]


def strip_note(signal: SignalFact | None, few: bool = False) -> str:
    """The small line under it: « sûr à 85 % », « 1 donnée sur 3 ».

    ``few``: the contract has too few neighbourhoods for a signal.
    """
    if few and (signal is None or signal.signal == Signal.INDETERMINE):
        return "trop peu de quartiers"
    if signal is None:
        return "aucune donnée"
    if signal.signal == Signal.INDETERMINE:
        if signal.available == 0:
            return "aucune donnée"
        noun = "donnée" if signal.available == 1 else "données"
        return f"{signal.available} {noun} sur {signal.expected}"
    if signal.sureness is None:
        return "sûreté inconnue"
    return f"sûr à {sureness_text(signal.sureness)}"


def offer_word(offer: OfferFact | None) -> str:
    """« offre développée », « offre limitée »."""
    return f"offre {CLASS_WORDS[offer.offer if offer else Offer.INDETERMINEE]}"


def offer_note(offer: OfferFact | None) -> str:
    """« constat, sans calcul »: the local offer is observed."""
    if offer is None:
        return "aucune donnée"
    if offer.offer == Offer.INDETERMINEE:
        return "comptages inconnus"
    return "constat, sans calcul"


def spine_alt(
    label: str, fact: Fact | None, span: Span | None, epci: str = "l’agglomération"
) -> str:
    """A row of the spine read aloud.

    « Familles monoparentales, CAF : 20,7 %, 18e rang sur 21, plus difficile que la moyenne,
    agglomération 16,5 % ».
    """
    parts: list[str] = []
    if fact is None or fact.value is None:
        status = Status(fact.status) if fact else Status.MISSING
        parts.append(_STATUS_WORDS.get(status, "pas de donnée"))
    else:
        parts.append(fact.figure(fact.value))
        if fact.rank is not None:
            parts.append(
                f"{ordinal(fact.rank)} rang sur {fact.known}" + (", à égalité" if fact.tied else "")
            )
        if fact.z is not None:
            parts.append(_side(fact, fact.z))
    if span is not None and span.epci is not None and fact is not None:
        bare = epci.split(" ", 1)[1] if " " in epci else epci.split("’", 1)[-1]
        parts.append(f"{bare} {fact.figure(span.epci)}")
    return typographie(f"{label} : {', '.join(parts)}")


def _side(fact: Fact, z: float) -> str:
    if abs(z) < BAND:
        return "proche de la moyenne"
    if not fact.judged:
        return "au-dessus de la moyenne" if z > 0 else "en dessous de la moyenne"
    return "plus favorable que la moyenne" if z > 0 else "plus difficile que la moyenne"
