"""Names and sentences: the same parts in each language, with the same places to fill."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import pytest

from kancil.bitcoin.generator.counter import Draw
from kancil.training.lab import LANGUAGES
from kancil.training.plot.errors import LabLanguageUnknown
from kancil.training.plot.voice import FOLDER, voice_of

SCRIPTS = {"km": "KHMER", "lo": "LAO", "my": "MYANMAR", "th": "THAI"}


def shape(value: Any) -> Any:
    """The parts of a voice with what is to be filled in, without the words."""
    if isinstance(value, dict):
        return {name: shape(part) for name, part in value.items()}
    if isinstance(value, list):
        return [shape(part) for part in value]
    return sorted(re.findall(r"\{[a-z]+\}", value))


def test_there_is_a_voice_for_each_language_of_labs() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.yaml")) == sorted(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_the_same_parts(language: str) -> None:
    english, voice = voice_of("en").said, voice_of(language).said
    assert voice.keys() == english.keys()
    for part in (
        "bank_lines", "everyday", "ransom", "romance", "mule", "freeze", "campaign", "hospital",
    ):  # fmt: skip
        assert shape(voice[part]) == shape(english[part]), part
    for part in ("given", "cities", "banks", "shops"):
        assert len(voice[part]) == len(english[part]) == len(set(voice[part])), part


@pytest.mark.parametrize("language", SCRIPTS)
def test_names_are_in_the_script_of_the_language(language: str) -> None:
    name = voice_of(language).person(Draw(1, 1))
    letters = [each for each in name if each.isalpha()]
    assert letters
    assert all(unicodedata.name(each).startswith(SCRIPTS[language]) for each in letters)


@pytest.mark.parametrize("language", LANGUAGES)
def test_drawn_people_are_different_people(language: str) -> None:
    used = {"somebody"}
    first = voice_of(language).people(Draw(3, 1), 40, used)
    second = voice_of(language).people(Draw(3, 1), 110, used)
    assert len({*first, *second}) == 150
    assert used == {"somebody", *first, *second}


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(LabLanguageUnknown):
        voice_of("xx")
