"""Are spaces, capitals and stops those of French typography?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from terril.lib.prose import (
    Segment,
    longueur,
    phrase,
    premiere_qui_tient,
    sans_gras,
    segments,
    typographie,
)


def test_spaces() -> None:
    assert typographie("l'offre : « développée » ; 17 %, 12 € !") == (
        "l’offre\u00a0: «\u00a0développée\u00a0»\u202f; 17\u202f%, 12\u202f€\u202f!"
    )


@given(st.text(alphabet="ab 'é0123:;!?%€«»\u202f\u00a0,."))
def test_typography_is_done_once(text: str) -> None:
    once = typographie(text)
    assert typographie(once) == once


def test_sentences() -> None:
    assert phrase("à Avion, tout va") == "À Avion, tout va."
    assert phrase("**un sur deux** travaille.") == "**Un sur deux** travaille."
    assert phrase("est-ce vrai ?") == "Est-ce vrai\u202f?"
    assert phrase("il manque **12 €**") == "Il manque **12\u202f€**."


def test_strong_parts() -> None:
    text = "Le revenu, **12 093 €**, baisse."
    assert segments(text) == (
        Segment("Le revenu, "),
        Segment("12 093 €", strong=True),
        Segment(", baisse."),
    )
    assert "".join(s.text for s in segments(text)) == sans_gras(text)
    assert longueur(text) == len(sans_gras(text))


def test_the_first_variant_that_fits_is_whole() -> None:
    variants = ["Une phrase trop longue pour la place.", "Une phrase **courte**.", "Non."]
    assert premiere_qui_tient(variants, 18) == "Une phrase **courte**."
    assert premiere_qui_tient(variants, 17) == "Non."
    assert premiere_qui_tient(variants, 3) is None
