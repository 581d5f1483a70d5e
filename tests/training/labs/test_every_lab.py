"""What holds for every lab: its words exist, nobody in it is real, nothing in it is a picture."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kancil.ground.words import render_phrase
from kancil.training.lab import LANGUAGES, SMALL, Lab, Made
from kancil.training.labs import LABS
from kancil.training.question import Kind
from tests.training.made_labs import made_once, make, phrases

# Names of real exchanges, banks and messengers' rivals of the region: general knowledge, to be
# added to. None of them may stand in what is generated.
REAL = (
    "binance coinbase kraken okx huobi htx bitkub kucoin bybit tokocrypto indodax remitano upbit "
    "bitfinex bitstamp gemini gate.io mexc bitget tether bcel acleda canadia kasikorn kbank "
    "krungthai vietcombank techcombank bidv agribank sacombank mandiri maybank cimb bdo metrobank "
    "kbz hsbc citibank chainalysis elliptic gmail yahoo"
)
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"%PDF", b"<svg", b"data:image")


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: str(lab.name))
def test_a_lab_names_nobody_real_and_says_everything_in_words(lab: Lab) -> None:
    made = made_once(lab.name)
    check_questions(made.made, {path.name for path in made.files.iterdir()})
    said = " ".join(render_phrase(each) for each in phrases(made.made))
    assert not re.search(r"\blab\.[a-z]", said)
    for name, text in [*made.texts.items(), ("words", said)]:
        for real in REAL.split():
            assert not re.search(rf"\b{re.escape(real)}\b", text.casefold()), (name, real)
        assert not re.search(r"@(?![a-z.-]*\bexample\b)", text), name
    for path in made.files.iterdir():
        content = path.read_bytes()
        drawn = b"<svg" if path.suffix == ".zip" else None  # a bundle draws its traces
        assert not [kind for kind in PICTURES if kind in content and kind != drawn], path.name


def check_questions(made: Made, files: set[str]) -> None:
    """Questions, key and files belong together."""
    asked = [each.id for each in made.questions]
    assert asked == [each.question for each in made.expected]
    assert len(set(asked)) == len(asked)
    assert {each.name for each in made.evidence} == files
    for question, expected in zip(made.questions, made.expected, strict=True):
        codes = {choice.code for choice in question.choices}
        if question.kind is Kind.FINDING:
            assert expected.value["statement"] in codes
            assert set(expected.accusations) <= codes - {expected.value["statement"]}
        if question.kind is Kind.TEXT:
            assert sum(each.points for each in expected.rubric) == question.points
        assert sum(hint.cost for hint in question.hints) < question.points


@pytest.mark.thorough
@pytest.mark.parametrize("lab", LABS, ids=lambda lab: str(lab.name))
def test_another_seed_makes_another_lab(lab: Lab, tmp_path: Path) -> None:
    other = make(lab, tmp_path / "lab", 8)
    assert not set(other.digests.values()) & set(made_once(lab.name).digests.values())


@pytest.mark.thorough
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lab", LABS, ids=lambda lab: str(lab.name))
def test_a_lab_is_made_in_every_language(lab: Lab, language: str, tmp_path: Path) -> None:
    knobs = type(SMALL)(hops=3, decoys=2, noise=200, language=language)
    made = make(lab, tmp_path / "lab", 13, knobs)
    assert not [text for text in made.texts.values() if re.search(r"\{[a-z]+\}", text)]
