"""Who may send a file, and how large?

One handler for every form: the file goes to the disk by pieces, whatever its size; beyond
``settings.UPLOAD_MAX`` for an analyst, ``settings.PAPER_MAX`` for another person, what follows
is thrown away and the request is marked, so that the view says it. Without an account, nobody
sends any.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import (
    SkipFile,
    StopUpload,
    TemporaryFileUploadHandler,
)
from django.http import HttpRequest

#: beyond so many times the limit, the rest is not even read
_HOPELESS = 4


def too_big(request: HttpRequest) -> bool:
    """Was a file of this request beyond the limit?"""
    return bool(getattr(request, "upload_too_big", False))


class Ceiling(TemporaryFileUploadHandler):
    """Writes files to the disk, for people with an account, up to their limit."""

    limit = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Note the announced length."""
        self.announced = content_length or 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file, or pass over it."""
        person = getattr(self.request, "user", None)
        if getattr(person, "is_analyst", False):
            self.limit = settings.UPLOAD_MAX
        elif getattr(person, "is_authenticated", False):
            self.limit = settings.PAPER_MAX
        else:
            raise SkipFile
        self.received = 0
        if self.announced > self.limit + 1_000_000:
            self._refuse()
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write one piece."""
        self.received += len(raw_data)
        if self.received > self.limit:
            self._refuse()
        return super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        """Give the whole file."""
        return super().file_complete(file_size)

    def _refuse(self) -> None:
        setattr(self.request, "upload_too_big", True)  # noqa: B010
        raise StopUpload(connection_reset=self.announced > _HOPELESS * self.limit)
