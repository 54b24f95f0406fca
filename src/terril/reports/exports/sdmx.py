"""How is a cube written as SDMX-CSV 2.0 (sdmx-twg/sdmx-csv)?

Secrecy travels in ``CONF_STATUS``, what a figure is worth in ``OBS_STATUS``, with the codes of
the cross-domain lists CL_CONF_STATUS and CL_OBS_STATUS. Comma and decimal point, as the
standard has it by default.
"""

from __future__ import annotations

import csv
import io
import re
from typing import Final

from terril.observations.schema import Origin, Status
from terril.reports.exports.cube import Cube, Observation, value_of

AGENCY: Final = "TERRIL"
FLOW: Final = "OBSERVATOIRE_QPV"
VERSION: Final = "1.0"
MIME: Final = "application/vnd.sdmx.data+csv; version=2.0.0"

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
)


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
    """Code of CL_CONF_STATUS: F free, A primary confidentiality, D secondary.

    A cell that the producer blanked is told C: confidential, we do not know by which rule.
    """
    if o.status != Status.SECRET:
        return "F"
    return {"primaire": "A", "secondaire": "D"}.get(o.blanking, "C")


def period(text: str) -> str:
    """Return the period as SDMX writes it: a year, a day, or a start and a length in years."""
    span = re.fullmatch(r"(\d{4})-(\d{4})", text)
    if span:
        years = int(span[2]) - int(span[1]) + 1
        return f"{span[1]}-01-01/P{years}Y"
    return text


def identifier(code: str) -> str:
    """Return a code in the characters that SDMX allows."""
    return re.sub(r"[^A-Za-z0-9_@$-]", "_", code)


def csv_text(cube: Cube) -> str:
    """Return the file: one row an observation, the whole of its flow (ACTION R)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD)
    structure = f"{AGENCY}:{FLOW}({VERSION})"
    for o in cube.observations:
        value = value_of(o)
        writer.writerow(
            (
                "dataflow",
                structure,
                "R",
                o.area,
                identifier(o.indicator),
                period(o.period),
                identifier(o.breakdown),
                "" if value is None else value,
                obs_status(o),
                conf_status(o),
                identifier(cube.indicators[o.indicator].unit),
                "" if o.decimals is None else o.decimals,
                cube.sources.get(o.source, o.source),
            )
        )
    return out.getvalue()
