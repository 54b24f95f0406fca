"""What do the meetings say at a glance, and which figures do they give the evaluation?

``assiduite`` and ``decisions_suivi`` are measures of registers; :func:`indicator_values` gives
the figures by code.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from terril.catalogue.cards import Catalogue
from terril.contrat.meetings.agenda import OVER
from terril.contrat.meetings.assiduity import Assiduity, Attendance
from terril.contrat.meetings.bodies import HELD
from terril.contrat.meetings.decisions import FollowUp, follow_up, is_late
from terril.lib.dates import date_longue
from terril.lib.french import FINE, NBSP, compte, liste, nombre
from terril.registres.folding import collation
from terril.registres.rows import Alert, Books, Line, Row, Summary, Table

#: what the figures mean, for whoever reads them
DEFINITIONS = (
    "Taux de présence"
    f"{NBSP}: structures présentes ou représentées, parmi celles qui étaient attendues et dont la "
    "présence est notée. Un suppléant qui ne vient pas ne manque pas.",
    f"Variété{NBSP}: nombre équivalent de natures de structures (inverse de l’indice de Simpson). "
    "Il vaut 3 quand trois natures sont venues autant l’une que l’autre, 1 quand une seule est "
    "venue.",
    f"Constante{NBSP}: structure présente ou représentée à deux réunions sur trois au moins, à "
    "partir de deux réunions connues.",
    "Ce qui n’est pas noté n’est compté ni comme présent, ni comme absent.",
)

#: indicators of governance that the evaluation may take: code → (label, unit)
INDICATORS: dict[str, tuple[str, str]] = {
    "gouvernance.nb_reunions_tenues": ("Réunions tenues", "réunions"),
    "gouvernance.part_instances_au_rythme": ("Instances réunies à leur rythme", "%"),
    "gouvernance.nb_structures_presentes": ("Structures venues une fois au moins", "structures"),
    "gouvernance.indice_variete_presents": ("Variété des présents", "natures"),
    "gouvernance.taux_presence": ("Taux de présence", "%"),
    "gouvernance.part_structures_constantes": ("Structures constantes", "%"),
    "gouvernance.part_colleges_representes": ("Collèges représentés", "%"),
    "gouvernance.part_habitants_presents": ("Habitants parmi les présents", "%"),
    "gouvernance.part_femmes_presentes": ("Femmes parmi les présents", "%"),
    "gouvernance.part_decisions_faites": ("Décisions faites", "%"),
    "gouvernance.part_decisions_dans_les_temps": ("Décisions faites dans les temps", "%"),
}


def indicator_values(
    books: Books,
    catalogue: Catalogue,
    year: int,
    body: int | None = None,
    attendance: Attendance | None = None,
) -> dict[str, Fraction | int | None]:
    """Return the figures of a year by code; shares of one; ``None`` when unknown.

    Decisions are those of the meetings of the year, as they stand today. The share of bodies
    at their rhythm is that of a finished year, or « up to today » of the current one.
    """
    attendance = attendance or Attendance(books, catalogue)
    found = attendance.of(body, year)
    decisions = follow_up(_decided(books, year, body), books.today)
    paced = [
        told
        for row, told in attendance.by_body(year)
        if told.least and (body is None or row.number == body)
    ]
    at_rhythm = sum(1 for told in paced if told.least and told.held >= told.least)
    return {
        "gouvernance.nb_reunions_tenues": found.held,
        "gouvernance.part_instances_au_rythme": Fraction(at_rhythm, len(paced)) if paced else None,
        "gouvernance.nb_structures_presentes": found.distinct,
        "gouvernance.indice_variete_presents": found.variety,
        "gouvernance.taux_presence": found.presence_rate,
        "gouvernance.part_structures_constantes": found.constant_share,
        "gouvernance.part_colleges_representes": found.represented_share,
        "gouvernance.part_habitants_presents": found.resident_share,
        "gouvernance.part_femmes_presentes": found.women_share,
        "gouvernance.part_decisions_faites": decisions.done_share,
        "gouvernance.part_decisions_dans_les_temps": decisions.in_time_share,
    }


def _decided(books: Books, year: int | None, body: int | None) -> list[Row]:
    """The decisions of the meetings of a year and of a body."""
    meetings = {
        row.number
        for row in books.rows("reunions")
        if (body is None or row.get("instance") == body)
        and (year is None or ((day := row.get("date")) is not None and day.year == year))
    }
    return [row for row in books.rows("decisions") if row.get("reunion") in meetings]


def attendance_summary(
    books: Books,
    catalogue: Catalogue,
    year: int | None = None,
    attendance: Attendance | None = None,
) -> Summary:
    """The measure of attendance: each body over a year, the years, the structures.

    ``year``: the latest with a meeting held unless given.
    """
    attendance = attendance or Attendance(books, catalogue)
    held_years = attendance.years
    if year is None:
        year = held_years[0] if held_years else books.today.year
    listed = attendance.by_body(year)
    whole = attendance.of(None, year)
    return Summary(
        title=f"Assiduité en {year}",
        tables=(
            _bodies_table(listed, whole, year),
            _years_table(attendance),
            _structures_table(whole, catalogue, year),
        ),
        alerts=(*_rhythm_alerts(books, listed, year), *_sheet_alerts(books, listed, year)),
        notes=DEFINITIONS,
    )


def _bodies_table(listed: tuple[tuple[Row, Assiduity], ...], whole: Assiduity, year: int) -> Table:
    lines = [
        Line(
            head=row.get("nom") or "",
            cells=(told.held, _rhythm_cell(told), *_figures(told)),
            register="instances",
            number=row.number,
        )
        for row, told in listed
    ]
    lines.append(Line("Toutes les instances", (whole.held, None, *_figures(whole)), total=True))
    return Table(
        title=f"Instances en {year}",
        heads=(
            "Instance", "Réunions tenues", "Attendues par an", "Structures venues",
            "Taux de présence", "Variété", "Structures constantes",
        ),
        lines=tuple(lines),
        units=("", "", "", "%", "", "%"),
    )  # fmt: skip


def _figures(told: Assiduity) -> tuple[int | Fraction | None, ...]:
    return (told.distinct, told.presence_rate, told.variety, told.constant_share)


def _rhythm_cell(told: Assiduity) -> int | str | None:
    return told.least if told.least == told.most else rhythm_text(told) or None


def rhythm_text(told: Assiduity) -> str:
    """« 3 », « 2 à 4 », "" when the body has no rhythm."""
    if told.least is None:
        return f"{nombre(told.most)} au plus" if told.most is not None else ""
    if told.most is None or told.most == told.least:
        return nombre(told.least)
    return f"{nombre(told.least)} à {nombre(told.most)}"


def _years_table(attendance: Attendance) -> Table:
    lines = []
    for year in attendance.years:
        told = attendance.of(None, year)
        cells = (told.held, told.distinct, told.presence_rate, told.variety,
                 told.resident_share, told.women_share)  # fmt: skip
        lines.append(Line(str(year), cells))
    return Table(
        title="Année par année",
        heads=(
            "Année", "Réunions tenues", "Structures venues", "Taux de présence", "Variété",
            "Habitants parmi les présents", "Femmes parmi les présents",
        ),
        lines=tuple(lines),
        units=("", "", "%", "", "%", "%"),
        note="Les femmes et les hommes se comptent sur les lignes qui disent les deux.",
    )  # fmt: skip


def _structures_table(told: Assiduity, catalogue: Catalogue, year: int) -> Table:
    natures = catalogue.lists["natures_organisation"].items
    lines = tuple(
        Line(
            head=s.name,
            cells=(
                natures.get(s.nature) or None, s.there, s.known, s.share,
                {True: "oui", False: "non", None: None}[s.constant],
            ),
            register="organisations",
            number=s.organisation,
        )
        for s in told.structures
    )  # fmt: skip
    note = ""
    if told.unknown:
        note = (
            f"{compte(told.unknown, 'présence n’est pas notée', 'présences ne sont pas notées')}"
            f"{NBSP}: elles ne comptent pas."
        )
    return Table(
        title=f"Structures en {year}",
        heads=("Structure", "Nature", "Venues", "Réunions connues", "Part", "Constante"),
        lines=lines,
        units=("", "", "", "%", ""),
        note=note,
    )


def _rhythm_alerts(
    books: Books, listed: tuple[tuple[Row, Assiduity], ...], year: int
) -> list[Alert]:
    """A body under its rhythm at the end of the year; a word of it in the last quarter."""
    today = books.today
    over = today > dt.date(year, 12, 31)
    near = today >= dt.date(year, 10, 1)
    alerts = []
    for row, told in listed:
        if told.least and told.held < told.least and (over or near):
            met = compte(told.held, "réunion tenue", "réunions tenues")
            alerts.append(
                Alert(
                    f"{row.get('nom')}{NBSP}: {met} en {year}, {rhythm_text(told)} "
                    f"attendue{'s' if (told.most or told.least) > 1 else ''}.",
                    "retard" if over else "attention",
                    "instances",
                    row.number,
                )
            )
    return alerts


def _sheet_alerts(
    books: Books, listed: tuple[tuple[Row, Assiduity], ...], year: int
) -> list[Alert]:
    noted = {row.get("reunion") for row in books.rows("presences") if row.get("etat")}
    alerts = [
        Alert(
            f"{row.get('titre')}, {date_longue(row.values['date'].isoformat())}{NBSP}: "
            "les présences ne sont pas notées.",
            "attention",
            "reunions",
            row.number,
        )
        for row in books.rows("reunions")
        if row.get("etat") == HELD
        and row.get("date") is not None
        and row.values["date"].year == year
        and row.number not in noted
    ]
    for row, told in listed:
        if told.never:
            names = liste([s.name for s in told.never[:6]])
            more = len(told.never) - 6
            end = f" et {compte(more, 'autre', 'autres')}" if more > 0 else ""
            word = "ne sont jamais venues" if len(told.never) > 1 else "n’est jamais venue"
            alerts.append(
                Alert(
                    f"{row.get('nom')}{NBSP}: {names}{end} {word} en {year}.",
                    "information",
                    "instances",
                    row.number,
                )
            )
    return alerts


def decisions_summary(books: Books, catalogue: Catalogue) -> Summary:
    """The measure of the decisions: what became of those of each body, what is late."""
    bodies = {row.number: row for row in books.rows("instances")}
    meeting_body = {row.number: row.get("instance") for row in books.rows("reunions")}
    by: dict[int | None, list[Row]] = {}
    for row in books.rows("decisions"):
        by.setdefault(meeting_body.get(row.get("reunion") or 0), []).append(row)
    lines = [
        Line(
            head=str(bodies[number].get("nom")) if number in bodies else "Sans instance",
            cells=_counts(follow_up(rows, books.today)),
            register="instances" if number in bodies else "",
            number=number if number in bodies else None,
        )
        for number, rows in by.items()
    ]
    lines.sort(key=lambda line: collation(line.head))
    every = follow_up(books.rows("decisions"), books.today)
    if lines:
        lines.append(Line("Toutes", _counts(every), total=True))
    late = [row for row in books.rows("decisions") if is_late(row, books.today)]
    late.sort(key=lambda row: (row.values["echeance"], row.number))
    alerts = [Alert(_late_text(books, row), "retard", "decisions", row.number) for row in late]
    alerts += [
        Alert(f"«{NBSP}{row.get('decision')}{NBSP}» n’a pas de structure responsable.",
              "attention", "decisions", row.number)
        for row in books.rows("decisions")
        if (row.get("etat") or "a_faire") not in OVER and not row.get("responsable")
    ]  # fmt: skip
    return Summary(
        title="Suites des décisions",
        tables=(
            Table(
                title="Décisions par instance",
                heads=("Instance", "Décisions", "Faites", "En cours", "À faire", "En retard",
                       "Abandonnées", "Part faite", "Faites dans les temps"),
                lines=tuple(lines),
                units=("", "", "", "", "", "", "%", "%"),
            ),
        ),
        alerts=tuple(alerts),
        notes=(
            f"Part faite{NBSP}: décisions faites, parmi celles qui ne sont pas abandonnées.",
            f"Dans les temps{NBSP}: faites au plus tard à leur échéance, parmi celles dont "
            f"l’échéance est passée ou qui sont faites, les deux dates connues{FINE}; une décision "
            "en retard aujourd’hui compte comme hors délai.",
        ),
    )  # fmt: skip


def _counts(told: FollowUp) -> tuple[int | Fraction | None, ...]:
    return (told.total, told.done, told.going, told.waiting, told.late, told.given_up,
            told.done_share, told.in_time_share)  # fmt: skip


def _late_text(books: Books, row: Row) -> str:
    owner = row.get("responsable")
    who = f" ({books.name('organisations', owner)})" if owner else ""
    day = date_longue(row.values["echeance"].isoformat())
    return f"«{NBSP}{row.get('decision')}{NBSP}»{who} était attendue pour le {day}."
