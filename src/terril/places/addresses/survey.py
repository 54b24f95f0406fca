"""What is the answer for each line of a list, in each generation of perimeters?"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Final

from terril.lib.problems import ProblemList
from terril.lib.progress import Progress, Silent
from terril.places.addresses.base import Base
from terril.places.addresses.listing import Listing
from terril.places.addresses.match import Match, Matcher
from terril.places.addresses.online import OnlinePlacer, questions
from terril.places.addresses.parse import Address, address_of
from terril.places.addresses.placing import Answer, Coverage, Placer
from terril.places.addresses.reasons import Reason, State
from terril.places.addresses.rules import Rules
from terril.places.addresses.service import Service, geocode
from terril.territories.geometry import Layer

#: what the service may know better than the base
_ASKED_AGAIN: Final = frozenset(
    {Reason.NOT_FOUND, Reason.DOUBTFUL, Reason.OUT_OF_AREA, Reason.NUMBER, Reason.AMBIGUOUS}
)
_STEP: Final = 200


@dataclass(frozen=True, slots=True)
class Outlines:
    """The neighbourhoods of one generation, and where outside can be said."""

    layer: Layer
    coverage: Coverage


def answer_list(
    listing: Listing,
    outlines: Sequence[Outlines],
    rules: Rules,
    problems: ProblemList,
    *,
    base: Base | None = None,
    service: Service | None = None,
    default: tuple[str, ...] = (),
    progress: Progress | None = None,
) -> list[list[Answer]]:
    """Return the answers, one list a generation, one answer a line, in the order of the list.

    ``base``: the prepared base. ``service``: asked for every address without a base, and with one
    for those that the base does not recognise. Raises ``ValueError`` without either. ``default``:
    communes (codes) to look in when a line names none.
    """
    if base is None and service is None:
        raise ValueError("neither a base nor a service")
    work = progress or Silent()
    matcher = Matcher(base, rules, default) if base is not None else None
    work.stage("lecture des adresses", len(listing.lines))
    addresses: list[Address] = []
    matches: dict[Address, Match] = {}
    for rank, listed in enumerate(listing.lines, 1):
        address = address_of(listed.line, matcher.is_place if matcher else None)
        addresses.append(address)
        if matcher is not None and address not in matches:
            matches[address] = matcher.match(address)
        if rank % _STEP == 0:
            work.advance(_STEP)
    distinct = list(dict.fromkeys(addresses))
    found: list[dict[Address, Answer]] = [{} for _ in outlines]
    if base is not None:
        for answers, one in zip(found, outlines, strict=True):
            placer = Placer(base, one.layer, rules, one.coverage)
            answers.update((address, placer.answer(matches[address])) for address in distinct)
    if service is not None:
        placed = {a for a in distinct if a in matches and matches[a].streets}
        _ask(distinct, placed, found, outlines, rules, service, problems, work)
    return [[answers[address] for address in addresses] for answers in found]


def _ask(
    addresses: Sequence[Address],
    placed: Set[Address],
    found: list[dict[Address, Answer]],
    outlines: Sequence[Outlines],
    rules: Rules,
    service: Service,
    problems: ProblemList,
    work: Progress,
) -> None:
    """Ask the service for what has no answer, and take its answers where they tell something.

    ``placed``: their street is known; the service would say no more of where outside holds.
    """
    asked = [
        address
        for address in addresses
        if any(
            _open(a := answers.get(address))
            and not (address in placed and a is not None and a.reason is Reason.OUT_OF_AREA)
            for answers in found
        )
    ]
    texts = list(dict.fromkeys(text for address in asked for text in questions(address)))
    replies = geocode(texts, service, problems, progress=work)
    for answers, one in zip(found, outlines, strict=True):
        placer = OnlinePlacer(one.layer, rules, one.coverage)
        for address in asked:
            before = answers.get(address)
            answer = placer.answer(address, replies)
            if before is None or _open(before) and answer.state is not State.UNKNOWN:
                answers[address] = answer


def _open(answer: Answer | None) -> bool:
    return answer is None or answer.reason in _ASKED_AGAIN
