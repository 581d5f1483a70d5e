"""GraphSense TagPacks: what a tag inherits, and what breaks a tag or the whole file."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kancil.bitcoin.labels.errors import LabelFileNotReadable
from kancil.bitcoin.labels.label import Row
from kancil.bitcoin.labels.label_format import LabelFile
from kancil.bitcoin.labels.label_formats import tagpack
from kancil.bitcoin.labels.label_formats.tagpack import TAGPACK
from kancil.ground.skipped import Skipped

TAGS = Path(__file__).parents[3] / "data" / "bitcoin" / "tags"


def rows(raw: bytes) -> list[Row | Skipped]:
    return list(TAGPACK.rows(LabelFile("pack.yaml", raw)))


def test_a_tag_has_the_fields_of_its_header_beneath_its_own() -> None:
    file = LabelFile("hacks.yaml", (TAGS / "hacks.yaml").read_bytes())
    assert TAGPACK.recognises(file)
    found = [row for row in TAGPACK.rows(file) if isinstance(row, Row)]
    assert [row.label for row in found] == ["Bitstamp", "Zaif", "Zaif"]
    last = found[-1]
    assert last.address == "1LnNsUycA3iAWhqKj1L3vEH1GV6nJE5NtF"
    assert (last.publisher, last.currency) == ("GraphSense Core Team", "BTC")
    assert (last.category, last.actor, last.confidence) == ("exchange", "zaif", "web_crawl")
    assert last.modified_on == "2021-11-12"
    assert last.listed_on == ""
    assert last.context == (
        "Known Cryptoservice hacks: Addresses related to hacked exchanges and hackers"
    )
    assert last.place == "tag 3"


def test_own_fields_beat_the_header() -> None:
    (row,) = rows(b"creator: A\nlabel: x\ncurrency: BTC\ntags:\n- {address: q, label: y}\n")
    assert isinstance(row, Row)
    assert (row.label, row.publisher) == ("y", "A")


def test_values_stay_the_text_they_were() -> None:
    (row,) = rows(b"creator: no\ntags:\n- {address: 0123, label: 1e5, currency: xbt}\n")
    assert isinstance(row, Row)
    assert (row.publisher, row.address, row.label, row.currency) == ("no", "0123", "1e5", "BTC")


def test_tags_without_address_or_label_or_of_other_form_are_skips() -> None:
    found = rows(b"creator: A\ntags:\n- {label: x}\n- {address: q}\n- text\n- {address: [1]}\n")
    assert found == [
        Skipped("label-address-missing", "tag 1"),
        Skipped("label-name-missing", "tag 2", {"address": "q"}),
        Skipped("label-tag-form", "tag 3"),
        Skipped("label-address-missing", "tag 4"),
    ]


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"title: x\ntags:\n- address: a\n  - b: c\n", 4),
        (b"title: x\ntags: none\n", 0),
        (b"- a\n- b\n", 1),
        (b"", 1),
        (b"tags: " + b"[" * 50_000, 0),
        (b"title: \x00\ntags: []\n", 0),
    ],
)
def test_a_broken_file_is_refused_as_a_whole(raw: bytes, line: int) -> None:
    with pytest.raises(LabelFileNotReadable) as caught:
        rows(raw)
    if line:
        assert caught.value.params["line"] == line


def test_a_tag_that_asks_for_a_program_is_only_its_value() -> None:
    assert rows(b"creator: A\ntags: !!python/object/apply:os.getcwd []\n") == []


def test_many_references_to_one_part_do_not_grow() -> None:
    bomb = b"a: &a [x,x,x,x,x,x,x,x,x]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n".encode()
    assert rows(bomb + b"creator: A\ntags: []\n") == []


def test_the_format_is_told_by_ending_and_tags() -> None:
    assert TAGPACK.recognises(LabelFile("a.yml", b"tags: []"))
    assert not TAGPACK.recognises(LabelFile("a.yaml", b"nodes: []"))
    assert not TAGPACK.recognises(LabelFile("a.txt", b"tags: []"))


@pytest.mark.parametrize(
    "text",
    [
        (TAGS / "hacks.yaml").read_text(encoding="utf-8"),
        (TAGS / "blender_io.yaml").read_text(encoding="utf-8"),
        (TAGS / "ofac.yaml").read_text(encoding="utf-8"),
        "", "tags: []", "tags: x", "- a\n- {b: c}\n", "a: b\n---\na: c\n", "a: 1\na: 2\n",
        "a: &x word\ntags:\n- {address: *x, label: '', currency: \"b\\n\"}\n- *x\n",
        "tags:\n- |\n  a\n  b\n- >-\n  c\n  d\n- ~\n-\n- {a: }\n",
    ],
)  # fmt: skip
def test_text_lists_and_tables_are_those_of_the_library(text: str) -> None:
    try:
        expected = yaml.load(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError:
        with pytest.raises(yaml.YAMLError):
            tagpack._Events(text).only_document()
        return
    assert tagpack._Events(text).only_document() == expected


def test_what_lies_deeper_than_a_tag_is_passed_over() -> None:
    deep = "[" * 500 + "]" * 500
    text = f"a: b\ntags:\n- {{c: {deep}, d: e}}\nf: {{g: {{h: {{i: j}}}}}}\n"
    assert tagpack._Events(text).only_document() == {
        "a": "b",
        "tags": [{"c": None, "d": "e"}],
        "f": {"g": {"h": None}},
    }


@pytest.mark.parametrize("text", ["tags:\n- {[a]: b}\n", "{{a: b}: c}", "tags: " + "[" * 100_000])
def test_a_key_that_is_no_text_and_nesting_without_end_break_the_file(text: str) -> None:
    with pytest.raises(LabelFileNotReadable):
        rows(text.encode())
