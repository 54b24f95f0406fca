"""Where does the national geocoding service place these addresses?

Only the text of an address goes out: number, street, postcode and commune, as ``parse`` read them;
nothing else of the line, each text once, in an order that is not that of the list. Answers come by
batches (path « search/csv », as the geocoder addok answers it); a batch that fails is tried again,
later when the service asks for it, and given up in the end: its addresses stay undetermined.
"""

from __future__ import annotations

import csv
import http.client
import io
import random
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Final

from terril import __version__
from terril.catalogue.cards import Catalogue
from terril.lib.french import compte
from terril.lib.problems import Problem, ProblemList, Severity, Where
from terril.lib.progress import Progress, Silent

PATH: Final = "/search/csv"
#: what the service is asked to give back of each address
WANTED: Final = (
    "latitude", "longitude", "result_score", "result_type", "result_housenumber", "result_name",
    "result_street", "result_postcode", "result_city", "result_citycode", "result_status",
)  # fmt: skip
_NEEDED: Final = ("latitude", "longitude", "result_score", "result_type", "result_citycode")
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_LARGEST: Final = 64 << 20  # bytes of an answer
_LONGEST_WAIT: Final = 120.0  # seconds, whatever the service asks
_GIVE_UP: Final = 2  # batches lost in a row after which the others are not sent
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Reply:
    """What the service says of an address. Numbers are NaN when it gives none."""

    lon: float
    lat: float
    score: float
    type: str  # housenumber | street | locality | municipality | ""
    house: str
    street: str
    postcode: str
    city: str
    insee: str


@dataclass(frozen=True, slots=True)
class Service:
    """How the service is asked (card ``services/geocodage``, parameters ``adresse_service_…``)."""

    url: str
    batch: int
    timeout: float
    tries: int
    pause: float

    @staticmethod
    def of(catalogue: Catalogue) -> Service:
        """Return the service as the catalogue declares it."""
        number = catalogue.number
        return Service(
            catalogue.services["geocodage"].url,
            max(1, int(number("adresse_service_lot"))),
            number("adresse_service_delai"),
            max(1, int(number("adresse_service_essais"))),
            number("adresse_service_attente"),
        )


class _Failed(Exception):
    """A batch did not come. ``again``: may another try succeed? ``after``: seconds to wait."""

    def __init__(self, what: str, again: bool, after: float = 0.0) -> None:
        super().__init__(what)
        self.what = what
        self.again = again
        self.after = after


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Addresses go to the declared service and nowhere else."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """Follow nothing."""
        return None


def geocode(
    texts: Sequence[str],
    service: Service,
    problems: ProblemList,
    *,
    progress: Progress | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, Reply]:
    """Return the reply to each text; a text without reply is absent, and told in ``problems``.

    An address that would travel in clear to another machine is not sent (error). ``sleep`` waits
    between two tries.
    """
    distinct = list(dict.fromkeys(texts))
    if not distinct or not _is_safe(service.url, problems):
        return {}
    random.SystemRandom().shuffle(distinct)
    work = progress or Silent()
    work.stage("service de géocodage", len(distinct))
    found: dict[str, Reply] = {}
    lost, last = 0, ""
    in_a_row = 0
    for batch in _batches(distinct, service.batch):
        if in_a_row >= _GIVE_UP:
            lost += len(batch)
            continue
        try:
            replies = _ask(batch, service, sleep)
        except _Failed as failure:
            lost, last, in_a_row = lost + len(batch), failure.what, in_a_row + 1
        else:
            in_a_row = 0
            found.update(zip(batch, replies, strict=True))
        work.advance(len(batch))
    if lost:
        problems.add(
            Problem(
                "service-geocodage",
                Where(urllib.parse.urlsplit(service.url).hostname or service.url),
                f"{compte(lost, 'adresse est restée', 'adresses sont restées')} sans réponse du "
                f"service : {last}",
                "une réponse pour chaque adresse.",
                "Recommencez plus tard, ou chargez la base d’adresses du département (--ban).",
                Severity.WARNING,
            )
        )
    return found


def _batches(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _is_safe(url: str, problems: ProblemList) -> bool:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "https" or parts.scheme == "http" and parts.hostname in _LOCAL:
        return True
    problems.add(
        Problem(
            "service-non-sur",
            Where(parts.hostname or url),
            "Les adresses voyageraient en clair vers ce service.",
            "une adresse de service en https.",
            "Corrigez « url » dans la carte services/geocodage.",
        )
    )
    return False


def _ask(batch: Sequence[str], service: Service, sleep: Callable[[float], None]) -> list[Reply]:
    """Return the replies to a batch, in its order; raises ``_Failed`` after the last try."""
    pause = service.pause
    for left in range(service.tries - 1, -1, -1):
        try:
            return _once(batch, service)
        except _Failed as failure:
            if not failure.again or not left:
                raise
            sleep(min(max(pause, failure.after), _LONGEST_WAIT))
            pause *= 2
    raise AssertionError("unreachable")


def _once(batch: Sequence[str], service: Service) -> list[Reply]:
    body, kind = _form(batch)
    request = urllib.request.Request(
        service.url + PATH,
        data=body,
        headers={"Content-Type": kind, "User-Agent": f"terril/{__version__}", "Accept": "text/csv"},
        method="POST",
    )
    opener = urllib.request.build_opener(_NoRedirect())
    try:
        with opener.open(request, timeout=service.timeout) as answer:
            text = answer.read(_LARGEST + 1)
    except urllib.error.HTTPError as error:
        status, after = error.code, _seconds(error.headers.get("Retry-After", ""))
        error.close()
        if status == 429:
            raise _Failed("il reçoit trop de demandes (429).", True, after) from error
        raise _Failed(f"il répond {status}.", status in _AGAIN, after) from error
    except (OSError, http.client.HTTPException) as error:
        slow = isinstance(getattr(error, "reason", error), TimeoutError)
        raise _Failed("il ne répond pas." if slow else "la connexion échoue.", True) from error
    if len(text) > _LARGEST:
        raise _Failed("sa réponse est trop longue.", False)
    return _replies(text, len(batch))


def _seconds(text: str) -> float:
    return float(text) if text.strip().isdigit() else 0.0


def _form(batch: Sequence[str]) -> tuple[bytes, str]:
    """Return the body of the request and its type: a CSV of two columns, rank and address."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(("ligne", "adresse"))
    writer.writerows(enumerate(batch))
    mark = uuid.uuid4().hex
    fields = [("columns", "adresse"), *(("result_columns", name) for name in WANTED)]
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields
    ]
    parts.append(
        f'--{mark}\r\nContent-Disposition: form-data; name="data"; filename="adresses.csv"\r\n'
        f"Content-Type: text/csv; charset=utf-8\r\n\r\n{table.getvalue()}\r\n--{mark}--\r\n"
    )
    return "".join(parts).encode(), f"multipart/form-data; boundary={mark}"


def _replies(text: bytes, count: int) -> list[Reply]:
    """Read an answer: every line that was sent, once; raises ``_Failed`` otherwise."""
    broken = _Failed("sa réponse n’est pas lisible.", True)
    try:
        rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise broken from error
    if not rows or any(name not in rows[0] for name in ("ligne", *_NEEDED)):
        raise broken
    found: dict[int, Reply] = {}
    for row in rows:
        rank = row["ligne"] or ""
        if not rank.isdigit() or int(rank) >= count or int(rank) in found:
            raise broken
        found[int(rank)] = _reply(row)
    if len(found) != count:
        raise _Failed("sa réponse est incomplète.", True)
    return [found[rank] for rank in range(count)]


def _reply(row: dict[str, str | None]) -> Reply:
    def number(name: str) -> float:
        try:
            return float(row.get(name) or "nan")
        except ValueError:
            return float("nan")

    def text(name: str) -> str:
        return (row.get(name) or "").strip()

    return Reply(
        number("longitude"),
        number("latitude"),
        number("result_score"),
        text("result_type"),
        text("result_housenumber"),
        text("result_street") or text("result_name"),
        text("result_postcode"),
        text("result_city"),
        text("result_citycode"),
    )
