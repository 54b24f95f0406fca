"""Is a total left published when the producer blanks one part and no document has the other?"""

from __future__ import annotations

import pytest

from small_world import catalogue, count, qpv, retained, said, territories
from terril.catalogue.schema import Relation, SecrecyRule
from terril.secrecy.protect import protect

TOTAL, WOMEN, MEN = "essai.nb", "essai.nb_femmes", "essai.nb_hommes"
CARDS = catalogue(
    {code: count(secrecy="cinq") for code in (TOTAL, WOMEN, MEN)},
    relations={
        "sexe": Relation(label="femmes et hommes font le total", parts=(WOMEN, MEN), total=TOTAL)
    },
    secrecy={"cinq": SecrecyRule(label="5", minimum=5, unit="personnes", note="essai")},
)


def secret(men: float | None, others: list[tuple[int, int]]) -> set[tuple[str, str]]:
    rows = [
        said(qpv(1), TOTAL, 80, decimals=0),
        said(qpv(1), WOMEN, None, status="secret"),
    ]
    if men is not None:
        rows.append(said(qpv(1), MEN, men, decimals=0))
    for number, (women, total) in enumerate(others, 2):
        rows.append(said(qpv(number), TOTAL, total, decimals=0))
        rows.append(said(qpv(number), WOMEN, women, decimals=0))
    done = protect(retained(rows), CARDS, territories(1 + len(others)))
    found = done.frame.filter(done.frame["status"] == "secret")
    return set(found.select("territory", "indicator").rows())


@pytest.mark.parametrize("others", [[], [(40, 100)], [(40, 100), (20, 50)], [(300, 600)]])
def test_the_rest_is_taken_to_be_in_the_unknown_part(others: list[tuple[int, int]]) -> None:
    assert secret(None, others) == {(qpv(1), WOMEN)}


def test_a_known_other_part_is_blanked_or_the_total_is() -> None:
    hidden = secret(77, [])
    assert (qpv(1), WOMEN) in hidden and len(hidden) >= 2
