"""What is said on the screen, and in every output, of a base of addresses and of a result?"""

from __future__ import annotations

from pathlib import Path

from terril.catalogue.cards import Catalogue
from terril.cli.address_files import Perimeters
from terril.cli.problems import french_spaces
from terril.cli.screen import Screen
from terril.lib.dates import date_longue
from terril.lib.french import NBSP, compte, nombre
from terril.lib.problems import Problem, Where
from terril.places.addresses.base import Base
from terril.places.addresses.service import Service
from terril.reports.address_counts import written
from terril.reports.attestation import AddressReport, rows_of


def no_consent(catalogue: Catalogue) -> Problem:
    """Return the refusal to send addresses that nobody agreed to send."""
    card = catalogue.services["geocodage"]
    return Problem(
        "envoi-sans-accord",
        Where(),
        f"Les adresses quitteraient l’ordinateur, vers {card.label} ({card.url}). {card.receives}",
        "--accord-envoi avec --service.",
        "Ajoutez --accord-envoi si vous l’acceptez ; sinon chargez la base d’adresses du "
        "département (--ban) : rien ne sort.",
    )


def tell_base(screen: Screen, base: Base, path: Path) -> None:
    """Write what a prepared base holds."""
    meta = base.meta
    screen.line(
        f"{path.name}{NBSP}: {compte(int(meta['addresses']), 'adresse', 'adresses')}, "
        f"{compte(int(meta['streets']), 'voie', 'voies')}, "
        f"{compte(len(base.communes), 'commune', 'communes')} ({meta['file']}, "
        f"{meta['vintage']}, empreinte {meta['sha256'][:12]})"
    )


def method(
    catalogue: Catalogue,
    perimeters: Perimeters,
    base: Base | None,
    service: Service | None,
    margin: float | None,
) -> tuple[str, ...]:
    """Return the sentences that say how the result is made, for every output."""
    said: list[str] = []
    if base is not None:
        said.append(
            f"Adresses{NBSP}: Base Adresse Nationale, fichier {base.meta['file']} du "
            f"{_day(base.meta['vintage'])} (empreinte SHA-256 {base.meta['sha256'][:16]}…)."
        )
    for one in perimeters.outlines:
        layer = one.layer
        by = ", ".join(part for part in (layer.source, layer.vintage) if part)
        said.append(
            f"Périmètres de {layer.generation or 'génération inconnue'}{NBSP}: fichier "
            f"{layer.file}{f' ({by})' if by else ''}, "
            f"{compte(len(layer), 'quartier', 'quartiers')} (empreinte {layer.sha256[:16]}…)."
        )
    if perimeters.contract:
        said.append("Les quartiers sont ceux du contrat de ville.")
    said.append(perimeters.area)
    wide = catalogue.number("adresse_marge_perimetre") if margin is None else margin
    said.append(
        "Une adresse est « dans » ou « hors » quand sa voie est reconnue sans doute et que son "
        f"point est à plus de {nombre(catalogue.number('adresse_marge_entree') + wide)} à "
        f"{nombre(catalogue.number('adresse_marge_inconnue') + wide)} m de la limite, selon la "
        "façon dont la base l’a placé. Sinon elle est indéterminée. La limite qui suit une rue en "
        "suit l’axe."
    )
    minimum = catalogue.secrecy["adresses"].minimum or 1
    said.append(
        f"Secret{NBSP}: aucun compte de moins de {minimum} personnes, ni rien qui le ferait "
        "retrouver."
    )
    card = catalogue.services["geocodage"]
    said.append(
        f"Des adresses ont été envoyées à {card.label} ({card.producer}), en texte seul."
        if service is not None
        else "La liste n’a pas quitté l’ordinateur de la structure."
    )
    return tuple(french_spaces(text) for text in said)


def _day(vintage: str) -> str:
    try:
        return date_longue(vintage)
    except ValueError:
        return vintage


def tell_report(screen: Screen, report: AddressReport) -> None:
    """Write the result on the screen."""
    for counts in report.counts:
        screen.title(counts.sentence)
        if counts.among_known:
            screen.line(counts.among_known)
        rows = [(c.label, written(c.count), counts.share(c.count)) for c in rows_of(counts)]
        screen.table(("réponse", "adresses", "part"), rows)
        for head, lines in (("quartier", counts.zones), ("motif", counts.reasons)):
            if lines:
                screen.line()
                screen.table(
                    (head, "adresses", "part"),
                    [(c.label, written(c.count), counts.share(c.count)) for c in lines],
                )
        screen.line()
    if any(counts.secret for counts in report.counts):
        screen.line(f"s{NBSP}: secret statistique, trop peu de personnes.")
    for text in report.method:
        screen.note(text, "dim")
