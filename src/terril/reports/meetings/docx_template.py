"""How is a file of the contract filled: which places may it name, and what if it errs?

A place is a name between double braces. Those of ``lines_of`` stand anywhere: text, tables,
head and foot of the pages, whatever the pieces in which the word processor cut them. Those of
``BLOCKS`` are alone in their paragraph, which they replace.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Final

from docx import Document as open_document
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from terril.catalogue.messages import listed, nearest
from terril.contrat.meetings.papers import Minutes
from terril.lib.problems import Problem, ProblemsError, Where
from terril.reports.meetings.minutes_blocks import BLOCKS, lines_of

#: bytes of a template, and of what it holds once open, at the most
LARGEST: Final = 5_000_000
LARGEST_OPEN: Final = 60_000_000
_PLACE: Final = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_LINES: Final = ("contrat", "instance", "titre", "date", "lieu", "presents_en_bref", "quorum",
                 "validation")  # fmt: skip
NAMES: Final = (*_LINES, *BLOCKS)


def problems_of(content: bytes, name: str) -> list[Problem]:
    """Return what is wrong in a template: its form, the places it names. Writes nothing."""
    try:
        document = _opened(content, name)
    except ProblemsError as error:
        return error.problems
    problems = []
    found = False
    for paragraph in _paragraphs(document):
        for place in _PLACE.findall(paragraph.text):
            found = True
            if place not in NAMES:
                near = nearest(place, NAMES)
                problems.append(
                    Problem(
                        "modele-repere",
                        Where(name),
                        f"Le repère « {{{{{place}}}}} » n’existe pas.",
                        f"{listed(NAMES)}.",
                        f"corrigez le repère{' ; ' + near if near else ''}.",
                    )
                )
            elif place in BLOCKS and not _alone(paragraph, place):
                problems.append(
                    Problem(
                        "modele-repere",
                        Where(name),
                        f"Le repère « {{{{{place}}}}} » est au milieu d’un texte.",
                        "un paragraphe qui ne contient que ce repère.",
                        "mettez-le seul sur sa ligne.",
                    )
                )
    if not found:
        problems.append(
            Problem(
                "modele-vide",
                Where(name),
                "Le modèle ne contient aucun repère.",
                f"un ou plusieurs repères entre accolades doubles : {listed(NAMES)}.",
                "ajoutez par exemple {{titre}}, {{date}}, {{compte_rendu}} et {{decisions}}.",
            )
        )
    return problems


def fill(content: bytes, minutes: Minutes) -> Document:
    """Return the document of a template, its places filled. Unknown names stay as they are."""
    document = _opened(content, "modèle")
    lines = lines_of(minutes)
    for paragraph in list(_paragraphs(document)):
        match = _PLACE.fullmatch(paragraph.text.strip())
        if match and match[1] in BLOCKS:
            _replace(document, paragraph, match[1], minutes)
        elif _PLACE.search(paragraph.text):
            _fill_line(paragraph, lines)
    return document


def _opened(content: bytes, name: str) -> Document:
    """Open a file that somebody sent. Raises ``ProblemsError``."""
    wrong = ""
    if len(content) > LARGEST:
        wrong = "Le fichier dépasse 5 Mo."
    else:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                if sum(item.file_size for item in archive.infolist()) > LARGEST_OPEN:
                    wrong = "Le fichier est trop gros une fois ouvert."
            if not wrong:
                return open_document(io.BytesIO(content))
        except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, SyntaxError):
            wrong = "Le fichier ne s’ouvre pas comme un document DOCX."
    raise ProblemsError(
        [
            Problem(
                "modele-illisible",
                Where(name),
                wrong,
                "un document DOCX de 5 Mo au plus.",
                "enregistrez-le au format DOCX depuis votre traitement de texte.",
            )
        ]
    )


def _paragraphs(document: Document) -> Iterator[Paragraph]:
    """Yield the paragraphs of the text, of its tables, of the heads and feet of the pages."""
    for element in document.element.body.iter(qn("w:p")):
        yield Paragraph(element, document._body)
    seen: set[int] = set()
    for section in document.sections:
        for part in (
            section.header, section.footer, section.first_page_header, section.first_page_footer,
            section.even_page_header, section.even_page_footer,
        ):  # fmt: skip
            if part.is_linked_to_previous or id(part._element) in seen:
                continue
            seen.add(id(part._element))
            for element in part._element.iter(qn("w:p")):
                yield Paragraph(element, part)


def _alone(paragraph: Paragraph, place: str) -> bool:
    match = _PLACE.fullmatch(paragraph.text.strip())
    return match is not None and match[1] == place


def _fill_line(paragraph: Paragraph, lines: dict[str, str]) -> None:
    """Fill the places of a paragraph, the form of each run kept.

    A place cut over several runs is written in the run where it opens.
    """
    runs = paragraph.runs
    whole = "".join(run.text for run in runs)
    starts = [0]
    for run in runs:
        starts.append(starts[-1] + len(run.text))
    for match in reversed(list(_PLACE.finditer(whole))):
        if match[1] not in lines:
            continue
        first = max(i for i in range(len(runs)) if starts[i] <= match.start())
        last = max(i for i in range(len(runs)) if starts[i] < match.end())
        head = runs[first].text[: match.start() - starts[first]]
        tail = runs[last].text[match.end() - starts[last] :]
        if first == last:
            runs[first].text = head + lines[match[1]] + tail
        else:
            runs[first].text = head + lines[match[1]]
            for run in runs[first + 1 : last]:
                run.text = ""
            runs[last].text = tail


def _replace(document: Document, paragraph: Paragraph, place: str, minutes: Minutes) -> None:
    """Put the pieces of a block where its paragraph stood, which goes.

    A cell of a table must end with a paragraph: an empty one is kept after a table.
    """
    anchor = paragraph._p
    for piece in BLOCKS[place](document, minutes):
        anchor.addprevious(piece._element)
    parent = anchor.getparent()
    parent.remove(anchor)
    if parent.tag == qn("w:tc") and parent[-1].tag != qn("w:p"):
        parent.append(anchor)
        for run in paragraph.runs:
            run.text = ""
