"""What is said « en bref », in five to eight lines?

Who lives there, the figure that leads, the signals, one strength at least (or that there
is none), what weighs; what is not known. Each part has several wordings; the combination
kept is the best of those that measure 380 to 430 characters. With little data the text is
shorter: nothing is said to fill.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from terril.fiches import lexicon as lx
from terril.fiches.claims import Claim, about_signals, ranked, states, versus
from terril.fiches.clauses import Clause, Scene, leaning
from terril.fiches.facts import Fact, SignalFact
from terril.fiches.highlights import Highlight, best_clauses, strengths, worries
from terril.fiches.parts import NOTHING, Part, compose
from terril.fiches.places import des_quartiers, quantity
from terril.fiches.signal_phrases import signal_parts
from terril.lib.dates import en_periode
from terril.lib.fractions import fraction
from terril.lib.french import a, de, liste, ordinal, ordinal_mot
from terril.lib.prose import phrase


def brief_parts(
    scene: Scene,
    population: Fact | None,
    share: Fact | None,
    traits: Sequence[Fact],
    lead: Fact | None,
    found: Sequence[Highlight],
    signals: Mapping[str, SignalFact],
    labels: Mapping[str, str],
    fragile: float,
) -> list[Part]:
    """The parts of the synthesis, in order. ``labels``: theme → label, in the sheet's order."""
    slots: list[Sequence[Part]] = []
    for slot in (
        _who(scene, population, share, traits),
        _leading(scene, lead),
        signal_parts(signals, labels, fragile, scene.total),
    ):
        if slot:
            slots.append(slot)
    rest = [item for item in found if lead is None or item.fact is not lead]
    slots.append(_strength(scene, rest, lead))
    slots.append([NOTHING, *_worry(scene, rest, signals)])
    extra = [NOTHING, *_more(scene, rest, signals)]
    slots.append(extra)
    return compose(slots)


# ------------------------------------------------------------------ who lives there


def _who(
    scene: Scene, population: Fact | None, share: Fact | None, traits: Sequence[Fact]
) -> list[Part]:
    where = a(liste(list(scene.communes))) if scene.communes else ""
    found: list[Part] = []
    trait = _trait(traits)
    head: tuple[str, tuple[Claim, ...]] | None = None
    if share is not None and share.value is not None and where:
        part = fraction(share.value)
        named = part.named() if part else None
        figure = f"**{named}**" if named else f"**{share.prose(share.value)}**"
        of = (
            "de la commune"
            if len(scene.communes) == 1
            else (f"de ses {quantity(len(scene.communes))} communes")
        )
        text = f"{where}, le quartier abrite {figure} des habitants {of}"
        head = text, (states(share, part if named else None),)
    elif population is not None and population.value is not None:
        figure = f"**{population.prose(population.value)}**"
        when = en_periode(population.period)
        text = f"{where + ', ' if where else ''}le quartier compte {figure} habitants {when}"
        head = text.rstrip(), (states(population),)
    if head and trait:
        found.append(
            Part(
                phrase(f"{head[0]} ; {trait[1]}"),
                (*head[1], *trait[2]),
                1.0 + leaning(f"{scene.qpv}lieu"),
                trait[3],
            )  # fmt: skip
        )
    if head:
        found.append(Part(phrase(head[0]), head[1], 0.5))
    if trait:
        found.append(Part(phrase(trait[0]), trait[2], 0.6, trait[3]))
    return found


def _trait(
    traits: Sequence[Fact],
) -> tuple[str, str, tuple[Claim, ...], tuple[str, ...]] | None:
    """The age (or other neutral) trait that stands out: whole clause, and short after « ; »."""
    known = [fact for fact in traits if fact.value is not None and fact.is_share_of_people]
    usable = [(fact, fraction(fact.value or 0.0)) for fact in known]
    usable = [(fact, part) for fact, part in usable if part is not None]
    if not usable:
        return None
    fact, part = usable[0]
    for other, other_part in usable[1:]:
        if lx.extreme(other, 2) is not None and abs(other.z or 0.0) > abs(fact.z or 0.0) + 0.5:
            fact, part = other, other_part
    assert part is not None
    phrase_ = fact.phrase
    verb = phrase_.verb_singular if part.numerator == 1 else phrase_.verb_plural
    who = part.of_people(phrase_.among_singular or "", phrase_.among_plural or "",
                         phrase_.among_gender)  # fmt: skip
    return (
        f"**{who}** {verb}",
        f"**{part.words(phrase_.among_gender)}** {verb}",
        (states(fact, part),),
        (fact.indicator,),
    )


# ------------------------------------------------------------------ the leading figure


def _leading(scene: Scene, lead: Fact | None) -> list[Part]:
    if lead is None or lead.value is None:
        return []
    phrase_ = lead.phrase
    is_ = lx.copula(phrase_.number)
    figure = f"**{lead.prose(lead.value)}**"
    placed = _standing(lead)
    epci = lead.refs.get("epci")
    gap: tuple[str, Claim] | None = None
    if epci is not None and epci.direction != "equal" and epci.period == lead.period:
        claim = versus(lead, epci)
        size = f"**{lead.gap_text(epci.gap)}**"
        if lead.unit.symbol == "€" and epci.direction == "lower":
            gap = f"il manque {size} pour rejoindre {scene.epci.noun}", claim
        elif lead.unit.gap and epci.direction == "lower":
            gap = f"c’est {size} de moins que {scene.epci.inside}", claim
        else:
            gap = f"c’est {size} de plus que {scene.epci.inside}", claim
    found: list[Part] = []
    one = (lead.indicator,)
    if placed is not None:
        text, claim, good = placed
        base = f"{phrase_.subject}, {figure}, {is_} {text}"
        if gap is not None:
            behind = epci is not None and lx.tone_against(lead, epci) < 0
            link = ", mais" if good and behind else " :"
            under = phrase_.gender == "m" and phrase_.number == "s" and lead.sense > 0
            if epci and behind and not good and under and leaning(f"{scene.qpv}ecart") < 0.4:
                size = f"**{lead.gap_text(epci.gap)}**"
                text = f"{base}, {size} sous celui {de(scene.epci.noun)}"
                found.append(Part(phrase(text), (claim, gap[1]), 1.5, one))
            found.append(Part(phrase(f"{base}{link} {gap[0]}"), (claim, gap[1]), 1.4, one))
        found.append(Part(phrase(base), (claim,), 0.9, one))
    elif gap is not None:
        text = f"{phrase_.subject} {is_} de {figure} : {gap[0]}"
        found.append(Part(phrase(text), (gap[1],), 1.2, one))
    else:
        found.append(
            Part(phrase(f"{phrase_.subject} {is_} de {figure}"), (states(lead),), 0.8, one)
        )
    return found


def _standing(fact: Fact) -> tuple[str, Claim, bool] | None:
    """« le plus élevé des 21 quartiers », « l’avant-dernier… », « proche de la moyenne »."""
    if fact.rank is None or fact.known < lx.MIN_RANKED:
        return None
    among = des_quartiers(fact.known, fact.total)
    good = (fact.z or 0.0) >= 0.5
    mean = fact.refs.get("qpv_mean")
    end = lx.extreme(fact)
    if end is not None and (end.rank == 1 or end.shared or fact.sense < 0):
        text = lx.superlative_attribute(fact, end, fact.phrase.gender, fact.phrase.number)
        return text, ranked(fact, end.sense), good
    if fact.sense > 0 and not fact.tied:
        the = {"m": "le", "f": "la"}[fact.phrase.gender]
        if fact.rank == fact.known - 1:
            last = "l’avant-dernier" if fact.phrase.gender == "m" else "l’avant-dernière"
            return f"{last} {among}", ranked(fact, "favorable"), False
        if fact.rank <= 6 and fact.rank <= fact.known // 3:
            order = ordinal_mot(fact.rank, fact.phrase.gender)
            return f"{the} {order} {among}", ranked(fact, "favorable"), good
    if mean is not None and lx.near(mean):
        close = "proches" if fact.phrase.number == "p" else "proche"
        return f"{close} de la moyenne des quartiers", versus(fact, mean, near=True), False
    tie = ", à égalité" if fact.tied else ""
    return f"au {ordinal(fact.rank)} rang {among}{tie}", ranked(fact, "favorable"), good


# ------------------------------------------------------------------ strengths and worries

_STRENGTH: Final = ("Point d’appui : ", "Atout : ", "À son avantage : ", "Point fort : ")
_WORRY: Final = ("Point de vigilance : ", "En revanche, ", "En revanche, ")


def _strength(scene: Scene, rest: Sequence[Highlight], lead: Fact | None) -> list[Part]:
    found: list[Part] = []
    turn = leaning(f"{scene.qpv}atout")
    opening = _STRENGTH[int(turn * len(_STRENGTH))]
    for order, item in enumerate(strengths(rest)[:3]):
        for number, clause in enumerate(best_clauses(item, scene, 1)):
            found.append(_part(f"{opening}{clause.text}", clause, 2.0 - 0.6 * order - 0.2 * number))
        if len(found) >= 4:
            break
    if found:
        return found
    if lead is not None and (lead.z or 0.0) >= 0.5:
        return [NOTHING]  # the leading figure is the strength
    judged = [item.fact for item in rest if item.fact.rank is not None]
    if len(judged) < 3 or any((fact.z or 0.0) >= 0.5 for fact in judged):
        return [NOTHING]
    claim = about_signals({"points_forts": 0.0, "z_max": max(f.z or 0.0 for f in judged)})
    return [
        Part(phrase("aucun indicateur ne se détache en sa faveur"), (claim,), 1.0),
    ]


def _worry(
    scene: Scene, rest: Sequence[Highlight], signals: Mapping[str, SignalFact]
) -> list[Part]:
    found: list[Part] = []
    opening = (
        "" if not strengths(rest) else _WORRY[int(leaning(f"{scene.qpv}vigilance") * len(_WORRY))]
    )
    for order, item in enumerate(worries(rest)[:3]):
        for clause in best_clauses(item, scene, -1):
            found.append(_part(f"{opening}{clause.text}", clause, 1.5 - 0.4 * order))
    return found[:4]


def _more(scene: Scene, rest: Sequence[Highlight], signals: Mapping[str, SignalFact]) -> list[Part]:
    """Something more, when there is room: a second worry, a second strength."""
    found: list[Part] = []
    for item in worries(rest)[1:4]:
        found.extend(_part(c.text, c, 0.3) for c in best_clauses(item, scene, -1, 1))
    for item in strengths(rest)[1:3]:
        found.extend(_part(c.text, c, 0.35) for c in best_clauses(item, scene, 1, 1))
    return found[:4]


def _part(text: str, clause: Clause, score: float) -> Part:
    if text.count(" : ") > 1:  # one colon a sentence
        head, _, tail = text.partition(" : ")
        text = f"{head} : {tail.replace(' : ', ', ')}"
    return Part(phrase(text), clause.claims, score, clause.indicators)


def all_claims(parts: Iterable[Part]) -> list[tuple[str, tuple[Claim, ...]]]:
    """The text and the claims of each part."""
    return [(part.text, part.claims) for part in parts]
