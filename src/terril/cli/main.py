"""Which verb was asked, and how did it end?"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import sys
import traceback
from collections.abc import Sequence
from typing import Final, Protocol, TextIO, cast

from terril import __version__
from terril.cli.codes import BUG, EXIT_CODES, INTERRUPTED, PROBLEMS
from terril.cli.parser import Parser
from terril.cli.problems import show
from terril.cli.screen import Screen
from terril.lib.problems import ProblemsError

#: the verbs in the order of the work, each with its summary
VERBS: Final[dict[str, str]] = {
    "nouveau": "crée un projet pour une intercommunalité depuis les fichiers nationaux",
    "telecharger": "télécharge les fichiers officiels, vérifiés, avec leur origine",
    "importer": "lit un fichier, dit ce qu’il contient et l’ajoute au projet s’il est juste",
    "compter": "compte des enregistrements par territoire, sous secret statistique",
    "controler": "lit tous les fichiers et montre problèmes, contradictions et constats",
    "construire": "lit tous les fichiers d’un projet et scelle une édition",
    "publier": "compose les fiches, les tableaux et l’état des lieux d’une édition",
    "servir": "met l’observatoire sur le web, pages et interface de programmation",
    "compte": "ouvre ou ferme le compte d’une personne qui prépare les éditions sur le site",
    "espace": "charge les registres d’un contrat de ville et invite ses premières personnes",
    "rappels": "envoie à chaque personne ce qui l’attend dans l’espace de travail",
    "courriels": "envoie les messages du site qu’aucun serveur n’a encore pris",
    "adresses": "dit combien d’adresses d’une liste sont dans un quartier, sans en montrer aucune",
    "tracer": "suit un chiffre du fichier officiel à la page imprimée",
    "retropoler": "estime les chiffres de 2015 dans les périmètres de 2024, sur demande",
    "comparer": "dit ce qui change d’une édition à une autre",
    "editions": "liste les éditions et dit si elles sont intactes",
    "reconstruire": "refait une édition depuis ses fichiers et dit si elle est la même",
    "retirer": "retire une édition publiée, avec une note qui reste au registre",
}

_DESCRIPTION: Final = """\
Terril fait l’observatoire des quartiers prioritaires d’un contrat de ville : des fichiers
officiels aux fiches, aux tableaux et à l’état des lieux."""

_EXAMPLES: Final = f"""\
par où commencer :
  terril nouveau 246200299 --depuis fichiers-insee --vers henin-carvin
  terril controler henin-carvin
  terril construire henin-carvin --brouillon
  terril publier henin-carvin

Chaque verbe a son aide et ses exemples, par exemple : terril importer --help

{EXIT_CODES}"""


class VerbParser(Parser):
    """The parser of all the verbs; ``verbs`` gives each one's own."""

    verbs: dict[str, Parser]


class Verb(Protocol):
    """What a module of this package offers."""

    DESCRIPTION: str
    EXAMPLES: str

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""

    def run(self, arguments: argparse.Namespace, screen: Screen) -> int:
        """Do it; return the exit code."""


def verb(name: str) -> Verb:
    """Return the module of a verb."""
    return cast(Verb, importlib.import_module(f"terril.cli.{name}"))


def build_parser(only: str | None = None) -> VerbParser:
    """Return the parser of all the verbs, or of ``only`` one with the names of the others.

    A verb’s module imports all that the verb needs: one command loads only its own.
    """
    parser = VerbParser(prog="terril", description=_DESCRIPTION, epilog=_EXAMPLES)
    parser.add_argument(
        "--version",
        action="version",
        version=f"terril {__version__}",
        help="montre la version",
    )
    verbs = parser.add_subparsers(
        title="verbes\u00a0", dest="verb", metavar="VERBE", required=True, parser_class=Parser
    )
    parser.verbs = {}
    for name, summary in VERBS.items():
        if only not in (None, name):
            verbs.add_parser(name, help=summary)
            continue
        module = verb(name)
        child = verbs.add_parser(
            name, help=summary, description=module.DESCRIPTION, epilog=module.EXAMPLES
        )
        module.configure(child)
        parser.verbs[name] = child
    return parser


def _asked(arguments: Sequence[str]) -> str:
    """Return the verb of a command, or "" when there is none."""
    return next((word for word in arguments if word in VERBS), "")


def main(
    arguments: Sequence[str] | None = None,
    out: TextIO | None = None,
    err: TextIO | None = None,
) -> int:
    """Run one command and return its exit code (see ``codes``).

    ``SystemExit`` is raised, as ``argparse`` does, for a command that is not well written
    and for ``--help``.
    """
    for stream in (sys.stdout, sys.stderr):
        # a terminal that cannot write « ’ » shows « ? » rather than failing
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    words = list(sys.argv[1:] if arguments is None else arguments)
    chosen = build_parser(_asked(words)).parse_args(words)
    screen = Screen(out, err)
    try:
        return verb(chosen.verb).run(chosen, screen)
    except ProblemsError as error:
        show(screen, error.problems)
        return PROBLEMS
    except KeyboardInterrupt:
        screen.note("Arrêté. Rien d’incomplet n’est resté.")
        return INTERRUPTED
    except BrokenPipeError:
        # the reader of the pipe (head, less…) has left: nothing more can be said
        sys.stderr.close()
        return PROBLEMS
    except Exception:
        screen.note(
            "Erreur imprévue du logiciel\u00a0: vos fichiers n’y sont pour rien, ou auraient"
        )
        screen.note("dû recevoir un message clair. Signalez-la avec le détail qui suit.")
        screen.note(traceback.format_exc())
        return BUG
