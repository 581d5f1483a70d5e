"""A report is offered in a language only where its words and the protocol both have it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from kancil.assessment.protocol import Protocol, Shape, Standing
from kancil.assessment.protocol_files.translation import Translation, texts_of, translated
from kancil.ground import offered
from kancil.reports.programme.languages import region_languages, report_languages
from tests.assessment import small

PROTOCOL = small.protocol([small.indicator("L0", "a"), small.indicator("L1", "b")])


def speaking(protocol: Protocol, language: str, share: int = 100) -> Protocol:
    """The protocol with so many of a hundred texts in a language."""
    ways = list(texts_of(protocol).items())
    texts = {way: f"{language} {text}" for way, text in ways[: len(ways) * share // 100]}
    made = Translation(protocol.name, language, Standing.PROPOSAL, "Invented", None, texts)
    return translated(protocol, [made])


@pytest.fixture
def both_have_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words of reports in Spanish and Vietnamese, as if their files were there."""
    monkeypatch.setattr(
        "kancil.reports.programme.languages.offered", lambda _surface: ("en", "es", "vi")
    )


@pytest.mark.usefixtures("both_have_words")
def test_words_alone_are_not_enough() -> None:
    assert report_languages([PROTOCOL]) == ("en",)
    assert report_languages([speaking(PROTOCOL, "es")]) == ("en", "es")
    assert report_languages([speaking(PROTOCOL, "es", 90)]) == ("en",)


def test_a_protocol_alone_is_not_enough() -> None:
    assert "xx" not in report_languages([speaking(PROTOCOL, "xx")])
    assert set(report_languages([PROTOCOL])) <= set(offered.offered("paper"))


@pytest.mark.usefixtures("both_have_words")
def test_the_protocols_of_indicators_decide_and_without_one_all_do() -> None:
    spanish = speaking(PROTOCOL, "es")
    law = replace(PROTOCOL, id="law", shape=Shape.PROVISIONS)
    assert report_languages([spanish, law]) == ("en", "es")
    assert report_languages([spanish, replace(PROTOCOL, id="second")]) == ("en",)
    assert report_languages([law]) == ("en",)
    assert report_languages([speaking(law, "es")]) == ("en", "es")


@pytest.mark.usefixtures("both_have_words")
def test_the_region_asks_the_protocols_that_were_released() -> None:
    rows: list[Any] = [SimpleNamespace(figures={PROTOCOL.name: {}})]
    spanish = {PROTOCOL.name: speaking(PROTOCOL, "es")}
    assert region_languages(rows, spanish) == ("en", "es")
    assert region_languages(rows, {PROTOCOL.name: PROTOCOL}) == ("en",)
