"""What do needs, observations of walks and associations add up to, at the top of their pages?"""

from __future__ import annotations

from collections import defaultdict

from terril.catalogue.cards import Catalogue
from terril.contrat.participation.levels import VERDICT_LABELS, Verdict, associations, reached
from terril.contrat.participation.needs import Funnel, funnel, funnels
from terril.lib.french import NBSP
from terril.registres.rows import Alert, Books, Line, Row, Summary, Table


def needs_summary(books: Books, catalogue: Catalogue) -> Summary:
    """How far the needs went, by neighbourhood and by theme; those that wait too long."""
    rows = books.rows("besoins")
    whole = funnel(rows, books, catalogue)
    if not whole.received:
        return Summary("Les besoins et idées")
    alerts = [
        Alert(
            f"{books.name('besoins', number)}{NBSP}: toujours sans réponse.",
            "retard", "besoins", number,
        )
        for number in whole.late
    ]  # fmt: skip
    most = int(catalogue.number("participation_besoin_jours"))
    note = (
        "Étudiés, répondus, faits\u202f: au moins jusque-là. Un besoin de deux quartiers compte "
        "dans chacun, une fois dans l’ensemble."
    ).replace("\u202f:", f"{NBSP}:")
    return Summary(
        "Les besoins et idées",
        tuple(
            _funnel_table(title, head, kept, whole, note if head == "Quartier" else "")
            for title, head, kept in (
                ("Par quartier", "Quartier", funnels(books, catalogue, "quartiers")),
                ("Par thème", "Thème", funnels(books, catalogue, "theme")),
            )
        ),
        tuple(alerts),
        (f"En retard{NBSP}: sans réponse depuis plus de {most} jours.",),
    )


def _funnel_table(
    title: str, head: str, kept: tuple[Funnel, ...], whole: Funnel, note: str
) -> Table:
    lines = [
        Line(
            f.label,
            (f.received, f.studied, f.answered, f.done, f.declined, len(f.late), f.to_answer),
            total=f is whole,
        )
        for f in (*kept, whole)
    ]
    return Table(
        title,
        (head, "Reçus", "Étudiés", "Répondus", "Faits", "Non retenus", "En retard",
         "Délai médian de réponse"),
        tuple(lines),
        ("", "", "", "", "", "", "jours"),
        note,
    )  # fmt: skip


def observations_summary(books: Books, catalogue: Catalogue) -> Summary:
    """Observations by who answers: how many, done, beyond their day."""
    rows = books.rows("observations")
    if not rows:
        return Summary("Les suites des marches")
    done = {"faite", "non_retenue"}
    groups: dict[int | None, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.get("organisation")].append(row)
    lines = []
    alerts = []
    for number, kept in groups.items():
        name = "Personne n’est désigné" if number is None else books.name("organisations", number)
        open_rows = [row for row in kept if (row.get("etat") or "relevee") not in done]
        late = [r for r in open_rows if r.get("echeance") and r.get("echeance") < books.today]
        lines.append(
            Line(
                name,
                (len(kept), sum(r.get("etat") == "faite" for r in kept), len(open_rows),
                 len(late)),
                register="organisations" if number is not None else "",
                number=number,
            )
        )  # fmt: skip
        alerts += [
            Alert(
                f"{row.get('constat')}{NBSP}: l’échéance est passée.",
                "retard", "observations", row.number,
            )
            for row in late
        ]  # fmt: skip
    lines.sort(key=lambda line: (line.number is None, line.head))
    table = Table(
        "Par organisation qui répond",
        ("Qui répond", "Observations", "Faites", "Ouvertes", "En retard"),
        tuple(lines),
    )
    return Summary("Les suites des marches", (table,), tuple(alerts))


def levels_summary(books: Books, catalogue: Catalogue) -> Summary:
    """The level reached by each object, and what is contradictory."""
    found = associations(books)
    if not found:
        return Summary("Les habitants ont-ils été associés\u202f?")
    levels = catalogue.lists["niveaux_participation"].items
    kinds = catalogue.lists["objets_association"].items
    lines = [
        Line(
            one.subject,
            (
                kinds.get(one.kind, "–"),
                VERDICT_LABELS[one.verdict],
                levels.get(one.proven),
                levels.get(one.declared) if one.declared != one.proven else None,
                len(one.history),
                next((a.start or a.end for a in reversed(one.history) if a.start or a.end), None),
            ),
            register="associations",
            number=one.history[-1].number,
        )
        for one in reached(found, catalogue)
    ]
    alerts = [
        Alert(
            f"{a.subject}{NBSP}: dit «{NBSP}non{NBSP}» et donne un niveau.",
            "information", "associations", a.number,
        )
        for a in found
        if a.contradictory
    ] + [
        Alert(
            f"{a.subject}{NBSP}: le niveau est déclaré sans preuve.",
            "information", "associations", a.number,
        )
        for a in found
        if a.verdict is Verdict.DECLARED
    ]  # fmt: skip
    table = Table(
        "Par objet",
        ("Objet", "Type", "Habitants associés", "Niveau atteint", "Niveau déclaré sans preuve",
         "Fois", "Dernière fois"),
        tuple(lines),
        note="Le niveau atteint est le plus haut dont une preuve dit où le vérifier.",
    )  # fmt: skip
    return Summary("Les habitants ont-ils été associés\u202f?", (table,), tuple(alerts))
