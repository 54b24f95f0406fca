"""How does one page say whether the residents were associated, when and at which level?

The page concludes only from the registers (``contrat.participation.answer``). As many objects as
fit are listed, the others are counted: it never takes a second page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from terril.catalogue.cards import Catalogue
from terril.contrat.participation.answer import Answer, Step
from terril.contrat.participation.forms import ACTIVITY_LABELS, Activity, Form
from terril.contrat.participation.levels import VERDICT_LABELS, Association, Reached, Verdict
from terril.contrat.participation.words import (
    MISSING,
    VERDICT_ANSWERS,
    days_text,
    form_sentence,
)
from terril.figures.metrics import shorten
from terril.figures.svg import MM
from terril.lib.dates import MONTHS, date_longue
from terril.lib.french import FINE, NBSP, article, compte, de, nombre
from terril.lib.prose import typographie
from terril.reports.engine import Typesetter, page_count
from terril.reports.participation import ladder
from terril.reports.printable import typeset

TEMPLATE: Final = "participation.typ"
QUESTION: Final = f"Les habitants ont-ils été associés, quand, à quel niveau{FINE}?"
STRIP: Final = 72 * MM
_ROWS: Final = (14, 11, 9, 7, 6, 5, 4, 3, 2, 1, 0)  # objects listed, tried in this order
_FORMS: Final = 3  # forms that fade, named on the page
#: points of text at the most: a cell, the definition of a level, a form that fades, a name
_CELL, _DEFINITION, _FORM, _NAME = 280.0, 600.0, 520.0, 210.0

NO_TEXT: Final = (
    "Aucun texte ne définit les niveaux de participation. Ceux-ci sont d’usage, du plus engageant "
    "au moins engageant."
)


def answer_pdf(page: Answer, catalogue: Catalogue, contract: str, holder: str = "") -> bytes:
    """Return the page as PDF/UA; ``contract`` names it, ``holder`` runs it.

    The same answer gives the same bytes. Raises ``TypesettingError`` when even a page without
    its list does not fit.
    """
    iso = page.day.isoformat()
    with Typesetter(TEMPLATE) as setter:
        for rows in sorted({min(n, len(page.objects)) for n in _ROWS}, reverse=True):
            pdf = typeset(setter, answer_data(page, catalogue, contract, holder, rows), date=iso)
            if page_count(pdf) == 1:
                return pdf
        data = answer_data(page, catalogue, contract, holder, 0)
        return typeset(setter, data, date=iso, pages=1, name="participation")


def answer_data(
    page: Answer, catalogue: Catalogue, contract: str, holder: str, rows: int
) -> dict[str, Any]:
    """The data of the template, with ``rows`` objects at most."""
    levels = catalogue.lists["niveaux_participation"].items
    shown, cut = page.objects[:rows], page.objects[rows:]
    return {
        "title": QUESTION,
        "author": holder or contract,
        "contract": contract,
        "scope": scope_text(page),
        "date-text": date_longue(page.day.isoformat()),
        "verdict": verdict_text(page),
        "sentence": verdict_sentence(page, catalogue),
        "steps": [_step(step, levels) for step in page.steps],
        "ladder": _ladder(page),
        "no-text": NO_TEXT + _definitions_note(page),
        "objects": [_object(one, levels) for one in shown],
        "more": f"et {compte(len(cut), 'autre objet', 'autres objets')}." if cut else "",
        "wider": _wider(page),
        "forms": _forms(page.forms),
        "asked": _asked(page),
        "missing": [MISSING[code] for code in page.missing],
    }


def scope_text(page: Answer) -> str:
    """What the page is about: "" for the whole contract."""
    if page.scope.kind == "quartier":
        return f"Quartier{NBSP}: {_cut(page.name, 2 * _NAME)}"
    return _cut(page.name, 2 * _NAME)


def verdict_text(page: Answer) -> str:
    """The answer in a few words: « Oui », « Oui, pour 3 objets sur 5 », « On ne sait pas »."""
    tally = page.tally
    if page.verdict is Verdict.YES and tally.yes < tally.total:
        return f"Oui, pour {compte(tally.yes, 'objet', 'objets')} sur {nombre(tally.total)}"
    return VERDICT_ANSWERS[page.verdict]


def verdict_sentence(page: Answer, catalogue: Catalogue) -> str:
    """What stands under the answer: the highest level, and how many objects of each kind."""
    tally = page.tally
    if not tally.total:
        return "Le registre ne dit rien\u202f: ce n’est pas un «\u00a0non\u00a0».".replace(
            "\u202f:", f"{NBSP}:"
        )
    parts = []
    if page.top:
        label = article(catalogue.lists["niveaux_participation"].items[page.top].lower(), "f")
        parts.append(f"Le plus haut niveau atteint avec une preuve est {label}.")
    counts = [
        (tally.yes, "associé avec une preuve", "associés avec une preuve"),
        (tally.declared, "déclaré sans preuve", "déclarés sans preuve"),
        (tally.no, "sans les habitants", "sans les habitants"),
        (tally.unknown, "dont on ne sait rien", "dont on ne sait rien"),
    ]
    told = [compte(n, one, many) for n, one, many in counts if n]
    head = compte(tally.total, "objet", "objets")
    verb = "sont inscrits" if tally.total >= 2 else "est inscrit"
    parts.append(f"{head} (actions, instances, documents…) {verb}{NBSP}: {', '.join(told)}.")
    return " ".join(parts)


def _step(step: Step, levels: Any) -> dict[str, Any]:
    level = levels.get(step.proven or step.declared, "")
    if level and not step.proven:
        level = f"{level} (déclaré)"
    if not level and step.verdict in (Verdict.YES, Verdict.DECLARED):
        level = "Niveau non dit"
    return {
        "label": step.label,
        "verdict": VERDICT_LABELS[step.verdict],
        "level": level,
        "when": _when(step.first, step.last),
        "objects": compte(step.objects, "objet", "objets") if step.objects else "",
        "known": step.verdict is not Verdict.UNKNOWN,
    }


def _when(first: Any, last: Any) -> str:
    """« d’octobre 2023 à février 2024 », « en avril 2026 », "" when no date is known."""
    if first is None:
        return ""
    start = f"{MONTHS[first.month - 1]} {first.year}"
    end = f"{MONTHS[last.month - 1]} {last.year}"
    return f"en {start}" if start == end else f"{de(start)} à {end}"


def _ladder(page: Answer) -> dict[str, Any]:
    span = ladder.span_of(page.history)
    rows = []
    for level in reversed(page.levels):
        none = not level.proven and not level.declared
        rows.append(
            {
                "label": level.label,
                "definition": _cut(level.definition, _DEFINITION),
                "svg": ladder.strip(page.history, level.code, span, STRIP, level.label)
                if span
                else "",
                "alt": ladder.strip_alt(page.history, level.code, level.label),
                "count": nombre(level.proven) if level.proven else "–" if none else "",
                "declared": compte(level.declared, "déclaré", "déclarés") if level.declared else "",
            }
        )
    return {
        "rows": rows,
        "axis": ladder.axis(span, STRIP) if span else "",
        "keys": [{"svg": svg, "label": word} for svg, word in ladder.marks()] if span else [],
    }


def _definitions_note(page: Answer) -> str:
    own = sum(level.own for level in page.levels)
    if own == len(page.levels):
        return " Les définitions sont celles de ce contrat."
    if own:
        return " Certaines définitions sont celles de ce contrat, les autres sont proposées."
    return f" Définitions proposées{NBSP}: ce contrat n’a pas encore écrit les siennes."


def _object(one: Reached, levels: Any) -> dict[str, Any]:
    told = [a for a in one.history if a.verdict in (Verdict.YES, Verdict.DECLARED)]
    days = [day for a in told for day in (a.start, a.end) if day is not None]
    level = levels.get(one.proven or one.declared, "")
    if not level and told:
        level = "Niveau non dit"
    elif not level:
        level = VERDICT_LABELS[one.verdict]
    elif not one.proven:
        level = f"{level} (déclaré)"
    return {
        "subject": _cut(one.subject),
        "when": _when(min(days), max(days)) if days else "–",
        "level": level,
        "known": one.verdict is Verdict.YES,
        "evidence": _cut(_last(told, "evidence")) or "–",
        "change": _cut(_last(told, "change")) or "–",
    }


def _last(told: Sequence[Association], name: str) -> str:
    """The latest text that is not blank, on one line."""
    found = next((getattr(a, name) for a in reversed(told) if getattr(a, name)), "")
    return " ".join(str(found).split())


def _cut(text: str, most: float = _CELL) -> str:
    return shorten(" ".join(typographie(text).split(" ")), most, 8)


def _wider(page: Answer) -> str:
    if not page.wider:
        return ""
    what = compte(page.wider, "objet concerne", "objets concernent")
    return f"{what} tout le contrat et ne sont pas comptés ici.".replace(
        "concerne tout le contrat et ne sont pas comptés", "concerne tout le contrat et n’est pas "
        "compté",
    )  # fmt: skip


def _forms(forms: Sequence[Form]) -> dict[str, Any]:
    order = (
        Activity.ACTIVE, Activity.FADING, Activity.SILENT, Activity.DORMANT, Activity.ENDED,
        Activity.UNKNOWN,
    )  # fmt: skip
    counts = [(ACTIVITY_LABELS[s], sum(f.activity is s for f in forms)) for s in order]
    worrying = [f for f in forms if f.worrying]
    return {
        "total": compte(len(forms), "forme de participation", "formes de participation")
        if forms
        else "Aucune forme inscrite",
        "rows": [{"label": label, "count": nombre(n)} for label, n in counts if n],
        "worrying": [
            {"name": _cut(f.name, _NAME), "text": _cut(form_sentence(f), _FORM)}
            for f in worrying[:_FORMS]
        ],
        "more": f"et {compte(len(worrying) - _FORMS, 'autre', 'autres')}."
        if len(worrying) > _FORMS
        else "",
    }


def _asked(page: Answer) -> list[dict[str, str]]:
    if page.scope.kind == "objet":
        return []
    r, n = page.referrals, page.needs
    return [
        {"label": "Interpellations posées", "count": nombre(r.asked)},
        {"label": "  répondues", "count": nombre(r.answered)},
        {"label": "  délai médian", "count": days_text(r.median)},
        {"label": "  sans réponse, en retard", "count": nombre(len(r.late))},
        {"label": "Besoins et idées reçus", "count": nombre(n.received)},
        {"label": "  étudiés", "count": nombre(n.studied)},
        {"label": "  répondus", "count": nombre(n.answered)},
        {"label": "  faits", "count": nombre(n.done)},
        {"label": "  délai médian de réponse", "count": days_text(n.to_answer)},
    ]
