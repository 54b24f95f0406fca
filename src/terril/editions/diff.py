"""What changed between two editions?

One table a thing that a reader would notice: figures (added, removed, changed beyond
rounding, blanked or unveiled), pictograms, texts of the sheets, territories; and what may
explain it: cards of the catalogue, files read. And a summary in French, what matters first.

A figure that one of the two editions holds secret is never shown here, nor are the texts of
a sheet that may say it: what was published once is known, that is no reason to spread it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from terril.editions.content import THEME_PREFIX
from terril.editions.diff_cards import METHOD, WORDING, card_changes, method_indicators
from terril.editions.diff_figures import BLANKED, UNVEILED, Figures, figure_changes
from terril.editions.diff_words import counted, plain_counts
from terril.editions.open import Edition
from terril.editions.paired import paired, plain_changes
from terril.fiches.model import Fiche, Run
from terril.lib.dates import date_longue
from terril.lib.french import compte
from terril.observations.schema import Kind

#: in the place of a text that is not quoted
UNQUOTED: Final = "(texte non cité : un chiffre de la fiche est secret dans l’autre édition)"


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs from ``before`` to ``after``; each frame has a column ``change``.

    ``values``: the columns ``diff_figures.VALUES``; ``roundings``: the same, for figures that
    differ by no more than the rounding of their documents. ``signals``: group, territory,
    theme, change (ajouté | retiré | changé | sûreté), before, after, sureness_before,
    sureness_after, cause. ``texts``: fiche (a QPV, or « theme:<code> »), part,
    change, before, after, hidden.
    ``territories``: kind, code, change (ajouté | retiré | changé), before, after.
    ``cards``: the columns ``diff_cards.CARDS``. ``files``: document, file, sheet, change,
    before, after (hashes). ``warnings``: what makes the comparison itself doubtful.
    """

    before: str
    after: str
    values: pl.DataFrame
    roundings: pl.DataFrame
    signals: pl.DataFrame
    texts: pl.DataFrame
    territories: pl.DataFrame
    cards: pl.DataFrame
    files: pl.DataFrame
    warnings: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Do the two editions say the same?"""
        return all(frame.is_empty() for frame in self.frames.values())

    @property
    def frames(self) -> dict[str, pl.DataFrame]:
        """All the frames by their French name, in the order of importance."""
        return {
            "valeurs": self.values,
            "signaux": self.signals,
            "textes": self.texts,
            "cartes": self.cards,
            "territoires": self.territories,
            "fichiers": self.files,
            "arrondis": self.roundings,
        }

    @property
    def dangers(self) -> pl.DataFrame:
        """The figures that one edition publishes and the other holds secret."""
        return self.values.filter(pl.col("change").is_in([BLANKED, UNVEILED]))

    def summary(self) -> list[str]:
        """Return the differences in a few French lines, dangers first."""
        head = f"De l’édition du {date_longue(self.before)} à celle du {date_longue(self.after)}"
        if self.same:
            return [f"{head}, rien ne change."]
        return [
            f"{head}\u00a0:",
            *self._danger_lines(),
            *self._method_lines(),
            counted(
                "chiffres",
                self.values,
                {
                    "ajouté": ("ajouté", "ajoutés"),
                    "retiré": ("retiré", "retirés"),
                    "valeur": ("de valeur changée", "de valeur changée"),
                    "statut": ("de statut changé", "de statut changé"),
                    BLANKED: ("masqué", "masqués"),
                    UNVEILED: ("dévoilé", "dévoilés"),
                },
            ),
            *self._rounding_lines(),
            plain_counts("pictogrammes", self.signals),
            plain_counts("textes des fiches", self.texts),
            *(
                [plain_counts("territoires", self.territories)]
                if not self.territories.is_empty()
                else []
            ),
            plain_counts("fichiers lus", self.files),
        ]

    def _danger_lines(self) -> list[str]:
        counts = dict(self.dangers["change"].value_counts().iter_rows())
        said = []
        if BLANKED in counts:
            what = compte(counts[BLANKED], "chiffre publié", "chiffres publiés")
            secret = "secret" if counts[BLANKED] == 1 else "secrets"
            said.append(f"{what} dans la première édition, {secret} dans la seconde")
        if UNVEILED in counts:
            published = "publié" if counts[UNVEILED] == 1 else "publiés"
            what = compte(counts[UNVEILED], "chiffre secret", "chiffres secrets")
            said.append(f"{what} dans la première, {published} dans la seconde")
        return ["DANGER pour le secret\u00a0: " + "\u202f; ".join(said)] if said else []

    def _method_lines(self) -> list[str]:
        lines = []
        method = self.cards.filter(pl.col("nature") == METHOD)
        if not method.is_empty():
            cards = method.select("kind", "code").unique().height
            verb = "change" if cards == 1 else "changent"
            lines.append(
                "méthode\u00a0: "
                f"{compte(cards, 'carte du catalogue', 'cartes du catalogue')} {verb}"
            )
            alone = self.values.filter(pl.col("cause") == "méthode").height
            if alone:
                what = compte(alone, "chiffre", "chiffres")
                lines.append(
                    f"    pour {what}, ce n’est pas le chiffre qui change, c’est la méthode"
                )
        words = self.cards.filter(pl.col("nature") == WORDING).select("kind", "code").unique()
        if not words.is_empty():
            lines.append(
                f"mots du catalogue\u00a0: {compte(words.height, 'carte', 'cartes')} sans effet "
                "sur les chiffres"
            )
        return lines

    def _rounding_lines(self) -> list[str]:
        if self.roundings.is_empty():
            return []
        what = compte(self.roundings.height, "autre ne diffère", "autres ne diffèrent")
        return [f"    {what} que par l’arrondi"]


def compare(before: Edition, after: Edition) -> Difference:
    """Return what differs from one edition to another, of the same contract or not."""
    cards = card_changes(before.catalogue, after.catalogue)
    method = method_indicators(cards, before.catalogue, after.catalogue)
    figures = figure_changes(before, after, method)
    return Difference(
        before=before.edition,
        after=after.edition,
        values=figures.values,
        roundings=figures.roundings,
        signals=_signals(before, after, figures, cards, method),
        texts=_texts(before, after, figures),
        territories=_territories(before, after),
        cards=cards,
        files=plain_changes(before.inputs, after.inputs, ("document", "file", "sheet"), "sha256"),
        warnings=tuple(_warnings(before, after)),
    )


def _signals(
    before: Edition, after: Edition, figures: Figures, cards: pl.DataFrame, method: set[str]
) -> pl.DataFrame:
    key = ("group", "territory", "theme")
    both = paired(before.signals, after.signals, key, ("signal", "sureness"))
    percent = [(pl.col(f"sureness_{side}") * 100).round() for side in ("before", "after")]
    change = (
        pl.when(pl.col("_held_before").is_null())
        .then(pl.lit("ajouté"))
        .when(pl.col("_held_after").is_null())
        .then(pl.lit("retiré"))
        .when(pl.col("signal_before").ne_missing(pl.col("signal_after")))
        .then(pl.lit("changé"))
        .when(percent[0].ne_missing(percent[1]))
        .then(pl.lit("sûreté"))
    )
    pictograms = {
        code
        for edition in (before, after)
        for code, card in edition.catalogue.indicators.items()
        if card.pictogram
    }
    moved = (
        figures.values.filter(
            (pl.col("kind") == Kind.QPV) & pl.col("indicator").is_in(sorted(pictograms))
        )["indicator"]
        .str.split(".")
        .list.first()
        .unique()
        .to_list()
    )
    general = not cards.filter(
        pl.col("field_kind").is_in(["parameters", "fiches", "themes"])
        & (pl.col("nature") == METHOD)
    ).is_empty()
    themes = sorted({code.partition(".")[0] for code in method & pictograms})
    by_figure = pl.col("theme").is_in(moved)
    by_method = pl.lit(general) | pl.col("theme").is_in(themes)
    cause = (
        pl.when(pl.col("_held_before").is_null() | pl.col("_held_after").is_null())
        .then(pl.lit(""))
        .when(by_figure & by_method)
        .then(pl.lit("chiffre et méthode"))
        .when(by_figure)
        .then(pl.lit("chiffre"))
        .when(by_method)
        .then(pl.lit("méthode"))
        .otherwise(pl.lit(""))
    )
    return (
        both.with_columns(change=change, cause=cause)
        .filter(pl.col("change").is_not_null())
        .select(
            *key,
            "change",
            before="signal_before",
            after="signal_after",
            sureness_before="sureness_before",
            sureness_after="sureness_after",
            cause="cause",
        )
        .sort(*key)
    )


def _texts(before: Edition, after: Edition, figures: Figures) -> pl.DataFrame:
    old, new = _frame_of_texts(before), _frame_of_texts(after)
    both = paired(old, new, ("fiche", "slot"), ("part", "text"))
    changes = plain_changes(old, new, ("fiche", "slot"), "text")
    labels = both.select("fiche", "slot", part=pl.coalesce("part_after", "part_before"))
    quoted = []
    for side, edition in (("before", before), ("after", after)):
        codes = _silent_sheets(edition, figures.secret_elsewhere(side))
        secret = pl.col("fiche").is_in(sorted(codes)) & pl.col(side).is_not_null()
        quoted.append((side, secret))
    return (
        changes.join(labels, on=["fiche", "slot"], how="left", maintain_order="left")
        .with_columns(hidden=quoted[0][1] | quoted[1][1])
        .with_columns(
            pl.when(secret).then(pl.lit(UNQUOTED)).otherwise(pl.col(side)).alias(side)
            for side, secret in quoted
        )
        .select("fiche", "part", "change", "before", "after", "hidden")
    )


def _silent_sheets(edition: Edition, secret: pl.DataFrame) -> set[str]:
    """Return the sheets of ``edition`` that may say one of the figures of ``secret``.

    The sheet of the neighbourhood; all of them when the figure is that of a reference, which
    any may quote; and the sheets of the themes that speak of the indicator, whoever has it.
    A fraction or a rank tells much of a figure: no text of such a sheet is quoted.
    """
    if secret.is_empty():
        return set()
    own = set(secret.filter(pl.col("kind") == Kind.QPV)["territory"].to_list())
    if secret.filter(pl.col("kind") != Kind.QPV).height:
        own |= {fiche.code for fiche in edition.fiches}
    indicators = set(secret["indicator"].to_list())
    themes = {code.partition(".")[0] for code in indicators}
    return own | {
        THEME_PREFIX + text.theme
        for text in edition.themes
        if text.theme in themes or indicators & {said.indicator for said in text.statements}
    }


def _frame_of_texts(edition: Edition) -> pl.DataFrame:
    rows = [
        (fiche.code, slot, part, text)
        for fiche in edition.fiches
        for slot, part, text in _parts(fiche)
        if text
    ]
    for theme in edition.themes:
        code = THEME_PREFIX + theme.theme
        rows.append((code, "1", "titre", theme.headline))
        rows.append((code, "2", "texte", " ".join(map(_joined, theme.text))))
    schema = {name: pl.String for name in ("fiche", "slot", "part", "text")}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _parts(fiche: Fiche) -> list[tuple[str, str, str]]:
    parts = [("1", "titre", fiche.headline), ("2", "synthèse", _joined(fiche.brief))]
    parts += [("3 " + b.theme, b.label, _joined(b.text)) for b in fiche.blocks]
    if fiche.equipment is not None:
        parts.append(("4", fiche.equipment.label, _joined(fiche.equipment.text)))
    return parts


def _joined(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)


def _territories(before: Edition, after: Edition) -> pl.DataFrame:
    old, new = (
        edition.territories.select(
            "kind",
            "code",
            shown=pl.format(
                "{} ({}{})",
                pl.col("label").fill_null(""),
                pl.col("epci").fill_null(""),
                pl.when(pl.col("communes").list.len() > 0)
                .then(pl.format("\u202f; {}", pl.col("communes").list.join(", ")))
                .otherwise(pl.lit("")),
            ),
        )
        for edition in (before, after)
    )
    return plain_changes(old, new, ("kind", "code"), "shown")


def _warnings(before: Edition, after: Edition) -> list[str]:
    """Say what makes the comparison itself doubtful."""
    said = [edition.notice.text for edition in (before, after) if edition.notice is not None]
    if before.epci != after.epci:
        said.append(
            f"Ce ne sont pas les éditions d’un même contrat\u00a0: {before.epci_name}, puis "
            f"{after.epci_name}."
        )
    if before.generation != after.generation:
        said.append(
            f"Les quartiers ne sont pas de la même génération ({before.generation}, puis "
            f"{after.generation})\u00a0: leurs périmètres diffèrent, leurs codes aussi. Une baisse "
            "ou une hausse d’une génération à l’autre ne dit rien des habitants."
        )
    if before.edition > after.edition:
        said.append(
            "La première édition est la plus récente des deux\u00a0: «\u00a0avant\u00a0» et "
            "«\u00a0après\u00a0» suivent l’ordre que vous avez donné."
        )
    drafts = [edition for edition in (before, after) if edition.draft]
    if drafts:
        named = " et ".join(f"celle du {date_longue(edition.edition)}" for edition in drafts)
        said.append(f"Un brouillon n’est pas publié\u00a0: {named} peut encore changer.")
    return said
