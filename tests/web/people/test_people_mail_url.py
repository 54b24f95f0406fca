"""Is the server of mail what its address says, and is a password never sent in clear by default?"""

from __future__ import annotations

from pathlib import Path

import pytest

from terril.web.mail_url import mail_settings, sender

#: address → host, port, user, password, encrypted from the start, encrypted on the way
URLS = {
    "smtp://localhost": ("localhost", 25, "", "", False, False),
    "smtp://u:p@mail.exemple.fr:587?tls=starttls": ("mail.exemple.fr", 587, "u", "p", False, True),
    "smtp://u:p@mail.exemple.fr": ("mail.exemple.fr", 25, "u", "p", False, True),
    "smtp://mail.exemple.fr:587": ("mail.exemple.fr", 587, "", "", False, True),
    "smtp://u:p@localhost:25?tls=non": ("localhost", 25, "u", "p", False, False),
    "smtps://u%40a:p%3A%2F@mail.exemple.fr": ("mail.exemple.fr", 465, "u@a", "p:/", True, False),
    " smtps://mail.exemple.fr:2465 ": ("mail.exemple.fr", 2465, "", "", True, False),
}


@pytest.mark.parametrize(("url", "said"), URLS.items())
def test_an_address_says_all(url: str, said: tuple[object, ...]) -> None:
    found = mail_settings(url, Path())
    names = ("EMAIL_HOST", "EMAIL_PORT", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD",
             "EMAIL_USE_SSL", "EMAIL_USE_TLS")  # fmt: skip
    assert tuple(found[name] for name in names) == said
    assert 0 < found["EMAIL_TIMEOUT"] <= 30


def test_without_a_server_messages_are_files(tmp_path: Path) -> None:
    found = mail_settings("", tmp_path)
    assert found["EMAIL_BACKEND"].endswith("filebased.EmailBackend")
    assert found["EMAIL_FILE_PATH"] == tmp_path


@pytest.mark.parametrize(
    "url", ["mail.exemple.fr", "http://mail.exemple.fr", "smtp://", "smtp://a:99999", "smtp://a:x",
            "smtp://a?tls=oui"],
)  # fmt: skip
def test_another_address_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="TERRIL_SMTP"):
        mail_settings(url, Path())


@pytest.mark.parametrize(
    ("given", "host", "said"),
    [
        ("", "quartiers.exemple.fr", "ne-pas-repondre@quartiers.exemple.fr"),
        ("", "localhost", "terril@localhost"),
        ("", "127.0.0.1", "terril@localhost"),
        ("Observatoire <obs@exemple.fr>", "x.fr", "Observatoire <obs@exemple.fr>"),
        (" obs@exemple.fr ", "x.fr", "obs@exemple.fr"),
    ],
)
def test_messages_come_from_the_site(given: str, host: str, said: str) -> None:
    assert sender(given, host) == said


@pytest.mark.parametrize("given", ["obs", "obs@", "obs@exemple.fr\nBcc: a@b.fr"])
def test_a_sender_that_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="TERRIL_EXPEDITEUR"):
        sender(given, "x.fr")
