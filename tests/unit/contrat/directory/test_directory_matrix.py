"""Does the matrix count what is known, and leave blank what is not?"""

from __future__ import annotations

import datetime as dt

from directory_world import small_directory
from terril.catalogue.load import load_catalogue
from terril.contrat.directory.matrix import matrix, offer_by_quartier
from terril.contrat.directory.sheets import whole_directory

CATALOGUE = load_catalogue()


def test_what_reaches_each_neighbourhood() -> None:
    held = matrix(whole_directory(small_directory(), CATALOGUE))
    #: quartier, theme: numbers of offers
    assert held.known == {
        (1, "education"): (1,),
        (1, "numerique"): (2,), (2, "numerique"): (2,), (4, "numerique"): (2,),
        (1, "droits"): (2,), (2, "droits"): (2,), (4, "droits"): (2,),
        (1, "sante"): (3,), (4, "sante"): (3,),
        (3, "culture"): (6,),
        (1, "emploi"): (7,),
    }  # fmt: skip
    assert held.everywhere == {"emploi": (4,)}
    assert held.total(1) == 4, "an offer of two themes counts once"
    assert [place.name for place in held.holes("sante")] == ["La Gare", "Le Verger"]


def test_an_offer_that_is_over_is_no_longer_known() -> None:
    books = small_directory()
    assert (3, "mobilite") not in matrix(whole_directory(books, CATALOGUE)).known
    books.today = dt.date(2026, 6, 30)
    assert matrix(whole_directory(books, CATALOGUE)).known[3, "mobilite"] == (5,)


def test_the_summary_never_writes_zero() -> None:
    summary = offer_by_quartier(small_directory(), CATALOGUE)
    counts, holes = summary.tables
    cells = [cell for line in counts.lines for cell in line.cells]
    assert None in cells and 0 not in cells
    line = next(line for line in counts.lines if line.head == "Les Moulins")
    assert dict(zip(counts.heads[1:], line.cells, strict=True))["Toutes"] == 4
    assert counts.lines[-1].head == "Toute l’agglomération" and counts.lines[-1].cells[-1] == 1
    named = {line.head: line.cells for line in holes.lines}
    assert named["Santé"] == (2, None, "La Gare et Le Verger")
    assert named["Sport"] == (4, None, "tous les quartiers")
    assert "non qu’il n’y en a pas" in summary.notes[0]


def test_alerts_name_the_row_they_speak_of() -> None:
    books = small_directory()
    books.put("offres", 6, organisation=3, intitule="Échecs", themes=("culture",), quartiers=(1,))
    alerts = {(a.register, a.number): a for a in offer_by_quartier(books, CATALOGUE).alerts}
    assert "Le Verger" in alerts["quartiers", 3].text
    assert "Régie de quartier" in alerts["offres", 7].text
    books.put("operateurs", 4, organisation=4, etat="publiee")
    alerts = {(a.register, a.number): a for a in offer_by_quartier(books, CATALOGUE).alerts}
    assert alerts["operateurs", 4].level == "information"
