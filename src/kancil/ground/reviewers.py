"""Who has read a language's words and answers for them.

A sentence that a court reads must have been read before by somebody who knows the language and
gives a name. Without one, a document in that language is a preview: watermarked, neither signed nor
bundled. The names stand in `locale/reviewers.toml`.
"""

from __future__ import annotations

import tomllib
from functools import cache

from .words import LOCALES

RECORD = LOCALES / "reviewers.toml"


@cache
def _record() -> dict[str, tuple[str, ...]]:
    table = tomllib.loads(RECORD.read_text(encoding="utf-8"))
    return {language: tuple(entry.get("reviewers", ())) for language, entry in table.items()}


def reviewers(language: str) -> tuple[str, ...]:
    """Name those who signed off a language's words; none where nobody did."""
    return _record().get(language, ())


def is_signed_off(language: str) -> bool:
    """Whether a named reviewer answers for a language's words."""
    return any(name.strip() for name in reviewers(language))
