"""GIFT against the fixtures of another parser, and against itself."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kancil.training.errors import GiftCannotHold, GiftNotReadable
from kancil.training.item_bank.bank import (
    GAP,
    Bank,
    Item,
    ItemKind,
    Markup,
    Option,
    Pair,
    Span,
    Text,
)
from kancil.training.item_bank.gift import read_bank
from kancil.training.item_bank.gift_writing import write_bank
from tools.tree import ROOT

HERE = ROOT / "tests" / "data" / "gift"
SHARED = ROOT.parent / "shared" / "data" / "training" / "gift"
"""All fixtures, where the data of the project lie beside it; the small ones stand in the tree."""
FIXTURES = sorted(
    {path.stem: path for folder in (SHARED, HERE) for path in folder.glob("*.gift")}.values()
)
_KINDS = {
    ItemKind.CATEGORY: "Category",
    ItemKind.DESCRIPTION: "Description",
    ItemKind.ESSAY: "Essay",
    ItemKind.TRUE_FALSE: "TF",
    ItemKind.CHOICE: "MC",
    ItemKind.SHORT: "Short",
    ItemKind.NUMBER: "Numerical",
    ItemKind.MATCHING: "Matching",
}


def _number(text: str) -> float:
    return float(text)


def _text(text: Text | None) -> Any:
    return None if text is None else {"format": text.markup.value, "text": text.text}


def _span(span: Span) -> dict[str, Any]:
    if span.high:
        return {
            "type": "high-low",
            "numberHigh": _number(span.high),
            "numberLow": _number(span.low),
        }
    if span.tolerance:
        return {"type": "range", "number": _number(span.low), "range": _number(span.tolerance)}
    return {"type": "simple", "number": _number(span.low)}


def _option(option: Option) -> dict[str, Any]:
    return {
        "isCorrect": option.is_right,
        "weight": _number(option.weight) if option.weight else None,
        "text": _text(option.text) if option.span is None else _span(option.span),
        "feedback": _text(option.feedback),
    }


def as_fixture(item: Item) -> dict[str, Any]:
    """An item as the fixtures' parser writes it."""
    if item.kind is ItemKind.CATEGORY:
        return {"type": "Category", "title": item.stem.text}
    stem = item.stem
    if item.after:
        stem = Text(" ".join(filter(None, (stem.text, GAP, item.after))), stem.markup)
    found: dict[str, Any] = {
        "id": item.id,
        "tags": list(item.tags) or None,
        "type": _KINDS[item.kind],
        "title": item.title,
        "stem": _text(stem),
        "hasEmbeddedAnswers": bool(item.after),
    }
    if item.kind is not ItemKind.DESCRIPTION:
        found["globalFeedback"] = _text(item.feedback)
    if item.kind is ItemKind.TRUE_FALSE:
        right, wrong = _text(item.if_right), _text(item.if_wrong)
        true, false = (right, wrong) if item.is_true else (wrong, right)
        found |= {"isTrue": item.is_true, "trueFeedback": true, "falseFeedback": false}
    elif item.kind is ItemKind.MATCHING:
        found["matchPairs"] = [
            {"subquestion": _text(each.left), "subanswer": each.right} for each in item.pairs
        ]
    elif item.kind is ItemKind.NUMBER and not item.is_list and item.options[0].span:
        found["choices"] = _span(item.options[0].span)
    elif item.options:
        found["choices"] = [_option(each) for each in item.options]
    return found


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_fixture_is_read_as_its_parser_reads_it(path: Path) -> None:
    bank = read_bank(path.read_bytes(), path.name)
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert [as_fixture(each) for each in bank.items] == expected


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_fixture_written_and_read_again_is_the_same_bank(path: Path) -> None:
    bank = read_bank(path.read_bytes(), path.name)
    assert read_bank(write_bank(bank).encode(), "again") == bank


BROKEN = {
    "open-brace": ("Fine? {T}\n\nWhat is\nit? {=a\n~b\n\nNext? {T}", 4),
    "stray-brace": ("Fine? {T}\n\nWhat } is it? {T}", 3),
    "nested-brace": ("What? {=a\n~b {\n}", 2),
    "second-answer": ("What? {=a} and\nthen {=b}", 2),
    "open-title": ("\n\n::Title what? {T}", 3),
    "no-words": ("\n{T}", 2),
    "words-before": ("What?\n{one =two\n=three}", 2),
    "option-empty": ("What? {=a\n=b\n~}", 3),
    "weight-wrong": ("What? {=a\n~%200%b}", 2),
    "not-a-number": ("How many? {#\n=twelve}", 2),
    "feedback-many": ("So? {T#a#b#c}", 1),
}


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_bank_names_the_line(code: str) -> None:
    text, line = BROKEN[code]
    with pytest.raises(GiftNotReadable) as caught:
        read_bank(text.encode(), "bank.gift")
    assert caught.value.params["line"] == line
    assert str(caught.value.params["why"]).startswith(f"problem.gift-{code}")


def test_a_bank_in_another_encoding_names_the_line() -> None:
    with pytest.raises(GiftNotReadable) as caught:
        read_bank("Fine? {T}\n\nDéjà? {T}".encode("latin-1"), "bank.gift")
    assert caught.value.params["line"] == 3


# --- what is written is read as the same ---------------------------------------------------------

_WORDS = (
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")) | st.just("\n"),
            max_size=30)
    | st.text("~=#{}:\\n->%[]/. 3a\n", max_size=20)
).map(str.strip)  # fmt: skip
_SOME = _WORDS.filter(bool)
_LINE = _SOME.map(lambda text: " ".join(text.split("\n")).strip()).filter(bool)
_NOTE = _LINE.filter(lambda text: "[id:" not in text and "[tag:" not in text)
_NAME = st.text("abcdef-0123456789", min_size=1, max_size=10)
_DECIMAL = st.decimals(-1000, 1000, places=3).map(str)
_PERCENT = st.decimals(-100, 100, places=2).map(str)


def _texts(words: st.SearchStrategy[str]) -> st.SearchStrategy[Text]:
    return st.builds(Text, words, st.sampled_from(Markup))


def _options(
    text: st.SearchStrategy[Text], span: st.SearchStrategy[Span | None], is_right: bool | None
) -> st.SearchStrategy[Option]:
    right = st.booleans() if is_right is None else st.just(is_right)
    feedback = st.none() | _texts(_SOME)
    return st.builds(Option, right, text, st.just("") | _PERCENT, feedback, span)


_SPANS = st.builds(Span, _DECIMAL, st.just("") | _DECIMAL) | st.builds(
    Span, _DECIMAL, st.just(""), _DECIMAL
)
_NONE = st.none()
_EMPTY = st.just(Text(""))
_BODIES: dict[ItemKind, dict[str, st.SearchStrategy[Any]]] = {
    ItemKind.ESSAY: {},
    ItemKind.TRUE_FALSE: {
        "is_true": st.booleans(),
        "if_wrong": _NONE | _texts(_SOME),
        "if_right": _NONE | _texts(_SOME),
    },
    ItemKind.SHORT: {
        "options": st.lists(_options(_texts(_SOME), _NONE, True), min_size=1, max_size=3).map(tuple)
    },
    ItemKind.CHOICE: {
        "options": st.lists(_options(_texts(_SOME), _NONE, None), min_size=1, max_size=4)
        .map(tuple)
        .filter(lambda options: not all(each.is_right for each in options))
    },
    ItemKind.NUMBER: {
        "options": st.lists(_options(_EMPTY, _SPANS, None), min_size=1, max_size=3).map(tuple)
    },
    ItemKind.MATCHING: {
        "pairs": st.lists(st.builds(Pair, _texts(_WORDS), _WORDS), min_size=1, max_size=3).map(
            tuple
        )
    },
}


@st.composite
def _items(draw: st.DrawFn) -> Item:
    kind = draw(st.sampled_from(list(_BODIES)))
    body = {name: draw(each) for name, each in _BODIES[kind].items()}
    title = draw(_NONE | _LINE)
    return Item(
        kind,
        draw(_texts(_SOME)),
        after=draw(st.just("") | _WORDS),
        title=title,
        id=draw(_NONE | _NAME),
        tags=tuple(draw(st.lists(_NAME, max_size=2))),
        notes=tuple(draw(st.lists(_NOTE, max_size=2))),
        feedback=draw(_NONE | _texts(_SOME)),
        **body,
    )


@settings(max_examples=60)
@given(st.lists(_items(), max_size=3))
def test_what_is_written_is_read_as_the_same_bank(items: list[Item]) -> None:
    bank = Bank(tuple(items))
    try:
        written = write_bank(bank)
    except GiftCannotHold:
        assert "->" in repr(items) or "-'" in repr(items) or '-"' in repr(items)
        return
    assert read_bank(written.encode(), "again") == bank


@settings(max_examples=60)
@given(st.text("~=#{}:\\nTF->%[]/. 3a\n", max_size=60))
def test_any_text_is_read_or_refused_with_its_line(text: str) -> None:
    with suppress(GiftNotReadable):
        read_bank(text.encode(), "bank.gift")


@given(st.text("~=#{}:\\TF \n", max_size=40))
def test_the_line_of_a_fault_is_in_the_file(text: str) -> None:
    with pytest.raises(GiftNotReadable) as caught:
        read_bank((text + "\n\nSo? {").encode(), "bank.gift")
    line = caught.value.params["line"]
    assert isinstance(line, int)
    assert 1 <= line <= text.count("\n") + 3
