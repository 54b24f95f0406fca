"""Does a kept picture hold pixels and nothing else, and is what was hidden gone?"""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from terril.web.pictures import (
    MOST_BYTES,
    SIDE,
    SQUARES,
    PictureError,
    box_of,
    clean,
    grid_of,
    hide,
)


def spread(image: Image.Image) -> list[tuple[int, int]]:
    """The lowest and the highest value of red, green and blue."""
    pixels = image.convert("RGB").tobytes()
    return [(min(pixels[k::3]), max(pixels[k::3])) for k in range(3)]


def photo(size: tuple[int, int] = (640, 480), kind: str = "JPEG", **options: object) -> bytes:
    """A picture whose pixels all differ from their neighbours."""
    image = Image.radial_gradient("L").resize(size)
    out = io.BytesIO()
    Image.merge("RGB", (image, image.rotate(90).resize(size), image)).save(out, kind, **options)
    return out.getvalue()


def with_place() -> bytes:
    """A photo that tells where, when and by what it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "MarqueSecrete"
    exif[0x0112] = 6  # to be turned
    exif.get_ifd(0x8825)[2] = (50.0, 25.0, 0.0)
    return photo(exif=exif, comment=b"commentaire cache", icc_profile=b"profil faux")


def test_nothing_but_pixels_is_left_and_the_picture_stands_upright() -> None:
    kept = clean(with_place())
    assert (kept.width, kept.height) == (480, 640)
    for told in (b"MarqueSecrete", b"commentaire", b"Exif", b"profil"):
        assert told in with_place() and told not in kept.body
    again = Image.open(io.BytesIO(kept.body))
    assert again.format == "JPEG" and not again.getexif() and "icc_profile" not in again.info


def test_what_follows_the_pixels_is_left_behind() -> None:
    assert b"<script>" not in clean(photo() + b"<script>alert(1)</script>").body


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_real_type_is_found_by_content(kind: str) -> None:
    assert clean(photo(kind=kind)).body.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF"])
def test_other_pictures_are_refused(kind: str) -> None:
    with pytest.raises(PictureError, match="JPEG, PNG ou WebP"):
        clean(photo(kind=kind))


@pytest.mark.parametrize(
    "body",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"\xff\xd8\xff\xe0",
     photo()[:2000], b"\x89PNG\r\n\x1a\n" + b"\0" * 50],
)  # fmt: skip
def test_what_is_no_picture_is_refused(body: bytes) -> None:
    with pytest.raises(PictureError):
        clean(body)


def test_a_small_file_that_claims_a_huge_picture_is_refused_before_it_is_decoded() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(PictureError, match="trop de points"):
        clean(bomb)


def test_a_heavy_file_is_refused() -> None:
    with pytest.raises(PictureError, match="15 Mo"):
        clean(b"\xff\xd8\xff" + b"\0" * MOST_BYTES)


def test_a_large_picture_is_made_smaller_and_a_small_one_stays() -> None:
    assert clean(photo((3000, 1500))).width == SIDE
    assert (clean(photo((30, 20))).width, clean(photo((1, 1))).height) == (30, 1)


def test_transparency_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    pixel = Image.open(io.BytesIO(clean(out.getvalue()).body)).getpixel((20, 20))
    assert isinstance(pixel, tuple) and min(pixel) > 250


def test_a_hidden_square_has_one_colour_and_the_others_stay() -> None:
    kept = clean(photo())
    hidden = hide(kept.body, [(0, 0), (99, 99), (-1, 0)])
    before, after = (Image.open(io.BytesIO(p.body)) for p in (kept, hidden))
    box = box_of(before.size, kept.grid, (0, 0))
    inside = (box[0], box[1], box[2] - 16, box[3] - 16)  # JPEG mixes the colours of an edge
    wide = max(high - low for low, high in spread(before.crop(box)))
    assert max(high - low for low, high in spread(after.crop(inside))) <= 8 < wide
    far = box_of(before.size, kept.grid, (8, 8))
    pairs = zip(spread(before.crop(far)), spread(after.crop(far)), strict=True)
    assert all(abs(a[0] - b[0]) <= 6 and abs(a[1] - b[1]) <= 6 for a, b in pairs)


def test_a_picture_smaller_than_its_grid_can_be_hidden() -> None:
    every = [(row, column) for row in range(16) for column in range(16)]
    hidden = hide(photo((3, 5)), every)
    assert (hidden.width, hidden.height) == (3, 5)


def test_two_pictures_that_differ_in_a_square_are_alike_once_it_is_hidden() -> None:
    """What was there cannot be found back: only its mean colour is left."""
    one = Image.new("RGB", (160, 120), "white")
    other = one.copy()
    other.putpixel((2, 2), (0, 0, 0))
    other.putpixel((5, 5), (255, 255, 255))
    bodies = []
    for image in (one, other):
        out = io.BytesIO()
        image.save(out, "PNG")
        bodies.append(hide(out.getvalue(), [(0, 0)]).body)
    first, second = (Image.open(io.BytesIO(b)).convert("RGB") for b in bodies)
    for image in (first, second):
        assert all(high - low <= 4 for low, high in spread(image.crop((0, 0, 8, 8))))


@settings(max_examples=60)
@given(st.integers(1, 3000), st.integers(1, 3000))
def test_the_squares_of_the_grid_cover_the_picture_once(width: int, height: int) -> None:
    rows, columns = grid_of(width, height)
    assert 1 <= rows <= SQUARES and 1 <= columns <= SQUARES and max(rows, columns) == SQUARES
    area = 0
    for row in range(rows):
        for column in range(columns):
            left, top, right, bottom = box_of((width, height), (rows, columns), (row, column))
            assert 0 <= left <= right <= width and 0 <= top <= bottom <= height
            area += (right - left) * (bottom - top)
    assert area == width * height
