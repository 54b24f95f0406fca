"""How is a cube written as SDMX-CSV 2.0 (sdmx-twg/sdmx-csv)?

Secrecy travels in ``CONF_STATUS``, what a figure is worth in ``OBS_STATUS``, with the codes of
the cross-domain lists CL_CONF_STATUS and CL_OBS_STATUS: a blanked figure has no value, Q
(suppressed), and the reason of its secrecy. Comma and decimal point, as the standard has it by
default. The structure that the rows name is in :mod:`~terril.reports.exports.sdmx_structure`.
"""

from __future__ import annotations

import csv
import io
import re
from typing import Final

from terril.observations.schema import Origin, Status
from terril.reports.exports.cube import CONCENTRATED, Cube, Observation, value_of

AGENCY: Final = "TERRIL"
FLOW: Final = "OBSERVATOIRE_QPV"
MIME: Final = "application/vnd.sdmx.data+csv; version=2.0.0"
#: what is said of a figure whose document gives no period
UNDATED: Final = "Période non précisée par le document : date de l’édition."

HEAD: Final = (
    "STRUCTURE",
    "STRUCTURE_ID",
    "ACTION",
    "REF_AREA",
    "INDICATOR",
    "TIME_PERIOD",
    "BREAKDOWN",
    "OBS_VALUE",
    "OBS_STATUS",
    "CONF_STATUS",
    "UNIT_MEASURE",
    "DECIMALS",
    "SOURCE",
    "COMMENT_OBS",
)

#: codes of CL_OBS_STATUS 2.2 that we write (SDMX, *Code list for observation status*)
OBS_STATUS: Final = {
    "A": "Normal value",
    "B": "Time series break",
    "E": "Estimated value",
    "M": "Missing value; data cannot exist",
    "N": "Not significant",
    "O": "Missing value",
    "Q": "Missing value; suppressed",
}
#: codes of CL_CONF_STATUS 1.3 that we write (SDMX, *Code list for confidentiality status*)
CONF_STATUS: Final = {
    "F": "Free (free for publication)",
    "A": "Primary confidentiality due to small counts",
    "C": "Confidential statistical information",
    "D": "Secondary confidentiality set by the sender, not for publication",
}


def version(edition: str) -> str:
    """Version of the structure of an edition: its date, as SDMX 3.0 writes versions.

    A structure under a version never changes, no more than an edition under its date:
    « 2020-07-01 » is 2020.7.1.
    """
    return ".".join(str(int(part)) for part in edition.split("-"))


def obs_status(o: Observation) -> str:
    """Code of CL_OBS_STATUS: A normal, B break, E estimated; Q, M, N, O without a value."""
    if o.status == Status.SECRET:
        return "Q"
    if o.status == Status.NOT_SIGNIFICANT:
        return "N"
    if o.status == Status.NOT_APPLICABLE:
        return "M"
    if o.status == Status.MISSING or o.value is None:
        return "O"
    if o.breaks:
        return "B"
    return "E" if o.origin == Origin.ESTIMATED else "A"


def conf_status(o: Observation) -> str:
    """Code of CL_CONF_STATUS: F free, A too few units, D because of another figure.

    C, confidential without saying more, for a cell that the producer blanked (we do not know by
    which rule) and for a sum that few contributors make (the ledger does not say which of the
    rules of concentration).
    """
    if o.status != Status.SECRET:
        return "F"
    return {"primaire": "A", "secondaire": "D", "calculé": "D", CONCENTRATED: "C"}.get(
        o.blanking, "C"
    )


def period(text: str, edition: str) -> str:
    """Return the period as SDMX writes it: a year, a day, a start and a length in years.

    Without one, the day of the edition: the last at which the figure can have been true.
    """
    span = re.fullmatch(r"(\d{4})-(\d{4})", text)
    if span:
        years = int(span[2]) - int(span[1]) + 1
        return f"{span[1]}-01-01/P{years}Y"
    return text or edition


def identifier(code: str) -> str:
    """Return a code in the characters that SDMX allows."""
    return re.sub(r"[^A-Za-z0-9_@$-]", "_", code)


def csv_text(cube: Cube) -> str:
    """Return the file: one row an observation, the whole of its flow (ACTION R)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD)
    structure = f"{AGENCY}:{FLOW}({version(cube.edition)})"
    for o in cube.observations:
        value = value_of(o)
        writer.writerow(
            (
                "dataflow",
                structure,
                "R",
                o.area,
                identifier(o.indicator),
                period(o.period, cube.edition),
                identifier(o.breakdown),
                "" if value is None else value,
                obs_status(o),
                conf_status(o),
                identifier(cube.indicators[o.indicator].unit),
                "" if o.decimals is None else o.decimals,
                cube.sources.get(o.source, o.source),
                "" if o.period else UNDATED,
            )
        )
    return out.getvalue()
