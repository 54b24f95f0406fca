"""Are results plain in a pipe, and problems told all together?"""

from __future__ import annotations

import io

from terril.cli.problems import count, show
from terril.cli.screen import Screen
from terril.lib.problems import Problem, Severity, Where


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


PROBLEMS = [
    Problem("b", Where("b.csv", line=9), "Une ligne douteuse.", severity=Severity.WARNING),
    Problem("a", Where("b.csv", line=12, column="X"), "Un texte.", "un nombre.", "Corrigez."),
    Problem("c", Where("a.csv", "Feuille", 2), "Une colonne manque."),
]


def test_a_table_in_a_pipe_is_tabulated_lines() -> None:
    out = io.StringIO()
    Screen(out, io.StringIO()).table(("a", "b"), [("1", "deux\nlignes"), ("12\u202f811", "")])
    assert out.getvalue() == "a\tb\n1\tdeux lignes\n12\u202f811\t\n"


def test_a_table_on_a_terminal_is_drawn() -> None:
    out = Terminal()
    Screen(out, io.StringIO()).table(("a", "b"), [("1", "deux")])
    assert "\t" not in out.getvalue() and "deux" in out.getvalue()


def test_brackets_are_text_and_not_styles() -> None:
    out = Terminal()
    screen = Screen(out, Terminal())
    screen.line("[rouge] et [/bold]")
    assert "[rouge] et [/bold]" in out.getvalue()


def test_progress_in_a_pipe_is_one_line_a_stage() -> None:
    err = io.StringIO()
    with Screen(io.StringIO(), err).progress() as progress:
        progress.stage("Lecture", 3)
        progress.advance()
        progress.stage("Calcul")
    lines = err.getvalue().splitlines()
    assert [line.split(" (")[0] for line in lines] == ["Lecture", "Calcul"]
    assert all(line.endswith("\u202fs)") for line in lines)


def test_progress_on_a_terminal_draws_a_bar_and_keeps_the_output_clean() -> None:
    out, err = io.StringIO(), Terminal()
    with Screen(out, err).progress() as progress:
        progress.stage("Lecture", 2)
        progress.advance(2)
    assert "Lecture" in err.getvalue() and "2/2" in err.getvalue()
    assert out.getvalue() == ""


def test_problems_are_numbered_located_and_of_a_kind() -> None:
    out, err = io.StringIO(), io.StringIO()
    show(Screen(out, err), PROBLEMS)
    assert out.getvalue() == ""
    lines = err.getvalue().splitlines()
    assert lines[0] == "2 erreurs, 1 avertissement"
    heads = [line for line in lines if line[:4].strip().rstrip(".").isdigit()]
    assert heads == [
        "  1. erreur, a.csv, feuille « Feuille », ligne 2",
        "  2. erreur, b.csv, ligne 12, colonne « X »",
        "  3. avertissement, b.csv, ligne 9",
    ]
    assert "     Attendu\u00a0: un nombre." in lines
    assert "     À faire\u00a0: Corrigez." in lines


def test_a_long_list_says_how_many_are_left_out() -> None:
    err = io.StringIO()
    many = [Problem("a", Where("a.csv", line=n), "Un texte.") for n in range(1, 101)]
    show(Screen(io.StringIO(), err), many, limit=10)
    assert err.getvalue().startswith("100 erreurs\n")
    assert "… et 90 autres." in err.getvalue()
    assert err.getvalue().count("Un texte.") == 10


def test_nothing_is_said_of_no_problem() -> None:
    err = io.StringIO()
    show(Screen(io.StringIO(), err), [])
    assert err.getvalue() == "" and count([]) == ""
