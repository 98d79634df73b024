from __future__ import annotations

import codecs

import pytest

from sessions_app.panel import sheet

KNOWN = {"reference", "name"}
TEXT = "reference;name\r\n1;José Núñez\r\n2;Zoë\r\n"


def read(content: bytes, most: int = 10) -> sheet.Sheet:
    return sheet.read(content, is_known=lambda head: head.lower() in KNOWN, most=most)


def cells_of(content: bytes) -> list[list[str]]:
    found = read(content)
    return [found.header, *(line.cells for line in found.lines)]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (TEXT.encode(), "UTF-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "UTF-8"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("cp1252"), "Windows-1252"),
    ],
)
def test_file_is_read_in_whatever_encoding_it_came(content: bytes, name: str) -> None:
    found = read(content)
    assert found.encoding == name
    assert [line.cells for line in found.lines] == [["1", "José Núñez"], ["2", "Zoë"]]


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("Núñez", "cp1252"),
        ("Søren Ågård", "cp1252"),
        ("François – “x” €", "cp1252"),
        ("Müller;Änne;Groß", "cp1252"),
        ("Соколова", "cp1251"),
        ("Щ", "cp1251"),
        ("Пётр Иванов;Petr;17", "cp1251"),
    ],
)
def test_western_and_cyrillic_letters_are_told_apart(words: str, encoding: str) -> None:
    content = f"reference;name;x\n{words}\n".encode(encoding)
    assert sheet.decoded(content)[0].splitlines()[1] == words


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separator_is_the_one_that_parts_the_first_line(separator: str) -> None:
    content = f'reference{separator}name\n1{separator}"a,b;c"\n'.encode()
    assert cells_of(content) == [["reference", "name"], ["1", "a,b;c"]]


def test_separator_may_be_announced() -> None:
    found = read(b"sep=;\r\nreference;name\r\n1;x\r\n")
    assert (found.header, found.lines) == (["reference", "name"], [sheet.Line(3, ["1", "x"])])


def test_rows_are_numbered_as_a_spreadsheet_numbers_them() -> None:
    """A cell of several lines is one row; empty rows count and are left out."""
    found = read(b'reference,name\n1,"two\nlines"\n,\n\n2,x\n')
    assert [(line.number, line.cells[0]) for line in found.lines] == [(2, "1"), (5, "2")]


def test_cells_lose_blanks_around_them() -> None:
    assert cells_of(b" reference , name \n 1 , x y \n") == [["reference", "name"], ["1", "x y"]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\r\n , \r\n", "empty"),
        (b"PK\x03\x04 a workbook", "Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel workbook"),
        (b'reference,name\n1,"x\n2,y\n', "after row 1: a quotation mark"),
        (b"reference\na\x81b\n", "cannot be read as text"),
        (b"\xff\xfea", "cannot be read as text"),
        (b"," * 300 + b"x", "too many cells"),
    ],
)
def test_file_that_is_no_table_says_what_to_do(content: bytes, words: str) -> None:
    with pytest.raises(sheet.NotReadable, match=words):
        read(content)


@pytest.mark.parametrize(("rows", "kept"), [(2, 2), (3, 3), (4, 3)])
def test_no_more_is_read_than_asked(rows: int, kept: int) -> None:
    assert len(read(b"reference\n" + b"x\n" * rows, most=3).lines) == kept
