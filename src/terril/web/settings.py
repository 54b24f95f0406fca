"""How is the site set, and by which variables of the environment?

Everything has a value that works on the machine of one analyst; what a production needs is
given by the environment (``docs/operations.md``): ``TERRIL_EDITIONS``, ``TERRIL_DONNEES``,
``TERRIL_PROJETS``, ``TERRIL_HOTES``, ``TERRIL_CLE``, ``DATABASE_URL``, ``TERRIL_HTTPS``,
``TERRIL_DEBIT``, ``TERRIL_MANDATAIRES``, ``TERRIL_PAGES_MO``, ``TERRIL_SMTP``,
``TERRIL_EXPEDITEUR``, ``TERRIL_ADRESSE``, ``TERRIL_SECOND_FACTEUR``.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from terril.web.mail_url import mail_settings, sender

WEB: Final = Path(__file__).resolve().parent


def _folder(name: str, default: str) -> Path:
    return Path(os.environ.get(name) or default).expanduser().resolve()


def _yes(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in ("1", "oui", "yes", "true")


def _one_of(name: str, allowed: tuple[str, ...]) -> str:
    """The value of a variable, the first allowed one unless given; ``ValueError`` on another."""
    given = os.environ.get(name, "").strip().lower() or allowed[0]
    if given not in allowed:
        raise ValueError(f"{name} : {given} n’est pas géré ({', '.join(allowed)})")
    return given


def _secret(folder: Path) -> str:
    """The key of the environment, else the one kept beside the database, made at first use."""
    given = os.environ.get("TERRIL_CLE", "")
    if given:
        return given
    file = folder / "cle"
    try:
        return file.read_text(encoding="ascii").strip()
    except OSError:
        key = secrets.token_urlsafe(50)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                out.write(key)
        except FileExistsError:
            return file.read_text(encoding="ascii").strip()
        except OSError:
            pass  # nowhere to keep it: sessions end with the process
        return key


def database(url: str, folder: Path) -> dict[str, Any]:
    """Return Django's setting for a database URL; without one, SQLite in WAL mode.

    Raises ``ValueError`` on a scheme that is neither sqlite nor postgresql.
    """
    parts = urlsplit(url)
    if not url or parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path) or folder / "terril.sqlite",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                "PRAGMA busy_timeout=5000;",
            },
        }
    if parts.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
        }
    raise ValueError(f"DATABASE_URL : {parts.scheme} n’est pas géré (sqlite ou postgresql)")


#: folder of the sealed editions, and of what the site itself writes
EDITIONS: Final = _folder("TERRIL_EDITIONS", "out/editions")
DATA: Final = _folder("TERRIL_DONNEES", "out/site")
#: a project, or a folder of projects, that the atelier works on beside its own
ATTACHED: Final = (
    _folder("TERRIL_PROJETS", "") if os.environ.get("TERRIL_PROJETS", "").strip() else None
)

#: a folder of cards of the site’s own, for the registers of the workspace
CARDS: Final = _folder("TERRIL_CARTES", "") if os.environ.get("TERRIL_CARTES", "").strip() else None

DEBUG = False
SECRET_KEY = _secret(DATA)
HTTPS: Final = _yes("TERRIL_HTTPS")
ALLOWED_HOSTS = [
    host.strip()
    for host in os.environ.get("TERRIL_HOTES", "localhost,127.0.0.1,[::1]").split(",")
    if host.strip()
]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "terril.web.design",
    "terril.web.people",
    "terril.web.espace",
    "terril.web.gouvernance",
    "terril.web.contrat",
    "terril.web.annuaire",
    "terril.web.participation",
    "terril.web.observatoire",
    "terril.web.atelier",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "terril.web.security.Policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "terril.web.security.Rate",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "terril.web.people.gate.Gate",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "terril.web.urls"
WSGI_APPLICATION = "terril.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "terril.web.design.context.site",
                "terril.web.espace.context.contracts",
            ],
            "builtins": ["terril.web.design.templatetags.terril"],
        },
    }
]
DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Person"
LOGIN_URL = "connexion"
LOGIN_REDIRECT_URL = "espace"
LOGOUT_REDIRECT_URL = "accueil"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/statique/"
STATIC_ROOT = DATA / "statique"
MEDIA_ROOT = DATA / "fichiers"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31_536_000

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "terril_session", "terril_csrf"

#: seconds a link to choose a new password, or to confirm a new address, is good for
PASSWORD_RESET_TIMEOUT = 2 * 3600
#: must those who may write for others sign in with a second factor, or are they only offered it
SECOND_FACTOR: Final = _one_of("TERRIL_SECOND_FACTEUR", ("exige", "propose"))

#: the site as messages name it, "" to take the address by which it was asked
SITE_ADDRESS: Final = os.environ.get("TERRIL_ADRESSE", "").strip().rstrip("/")
#: EMAIL_BACKEND and the others: a server, or files in the folder « courriels » of the data
globals().update(mail_settings(os.environ.get("TERRIL_SMTP", ""), DATA / "courriels"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = sender(
    os.environ.get("TERRIL_EXPEDITEUR", ""), ALLOWED_HOSTS[0] if ALLOWED_HOSTS else ""
)
#: are messages sent beside the page that wrote them, which then waits for no server
MAIL_APART: Final = True

#: what the duties of a public site ask for: where to write, who hosts, the state of accessibility
#: that an audit found (totale | partielle | non)
CONTACT: Final = os.environ.get("TERRIL_CONTACT", "").strip()
HOSTING: Final = os.environ.get("TERRIL_HEBERGEUR", "").strip()
ACCESSIBILITY: Final = _one_of("TERRIL_ACCESSIBILITE", ("non", "partielle", "totale"))

#: requests a minute that one address may send, to pages and to the API together
RATE: Final = int(os.environ.get("TERRIL_DEBIT", "600"))
#: bytes of pages that each process keeps in memory
PAGES_KEPT: Final = int(os.environ.get("TERRIL_PAGES_MO", "48")) * 1024 * 1024
#: rows of registers that each process keeps in memory, all contracts together
ROWS_KEPT: Final = int(os.environ.get("TERRIL_LIGNES", "200000"))
#: proxies in front of the server whose X-Forwarded-For is believed
PROXIES: Final = int(os.environ.get("TERRIL_MANDATAIRES", "0"))
#: bytes of an upload at the most
UPLOAD_MAX: Final = 300_000_000
#: bytes of a paper or of a workbook that a person who is no analyst sends, at the most
PAPER_MAX: Final = 20_000_000
#: bytes of an archive once open, at the most
UNPACKED_MAX: Final = 8 * UPLOAD_MAX
FILE_UPLOAD_HANDLERS = ["terril.web.uploads.Ceiling"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

#: sign-ins refused to one account from one address, to one account, to one address, before
#: they wait; and for how many minutes
LOCK_AFTER: Final = (5, 25, 40)
LOCK_MINUTES: Final = 15

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # a page that is not there is no news; one that fails is
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}
