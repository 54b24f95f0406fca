"""How is a message written to somebody, so that a server that fails never loses it?

A message is a row of the outbox, written in the transaction of the action that wants it; it is
sent once that transaction is done, and again later by ``terril courriels`` if the server failed.
The text is a template ``people/courriels/<name>.txt``; the page that goes with it is made from
the text, so that both say the same.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
import threading
from collections.abc import Callable, Mapping
from email.utils import parseaddr
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.db import close_old_connections, transaction
from django.db.models import F, Q
from django.http import HttpRequest
from django.template import Context, engines
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from terril.web.design.context import site
from terril.web.people.models import Outbox, Person

#: a message is tried so many times, and not twice within this time
MOST: Final = 12
AGAIN_AFTER: Final = dt.timedelta(minutes=5)
#: what was sent is remembered, emptied, for so long
KEPT: Final = dt.timedelta(days=30)
_LINK: Final = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
_LOG: Final = logging.getLogger(__name__)


def send(
    to: str,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    *,
    person: Person | None = None,
    until: dt.datetime | None = None,
    unsubscribe: str = "",
    calendar: str = "",
    now: bool = True,
) -> Outbox:
    """Write a message and send it once the transaction is done.

    ``template``: name of a template (« people/courriels/rappels.txt »). ``person``: whose message
    it is, erased with her account. ``until``: after it the message is not sent any more.
    ``unsubscribe``: address that ends messages of this kind (RFC 8058). ``calendar``: an
    appointment (RFC 5545, with its METHOD) that the reader of mail may take in (RFC 6047).
    Without ``now`` it waits for :func:`deliver_all`. Raises ``ValueError`` when ``to`` is no
    address.
    """
    try:
        validate_email(to)
    except ValidationError as error:
        raise ValueError("no e-mail address") from error
    headers = {"Auto-Submitted": "auto-generated"}
    if unsubscribe:
        headers["List-Unsubscribe"] = f"<{_one_line(unsubscribe)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    row = Outbox.objects.create(
        person=person,
        to=to,
        subject=_one_line(subject)[:200],
        text=written(template, {"unsubscribe": unsubscribe, **context}),
        headers=headers,
        calendar=calendar,
        until=until,
    )
    if now:
        transaction.on_commit(lambda: apart(lambda: deliver(row.pk)))
    return row


def deliver(pk: int) -> bool:
    """Try to send one message; return whether a server has taken it. Never raises for a server.

    Two processes that try the same message at once send it once.
    """
    moment = timezone.now()
    claimed = _pending().filter(pk=pk).update(taken=moment, tried=F("tried") + 1)
    if not claimed:
        return False
    row = Outbox.objects.get(pk=pk)
    try:
        _message(row).send()
    except Exception as error:
        # the name of the failure and its code: its text may hold the address
        code = getattr(error, "smtp_code", "")
        row.error = f"{type(error).__name__} {code}".strip()[:200]
        row.save(update_fields=["error"])
        _LOG.warning("message %s not sent: %s", row.key, row.error)
        return False
    Outbox.objects.filter(pk=pk).update(
        sent=timezone.now(), error="", to="", text="", headers={}, calendar="", person=None
    )
    return True


def deliver_all() -> tuple[int, int]:
    """Try every message that waits, forget the old ones; return how many went, how many wait.

    Those tried :data:`MOST` times are abandoned: they wait for nothing.
    """
    old = timezone.now() - KEPT
    Outbox.objects.filter(Q(sent__lt=old) | Q(made__lt=old)).delete()
    Outbox.objects.filter(sent=None, until__lt=timezone.now()).delete()
    gone = sum(deliver(pk) for pk in list(_pending().values_list("pk", flat=True)))
    return gone, Outbox.objects.filter(sent=None, tried__lt=MOST).count()


def apart(work: Callable[[], object]) -> None:
    """Do some work beside the request, which then tells nothing by the time it takes."""
    if not settings.MAIL_APART:
        work()
        return

    def done() -> None:
        try:
            work()
        except Exception:
            _LOG.exception("a message could not be written")
        finally:
            close_old_connections()

    threading.Thread(target=done, name="courriel").start()


def base_address(request: HttpRequest | None = None) -> str:
    """Return the site as messages name it, « https://quartiers.exemple.fr ».

    ``TERRIL_ADRESSE`` decides; without it, the address by which the request came, which Django
    has checked against the hosts of the settings; without a request, the first of those.
    """
    if settings.SITE_ADDRESS:
        return settings.SITE_ADDRESS
    if request is not None:
        return request.build_absolute_uri("/").rstrip("/")
    host = next((h for h in settings.ALLOWED_HOSTS if h.strip(".*")), "localhost")
    return f"https://{host}" if settings.HTTPS else f"http://{host}:8000"


def written(template: str, context: Mapping[str, Any]) -> str:
    """Return the text that a template makes; nothing is escaped, it is no page."""
    found = engines["django"].get_template(template)
    name = str(site(HttpRequest())["site_name"])
    inner: Any = found.template  # type: ignore[attr-defined]
    text: str = inner.render(Context({"site_name": name, **context}, autoescape=False))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def as_page(text: str, title: str) -> str:
    """Return the page of a text: paragraphs, lists of lines in « - », links."""
    blocks: list[SafeString] = []
    for block in text.strip().split("\n\n"):
        lines = block.split("\n")
        if lines[0].startswith("- "):
            items = re.split(r"\n(?=- )", block)
            inside = "".join(f"<li>{_linked(item.removeprefix('- '))}</li>" for item in items)
            blocks.append(mark_safe(f"<ul>{inside}</ul>"))
        else:
            blocks.append(mark_safe(f"<p>{_linked(block)}</p>"))
    head = format_html(
        '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{}</title></head>'
        '<body style="font-family:sans-serif;line-height:1.5;max-width:40em">',
        title,
    )
    return head + "".join(blocks) + "</body></html>\n"


def _linked(text: str) -> str:
    parts: list[str] = []
    end = 0
    for found in _LINK.finditer(text):
        parts += [escape(text[end : found.start()])]
        parts += [format_html('<a href="{}">{}</a>', found[0], found[0])]
        end = found.end()
    return "".join([*parts, escape(text[end:])]).replace("\n", "<br>")


def _message(row: Outbox) -> EmailMultiAlternatives:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{row.key}@{domain}>", **row.headers}
    message = EmailMultiAlternatives(row.subject, row.text, to=[row.to], headers=headers)
    message.attach_alternative(as_page(row.text, row.subject), "text/html")
    if row.calendar:
        method = re.search(r"^METHOD:([A-Z]+)\s*$", row.calendar, re.MULTILINE)
        kind = f"text/calendar; method={method[1] if method else 'PUBLISH'}"
        message.attach_alternative(row.calendar, kind)
        message.attach("invitation.ics", row.calendar, "text/calendar")
    return message


def _pending() -> Any:
    moment = timezone.now()
    return Outbox.objects.filter(
        Q(taken=None) | Q(taken__lt=moment - AGAIN_AFTER),
        Q(until=None) | Q(until__gt=moment),
        sent=None,
        tried__lt=MOST,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
