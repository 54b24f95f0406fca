"""Are periods and dates written as on the sheet?"""

from __future__ import annotations

import pytest

from terril.lib.dates import annee, date_longue, depuis, en_periode, periode_courte


@pytest.mark.parametrize(
    ("period", "short", "within", "since", "year"),
    [
        ("2015", "2015", "en 2015", "depuis 2015", 2015),
        ("2018-12-31", "fin 2018", "fin 2018", "depuis fin 2018", 2018),
        ("2019-01-01", "début 2019", "début 2019", "depuis début 2019", 2019),
        (
            "2020-07-01",
            "1er juillet 2020",
            "au 1er juillet 2020",
            "depuis le 1er juillet 2020",
            2020,
        ),
        ("2019-03", "mars 2019", "en mars 2019", "depuis mars 2019", 2019),
        ("2008-2014", "2008-2014", "de 2008 à 2014", "depuis 2008-2014", 2014),
        ("", "–", "", "", None),
    ],
)
def test_periods(period: str, short: str, within: str, since: str, year: int | None) -> None:
    assert periode_courte(period) == short
    assert en_periode(period) == within
    assert depuis(period) == since
    assert annee(period) == year


def test_long_dates() -> None:
    assert date_longue("2020-07-01") == "1er juillet 2020"
    assert date_longue("2019-08-31") == "31 août 2019"
    with pytest.raises(ValueError, match="AAAA-MM-JJ"):
        date_longue("2020-13-01")
