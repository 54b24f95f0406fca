"""What do the parts of an OpenDocument spreadsheet look like, besides its cells?

Written as text: the parts are few, and the same content must give the same bytes.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from terril.lib.tokens import COLOURS
from terril.registres.opendocument import MIMETYPE
from terril.reports.registres.layout import TALLEST
from terril.reports.sheet import FONT

HEADER: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACES: Final = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" '
    'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" '
    'xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" office:version="1.3"'
)
_RUNS: Final = re.compile(r"^ +| {2,}| +$|\t")

_FRENCH: Final = ' number:language="fr" number:country="FR"'
_LEFT: Final = '<style:paragraph-properties fo:text-align="start" fo:margin-left="0.15cm"/>'
_RIGHT: Final = '<style:paragraph-properties fo:text-align="end"/>'
#: what a cell shows: name of the style → (data style, other properties)
_NUMBER: Final = '<number:number number:min-integer-digits="1"/>'
_DATA: Final = {
    "integer": '<number:number number:decimal-places="0" number:min-integer-digits="1" '
    'number:grouping="true"/>',
    "amount": '<number:number number:decimal-places="2" number:min-decimal-places="2" '
    'number:min-integer-digits="1" number:grouping="true"/><number:text> €</number:text>',
    "decimals": '<number:number number:decimal-places="2" number:min-decimal-places="1" '
    'number:min-integer-digits="1" number:grouping="true"/>',
    "share": f"{_NUMBER}<number:text> %</number:text>",
    "plain": _NUMBER,
    "year": '<number:number number:decimal-places="0" number:min-integer-digits="1"/>',
}
_DATE: Final = (
    '<number:day number:style="long"/><number:text>/</number:text>'
    '<number:month number:style="long"/><number:text>/</number:text>'
    '<number:year number:style="long"/>'
)
_PERCENT: Final = (
    '<number:number number:decimal-places="1" number:min-decimal-places="1" '
    'number:min-integer-digits="1"/><number:text> %</number:text>'
)


def attribute(text: str) -> str:
    """A value of attribute with its quotes."""
    return quoteattr(text, {"\n": "&#10;", "\t": "&#9;"})


def paragraphs(text: str) -> str:
    """A text of a cell: a paragraph a line, spaces and tabs spelled."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "".join(f"<text:p>{_RUNS.sub(_spelled, escape(line))}</text:p>" for line in lines)


def _spelled(match: re.Match[str]) -> str:
    run = match.group()
    return "<text:tab/>" if run == "\t" else f'<text:s text:c="{len(run)}"/>'


def styles_xml(title: str, across: int) -> str:
    """The page (A4 lying, numbered, ``across`` pages side by side), the font of the cells."""
    return (
        f"{HEADER}<office:document-styles {_SPACES}><office:styles>"
        '<style:default-style style:family="table-cell"><style:text-properties '
        f'style:font-name="{FONT}" fo:font-family="{FONT}" fo:font-size="10pt" '
        f'fo:color="{COLOURS["ardoise"]}" fo:language="fr" fo:country="FR"/></style:default-style>'
        '<style:style style:name="Default" style:family="table-cell"/></office:styles>'
        '<office:automatic-styles><style:page-layout style:name="page">'
        '<style:page-layout-properties fo:page-width="29.7cm" fo:page-height="21cm" '
        f'style:print-orientation="landscape" fo:margin="1.3cm" style:scale-to-X="{across}" '
        'style:scale-to-Y="0"/>'
        '<style:footer-style><style:header-footer-properties fo:min-height="0.6cm"/>'
        "</style:footer-style></style:page-layout></office:automatic-styles>"
        '<office:master-styles><style:master-page style:name="Default" '
        'style:page-layout-name="page"><style:footer><text:p>'
        f"{escape(title)} – <text:page-number>1</text:page-number> / "
        "<text:page-count>1</text:page-count></text:p></style:footer></style:master-page>"
        "</office:master-styles></office:document-styles>"
    )


def automatic_styles(widths: list[float]) -> str:
    """The styles of columns (``co0``…, widths in characters), rows and cells."""
    parts = ['<style:style style:name="ta" style:family="table" style:master-page-name="Default">'
             '<style:table-properties table:display="true"/></style:style>']  # fmt: skip
    for place, width in enumerate(widths):
        parts.append(
            f'<style:style style:name="co{place}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width * 0.2:.2f}cm"/>'
            "</style:style>"
        )
    for lines in range(1, TALLEST + 1):
        parts.append(
            f'<style:style style:name="ro{lines}" style:family="table-row">'
            f'<style:table-row-properties style:row-height="{0.43 * lines + 0.06:.2f}cm" '
            'style:use-optimal-row-height="false"/></style:style>'
        )
    for name, body in _DATA.items():
        parts.append(
            f'<number:number-style style:name="n-{name}"{_FRENCH}>{body}</number:number-style>'
        )
    parts.append(f'<number:date-style style:name="n-date"{_FRENCH}>{_DATE}</number:date-style>')
    parts.append(
        f'<number:percentage-style style:name="n-percent"{_FRENCH}>{_PERCENT}'
        "</number:percentage-style>"
    )
    parts.append(
        '<number:text-style style:name="n-text"><number:text-content/></number:text-style>'
    )
    data = {"text": "text", "long": "", "number": "plain", "integer": "integer", "amount": "amount",
            "share": "share", "date": "date", "year": "year", "technical": "year",
            "count": "integer", "decimals": "decimals", "euros": "amount",
            "percent": "percent"}  # fmt: skip
    for name, number in data.items():
        parts.append(_cell_style(name, number, bold=False))
        parts.append(_cell_style(name, number, bold=True))
    for name, paragraph in (("head", _LEFT), ("head-right", _RIGHT)):
        parts.append(
            f'<style:style style:name="c-{name}" style:family="table-cell">'
            f'<style:table-cell-properties fo:background-color="{COLOURS["papier-2"]}" '
            f'fo:border-bottom="1pt solid {COLOURS["ardoise"]}" fo:wrap-option="wrap" '
            f'style:vertical-align="bottom"/>{paragraph}'
            '<style:text-properties fo:font-weight="bold"/></style:style>'
        )
    for name, size, side in (("title", 16, "top"), ("section", 12, "bottom"), ("term", 10, "top")):
        parts.append(
            f'<style:style style:name="c-{name}" style:family="table-cell">'
            f'<style:table-cell-properties fo:wrap-option="no-wrap" style:vertical-align="{side}"/>'
            f'<style:text-properties fo:font-weight="bold" fo:font-size="{size}pt"/></style:style>'
        )
    parts.append(
        '<style:style style:name="c-note" style:family="table-cell"><style:table-cell-properties '
        'fo:wrap-option="no-wrap" style:vertical-align="top"/></style:style>'
        '<style:style style:name="c-body" style:family="table-cell"><style:table-cell-properties '
        'fo:wrap-option="wrap" style:vertical-align="top"/></style:style>'
    )
    return f"<office:automatic-styles>{''.join(parts)}</office:automatic-styles>"


def _cell_style(name: str, number: str, *, bold: bool) -> str:
    text = name in ("text", "long")
    data = f' style:data-style-name="n-{number}"' if number else ""
    words = ' fo:font-weight="bold"' if bold else ""
    if name == "technical":
        words += f' fo:color="{COLOURS["gris"]}"'
    rule = COLOURS["ardoise" if bold else "cheveu"]
    side = "top" if bold else "bottom"
    return (
        f'<style:style style:name="c-{name}{"-total" if bold else ""}" '
        f'style:family="table-cell"{data}><style:table-cell-properties '
        f'fo:wrap-option="{"wrap" if text else "no-wrap"}" style:vertical-align="top" '
        f'fo:border-{side}="0.5pt solid {rule}"/>{_LEFT if text else _RIGHT}'
        f"<style:text-properties{words}/></style:style>"
    )


def validation(name: str, address: str, allowed: tuple[str, ...]) -> str:
    """A closed list of texts for the cells of a column; blank is allowed."""
    listed = ";".join('"' + text.replace('"', '""') + '"' for text in allowed)
    condition = attribute(f"of:cell-content-is-in-list({listed})")
    return (
        f'<table:content-validation table:name="{name}" table:condition={condition} '
        f'table:allow-empty-cell="true" table:base-cell-address={attribute(address)} '
        'table:display-list="unsorted"><table:error-message table:message-type="stop" '
        'table:title="Valeur inconnue" table:display="true">'
        "<text:p>Choisissez une valeur de la liste.</text:p></table:error-message>"
        "</table:content-validation>"
    )


def content_xml(styles: str, body: str) -> str:
    """The part that holds the sheets."""
    return (
        f"{HEADER}<office:document-content {_SPACES}>{styles}<office:body><office:spreadsheet>"
        f"{body}</office:spreadsheet></office:body></office:document-content>"
    )


def settings_xml(frozen: list[tuple[str, int, int]]) -> str:
    """Which columns and lines of which sheet stay on the screen; the first sheet is shown."""
    tables = []
    for sheet, columns, lines in frozen:
        items = {
            "HorizontalSplitMode": ("short", 2 if columns else 0),
            "VerticalSplitMode": ("short", 2 if lines else 0),
            "HorizontalSplitPosition": ("int", columns),
            "VerticalSplitPosition": ("int", lines),
            "ActiveSplitRange": ("short", 3 if columns else 2),
            "PositionRight": ("int", columns),
            "PositionBottom": ("int", lines),
        }
        entries = "".join(
            f'<config:config-item config:name="{name}" config:type="{kind}">{value}'
            "</config:config-item>"
            for name, (kind, value) in items.items()
        )
        tables.append(
            f"<config:config-item-map-entry config:name={attribute(sheet)}>{entries}"
            "</config:config-item-map-entry>"
        )
    active = escape(frozen[0][0])
    return (
        f"{HEADER}<office:document-settings {_SPACES}><office:settings>"
        '<config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        '<config:config-item config:name="ViewId" config:type="string">view1</config:config-item>'
        f'<config:config-item-map-named config:name="Tables">{"".join(tables)}'
        "</config:config-item-map-named>"
        f'<config:config-item config:name="ActiveTable" config:type="string">{active}'
        "</config:config-item></config:config-item-map-entry></config:config-item-map-indexed>"
        "</config:config-item-set></office:settings></office:document-settings>"
    )


def meta_xml(title: str, about: str, day: str) -> str:
    """Title, description and date of the file."""
    return (
        f"{HEADER}<office:document-meta {_SPACES}><office:meta>"
        f"<meta:generator>Terril</meta:generator><dc:title>{escape(title)}</dc:title>"
        f"<dc:description>{escape(about)}</dc:description><dc:language>fr-FR</dc:language>"
        f"<meta:creation-date>{day}T00:00:00</meta:creation-date></office:meta>"
        "</office:document-meta>"
    )


def packed(parts: dict[str, str]) -> bytes:
    """The file: its kind first and not compressed, then its parts, all of one date."""
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>'
        for name in parts
    )
    manifest = (
        f"{HEADER}<manifest:manifest "
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        'manifest:version="1.3"><manifest:file-entry manifest:full-path="/" '
        f'manifest:version="1.3" manifest:media-type="{MIMETYPE}"/>{entries}'
        "</manifest:manifest>"
    )
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as book:
        book.writestr(zipfile.ZipInfo("mimetype"), MIMETYPE)
        for name, text in {**parts, "META-INF/manifest.xml": manifest}.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            book.writestr(info, text.encode("utf-8"))
    return stream.getvalue()
