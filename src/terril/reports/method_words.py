"""How are the figures, the signals and the means of an edition made, in plain French?

The numbers of the method come from the parameters of the catalogue, so the text can never
say another threshold than the one that was used.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from terril.fiches.places import epci_noun
from terril.lib.dates import date_longue
from terril.lib.french import NBSP, avec_unite, compte, en_lettres, liste, nombre
from terril.lib.prose import typographie
from terril.observations.schema import Kind
from terril.reports import getting_worse, other_rules, secrets
from terril.reports.lookup import Lookup
from terril.reports.words import ends

#: unit of the parameters that switch a rule on or off
_YES_NO: Final = "1 pour oui, 0 pour non"
_BEFORE: Final = ("facteur", "poids")  # units that stand before their number


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A title and a text of the method."""

    title: str
    text: str


def _number(lookup: Lookup, code: str, default: float) -> float:
    card = lookup.catalogue.parameters.get(code)
    value = card.value if card else default
    return value if isinstance(value, int | float) else float(value[0])


def _plain(value: float) -> str:
    """The number with the decimals it was declared with, two at most."""
    return nombre(value, min(2, len(f"{value:g}".partition(".")[2])))


def _signed(value: float) -> str:
    return f"+\u202f{_plain(value)}" if value > 0 else _plain(value).replace("−", "−\u202f")


def paragraphs(lookup: Lookup) -> list[Paragraph]:
    """The method, one paragraph a question."""
    count = len(lookup.qpv)
    good, bad = _number(lookup, "signal_favorable", 0.5), _number(lookup, "signal_difficile", -0.5)
    share = _number(lookup, "signal_part_disponible", 0.5)
    steps = lookup.catalogue.parameters.get("surete_seuils")
    tried = steps.value if steps and isinstance(steps.value, tuple) else ()
    between = (
        f" (seuils de {_plain(min(tried))} à {_plain(max(tried))}, médiane au lieu de la moyenne, "
        "un indicateur en moins, rangs au lieu des écarts)"
        if tried
        else ""
    )
    weak = _number(lookup, "signal_fragile", 2 / 3)
    texts = [
        ("D’où viennent les chiffres",
         "Chaque chiffre est celui d’un document, avec son fichier et sa ligne, ou le résultat "
         "d’une formule déclarée au catalogue sur des chiffres constatés. Il porte sa période : "
         "les sources n’ont pas le même calendrier. Un chiffre calculé est toujours dit calculé."),
        ("Quand deux documents se contredisent",
         "Les deux valeurs sont gardées. Celle qui est montrée vient du document de plus forte "
         "priorité ; l’autre est dite en annexe. Le secret passe avant tout : si un document tient "
         "le chiffre secret, aucune valeur n’est montrée."),
        ("Secret et absence",
         "s : le producteur ne publie pas le chiffre, trop peu de personnes sont concernées. "
         "– : aucune donnée. Ni l’un ni l’autre ne vaut zéro, ni n’entre dans une moyenne."),
        ("Les signaux",
         f"Chaque indicateur d’un thème est comparé à la moyenne simple des {count} quartiers : "
         "l’écart est divisé par l’écart type des quartiers et compté dans le sens favorable "
         "aux habitants. Le thème prend la moyenne de ses indicateurs connus. Il est favorable à "
         f"partir de {_signed(good)}, en difficulté à partir de {_signed(bad)}, dans la moyenne "
         f"entre les deux, et indéterminé quand moins de {avec_unite(100 * share, 0, '%')} de "
         "ses indicateurs sont connus."),
        ("Ce qu’un signal ne dit pas",
         "Il compare des quartiers prioritaires entre eux. Un quartier « dans la moyenne » peut "
         "rester loin de l’agglomération : les tableaux donnent les deux repères."),
        ("La sûreté d’un signal",
         f"Part des variantes de calcul qui donnent le même signal{between}. Au-dessous de "
         f"{avec_unite(100 * weak, 0, '%')}, la forme est vide : le signal dépend de la méthode."),
        ("Les rangs",
         "Le rang 1 est la situation la plus favorable aux habitants ; pour un indicateur sans "
         "jugement, la valeur la plus élevée. Il porte sur les quartiers de valeur connue. "
         "Deux quartiers à égalité ont le même rang."),
        ("Les moyennes",
         "La moyenne des quartiers est simple : chacun compte autant. La moyenne pondérée compte "
         "chaque quartier selon sa population, ou selon le poids propre de l’indicateur. Une "
         "moyenne de taux n’est pas le taux de l’ensemble, et une médiane ne se moyenne pas : "
         "ces moyennes servent de repère, pas de total."),
        *_offer(lookup),
        *_guarded(lookup),
        *_in_time(lookup),
        *_by_size(lookup),
    ]  # fmt: skip
    return [Paragraph(title, typographie(text)) for title, text in texts]


def _offer(lookup: Lookup) -> list[tuple[str, str]]:
    families = sorted(lookup.catalogue.families.values(), key=lambda card: card.order)
    needed = [card.plural for card in families if card.role == "indispensable"]
    more = [card.plural for card in families if card.role == "complement"]
    if not needed:
        return []
    text = (
        "C’est un constat, sans calcul. L’offre est indispensable quand sont présents, dans le "
        f"quartier ou ses abords, {liste(needed)}"
    )
    text += f" ; développée quand s’y ajoutent {liste(more, 'ou')}" if more else ""
    text += " ; limitée quand il n’y en a qu’une partie. La variété compte, pas la quantité. Un "
    text += "nombre illisible dans la source est inconnu, et non nul."
    return [("L’offre locale", text)]


def _guarded(lookup: Lookup) -> list[tuple[str, str]]:
    """How secrets are kept."""
    held = secrets.counts(lookup)
    words = [
        f"{compte(held[kind], one, many)}"
        for kind, one, many in (
            (secrets.PRODUCER, "l’était déjà chez le producteur", "l’étaient déjà chez le "
             "producteur"),
            ("primaire", "l’est par la règle de sa source", "le sont par la règle de leur source"),
            ("secondaire", "l’est pour en protéger un autre", "le sont pour en protéger d’autres"),
            ("calculé", "serait calculé sur un secret", "seraient calculés sur un secret"),
        )
        if held[kind]
    ]  # fmt: skip
    total = compte(sum(held.values()), "chiffre est secret", "chiffres sont secrets")
    here = f"Dans cette édition, {total}{NBSP}: {liste(words)}." if words else (
        "Dans cette édition, aucun chiffre n’est secret."
    )  # fmt: skip
    return [
        ("Comment le secret est gardé",
         "Secret primaire : un chiffre qui repose sur trop peu d’unités est blanchi, par la règle "
         "de sa source. Secret secondaire : d’autres le sont aussi, les moins utiles d’abord, "
         "quand une somme, une part, un taux, une différence de périmètres ou une édition déjà "
         "publiée rendrait le premier. L’édition est ensuite attaquée : de tout ce qui est "
         "publié, on calcule entre quelles bornes se trouve chaque chiffre blanchi. Des bornes "
         f"trop serrées arrêtent la publication. {here}"),
    ]  # fmt: skip


def _in_time(lookup: Lookup) -> list[tuple[str, str]]:
    """Breaks of series and trends."""
    changes = lookup.source.changes
    effects = Counter(changes["break_effect"].to_list())
    blocked, noted = lookup.source.blocked.height, effects["annote"]
    taken = lookup.source.blocked["taken"].count()
    older = f" (dont {nombre(taken)} repris de plus loin)" if taken else ""
    if changes.is_empty():
        here = "Ici, aucun changement d’une période à l’autre ne peut être lu."
    elif blocked or noted:
        here = (
            f"Ici, sur {compte(changes.height, 'changement', 'changements')}, {nombre(blocked)} "
            f"{'est bloqué' if blocked < 2 else 'sont bloqués'}{older} et {nombre(noted)} "
            f"{'porte' if noted < 2 else 'portent'} une réserve."
        )
    else:
        here = (
            f"Ici, {compte(changes.height, 'changement est lu', 'changements sont lus')}, sans "
            "rupture."
        )
    held = getting_worse.evidence(lookup)
    alpha = avec_unite(100 * _number(lookup, "tendance_alpha", 0.05), 0, "%")
    tested = (
        f"Ici, {compte(held.tested, 'série est testée', 'séries sont testées')} sur "
        f"{nombre(held.series)}."
        if held.tested
        else f"Ici, aucune des {nombre(held.series)} séries n’a assez de points."
        if held.series
        else ""
    )
    return [
        ("Les ruptures de série",
         "Un registre dit, source par source, quels millésimes ne se comparent pas, et lesquels se "
         "comparent avec une réserve. Un changement bloqué n’est dit nulle part ; il est repris "
         "depuis une période plus ancienne quand rien ne l’en sépare. Les périmètres de 2015 et de "
         f"2024 ne forment jamais une série. {here}"),
        ("Les tendances",
         f"Une tendance est cherchée à partir de {en_lettres(held.points)} points comparables "
         f"(test de Mann-Kendall, à {alpha}). En dessous, la série est « non testée », ce qui "
         f"n’est pas « stable ». {tested}"),
    ]  # fmt: skip


def _by_size(lookup: Lookup) -> list[tuple[str, str]]:
    """Limits of size, other rules, many comparisons."""
    wide = _number(lookup, "entonnoir_surdispersion", 1)
    dispersed = (
        " Elles sont élargies quand les quartiers diffèrent plus que le hasard ne l’explique."
        if wide
        else ""
    )
    rows = getting_worse.own_rows(lookup, lookup.source.funnel).height
    texts = [
        ("La taille des quartiers",
         "Un petit quartier s’écarte plus souvent de la moyenne par le seul hasard. Quand "
         "numérateur et dénominateur sont connus, des limites plus larges pour les petits "
         f"quartiers disent si l’écart sort de l’attendu, à 95 % et à 99,8 %.{dispersed} "
         f"{other_rules.limits_sentence(lookup)} Les pictogrammes, eux, ne tiennent pas compte de "
         "la taille."),
    ]  # fmt: skip
    told = other_rules.sentences(lookup)
    if told:
        texts.append(("Ce qui dépend de la règle", " ".join(told)))
    by_chance = round(rows / 20)
    chance = (
        f" S’il n’y avait que du hasard, {compte(by_chance, 'chiffre', 'chiffres')} sur "
        f"{nombre(rows)} {'sortirait' if by_chance < 2 else 'sortiraient'} quand même des limites "
        "à 95 %, un sur vingt."
        if by_chance
        else ""
    )
    texts.append(
        ("Beaucoup de comparaisons à la fois",
         "Aucune correction n’est faite pour leur nombre : plus on compare, plus le hasard seul "
         f"produit d’écarts.{chance} Un écart isolé est une question à poser, pas une preuve ; "
         "plusieurs qui vont dans le même sens pèsent davantage."),
    )  # fmt: skip
    return texts


def signal_indicators(lookup: Lookup) -> list[Paragraph]:
    """Which indicators make the signal of each theme."""
    model = lookup.catalogue.fiches[lookup.source.fiche_model]
    cards = lookup.catalogue.indicators
    return [
        Paragraph(
            lookup.catalogue.themes[block.theme].label,
            ends("\u202f; ".join(cards[code].label for code in block.signal)),
        )
        for block in model.blocks
        if block.signal
    ]


def parameters(lookup: Lookup) -> list[Paragraph]:
    """Value and reason of each number of the method, in order of the codes."""
    held = []
    for code in observed(lookup):
        card = lookup.catalogue.parameters[code]
        values = card.value if isinstance(card.value, tuple) else (card.value,)
        text = "\u202f; ".join(_plain(value) for value in values)
        held.append(Paragraph(_titled(text, card.unit), ends(card.reference)))
    return held


def observed(lookup: Lookup) -> list[str]:
    """The codes of the parameters of the observatory, in order: the workspace has its own."""
    held = lookup.catalogue.parameters
    return sorted(code for code, card in held.items() if card.room == "observatoire")


def _titled(text: str, unit: str) -> str:
    """« 5 points », « facteur 2 », « oui »."""
    if unit == _YES_NO:
        return "oui" if text == "1" else "non"
    return f"{unit} {text}" if unit in _BEFORE else f"{text} {unit}"


def introduction(lookup: Lookup) -> str:
    """The first sentence of the volume: whose state it is, and of which day."""
    source = lookup.source
    return typographie(
        f"{source.contract}{NBSP}: {extent(lookup)}, chiffres arrêtés au "
        f"{date_longue(source.edition)}."
    )


def extent(lookup: Lookup) -> str:
    """« 21 quartiers prioritaires dans 19 communes de l’agglomération et trois communes voisines ».

    Without the EPCI of every commune, all the communes are counted together.
    """
    count = compte(len(lookup.qpv), "quartier prioritaire", "quartiers prioritaires")
    rows = lookup.source.territories.select("kind", "code", "epci", "communes").rows()
    mine = {place.code for place in lookup.qpv}
    epci = {code: group for kind, code, group, _ in rows if kind == Kind.COMMUNE}
    communes = {
        commune
        for kind, code, _, held in rows
        if kind == Kind.QPV and code in mine
        for commune in held or ()
    }
    if not communes:
        return count
    inside = {code for code in communes if epci.get(code) == lookup.source.epci}
    if not inside or not all(epci.get(code) for code in communes):
        return f"{count} dans {compte(len(communes), 'commune', 'communes')}"
    noun = epci_noun(lookup.source.epci_name)
    text = f"{count} dans {compte(len(inside), 'commune', 'communes')} {noun.of}"
    beside = len(communes) - len(inside)
    if beside:
        noun_beside = "communes voisines" if beside > 1 else "commune voisine"
        text += f" et {en_lettres(beside, 'f')} {noun_beside}"
    return text
