"""Which picture may be kept, and how is what it tells of people taken out of it?

A picture that was sent is decoded and written anew: its dates, its place, its maker and whatever
was hidden in the file stay behind, and only pixels go on. Its real type is what the decoder finds,
never its name. The squares that a person points at are filled with one colour each: what stood
there is gone, not veiled, and cannot be found back.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError

#: what a phone sends; a drawing with scripts (SVG), a moving picture or a document is none
FORMATS: Final = ("JPEG", "PNG", "WEBP")
MOST_BYTES: Final = 15_000_000
#: decoded size at the most, checked before anything is decoded: 60 million pixels, 180 MB
MOST_PIXELS: Final = 60_000_000
SIDE: Final = 2000  # pixels of the longest side once kept
SQUARES: Final = 13  # of the grid, along the longest side: a finger finds one on a phone
_QUALITY: Final = 85
KIND: Final = "image/jpeg"

Square = tuple[int, int]  # row, column, from 0


class PictureError(Exception):
    """Raised when a file is not a picture that may be kept; its text is for the person."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture written anew: JPEG, upright, nothing but pixels."""

    body: bytes
    width: int
    height: int

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns of the grid that is laid on it."""
        return grid_of(self.width, self.height)


def grid_of(width: int, height: int) -> tuple[int, int]:
    """Rows and columns of nearly square cells, ``SQUARES`` along the longest side."""
    if width >= height:
        return max(1, round(SQUARES * height / width)), SQUARES
    return SQUARES, max(1, round(SQUARES * width / height))


def clean(body: bytes) -> Picture:
    """Decode a picture and write it anew; raises ``PictureError``."""
    if len(body) > MOST_BYTES:
        raise PictureError("Cette photo dépasse 15 Mo. Réduisez-la, puis recommencez.")
    image = _opened(body)
    image = _upright(image)
    if max(image.size) > SIDE:
        image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return _written(image)


def hide(body: bytes, squares: Iterable[Square]) -> Picture:
    """Fill squares of the grid of a kept picture with their mean colour; the others stay.

    Squares out of the grid are ignored. Raises ``PictureError`` when the picture is damaged.
    """
    image = _opened(body).convert("RGB")
    rows, columns = grid_of(*image.size)
    for row, column in set(squares):
        if not (0 <= row < rows and 0 <= column < columns):
            continue
        box = box_of(image.size, (rows, columns), (row, column))
        if box[0] == box[2] or box[1] == box[3]:
            continue  # a picture smaller than its grid
        piece = image.crop(box).resize((1, 1), Image.Resampling.BOX)
        image.paste(piece.resize((box[2] - box[0], box[3] - box[1])), box)
    return _written(image)


def box_of(
    size: tuple[int, int], grid: tuple[int, int], square: Square
) -> tuple[int, int, int, int]:
    """Pixels of a square: left, top, right, bottom; together the squares cover the picture."""
    (width, height), (rows, columns), (row, column) = size, grid, square
    return (
        column * width // columns,
        row * height // rows,
        (column + 1) * width // columns,
        (row + 1) * height // rows,
    )


def _opened(body: bytes) -> Image.Image:
    no_picture = "Ce fichier n’est pas une photo JPEG, PNG ou WebP que l’on peut ouvrir."
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image: Image.Image = Image.open(io.BytesIO(body), formats=FORMATS)
            width, height = image.size
            if width * height > MOST_PIXELS or min(width, height) < 1:
                raise PictureError("Cette photo a trop de points\u202f; réduisez-la.")
            ImageFile.LOAD_TRUNCATED_IMAGES = False
            image.load()
        except PictureError:
            raise
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise PictureError("Cette photo a trop de points\u202f; réduisez-la.") from error
        except UnidentifiedImageError as error:
            raise PictureError(no_picture) from error
        except Exception as error:  # a decoder may raise anything on a damaged or hostile file
            raise PictureError(no_picture) from error
    return image


def _upright(image: Image.Image) -> Image.Image:
    """Turn the picture as its camera says, in plain red, green and blue of the web."""
    profile = image.info.get("icc_profile")
    turned = ImageOps.exif_transpose(image)
    if turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info:
        seen = turned.convert("RGBA")
        paper = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(paper, seen).convert("RGB")
    if profile and turned.mode == "RGB":
        # with a profile that cannot be read, the colours stay as they are written
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(turned, source, target) or turned
    return turned.convert("RGB")


def _written(image: Image.Image) -> Picture:
    plain = Image.frombytes("RGB", image.size, image.tobytes())  # without any of its notes
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return Picture(out.getvalue(), *plain.size)
