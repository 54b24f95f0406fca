"""Which figures leave the house, and is it proved that the others cannot be found?

The door of the room: primary blanking by the rules of the sources, secondary blanking over every
relation, then the attack on what would be published. The ledger says what was blanked, by which
rule and because of which relation, never a value.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from terril.catalogue.cards import Catalogue
from terril.lib.problems import Problem, ProblemList
from terril.observations.places import Names, frame_of
from terril.observations.places import Territories as AnyTerritories
from terril.observations.schema import KEY, Origin, Status
from terril.secrecy import primary
from terril.secrecy.attacker import Attack, attack
from terril.secrecy.base import Settled, settle
from terril.secrecy.dominance import DOMINATED, around, disagreements, dominated
from terril.secrecy.edition import EditionSystem, edition_system
from terril.secrecy.secondary import choose
from terril.secrecy.sparse import Bools, Ints
from terril.secrecy.system import State
from terril.secrecy.wording import Wording, summary

#: the secrecy ledger: the columns of the primary one, and why this figure
LEDGER: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    **primary.LEDGER,
    "blanking": pl.String,  # primaire | secondaire | calculé
    "relation": pl.String,  # French: « par différence : femmes et hommes font le total »
}

#: forms whose figure is given away by its terms and gives them away
_QUOTIENTS: Final = ("ratio", "share", "index_of_ratios")

#: turns of attack and repair
_TURNS: Final = 10


@dataclass(frozen=True)
class Audit:
    """What the attack of the edition found; no value of a figure."""

    cells: int  # figures of the edition and of the former ones, with those relations go through
    relations: int
    bound: int  # cells bound, near or far, to a blanked figure
    sensitive: int
    blanked: int  # blanked so that the sensitive ones stay secret
    attacked: int
    exposed: int
    narrowest: float  # least width of what is proved possible, over the width to protect
    contradicted: int  # relations set aside
    seconds: float

    @property
    def resists(self) -> bool:
        """Did every blanked figure resist?"""
        return self.exposed == 0


@dataclass(frozen=True)
class Protected:
    """What may be published: the frame, the ledger (``LEDGER``), the audit, what to tell."""

    frame: pl.DataFrame
    ledger: pl.DataFrame
    audit: Audit
    problems: tuple[Problem, ...]

    def require(self) -> None:
        """Raise ``ProblemsError`` when a blanked figure can be found: nothing may be sealed."""
        found = ProblemList()
        found.extend(self.problems)
        found.raise_errors()


def protect(
    figures: pl.DataFrame,
    catalogue: Catalogue,
    territories: AnyTerritories,
    published: Sequence[pl.DataFrame] = (),
    *,
    truth: pl.DataFrame | None = None,
    contributions: pl.DataFrame | None = None,
    correspondence: pl.DataFrame | None = None,
) -> Protected:
    """Blank what must be, attack the rest, and say all of it.

    ``figures``: the columns of ``RETAINED``, before or after primary blanking. ``published``:
    the observations of the editions already published (same columns). ``truth``: the figures
    before any blanking (columns of ``KEY``, ``value``, ``status``), when the house knows them:
    protection is exact then, otherwise around likely values. ``contributions``: see
    ``terril.secrecy.dominance``. ``correspondence``: the two lists of perimeters.

    Problems of severity error (a blanked figure that can be found): :meth:`Protected.require`.
    """
    began = time.perf_counter()
    names = Names(territories, catalogue.indicators)
    over = None
    if contributions is not None:
        over = around(dominated(contributions, catalogue), figures)
    frame, first = primary.apply_primary(figures, catalogue)
    frame, first = _apply_dominance(frame, first, over, catalogue)
    edition = edition_system(
        _figures(figures, frame, first, truth, over),
        catalogue,
        frame_of(territories),
        published,
        correspondence,
    )
    settled = settle(edition.system)
    wording = Wording(edition, names, catalogue)
    work = _Blanking(edition, settled, catalogue)
    work.run()
    wording.blanked = work.blanked
    second = _ledger(work, wording, frame, catalogue)
    frame = blank(frame, second, catalogue)
    before = _already_shown(edition, frame)
    found = np.union1d(work.attack.exposed, work.attack.doubtful)
    problems = [
        *(disagreements(contributions, figures, catalogue) if contributions is not None else ()),
        *wording.contradicted(settled.broken, settled.broken_ratios),
        *wording.known_before(before),
        *wording.exposed(found.tolist()),
    ]
    sensitive = int(settled.system.guarded.sum())
    if len(work.chosen):
        problems.append(summary(len(work.chosen), sensitive))
    audit = Audit(
        cells=edition.total[0],
        relations=edition.total[1],
        bound=edition.system.size,
        sensitive=sensitive,
        blanked=len(work.chosen),
        attacked=work.attack.attacked,
        exposed=len(found) + int(work.attack.impossible),
        narrowest=_narrowest(settled, work.attack),
        contradicted=len(settled.broken) + len(settled.broken_ratios),
        seconds=time.perf_counter() - began,
    )
    ledger = pl.concat([_primary_ledger(first), second]).sort(*KEY)
    return Protected(frame, ledger, audit, tuple(problems))


def blank(frame: pl.DataFrame, ledger: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Return ``frame`` (``STATEMENTS`` or ``RETAINED``) without the figures of the ledger.

    The written formula of a derived figure that shows one of them is hidden.
    """
    if ledger.is_empty():
        return frame
    return primary.hide_formulas(primary.blank_rows(frame, ledger), ledger, catalogue)


# ------------------------------------------------------------------ before


def _apply_dominance(
    frame: pl.DataFrame, ledger: pl.DataFrame, over: pl.DataFrame | None, catalogue: Catalogue
) -> tuple[pl.DataFrame, pl.DataFrame]:
    if over is None or over.is_empty():
        return frame, ledger
    shown = frame.filter(pl.col("status") == Status.OK).select(KEY)
    rows = over.join(shown, on=KEY, how="semi").with_columns(
        minimum=pl.lit(None, pl.Int32), basis=pl.col("indicator")
    )
    extra = rows.select(pl.col(name).cast(dtype) for name, dtype in primary.LEDGER.items())
    return blank(frame, extra, catalogue), pl.concat([ledger, extra])


def _figures(
    before: pl.DataFrame,
    after: pl.DataFrame,
    ledger: pl.DataFrame,
    truth: pl.DataFrame | None,
    over: pl.DataFrame | None,
) -> pl.DataFrame:
    """Return the figures as ``cells`` wants them: what is shown, what is known, what is secret."""
    known = before.filter(pl.col("status") == Status.OK).select(
        *KEY, "value", own_decimals="decimals"
    )
    if truth is not None:
        more = truth.filter(pl.col("status") == Status.OK).select(
            *KEY, "value", own_decimals="decimals"
        )
        known = pl.concat([known, more])
    known = known.unique(KEY, keep="first", maintain_order=True)
    wide = over if over is not None else pl.DataFrame(schema=DOMINATED)
    return (
        after.join(known.rename({"value": "known"}), on=KEY, how="left", maintain_order="left")
        .join(
            ledger.select(*KEY, sensitive=pl.lit(value=True)).unique(),
            on=KEY, how="left", maintain_order="left",
        )
        .join(
            wide.select(*KEY, "wide_low", "wide_high"),
            on=KEY, how="left", maintain_order="left",
        )
        .with_columns(
            sensitive=pl.col("sensitive").fill_null(value=False),
            decimals=pl.coalesce("decimals", "own_decimals"),
            # what nobody blanks and nobody shows stays unknown
            known=pl.when(pl.col("status").is_in([Status.OK.value, Status.SECRET.value])).then(
                pl.col("known")
            ),
        )
    )  # fmt: skip


# ------------------------------------------------------------------ choosing and attacking


class _Blanking:
    """One choice, attacked, repaired, attacked again."""

    def __init__(self, edition: EditionSystem, settled: Settled, catalogue: Catalogue) -> None:
        self.edition = edition
        self.system = settled.system
        self.base = settled.base
        self.catalogue = catalogue
        self.chosen: dict[int, int] = {}  # cell → the sensitive cell that asked for it
        self.quotients: set[int] = set()
        self.blanked: Bools = self.system.blank.copy()
        self.attack: Attack

    def run(self) -> None:
        choice = choose(self.system, self.base)
        self.chosen = dict(zip(choice.chosen.tolist(), choice.asked_by.tolist(), strict=True))
        self.blanked = choice.blanked.copy()
        self._quotients()
        self.attack = attack(self.system, self.blanked)
        for _ in range(_TURNS):
            if not (self._show_again() or self._blank_more()):
                break
            self._quotients()
            self.attack = attack(self.system, self.blanked)

    def _quotients(self) -> None:
        """Blank the derived rates whose terms are blanked: their last decimals would tell."""
        r = self.system.ratios
        derived = self.edition.keys["derived"].to_numpy()
        for rate, top, base in zip(
            r.rate.tolist(), r.numerator.tolist(), r.denominator.tolist(), strict=True
        ):
            if self.blanked[rate] or not derived[rate] or self.system.state[rate] != State.FREE:
                continue
            for term in (top, base):
                if self.blanked[term] and self.system.state[term] != State.BLANK:
                    self.blanked[rate] = True
                    self.quotients.add(rate)
                    self.chosen[rate] = term
                    break

    def _show_again(self) -> bool:
        """Publish what was blanked for nothing: it can be found, and nobody asked for it."""
        useless = [c for c in self.attack.recovered.tolist() if c in self.chosen]
        for cell in useless:
            self.blanked[cell] = False
            del self.chosen[cell]
        return bool(useless)

    def _blank_more(self) -> bool:
        """Blank one more figure, the cheapest, in a relation of each exposed cell."""
        system, done = self.system, False
        rows = self.base.rows
        for cell in np.union1d(self.attack.exposed, self.attack.doubtful).tolist():
            near = rows.across(rows.by_column.across(np.array([cell])))
            may: Ints = near[(system.state[near] == State.FREE) & ~self.blanked[near]]
            if len(may):
                best = int(may[np.lexsort((may, system.weight[may]))[0]])
                self.blanked[best] = True
                self.chosen[best] = cell
                done = True
        return done


def _narrowest(settled: Settled, found: Attack) -> float:
    system = settled.system
    cells = np.flatnonzero(system.guarded & (system.need_high > system.need_low))
    if not len(cells):
        return 1.0
    wanted = system.need_high[cells] - system.need_low[cells]
    ends = np.minimum(found.high[cells], found.sure_high[cells]) - np.maximum(
        found.low[cells], found.sure_low[cells]
    )
    ratio = ends / wanted
    return float(np.nanmin(ratio)) if np.isfinite(ratio).any() else 1.0


# ------------------------------------------------------------------ telling


def _primary_ledger(first: pl.DataFrame) -> pl.DataFrame:
    return first.with_columns(blanking=pl.lit("primaire"), relation=pl.lit("")).select(
        pl.col(name).cast(dtype) for name, dtype in LEDGER.items()
    )


def _ledger(
    work: _Blanking, wording: Wording, frame: pl.DataFrame, catalogue: Catalogue
) -> pl.DataFrame:
    """Return one row a figure of the edition that was blanked for another."""
    rows = []
    for cell, asked in work.chosen.items():
        key = wording.row(cell)
        other = wording.row(asked)
        card = catalogue.indicators.get(other["indicator"])
        rows.append(
            {
                **{name: key[name] for name in KEY},
                "rule": card.secrecy if card else "",
                "minimum": None,
                "basis": other["indicator"],
                "why": f"Sinon se calculerait un chiffre secret : {wording.figure(asked)}.",
                "blanking": "calculé" if cell in work.quotients else "secondaire",
                "relation": wording.relation_of(cell, asked),
            }
        )
    ledger = pl.DataFrame(rows, schema=LEDGER)
    quotients = _other_quotients(frame, ledger, catalogue)
    shown = frame.filter(pl.col("status") == Status.OK).select(KEY)
    return (
        pl.concat([ledger, quotients])
        .unique(KEY, keep="first", maintain_order=True)
        .join(shown, on=KEY, how="semi", maintain_order="left")
    )


def _other_quotients(
    frame: pl.DataFrame, ledger: pl.DataFrame, catalogue: Catalogue
) -> pl.DataFrame:
    """Return the derived quotients of no ratio of the system that show a blanked term."""
    uses = pl.DataFrame(
        [
            (code, term)
            for code, card in catalogue.indicators.items()
            if card.formula is not None and card.formula.form in _QUOTIENTS
            for term in card.formula.terms
        ],
        schema={"indicator": pl.String, "basis": pl.String},
        orient="row",
    )
    cell = [name for name in KEY if name != "indicator"]
    secret = frame.filter(pl.col("status") == Status.SECRET).select(*cell, basis="indicator")
    blanked = pl.concat([secret, ledger.select(*cell, basis="indicator")]).unique()
    return (
        frame.filter((pl.col("status") == Status.OK) & (pl.col("origin") == Origin.DERIVED))
        .select(KEY)
        .join(uses, on="indicator")
        .join(blanked, on=[*cell, "basis"])
        .unique(KEY, keep="first", maintain_order=True)
        .with_columns(
            rule=pl.col("indicator").replace_strict(
                {code: card.secrecy for code, card in catalogue.indicators.items()},
                return_dtype=pl.String,
            ),
            minimum=pl.lit(None, pl.Int32),
            why=pl.lit("Calculé à partir d’un chiffre couvert par le secret."),
            blanking=pl.lit("calculé"),
            relation=pl.lit("par la formule"),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in LEDGER.items())
    )


def _already_shown(edition: EditionSystem, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the keys that are blank now and that an edition already published shows."""
    secret = frame.filter(pl.col("status") == Status.SECRET).select(KEY)
    return edition.shown_before.join(secret, on=KEY, how="semi").sort(KEY)
