"""Files of official texts: read by their bytes, within limits; hostile ones are refused."""

from __future__ import annotations

from itertools import pairwise

import pytest

from kancil.assessment.errors import OfficialTextNotReadable, OfficialTextTooLarge
from kancil.assessment.foreign import MOST_TEXT_BYTES, read_official, read_statute
from kancil.assessment.official import lines as module
from kancil.assessment.official.fitting import expected
from kancil.assessment.official.lines import lines_of
from kancil.ground.phrase import Phrase
from kancil.ground.words import render_phrase
from tests.assessment.official import official_samples as samples
from tests.assessment.official.statute_files import docx, statute_docx

_NESTED = "".join(
    f'<!ENTITY {after} "{f"&{before};" * 10}">'
    for before, after in pairwise("abcdefghijklmnopqrstuvwxyz")
)
ENTITIES = f'<!DOCTYPE html [<!ENTITY a "Article 1">{_NESTED}]><html><body>&z;</body></html>'
BOATS = expected(samples.protocol(), "boats", "en")
HOSTILE = {
    "deep": (b"<html><body>" + b"<div>" * 50_000 + b"Article 1", "why.official-html-limits"),
    "many": (b"<html><body>" + b"<b>a</b>" * 300_001, "why.official-html-limits"),
    "script-alone": (
        b"<html><body><script>" + b"Article 1 - A\n" * 500 + b"</script></body></html>",
        "why.official-no-text",
    ),
    "entities": (ENTITIES.encode(), "why.official-no-text"),
    "nothing": (b"", "why.official-no-text"),
    "word": (b"PK\x03\x04" + b"x" * 500, "why.official-kind"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 500, "why.official-kind"),
    "latin-1": ("Artículo 1".encode("latin-1") * 50, "why.official-encoding"),
    "scanned": (samples.blank_pdf(), "why.official-no-text"),
    "locked": (samples.blank_pdf("secret"), "why.official-pdf-locked"),
    "cut": (samples.pdf(samples.european())[:2_000], "why.official-pdf"),
    "no-pdf": (b"%PDF-1.7\n" + b"\xff" * 2_000, "why.official-pdf"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_text_is_refused_with_its_reason(name: str) -> None:
    data, key = HOSTILE[name]
    with pytest.raises(OfficialTextNotReadable) as raised:
        lines_of(data, "a file")
    why = raised.value.params["why"]
    assert isinstance(why, Phrase)
    assert (why.key, render_phrase(why) != why.key) == (key, True)


def test_a_page_that_nests_as_deep_as_the_limit_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_DEPTH", 12)
    inner = "Each Party shall see to its own boats. " * 20
    for depth, is_read in ((9, True), (11, False)):
        data = f"<html><body>{'<div>' * depth}{inner}{'</div>' * depth}</body></html>".encode()
        try:
            assert lines_of(data, "a file")[0].startswith("Each Party")
            assert is_read
        except OfficialTextNotReadable:
            assert not is_read


def test_a_latin_1_page_is_read_by_what_its_head_says() -> None:
    head = '<meta charset="iso-8859-1">'
    text = "Artículo 1 - Propósito\n\n" + "La Convención vela por la niñez. " * 20
    data = samples.html(text, head=head).decode().replace("–", "-").encode("latin-1")
    assert "Artículo 1 - Propósito" in lines_of(data, "a file")


def test_a_large_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(OfficialTextTooLarge):
        read_official(b"a" * (MOST_TEXT_BYTES + 1), "a file", BOATS)


def test_the_child_reads_as_without_one() -> None:
    found = read_official(samples.html(samples.european()), "a file", BOATS)
    assert [each.number for each in found.articles] == [str(number) for number in range(1, 13)]
    with pytest.raises(OfficialTextNotReadable):
        read_official(HOSTILE["deep"][0], "a file", BOATS)


def test_a_word_document_is_read_by_its_paragraphs_and_no_entity_of_it() -> None:
    lines = lines_of(statute_docx("Article 1", "Article 2"), "act.docx")
    assert [each for each in lines if each.startswith("Article")] == ["Article 1", "Article 2"]
    head = '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    with pytest.raises(OfficialTextNotReadable):
        lines_of(docx("Article 1", "&e;" + "word " * 60, head=head), "act.docx")


def test_a_statute_is_split_in_a_child() -> None:
    found = read_statute(statute_docx("Article 1", "Section 2A."), "act.docx")
    assert [each.article for each in found.pieces] == ["Article 1", "Section 2A"]
    with pytest.raises(OfficialTextNotReadable):
        read_statute(b"PK\x03\x04" + b"x" * 500, "act.docx")


def test_a_statute_in_an_older_encoding_is_read_and_the_guess_is_stated() -> None:
    text = "มาตรา ๙ ผู้ใดทำให้เสียหาย\nมาตรา ๙/๑ ผู้ใดกระทำตามมาตรา ๙ โดยมีเจตนา\n" * 4
    found = read_statute(text.encode("cp874"), "act.txt")
    assert found.guessed == "cp874"
    assert [each.article for each in found.pieces][:2] == ["มาตรา ๙", "มาตรา ๙/๑"]
    assert read_statute(text.encode("utf-16"), "act.txt").guessed == ""
    assert found.unread == 0


def test_letters_that_a_file_does_not_name_are_counted() -> None:
    text = "Article 1. The \ue012ouse\n" + "is here \ufffd.\n" * 40
    assert read_statute(text.encode(), "act.txt").unread == 41


def test_a_glyph_of_a_pdf_without_a_letter_is_marked_and_a_ligature_is_its_letters() -> None:
    from kancil.assessment.official.lines import _AS_TYPED

    assert "o\ufb00ence อื\x00น".translate(_AS_TYPED) == "offence อื\ufffdน"
