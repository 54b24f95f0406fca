"""How is the state of participation said in French: a form, a fall, a delay, a verdict?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from terril.contrat.participation.forms import Activity, Fall, Form
from terril.contrat.participation.levels import Verdict
from terril.contrat.participation.traces import Trace
from terril.lib.dates import date_longue
from terril.lib.french import FINE, NBSP, compte, nombre

#: in the page « were they associated? »: what is missing for a full answer
MISSING: Final[Mapping[str, str]] = {
    "objets": "Aucun objet n’est inscrit au registre « Association des habitants ».".replace(
        "« ", f"«{NBSP}"
    ).replace(" »", f"{NBSP}»"),
    "inconnus": "Pour certains objets, personne n’a dit si les habitants ont été associés.",
    "preuves": "Certains niveaux sont déclarés sans preuve.",
    "niveaux": "Le niveau atteint n’est pas toujours dit.",
    "dates": "La date n’est pas toujours dite.",
    "effets": "Ce qui a changé n’est pas toujours dit.",
    "formes": "L’activité de certaines formes de participation n’est pas connue.",
}


def day(value: dt.date | None) -> str:
    """« 1er juillet 2020 », « – » when unknown."""
    return "–" if value is None else date_longue(value.isoformat())


def days_text(value: Fraction | int | None) -> str:
    """« 12 jours », « 12,5 jours », « – » when unknown."""
    if value is None:
        return "–"
    whole = Fraction(value)
    return compte(float(whole), "jour", "jours", 0 if whole.denominator == 1 else 1)


def percent_text(value: Fraction | None) -> str:
    """« 46 % », « – » when unknown."""
    return "–" if value is None else f"{nombre(float(value * 100))}{FINE}%"


def fall_sentence(fall: Fall) -> str:
    """« Membres actifs : 30 en 2017, 7 en 2019 (77 % de moins). »"""
    head = fall.what[0].upper() + fall.what[1:]
    return (
        f"{head}{NBSP}: {nombre(fall.best)} en {fall.best_year}, {nombre(fall.now)} en {fall.year} "
        f"({percent_text(fall.share)} de moins)."
    )


def trace_sentence(trace: Trace | None) -> str:
    """« Dernière trace : formation, 3 mars 2021. »"""
    if trace is None:
        return "Aucune trace au registre."
    if trace.what == "année suivie":
        return f"Dernière trace{NBSP}: l’année {trace.day.year}."
    return f"Dernière trace{NBSP}: {trace.what}, {day(trace.day)}."


def form_sentence(form: Form) -> str:
    """Why a form is said to be in its state."""
    falls = " ".join(fall_sentence(fall) for fall in form.falls)
    match form.activity:
        case Activity.SILENT:
            return f"{trace_sentence(form.last)} {falls}".strip()
        case Activity.FADING:
            return falls
        case Activity.UNKNOWN:
            return "Rien au registre ne dit si elle vit."
        case Activity.ACTIVE if form.last is None:
            return "Déclarée active, sans trace au registre."
        case Activity.ACTIVE:
            return trace_sentence(form.last)
        case Activity.DORMANT | Activity.ENDED:
            reason = next((y.reason for y in reversed(form.years) if y.reason), "")
            return reason or "La raison n’est pas dite."


#: the answer in one word or two, at the top of the page
VERDICT_ANSWERS: Final[Mapping[Verdict, str]] = {
    Verdict.YES: "Oui",
    Verdict.DECLARED: "Oui, mais sans preuve",
    Verdict.NO: "Non",
    Verdict.UNKNOWN: "On ne sait pas",
}
