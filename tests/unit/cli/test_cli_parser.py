"""Does the command line speak French, and nothing else?"""

from __future__ import annotations

import re
import shlex

import pytest

from terril.cli.main import VERBS, build_parser, verb
from terril.cli.parser import Parser, french

ENGLISH = re.compile(
    r"\b(usage|optional|positional|arguments are|required|show this|invalid|choose|expected|"
    r"unrecognized|default|following|could match|error)\b",
    re.IGNORECASE,
)


def parser() -> Parser:
    made = Parser(prog="essai")
    made.add_argument("fichier")
    made.add_argument("--nombre", type=int)
    made.add_argument("--part", type=float)
    made.add_argument("--choix", choices=["a", "b"])
    made.add_argument("--drapeau", action="store_true")
    made.add_argument("--deux", nargs=2)
    made.add_argument("--plusieurs", nargs="+")
    group = made.add_mutually_exclusive_group()
    group.add_argument("--un", action="store_true")
    group.add_argument("--autre", action="store_true")
    return made


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "il manque\u00a0: fichier"),
        (["f", "--inconnue"], "argument inconnu\u00a0: --inconnue"),
        (["f", "--nombre"], "--nombre\u00a0: une valeur est attendue"),
        (["f", "--nombre", "x"], "--nombre\u00a0: 'x' n’est pas un nombre entier"),
        (["f", "--part", "x"], "--part\u00a0: 'x' n’est pas un nombre"),
        (["f", "--choix", "c"], "--choix\u00a0: 'c' n’est pas possible, choisissez parmi"),
        (["f", "--drapeau=1"], "--drapeau\u00a0: cette option ne prend pas de valeur"),
        (["f", "--deux", "1"], "--deux\u00a0: 2 valeurs sont attendues"),
        (["f", "--plusieurs"], "--plusieurs\u00a0: au moins une valeur est attendue"),
        (["f", "--un", "--autre"], "--autre\u00a0: ne va pas avec --un"),
    ],
)
def test_errors_are_french_and_leave_with_two(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        parser().parse_args(arguments)
    assert left.value.code == 2
    error = capsys.readouterr().err
    assert said in error
    assert "utilisation\u00a0: essai" in error and "essai --help" in error
    assert not ENGLISH.search(error), ENGLISH.search(error)


def test_a_message_never_met_is_shown_as_it_is() -> None:
    assert french("something new") == "something new"


def test_help_of_every_verb_is_french_and_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    texts = {"": build_parser().format_help()}
    for name in VERBS:
        with pytest.raises(SystemExit) as left:
            build_parser().parse_args([name, "--help"])
        assert left.value.code == 0
        texts[name] = capsys.readouterr().out
    assert len(texts) == len(VERBS) + 1 > 8
    for name, text in texts.items():
        assert not ENGLISH.search(text), (name, ENGLISH.search(text))
        assert text.startswith("utilisation\u00a0: terril")
        assert "codes de sortie" in text
        examples = re.findall(rf"^  terril {name}.*$", text, flags=re.MULTILINE)
        assert len(examples) >= 2, f"{name or 'terril'} shows fewer than two examples"
        assert max(map(len, text.splitlines())) <= 100, name


def test_the_examples_of_the_help_are_commands_that_parse() -> None:
    seen = 0
    for name in VERBS:
        for line in verb(name).EXAMPLES.splitlines():
            if not line.startswith("  terril "):
                continue
            command = re.split(r"\s{2,}", line.strip())[0]
            chosen = build_parser().parse_args(shlex.split(command)[1:])
            assert chosen.verb == name
            seen += 1
    assert seen >= 2 * len(VERBS)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    from terril import __version__

    with pytest.raises(SystemExit) as left:
        build_parser().parse_args(["--version"])
    assert left.value.code == 0
    assert capsys.readouterr().out == f"terril {__version__}\n"
