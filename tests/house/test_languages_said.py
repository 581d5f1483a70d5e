"""The README says in which languages what is offered, as the words that are built count it."""

from __future__ import annotations

from collections import defaultdict

import pytest

from kancil.ground import offered
from kancil.ground.offered import LEAST_PERCENT, SOURCE, SURFACES, is_offered
from kancil.ground.words import languages
from kancil.reports.casework.prosecutor.make import LANGUAGES as REPORT_LANGUAGES
from tools.tree import ROOT

LANGUAGES = {
    "ar": "Arabic", "es": "Spanish", "fr": "French", "id": "Indonesian", "km": "Khmer", "lo": "Lao",
    "my": "Burmese", "th": "Thai", "vi": "Vietnamese",
}  # fmt: skip
PARTS = {
    "report": "the printed report", "letter": "letters", "web.requests": "requests",
    "web.people": "sign-in and accounts", "web.home": "the unit's Home",
    "web.home.search": "search", "web.cases": "cases", "web.cases.limiting": "limits of use",
    "web.profile": "profiles", "web.labels": "label sources", "web.prices": "prices",
    "web.law": "law", "web.directory": "the directory",
    "web.studies.chains.watch": "watched addresses",
    "web.figures": "figures of requests", "web.packages": "packages of figures",
    "web.jobs": "background jobs", "web.selectors": "deconfliction", "web.help": "help",
    "web.assessment": "assessments", "web.assessment.site.home": "the assessment's Home",
    "web.programme.home": "the programme's Home", "web.programme": "the programme",
    "paper": "assessment reports", "paper.study": "the regional comparison",
    "paper.donor": "reports to donors",
}  # fmt: skip
"""Words for the surfaces that a language may soon be offered on."""


def listed(names: list[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def sentence() -> str:
    """What is to be said: languages that are offered on the same surfaces stand together."""
    together: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for language in languages():
        if language != SOURCE:
            where = tuple(each for each in SURFACES if is_offered(language, each))
            together[where].append(LANGUAGES[language])
    groups = sorted((-len(where), sorted(names), where) for where, names in together.items())
    said = []
    for _, names, where in groups:
        unnamed = sorted(set(where) - set(PARTS))
        assert not unnamed, f"offered by now, and without a name here: {unnamed}"
        parts = f"{len(where)} ({listed([PARTS[each] for each in where])})" if where else "none"
        said.append(f"{listed(names)} {parts}")
    return f"Of {len(SURFACES)} parts so many are offered in: {'; '.join(said)}."


def readme() -> str:
    return " ".join((ROOT / "README.md").read_text("utf-8").split())


def test_the_readme_says_which_languages_are_offered_where() -> None:
    assert sentence() in readme(), f"README.md must say: … {sentence()}"
    assert f"{LEAST_PERCENT} % of its words" in readme()


def test_the_sentence_follows_the_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the printed report taken from all, nobody is said to have it."""
    before = sentence()
    rooms = {room for room in offered.coverage(SOURCE) if room.startswith("reports")}
    built = offered.coverage
    monkeypatch.setattr(
        offered, "coverage",
        lambda code: {room: (0 if room in rooms else have, of)
                      for room, (have, of) in built(code).items()},
    )  # fmt: skip
    assert "the printed report" in before
    assert "the printed report" not in sentence()


def test_the_report_is_printed_in_each_language_in_which_it_is_offered() -> None:
    assert set(offered.offered("report")) <= set(REPORT_LANGUAGES)
