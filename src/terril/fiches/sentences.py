"""What does the sheet say of one neighbourhood, in French, and on which figures?

The single entry for ``assemble.py``::

    context = GroupContext.from_frames(
        group, comparisons, signals, offers, territories, catalogue, retained,
        fiche_model="quartier",           # key of catalogue.fiches, or the model itself
        families=families,
    )                                     # once per contract (fiches/context.py)
    writer = Writer(catalogue, "quartier", context)

    writer.theme_text(qpv, theme)   -> (tuple[Run, ...], tuple[Statement, ...])   <= 230 characters
    writer.headline(qpv)            -> (str, tuple[Statement, ...])               <= 120
    writer.brief(qpv)               -> (tuple[Run, ...], tuple[Statement, ...])   380 to 430
    writer.equipment_text(qpv)      -> (tuple[Run, ...], tuple[Statement, ...])   <= 230
    writer.spine_alt(qpv, indicator)-> str           the row of the spine read aloud
    writer.strip_note(qpv, theme)   -> str           « sûr à 85 % », « constat, sans calcul »
    writer.strip_word(qpv, theme)   -> str           « en difficulté », « offre développée »
    writer.acronyms(qpv, texts)     -> tuple[tuple[str, str], ...]   (sigle, expansion)

    writer.share_text(share, communes) -> str        « 26,1 % de la population d’Arras »

``comparisons`` has ``groups``, ``positions``, ``gaps`` (terril.benchmarks.schema);
``signals`` is the SIGNALS frame; ``offers`` and ``families`` the frames of ``local_offer``,
or ``None``; ``territories`` the territories frame (kind, code, label, short, epci, communes,
population); ``retained`` the RETAINED frame. ``GroupContext.all_from_frames(...)`` gives
the list of the contexts of a national file at once. ``qpv`` is a code, ``theme`` the key of
a theme. For theme sheets: :func:`terril.fiches.theme_summary.theme_summary`.

Texts hold their typography (U+202F, U+00A0, U+2019). Every factual claim of every text has
its :class:`~terril.fiches.model.Statement`; :mod:`terril.fiches.verify` recomputes them.

The way of a sentence: ``context`` makes facts of the frames, ``patterns`` all that can be
said of a fact, ``compose`` (blocks), ``headline`` and ``synthesis`` choose, ``claims`` keeps
what is claimed. The words of an indicator are in its card; adding a card adds its sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from terril.catalogue.cards import Catalogue
from terril.catalogue.schema import FicheBlock, FicheModel
from terril.fiches import signal_words
from terril.fiches.claims import Claim, statements
from terril.fiches.clauses import Scene
from terril.fiches.compose import THEME_LENGTH, Memory, theme_sentences
from terril.fiches.context import GroupContext
from terril.fiches.facts import Fact
from terril.fiches.glossary import acronyms_used
from terril.fiches.headline import headline as compose_headline
from terril.fiches.highlights import highlights
from terril.fiches.model import Run, Statement
from terril.fiches.offers import equipment_sentences
from terril.fiches.places import quantity
from terril.fiches.synthesis import brief_parts
from terril.lib.french import de
from terril.lib.prose import sans_gras, segments, typographie

__all__ = ["GroupContext", "Writer"]

Text = tuple[tuple[Run, ...], tuple[Statement, ...]]
_DEFAULT_FRAGILE: Final = 2 / 3
_NOTHING: Final = "Aucune donnée n’est publiée sur ce thème pour ce quartier."


@dataclass(frozen=True, slots=True)
class _Sheet:
    """All that is written of one neighbourhood."""

    themes: Mapping[str, Text]
    headline: tuple[str, tuple[Statement, ...]]
    brief: Text
    equipment: Text


class Writer:
    """Writes the sentences of the sheets of one contract.

    The texts of one neighbourhood are made together, so that patterns vary from block to
    block whatever the order they are asked in. ``KeyError`` for a neighbourhood or a theme
    that is not of the contract or of the model.
    """

    def __init__(
        self, catalogue: Catalogue, fiche_model: str | FicheModel, context: GroupContext
    ) -> None:
        self.catalogue = catalogue
        self.model = catalogue.fiches[fiche_model] if isinstance(fiche_model, str) else fiche_model
        self.context = context
        self._sheets: dict[str, _Sheet] = {}
        card = catalogue.parameters.get("signal_fragile")
        self._fragile = (
            float(card.value) if card and isinstance(card.value, float) else (_DEFAULT_FRAGILE)
        )
        enough = catalogue.parameters.get("effectif_minimal_rang")
        least = enough.value if enough and isinstance(enough.value, float) else 3.0
        self._few = context.total < least
        self._labels = {
            block.theme: catalogue.themes[block.theme].article
            for block in self.model.blocks
            if not self._is_offer(block.theme)
        }

    # -------------------------------------------------------------- texts

    def theme_text(self, qpv: str, theme: str) -> Text:
        """The text of a theme block, 230 characters at most; it says so when nothing is known."""
        return self._sheet(qpv).themes[theme]

    def headline(self, qpv: str) -> tuple[str, tuple[Statement, ...]]:
        """The headline, 120 characters at most."""
        return self._sheet(qpv).headline

    def brief(self, qpv: str) -> Text:
        """The synthesis « en bref », 380 to 430 characters when there is enough to say."""
        return self._sheet(qpv).brief

    def equipment_text(self, qpv: str) -> Text:
        """The text of the equipment block, 230 characters at most."""
        return self._sheet(qpv).equipment

    # -------------------------------------------------------------- words

    def strip_word(self, qpv: str, theme: str) -> str:
        """The word under the pictogram of a theme."""
        if self._is_offer(theme):
            return signal_words.offer_word(self.context.offers.get(qpv))
        return signal_words.strip_word(self.context.signals[qpv].get(theme))

    def strip_note(self, qpv: str, theme: str) -> str:
        """The small line under the pictogram of a theme."""
        if self._is_offer(theme):
            return signal_words.offer_note(self.context.offers.get(qpv))
        return signal_words.strip_note(self.context.signals[qpv].get(theme), self._few)

    def spine_alt(self, qpv: str, indicator: str) -> str:
        """A row of the spine read aloud."""
        return signal_words.spine_alt(
            self.catalogue.indicators[indicator].short,
            self.context.facts[qpv].get(indicator),
            self.context.spans.get(indicator),
            self.context.epci.noun,
        )

    def share_text(self, share: str, communes: Sequence[str]) -> str:
        """« 26,1 % de la population d’Arras », « 7 % de la population des trois communes »."""
        if not communes:
            return ""
        whose = de(communes[0]) if len(communes) == 1 else f"des {quantity(len(communes))} communes"
        return typographie(f"{share} de la population {whose}")

    def acronyms(self, qpv: str, texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """The sigles of the sheet with their expansions; ``texts``: all that is printed on it."""
        codes = dict.fromkeys(
            code for block in self.model.blocks for code in (*block.signal, *block.rows)
        )
        facts = self.context.facts[qpv]
        cards = [self.catalogue.indicators[code] for code in codes if code in facts]
        return acronyms_used(texts, cards, self.catalogue.acronyms, self.context.epci.label)

    # -------------------------------------------------------------- making

    def _is_offer(self, theme: str) -> bool:
        return self.catalogue.themes[theme].signal == "offer"

    def _sheet(self, qpv: str) -> _Sheet:
        sheet = self._sheets.get(qpv)
        if sheet is None:
            sheet = self._sheets[qpv] = self._write(qpv)
        return sheet

    def _facts(self, qpv: str, block: FicheBlock) -> list[Fact]:
        """The facts of a block, the rows of the table first."""
        facts = self.context.facts[qpv]
        codes = dict.fromkeys((*block.rows, *block.signal, *block.sentences))
        return [facts[code] for code in codes if code in facts]

    def _write(self, qpv: str) -> _Sheet:
        context = self.context
        facts, signals = context.facts[qpv], context.signals[qpv]
        scene = Scene(
            qpv, context.names[qpv], context.communes[qpv], context.epci, context.total, facts
        )
        memory = Memory()
        themes: dict[str, Text] = {}
        by_theme: dict[str, list[Fact]] = {}
        for block in self.model.blocks:
            if self._is_offer(block.theme):
                continue
            by_theme[block.theme] = own = self._facts(qpv, block)
            aside = set(block.sentences).difference(block.rows, block.signal)
            chosen = theme_sentences(own, scene, signals.get(block.theme), memory, aside)
            themes[block.theme] = _plain(
                [(text, clause.claims) for text, clause in chosen] or [(_NOTHING, ())]
            )
        found = highlights(by_theme, signals, self.model.lead)
        population = facts.get(self.model.population)
        text, claims = compose_headline(scene, found, signals, self._labels, population)
        first = next(iter(by_theme.values()), [])
        parts = brief_parts(
            scene,
            population,
            facts.get(self.model.population_share) if self.model.population_share else None,
            [fact for fact in first if not fact.judged],
            self._lead(facts),
            found,
            signals,
            self._labels,
            self._fragile,
        )
        offer = equipment_sentences(
            qpv, context.offers.get(qpv), context.offers, context.total,
            self.catalogue.families, THEME_LENGTH,
        )  # fmt: skip
        return _Sheet(
            themes=themes,
            headline=(text, statements(claims, text)),
            brief=_strong([(part.text, part.claims) for part in parts]),
            equipment=_plain(offer),
        )

    def _lead(self, facts: Mapping[str, Fact]) -> Fact | None:
        for code in self.model.lead:
            fact = facts.get(code)
            if fact is not None and fact.value is not None:
                return fact
        return None


def _plain(sentences: Sequence[tuple[str, tuple[Claim, ...]]]) -> Text:
    """A text without strong parts: one run."""
    text = " ".join(sans_gras(sentence) for sentence, _ in sentences)
    claims = tuple(s for sentence, own in sentences for s in statements(own, sentence))
    return ((Run(text),) if text else ()), claims


def _strong(sentences: Sequence[tuple[str, tuple[Claim, ...]]]) -> Text:
    """A text whose key figures are strong."""
    text = " ".join(sentence for sentence, _ in sentences)
    claims = tuple(s for sentence, own in sentences for s in statements(own, sentence))
    return tuple(Run(part.text, part.strong) for part in segments(text)), claims
