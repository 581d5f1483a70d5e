"""The index of a disk's text: what stands in a text is found, in every script, and nothing else."""

from __future__ import annotations

import sqlite3
import unicodedata
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.evidence.errors import SearchNotUnderstood
from kancil.evidence.search.index import Document, SearchIndex
from kancil.evidence.search.query import has_word
from tools.tree import ROOT

TEXTS = {
    "docs/plan.txt": "Wire the money to the old account before Friday. The account is old.",
    "docs/café.txt": "Überweisung an MÜLLER im Café, tài khoản của tôi",
    "docs/thai.txt": "กรุณาโอนเงินเข้าบัญชีธนาคารภายในวันศุกร์ก่อนที่จะสายเกินไป",
    "docs/lao.txt": "ກະລຸນາໂອນເງິນເຂົ້າບັນຊີທະນາຄານ",
    "docs/khmer.txt": "សូមផ្ទេរប្រាក់ទៅគណនីធនាគារ",
    "docs/burmese.txt": "ဘဏ်စာရင်းသို့ငွေလွှဲပါ",
    "docs/chinese.txt": "请在星期五之前转账到这个账户",
    "docs/russian.txt": "Перевод на счёт до пятницы",
    "docs/arabic.txt": "السَّلامُ عَلَيْكُمْ",
    "docs/mail.eml": "From: <some.one@example.org>\nbitcoin:1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
}  # fmt: skip


def built(folder: Path, texts: dict[str, str]) -> SearchIndex:
    path = folder / "text.sqlite"
    path.unlink(missing_ok=True)
    documents = (Document(row, 0, name, text) for row, (name, text) in enumerate(texts.items(), 1))
    SearchIndex.build(path, documents)
    return SearchIndex(path)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    return built(tmp_path_factory.mktemp("index"), TEXTS)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("money FRIDAY", {"plan"}),
        ('"old account"', {"plan"}),
        ('"account old"', set()),
        ("acc*", {"plan"}),
        ("account -friday", set()),
        ("friday OR пятницы", {"plan", "russian"}),
        ("uberweisung muller cafe", {"café"}),
        ("tai khoan", {"café"}),
        ("ธนาคาร", {"thai"}),
        ("ສະຖານ", set()),
        ("ທະນາຄານ", {"lao"}),
        ("ធនាគារ", {"khmer"}),
        ("ငွေလွှဲ", {"burmese"}),
        ("转账", {"chinese"}),
        ("账", {"chinese"}),
        ("账转", set()),
        ("СЧЁТ", {"russian"}),
        ("some.one@example.org", {"mail"}),
        ("السلام", {"arabic"}),
        ("1boatslrhtknngkdxeeobr76b53lettpyt", {"mail"}),
    ],
)
def test_what_is_asked_for_is_found(index: SearchIndex, typed: str, found: set[str]) -> None:
    assert {Path(each.path).stem for each in index.search(typed).hits} == found


@pytest.mark.parametrize("typed", ["", "  ", "-money", "@@ ..", '"open', "OR", "a OR", "x" * 1_001])
def test_what_says_nothing_is_refused(index: SearchIndex, typed: str) -> None:
    with pytest.raises(SearchNotUnderstood):
        index.search(typed)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_understood_or_refused(index: SearchIndex, typed: str) -> None:
    with suppress(SearchNotUnderstood):
        assert index.search(typed).total <= len(TEXTS)


def test_a_snippet_shows_the_words_by_turns(index: SearchIndex) -> None:
    (hit,) = index.search("friday").hits
    assert hit.snippet[1] == "Friday"
    assert "".join(hit.snippet) == TEXTS["docs/plan.txt"]
    (hit,) = index.search("ธนาคาร").hits
    assert "ธนาคาร" in "".join(hit.snippet)


def test_the_text_that_says_it_most_comes_first_and_then_the_path(tmp_path: Path) -> None:
    long = "word " + "other " * 50
    with built(tmp_path, {"c": long, "b": "word", "a": "word", "d": "nothing"}) as index:
        assert [each.path for each in index.search("word").hits] == ["a", "b", "c"]


def test_numbers_and_paths_narrow_a_search(index: SearchIndex) -> None:
    assert index.search("account OR счёт", allowed=[8]).hits[0].path == "docs/russian.txt"
    assert index.search("account", allowed=[]).total == 0
    assert index.search("account", allowed=None).total == 1
    assert index.search("account", under="docs/p").total == 1
    assert index.search("account", under="docs/x%").total == 0


def test_each_line_of_a_list_is_counted(index: SearchIndex) -> None:
    lines = ["old account\n", "转账\n", "\n", "not there\n", "--\n"]
    found = [(each.words, each.total, each.numbers) for each in index.search_list(lines)]
    assert found == [("old account", 1, (1,)), ("转账", 1, (7,)), ("not there", 0, ())]
    assert [each.total for each in index.search_list(lines, allowed=[7])] == [0, 1, 0]


def test_the_same_documents_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        built(tmp_path / name, TEXTS)
    one, other = (tmp_path / name / "text.sqlite" for name in ("one", "other"))
    assert one.read_bytes() == other.read_bytes()
    assert one.stat().st_mode & 0o077 == 0


def test_an_index_is_smaller_than_its_texts(tmp_path: Path) -> None:
    texts = {path.name: path.read_text("utf-8") for path in (ROOT / "docs").rglob("*.md")}
    built(tmp_path, texts)
    assert (tmp_path / "text.sqlite").stat().st_size < sum(map(len, texts.values()))


def test_an_index_is_not_written_to(index: SearchIndex) -> None:
    with pytest.raises(sqlite3.OperationalError):
        index._base.execute("DELETE FROM documents")


RANGES = (
    (0x20, 0x250), (0x370, 0x530), (0x5D0, 0x6D0), (0x905, 0x97F), (0xE01, 0xE5A),
    (0xE81, 0xEDE), (0x1000, 0x1050), (0x1780, 0x17EA), (0x3041, 0x3100), (0x4E00, 0x4F00),
    (0xAC00, 0xAD00),
)  # fmt: skip
OF_RANGES = [
    [each for each in map(chr, range(first, after))
     if unicodedata.category(each) == unicodedata.ucd_3_2_0.category(each) != "Cn"
     and unicodedata.is_normalized("NFKC", each)]
    for first, after in RANGES
]  # fmt: skip
"""Of SQLite's Unicode 6.1: what came later is looked for as it is classed there."""
UNITS = [each for letters in OF_RANGES for each in letters if unicodedata.category(each)[0] != "M"]
UNITS += [
    letter + mark
    for letters in OF_RANGES
    for letter in [each for each in letters if unicodedata.category(each) == "Lo"][:9]
    for mark in letters
    if unicodedata.category(mark)[0] == "M"
]
"""Letters, and letters with a mark of their own script."""


def words_of(text: str) -> list[str]:
    kept = (each if unicodedata.category(each)[0] in "LNM" else " " for each in text)
    return [each for each in "".join(kept).split() if has_word(each)]


@given(st.lists(st.lists(st.sampled_from(UNITS), max_size=60).map("".join), min_size=1, max_size=4))
def test_every_word_of_a_text_is_found(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    named = {str(number): text for number, text in enumerate(texts)}
    with built(tmp_path_factory.mktemp("every"), named) as index:
        for name, text in named.items():
            for word in words_of(text):
                assert name in {each.path for each in index.search(f'"{word}"').hits}
