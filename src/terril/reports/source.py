"""What must one hold to write the tables, the theme sheets and the volume?

The documents read one thing only: an edition, or anything that offers the same frames. A
:class:`Source` states which. No document computes a figure: values, ranks, means and signals
are those of the frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import polars as pl

from terril.catalogue.load import Catalogue
from terril.editions.register import Notice
from terril.fiches.model import Fiche, ThemeText


class Source(Protocol):
    """The frames and the names that the documents read; an edition satisfies it.

    Frames have the columns of ``observations.schema`` (``statements``, ``retained``),
    ``benchmarks.schema`` (``groups``, ``positions``, ``gaps``, ``signals``) and
    ``sources.equipment`` (``equipment``). ``offers``: territory, offer, depends, why.
    ``contradictions``, ``findings`` and ``problems`` are those of the checks.
    ``territories``: kind, code, label, short, epci, communes, population. ``blanked`` is the
    ledger of ``secrecy.protect``; ``changes``, ``trends``, ``break_lines`` come from the
    indicators, ``blocked``, ``funnel``, ``sensitivity``, ``reach``, ``worsening`` from the
    benchmarks, ``correspondence`` from the territories.
    """

    @property
    def name(self) -> str:
        """Name of the project."""

    @property
    def contract(self) -> str:
        """Name of the contract."""

    @property
    def epci(self) -> str:
        """SIREN of the EPCI that runs the contract."""

    @property
    def epci_name(self) -> str:
        """Full name of the EPCI."""

    @property
    def epci_short(self) -> str:
        """Short name of the EPCI."""

    @property
    def edition(self) -> str:
        """Date of the edition, ISO."""

    @property
    def generation(self) -> str:
        """Generation of the perimeters: 2015 or 2024."""

    @property
    def fiche_model(self) -> str:
        """Code of the model of the sheets."""

    @property
    def draft(self) -> bool:
        """Is it a draft, which may still be replaced?"""

    @property
    def notice(self) -> Notice | None:
        """What readers must be told when the edition is withdrawn, else nothing."""

    @property
    def inputs(self) -> pl.DataFrame:
        """The files read: document, file, sheet, reader, priority, sha256, size, rows."""

    @property
    def catalogue(self) -> Catalogue:
        """The cards the edition was made with."""

    @property
    def territories(self) -> pl.DataFrame:
        """Names and codes."""

    @property
    def retained(self) -> pl.DataFrame:
        """The figures shown."""

    @property
    def statements(self) -> pl.DataFrame:
        """What each document states."""

    @property
    def groups(self) -> pl.DataFrame:
        """Means and dispersions of the neighbourhoods."""

    @property
    def positions(self) -> pl.DataFrame:
        """Ranks and z-scores."""

    @property
    def gaps(self) -> pl.DataFrame:
        """Gaps to the references."""

    @property
    def signals(self) -> pl.DataFrame:
        """Signals by theme."""

    @property
    def blanked(self) -> pl.DataFrame:
        """What secrecy blanked, by which rule and relation; never a value."""

    @property
    def changes(self) -> pl.DataFrame:
        """Changes to a former period, with the breaks that block or annotate them."""

    @property
    def blocked(self) -> pl.DataFrame:
        """Changes since the latest former figure that a break blocks, and what is told instead."""

    @property
    def trends(self) -> pl.DataFrame:
        """Trend tests, and why a series is not tested."""

    @property
    def funnel(self) -> pl.DataFrame:
        """Limits that depend on the size of the neighbourhood."""

    @property
    def sensitivity(self) -> pl.DataFrame:
        """Signals under the other rules."""

    @property
    def reach(self) -> pl.DataFrame:
        """How many indicators of the signals the size rule could look at."""

    @property
    def worsening(self) -> pl.DataFrame:
        """What is difficult and gets worse."""

    @property
    def correspondence(self) -> pl.DataFrame:
        """Perimeters of 2015 and 2024."""

    @property
    def break_lines(self) -> pl.DataFrame:
        """Where series break."""

    @property
    def offers(self) -> pl.DataFrame:
        """Class of the local offer."""

    @property
    def families(self) -> pl.DataFrame:
        """Equipment of each neighbourhood by family (``benchmarks.offer.FAMILIES``)."""

    @property
    def equipment(self) -> pl.DataFrame:
        """Counts of equipment."""

    @property
    def contradictions(self) -> pl.DataFrame:
        """Figures that documents state differently."""

    @property
    def findings(self) -> pl.DataFrame:
        """Results of the checks."""

    @property
    def problems(self) -> pl.DataFrame:
        """What was set aside when reading."""

    @property
    def fiches(self) -> Sequence[Fiche]:
        """The profile sheets."""

    @property
    def themes(self) -> Sequence[ThemeText]:
        """What the theme sheets say."""
