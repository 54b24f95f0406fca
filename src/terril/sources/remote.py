"""What does a server answer, and is a failure worth another try?

``urllib`` with its proxies (variables ``http_proxy``, ``https_proxy``, ``no_proxy``), http and
https only, ten redirections at most, never from https down to http. Each failure becomes
``Refused`` (told to the person) or ``Transient`` (tried again first).
"""

from __future__ import annotations

import email.utils
import http.client
import json
import socket
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Final

from terril import __version__
from terril.lib.problems import Problem, Where

#: answers that a little later may be better
_LATER: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_OFFLINE: Final = (
    "Vérifiez la connexion à internet. Derrière un mandataire (proxy), donnez son adresse dans la "
    "variable https_proxy ; demandez-la au service informatique."
)
_PROXY: Final = (
    "Demandez au service informatique l’adresse, l’identifiant et l’autorisation du mandataire ; "
    "donnez-les dans la variable https_proxy. Ou téléchargez le fichier avec un navigateur."
)


class Refused(Exception):
    """The file cannot come. ``what``, ``expected``, ``remedy``: French, as in a problem."""

    def __init__(
        self, code: str, what: str, expected: str = "", remedy: str = "", status: int = 0
    ) -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.expected = expected
        self.remedy = remedy
        self.status = status  # of the HTTP answer, 0 when there is none

    def problem(self, where: Where) -> Problem:
        """Return it as a problem at a place."""
        return Problem(self.code, where, self.what, self.expected, self.remedy)


class Transient(Exception):
    """It failed, but may pass. ``after``: seconds that the server asks to wait."""

    def __init__(self, code: str, what: str, remedy: str = "", after: float | None = None) -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.remedy = remedy
        self.after = after

    def refused(self) -> Refused:
        """Return what is told when it was tried often enough."""
        remedy = self.remedy or "Relancez plus tard : ce qui est arrivé est gardé, et repris."
        return Refused(self.code, self.what, remedy=remedy)


class _Redirect(urllib.request.HTTPRedirectHandler):
    """Follows redirections, but neither to another kind of address nor down to http."""

    max_repeats = 2
    max_redirections = 10

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        kind = urllib.parse.urlsplit(newurl).scheme
        if kind not in ("http", "https") or (req.type == "https" and kind == "http"):
            raise _unsafe(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _unsafe(where: str) -> Refused:
    return Refused(
        "redirection-refusee",
        f"Le serveur renvoie vers une adresse qui n’est pas sûre : {where}",
        "une adresse https.",
        "Téléchargez le fichier avec un navigateur, depuis la page du producteur.",
    )


def _opener() -> urllib.request.OpenerDirector:
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.UnknownHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        _Redirect(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def opened(url: str, timeout: float, headers: dict[str, str] | None = None) -> Any:
    """Return the answer of ``url``, its body not read yet.

    Raises ``Refused`` or ``Transient``.
    """
    host = urllib.parse.urlsplit(url).hostname or url
    request = urllib.request.Request(
        url,
        headers={
            "User-Agent": f"terril/{__version__}",
            "Accept-Encoding": "identity",
            **(headers or {}),
        },
    )
    try:
        return _opener().open(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        raise _answered(error, url, host) from error
    except urllib.error.URLError as error:
        reason = error.reason if isinstance(error.reason, BaseException) else error
        raise _unreached(reason, host) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _unreached(error, host) from error


def read_json(url: str, timeout: float, largest: int = 32 << 20) -> Any:
    """Return the JSON document of ``url``; raises ``Refused`` or ``Transient``."""
    with opened(url, timeout, {"Accept": "application/json"}) as answer:
        try:
            text = answer.read(largest + 1)
        except (OSError, http.client.HTTPException) as error:
            raise Transient("transfert-coupe", "La connexion a été coupée.") from error
    try:
        if len(text) > largest:
            raise ValueError
        return json.loads(text)
    except ValueError as error:
        raise Refused(
            "reponse-illisible",
            f"La réponse de {url} n’est pas lisible.",
            "un document JSON.",
            "Une page de connexion (réseau Wi-Fi, mandataire) répond peut-être à la place du "
            "serveur : ouvrez cette adresse dans un navigateur.",
        ) from error


def unchanged(url: str, timeout: float, etag: str, modified: str) -> bool | None:
    """Say whether the file of ``url`` is still that of ``etag`` or ``modified``.

    ``None`` when neither is known. Raises ``Refused`` or ``Transient``.
    """
    if not etag and not modified:
        return None
    headers = {"If-None-Match": etag} if etag else {"If-Modified-Since": modified}
    try:
        with opened(url, timeout, headers) as answer:
            now = answer.headers.get("ETag" if etag else "Last-Modified", "")
            return bool(now == (etag or modified))
    except Refused as refusal:
        if refusal.status == 304:
            return True
        raise


def _answered(error: urllib.error.HTTPError, url: str, host: str) -> Refused | Transient:
    status = error.code
    error.close()
    if "infinite loop" in str(error.msg):
        return Refused(
            "redirection-sans-fin",
            f"{host} renvoie d’adresse en adresse, sans fin.",
            remedy="Ouvrez l’adresse dans un navigateur ; corrigez « url » dans la carte si elle "
            "a changé.",
        )
    if 300 < status < 304:
        return _unsafe(error.headers.get("Location", "") if error.headers else "")
    if status in _LATER:
        return Transient(
            "serveur-occupe",
            f"{host} est indisponible (réponse {status}).",
            after=_after(error.headers.get("Retry-After", "") if error.headers else ""),
        )
    if status in (404, 410):
        return Refused(
            "adresse-absente",
            f"Le fichier n’est plus à cette adresse : {url}",
            remedy="Le producteur l’a déplacé ou renommé : cherchez-le sur sa page, puis corrigez "
            "la carte (« words » ou « url »).",
            status=status,
        )
    if status == 407:
        return Refused(
            "mandataire",
            "Le mandataire (proxy) demande un identifiant (réponse 407).",
            remedy=_PROXY,
            status=status,
        )
    if status in (401, 403):
        return Refused(
            "acces-refuse",
            f"{host} refuse l’accès (réponse {status}).",
            remedy=f"Le serveur ou un mandataire (proxy) bloque cette adresse. {_PROXY}",
            status=status,
        )
    return Refused(
        "reponse-inattendue", f"{host} répond {status} pour {url}", remedy="Réessayez plus tard.",
        status=status,
    )  # fmt: skip


def _after(text: str) -> float | None:
    """Return the seconds of ``Retry-After``: a number, or a date."""
    if text.strip().isdigit():
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def _unreached(error: BaseException, host: str) -> Refused | Transient:
    if isinstance(error, Refused | Transient):
        return error
    if isinstance(error, socket.gaierror):
        what = f"{host} est introuvable : hors ligne ?"
        if error.errno == socket.EAI_AGAIN:
            return Transient("hors-ligne", what, _OFFLINE)
        return Refused("hors-ligne", what, remedy=_OFFLINE)
    if isinstance(error, ssl.SSLCertVerificationError):
        return Refused(
            "certificat",
            f"Le certificat de {host} n’est pas reconnu ({error.verify_message}).",
            remedy="Un mandataire qui ouvre les connexions chiffrées en est souvent la cause : "
            "demandez son certificat au service informatique (variable SSL_CERT_FILE).",
        )
    if "Tunnel connection failed" in str(error):
        return Refused(
            "mandataire", f"Le mandataire (proxy) refuse d’aller à {host} : {error}", remedy=_PROXY
        )
    if isinstance(error, TimeoutError):
        return Transient("serveur-muet", f"{host} ne répond pas.", _OFFLINE)
    if isinstance(error, ConnectionRefusedError):
        proxy = urllib.request.getproxies()
        by = " ou le mandataire (proxy)" if proxy else ""
        return Transient("connexion-refusee", f"{host}{by} refuse la connexion.", _OFFLINE)
    if isinstance(error, OSError | http.client.HTTPException):
        return Transient("transfert-coupe", f"La connexion avec {host} a été coupée.", _OFFLINE)
    return Refused("adresse-illisible", f"Cette adresse ne convient pas : {host}", "https://…")
