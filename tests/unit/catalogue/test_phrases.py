"""Are the pieces of the sentences good French, as far as a machine can tell?"""

from __future__ import annotations

import re

from terril.catalogue.load import Catalogue

#: gender of the nouns that open the noun groups
GENDERS = {
    **dict.fromkeys(
        ("part", "population", "densité", "évolution", "espérance", "surface", "mortalité",
         "pression", "femmes", "femme", "personnes", "personne", "licences", "demandes",
         "attributions", "créations", "bibliothèques", "pauvreté", "CMU-C", "ACS",
         "affections", "fragilité", "scolarisation", "maisons", "filles", "écoles", "familles",
         "résidence", "résidences", "unités", "demandeuses", "orientation", "qualification",
         "vacance", "insertion", "distance", "lignes", "gares"), "f"),
    **dict.fromkeys(
        ("taux", "nombre", "indice", "revenu", "revenus", "loyer", "rapport", "écart", "premier",
         "deuxième", "niveau",
         "troisième", "quatrième", "sixième", "septième", "huitième", "neuvième", "habitant",
         "habitants", "ménage", "ménages", "logement", "logements", "allocataire", "allocataires",
         "assuré", "assurés", "demandeur", "demandeurs", "élève", "élèves", "lycéen", "lycéens",
         "collégien", "collégiens", "candidat", "candidats", "jeune", "jeunes", "enfant",
         "enfants", "actif", "actifs", "médecin", "médecins", "hommes", "couples", "salariés",
         "établissements", "collèges", "lycées", "lots", "prêts", "contrats", "inscrits",
         "bénéficiaires", "quartiers", "retard", "impayés", "chômage", "emploi", "emplois",
         "arrêts", "passages", "moins", "75", "60"), "m"),
}  # fmt: skip

#: third person, singular → plural
VERBS = {
    "a": "ont", "est": "sont", "vit": "vivent", "perçoit": "perçoivent", "élève": "élèvent",
    "paie": "paient", "tire": "tirent", "compte": "comptent", "entre": "entrent", "va": "vont",
    "suit": "suivent", "réussit": "réussissent", "fait": "font", "doit": "doivent",
    "n’a": "n’ont", "n’est": "ne sont", "se déclare": "se déclarent",
}  # fmt: skip

#: vowels and mute h that call for an elision; aspirated words are named
ELISION = re.compile(
    r"\b(?:de|le|la|que|ne|se|ce|du) (?=[aeiouyâàéèêëîïôûh])(?!huitième|handball|y\b)",
    re.IGNORECASE,
)
CONTRACTION = re.compile(r"\b(?:de le|de les|à le|à les)\b(?! sien)")


def first(text: str) -> str:
    """Return the first word, article left out."""
    return re.sub(r"^(?:le |la |les |l’)", "", text).split(" ")[0]


def pieces(card: object) -> list[str]:
    """Return all the texts of a phrase."""
    return [value for value in vars(card).values() if isinstance(value, str) and len(value) > 1]


def test_the_subject_opens_with_an_article_of_its_gender(own: Catalogue) -> None:
    for code, card in own.indicators.items():
        phrase = card.phrase
        article = re.match(r"(le |la |les |l’)", phrase.subject)
        assert article, code
        if article[1] == "les ":
            assert phrase.number == "p", code
        else:
            assert phrase.number == "s", code
            assert phrase.gender in {"le ": "m", "la ": "f", "l’": "mf"}[article[1]], code
        assert GENDERS[first(phrase.subject)] == phrase.gender, code


def test_names_with_an_article_agree_with_their_gender_and_number(own: Catalogue) -> None:
    seen = 0
    for code, card in own.indicators.items():
        phrase = card.phrase
        names = [
            (phrase.topic, phrase.topic_gender, phrase.topic_number),
            (phrase.brief, phrase.brief_gender, None),
            (phrase.aspect, None, None),
        ]
        for text, gender, number in names:
            if text is None:
                continue
            seen += 1
            article = re.match(r"(le |la |les |l’)", text)
            assert article, f"{code}: {text}"
            real = GENDERS[first(text)]
            assert article[1] in ("les ", "l’", {"m": "le ", "f": "la "}[real]), f"{code}: {text}"
            assert gender in (None, real), f"{code}: {text}"
            assert number in (None, "p" if article[1] == "les " else "s"), f"{code}: {text}"
    assert seen > 40


def test_a_whole_clause_has_one_slot_for_the_figure(own: Catalogue) -> None:
    clauses = [c.phrase.statement for c in own.indicators.values() if c.phrase.statement]
    assert clauses
    for clause in clauses:
        assert len(re.findall(r"\{valeur(?::\w+:\w+)?\}", clause)) == clause.count("{") == 1


def test_every_row_of_the_sheet_has_a_name_for_livelier_sentences(own: Catalogue) -> None:
    for block in own.fiches["quartier"].blocks:
        for code in {*block.signal, *block.rows}:
            phrase = own.indicators[code].phrase
            assert phrase.topic or phrase.statement or phrase.aspect, code


def test_rank_nouns_are_bare_and_of_their_gender(own: Catalogue) -> None:
    seen = 0
    for code, card in own.indicators.items():
        noun = card.phrase.rank_noun
        if noun is not None:
            assert not re.match(r"(le|la|les|un|une|l’|d’)\b", noun), code
            assert GENDERS[first(noun)] == card.phrase.rank_gender, code
            seen += 1
    assert seen > 250


def test_count_nouns_are_plural_and_of_their_gender(own: Catalogue) -> None:
    for code, card in own.indicators.items():
        noun = card.phrase.count_noun
        if noun is not None:
            assert first(noun).endswith("s"), code
            assert GENDERS[first(noun)] == card.phrase.count_gender, code


def test_every_count_can_be_counted_in_a_sentence(own: Catalogue) -> None:
    for code, card in own.indicators.items():
        if card.nature.value == "nb":
            assert card.phrase.count_noun, code
            assert card.decimals == 0 or code.endswith("unites_consommation"), code


def test_fractions_agree_in_number_and_gender(own: Catalogue) -> None:
    seen = 0
    for code, card in own.indicators.items():
        phrase = card.phrase
        if phrase.among_singular and phrase.among_plural:
            one, many = phrase.among_singular, phrase.among_plural
            assert first(many) == first(one) + "s", code
            assert GENDERS[first(one)] == phrase.among_gender, code
            assert card.unit == "pourcent", code
            seen += 1
    assert seen > 90


def test_verbs_of_a_fraction_are_the_same_verb(own: Catalogue) -> None:
    for code, card in own.indicators.items():
        one, many = card.phrase.verb_singular, card.phrase.verb_plural
        if one and many:
            found = [
                verb
                for verb, plural in VERBS.items()
                if one.startswith(verb + " ") and many.startswith(plural + " ")
            ]
            assert found, f"{code}: {one} / {many}"
            assert "leur " in many or "leurs " in many or not re.search(r"\b(?:son|ses) ", one), (
                code
            )


def test_elisions_and_contractions_are_made(own: Catalogue) -> None:
    faults = [
        f"{code}: {text}"
        for code, card in own.indicators.items()
        for text in [*pieces(card.phrase), card.label, card.short, card.question]
        if ELISION.search(text) or CONTRACTION.search(text)
    ]
    assert not faults


def test_questions_are_questions_and_pieces_end_bare(own: Catalogue) -> None:
    for code, card in own.indicators.items():
        assert card.question.endswith("\u202f?"), code
        assert card.question[0].isupper(), code
        for text in pieces(card.phrase):
            assert not re.search(r"[.;:,?!]$", text), code
        if card.caution:
            assert card.caution.endswith("."), code
