"""What does a register hold: its list, its spreadsheets, its results?"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from terril.catalogue.registers import Column, ColumnKind, Register
from terril.registres.choose import SORT, Query, choose, options, params_of, query_from
from terril.registres.query_words import query_words
from terril.registres.rows import Row
from terril.web.espace.answers import as_file
from terril.web.espace.doors import readable, refused, space_page
from terril.web.espace.perms import can_add, can_import, seen_card
from terril.web.espace.shown import listed, listed_columns
from terril.web.espace.space import Space
from terril.web.espace.summaries import summaries_of

_PAGE: Final = 50
_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv; charset=utf-8",
}


@require_safe
@space_page
def register(request: HttpRequest, space: Space, registre: str) -> HttpResponseBase:
    """The rows of a register, filtered and sorted, by pages."""
    refusal = readable(space, registre)
    if refusal is not None:
        return refused(request, refusal)
    card = seen_card(space, registre)
    query = query_from(card, _params(request))
    rows = _chosen(space, registre, query)
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    columns = listed_columns(card)
    chain = urlencode(params_of(query))
    context = {
        "space": space,
        "code": registre,
        "card": card,
        "page": page,
        "rows": listed(space, registre, page.object_list, columns),
        "heads": [_head(card, name, query) for name in columns],
        "filters": _filters(space, registre, query),
        "query": query,
        "sort": ",".join(query.sort),
        "chain": chain,
        "filtered": bool(query.words or query.filters or query.archived),
        "total": len(space.rows(registre)),
        "may_add": can_add(space, registre) is None,
        "may_import": can_import(space, registre) is None,
    }
    return render(request, "espace/registre.html", context)


@require_safe
@space_page
def export(request: HttpRequest, space: Space, registre: str, forme: str) -> HttpResponseBase:
    """The rows that the filters keep, as a spreadsheet that can be sent back."""
    refusal = readable(space, registre)
    if refusal is not None:
        return refused(request, refusal)
    if forme not in _TYPES:
        raise Http404
    # the libraries that write workbooks are read when the first one is asked for
    from terril.reports.registres.workbook import write_csv, write_ods, write_xlsx

    card = seen_card(space, registre)
    query = query_from(card, _params(request))
    rows = _chosen(space, registre, query)
    about = f"{space.contract.name}. Registre «\u00a0{card.title}\u00a0». {card.about}"
    said = query_words(card, query, space.catalogue, space.names)
    args = (card, registre, rows, space.catalogue, space.names)
    if forme == "xlsx":
        summaries = summaries_of(space, registre)
        body = write_xlsx(*args, about=about, day=space.today, filters=said, summaries=summaries)
    elif forme == "ods":
        body = write_ods(*args, about=about, day=space.today, filters=said)
    else:
        body = write_csv(*args)
    name = f"{space.contract.code}-{registre}.{forme}"
    return as_file(body, _TYPES[forme], name)


@require_safe
@space_page
def results(request: HttpRequest, space: Space, registre: str) -> HttpResponseBase:
    """What is computed from a register: tables and alerts."""
    refusal = readable(space, registre)
    if refusal is not None:
        return refused(request, refusal)
    card = space.card(registre)
    if not card.measures:
        raise Http404
    context = {
        "space": space,
        "code": registre,
        "card": card,
        "summaries": summaries_of(space, registre),
    }
    return render(request, "espace/resultats.html", context)


def _params(request: HttpRequest) -> dict[str, list[str]]:
    return {name: request.GET.getlist(name) for name in request.GET}


def _chosen(space: Space, registre: str, query: Query) -> list[Row]:
    card = seen_card(space, registre)
    return choose(card, space.kept(registre).rows, query, space.catalogue, space.names)


def _head(card: Register, name: str, query: Query) -> dict[str, Any]:
    """Return the head of a column: its label, and the address that sorts on it."""
    column = card.columns[name]
    first = query.sort[0] if query.sort else ""
    params = [pair for pair in params_of(query) if pair[0] != SORT]
    return {
        "label": column.label,
        "number": is_number(column),
        "chain": urlencode([*params, (SORT, f"-{name}" if first == name else name)]),
        "sorted": {name: "ascending", f"-{name}": "descending"}.get(first, ""),
    }


def is_number(column: Column) -> bool:
    """Is it set to the right?"""
    return column.kind in (
        ColumnKind.INTEGER, ColumnKind.NUMBER, ColumnKind.AMOUNT, ColumnKind.SHARE,
    )  # fmt: skip


def _filters(space: Space, registre: str, query: Query) -> list[dict[str, Any]]:
    """Return the filters of a register: label, name, options."""
    card = seen_card(space, registre)
    rows = [row for row in space.kept(registre).rows if row.archived == query.archived]
    found = []
    for name, column in card.columns.items():
        if not column.filter and column.kind is not ColumnKind.STATE:
            continue
        held = options(card, name, rows, space.catalogue, space.names)
        chosen = query.filters.get(name, ())
        if len(held) > 1 or chosen:
            found.append(
                {
                    "name": name,
                    "label": column.label,
                    "options": [
                        (value, label, count, value in chosen) for value, label, count in held
                    ],  # fmt: skip
                }
            )
    return found
