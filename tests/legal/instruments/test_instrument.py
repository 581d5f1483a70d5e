"""Articles bear the numbers and titles of the assessment protocol, and a source each."""

from __future__ import annotations

from kancil.assessment.protocol_files.library import named_protocol
from kancil.legal.instruments.instrument import Confidence, Role, instruments
from kancil.legal.requests import kinds


def test_articles_are_those_of_the_legal_matrix() -> None:
    protocol = named_protocol("legal-2026.4")
    known = {
        (each.article.instrument, each.article.number): (
            each.article.title.in_language("en"),
            str(each.confidence),
        )
        for each in protocol.indicators.values()
        if each.article
    }  # fmt: skip
    for instrument in instruments().values():
        for article in instrument.articles:
            told = (article.title, article.confidence.value)
            assert told == known[instrument.id, article.number]


def test_an_instrument_says_where_it_is_from_and_where_to_ask() -> None:
    for instrument in instruments().values():
        assert instrument.source
        assert instrument.check_at
        assert instrument.conditions
        assert instrument.entry.source
        for article in instrument.articles:
            assert article.gives.endswith(".")
            assert set(article.kinds) <= {each.name for each in kinds()}
            assert article.kinds
        if instrument.confidence is not Confidence.HIGH:
            assert "verify" in instrument.source or "general knowledge" in instrument.source


def test_what_is_about_a_kind_comes_before_what_carries_anything() -> None:
    (first, second) = instruments()["budapest"].carrying("preservation")
    assert (first.number, second.number) == ("29", "35")
    assert first.kinds["preservation"] is Role.OWN
    assert second.kinds["preservation"] is Role.GENERAL
