"""What may a card of the catalogue say?

A card is data: no expression, no logic. Cards are YAML files validated by the models
below; a wrong card stops the load with its file and its line (see ``load.py``).
Labels are French, keys are English, field terms stay French.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
IndicatorCode = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z0-9_]+$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
WebAddress = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"{}|\\^`]+$")]
#: data themes of the European Union (Publications Office, authority table « data-theme »)
DataTheme = Literal[
    "AGRI", "ECON", "EDUC", "ENER", "ENVI", "GOVE", "HEAL", "INTR", "JUST", "OP_DATPRO", "REGI",
    "SOCI", "TECH", "TRAN",
]  # fmt: skip


class Card(BaseModel):
    """Base of all cards: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Polarity(StrEnum):
    """Which way is better for the residents?"""

    FAVORABLE = "favorable"  # higher is better
    DEFAVORABLE = "defavorable"  # higher is worse
    NEUTRE = "neutre"  # different, no judgement


class Nature(StrEnum):
    """What kind of quantity; it opens the second part of the code (naming charter)."""

    NB = "nb"
    PART = "part"
    TAUX = "taux"
    INDICE = "indice"
    REVENU = "revenu"
    MONTANT = "montant"
    DENSITE = "densite"
    AUTRE = "autre"


class Aggregation(StrEnum):
    """May values of several territories be put together?"""

    SUM = "somme"  # counts: they may be added
    MEAN = "moyenne"  # rates: a mean of rates may be shown, labelled as such; never a total
    NONE = "aucune"  # medians of unlike things, texts: neither


class Unit(Card):
    """A unit as it is written after a figure, in a table head, and in a sentence."""

    symbol: str = ""  # "%", "€", "" ; placed after a narrow no-break space
    head: str = ""  # "en %", "en €", for the head of a table
    singular: str = ""  # "habitant", for sentences
    plural: str = ""
    gender: Literal["m", "f"] = "m"
    gap: str = ""  # unit of a difference: "point", "€"
    gap_plural: str = ""
    per: float | None = Field(default=None, gt=0)  # of a rate: events for so many units, 100 for %


#: pairs of adjectives for what is more, or less, present
Scale = Literal["nombreux", "frequent", "repandu", "fort", "eleve"]


class Phrase(Card):
    """How French speaks of the indicator. The sentences are made from these pieces.

    ``subject``: noun group with its article, e.g. « la part des familles monoparentales ».
    ``gender``/``number`` agree with it. ``rank_noun``: bare noun group for ranks (« taux de
    chômage », « part d'allocataires isolés »), gender ``rank_gender``.
    ``among_*`` and ``verb_*`` make « un allocataire de la CAF sur cinq élève seul ses
    enfants » ; only for shares of people, households or dwellings.
    ``count_noun``: plural noun group for counts (« demandeurs d'emploi »).

    ``statement`` is a whole clause about the neighbourhood, whose ``{valeur}`` becomes the
    figure with its unit; ``{valeur:jeune:jeunes}`` adds the noun that agrees with it.
    """

    subject: Text
    gender: Literal["m", "f"]
    number: Literal["s", "p"] = "s"
    rank_noun: Text | None = None
    rank_gender: Literal["m", "f"] = "m"
    among_singular: Text | None = None
    among_plural: Text | None = None
    among_gender: Literal["m", "f"] = "m"
    verb_singular: Text | None = None
    verb_plural: Text | None = None
    count_noun: Text | None = None
    count_gender: Literal["m", "f"] = "m"
    # -- optional, for livelier sentences (see terril.fiches.lexicon)
    brief: Text | None = None  # short noun group with article: « le retard en 6e »
    brief_gender: Literal["m", "f"] = "m"
    topic: Text | None = None  # what is counted, with article: « les familles monoparentales »
    topic_gender: Literal["m", "f"] = "m"
    topic_number: Literal["s", "p"] = "p"
    topic_scale: Scale = "nombreux"  # the adjectives that go with it: nombreux / rare
    aspect: Text | None = None  # what it is about: « l'orientation au lycée »
    statement: Text | None = None  # whole clause: « la moitié des habitants vit avec {valeur} »
    gloss: Text | None = None  # what a sigle means to people: « qui aide à payer une mutuelle »
    parts: tuple[IndicatorCode, ...] = ()  # counts that make it up: women, men

    @model_validator(mode="after")
    def _fraction_is_whole(self) -> Phrase:
        pieces = (self.among_singular, self.among_plural, self.verb_singular, self.verb_plural)
        if any(pieces) and not all(pieces):
            raise ValueError(
                "among_singular, among_plural, verb_singular et verb_plural vont ensemble : "
                "donnez les quatre ou aucun"
            )
        return self


class Formula(Card):
    """A derived figure, from a closed list of forms.

    ``ratio``: ``factor`` × numerator / denominator. ``sum``: of ``terms``.
    ``difference``: first term minus the others. ``complement``: 100 minus the terms.
    ``share``: 100 × first term / sum of the terms.
    ``index_of_ratios``: mean of each term over its value at ``base``, × 100, each term
    inverted when ``directions`` says « inverse » (fragility index of the housing stock).
    """

    form: Literal["ratio", "sum", "difference", "complement", "share", "index_of_ratios"]
    terms: tuple[IndicatorCode, ...] = Field(min_length=1)
    factor: float = 100.0
    directions: tuple[Literal["direct", "inverse"], ...] = ()
    base: Code | None = None  # kind of territory that stands for 100

    @model_validator(mode="after")
    def _terms_fit(self) -> Formula:
        if self.form == "ratio" and len(self.terms) != 2:
            raise ValueError("la forme ratio attend deux termes : numérateur, dénominateur")
        if self.form == "index_of_ratios" and len(self.directions) != len(self.terms):
            raise ValueError("index_of_ratios attend une direction par terme")
        return self


class Indicator(Card):
    """One indicator. Its code is ``<theme>.<key of the card>``."""

    label: Text
    short: Annotated[str, StringConstraints(min_length=1, max_length=34)]  # page 1
    table: Annotated[str, StringConstraints(min_length=1, max_length=31)] | None = None  # page 2
    question: Text
    unit: Code
    decimals: int = Field(ge=0, le=4)
    polarity: Polarity
    nature: Nature
    source: Code
    period: Text  # what the period means: « recensement, cinq années centrées sur la période »
    secrecy: Code  # code of a secrecy rule
    aggregation: Aggregation
    weight: IndicatorCode | None = None  # natural weight of a mean, else the population
    formula: Formula | None = None
    caution: Text | None = None
    pictogram: bool = False
    minimum: float | None = None  # range check
    maximum: float | None = None
    phrase: Phrase
    acronyms: tuple[Text, ...] = ()  # sigles to expand where the indicator is shown
    chance: Literal["binomiale", "poisson", "aucune"] | None = None  # law of the size-aware limits;
    # by default binomial for a percentage, Poisson for another rate (``Unit.per``)


class Theme(Card):
    """A theme of the sheet or of the agglomeration context."""

    label: Text
    order: int
    icon: Code
    article: Text  # « la démographie », « les revenus »
    on_sheet: bool = True
    signal: Literal["zscore", "offer", "none"] = "zscore"
    eu: DataTheme | None = None  # the European Union's word for it, for catalogues of data


class Source(Card):
    """A producer's source: who makes the figures, under which conditions."""

    label: Text  # « Insee, recensement de la population »
    short: Text  # « Insee, recensement »
    producer: Text
    meaning: Text  # what it counts
    treatment: Text | None = None  # what we did to it
    licence: Text | None = None
    licence_url: WebAddress | None = None  # where the licence is written, when it is one
    secrecy: Code
    caution: Text | None = None


class Protection(Card):
    """How wide what anybody can compute of a blanked figure must be, at the least.

    A count under ``minimum`` stays so: nobody must be able to exclude 1 (0 where zeros are
    blanked), nor ``minimum``. For the other figures ``margin`` (in the unit of the figure) or
    ``relative`` (share of the figure), whichever is wider, on both sides.
    """

    margin: float = Field(default=0.0, ge=0)
    relative: float = Field(default=0.1, ge=0, lt=1)


class Dominance(Card):
    """A sum is sensitive when its ``largest`` contributors make more than ``share`` % of it."""

    largest: int = Field(ge=1)
    share: float = Field(gt=0, lt=100)


class SecrecyRule(Card):
    """Minimum number of units behind a published figure, and the rounding of the producer.

    ``dominance`` and ``p_percent`` (the second contributor would know the first to within p %)
    are for sums whose contributions are known.
    """

    label: Text
    minimum: int | None = None  # fewer units than this are blanked
    unit: Text  # « allocataires », « élèves », « ménages fiscaux »
    rounding: int | None = None
    blank_zero: bool = False  # is a zero blanked too? (by default nobody is nobody)
    protection: Protection = Protection()
    dominance: Dominance | None = None
    p_percent: float | None = Field(default=None, gt=0, lt=100)
    note: Text


class Reference(Card):
    """A comparator: what the neighbourhood is measured against."""

    label: Text  # « moyenne des quartiers »
    short: Text  # « moyenne QPV »
    phrase: Text  # « la moyenne des quartiers prioritaires » with article
    kind: Literal["commune", "communes", "epci", "qpv_mean", "qpv_wmean", "previous", "other"]
    order: int


class Parameter(Card):
    """A methodological number: dated, with its reason."""

    value: float | tuple[float, ...]
    unit: Text
    since: Text
    reference: Text
    room: Literal["observatoire", "espace"] = "observatoire"  # whose method it belongs to


class Relation(Card):
    """An additive relation that published figures should satisfy.

    ``total`` names an indicator or is the constant ``constant`` (100 for shares).
    The check allows for the rounding of each part.
    """

    label: Text
    parts: tuple[IndicatorCode, ...] = Field(min_length=2)
    total: IndicatorCode | None = None
    constant: float | None = None
    at_most: bool = False  # parts may leave a rest: sum ≤ total

    @model_validator(mode="after")
    def _one_total(self) -> Relation:
        if (self.total is None) == (self.constant is None):
            raise ValueError("donnez soit total, soit constant")
        return self


class Effect(StrEnum):
    """What a break of series does to a change that crosses it."""

    BLOQUE = "bloque"  # the change is not told
    ANNOTE = "annote"  # the change is told with a note


class Certainty(StrEnum):
    """With what certainty a fact about a source is known."""

    TEXTE = "texte"  # the producer's or the State's own text was read
    RAPPORTE = "rapporte"  # reported by at least one published source
    OBSERVE = "observe"  # seen in the files themselves
    A_VERIFIER = "a_verifier"  # general knowledge, to be checked at the producer


class Break(Card):
    """A break of series: two figures that may not be compared, or only with a note.

    It concerns the changes whose source is one of ``sources`` (none: any source) and whose
    indicator follows one of ``indicators`` (``*`` stands for any letters), and exactly one of

    ``since``: the first period of the new series; a change crosses it when it starts before and
    ends on or after it. ``minimum_gap``: years under which two periods are too near.
    ``rounding``: the producer rounds counts to a multiple of it; every change is concerned.
    ``generations``: perimeters before and after. ``replaced`` and ``by``: an indicator that took
    the place of another; the two are never one series.
    """

    label: Text  # « Filosofi 2018 : réduction de loyer de solidarité »
    effect: Effect
    sources: tuple[Code, ...] = ()
    indicators: tuple[Text, ...] = ("*",)
    since: Text | None = None
    minimum_gap: int | None = Field(default=None, ge=2)
    rounding: int | None = Field(default=None, ge=2)
    generations: tuple[Text, Text] | None = None
    replaced: tuple[IndicatorCode, ...] = ()
    by: tuple[IndicatorCode, ...] = ()
    text: Text  # whole sentence, for a note
    line: Annotated[str, StringConstraints(min_length=1, max_length=48)]  # beside a break line
    reference: Text
    certainty: Certainty
    checked: Text  # year of the check

    @model_validator(mode="after")
    def _one_criterion(self) -> Break:
        if bool(self.replaced) != bool(self.by):
            raise ValueError("replaced et by vont ensemble : l’ancien indicateur et le nouveau")
        if self.since and not re.fullmatch(r"\d{4}(-\d{2}){0,2}", self.since):
            raise ValueError("since s’écrit « 2018 », « 2018-07 » ou « 2018-07-01 »")
        given = [self.since, self.minimum_gap, self.rounding, self.generations, self.replaced]
        if sum(1 for criterion in given if criterion) != 1:
            raise ValueError(
                "donnez un critère et un seul : since, minimum_gap, rounding, generations, ou "
                "replaced avec by"
            )
        return self


class FicheBlock(Card):
    """One theme block of a sheet: the rows of page 2 and the signal rows of page 1."""

    theme: Code
    signal: tuple[IndicatorCode, ...] = ()  # rows of the spine, page 1
    rows: tuple[IndicatorCode, ...] = ()  # rows of the table, page 2
    sentences: tuple[IndicatorCode, ...] = ()  # further indicators the sentences may use
    weights: tuple[float, ...] = ()  # of the signal rows, in order; equal when not given

    @model_validator(mode="after")
    def _one_weight_a_signal(self) -> FicheBlock:
        if self.weights and (
            len(self.weights) != len(self.signal) or any(w <= 0 for w in self.weights)
        ):
            raise ValueError("weights attend un poids positif par indicateur de signal")
        return self


class FicheModel(Card):
    """A model of profile sheet."""

    label: Text
    population: IndicatorCode
    population_share: IndicatorCode | None = None
    lead: tuple[IndicatorCode, ...] = ()  # what the headline and the synthesis prefer to tell
    home: tuple[IndicatorCode, ...] = ()  # the agglomeration in figures, first page of the site
    blocks: tuple[FicheBlock, ...]


class EquipmentType(Card):
    """A type of equipment, its category and its place in the local offer."""

    category: Text
    range: Code  # a family of vocabularies/families.yaml


class EquipmentFamily(Card):
    """A family of the local offer: a row of the sheet, and its place in the class.

    ``role``: the class « indispensable » wants every family so marked; a « complement » makes
    it « développée »; « aucun » does not count (what is left of the inventory).
    """

    label: Text  # « École maternelle ou élémentaire »
    order: int
    role: Literal["indispensable", "complement", "aucun"]
    singular: Text  # « une école », for sentences
    plural: Text  # « les écoles »
    gender: Literal["m", "f"]


class NatureCard(Card):
    """The naming charter for one nature: the words that may open the code, with their sense."""

    label: Text
    openings: dict[Code, Text] = Field(min_length=1)


class Table(Card):
    """A thematic table: a title and its columns.

    ``scope``: neighbourhoods in rows, or the agglomeration beside its references.
    """

    label: Text
    theme: Code
    scope: Literal["quartiers", "agglomeration"] = "quartiers"
    columns: tuple[IndicatorCode, ...] = Field(min_length=1)
