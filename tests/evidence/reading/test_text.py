"""Text is read in its encoding, from any byte on, and no page loses or doubles a line."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.evidence.reading.page import Asked, TextPage
from kancil.evidence.reading.text import PAGE_LINES, bytes_page, text_page
from kancil.ground.encodings import encoding_of
from tests.evidence.reading.files import ARABIC, CYRILLIC, KHMER, THAI, WESTERN
from tests.examples import examples


def page_of(data: bytes, **asked: object) -> TextPage:
    return text_page(io.BytesIO(data), Asked(**asked))  # type: ignore[arg-type]


def turned(data: bytes, encoding: str = "") -> list[TextPage]:
    """Every page from the beginning on."""
    pages = [page_of(data, encoding=encoding)]
    while pages[-1].after >= 0:
        last = pages[-1]
        pages.append(page_of(data, encoding=encoding, at=last.after, line=last.line_after))
    return pages


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        (THAI, "cp874", "cp874"),
        (ARABIC, "cp1256", "cp1256"),
        (CYRILLIC, "cp1251", "cp1251"),
        (WESTERN, "cp1252", "cp1252"),
        (KHMER, "utf-8", "utf-8"),
        (KHMER, "utf-8-sig", "utf-8"),
        (THAI, "utf-16", "utf-16-le"),
        ("plain Latin letters", "utf-16-be", "utf-16-be"),
    ],
)
def test_an_encoding_is_marked_proved_or_guessed(text: str, written: str, found: str) -> None:
    data = f"{text}\n{text}".encode(written)
    page = page_of(data)
    assert (page.encoding, [line.text for line in page.lines]) == (found, [text, text])
    is_guess = page.reason.key == "note.encoding-guessed"
    assert is_guess == (found.startswith("cp"))


def test_another_encoding_can_be_chosen() -> None:
    page = page_of(ARABIC.encode("cp1256"), encoding="cp874")
    assert page.reason.key == "note.encoding-chosen"
    assert page.lines[0].text == ARABIC.encode("cp1256").decode("cp874", "replace")


def test_lines_are_counted_while_pages_are_turned() -> None:
    data = "".join(f"line {n}\n" for n in range(1, 1001)).encode()
    pages = turned(data)
    assert len(pages) == 1000 // PAGE_LINES
    assert [(line.number, line.text) for page in pages for line in page.lines] == [
        (n, f"line {n}") for n in range(1, 1001)
    ]


def test_the_page_before_is_the_one_that_was_turned() -> None:
    data = "".join(f"line {n}\n" for n in range(1, 1001)).encode("utf-16")
    pages = turned(data)
    for one, other in pairwise(pages):
        assert (other.before, other.line_before) == (one.at, one.lines[0].number - 1 or 0)
        again = page_of(data, at=other.before, is_near=True, line=other.line_before)
        assert again.lines == one.lines


def test_a_place_in_the_middle_begins_with_its_line_and_counts_nothing() -> None:
    data = "".join(f"line {n} {THAI}\n" for n in range(20_000)).encode()
    page = page_of(data, at=len(data) // 2, is_near=True)
    assert page.lines[0].text.startswith("line ")
    assert page.lines[0].text.endswith(THAI)
    assert {line.number for line in page.lines} == {0}


def test_a_page_in_the_middle_reads_little_of_the_file() -> None:
    class Counted(io.BytesIO):
        count = 0

        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size)
            self.count += len(data)
            return data

    stream = Counted(b"one more line of this text\n" * 2_000_000)
    page = text_page(stream, Asked(at=27_000_000, is_near=True))
    assert len(page.lines) == PAGE_LINES
    assert stream.count < 1_000_000


@given(
    st.lists(st.text("aé\u0e01\U0001f600 ", max_size=9_000), max_size=6),
    st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]),
    st.booleans(),
)
@examples(40)
def test_every_character_stands_on_one_page(lines: list[str], encoding: str, ends: bool) -> None:
    text = "\n".join(lines) + ("\n" if ends else "")
    pages = turned(text.encode(encoding), encoding)
    rows = [row for page in pages for row in page.lines]
    assert "".join(row.text for row in rows) == text.replace("\n", "")
    counted = [row.number for row in rows if row.number]
    assert counted == sorted(counted)


def test_bytes_are_shown_from_a_row_on() -> None:
    data = bytes(range(256)) * 20
    page = bytes_page(io.BytesIO(data), Asked(at=4_000))
    assert page.at == 4_000 - 4_000 % 16
    at, hexed, letters = page.rows[0]
    assert bytes.fromhex(hexed) == data[at : at + 16]
    assert len(letters) == 16
    assert page.before >= 0
    assert bytes_page(io.BytesIO(b""), Asked(at=99)).rows == ()


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"\xef\xbb\xbf", b"\n", b"\x00\n", b"\xe0"])
def test_the_smallest_texts_have_a_page(data: bytes) -> None:
    page = page_of(data)
    assert page.after == -1
    assert encoding_of(data)[0] == page.encoding
