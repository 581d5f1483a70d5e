"""Text of a file by its kind: every word that a person reads in it is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.evidence.text.extract import is_read, text_of
from tests.evidence.members.making import zipped

WORDS = "Wire the money to ບັນຊີ 0042, tài khoản của tôi, счёт, ธนาคาร"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_plain_text_is_read_in_its_encoding(encoding: str) -> None:
    assert text_of("text", "a.txt", WORDS.encode(encoding)) == WORDS


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("Перевод на счёт сорок семь\n", "cp1251"), ("โอนเงินเข้าบัญชีธนาคาร\n", "cp874"),
     ("Überweisung an Müller, Straße\n", "cp1252")],
)  # fmt: skip
def test_an_older_encoding_is_guessed(text: str, encoding: str) -> None:
    assert text_of("text", "a.txt", ("plain ASCII first\n" + text * 20).encode(encoding)) == (
        "plain ASCII first\n" + text * 20
    )


def test_html_gives_words_and_addresses_without_scripts() -> None:
    html = (
        "<!DOCTYPE html><html><head><title>Pay</title><style>p {color: red}</style></head><body>"
        "<script>var hidden = 1</script><p>Kan<b>cil</b> &amp; friends</p><!-- no -->"
        '<ul><li>one<li>two</ul><a href="https://example.org/x">here</a></body></html>'
    )
    text = text_of("text", "a.html", html.encode()) or ""
    assert [each.strip() for each in text.split("\n") if each.strip()] == [
        "Pay", "Kancil & friends", "one", "two", "[https://example.org/x] here",
    ]  # fmt: skip


def test_html_is_read_in_the_encoding_that_it_states() -> None:
    html = '<html><head><meta charset="windows-874"></head><p>ธนาคาร</p></html>'
    assert "ธนาคาร" in (
        text_of("text", "a", html.replace("windows-874", "cp874").encode("cp874")) or ""
    )


def test_a_word_set_in_several_runs_is_one_word() -> None:
    part = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        "<w:p><w:r><w:t>Kan</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>cil</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>next</w:t></w:r><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del></w:p>"
        "</w:body></w:document>"
    )
    data = zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": part.encode()})
    text = text_of("zip", "a.docx", data) or ""
    assert text.split("\n") == ["Kancil", "nextdeleted"]


def test_an_archive_that_is_no_document_has_no_text_of_its_own() -> None:
    assert text_of("zip", "a.zip", zipped({"word.txt": b"x"})) is None


def test_strings_of_one_and_two_bytes_are_taken_of_bytes_of_no_known_format() -> None:
    data = b"\x00\x01longer than six\x02short\x03" + "wide string".encode("utf-16-le") + b"\xff"
    assert text_of("bytes", "a.bin", data) == "longer than six\nwide string"


def test_pictures_are_not_read() -> None:
    assert not is_read("jpeg")
    assert text_of("jpeg", "a.jpg", b"\xff\xd8\xff text that is long") is None


@given(st.binary(max_size=500), st.sampled_from(["text", "zip", "bytes"]))
def test_bytes_of_any_kind_raise_nothing(data: bytes, kind: str) -> None:
    text = text_of(kind, "a", data)
    assert text is None or len(text) <= len(data) * 4


@given(
    st.lists(st.text(st.characters(categories=("L", "Nd")), min_size=1, max_size=12), min_size=1)
)
def test_every_word_of_a_text_and_of_a_page_is_found(words: list[str]) -> None:
    plain = " ".join(words).encode()
    page = b"<html><body><p>" + plain + b"</p></body></html>"
    assert (text_of("text", "a.txt", plain) or "").split() == words
    assert (text_of("text", "a.html", page) or "").split() == words
