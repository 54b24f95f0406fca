"""Which sheets do the golden tests typeset?

Four, made by hand from the model's own classes: the two of the mock-up, one almost empty,
one extreme (five communes, a very long name, long texts, every theme full).
"""

from __future__ import annotations

import dataclasses
import math
import re
from typing import Any

from golden_values import CODES, TABLE, TILES

from terril.fiches.model import (
    Cell,
    EquipmentBlock,
    EquipmentRow,
    Fiche,
    Note,
    Run,
    SpineRow,
    SpineTheme,
    StripCell,
    TableRow,
    ThemeBlock,
    Tile,
)
from terril.lib.french import nombre

THEMES = {
    "demographie": ("Démographie", "personnes", "Insee, recensement ; CAF."),
    "revenus": ("Revenus", "piece", "Insee, Filosofi ; CAF."),
    "sante": ("Santé", "croix", "Assurance maladie ; CAF."),
    "education": ("Éducation", "mortier", "Éducation nationale ; Insee, recensement."),
    "emploi": ("Emploi", "mallette", "Insee, recensement ; Pôle emploi."),
    "habitat": ("Habitat", "corons", "Évaluation du contrat de ville."),
}
WORDS = {
    "favorable": "favorable",
    "moyen": "dans la moyenne",
    "difficile": "en difficulté",
    "indetermine": "indéterminé",
}
GLOSSARY = (
    ("QPV", "quartier prioritaire de la politique de la ville"),
    ("Agglo.", "communauté d’agglomération de Lens-Liévin"),
    ("CAF", "caisse d’allocations familiales ; en part des allocataires"),
    ("UC", "unité de consommation : tient compte de la taille du ménage"),
    ("RSA", "revenu de solidarité active"),
    ("AAH", "allocation aux adultes handicapés"),
    ("CMU-C", "couverture maladie universelle complémentaire"),
    ("ACS", "aide à la complémentaire santé"),
    ("Longue durée", "affection prise en charge à 100 %"),
    ("Jeunes", "16-25 ans"),
)


_FRENCH = (
    (re.compile(r"[ \u00a0\u202f]([;!?%€])"), "\u202f\\1"),
    (re.compile(r"[ \u00a0\u202f]:"), "\u00a0:"),
    (re.compile(r"« ?"), "«\u00a0"),
    (re.compile(r" ?»"), "\u00a0»"),
    (re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}\b)"), "\u202f"),
    (re.compile(r"(?<=\d)[ \u00a0\u202f]m\b"), "\u202fm"),
)


def french(thing: Any) -> Any:
    """The same object with French spaces in all its texts."""
    if isinstance(thing, str):
        for pattern, by in _FRENCH:
            thing = pattern.sub(by, thing)
        return thing
    if isinstance(thing, tuple):
        return tuple(french(item) for item in thing)
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        changes = {f.name: french(getattr(thing, f.name)) for f in dataclasses.fields(thing)}
        return dataclasses.replace(thing, **changes)
    return thing


def runs(text: str) -> tuple[Run, ...]:
    """« plain *strong* plain » as runs."""
    return tuple(Run(part, i % 2 == 1) for i, part in enumerate(text.split("*")) if part)


@dataclasses.dataclass
class _Line:
    theme: str
    spine: str
    label: str
    direction: int
    decimals: int
    period: str
    values: list[float | None]
    status: str
    epci: float
    communes: list[float | None]

    def text(self, value: float | None) -> str:
        return "–" if value is None else nombre(value, self.decimals)


def _number(text: str) -> float | None:
    return None if text in ("-", "s") else float(text)


def _lines(code: str) -> list[_Line]:
    index = CODES.index(code)
    lines = []
    for row in TABLE.strip().splitlines():
        theme, spine, label, way, decimals, period, values, epci, one, three = row.split("|")
        cells = values.split()
        communes = one if code == "QP062019" else three
        lines.append(
            _Line(
                theme,
                spine,
                label,
                int(way),
                int(decimals),
                period,
                [_number(v) for v in cells],
                {"-": "missing", "s": "secret"}.get(cells[index], "ok"),
                float(epci),
                [_number(v) for v in communes.split()],
            )
        )
    return lines


def _moments(line: _Line) -> tuple[float, float, list[float]]:
    known = [v for v in line.values if v is not None]
    mean = sum(known) / len(known)
    return mean, math.sqrt(sum((v - mean) ** 2 for v in known) / len(known)), known


def _rank(line: _Line, own: float | None, known: list[float]) -> str:
    if own is None:
        return "–"
    way = line.direction or 1
    return str(1 + sum((v - own) * way > 1e-9 for v in known))


def _table_row(line: _Line, index: int, marks: tuple[str, ...]) -> TableRow:
    mean, _, known = _moments(line)
    own = line.values[index]
    low, high, way = min(known), max(known), line.direction or 1

    def place(v: float) -> float:
        share = (v - low) / (high - low)
        return share if way > 0 else 1 - share

    several = "moyenne des trois" if len(line.communes) == 1 and index == 12 else ""
    return TableRow(
        indicator=f"{line.theme}.{line.label}",
        label=line.label,
        marks=marks,
        period=line.period,
        value=Cell("s" if line.status == "secret" else line.text(own), line.status),
        communes=tuple(
            Cell(line.text(c), "ok" if c is not None else "missing", several) for c in line.communes
        ),
        epci=Cell(line.text(line.epci)),
        mean=Cell(line.text(mean)),
        rank=_rank(line, own, known),
        known=len(known),
        strip=tuple(place(v) for v in known),
        strip_own=None if own is None else place(own),
        strip_mean=place(mean),
    )


def _spine_row(line: _Line, index: int) -> SpineRow:
    mean, sd, known = _moments(line)
    own = line.values[index]
    unit = " €" if "Revenu" in line.spine else "" if "Indice" in line.spine else " %"

    def z(v: float) -> float:
        return (v - mean) / sd * line.direction

    value = {"secret": "secret", "missing": "absent"}.get(line.status, line.text(own) + unit)
    return SpineRow(
        indicator=f"{line.theme}.{line.label}",
        label=line.spine,
        status=line.status,
        value=value,
        z=None if own is None else z(own),
        others=tuple(z(v) for i, v in enumerate(line.values) if v is not None and i != index),
        communes=tuple(z(c) for c in line.communes if c is not None),
        communes_is_mean=len(line.communes) == 1 and index == 12,
        epci_z=z(line.epci),
        epci=line.text(line.epci) + unit,
        rank=_rank(line, own, known),
        known=len(known),
        alt="",
    )


def _tiles(code: str, same: frozenset[str]) -> tuple[Tile, ...]:
    tiles = []
    for row in TILES.strip().splitlines():
        key, label, column, line, count = row.split("|")
        tiles.append(Tile(key, label, int(column), int(line), key == code, key in same, int(count)))
    return tuple(tiles)


def _strip(signals: dict[str, tuple[str, float]]) -> tuple[StripCell, ...]:
    cells = [
        StripCell(
            theme,
            THEMES[theme][0],
            THEMES[theme][1],
            signal,
            WORDS[signal],
            sure,
            f"sûr à {round(sure * 100)} %",
            sure < 2 / 3,
        )
        for theme, (signal, sure) in signals.items()
    ]
    offer = StripCell(
        "equipement",
        "Équipement",
        "vitrine",
        "favorable",
        "offre développée",
        None,
        "constat, sans calcul",
        False,
    )
    return (*cells, offer)


def _build(
    code: str,
    signals: dict[str, tuple[str, float]],
    texts: dict[str, str],
    marks: dict[str, tuple[str, ...]],
    offer: EquipmentBlock,
    **rest: object,
) -> Fiche:
    lines, index = _lines(code), CODES.index(code)
    blocks, spine = [], []
    for theme, (label, icon, sources) in THEMES.items():
        signal, sure = signals[theme]
        rows = [line for line in lines if line.theme == theme]
        blocks.append(
            ThemeBlock(
                theme,
                label,
                icon,
                signal,
                WORDS[signal],
                sure < 2 / 3,
                runs(texts[theme]),
                sources,
                tuple(_table_row(line, index, marks.get(line.label, ())) for line in rows),
            )
        )
        spine.append(
            SpineTheme(
                theme,
                label,
                signal,
                sure < 2 / 3,
                tuple(_spine_row(line, index) for line in rows if line.spine),
            )
        )
    fiche = Fiche(
        code=code,
        contract="Contrat de ville de Lens-Liévin 2015-2023",
        epci_name="Communauté d’agglomération de Lens-Liévin",
        edition="2020-07-01",
        edition_text="1er juillet 2020",
        population_period="2013",
        strip=_strip(signals),
        qpv_total=21,
        spine=tuple(spine),
        blocks=tuple(blocks),
        equipment=offer,
        glossary=tuple(Note(mark, text) for mark, text in GLOSSARY),
        warnings=(),
        statements=(),
        **rest,  # type: ignore[arg-type]
    )
    whole: Fiche = french(fiche)
    return whole


def one_commune() -> Fiche:
    """QP062019, as in the mock-up: one commune, strong signals."""
    return _build(
        "QP062019",
        {
            "demographie": ("difficile", 1.0),
            "revenus": ("difficile", 1.0),
            "sante": ("difficile", 0.85),
            "education": ("moyen", 0.61),
            "emploi": ("difficile", 0.81),
            "habitat": ("moyen", 0.5),
        },
        {
            "demographie": "Le quartier compte deux jeunes pour une personne âgée ; "
            "l’agglomération, à peine plus d’un. Deux allocataires de la CAF sur cinq "
            "perçoivent le RSA, contre un sur quatre à Avion ; beaucoup sont isolés.",
            "revenus": "La moitié des habitants vit avec moins de 12 093 € par an et par unité "
            "de consommation. Moins d’un ménage sur six paie l’impôt : la part la plus faible "
            "des 19 quartiers connus.",
            "sante": "La CMU-C couvre quatre assurés sur dix, près de deux fois plus qu’à "
            "Avion. Aucun quartier ne compte une telle part d’assurés sans médecin traitant. "
            "Celle des affections de longue durée est proche de la moyenne.",
            "education": "L’orientation est un atout : deuxième rang des quartiers pour la voie "
            "générale et technologique. Mais près d’un jeune de 16 à 25 ans sur deux n’est ni en "
            "études ni en emploi, contre trois sur dix à Avion.",
            "emploi": "Moins d’un adulte sur trois occupe un emploi, et une femme sur cinq "
            "seulement : dernier rang des 21 quartiers. Un demandeur d’emploi sur trois perçoit "
            "le RSA. On en compte 606 fin 2018.",
            "habitat": "Deux logements sur trois sont des logements sociaux occupés. Un sur six "
            "est vacant, près de deux fois plus que dans l’agglomération. Les impayés sont "
            "rares : troisième rang.",
        },
        {"Retard à l’entrée en 3e": ("1",), "Indice de fragilité, base 100": ("2",)},
        EquipmentBlock(
            "Équipement",
            "favorable",
            "offre développée",
            runs(
                "L’offre est « développée », comme dans 17 quartiers sur 21. Les écoles sont "
                "dans le quartier ; la poste et l’essentiel des soins sont dehors, à moins de "
                "500 m."
            ),
            "Inventaire de l’agglomération, sans date publiée.",
            500,
            (
                EquipmentRow("École maternelle ou élémentaire", 6, 0),
                EquipmentRow("Commerce alimentaire", 1, 5),
                EquipmentRow("Soins de premier recours", 3, 16, ("3",)),
                EquipmentRow("Commerce du quotidien", 2, 4),
                EquipmentRow("Bureau de poste", 0, 1),
                EquipmentRow("Terrain de sport", 1, 4),
            ),
        ),
        name="République – Cité 4",
        name_lines=("République – Cité 4",),
        short_name="République – Cité 4",
        communes=("Avion",),
        communes_text="Avion",
        population="4 765",
        population_share="26,1 % de la population d’Avion",
        headline="Plus d’un habitant sur deux vit sous le seuil de pauvreté ; moins d’un sur "
        "trois, entre 15 et 64 ans, a un emploi.",
        brief=runs(
            "À Avion, République – Cité 4 abrite plus d’un quart des habitants de la commune ; "
            "*quatre sur dix* ont moins de 25 ans. Le revenu médian, *12 093 €*, est "
            "l’avant-dernier des 21 quartiers : il manque *4 463 €* pour rejoindre "
            "l’agglomération. Quatre thèmes sur sept sont en difficulté, quelle que soit la "
            "méthode ou presque. Point d’appui : *59 %* des lycéens suivent la voie générale ou "
            "technologique, presque autant que dans l’agglomération."
        ),
        tiles=_tiles("QP062019", frozenset()),
        commune_columns=("Avion",),
        notes=(
            Note(
                "1",
                "Les documents publiés se contredisent : 19 % dans le tableau des quartiers, "
                "23 % dans la fiche. Le tableau est retenu.",
            ),
            Note("2", "Agglomération : parc social hors quartiers prioritaires."),
            Note("3", "Dentistes illisibles dans la source : non comptés."),
        ),
    )


def three_communes() -> Fiche:
    """QP062029, as in the mock-up: long name, three communes, secrets, weak signals."""
    return _build(
        "QP062029",
        {
            "demographie": ("moyen", 0.51),
            "revenus": ("moyen", 0.49),
            "sante": ("moyen", 0.65),
            "education": ("moyen", 0.33),
            "emploi": ("moyen", 0.85),
            "habitat": ("moyen", 0.5),
        },
        {
            "demographie": "Le quartier compte près de deux jeunes pour une personne âgée. Les "
            "familles monoparentales sont plus rares que dans presque tous les autres quartiers. "
            "La part du RSA est proche de celle de Liévin.",
            "revenus": "La moitié des habitants vit avec moins de 13 328 € par an et par unité "
            "de consommation : 1 812 € de moins qu’à Lens. Quatre habitants sur dix vivent sous "
            "le seuil de pauvreté.",
            "sante": "La CMU-C est moins répandue que dans la plupart des quartiers, mais l’ACS, "
            "qui aide à payer une mutuelle, l’est davantage. Près de 18 % des assurés ont une "
            "affection de longue durée.",
            "education": "Les retards en 6e et en 3e sont couverts par le secret statistique. Au "
            "lycée, 38 % seulement des élèves suivent la voie générale ou technologique. Mais peu "
            "de jeunes sont sans études ni emploi : deuxième rang sur 17.",
            "emploi": "Le taux d’emploi est celui d’un quartier prioritaire moyen : 38 %, contre "
            "52 % dans l’agglomération. Un demandeur d’emploi sur quatre perçoit le RSA. On en "
            "compte 744 fin 2018, dont 429 hommes.",
            "habitat": "Plus de trois logements sur quatre sont des logements sociaux occupés. "
            "La vacance est celle de l’agglomération. Cinq logements sur six sont des maisons.",
        },
        {"Retard à l’entrée en 3e": ("1",), "Indice de fragilité, base 100": ("2",)},
        EquipmentBlock(
            "Équipement",
            "favorable",
            "offre développée",
            runs(
                "L’offre est « développée », comme dans 17 quartiers sur 21. Le quartier a ses "
                "écoles, ses commerces et son bureau de poste ; les soins sont surtout dans les "
                "abords."
            ),
            "Inventaire de l’agglomération, sans date publiée.",
            300,
            (
                EquipmentRow("École maternelle ou élémentaire", 4, 5),
                EquipmentRow("Commerce alimentaire", 4, 2),
                EquipmentRow("Soins de premier recours", 3, 28),
                EquipmentRow("Commerce du quotidien", 1, 4),
                EquipmentRow("Bureau de poste", 1, 0),
                EquipmentRow("Terrain de sport", 1, 3),
            ),
        ),
        name="Les Hauts de Liévin – Résidence des Provinces – Cités 9-9bis",
        name_lines=("Les Hauts de Liévin –", "Résidence des Provinces – Cités 9-9bis"),
        short_name="Hauts de Liévin – Provinces – 9-9bis",
        communes=("Liévin", "Lens", "Loos-en-Gohelle"),
        communes_text="Liévin, Lens et Loos-en-Gohelle",
        population="4 819",
        population_share="7 % de la population des trois communes",
        headline="Proche de la moyenne des quartiers prioritaires, il reste loin de "
        "l’agglomération pour les revenus et l’orientation scolaire.",
        brief=runs(
            "*Quatre habitants sur dix* ont moins de 25 ans. Le revenu médian, *13 328 €*, est "
            "le quatrième des 21 quartiers, mais il manque *3 228 €* pour rejoindre "
            "l’agglomération. Aucun thème n’est en difficulté ; plusieurs signaux changent "
            "toutefois avec la méthode et se lisent avec prudence. Au lycée, *38 %* des élèves "
            "suivent la voie générale ou technologique, contre 60 % dans l’agglomération."
        ),
        tiles=_tiles(
            "QP062029",
            frozenset(f"QP0620{n}" for n in (22, 24, 25, 26, 27, 28, 30)),
        ),
        commune_columns=("Liévin", "Lens", "Loos-en-Gohelle"),
        notes=(
            Note(
                "1",
                "Publié dans un document, couvert par le secret dans un autre : le secret "
                "l’emporte.",
            ),
            Note("2", "Agglomération : parc social hors quartiers prioritaires."),
        ),
    )


def almost_empty() -> Fiche:
    """A sheet with one figure known: everything else absent, no map, no equipment."""
    base = one_commune()
    blocks = tuple(
        dataclasses.replace(
            block,
            signal="indetermine",
            word="indéterminé",
            hollow=False,
            text=runs("Aucune donnée n’est connue pour ce thème."),
            rows=tuple(
                dataclasses.replace(
                    row,
                    value=Cell("–", "missing"),
                    communes=(Cell("–", "missing"),),
                    epci=Cell("–", "missing"),
                    mean=Cell("–", "missing"),
                    marks=(),
                    rank="–",
                    known=0,
                    strip=(),
                    strip_own=None,
                    strip_mean=None,
                )
                for row in block.rows[:2]
            ),
        )
        for block in base.blocks
    )
    spine = tuple(
        dataclasses.replace(
            theme,
            signal="indetermine",
            hollow=False,
            rows=tuple(
                dataclasses.replace(
                    row,
                    status="missing",
                    value="absent",
                    z=None,
                    others=(),
                    communes=(),
                    epci_z=None,
                    epci="–",
                    rank="–",
                    known=0,
                )
                for row in theme.rows[:1]
            ),
        )
        for theme in base.spine
    )
    strip = tuple(
        dataclasses.replace(
            cell,
            signal="indetermine",
            word="indéterminé",
            sureness=None,
            note="aucune donnée sur trois" if cell.theme != "equipement" else "non renseigné",
            hollow=False,
        )
        for cell in base.strip
    )
    sheet: Fiche = french(
        dataclasses.replace(
            base,
            code="QP062099",
            name="Le Bois",
            name_lines=("Le Bois",),
            short_name="Le Bois",
            population="–",
            population_period="",
            population_share="",
            headline="Trop peu de données sont connues pour situer ce quartier.",
            strip=strip,
            brief=runs("Presque aucune donnée n’est publiée pour ce quartier."),
            tiles=(),
            spine=spine,
            blocks=blocks,
            equipment=None,
            notes=(),
            warnings=(
                "Aucune donnée de la CAF ni de l’Assurance maladie n’a été chargée.",
                "La population n’est pas connue.",
            ),
        )
    )
    return sheet


def extreme() -> Fiche:
    """Five communes, a name of 99 signs, texts and labels at their limits, outliers."""
    base = three_communes()
    long_text = (
        "Le quartier compte près de deux jeunes pour une personne âgée. Les familles "
        "monoparentales sont nettement plus nombreuses que dans presque tous les autres "
        "quartiers de l’agglomération. La part du RSA est proche de celle des communes."
    )
    communes = (
        "Fouquières-lès-Lens",
        "Billy-Montigny",
        "Sallaumines",
        "Noyelles-sous-Lens",
        "Loos-en-Gohelle",
    )

    def wide(row: SpineRow, i: int) -> SpineRow:
        return dataclasses.replace(
            row,
            z=(-4.2, 4.4, 3.6, -3.05)[i % 4],
            communes=(-3.6, -1.0, 0.4, 2.2, 4.0),
            communes_is_mean=False,
            epci_z=(5.0, -3.4, 0.02, 3.64)[i % 4],
            others=(*row.others, 3.9, -3.3),
        )

    spine = tuple(
        dataclasses.replace(theme, rows=tuple(wide(r, i) for i, r in enumerate(theme.rows)))
        for theme in base.spine
    )
    blocks = tuple(
        dataclasses.replace(
            block,
            text=runs(long_text),
            rows=tuple(
                dataclasses.replace(row, communes=(Cell("15 140 – 18 036"),), marks=("1", "2"))
                for row in block.rows
            ),
        )
        for block in base.blocks
    )
    assert base.equipment is not None
    equipment = dataclasses.replace(
        base.equipment,
        text=runs(long_text),
        signal="difficile",
        word="offre indispensable",
        rows=(
            EquipmentRow("École maternelle ou élémentaire", 12, 9),
            EquipmentRow("Commerce alimentaire", None, 31),
            EquipmentRow("Soins de premier recours", 30, 81, ("3",)),
            EquipmentRow("Commerce du quotidien", 0, 0),
            EquipmentRow("Bureau de poste", None, None),
            EquipmentRow("Terrain de sport", 1, 3),
        ),
    )
    strip = (
        *(
            dataclasses.replace(c, signal=s, word=WORDS[s], hollow=h, sureness=x, note=n)
            for c, s, h, x, n in zip(
                base.strip,
                ("favorable", "difficile", "indetermine", "moyen", "favorable", "difficile"),
                (True, True, False, False, False, False),
                (0.4, 0.5, None, 0.9, 1.0, 0.7),
                (
                    "sûr à 40 %",
                    "sûr à 50 %",
                    "1 donnée sur 3",
                    "sûr à 90 %",
                    "sûr à 100 %",
                    "sûr à 70 %",
                ),
                strict=False,
            )
        ),
        dataclasses.replace(base.strip[-1], signal="moyen", word="offre indispensable"),
    )
    name = (
        "Vieux Bourg de Fouquières et de Billy – Résidence des Maréchaux de France – "
        "Cités 10, 11, 12 et 13bis"
    )
    sheet: Fiche = french(
        dataclasses.replace(
            base,
            code="QP062098",
            name=name,
            name_lines=(
                "Vieux Bourg de Fouquières et de Billy –",
                "Résidence des Maréchaux de France – Cités 10, 11, 12 et 13bis",
            ),
            short_name="Vieux Bourg – Maréchaux – Cités 10 à 13",
            communes=communes,
            communes_text="Fouquières-lès-Lens, Billy-Montigny, Sallaumines, Noyelles-sous-Lens et "
            "Loos-en-Gohelle",
            population="14 819",
            population_share="17,5 % de la population des cinq communes",
            headline="Presque tout l’éloigne de la moyenne des quartiers prioritaires, surtout "
            "l’emploi des femmes, la santé des aînés et l’orientation des lycéens.",
            strip=strip,
            brief=runs(
                "*Quatre habitants sur dix* ont moins de 25 ans. Le revenu médian, *13 328 €*, est "
                "le quatrième des 21 quartiers, mais il manque *3 228 €* pour rejoindre "
                "l’agglomération. Aucun thème n’est en difficulté ; plusieurs signaux changent "
                "toutefois avec la méthode et se lisent avec prudence. Au lycée, *38 %* des élèves "
                "suivent la voie générale ou technologique, contre 60 % dans l’agglomération. La "
                "part des logements vacants baisse depuis 2013, de 12 à 9 %. Une femme sur quatre "
                "occupe un emploi."
            ),
            spine=spine,
            commune_columns=("étendue",),
            blocks=blocks,
            equipment=equipment,
            warnings=(
                "Les équipements illisibles dans la source ne sont pas comptés.",
                "Deux chiffres publiés se contredisent : voir les notes de la page 2.",
            ),
            notes=(
                *base.notes,
                Note("3", "Dentistes illisibles dans la source : non comptés."),
            ),
        )
    )
    return sheet
