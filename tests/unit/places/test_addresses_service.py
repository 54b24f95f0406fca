"""Is the geocoding service asked for addresses only, and believed with care?

A local server imitates it: it answers, fails, stalls, asks to wait, lies, or speaks nonsense.
"""

from __future__ import annotations

import csv
import email
import email.policy
import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import shapely
from address_town import EVERYWHERE, RULES, layer, square

from terril.catalogue.load import load_catalogue
from terril.cli.main import main
from terril.lib.problems import ProblemList
from terril.places.addresses.online import OnlinePlacer, questions
from terril.places.addresses.parse import Line, address_of
from terril.places.addresses.placing import Answer, Coverage
from terril.places.addresses.reasons import Reason, State
from terril.places.addresses.service import WANTED, Reply, Service, geocode
from terril.territories.geometry import reproject

Rows = list[dict[str, str]]
Reaction = Callable[["Imitation"], None]


class Imitation(BaseHTTPRequestHandler):
    """One request: reads the form, then does what the next reaction says."""

    reactions: list[Reaction]
    seen: list[tuple[str, list[tuple[str, str]], str]]
    rows: Rows

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        head = f"Content-Type: {self.headers['Content-Type']}\n\n".encode()
        form = email.message_from_bytes(head + body, policy=email.policy.HTTP)
        fields: list[tuple[str, str]] = []
        table = ""
        for part in form.iter_parts():
            name = str(part.get_param("name", header="content-disposition"))
            content = part.get_content()
            if name == "data":
                table = content if isinstance(content, str) else content.decode()
            else:
                fields.append((name, content.strip()))
        self.rows = list(csv.DictReader(io.StringIO(table)))
        type(self).seen.append((self.path, fields, table))
        reaction = type(self).reactions.pop(0) if type(self).reactions else right
        reaction(self)

    def say(self, status: int, text: str | bytes, **headers: str) -> None:
        data = text.encode() if isinstance(text, str) else text
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def table(self, rows: list[list[str]], heads: list[str] | None = None) -> str:
        stream = io.StringIO()
        writer = csv.writer(stream)
        writer.writerow(["ligne", "adresse", *WANTED] if heads is None else heads)
        writer.writerows(rows)
        return stream.getvalue()

    def answers(self) -> list[list[str]]:
        """The house is where its number says: ten metres a number along the x axis."""
        found = []
        for row in self.rows:
            words = row["adresse"].split()
            number = words[0] if words[0].isdigit() else ""
            ((lon, lat),) = reproject(
                np.array([[650_000.0 + 10 * int(number or 0), 7_000_000.0]]), 2154, 4326
            )
            kind = "housenumber" if number else "street"
            found.append(
                [
                    row["ligne"], row["adresse"], f"{lat:.7f}", f"{lon:.7f}", "0.95", kind, number,
                    "", "Rue Pasteur", "62010", "Valmont", "62001", "ok",
                ]
            )  # fmt: skip
        return found

    def log_message(self, *_: object) -> None:
        pass


def right(server: Imitation) -> None:
    server.say(200, server.table(server.answers()[::-1]))  # the order is not promised


def status(code: int, **headers: str) -> Reaction:
    return lambda server: server.say(code, "non", **headers)


def stall(server: Imitation) -> None:
    time.sleep(0.8)


def cut(server: Imitation) -> None:
    server.send_response(200)
    server.send_header("Content-Length", "1000")
    server.end_headers()
    server.wfile.write(b"ligne,")
    server.close_connection = True


def missing_line(server: Imitation) -> None:
    server.say(200, server.table(server.answers()[1:]))


def twice(server: Imitation) -> None:
    rows = server.answers()
    server.say(200, server.table([*rows[:-1], rows[0]]))


def no_columns(server: Imitation) -> None:
    server.say(200, server.table([], ["ligne", "adresse"]))


def page(server: Imitation) -> None:
    server.say(200, "<html>Connexion au réseau</html>")


def binary(server: Imitation) -> None:
    server.say(200, b"\xff\xfe\x00\x80")


@contextmanager
def serving(
    *reactions: Reaction, batch: int = 100, tries: int = 3, timeout: float = 5
) -> Iterator[tuple[Service, type[Imitation]]]:
    handler = type("Handler", (Imitation,), {"reactions": list(reactions), "seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}/geocodage"
        yield Service(url, batch, timeout, tries, 0.0), handler
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


TEXTS = [f"{n} rue pasteur 62010 valmont" for n in range(1, 8)]


def ask(
    service: Service, texts: list[str] = TEXTS
) -> tuple[dict[str, Reply], list[str], list[float]]:
    problems, waits = ProblemList(), list[float]()
    found = geocode(texts, service, problems, sleep=waits.append)
    return found, [p.what for p in problems], waits


def test_a_right_answer_is_read_whatever_its_order() -> None:
    with serving() as (service, handler):
        found, told, _ = ask(service, [*TEXTS, TEXTS[0]])
    assert set(found) == set(TEXTS) and not told
    assert {found[text].house for text in TEXTS} == {str(n) for n in range(1, 8)}
    ((path, fields, table),) = handler.seen
    assert path == "/geocodage/search/csv"
    assert ("columns", "adresse") in fields
    assert [value for name, value in fields if name == "result_columns"] == list(WANTED)
    sent = [row["adresse"] for row in csv.DictReader(io.StringIO(table))]
    assert sorted(sent) == sorted(TEXTS), "each text once"


def test_the_order_of_the_list_is_not_sent() -> None:
    orders = set()
    for _ in range(6):
        with serving() as (service, handler):
            ask(service)
        orders.add(handler.seen[0][2])
    assert len(orders) > 1


@pytest.mark.parametrize(
    "trouble", [status(500), status(503), cut, missing_line, twice, no_columns, page, binary]
)
def test_a_trouble_that_passes_costs_another_try(trouble: Reaction) -> None:
    with serving(trouble, trouble) as (service, handler):
        found, told, waits = ask(service)
    assert len(found) == len(TEXTS) and not told
    assert len(handler.seen) == 3 and len(waits) == 2


def test_a_server_that_stalls_is_asked_again() -> None:
    with serving(stall, timeout=0.3) as (service, handler):
        found, told, _ = ask(service)
    assert len(found) == len(TEXTS) and not told


def test_it_waits_as_long_as_the_service_asks() -> None:
    with serving(status(429, Retry_After="7"), status(429)) as (service, _):
        found, told, waits = ask(service)
    assert len(found) == len(TEXTS) and not told
    assert waits[0] == 7


@pytest.mark.parametrize(
    ("trouble", "word", "requests"),
    [
        (status(429), "429", 3),
        (page, "lisible", 3),
        (status(400), "400", 1),
        (status(413), "413", 1),
    ],
)
def test_a_trouble_that_lasts_is_told(trouble: Reaction, word: str, requests: int) -> None:
    with serving(*[trouble] * 9) as (service, handler):
        found, told, _ = ask(service)
    assert not found
    assert len(told) == 1 and word in told[0] and "7 adresses" in told[0]
    assert len(handler.seen) == requests


def test_a_redirection_is_not_followed() -> None:
    with serving() as (elsewhere, other):
        away = status(307, Location=f"{elsewhere.url}/search/csv")
        with serving(away, away, away) as (service, _):
            found, told, _ = ask(service)
    assert not found and len(told) == 1 and not other.seen


def test_one_lost_batch_does_not_lose_the_others_and_two_end_it() -> None:
    bad = [status(400)]
    with serving(*bad, batch=2) as (service, handler):
        found, told, _ = ask(service)
    assert len(found) == 5 and len(told) == 1 and len(handler.seen) == 4
    with serving(*bad * 9, batch=2) as (service, handler):
        found, told, _ = ask(service)
    assert not found and "7 adresses" in told[0] and len(handler.seen) == 2


def test_nobody_there_is_told() -> None:
    with serving() as (service, _):
        pass
    found, told, _ = ask(service)
    assert not found and len(told) == 1


def test_addresses_do_not_travel_in_clear() -> None:
    problems = ProblemList()
    service = Service("http://exemple.invalid/geocodage", 10, 1, 1, 0)
    assert geocode(TEXTS, service, problems) == {}
    assert [p.code for p in problems.errors] == ["service-non-sur"]


def test_the_service_is_declared_by_the_catalogue() -> None:
    service = Service.of(load_catalogue())
    assert service.url.startswith("https://") and not service.url.endswith("/")
    assert service.batch >= 1 and service.tries >= 1


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Mme Durandal 12 rue Pasteur, appt 3, 62010 Valmont", ("12 rue pasteur 62010 valmont",)),
        ("chez M. Durandal, 2 bis rue Pasteur 62010 Valmont", ("2 bis rue pasteur 62010 valmont",)),
        ("12-14 rue Pasteur 62010 Valmont",
         ("12 rue pasteur 62010 valmont", "14 rue pasteur 62010 valmont")),
        ("rue Pasteur 62010 Valmont", ("rue pasteur 62010 valmont",)),
        ("Madame Durandal 62010 Valmont", ()),
        ("12 rue Pasteur Mme Durandal 62010 Valmont", ()),
        ("12 Durandal 62010 Valmont", ()),
        ("12 rue Pasteur", ()),
        ("", ()),
    ],
)  # fmt: skip
def test_what_leaves_is_an_address_and_nothing_else(text: str, sent: tuple[str, ...]) -> None:
    assert questions(address_of(Line(text))) == sent


LEFT = layer(square(-50, -50, 105, 50))


def reply(**changes: object) -> Reply:
    lon, lat = reproject(np.array([[650_030.0, 7_000_000.0]]), 2154, 4326)[0]
    plain: dict[str, object] = {
        "lon": float(lon), "lat": float(lat), "score": 0.95, "type": "housenumber", "house": "3",
        "street": "Rue Pasteur", "postcode": "62010", "city": "Valmont", "insee": "62001",
    }  # fmt: skip
    return Reply(**{**plain, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "changes", "expected"),
    [
        ("3 rue Pasteur 62010 Valmont", {}, "QP062001"),
        ("3 rue Pasteur 62010 Valmont", {"street": "3 Rue Pasteur"}, "QP062001"),
        ("3 rue Pasteur 62010 Valmont", {"city": "Valmont-sur-Lys"}, "QP062001"),
        ("3 rue Pasteur 62010 Valmont", {"postcode": "62011"}, "QP062001"),
        ("3 rue Pasteur 62010 Valmont", {"city": "Belmont-Lys"}, Reason.DOUBTFUL),
        ("3 rue Pasteur 62010 Valmont", {"street": "Rue du Moulin"}, Reason.DOUBTFUL),
        ("3 rue Pasteur 62010 Valmont", {"score": 0.3}, Reason.DOUBTFUL),
        ("3 rue Pasteur 62010 Valmont", {"score": float("nan")}, Reason.DOUBTFUL),
        ("3 rue Pasteur 62010 Valmont", {"house": "5"}, Reason.NUMBER),
        ("3 rue Pasteur 62010 Valmont", {"type": "street", "house": ""}, Reason.NUMBER),
        ("rue Pasteur 62010 Valmont", {"type": "street", "house": ""}, Reason.NO_NUMBER),
        ("3 rue Pasteur 62010 Valmont", {"type": "municipality"}, Reason.NOT_FOUND),
        ("3 rue Pasteur 62010 Valmont", {"type": ""}, Reason.NOT_FOUND),
        ("3 rue Pasteur 62010 Valmont", {"lat": float("nan")}, Reason.NOT_FOUND),
        ("62010 Valmont", {}, Reason.NO_STREET),
        ("BP 3 62010 Valmont", {}, Reason.BOX),
        ("Durandal 62010 Valmont", {}, Reason.DOUBTFUL),
        ("3 rue Pasteur", {}, Reason.NO_COMMUNE),
        ("", {}, Reason.EMPTY),
    ],
)
def test_a_reply_is_believed_only_if_it_is_the_address(
    text: str, changes: dict[str, object], expected: str | Reason
) -> None:
    address = address_of(Line(text))
    placer = OnlinePlacer(LEFT, RULES, EVERYWHERE)
    answer = placer.answer(address, dict.fromkeys(questions(address), reply(**changes)))
    if isinstance(expected, Reason):
        assert answer == Answer(State.UNKNOWN, reason=expected)
    else:
        assert answer == Answer(State.IN, expected)


def test_from_the_list_to_the_answers_through_the_server() -> None:
    texts = ["3 rue Pasteur 62010 Valmont", "30 rue Pasteur 62010 Valmont", "10 rue Pasteur 62010"]
    addresses = [address_of(Line(text)) for text in texts]
    with serving() as (service, _):
        replies = geocode([q for a in addresses for q in questions(a)], service, ProblemList())
    placer = OnlinePlacer(LEFT, RULES, Coverage(departments=("62",)))
    said = [placer.answer(address, replies) for address in addresses]
    assert said[0] == Answer(State.IN, "QP062001")
    assert said[1] == Answer(State.OUT)
    assert said[2] == Answer(State.UNKNOWN, reason=Reason.EDGE)
    assert placer.answer(addresses[0], {}) == Answer(State.UNKNOWN, reason=Reason.SERVICE)


def test_the_command_asks_the_service_of_the_catalogue(tmp_path: Path) -> None:
    """Without a base: consent given, the card of the project says where; only addresses go."""
    qpv = tmp_path / "donnees" / "qpv.geojson"
    qpv.parent.mkdir()
    xy = reproject(shapely.get_coordinates(LEFT.shapes[0]), 2154, 4326)
    feature = {
        "type": "Feature",
        "properties": {"code_qp": "QP062001", "lib_qp": "Quartier d’essai"},
        "geometry": {"type": "Polygon", "coordinates": [xy.tolist()]},
    }
    qpv.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    people = tmp_path / "public.csv"
    rows = [f"DURANDALE;Léontine;{n} rue Pasteur, 62010 Valmont" for n in range(1, 31)]
    people.write_text("Nom;Prénom;Adresse\n" + "\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "catalogue" / "services").mkdir(parents=True)
    (tmp_path / "territoires.csv").write_text(
        "genre;code;nom;communes;epci;population\nepci;200000000;Communauté;;;9000\n"
        "commune;62001;Valmont;;200000000;5000\n"
        "qpv;QP062001;Quartier d’essai;62001;200000000;1200\n",
        encoding="utf-8",
    )
    (tmp_path / "terril.toml").write_text(
        '[projet]\nnom = "Essai"\ncontrat = "Contrat"\nedition = 2020-07-01\n'
        'catalogue = ["catalogue"]\n[territoire]\nepci = "200000000"\nnom = "Communauté"\n'
        '[[perimetres]]\nid = "qpv"\nfichier = "donnees/qpv.geojson"\nlecteur = "contours"\n'
        'nature = "qpv"\n',
        encoding="utf-8",
    )
    with serving() as (service, handler):
        card = (
            f"geocodage:\n  label: Essai\n  producer: Essai\n  url: {service.url}\n"
            "  page: essai\n  receives: Des adresses.\n  reference: Essai\n"
        )
        (tmp_path / "catalogue" / "services" / "essai.yaml").write_text(card, encoding="utf-8")
        out, err = io.StringIO(), io.StringIO()
        command = ["adresses", str(people), "--projet", str(tmp_path), "--service"]
        assert main(command, out, err) == 1 and not handler.seen, "nobody agreed"
        out, err = io.StringIO(), io.StringIO()
        code = main([*command, "--accord-envoi"], out, err)
    assert code == 0, err.getvalue()
    # numbers 1 to 9 are inside, 10 to 12 at the edge (17 m), the others outside
    assert "8 sur 30 à coup sûr" in out.getvalue().replace("\u202f", " ")
    assert "en texte seul" in err.getvalue()
    sent = "".join(table for _, _, table in handler.seen)
    assert "rue pasteur 62010 valmont" in sent
    assert "durandale" not in sent.lower() and "ontine" not in sent.lower()
