"""Which papers are kept with a row, and who reads them?"""

from __future__ import annotations

from pathlib import Path

import office
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from terril.web.espace.cards import cards
from terril.web.espace.models import Attachment, Contract

PDF = b"%PDF-1.4\n%essai\n"


def register_with_papers() -> str:
    """Return a register whose rows keep papers and which everybody may read a part of."""
    return next(code for code, card in cards().registers.items() if card.files and card.public)


def filled(contract: Contract, register: str) -> None:
    """Add a row to a register, with a value in each column that must have one."""
    from row_maker import make

    make(contract, register)


def send(browser: Client, place: str, name: str, body: bytes, **form: str) -> int:
    answer = browser.post(place, {"piece": SimpleUploadedFile(name, body), **form})
    return int(answer.status_code)


def test_a_paper_is_kept_read_made_public_and_taken_away(web: Client, tmp_path: Path) -> None:
    contract = office.contract()
    register = register_with_papers()
    filled(contract, register)
    browser = office.client_of(office.member(contract, "chargee_mission"))
    place = f"/espace/essai/registres/{register}/1/pieces/"
    with override_settings(MEDIA_ROOT=tmp_path):
        assert send(browser, place, "Été ../ compte rendu.pdf", PDF) == 302
        paper = Attachment.objects.get()
        assert "/" not in paper.name and paper.name.endswith("compte rendu.pdf")
        inside, outside = f"/espace/essai/pieces/{paper.pk}/", f"/contrat/essai/pieces/{paper.pk}/"
        answer = browser.get(inside)
        assert b"".join(answer) == PDF
        assert "sandbox" in answer["Content-Security-Policy"]
        assert web.get(inside).status_code == 302 and web.get(outside).status_code == 404
        browser.post(inside + "changer/", {"faire": "publier"})
        assert web.get(outside).status_code == 200
        browser.post(inside + "changer/", {"faire": "retirer"})
        assert web.get(outside).status_code == 404 and not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("name", "body"),
    [("page.html", b"<script>"), ("faux.pdf", b"<html>"), ("vide.pdf", b""), ("a.exe", b"MZ")],
)
def test_what_is_no_paper_is_refused(web: Client, tmp_path: Path, name: str, body: bytes) -> None:
    contract = office.contract()
    register = register_with_papers()
    filled(contract, register)
    browser = office.client_of(office.member(contract, "chargee_mission"))
    with override_settings(MEDIA_ROOT=tmp_path):
        send(browser, f"/espace/essai/registres/{register}/1/pieces/", name, body)
        assert not Attachment.objects.exists() and not any(tmp_path.rglob("*.*"))


def test_a_member_who_may_not_write_attaches_nothing(web: Client, tmp_path: Path) -> None:
    contract = office.contract()
    register = register_with_papers()
    filled(contract, register)
    browser = office.client_of(office.member(contract, "jure"))
    with override_settings(MEDIA_ROOT=tmp_path):
        place = f"/espace/essai/registres/{register}/1/pieces/"
        assert send(browser, place, "a.pdf", PDF) == 403
    assert not Attachment.objects.exists()
