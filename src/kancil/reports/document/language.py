"""In which language a document comes out, and in which one words in it are."""

from __future__ import annotations

import re

from kancil.ground.words import is_translated, spoken

ENGLISH = "en"
_TAG = re.compile("[a-z]{2,3}(-[a-z0-9]{2,8})*")


def document_language(key: str) -> str:
    """The spoken language, or English where `key` has no words of its own in it.

    A document says what language it is in; a page that says Khmer and is English would be read
    aloud as noise.
    """
    language = spoken()
    return language if is_translated(key, language) else ENGLISH


def language_tag(typed: str) -> str:
    """A language as somebody typed it as a tag (BCP 47), in lower case; empty: it is none."""
    tag = typed.strip().lower()
    return tag if _TAG.fullmatch(tag) else ""


def without_region(tag: str) -> str:
    """The language alone of a tag that may name a region or a script, too."""
    return tag.partition("-")[0]
