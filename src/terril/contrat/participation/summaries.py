"""What do the registers of participation add up to, at the top of their pages?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final

from terril.catalogue.cards import Catalogue
from terril.contrat.participation import referrals as referral_rules
from terril.contrat.participation.forms import ACTIVITY_LABELS, Activity, Form, forms
from terril.contrat.participation.parity import parity_of, together
from terril.contrat.participation.subjects import (
    levels_summary,
    needs_summary,
    observations_summary,
)
from terril.contrat.participation.training import Training, training
from terril.contrat.participation.words import form_sentence
from terril.lib.french import NBSP, compte
from terril.registres.rows import Alert, Books, Line, Row, Summary, Table


def forms_summary(books: Books, catalogue: Catalogue) -> Summary:
    """Forms by kind and activity, those to look at, parity."""
    every = forms(books, catalogue)
    low, high = catalogue.numbers("participation_parite")
    whole = together((f.parity for f in every), low, high)
    alerts = [
        Alert(
            f"{f.name}{NBSP}: {ACTIVITY_LABELS[f.activity].lower()}. {form_sentence(f)}",
            "attention", "formes", f.number,
        )
        for f in every
        if f.worrying
    ]  # fmt: skip
    alerts += _form_mistakes(books, every)
    months = int(catalogue.number("participation_silence_mois"))
    notes = (
        f"Une forme «{NBSP}s’essouffle{NBSP}» quand ses membres actifs ou ses réunions ont baissé "
        f"de {catalogue.number('participation_chute'):g}\u202f% ou plus depuis sa meilleure année"
        f"\u202f; elle est «{NBSP}sans trace récente{NBSP}» quand la dernière a plus de "
        f"{months} mois.",
        "L’année en cours n’est pas comptée pour les réunions. Ne pas savoir n’est pas «"
        f"{NBSP}non{NBSP}».",
    )
    return Summary(
        "Les formes de participation",
        (_by_kind(every), _women("Femmes et hommes", every, low, high, whole.share)),
        tuple(alerts),
        notes,
    )


def _by_kind(every: tuple[Form, ...]) -> Table:
    groups: dict[str, Counter[Activity]] = defaultdict(Counter)
    for form in every:
        groups[form.kind][form.activity] += 1
    order = (
        Activity.ACTIVE, Activity.FADING, Activity.SILENT, Activity.DORMANT, Activity.ENDED,
        Activity.UNKNOWN,
    )  # fmt: skip
    lines = [
        Line(kind, (sum(counts.values()), *(counts[state] for state in order)))
        for kind, counts in sorted(groups.items())
    ]
    if len(lines) > 1:
        total: Counter[Activity] = Counter(f.activity for f in every)
        lines.append(Line("Ensemble", (len(every), *(total[s] for s in order)), total=True))
    return Table(
        "Formes et activité",
        ("Forme", "Total", *(ACTIVITY_LABELS[state] for state in order)),
        tuple(lines),
    )


def _women(
    title: str, every: tuple[Form, ...], low: float, high: float, share: Fraction | None
) -> Table:
    groups: dict[str, list[Form]] = defaultdict(list)
    for form in every:
        groups[form.kind].append(form)
    lines = []
    for kind, kept in sorted(groups.items()):
        parity = together((f.parity for f in kept), low, high)
        known = sum(f.parity.share is not None for f in kept)
        lines.append(
            Line(kind, (known, parity.women, parity.men, parity.share, parity.label))
        )  # fmt: skip
    if len(lines) > 1:
        known = sum(f.parity.share is not None for f in every)
        whole = together((f.parity for f in every), low, high)
        lines.append(
            Line("Ensemble", (known, whole.women, whole.men, share, whole.label), total=True)
        )
    return Table(
        title,
        ("Forme", "Formes connues", "Femmes", "Hommes", "Part des femmes", "Parité"),
        tuple(lines),
        ("", "", "", "%", ""),
    )


def _form_mistakes(books: Books, every: tuple[Form, ...]) -> list[Alert]:
    found = []
    for row in books.rows("formes"):
        women, men, members = row.get("femmes"), row.get("hommes"), row.get("membres")
        if None not in (women, men, members) and women + men != members:
            found.append(
                Alert(
                    f"{row.get('nom')}{NBSP}: {compte(women, 'femme', 'femmes')} et "
                    f"{compte(men, 'homme', 'hommes')} pour {compte(members, 'membre', 'membres')}"
                    ".",
                    "information", "formes", row.number,
                )
            )  # fmt: skip
    for form in every:
        if form.mandate_over and form.activity is not Activity.ENDED:
            found.append(
                Alert(f"{form.name}{NBSP}: le mandat est échu.", "attention", "formes", form.number)
            )
    return found


def years_summary(books: Books, catalogue: Catalogue) -> Summary:
    """Meetings and active members a year, over the forms that tell them."""
    low, high = catalogue.numbers("participation_parite")
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in books.rows("formes_suivi"):
        if row.get("annee") is not None:
            groups[row.get("annee")].append(row)
    lines = []
    for year in sorted(groups, reverse=True):
        rows = groups[year]
        share = _share(rows, low, high)
        lines.append(
            Line(
                str(year),
                (len(rows), _sum(rows, "reunions"), _sum(rows, "membres_actifs"), share),
            )
        )
    table = Table(
        "Par année",
        ("Année", "Formes suivies", "Réunions", "Membres actifs", "Part des femmes"),
        tuple(lines),
        ("", "", "", "%"),
        "Sommes sur les seules formes dont le nombre est connu\u202f; elles ne sont pas les mêmes "
        "d’une année à l’autre.",
    )
    return Summary("Les années suivies", (table,) if lines else ())


def _sum(rows: list[Row], column: str) -> int | None:
    known = [row.get(column) for row in rows if row.get(column) is not None]
    return sum(known) if known else None


def _share(rows: list[Row], low: float, high: float) -> Fraction | None:
    return together(
        (parity_of(row.get("femmes"), row.get("hommes"), low, high) for row in rows), low, high
    ).share


def training_summary(books: Books, catalogue: Catalogue) -> Summary:
    """Hours of training per active member, by form and together."""
    every = forms(books, catalogue)
    if not books.rows("formations"):
        return Summary("La formation des habitants")
    trained = [(form, training(books, every, form)) for form in every]
    lines = [
        _training_line(form.name, found, form.number)
        for form, found in trained
        if found.sessions or found.shared
    ]
    lines.append(_training_line("Ensemble", training(books, every), None))
    table = Table(
        "Formation par membre actif",
        ("Forme", "Formations", "Communes à plusieurs", "Participants", "Heures × participants",
         "Membres actifs", "Heures par membre actif"),
        tuple(lines),
        note="Une formation commune à plusieurs formes n’est comptée que dans l’ensemble, où elle "
        "l’est une fois.",
    )  # fmt: skip
    return Summary("La formation des habitants", (table,))


def _training_line(head: str, found: Training, number: int | None) -> Line:
    return Line(
        head,
        (found.sessions, found.shared if number is not None else None, found.participants,
         found.person_hours, found.active, found.per_member),
        total=number is None,
        register="formes" if number is not None else "",
        number=number,
    )  # fmt: skip


def referrals_summary(books: Books, catalogue: Catalogue) -> Summary:
    """Referrals by recipient: asked, answered, delays; those that wait too long."""
    rows = list(books.rows("interpellations"))
    if not rows:
        return Summary("Les interpellations et leurs réponses")
    labels = catalogue.lists["destinataires_interpellation"].items
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[labels.get(row.get("destinataire"), "Non dit")].append(row)
    lines = []
    for head, kept in [*sorted(groups.items()), ("Ensemble", rows)]:
        found = referral_rules.referrals(books, catalogue, kept)
        lines.append(
            Line(
                head,
                (found.asked, found.answered, found.open, len(found.late), found.median,
                 found.longest),
                total=head == "Ensemble",
            )
        )  # fmt: skip
    whole = referral_rules.referrals(books, catalogue, rows)
    alerts = [
        Alert(
            f"{books.name('interpellations', number)}{NBSP}: toujours sans réponse.",
            "retard", "interpellations", number,
        )
        for number in whole.late
    ] + [
        Alert(
            f"{books.name('interpellations', number)}{NBSP}: la réponse est datée d’avant la "
            "question.",
            "information", "interpellations", number,
        )
        for number in whole.backwards
    ]  # fmt: skip
    most = int(catalogue.number("participation_reponse_jours"))
    table = Table(
        "Par destinataire",
        ("À qui", "Posées", "Répondues", "Ouvertes", "En retard", "Délai médian", "Le plus long"),
        tuple(lines),
        ("", "", "", "", "jours", "jours"),
        f"En retard{NBSP}: au-delà du jour annoncé, sinon ouverte depuis plus de {most} jours.",
    )
    return Summary("Les interpellations et leurs réponses", (table,), tuple(alerts))


Measure = Callable[[Books, Catalogue], Summary]


#: code of a measure → its computation, for the closed list of measures
MEASURES: Final[Mapping[str, Measure]] = {
    "participation_formes": forms_summary,
    "participation_suivi": years_summary,
    "participation_formations": training_summary,
    "participation_interpellations": referrals_summary,
    "participation_observations": observations_summary,
    "besoins_suivi": needs_summary,
    "participation_niveaux": levels_summary,
}
