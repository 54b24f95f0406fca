"""A site on a sealed edition of the pilot, made once a session, and settings for its tests.

Django reads its settings once a process: the folder of editions is set before, and each test
that needs other editions overrides ``settings.EDITIONS``.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

from terril.cli.main import main

ROOT = Path(__file__).resolve().parents[2]


@lru_cache(maxsize=1)
def editions() -> Path:
    """Return the folder of editions of the pilot, sealed in a folder of this process."""
    folder = Path(tempfile.mkdtemp(prefix="terril-site-")) / "editions"
    assert main(["construire", str(ROOT / "demo"), "--vers", str(folder)]) == 0
    return folder


def start() -> None:
    """Set Django up for the tests of this process, with an empty database in memory."""
    from django.apps import apps

    if apps.ready:  # not the environment: a process of xdist has that of its parent
        return
    data = tempfile.mkdtemp(prefix="terril-donnees-")
    os.environ.update(
        DJANGO_SETTINGS_MODULE="terril.web.settings",
        TERRIL_DONNEES=data,
        TERRIL_EDITIONS=str(editions()),
        TERRIL_DEBIT="1000000",
        TERRIL_HOTES="testserver,localhost,127.0.0.1",
        TERRIL_SECOND_FACTEUR="propose",
    )
    import django
    from django.conf import settings
    from django.test.utils import setup_test_environment

    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MAIL_APART = False
    django.setup()
    setup_test_environment()


def forget() -> None:
    """Remove what :func:`editions` wrote."""
    if editions.cache_info().currsize:
        shutil.rmtree(editions().parent, ignore_errors=True)
