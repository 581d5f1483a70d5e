"""In which languages a surface is offered: those that have nearly all of its words.

A surface is what one reads at a time: a room of the site, the graph, the printed report. Its words
stand in rooms of `.po` files, and how many of them a language has is counted when the words are
built (`coverage.json` beside `kancil.mo`). Below the bar, a surface is shown in English and says
so: a page half in one language reads as if the rest were said in it too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache

from .words import LOCALES, languages

LEAST_PERCENT = 95
"""So much of a surface's words a language has, in which the surface is offered."""
COVERAGE = "coverage.json"
SOURCE = "en"

_PROGRAMME_HOME = (
    "web", "web_assess_*", "assessment*", "web_prog_home", "programme_vocabulary",
)  # fmt: skip
SURFACES: dict[str, tuple[str, ...]] = {
    "web.people": ("web", "web_people"),
    "web.classroom": ("web", "web_people", "classroom"),
    "web.home": ("web", "web_pages", "web_people", "web.home.search"),
    "web.home.search": ("web", "web_search"),
    "web.cases": ("web", "web_pages", "web_acts", "web_answers", "web_lead", "notes"),
    "web.cases.intake": ("web", "web_intake"),
    "web.cases.reading": ("web", "web_files"),
    "web.cases.limiting": ("web", "web_pages", "web_acts", "legal_handling", "web_handling"),
    "web.studies": (
        "web", "web_chains", "web_clusters", "web_change", "web_select", "web_lead", "tracing",
        "studies/*", "trace/*", "cluster/*", "change/*", "exposure/*", "pattern/*", "disk/*",
        "profile", "web_profile", "policies/*",
    ),
    "web.studies.results.patterns": ("web", "pattern/*", "bitcoin_patterns", "patterns/*"),
    "web.studies.chains.watch": ("web", "web_chains", "bitcoin_watch"),
    "web.requests": (
        "web", "legal_requests", "web_requests", "web_due", "legal_clock", "web_law",
        "legal_instruments", "legal_pairs", "web_rights",
    ),
    "web.keepers": ("web", "web_keepers", "keepers", "legal_requests"),
    "web.figures": ("web", "web_packages", "legal_figures", "packages"),
    "web.packages": ("web", "web_packages", "legal_figures", "packages"),
    "web.profile": ("web", "web_chains", "web_profile", "profile"),
    "web.canvas": ("web", "moneygraph", "canvas", "web_canvas"),
    "web.stated": ("web", "stated", "web_reported", "reported"),
    "web.labels": ("web", "web_chains", "bitcoin_labels"),
    "web.prices": ("web", "web_chains"),
    "web.directory": ("web", "web_directory", "legal_directory"),
    "web.evidence": ("web", "web_evidence", "evidence_images", "disk/*"),
    "web.jobs": ("web", "work"),
    "web.law": (
        "web", "web_law", "legal_instruments", "legal_requests", "legal_pairs", "web_rights",
    ),
    "web.selectors": ("web", "web.home.search"),
    "web.help": ("web", "web_help", "glossary"),
    "web.assessment": ("web", "web_assess_*", "desk_assessment", "assessment*"),
    "web.assessment.site.home": _PROGRAMME_HOME,
    "web.programme.home": _PROGRAMME_HOME,
    "report": (
        "reports", "reports_pdf", "reports_*_page", "reports_canvas", "statements", "tracing",
    ),
    "letter": ("reports_requests", "legal_requests", "legal_pairs"),
    "web.programme": (
        "web", "web_assess_*", "web_prog_*", "desk_programme", "programme_*", "work",
    ),
    "web.training.courses": ("web", "web_courses", "training_courses"),
    "paper": ("reports_assessment", "reports_workbook", "reports_brief", "assessment"),
    "paper.study": ("reports_study",),
    "paper.course": ("reports_course", "web_courses"),
    "web.training.tests": ("web", "web_courses", "desk_training_tests"),
    "paper.donor": ("reports_donor", "programme_*"),
    "web.training": (
        "web", "web_training*", "desk_training", "training_*", "labs/*", "classroom",
    ),
    "command": ("cli", "cli_*", "wire", "api", "programme_*"),
    "lab": ("labs/*",),
    "certificate": ("reports_certificate",),
    "error": (
        "desk", "desk_books", "desk_programme", "custody", "evidence", "evidence_images", "ground",
        "web_serve",
        "bitcoin_*", "heuristics/*",
    ),
}  # fmt: skip
"""Each surface, and the rooms of words on it: the stem of a `.po` file, or `folder/stem` of one
that stands beside a member. A room of words may stand on several."""


@cache
def coverage(language: str) -> Mapping[str, tuple[int, int]]:
    """Of each room of words how many sentences a language has, and how many there are."""
    path = LOCALES / language / "LC_MESSAGES" / COVERAGE
    if not path.is_file():
        return {}
    found: dict[str, list[int]] = json.loads(path.read_bytes())
    return {room: (have, of) for room, (have, of) in found.items()}


def counted(language: str, surface: str) -> tuple[int, int]:
    """How many sentences of a surface a language has, and how many there are."""
    known = coverage(language)
    counts = [known[room] for room in _rooms_on(surface, tuple(known))]
    return sum(have for have, _ in counts), sum(of for _, of in counts)


@cache
def _rooms_on(surface: str, rooms: tuple[str, ...]) -> tuple[str, ...]:
    """Those of some rooms of words that stand on a surface."""
    patterns = SURFACES[surface]
    return tuple(room for room in rooms if any(fnmatchcase(room, each) for each in patterns))


def is_offered(language: str, surface: str) -> bool:
    """Whether a surface is offered in a language; English always is."""
    have, of = counted(language, surface)
    return language == SOURCE or (of > 0 and have * 100 >= of * LEAST_PERCENT)


def offered(surface: str) -> tuple[str, ...]:
    """The languages in which a surface is offered, English first."""
    return tuple(language for language in languages() if is_offered(language, surface))
