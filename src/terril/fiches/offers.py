"""What does the sheet say of the local offer: its class, and what is inside or outside?

A statement of fact: no calculation, no judgement. A count that cannot be read is said to be
unreadable, and whether the class depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from terril.benchmarks.schema import Offer
from terril.catalogue.schema import EquipmentFamily
from terril.fiches.claims import Claim, Values
from terril.fiches.clauses import leaning
from terril.fiches.facts import FamilyFact, OfferFact
from terril.fiches.places import quantity
from terril.lib.french import Gender, Number, article, de, liste
from terril.lib.prose import longueur, phrase

OFFER_INDICATOR: Final = "equipement.offre"

CLASS_WORDS: Final[dict[str, str]] = {
    Offer.DEVELOPPEE: "développée",
    Offer.INDISPENSABLE: "indispensable",
    Offer.LIMITEE: "limitée",
    Offer.ABSENTE: "absente",
    Offer.INDETERMINEE: "indéterminée",
}

#: « surtout aux abords »: that many times more around than inside
_MOSTLY: Final = 4


def offer_facts(offers: pl.DataFrame | None, families: pl.DataFrame | None) -> dict[str, OfferFact]:
    """Gather the local offer of each neighbourhood from the two frames of the comparison."""
    if offers is None:
        return {}
    found: dict[str, list[FamilyFact]] = {}
    buffers: dict[str, int | None] = {}
    if families is not None:
        for code, family, inside, around, unreadable, buffer_m in families.select(
            "territory", "family", "inside", "around", "unreadable", "buffer_m"
        ).iter_rows():
            found.setdefault(code, []).append(FamilyFact(family, inside, around, bool(unreadable)))
            buffers[code] = buffer_m
    return {
        code: OfferFact(
            offer, bool(depends), why or "", buffers.get(code), tuple(found.get(code, ()))
        )
        for code, offer, depends, why in offers.select(
            "territory", "offer", "depends", "why"
        ).iter_rows()
    }


def equipment_sentences(
    qpv: str,
    offer: OfferFact | None,
    offers: Mapping[str, OfferFact],
    total: int,
    cards: Mapping[str, EquipmentFamily],
    limit: int,
) -> list[tuple[str, tuple[Claim, ...]]]:
    """The sentences about the local offer, within ``limit`` characters."""
    if offer is None:
        return [(phrase("aucun inventaire des équipements n’est publié pour ce quartier"),
                 (Claim(OFFER_INDICATOR, "", "", "", "", None, {"classe": None}),))]  # fmt: skip
    chosen = [_class_sentence(offer, offers, total)]
    room = limit - longueur(chosen[0][0]) - 1
    doubt = _doubt(offer, cards)
    if doubt is not None:
        room -= longueur(doubt[0]) + 1
    fitting = [item for item in _placements(qpv, offer, cards) if longueur(item[0]) <= room]
    if fitting:
        chosen.append(fitting[0])
    if doubt is not None:
        chosen.append(doubt)
    return chosen


def _class_sentence(
    offer: OfferFact, offers: Mapping[str, OfferFact], total: int
) -> tuple[str, tuple[Claim, ...]]:
    word = CLASS_WORDS[offer.offer]
    same = sum(1 for other in offers.values() if other.offer == offer.offer)
    values: Values = {
        "classe": offer.offer, "meme_classe": float(same), "quartiers": float(len(offers))
    }  # fmt: skip
    claim = (Claim(OFFER_INDICATOR, "", "", "", "", None, values),)
    if offer.offer == Offer.INDETERMINEE:
        return phrase("les comptages publiés ne suffisent pas à classer l’offre du quartier"), claim
    text = f"l’offre est « {word} »"
    if offer.offer == Offer.ABSENTE:
        text = "l’offre est absente"
    known = len(offers)
    if known >= 2 and same == known:
        text += f", comme dans les {quantity(known)} quartiers"
    elif known >= 2 and same == 1:
        text += f", seul cas parmi les {quantity(known)} quartiers"
    elif known >= 2:
        text += f", comme dans {quantity(same)} quartiers sur {known}"
    return phrase(text), claim


def _family_name(card: EquipmentFamily, count: int | None) -> tuple[str, Gender, Number]:
    """« le bureau de poste », « les écoles »: definite, singular for one."""
    if count == 1:
        noun = card.singular.split(" ", 1)[1]
        return article(noun, card.gender), card.gender, "s"
    return card.plural, card.gender, "p"


def _placements(
    qpv: str, offer: OfferFact, cards: Mapping[str, EquipmentFamily]
) -> list[tuple[str, tuple[Claim, ...]]]:
    """Sentences that say where the families are, the fullest first."""
    shown = sorted(
        (f for f in offer.families if f.family in cards and cards[f.family].role != "aucun"),
        key=lambda f: cards[f.family].order,
    )
    readable = [f for f in shown if f.inside is not None and f.around is not None]
    if not readable:
        return []
    inside = [f for f in readable if f.inside]
    outside = [f for f in readable if not f.inside and f.around]
    absent = [f for f in readable if not f.inside and not f.around and not f.unreadable]
    mostly = [f for f in inside if (f.around or 0) >= _MOSTLY * (f.inside or 0) + 2]
    claims = tuple(
        Claim(f"equipement.{f.family}", "", "", "", "", None,
              {"quartier": f.inside, "abords": f.around})
        for f in readable
    )  # fmt: skip
    reach = f"à moins de {offer.buffer_m} m" if offer.buffer_m else "aux abords"
    near = [f for f in inside if f not in mostly]

    def names(families: Sequence[FamilyFact], where: str) -> str:
        return liste([
            _family_name(cards[f.family], f.inside if where == "in" else f.around)[0]
            for f in families
        ])  # fmt: skip

    def verb(families: Sequence[FamilyFact], where: str) -> str:
        if len(families) > 1:
            return "sont"
        count = families[0].inside if where == "in" else families[0].around
        return "est" if count == 1 else "sont"

    tails: list[str] = []
    if outside:
        tails.append(f"{names(outside, 'out')} {verb(outside, 'out')} dehors, {reach}")
        if len(outside) >= 3:
            rest = "le reste de l’offre" if inside else "toute l’offre"
            tails.append(f"{rest} est dehors, {reach}")
    elif mostly and near:
        tails.append(f"{names(mostly, 'out')} sont surtout dans les abords")
    lack = f"il manque {liste([cards[f.family].singular for f in absent])}" if absent else ""
    texts: list[str] = []
    whole = len(inside) == len(readable) == len(shown)
    if whole:
        number = quantity(len(shown), "f")
        every = f"les {number} familles d’équipements sont présentes dans le quartier"
        if mostly:
            few = liste([cards[f.family].plural for f in mostly])
            texts.append(f"{every} ; {few} sont plus nombreux aux abords"
                         if all(cards[f.family].gender == "m" for f in mostly)
                         else f"{every} ; {few} sont surtout aux abords")  # fmt: skip
        texts.append(every)
    elif near:
        if leaning(f"{qpv}place") < 0.4 and len(near) >= 2:
            heads = [f"le quartier a {_own(near[:count], cards)}" for count in (len(near), 3, 2)]
        else:
            heads = [
                f"{names(near[:count], 'in')} {verb(near[:count], 'in')} dans le quartier"
                for count in (len(near), 3, 2, 1)
            ]
        heads = list(dict.fromkeys(heads))
        pairs = [(head, tail) for tail in tails for head in heads] or [(h, "") for h in heads]
        pairs.sort(key=lambda pair: -len(pair[0]) - len(pair[1]))
        texts.extend(f"{head} ; {tail}" if tail else head for head, tail in pairs)
        texts.extend(heads if tails else [])
    elif mostly:
        head = f"{names(mostly, 'out')} sont surtout aux abords"
        texts.extend([*(f"{head} ; {tail}" for tail in tails), head])
    else:
        texts.extend(tails)
    ends = [f". {lack}", ""] if lack else [""]
    return [(_sentences(text + end), claims) for end in ends for text in texts] + (
        [(_sentences(lack), claims)] if lack else []
    )


def _own(families: Sequence[FamilyFact], cards: Mapping[str, EquipmentFamily]) -> str:
    """« ses écoles, ses commerces alimentaires et son bureau de poste »."""
    parts = []
    for fact in families:
        card = cards[fact.family]
        if fact.inside == 1:
            noun = card.singular.split(" ", 1)[1]
            feminine = card.gender == "f" and noun[0] not in "aeiouéèêh"
            parts.append(f"{'sa' if feminine else 'son'} {noun}")
        else:
            parts.append(f"ses {card.plural.removeprefix('les ')}")
    return liste(parts)


def _sentences(text: str) -> str:
    return " ".join(phrase(part) for part in text.split(". "))


def _doubt(
    offer: OfferFact, cards: Mapping[str, EquipmentFamily]
) -> tuple[str, tuple[Claim, ...]] | None:
    """What cannot be read, and whether the class depends on it."""
    unreadable = [f for f in offer.families if f.unreadable or f.inside is None or f.around is None]
    if not unreadable:
        return None
    number = len(unreadable)
    values: Values = {"illisibles": float(number), "depend": "oui" if offer.depends else "non"}
    claim = (Claim(OFFER_INDICATOR, "", "", "", "", None, values),)
    text = (
        f"un comptage {de(cards[unreadable[0].family].plural)} est inconnu"
        if number == 1 and unreadable[0].family in cards
        else f"{quantity(number, 'f')} familles ont un comptage inconnu"
    )
    end = "dont la classe dépend" if offer.depends else "sans effet sur la classe"
    return phrase(f"{text}, {end}"), claim
