"""Is this a SIRET, an RNA number, a telephone number, an address of mail or of the web?

Each function returns the value as it is kept and raises :class:`Fault`. SIRET: fourteen
digits, of which the key follows the Luhn formula (Insee); the establishments of La Poste
other than its seat have a sum of digits that is a multiple of five. RNA: W, then nine signs.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from terril.lib.french import NBSP
from terril.registres.faults import Fault, quoted

LA_POSTE: Final = "356000000"
LONGEST_EMAIL: Final = 254
LONGEST_ADDRESS: Final = 2000

_FILLING: Final = re.compile(r"[\s.\-/()]+")
#: the department is written with a letter in Corsica and overseas
_RNA: Final = re.compile(r"^W\d[0-9A-Z]\d{7}$")
_EMAIL: Final = re.compile(
    r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[\w](?:[\w-]*[\w])?\.)+[^\W\d_]{2,}$"
)
_HOST: Final = re.compile(r"^(?:[\w](?:[\w-]*[\w])?\.)+[^\W\d_][\w-]*[\w]$")


def siret(text: str) -> str:
    """Keep the fourteen digits of a SIRET."""
    digits = re.sub(r"[\s.]+", "", text)
    if not re.fullmatch(r"[0-9]{14}", digits):
        raise Fault(
            f"{quoted(text)} n’est pas un numéro SIRET.",
            "14 chiffres.",
            "Recopiez le numéro SIRET de la structure, en entier.",
        )
    if not _luhn(digits) and not (digits.startswith(LA_POSTE) and sum(map(int, digits)) % 5 == 0):
        raise Fault(
            f"Le numéro SIRET {quoted(text)} comporte une erreur{NBSP}: sa clé est fausse.",
            "14 chiffres dont la clé est juste.",
            "Comparez-le chiffre à chiffre avec l’avis de situation de la structure.",
        )
    return digits


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def rna(text: str) -> str:
    """Keep an RNA number in capitals, without spaces."""
    kept = re.sub(r"\s+", "", text).upper()
    if not _RNA.match(kept):
        raise Fault(
            f"{quoted(text)} n’est pas un numéro RNA.",
            "la lettre W et 9 chiffres.",
            "Recopiez le numéro du répertoire national des associations (RNA).",
        )
    return kept


def email(text: str) -> str:
    """Keep an address of mail, as typed."""
    if len(text) > LONGEST_EMAIL or not _EMAIL.match(text):
        raise Fault(
            f"{quoted(text)} n’est pas une adresse électronique.",
            "une seule adresse, comme contact@exemple.fr.",
            "Vérifiez l’adresse.",
        )
    return text


def phone(text: str) -> str:
    """Keep « 03 21 00 00 00 »; « +32 … » abroad; short numbers as they are.

    ``0321000000``, ``+33 3 21…``, ``0033 3…`` and ``03.21…`` are the same number.
    """
    bare = _FILLING.sub("", text.replace("(0)", ""))
    if bare.startswith("00"):
        bare = "+" + bare[2:]
    if bare.startswith("+33"):
        bare = "0" + bare[3:].removeprefix("0")
    if re.fullmatch(r"0[1-9][0-9]{8}", bare):
        return " ".join(bare[i : i + 2] for i in range(0, 10, 2))
    if re.fullmatch(r"[13][0-9]{1,3}|116[0-9]{3}", bare):
        return bare
    if re.fullmatch(r"\+[1-9][0-9]{6,14}", bare):
        # spaces are kept: each country groups its digits in its own way
        inside = re.sub(r"[\s.\-/()]+", " ", text.replace("(0)", "")).strip()
        return "+" + inside[2:].lstrip() if inside.startswith("00") else inside
    raise Fault(
        f"{quoted(text)} n’est pas un numéro de téléphone.",
        "10 chiffres, ou un numéro étranger qui commence par +.",
        "Écrivez un seul numéro.",
    )


def web(text: str) -> str:
    """Keep an address that starts with http:// or https://; « www. » gets https://."""
    address = f"https://{text}" if text.lower().startswith("www.") else text
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        valid = parts.scheme.lower() in ("http", "https") and parts.port != 0
    except ValueError:
        valid, host = False, ""
    if (
        not valid
        or not _HOST.match(host)
        or len(address) > LONGEST_ADDRESS
        or re.search(r"[\s<>\"\x00-\x1f\x7f]", address)
    ):
        raise Fault(
            f"{quoted(text)} n’est pas une adresse de site.",
            "une adresse qui commence par https:// ou http://.",
            "Recopiez l’adresse depuis le navigateur.",
        )
    return address
