"""Whether a text that is to be published names somebody of the register of people."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_WORD = re.compile(r"\w[\w'\u2019-]*")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts that write no blank between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""


class Register:
    """Names as they are found in a text: whole words, in their order.

    A name of one word counts only in its own letters, since *Rose* is a name and *rose* is none.
    A spelling that the register does not have is not found.
    """

    def __init__(self, names: Iterable[str]) -> None:
        """Take the names in."""
        self._phrases: set[tuple[str, ...]] = set()
        self._words: set[str] = set()
        self._unspaced: set[str] = set()
        for each in names:
            name = unicodedata.normalize("NFC", each).strip()
            words = _WORD.findall(name)
            if _UNSPACED.search(name):
                self._unspaced.add(name)
            elif len(words) == 1:
                self._words.add(words[0])
            elif words:
                self._phrases.add(tuple(word.casefold() for word in words))
        self._lengths = sorted({len(each) for each in self._phrases})

    def is_named_in(self, *texts: str) -> bool:
        """Whether one of the texts names somebody."""
        return any(self._names(unicodedata.normalize("NFC", each)) for each in texts if each)

    def _names(self, text: str) -> bool:
        words = _WORD.findall(text)
        if not self._words.isdisjoint(words):
            return True
        plain = [word.casefold() for word in words]
        for length in self._lengths:
            for start in range(len(plain) - length + 1):
                if tuple(plain[start : start + length]) in self._phrases:
                    return True
        return not text.isascii() and any(name in text for name in self._unspaced)
