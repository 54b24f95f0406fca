"""Which server takes the messages of the site, and on what terms?

One text says it all: ``smtp://user:password@host:587?tls=starttls`` or ``smtps://host``. Without
one the messages are files of a folder: nothing needs a server to be tried.
"""

from __future__ import annotations

from email.utils import parseaddr
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

_SMTP: Final = "django.core.mail.backends.smtp.EmailBackend"
_FILES: Final = "django.core.mail.backends.filebased.EmailBackend"
#: seconds before a server that does not answer is left
_PATIENCE: Final = 10
_TLS: Final = ("starttls", "non")


def mail_settings(url: str, folder: Path) -> dict[str, Any]:
    """Return Django's settings of mail for a URL; without one, files in ``folder``.

    ``tls=starttls`` is the rule when there is a password or the port is 587: a password never
    goes in clear unless ``tls=non`` says so. Raises ``ValueError`` on what is not managed.
    """
    if not url.strip():
        return {"EMAIL_BACKEND": _FILES, "EMAIL_FILE_PATH": folder}
    parts = urlsplit(url.strip())
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError(
            "TERRIL_SMTP : attendu smtp://utilisateur:motdepasse@serveur:587?tls=starttls "
            "ou smtps://utilisateur:motdepasse@serveur"
        )
    try:
        port = parts.port or (465 if parts.scheme == "smtps" else 25)
    except ValueError as error:
        raise ValueError("TERRIL_SMTP : le port n’est pas un nombre de 1 à 65535") from error
    user, word = unquote(parts.username or ""), unquote(parts.password or "")
    usual = "starttls" if user or port == 587 else "non"
    tls = parse_qs(parts.query).get("tls", [usual])[-1]
    if tls not in _TLS:
        raise ValueError(f"TERRIL_SMTP : tls={tls} n’est pas géré ({', '.join(_TLS)})")
    return {
        "EMAIL_BACKEND": _SMTP,
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": word,
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and tls == "starttls",
        "EMAIL_TIMEOUT": _PATIENCE,
    }


def sender(given: str, host: str) -> str:
    """Return who the messages come from: ``given``, else an address of the site’s host.

    Raises ``ValueError`` when it is no address.
    """
    if not given.strip():
        named = "." in host and not host.replace(".", "").isdigit()
        return f"ne-pas-repondre@{host}" if named else "terril@localhost"
    address = parseaddr(given)[1]
    if "\n" in given or "\r" in given or not address.partition("@")[2]:
        raise ValueError(f"TERRIL_EXPEDITEUR : « {given} » n’est pas une adresse électronique")
    return given.strip()
