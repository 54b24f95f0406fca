"""How much of a public lives in the neighbourhoods, from its addresses alone?"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import datetime as dt
import io
from contextlib import nullcontext
from pathlib import Path
from typing import Final

from terril.catalogue.load import Catalogue, load_catalogue
from terril.cli.address_files import Perimeters, opened_base, read_perimeters
from terril.cli.address_words import method, no_consent, tell_base, tell_report
from terril.cli.codes import EXIT_CODES, OK, PROBLEMS, USAGE
from terril.cli.parser import iso_date
from terril.cli.problems import french_spaces, show
from terril.cli.screen import Screen
from terril.lib.french import NBSP, compte, nombre
from terril.lib.problems import Problem, ProblemList, ProblemsError, Where
from terril.places.addresses.area import Scope
from terril.places.addresses.base import Base
from terril.places.addresses.listing import Listing, read_listing
from terril.places.addresses.placing import Answer
from terril.places.addresses.rules import Rules
from terril.places.addresses.service import Service
from terril.places.addresses.survey import answer_list
from terril.places.addresses.tally import moved, tally
from terril.reports.address_counts import (
    AddressCounts,
    address_counts,
    showable_together,
)
from terril.reports.attestation import (
    AddressReport,
    attestation_pdf,
    write_counts_csv,
    write_counts_xlsx,
)
from terril.reports.engine import write_atomic
from terril.sources.project import GENERATIONS, read_project

DESCRIPTION: Final = """\
Dit combien d’adresses d’une liste sont dans un quartier prioritaire, hors quartier, ou
indéterminées, et pourquoi. Seules les adresses sont lues ; le résultat est un compte, protégé par
le secret statistique\u00a0: aucune adresse, aucun nom n’en sort. Une rue coupée par la limite, un
numéro absent, un nom douteux donnent « indéterminé », jamais une réponse au hasard.

La base d’adresses (--ban) est le fichier CSV de la Base Adresse Nationale de votre
département\u00a0: rien ne quitte l’ordinateur. Avec --service, le texte des adresses est envoyé au
service de géocodage de l’IGN\u00a0; il faut alors l’accepter par --accord-envoi."""

EXAMPLES: Final = f"""\
exemples (la base et les périmètres viennent de « terril telecharger adresses perimetres ») :
  terril adresses --ban donnees/adresses-62.csv --base adresses-62.sqlite     prépare la base
  terril adresses public.csv --ban adresses-62.sqlite --perimetres qpv-2024.geojson
  terril adresses public.xlsx --ban adresses-62.sqlite --projet demo --attestation part.pdf
  terril adresses public.ods --ban adresses-62.sqlite --perimetres qpv.gpkg --sortie part.xlsx
  terril adresses public.csv --service --accord-envoi --perimetres qpv-2024.geojson

{EXIT_CODES}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "liste", nargs="?", type=Path, help="liste d’adresses (CSV, XLSX, XLS ou ODS)"
    )
    _sources(parser.add_argument_group("d’où viennent les réponses\u00a0"))
    _list(parser.add_argument_group("comment la liste est lue\u00a0"))
    _outputs(parser.add_argument_group("ce qui est écrit\u00a0"))


def _sources(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--ban", type=Path, metavar="FICHIER",
        help="CSV de la Base Adresse Nationale (même compressé en .gz), ou base déjà préparée",
    )  # fmt: skip
    group.add_argument(
        "--base", type=Path, metavar="FICHIER",
        help="où garder la base préparée ; elle est refaite quand le CSV change",
    )  # fmt: skip
    group.add_argument("--millesime", metavar="TEXTE", help="date du CSV, pour la garder")
    group.add_argument(
        "--perimetres", type=Path, action="append", metavar="FICHIER",
        help="périmètres des quartiers ; deux fois pour les deux générations",
    )  # fmt: skip
    group.add_argument(
        "--projet", type=Path, metavar="DOSSIER",
        help="projet : ses périmètres, ses quartiers, son catalogue",
    )  # fmt: skip
    group.add_argument(
        "--generation", choices=list(GENERATIONS), metavar="ANNEE",
        help="une seule génération, 2015 ou 2024 (par défaut la plus récente d’abord)",
    )  # fmt: skip
    group.add_argument(
        "--couverture", choices=[scope.value for scope in Scope], default=Scope.AUTO.value,
        metavar="ZONE",
        help="où « hors quartier » est sûr : auto, communes, departement, partout",
    )  # fmt: skip
    group.add_argument(
        "--marge", type=float, metavar="METRES", help="précision du tracé des périmètres"
    )
    group.add_argument(
        "--service", action="store_true", help="interroge le service de géocodage en ligne"
    )
    group.add_argument(
        "--accord-envoi", action="store_true",
        help="accepte que le texte des adresses soit envoyé à ce service",
    )  # fmt: skip


def _list(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--colonne", default="", metavar="TITRE", help="colonne des adresses")
    group.add_argument(
        "--sans-titre", action="store_true", help="pas de titres : la première colonne seule"
    )
    group.add_argument("--feuille", default="", metavar="NOM", help="feuille du classeur")
    group.add_argument(
        "--commune", action="append", default=[], metavar="CODE",
        help="code Insee de la commune des lignes qui n’en disent pas",
    )  # fmt: skip


def _outputs(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--sortie", type=Path, action="append", default=[], metavar="FICHIER",
        help="le résultat, en .xlsx ou .csv",
    )  # fmt: skip
    group.add_argument(
        "--attestation", type=Path, metavar="FICHIER", help="une page en PDF, sans aucune adresse"
    )
    group.add_argument(
        "--structure", default="", metavar="NOM", help="association ou service, pour l’attestation"
    )
    group.add_argument("--date", type=iso_date, metavar="DATE", help="date de l’attestation")
    group.add_argument(
        "--detail", type=Path, metavar="FICHIER",
        help="une ligne par ligne de la liste (numéro et réponse), à garder pour soi",
    )  # fmt: skip


def run(arguments: argparse.Namespace, screen: Screen) -> int:
    """Prepare the base, answer for the list, and write what is asked."""
    fault = _misused(arguments)
    if fault:
        screen.note(french_spaces(fault))
        return USAGE
    project = read_project(arguments.projet) if arguments.projet is not None else None
    catalogue = load_catalogue(project.catalogue_dirs if project is not None else ())
    problems = ProblemList()
    if arguments.service and not arguments.accord_envoi:
        show(screen, [no_consent(catalogue)])
        return PROBLEMS
    if arguments.liste is None:
        with opened_base(arguments, screen, problems) as base:
            show(screen, problems)
            if base is not None:
                tell_base(screen, base, arguments.base or arguments.ban)
        return PROBLEMS if problems.errors else OK
    perimeters = read_perimeters(arguments, project, catalogue, problems)
    listing = read_listing(
        arguments.liste,
        problems,
        column=arguments.colonne,
        headless=arguments.sans_titre,
        sheet=arguments.feuille,
    )
    if perimeters is None or listing is None or problems.errors:
        show(screen, problems)
        return PROBLEMS
    opening = opened_base(arguments, screen, problems) if arguments.ban else nullcontext(None)
    with opening as base:
        if arguments.ban and base is None:
            show(screen, problems)
            return PROBLEMS
        return _answer(arguments, screen, catalogue, perimeters, listing, base, problems)


def _misused(arguments: argparse.Namespace) -> str:
    if arguments.liste is None and arguments.ban is None:
        return "Donnez une liste d’adresses, ou --ban et --base pour préparer une base."
    if arguments.liste is None and arguments.base is None and not arguments.ban.is_file():
        return f"Le fichier {arguments.ban} n’est pas là."
    if arguments.liste is not None and arguments.ban is None and not arguments.service:
        return "Donnez la base d’adresses avec --ban, ou demandez le service en ligne : --service."
    wrong = [p for p in arguments.sortie if p.suffix.lower() not in (".xlsx", ".csv")]
    if wrong:
        return f"{wrong[0]} : le résultat s’écrit dans un fichier .xlsx ou .csv."
    if arguments.attestation is not None and arguments.attestation.suffix.lower() != ".pdf":
        return f"{arguments.attestation} : l’attestation s’écrit dans un fichier .pdf."
    if arguments.marge is not None and not 0 <= arguments.marge <= 1000:
        return "--marge attend une distance en mètres, de 0 à 1000."
    return ""


def _answer(
    arguments: argparse.Namespace,
    screen: Screen,
    catalogue: Catalogue,
    perimeters: Perimeters,
    listing: Listing,
    base: Base | None,
    problems: ProblemList,
) -> int:
    rules = Rules.of(catalogue, arguments.marge)
    service = Service.of(catalogue) if arguments.service else None
    with screen.progress() as progress:
        answers = answer_list(
            listing,
            perimeters.outlines,
            rules,
            problems,
            base=base,
            service=service,
            default=tuple(arguments.commune),
            progress=progress,
        )
    show(screen, problems)
    if problems.errors:
        return PROBLEMS
    report = _report(arguments, catalogue, perimeters, listing, base, service, answers, screen)
    if report is not None:
        tell_report(screen, report)
        _write(arguments, report, screen)
    if arguments.detail is not None:
        _write_detail(arguments.detail, listing, answers[0])
        screen.note(
            f"Détail écrit dans {arguments.detail}{NBSP}: gardez-le pour vous, avec la liste il "
            "dit où vit chaque personne."
        )
    return OK if report is not None else PROBLEMS


def _report(
    arguments: argparse.Namespace,
    catalogue: Catalogue,
    perimeters: Perimeters,
    listing: Listing,
    base: Base | None,
    service: Service | None,
    answers: list[list[Answer]],
    screen: Screen,
) -> AddressReport | None:
    """Protect the counts of each generation; say why when nothing can be told."""
    minimum = catalogue.secrecy["adresses"].minimum or 1
    least = int(catalogue.number("adresse_effectif_minimal"))
    counts: list[AddressCounts] = []
    for rank, (one, outlines) in enumerate(zip(answers, perimeters.outlines, strict=True)):
        made = address_counts(tally(one), outlines.layer, minimum, least)
        if made is None:
            screen.note(
                f"La liste compte {compte(len(listing.lines), 'adresse', 'adresses')}{NBSP}: "
                f"il en faut {nombre(max(least, minimum))} au moins pour donner une part sans "
                "dire où vit quelqu’un."
            )
            return None
        if rank and not (
            showable_together(moved(answers[0], one), minimum) and _blank(made) == _blank(counts[0])
        ):
            screen.note(
                f"Les périmètres de {made.generation} ne peuvent pas être montrés à côté de ceux "
                f"de {counts[0].generation}{NBSP}: la différence ne porterait que sur quelques "
                "personnes. Demandez l’une des deux avec --generation, et ne montrez que celle-là."
            )
            continue
        counts.append(made if not rank else _without_parts(made))
    shown = {made.generation for made in counts}
    kept = tuple(one for one in perimeters.outlines if one.layer.generation in shown)
    told = dataclasses.replace(perimeters, outlines=kept)
    said = method(catalogue, told, base, service, arguments.marge)
    date = arguments.date or dt.date.today().isoformat()
    return AddressReport(tuple(counts), said, date, arguments.structure)


def _blank(counts: AddressCounts) -> tuple[bool, bool, bool]:
    return counts.inside is None, counts.outside is None, counts.unknown is None


def _without_parts(counts: AddressCounts) -> AddressCounts:
    """The second generation shows its three answers only."""
    return AddressCounts(
        counts.generation, counts.outlines, counts.total,
        counts.inside, counts.outside, counts.unknown, (), (), counts.at_least, counts.at_most,
    )  # fmt: skip


def _write(arguments: argparse.Namespace, report: AddressReport, screen: Screen) -> None:
    outputs: list[Path] = list(arguments.sortie)
    try:
        for path in outputs:
            write = write_counts_csv if path.suffix.lower() == ".csv" else write_counts_xlsx
            write(report, path)
            screen.note(f"Résultat écrit dans {path}")
        if arguments.attestation is not None:
            write_atomic(arguments.attestation, attestation_pdf(report))
            screen.note(f"Attestation écrite dans {arguments.attestation}")
    except OSError as error:
        raise ProblemsError([_unwritable(error)]) from error


def _write_detail(path: Path, listing: Listing, answers: list[Answer]) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(("ligne", "reponse", "motif"))
    for listed, answer in zip(listing.lines, answers, strict=True):
        reason = answer.reason.label if answer.reason is not None else ""
        writer.writerow((listed.number, answer.state.value, reason))
    try:
        write_atomic(path, ("\ufeff" + stream.getvalue()).encode())
        path.chmod(0o600)
    except OSError as error:
        raise ProblemsError([_unwritable(error)]) from error


def _unwritable(error: OSError) -> Problem:
    return Problem(
        "dossier-protege",
        Where(str(error.filename or "")),
        "Ce fichier ne peut pas être écrit.",
        "un dossier où vous avez le droit d’écrire.",
        "Choisissez un autre dossier, ou fermez le fichier s’il est ouvert.",
    )
