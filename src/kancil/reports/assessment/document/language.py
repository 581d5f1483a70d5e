"""In which language a document comes out: that of its words, English where they have none yet."""

from __future__ import annotations

from kancil.ground.words import render, spoken

ENGLISH = "en"


def document_language(key: str) -> str:
    """Give the spoken language, or English where `key` has no words of its own in it.

    A document says what language it is in; a page that says Khmer and is English would be read
    aloud as noise.
    """
    language = spoken()
    return language if render(key) != render(key, ENGLISH) else ENGLISH
