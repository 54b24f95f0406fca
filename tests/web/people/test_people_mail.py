"""Do messages reach a real server, and does one that fails lose none?"""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from household import EMAIL, OTHER, delivered

from terril.web.mail_url import mail_settings
from terril.web.people.mail import AGAIN_AFTER, MOST, as_page, deliver, deliver_all, send
from terril.web.people.models import Outbox, Person

TEMPLATE = "people/courriels/mot_de_passe.txt"
LINK = {"link": "https://quartiers.exemple.fr/x/?a=1&b=2"}


class Kept:
    """What a server was given; ``refusing``: the answer to each message instead."""

    def __init__(self) -> None:
        self.messages: list[email.message.EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.signed: list[bool] = []
        self.refusing = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refusing:
            return self.refusing
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, email.message.EmailMessage)
        self.messages.append(parsed)
        self.recipients.append(envelope.rcpt_tos)
        self.signed.append(bool(session.authenticated))
        return "250 OK"


@contextmanager
def server(query: str = "", user: str = "", **options: Any) -> Iterator[Kept]:
    """A real server on this machine, and the settings that lead to it."""
    kept = Kept()
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(kept, hostname="localhost", port=port, **options)
    controller.start()
    try:
        url = f"smtp://{user}localhost:{port}{query}"
        with override_settings(**mail_settings(url, Path())):
            yield kept
    finally:
        controller.stop()


def write(to: str = EMAIL, subject: str = "Un mot", **more: Any) -> Outbox:
    return send(to, subject, TEMPLATE, LINK, **more)


def test_a_message_arrives_in_text_and_in_page(ana: Person) -> None:
    with server() as kept, delivered():
        write(subject="Réunion du comité – « été »", person=ana)
    (message,) = kept.messages
    assert kept.recipients == [[EMAIL]]
    assert message["Subject"] == "Réunion du comité – « été »"
    assert message["Auto-Submitted"] == "auto-generated" and message["From"]
    text, page = (part.get_content() for part in message.iter_parts())
    assert LINK["link"] in text and "vaut deux heures" in text and "&amp;" not in text
    assert 'href="https://quartiers.exemple.fr/x/?a=1&amp;b=2"' in page and "<script" not in page


def test_an_appointment_goes_with_its_message(ana: Person) -> None:
    event = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Comité d’été\r\nEND:VCALENDAR\r\n"
    with server() as kept, delivered():
        write(calendar=event)
    (message,) = kept.messages
    parts = [
        part
        for part in message.walk()
        if isinstance(part, email.message.EmailMessage)
        and part.get_content_type() == "text/calendar"
    ]
    assert [part.get_param("method") for part in parts] == ["REQUEST", None]
    assert all("Comité d’été" in str(part.get_content()) for part in parts)
    assert Outbox.objects.get().calendar == "", "emptied once it is sent"


def test_nothing_leaves_before_the_transaction_is_done(ana: Person) -> None:
    class Undone(Exception):
        pass

    with server() as kept, delivered(), pytest.raises(Undone), transaction.atomic():
        write()
        raise Undone
    assert not kept.messages and not Outbox.objects.exists()


def test_a_server_that_fails_loses_nothing(ana: Person) -> None:
    with server() as kept:
        kept.refusing = "451 plus tard, ana@exemple.fr"
        with delivered():
            write(person=ana)
        row = Outbox.objects.get()
        assert (row.tried, row.sent, row.error) == (1, None, "SMTPDataError 451")
        kept.refusing = ""
        assert deliver_all() == (0, 1), "not twice at once"
        Outbox.objects.update(taken=timezone.now() - AGAIN_AFTER - dt.timedelta(seconds=1))
        call_command("courriels")
        assert kept.recipients == [[EMAIL]]
    row.refresh_from_db()
    assert row.sent is not None and EMAIL not in f"{row.to}{row.text}{row.headers}", "emptied"


def test_a_server_that_is_not_there_loses_nothing(ana: Person) -> None:
    with override_settings(**mail_settings("smtp://localhost:1", Path())), delivered():
        write()
    row = Outbox.objects.get()
    assert row.sent is None and row.error.startswith("ConnectionRefused") and EMAIL not in row.error
    with pytest.raises(CommandError, match="1 message attend"):
        call_command("courriels")


def test_the_same_message_keeps_its_number_when_it_is_tried_again(ana: Person) -> None:
    with server() as kept:
        row = write(now=False)
        deliver(row.pk)
        Outbox.objects.update(sent=None, taken=None, to=EMAIL, text="x")
        deliver(row.pk)
    assert len({message["Message-ID"] for message in kept.messages}) == 1 < len(kept.messages)


def test_two_processes_send_it_once(ana: Person) -> None:
    with server() as kept:
        row = write(now=False)
        assert [deliver(row.pk), deliver(row.pk)] == [True, False]
    assert len(kept.messages) == 1


def test_a_message_is_abandoned_and_forgotten_in_the_end(ana: Person) -> None:
    row = write(now=False)
    Outbox.objects.update(tried=MOST)
    assert deliver_all() == (0, 0) and Outbox.objects.exists()
    Outbox.objects.update(made=timezone.now() - dt.timedelta(days=31))
    deliver_all()
    assert not Outbox.objects.filter(pk=row.pk).exists()


def test_what_is_out_of_date_is_not_sent(ana: Person) -> None:
    with server() as kept:
        row = write(now=False, until=timezone.now() - dt.timedelta(seconds=1))
        assert not deliver(row.pk) and deliver_all() == (0, 0)
    assert not kept.messages and not Outbox.objects.exists()


@pytest.mark.parametrize(
    "to", ["", "ana", "a@b.fr\nBcc: c@d.fr", "a@b.fr, c@d.fr", "Ana <a@b.fr>", "a@b.fr\r\n"]
)
def test_what_is_no_address_gets_nothing(web: Any, to: str) -> None:
    with pytest.raises(ValueError, match="address"):
        write(to)
    assert not Outbox.objects.exists()


def test_no_text_writes_a_header(ana: Person) -> None:
    with server() as kept, delivered():
        write(
            subject="Un\r\nBcc: espion@exemple.fr\nmot",
            unsubscribe="https://quartiers.exemple.fr/a/\r\nX-Pris: 1",
        )
    (message,) = kept.messages
    assert message["Subject"] == "Un Bcc: espion@exemple.fr mot"
    assert message["Bcc"] is None and message["X-Pris"] is None
    assert kept.recipients == [[EMAIL]]


def test_markup_in_a_text_is_text() -> None:
    page = as_page("<b>Ana</b> & https://a.fr/?x=<i>\n\n- un\n- <u>deux</u>\n", "<title>")
    assert "&lt;b&gt;Ana" in page and "<li>&lt;u&gt;deux" in page and page.count("<title>") == 1
    assert 'href="https://a.fr/?x="' in page


def test_a_list_waiting_is_shown_without_addresses(web: Any, capsys: Any) -> None:
    write(OTHER, now=False)
    call_command("courriels", "--lister")
    said = capsys.readouterr().out
    assert "Un mot\t0 essai" in said and OTHER not in said


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate of « localhost » that nobody else trusts, and its key."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl is not installed")
    made, key = tmp_path / "certificat.pem", tmp_path / "cle.pem"
    subprocess.run(
        [program, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", str(key), "-out", str(made)],
        check=True, capture_output=True,
    )  # fmt: skip
    return made, key


def secured(certificate: tuple[Path, Path]) -> dict[str, Any]:
    """A server that wants an encrypted line, then a password."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        fine = isinstance(data, LoginPassword) and data.password == b"mot@secret"
        return AuthResult(success=fine, handled=fine)

    return {
        "tls_context": context, "require_starttls": True,
        "auth_required": True, "authenticator": check,
    }  # fmt: skip


def test_a_password_goes_over_an_encrypted_line_that_is_checked(
    ana: Person, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    user = "terril:mot%40secret@"
    with server(user=user, **secured(certificate)) as kept:
        with delivered():
            write()
        row = Outbox.objects.get()
        assert "CertVerification" in row.error and not kept.messages, "nobody vouches for it"
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        Outbox.objects.update(taken=None)
        assert deliver(row.pk)
    assert kept.signed == [True] and kept.recipients == [[EMAIL]]


def test_a_wrong_password_keeps_the_message(
    ana: Person, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with server(user="terril:faux@", **secured(certificate)) as kept, delivered():
        write()
    assert not kept.messages
    assert Outbox.objects.get().error == "SMTPAuthenticationError 535"
