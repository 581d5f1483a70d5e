"""Text as it is looked for: the same whatever the case of its letters, in every script."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """Text without case, compatibility forms and unseen marks, for comparing; never shown.

    Compatibility caseless matching (The Unicode Standard, section 3.13, D147), and without format
    characters such as the zero-width space between Khmer words. What is empty afterwards names
    nothing.
    """
    if text.isascii():
        return text.lower()
    seen = "".join(each for each in text if unicodedata.category(each) != "Cf")
    once = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", seen).casefold())
    return unicodedata.normalize("NFKC", once.casefold())
