"""Does a picture that is attached keep where and when it was taken?"""

from __future__ import annotations

import io
from pathlib import Path

import office
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from PIL import Image
from row_maker import make

from terril.web.espace.cards import cards
from terril.web.espace.models import Attachment


def test_a_picture_is_written_anew(web: Client, tmp_path: Path) -> None:
    contract = office.contract()
    register = next(code for code, card in cards().registers.items() if card.files)
    make(contract, register)
    browser = office.client_of(office.member(contract, "chargee_mission"))
    exif = Image.Exif()
    exif[0x010F] = "MARQUE-SECRETE"
    held = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(held, "PNG", exif=exif)
    assert b"MARQUE-SECRETE" in held.getvalue()
    with override_settings(MEDIA_ROOT=tmp_path):
        browser.post(
            f"/espace/essai/registres/{register}/1/pieces/",
            {"piece": SimpleUploadedFile("lieu.png", held.getvalue())},
        )
        paper = Attachment.objects.get()
        assert (paper.name, paper.kind) == ("lieu.jpg", "image/jpeg")
        body = Path(paper.file.path).read_bytes()
    assert b"MARQUE-SECRETE" not in body and len(body) == paper.size
    assert not Image.open(io.BytesIO(body)).getexif()
