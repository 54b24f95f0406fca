"""What must the analyst look at before publishing, and where in which file?

``controles.xlsx``: a summary, each contradiction with all that documents say, the findings
of the checks, the ledger of secrecy, breaks, trends and rules, the files read with their hashes,
the problems of reading.
A figure that is blanked is in none of these sheets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from terril.editions.mask import mask
from terril.indicators.trends import UNTESTED
from terril.lib.dates import date_longue, periode_courte
from terril.lib.french import NBSP, nombre
from terril.observations.schema import KEY, Origin, Status
from terril.reports.getting_worse import own_rows, worsening
from terril.reports.lookup import Lookup
from terril.reports.notes import WORDS, document_name, input_name
from terril.reports.other_rules import beyond
from terril.reports.secrets import WORDS as SECRETS
from terril.reports.secrets import ledger, secrets_sheet
from terril.reports.series_sheets import series_sheets
from terril.reports.sheet import Book, Content, Head, Number, Sheet, lines_of
from terril.reports.source import Source
from terril.reports.words import notice_text, subtitle

NAME = "controles.xlsx"
_NATURES = {"valeurs": "valeurs différentes", "secret": "valeur et secret", "moyenne": "moyenne"}
#: what a check looks for, in the words of the analyst; other codes are shown as they are
_CHECKS = {
    "hors-bornes": "valeur hors des bornes",
    "valeur-extreme": "valeur très éloignée des autres",
    "comparateur-change": "comparaison qui change d’un document à l’autre",
    "commune-etrangere": "commune étrangère au quartier",
    "recopie": "recopie entre quartiers",
    "somme": "parties qui ne font pas le total",
    "ensemble": "quartiers et agglomération qui ne s’accordent pas",
    "secret-calculable": "secret que d’autres chiffres laissent calculer",
    "moyenne": "moyenne publiée qui n’est pas celle des quartiers",
    "base-indice": "base d’un indice",
}
_SEVERITIES = {
    "erreur": "erreur",
    "avertissement": "avertissement",
    "information": "information",
    "error": "erreur",
    "warning": "avertissement",
    "note": "information",
}


def write_controls(source: Source, out_dir: Path) -> list[Path]:
    """Write ``controles.xlsx`` under ``out_dir``; return its path in a list."""
    lookup = Lookup(source)
    path = out_dir / NAME
    title = f"Contrôles – {source.epci_short}"
    with Book(path, title=title, subject=source.contract, edition=source.edition) as book:
        _summary(book, lookup)
        _contradictions(book, lookup)
        _findings(book, lookup)
        secrets_sheet(book, lookup)
        series_sheets(book, lookup)
        _files(book, lookup)
        _problems(book, lookup)
    return [path]


def _sheet(book: Book, lookup: Lookup, name: str, title: str, note: str = "") -> Sheet:
    return book.sheet(name, title=title, subtitle=subtitle(lookup.source), note=note)


# ------------------------------------------------------------------ summary


def _summary(book: Book, lookup: Lookup) -> None:
    source = lookup.source
    retained, contradictions, findings = source.retained, source.contradictions, source.findings
    sheet = _sheet(book, lookup, "Résumé", "Contrôles avant publication", notice_text(source))
    statuses = Counter(retained["status"].to_list())
    stated = retained.filter(pl.col("origin") == Origin.STATED).height
    several = retained.filter(pl.col("statements") > 1).height
    secrets = ledger(lookup)
    crossed = Counter(source.changes["break_effect"].to_list())
    changed = (
        own_rows(lookup, source.sensitivity).filter("changed").n_unique(["territory", "theme"])
    )
    tested = source.trends.filter(pl.col("result") != UNTESTED).height
    rows: list[tuple[str, int, str]] = [
        ("Chiffres retenus", retained.height, "feuille « Données » de tableaux.xlsx"),
        ("… constatés dans un document", stated, ""),
        ("… calculés par une formule du catalogue", retained.height - stated, ""),
        ("… que plusieurs documents donnent", several, ""),
        ("Secrets", secrets.height, "feuille Secrets"),
        *(
            (f"… {SECRETS[kind]}", count, "")
            for kind in SECRETS
            if (count := secrets.filter(pl.col("blanking") == kind).height)
        ),
        ("Sans donnée", statuses[Status.MISSING], ""),
        ("Contradictions", contradictions.height, "feuille Contradictions"),
        ("Constats des contrôles", findings.height, "feuille Contrôles"),
        ("Changements bloqués par une rupture", source.blocked.height, "feuille Ruptures"),
        ("… repris depuis une période plus ancienne", source.blocked["taken"].count(), ""),
        ("Changements annotés", crossed["annote"], "feuille Ruptures"),
        ("Chiffres difficiles qui s’aggravent", worsening(lookup).height, "feuille Aggravations"),
        ("Signaux qui dépendent de la règle", changed, "feuille Sensibilité"),
        ("Chiffres au-delà des limites de taille", beyond(lookup).height, "feuille Entonnoir"),
        ("Séries dont la tendance est testée", tested, "feuille Tendances"),
        ("Fichiers lus", source.inputs["file"].n_unique(), "feuille Fichiers lus"),
        ("Problèmes de lecture", source.problems.height, "feuille Problèmes"),
    ]
    sheet.head([Head("Quoi", 46), Head("Combien", 12, right=True), Head("Où", 46)])
    for what, count, place in rows:
        sheet.line([what, count, place], strong=not what.startswith("…"))
    sheet.skip()
    _tally(sheet, "Contradictions par nature", contradictions, "nature", _NATURES)
    _tally(sheet, "Contradictions par thème", _with_theme(lookup, contradictions), "theme", {})
    _tally(sheet, "Constats par contrôle", findings, "code", _CHECKS)
    sheet.text("Comment un chiffre est choisi", strong=True)
    for text in (
        "Quand deux documents donnent le même chiffre, les deux sont gardés ; celui qui est montré",
        "vient du document de plus petite priorité (clé « priorite » de terril.toml).",
        "Le secret passe avant tout : si un seul document tient le chiffre secret, il n’est pas "
        "montré,",
        "et sa valeur n’est écrite nulle part dans ce classeur.",
    ):
        sheet.text(text)


def _with_theme(lookup: Lookup, frame: pl.DataFrame) -> pl.DataFrame:
    labels = {code: card.label for code, card in lookup.catalogue.themes.items()}
    prefix = pl.col("indicator").str.split(".").list.first()
    return frame.with_columns(theme=prefix.replace_strict(labels, default=prefix))


def _tally(
    sheet: Sheet, title: str, frame: pl.DataFrame, column: str, words: dict[str, str]
) -> None:
    if frame.is_empty() or column not in frame.columns:
        return
    sheet.text(title, strong=True)
    counts = frame[column].value_counts(sort=False).sort("count", column, descending=[True, False])
    for name, count in counts.iter_rows():
        sheet.line([words.get(name, str(name)), int(count), ""])
    sheet.skip()


# ------------------------------------------------------------------ contradictions

_CONTRADICTION_HEADS = (
    Head("N°", 6, right=True), Head("Nature", 18), Head("Thème", 14), Head("Indicateur", 40),
    Head("Territoire", 32), Head("Période", 11), Head("Ce qui est dit", 16, right=True),
    Head("Retenu", 9), Head("Document", 20), Head("Fichier", 32), Head("Feuille", 12),
    Head("Ligne", 8, right=True), Head("Colonne", 18), Head("Priorité", 9, right=True),
    Head("Raison du choix", 70, wrap=True),
)  # fmt: skip


def _contradictions(book: Book, lookup: Lookup) -> None:
    """One line a statement; the lines of one contradiction have the same number."""
    sheet = _sheet(
        book, lookup, "Contradictions", "Chiffres sur lesquels les documents se contredisent",
        "Une ligne par document. « oui » : la valeur montrée. Une valeur couverte par le secret "
        "n’est jamais écrite ici.",
    )  # fmt: skip
    sheet.head(_CONTRADICTION_HEADS, freeze=1)
    frame = lookup.source.contradictions
    said = _statements(lookup, frame)
    for number, row in enumerate(frame.iter_rows(named=True), 1):
        lines = said.get(tuple(row[name] for name in KEY), [])
        _contradiction(sheet, lookup, number, row, lines)
    sheet.filter()


def _statements(
    lookup: Lookup, contradictions: pl.DataFrame
) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    """All that documents say of these figures, secret values masked."""
    source = lookup.source
    frame = (
        mask(source.statements, source.retained)
        .join(contradictions.select(*KEY).unique(), on=list(KEY), how="semi")
        .sort("priority", "document", "file", "line", nulls_last=True)
    )
    held: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in frame.iter_rows(named=True):
        held.setdefault(tuple(row[name] for name in KEY), []).append(row)
    return held


def _contradiction(
    sheet: Sheet, lookup: Lookup, number: int, row: dict[str, Any], lines: Sequence[dict[str, Any]]
) -> None:
    card = lookup.catalogue.indicators.get(row["indicator"])
    theme = lookup.catalogue.themes.get(str(row["indicator"]).split(".")[0])
    head: list[Content] = [
        number, _NATURES.get(row["nature"], row["nature"]), theme.label if theme else "",
        card.label if card else row["indicator"],
        lookup.place(row["kind"], row["territory"]).label, periode_courte(row["period"]),
    ]  # fmt: skip
    shown = _shown(lookup, row)
    blanked = row["nature"] == "secret" or shown[1] == Status.SECRET
    kept_once = False
    for position, line in enumerate(lines):
        value, text = _said(lookup, line, blanked)
        kept = not kept_once and _is_shown(line, shown)
        kept_once = kept_once or kept
        reason = str(row["reason"]) if position == 0 else ""
        sheet.line(
            [*head, value if value is not None else text, "oui" if kept else "",
             document_name(lookup, line), line["file"] or "", line["sheet"] or "", line["line"],
             line["column"] or "", line["priority"], reason],
            opens=position == 0,
            height=13.5 * max(1, lines_of(reason, 70)) + 1.5 if reason else None,
        )  # fmt: skip
    if row["nature"] == "moyenne" or not kept_once:
        reason = "" if lines else str(row["reason"])
        sheet.line(
            [*head, str(row["kept"]), "oui", "(calculé)", "", "", None, "", None, reason],
            opens=not lines,
        )


def _shown(lookup: Lookup, row: dict[str, Any]) -> tuple[float | None, str]:
    found = lookup.shown_figure(tuple(row[name] for name in KEY))
    return found or (None, Status.MISSING.value)


def _is_shown(line: dict[str, Any], shown: tuple[float | None, str]) -> bool:
    return bool(line["status"] == shown[1] and line["value"] == shown[0])


def _said(lookup: Lookup, line: dict[str, Any], blanked: bool) -> tuple[Number | None, str]:
    if line["status"] != Status.OK or line["value"] is None:
        return None, WORDS.get(Status(line["status"]), line["status"])
    if blanked:
        return None, "valeur masquée"
    card = lookup.catalogue.indicators.get(line["indicator"])
    decimals = line["decimals"] if line["decimals"] is not None else card.decimals if card else 2
    return Number(line["value"], int(decimals)), ""


# ------------------------------------------------------------------ findings


def _findings(book: Book, lookup: Lookup) -> None:
    sheet = _sheet(book, lookup, "Contrôles", "Ce que les contrôles ont trouvé")
    sheet.head(
        [Head("Gravité", 15), Head("Contrôle", 34, wrap=True), Head("Thème", 14),
         Head("Indicateur", 40), Head("Territoire", 32), Head("Période", 11),
         Head("Constat", 80, wrap=True),
         Head("Où", 60, wrap=True)],
    )  # fmt: skip
    for row in lookup.source.findings.iter_rows(named=True):
        card = lookup.catalogue.indicators.get(row["indicator"] or "")
        theme = lookup.catalogue.themes.get(str(row["indicator"] or "").split(".")[0])
        places = "\n".join(row["places"] or ())
        text = str(row["text"])
        sheet.line(
            [_SEVERITIES.get(row["severity"], row["severity"]),
             _CHECKS.get(row["code"], row["code"]),
             theme.label if theme else "", card.label if card else row["indicator"] or "",
             _territory(lookup, row["territory"] or ""),
             periode_courte(row["period"]) if row["period"] else "", text, places],
            height=13.5 * max(lines_of(text, 80), lines_of(places, 60)) + 1.5,
        )  # fmt: skip
    sheet.filter()


def _territory(lookup: Lookup, code: str) -> str:
    found = lookup.name_of_code(code)
    return f"{found} ({code})" if found else code


# ------------------------------------------------------------------ files, problems


def _files(book: Book, lookup: Lookup) -> None:
    source = lookup.source
    sheet = _sheet(
        book, lookup, "Fichiers lus", "Fichiers lus",
        f"Édition du {date_longue(source.edition)}. L’empreinte SHA-256 change dès que le fichier "
        "change.",
    )  # fmt: skip
    sheet.head(
        [Head("Document", 20), Head("Fichier", 50), Head("Feuille", 18), Head("Lecteur", 16),
         Head("Priorité", 9, right=True), Head("Chiffres lus", 13, right=True),
         Head("Octets", 12, right=True), Head("SHA-256", 68)],
    )  # fmt: skip
    for row in source.inputs.iter_rows(named=True):
        sheet.line(
            [input_name(lookup, row["document"] or ""), row["file"], row["sheet"] or "",
             row["reader"] or "", row["priority"], row["rows"], row["size"], row["sha256"]]
        )  # fmt: skip
    sheet.filter()


def _problems(book: Book, lookup: Lookup) -> None:
    sheet = _sheet(book, lookup, "Problèmes", "Ce que la lecture a mis de côté, ou dont elle doute")
    columns = [
        ("severity", Head("Gravité", 15)), ("code", Head("Code", 24)),
        ("place", Head("Où", 50, wrap=True)), ("what", Head("Quoi", 60, wrap=True)),
        ("expected", Head("Attendu", 40, wrap=True)), ("remedy", Head("À faire", 60, wrap=True)),
    ]  # fmt: skip
    frame = lookup.source.problems
    held = [(name, head) for name, head in columns if name in frame.columns]
    if not held or frame.is_empty():
        sheet.text(f"Aucun problème{NBSP}: tous les fichiers ont été lus en entier.")
        return
    sheet.head([head for _, head in held])
    for row in frame.iter_rows(named=True):
        cells: list[Content] = []
        lines = 1
        for name, head in held:
            value = row[name]
            text = value if isinstance(value, int) else str(value or "")
            if name == "severity":
                text = _SEVERITIES.get(str(text), str(text))
            if head.wrap:
                lines = max(lines, lines_of(str(text), head.width))
            cells.append(text)
        sheet.line(cells, height=13.5 * lines + 1.5)
    sheet.filter()
    sheet.skip()
    sheet.text(f"{nombre(frame.height)} problèmes.", small=True)
