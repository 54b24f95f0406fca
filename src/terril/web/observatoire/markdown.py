"""How does one of our own pages, written in a small Markdown, become HTML?

Headings, paragraphs, lists, tables, block of code, strong, emphasis, code, links: what the pages
of the method use (CommonMark 0.31 and the tables of GitHub, the part of them). Everything is
escaped first; a link leads only to a page of the same folder or to http(s).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

Where = Callable[[str], str | None]

_CODE: Final = re.compile(r"`([^`]+)`")
_LINK: Final = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_STRONG: Final = re.compile(r"\*\*(.+?)\*\*")
_EMPHASIS: Final = re.compile(r"(?<![\w*])\*(?!\s)(.+?)(?<!\s)\*(?![\w*])")
_HEAD: Final = re.compile(r"^(#{1,4}) +(.*)$")
_RULE: Final = re.compile(r"^\|(?: *:?-+:? *\|)+$")
_CELL: Final = re.compile(r"(?<!\\)\|")
_NUMBER: Final = re.compile(r"^[−+]?[\d\u202f ]+(?:,\d+)?(?:[\u202f\u00a0]?[%€])?$|^–$")


def title_of(text: str) -> str:
    """The text of the first heading."""
    first = next((m for line in text.splitlines() if (m := _HEAD.match(line))), None)
    return first[2] if first else ""


def page(text: str, where: Where) -> SafeString:
    """The HTML of a page, its first heading left out: the template has it.

    ``where``: from the target of a link in the folder (« signaux.md ») to its address, ``None``
    when it leads nowhere: its words stay alone.
    """
    blocks = re.split(r"\n\s*\n", text.strip())
    parts = list(_blocks(blocks, where))
    return mark_safe("\n".join(parts))


def _blocks(blocks: list[str], where: Where) -> Iterator[str]:
    titled = False
    heads = 0
    for block in blocks:
        lines = block.strip("\n").splitlines()
        head = _HEAD.match(lines[0])
        if head:
            if titled or len(head[1]) > 1:
                level = min(len(head[1]), 4)
                heads += 1
                yield f'<h{level} id="partie-{heads}">{inline(head[2], where)}</h{level}>'
            titled = True
            lines = lines[1:]
        if not lines:
            continue
        if lines[0].startswith("```"):
            body = lines[1:-1] if lines[-1].startswith("```") else lines[1:]
            yield f"<pre><code>{escape(chr(10).join(body))}</code></pre>"
        elif lines[0].startswith("- "):
            yield _list(lines, where)
        elif len(lines) > 1 and lines[0].startswith("|") and _RULE.match(lines[1]):
            named = f'aria-labelledby="partie-{heads}"' if heads else 'aria-label="Tableau"'
            yield _table(lines, where, named)
        else:
            yield f"<p>{inline(' '.join(lines), where)}</p>"


def _list(lines: list[str], where: Where) -> str:
    items: list[str] = []
    for line in lines:
        if line.startswith("- "):
            items.append(line[2:])
        else:
            items[-1] += " " + line.strip()
    told = "".join(f"<li>{inline(item, where)}</li>" for item in items)
    return f"<ul>{told}</ul>"


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in _CELL.split(line.strip())[1:-1]]


def _table(lines: list[str], where: Where, named: str) -> str:
    heads = _cells(lines[0])
    rows = [_cells(line) for line in lines[2:]]
    numeric = [
        all(n < len(row) and _NUMBER.match(row[n]) for row in rows) for n in range(len(heads))
    ]

    def kind(n: int) -> str:
        return "" if n == 0 or (n < len(numeric) and numeric[n]) else ' class="texte"'

    head = "".join(
        f'<th scope="col"{kind(n)}>{inline(cell, where)}</th>' for n, cell in enumerate(heads)
    )
    body = []
    for row in rows:
        cells = [f'<th scope="row">{inline(row[0], where)}</th>'] if row else []
        cells += [f"<td{kind(n)}>{inline(row[n], where)}</td>" for n in range(1, len(row))]
        body.append(f"<tr>{''.join(cells)}</tr>")
    return (
        f'<div class="region" role="group" {named} tabindex="0">'
        f"<table {named}>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def inline(text: str, where: Where) -> str:
    """The HTML of a line: what is code is left as it is, the rest is escaped, then marked."""
    code: list[str] = []

    def set_aside(match: re.Match[str]) -> str:
        code.append(f"<code>{escape(match[1])}</code>")
        return f"\0{len(code) - 1}\0"

    told: str = escape(_CODE.sub(set_aside, text.replace("\0", "")))
    # the code was escaped already, and stands aside: nothing in it is marked
    told = _LINK.sub(lambda m: _link(m[1], m[2], where), str(told))
    told = _STRONG.sub(r"<strong>\1</strong>", told)
    told = _EMPHASIS.sub(r"<em>\1</em>", told)
    return re.sub("\0(\\d+)\0", lambda m: code[int(m[1])], told)


def _link(words: str, target: str, where: Where) -> str:
    """``words`` and ``target`` are escaped already."""
    if re.match(r"https?://", target):
        return f'<a href="{target}">{words}</a>'
    address = where(target)
    return f'<a href="{escape(address)}">{words}</a>' if address else words
