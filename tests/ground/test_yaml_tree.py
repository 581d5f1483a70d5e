"""YAML becomes a tree with places, and nothing but text; both of PyYAML's parsers make the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kancil.ground import yaml_tree
from kancil.ground.errors import FileNotReadable
from kancil.ground.phrase import Phrase
from kancil.ground.yaml_tree import Fault, Listed, Mapped, Scalar, compose, read_bounded

SAMPLE = b"""\
# a remark
one: two words
list:
  - "quoted: text"
  - [a, 'b']
on: {yes: no}
"""


def test_every_node_has_its_line_and_column() -> None:
    tree, faults = compose(SAMPLE, "x.yaml")
    assert faults == []
    assert isinstance(tree, Mapped)
    assert list(tree.pairs) == ["one", "list", "on"]
    key, value = tree.pairs["one"]
    assert (key.line, key.column) == (2, 1)
    assert value == Scalar("two words", is_plain=True, line=2, column=6)
    listed = tree.pairs["list"][1]
    assert isinstance(listed, Listed)
    assert listed.items[0] == Scalar("quoted: text", is_plain=False, line=4, column=5)
    inner = listed.items[1]
    assert isinstance(inner, Listed)
    assert [(item.line, item.column) for item in inner.items] == [(5, 6), (5, 9)]


def test_columns_are_counted_in_characters_and_not_in_bytes() -> None:
    tree, _ = compose("{ខ្មែរ: x, b: c}".encode(), "x.yaml")
    assert tree is not None
    assert tree.pairs["b"][0].column == 12


@pytest.mark.parametrize(
    "text",
    ["no", "Yes", "on", "OFF", "true", "null", "~", "1", "1.10", "-3", "1_000", "0x1F", "0o17",
     "12:30:45", "1e3", ".5", ".inf", "2026-03-09", "2026-03-09 10:00:00", "=", "<<"],
)  # fmt: skip
def test_what_a_reader_of_yaml_takes_as_something_else_is_no_text(text: str) -> None:
    assert not Scalar(text, is_plain=True, line=1, column=1).is_text
    assert Scalar(text, is_plain=False, line=1, column=1).is_text


@pytest.mark.parametrize(
    "text", ["words", "2026.1.2", "nothing", "1 of 2", "e3", "yes and no", "១"]
)
def test_words_are_text_without_quotes(text: str) -> None:
    assert Scalar(text, is_plain=True, line=1, column=1).is_text


def test_a_key_that_stands_twice_is_told_and_the_first_is_kept() -> None:
    tree, faults = compose(b"a: 1\nb:\n  c: 2\n  c: 3\n", "x.yaml")
    assert faults == [Fault("yaml-key-twice", "x.yaml", 4, 3, {"key": "c", "first": 3})]
    assert faults[0].phrase == Phrase("problem.yaml-key-twice", {"key": "c", "first": 3})
    assert tree is not None
    inner = tree.pairs["b"][1]
    assert isinstance(inner, Mapped)
    assert inner.pairs["c"][1] == Scalar("2", is_plain=True, line=3, column=6)


@pytest.mark.parametrize(
    "content",
    [SAMPLE, b"", b"- a", b"a: !!str b", b"a: &x b", b"a: *x", b"a: b\n---\nc: d", b"[a]: b",
     b"a: '\xe1\x9e\x80'", b"a: 1\na: 2", b'a: "\\0"', b"a: \x07", b"a: [" + b"[" * 30,
     b"a:\n\t- b",
     b"a: {b", b"a: |\n  b\n  c\n", b"%YAML 1.2\n---\na: b", b"? a\n: b"],
)  # fmt: skip
def test_the_parser_in_python_gives_the_same_as_the_one_in_c(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast, told = compose(content, "x.yaml")
    monkeypatch.setattr(yaml_tree, "_Loader", yaml.SafeLoader)
    slow, also_told = compose(content, "x.yaml")
    assert slow == fast
    assert [fault.code for fault in also_told] == [fault.code for fault in told]


def test_half_a_character_made_by_an_escape_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for loader in (yaml_tree._Loader, yaml.SafeLoader):
        monkeypatch.setattr(yaml_tree, "_Loader", loader)
        tree, faults = compose(b'a: "\\ud800"', "x.yaml")
        assert tree is None
        assert len(faults) == 1


def test_a_file_is_read_up_to_the_first_byte_too_many(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(yaml_tree.LIMIT_BYTES * 3)
    assert len(read_bounded(path)) == yaml_tree.LIMIT_BYTES + 1


@pytest.mark.parametrize("name", [".", "none", "a\0b"])
def test_what_is_no_file_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotReadable):
        read_bounded(tmp_path / name)
