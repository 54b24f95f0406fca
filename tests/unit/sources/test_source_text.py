"""Which encoding, separator and fingerprint has a text file?"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from terril.lib.textfile import first_lines, inspect, signature, sniff_separator, write_utf8

TEXT = "code;nom;valeur\n01;Éloise-sur-Mer;1,5\n02;Forêt;2,5\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-16"), "utf-16-le"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("cp1252"), "windows-1252"),
        (TEXT.replace("\n", "\r\n").encode(), "utf-8"),
        (TEXT.replace("\n", "\r").encode(), "utf-8"),
    ],
)
def test_the_text_is_found_whatever_the_encoding(
    tmp_path: Path, data: bytes, encoding: str
) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(data)
    facts = inspect(path)
    assert (facts.encoding, facts.damaged, facts.binary, facts.blank) == (
        encoding,
        (),
        False,
        False,
    )
    assert facts.sha256 == hashlib.sha256(data).hexdigest()
    assert facts.size == len(data)
    assert first_lines(path, facts) == TEXT
    write_utf8(path, facts, tmp_path / "g.csv")
    assert (tmp_path / "g.csv").read_bytes() == TEXT.encode()


def test_a_stray_byte_in_utf8_is_not_taken_for_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    lines = [f"{n};Forêt".encode() for n in range(1, 40)]
    lines[30] = b"31;For\xeat"
    path.write_bytes(b"\n".join(lines))
    facts = inspect(path)
    assert facts.encoding == "utf-8"
    assert facts.damaged == (31,)


def test_bytes_that_windows_1252_does_not_define_are_told(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(b"code;nom\n01;for\xeat\n02;\x81\x8d\n")
    facts = inspect(path)
    assert facts.encoding == "windows-1252"
    assert facts.damaged == (3,)


def test_damaged_lines_are_right_across_blocks(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    line = ("é" * 50 + ";12\n").encode()
    count = (3 << 20) // len(line)
    path.write_bytes(line * count + b"bad \xff byte\n" + line * 5)
    assert inspect(path).damaged == (count + 1,)


@pytest.mark.parametrize("data", [b"", b"\n \n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf \r\n"])
def test_a_blank_file_is_blank(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(data)
    assert inspect(path).blank


def test_binary_is_not_text(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(bytes(range(256)) * 20)
    assert inspect(path).binary


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"PK\x03\x04rest", "zip"),
        (b"\xd0\xcf\x11\xe0rest", "ole"),
        (b"%PDF-1.7", "pdf"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "html"),
        (b"code;nom", "text"),
    ],
)
def test_the_first_bytes_announce_the_format(tmp_path: Path, head: bytes, expected: str) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(head)
    assert signature(path) == expected


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("a;b;c\n1,5;2,5;3,5\n1;2;3\n", ";"),
        ("a,b,c\n1.5,x;y,3\n1,z,3\n", ","),
        ("a\tb\n1,5\t2,5\n", "\t"),
        ("a|b|c\n1|2|3\n", "|"),
        ("a\n1\n2\n", ";"),
        ('a,b\n"x;y;z",2\n"u;v;w",3\n', ","),
        ("Titre du tableau\n\nCODGEO;A;B\n01;1,5;2\n02;3;4\n", ";"),
    ],
)
def test_the_separator_is_the_one_that_cuts_the_lines_alike(text: str, separator: str) -> None:
    assert sniff_separator(text) == separator
