"""What stands on the profile sheet of each neighbourhood?

The sheet model of the catalogue says which blocks and rows; the comparison says where the
neighbourhood stands; the writer makes the sentences. The result is
:class:`~terril.fiches.model.Fiche`, plain values ready for JSON, Typst and the web.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from terril.benchmarks.compare import Comparisons
from terril.benchmarks.schema import Offer, Signal
from terril.benchmarks.sensitivity import Sensitivity, neighbourhood_sentence
from terril.catalogue.load import Catalogue
from terril.catalogue.schema import FicheBlock, FicheModel
from terril.fiches.equipment import Inventory
from terril.fiches.index import Index, SignalRow, build
from terril.fiches.model import (
    SIGNAL_WORDS,
    EquipmentBlock,
    Fiche,
    Note,
    Run,
    Series,
    SpineTheme,
    Statement,
    StripCell,
    ThemeBlock,
    Tile,
)
from terril.fiches.names import cut_name
from terril.fiches.notes import NoteMaker, Numbering, Remark
from terril.fiches.rows import DASH, Places, RowMaker
from terril.fiches.sentences import GroupContext, Writer
from terril.fiches.series import SeriesMaker, best_of_each_theme
from terril.lib.dates import date_longue, periode_courte
from terril.lib.french import avec_unite, liste, nombre
from terril.observations.schema import Kind
from terril.territories.correspondence import CORRESPONDENCE
from terril.territories.national import automatic_tiles
from terril.territories.registry import Territories, Territory

#: the colour that the class of the local offer stands for on the strip
OFFER_SIGNALS: Mapping[str, Signal] = {
    Offer.DEVELOPPEE: Signal.FAVORABLE,
    Offer.INDISPENSABLE: Signal.MOYEN,
    Offer.LIMITEE: Signal.DIFFICILE,
    Offer.ABSENTE: Signal.DIFFICILE,
    Offer.INDETERMINEE: Signal.INDETERMINE,
}


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that the assembly reads. Frames have the schemas of their rooms.

    ``labels`` names the documents in sentences (« le tableau des quartiers »); ``contract``
    and ``epci_name`` are printed as they are; ``edition`` is an ISO date.
    """

    catalogue: Catalogue
    model: str
    contract: str
    epci_name: str
    edition: str
    territories: Territories
    retained: pl.DataFrame
    statements: pl.DataFrame
    comparisons: Comparisons
    signals: pl.DataFrame
    offers: pl.DataFrame
    families: pl.DataFrame
    labels: Mapping[str, str] = field(default_factory=dict)
    sensitivity: Sensitivity | None = None
    changes: pl.DataFrame | None = None  # of ``annotate_changes``: their breaks are told
    correspondence: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema=CORRESPONDENCE)
    )
    equipment_sources: tuple[str, ...] = ()  # printed under the counts; () is an inventory


def model_indicators(model: FicheModel) -> tuple[str, ...]:
    """All the indicators that a sheet of this model may show or speak of."""
    codes: dict[str, None] = {model.population: None}
    if model.population_share:
        codes[model.population_share] = None
    for block in model.blocks:
        for code in (*block.signal, *block.rows, *block.sentences):
            codes[code] = None
    return tuple(codes)


def assemble_all(inputs: Inputs) -> Iterator[Fiche]:
    """Assemble the sheets of every neighbourhood, contract by contract, in code order."""
    model = inputs.catalogue.fiches[inputs.model]
    codes = model_indicators(model)
    kept = inputs.retained.filter(pl.col("indicator").is_in(codes))
    index = build(
        codes, kept, inputs.comparisons.groups, inputs.comparisons.positions, inputs.signals
    )
    names = {t.code: t.short for t in inputs.territories if t.kind == Kind.QPV}
    notes = NoteMaker(
        inputs.catalogue,
        inputs.statements.filter(pl.col("indicator").is_in(codes)),
        kept,
        inputs.labels,
        names,
    )
    contexts = GroupContext.all_from_frames(
        inputs.comparisons,
        inputs.signals,
        inputs.offers,
        inputs.territories.frame(),
        inputs.catalogue,
        kept,
        fiche_model=inputs.model,
        families=inputs.families,
    )
    inventory = Inventory(inputs.catalogue, inputs.families, inputs.equipment_sources)
    series = SeriesMaker(
        kept, inputs.comparisons.groups, inputs.correspondence, inputs.catalogue, codes
    )
    for context in contexts:
        assembler = _Assembler(inputs, model, index, notes, context, inventory, series)
        for qpv in inputs.territories.qpv(context.group):
            yield assembler.fiche(qpv)


class _Assembler:
    """Assembles the sheets of one contract."""

    def __init__(
        self,
        inputs: Inputs,
        model: FicheModel,
        index: Index,
        notes: NoteMaker,
        context: GroupContext,
        inventory: Inventory,
        series: SeriesMaker,
    ) -> None:
        self.inputs = inputs
        self.series = series
        self.model = model
        self.index = index
        self.note_maker = notes
        self.group = context.group
        self.writer = Writer(inputs.catalogue, model, context)
        self.rows = RowMaker(inputs.catalogue, index)
        self.qpv = inputs.territories.qpv(self.group)
        self.hollow_below = inputs.catalogue.number("signal_fragile")
        self.placed = all(qpv.tile is not None for qpv in self.qpv)
        self.squares = (
            {qpv.code: qpv.tile for qpv in self.qpv if qpv.tile is not None}
            if self.placed
            else automatic_tiles([qpv.code for qpv in self.qpv])
        )
        self.difficult = {qpv.code: self._difficult(qpv.code) for qpv in self.qpv}
        self.unknown = self._unknown()
        self.breaks: dict[tuple[str, str, str], str] = {}
        if inputs.changes is not None:
            told = inputs.changes.filter(
                (pl.col("group") == self.group) & (pl.col("break_effect") == "annote")
            )
            for territory, indicator, period, text in told.select(
                "territory", "indicator", "period", "break_text"
            ).iter_rows():
                self.breaks[territory, indicator, period] = text
        rows = inputs.sensitivity.rows if inputs.sensitivity else pl.DataFrame({"group": []})
        own = rows.filter(pl.col("group") == self.group)
        self.sensitive = (
            {str(key[0]): part for key, part in own.partition_by("territory", as_dict=True).items()}
            if own.height
            else {}
        )
        self.inventory = inventory
        self.offers = {
            territory: offer
            for territory, offer in inputs.offers.select("territory", "offer").iter_rows()
        }

    def fiche(self, qpv: Territory) -> Fiche:
        communes = tuple((code, self._commune_name(code)) for code in qpv.communes)
        places = Places(self.group, qpv, communes)
        numbering = Numbering()
        statements: list[Statement] = []

        def said(pair: tuple[tuple[Run, ...], tuple[Statement, ...]]) -> tuple[Run, ...]:
            statements.extend(pair[1])
            return pair[0]

        headline, headline_statements = self.writer.headline(qpv.code)
        statements.extend(headline_statements)
        brief = said(self.writer.brief(qpv.code))
        blocks: list[ThemeBlock] = []
        equipment: EquipmentBlock | None = None
        for block in self.model.blocks:
            if self._is_offer(block):
                text = said(self.writer.equipment_text(qpv.code))
                equipment = self._equipment(qpv, block, text, numbering)
            else:
                text = said(self.writer.theme_text(qpv.code, block.theme))
                blocks.append(self._block(places, block, text, numbering))
        population = self._population(qpv)
        return Fiche(
            code=qpv.code,
            name=qpv.display,
            name_lines=cut_name(qpv.display),
            short_name=qpv.short,
            communes=tuple(name for _, name in communes),
            communes_text=liste([name for _, name in communes]),
            contract=self.inputs.contract,
            epci_name=self.inputs.epci_name,
            edition=self.inputs.edition,
            edition_text=date_longue(self.inputs.edition),
            population=population[0],
            population_period=population[1],
            population_share=self._share(places),
            headline=headline,
            strip=tuple(self._strip(qpv, block) for block in self.model.blocks),
            brief=brief,
            tiles=self._tiles(qpv),
            qpv_total=len(self.qpv),
            spine=tuple(
                self._spine(places, block)
                for block in self.model.blocks
                if self._known(block.signal)
            ),
            commune_columns=self._columns(communes),
            blocks=tuple(blocks),
            equipment=equipment,
            glossary=tuple(
                Note(mark, text)
                for mark, text in self.writer.acronyms(qpv.code, _texts(headline, brief, blocks))
            ),
            notes=(*numbering.notes(), *self._breaks(qpv.code, statements)),
            warnings=self.unknown,
            statements=tuple(statements),
            threshold=self.inputs.catalogue.number("signal_favorable"),
            tiles_placed=self.placed,
            method=self._method(qpv.code),
            series=self._series(qpv.code),
        )

    def _series(self, code: str) -> tuple[Series, ...]:
        """The figures of the neighbourhood that have a past, one a theme."""
        indicators = [c for block in self.model.blocks for c in (*block.signal, *block.rows)]
        return best_of_each_theme(
            self.series.neighbourhood(code, self.group, indicator)
            for indicator in dict.fromkeys(indicators)
        )

    def _breaks(self, code: str, statements: list[Statement]) -> tuple[Note, ...]:
        """What must be known of the changes that the sheet tells: breaks of their series."""
        texts = dict.fromkeys(
            self.breaks[code, s.indicator, s.period]
            for s in statements
            if s.comparator == "previous" and (code, s.indicator, s.period) in self.breaks
        )
        return tuple(Note("", text) for text in texts)

    def _method(self, code: str) -> str:
        """Which rule was used, and which signals of the neighbourhood hang on it."""
        if self.inputs.sensitivity is None or code not in self.sensitive:
            return ""
        themes = tuple(block.theme for block in self.model.blocks)
        result = dataclasses.replace(self.inputs.sensitivity, rows=self.sensitive[code])
        return neighbourhood_sentence(result, code, self.inputs.catalogue, themes)

    def _known(self, codes: tuple[str, ...]) -> tuple[str, ...]:
        """The indicators that at least one neighbourhood of the contract has."""
        return tuple(c for c in codes if self.index.period(self.group, c) is not None)

    def _unknown(self) -> tuple[str, ...]:
        """What no neighbourhood of the contract has: said once, not row by row."""
        themes: list[str] = []
        labels: dict[str, None] = {}
        for block in self.model.blocks:
            cards = [self.inputs.catalogue.indicators[c] for c in (*block.signal, *block.rows)]
            known = set(self._known((*block.signal, *block.rows)))
            if cards and not known:
                themes.append(self.inputs.catalogue.themes[block.theme].article)
                continue
            for code, card in zip((*block.signal, *block.rows), cards, strict=True):
                if code not in known:
                    labels[card.label[:1].lower() + card.label[1:]] = None
        said = [f"tout sur {liste(themes)}"] if themes else []
        said += [f"{liste(list(labels))}"] if labels else []
        text = "\u202f; ".join(said)
        return (f"Sans donnée dans ce contrat\u00a0: {text}.",) if said else ()

    def _commune_name(self, code: str) -> str:
        found = self.inputs.territories.by_code(Kind.COMMUNE, code)
        return found.display or found.label if found else code

    def _is_offer(self, block: FicheBlock) -> bool:
        return self.inputs.catalogue.themes[block.theme].signal == "offer"

    def _signal(self, qpv: Territory, block: FicheBlock) -> SignalRow:
        if self._is_offer(block):
            offer = self.offers.get(qpv.code, Offer.INDETERMINEE)
            return SignalRow(OFFER_SIGNALS[Offer(offer)], 1, 1, None)
        return self.index.signals.get(
            (qpv.code, block.theme), SignalRow(Signal.INDETERMINE, 0, len(block.signal), None)
        )

    def _hollow(self, row: SignalRow) -> bool:
        return row.sureness is not None and row.sureness < self.hollow_below

    def _strip(self, qpv: Territory, block: FicheBlock) -> StripCell:
        theme = self.inputs.catalogue.themes[block.theme]
        row = self._signal(qpv, block)
        return StripCell(
            theme=block.theme,
            label=theme.label,
            icon=theme.icon,
            signal=row.signal,
            word=self.writer.strip_word(qpv.code, block.theme),
            sureness=row.sureness,
            note=self.writer.strip_note(qpv.code, block.theme),
            hollow=self._hollow(row),
        )

    def _spine(self, places: Places, block: FicheBlock) -> SpineTheme:
        row = self._signal(places.qpv, block)
        return SpineTheme(
            theme=block.theme,
            label=self.inputs.catalogue.themes[block.theme].label,
            signal=row.signal,
            hollow=self._hollow(row),
            rows=tuple(
                self.rows.spine(places, code, self.writer.spine_alt(places.qpv.code, code))
                for code in self._known(block.signal)
            ),
        )

    def _block(
        self, places: Places, block: FicheBlock, text: tuple[Run, ...], numbering: Numbering
    ) -> ThemeBlock:
        theme = self.inputs.catalogue.themes[block.theme]
        row = self._signal(places.qpv, block)

        def marks(indicator: str, period: str) -> tuple[str, ...]:
            note = self.note_maker.contradiction(
                Kind.QPV, places.qpv.code, indicator, period, places.qpv.code
            )
            _, outside = self.rows.agglomeration(self.group, indicator, period)
            return numbering.marks([note, Remark(outside) if outside else None])

        rows = tuple(self.rows.table(places, code, marks) for code in self._known(block.rows))
        return ThemeBlock(
            theme=block.theme,
            label=theme.label,
            icon=theme.icon,
            signal=row.signal,
            word=self.writer.strip_word(places.qpv.code, block.theme),
            hollow=self._hollow(row),
            text=text,
            sources=self._sources(block),
            rows=rows,
        )

    def _sources(self, block: FicheBlock) -> str:
        catalogue = self.inputs.catalogue
        shorts: dict[str, None] = {}
        for code in block.rows:
            card = catalogue.indicators[code]
            if self.index.period(self.group, code) is not None:
                shorts[catalogue.sources[card.source].short] = None
        return " ; ".join(shorts).replace(" ;", "\u202f;") + "." if shorts else ""

    def _equipment(
        self, qpv: Territory, block: FicheBlock, text: tuple[Run, ...], numbering: Numbering
    ) -> EquipmentBlock:
        counted = self.inventory.of(qpv.code, numbering)
        return EquipmentBlock(
            label=self.inputs.catalogue.themes[block.theme].label,
            signal=self._signal(qpv, block).signal,
            word=self.writer.strip_word(qpv.code, block.theme),
            text=text,
            sources=counted.source,
            buffer_m=counted.buffer_m,
            rows=counted.rows,
        )

    def _population(self, qpv: Territory) -> tuple[str, str]:
        figure = self.index.latest.get((Kind.QPV, qpv.code, self.model.population))
        if figure is None or figure.value is None:
            return DASH, ""
        return nombre(figure.value), periode_courte(figure.period)

    def _share(self, places: Places) -> str:
        if not self.model.population_share:
            return ""
        figure = self.index.latest.get((Kind.QPV, places.qpv.code, self.model.population_share))
        if figure is None or figure.value is None:
            return ""
        card = self.inputs.catalogue.indicators[self.model.population_share]
        # as the document writes it: no decimal is added to a rounded share
        decimals = card.decimals if figure.decimals is None else min(figure.decimals, card.decimals)
        return self.writer.share_text(
            avec_unite(figure.value, decimals, "%"), [name for _, name in places.communes]
        )

    def _columns(self, communes: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
        if len(communes) > 3:
            return (f"{len(communes)} communes, étendue",)
        return tuple(name for _, name in communes)

    def _tiles(self, own: Territory) -> tuple[Tile, ...]:
        mine = set(own.communes)
        return tuple(
            Tile(
                code=qpv.code,
                label=qpv.short,
                column=self.squares[qpv.code][0],
                row=self.squares[qpv.code][1],
                own=qpv.code == own.code,
                same_commune=bool(mine & set(qpv.communes)),
                difficult=self.difficult[qpv.code],
            )
            for qpv in self.qpv
        )

    def _difficult(self, qpv: str) -> int | None:
        """How many themes are « en difficulté »; None when every theme is undetermined."""
        rows = [
            self.index.signals[qpv, block.theme].signal
            for block in self.model.blocks
            if (qpv, block.theme) in self.index.signals
        ]
        if all(signal == Signal.INDETERMINE for signal in rows):
            return None
        return sum(signal == Signal.DIFFICILE for signal in rows)


def _texts(headline: str, brief: tuple[Run, ...], blocks: list[ThemeBlock]) -> tuple[str, ...]:
    words = [headline, *(run.text for run in brief)]
    for block in blocks:
        words.extend(run.text for run in block.text)
        words.extend(row.label for row in block.rows)
    return tuple(words)


__all__ = ["Inputs", "OFFER_SIGNALS", "SIGNAL_WORDS", "assemble_all", "model_indicators"]
