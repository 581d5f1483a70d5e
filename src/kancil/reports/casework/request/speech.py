"""Fixed words of a letter in its language and, beside them, in a second one.

The first column counts. The second shows what is translated and says where something is not; no
English sentence passes there for another language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kancil.ground.phrase import Param, Phrase
from kancil.ground.words import is_translated, render
from kancil.reports.document.blocks import (
    Beside,
    Block,
    Cell,
    Level,
    Line,
    Manner,
    Paragraph,
)
from kancil.reports.document.language import ENGLISH

_MANNERS: dict[Level, Manner] = {
    "plain": "plain", "muted": "muted", "warn": "strong", "lead": "strong",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Speech:
    """The languages of a letter."""

    first: str
    second: str = ""
    """Empty: the letter has one column."""

    @property
    def document(self) -> str:
        """Language of the document: English where the words have no other yet."""
        return self.first if _is_said(self.first, "letter.contact", {}) else ENGLISH

    def text(self, key: str, **params: Param) -> str:
        """The words in the first language."""
        return render(key, self.first if _is_said(self.first, key, params) else ENGLISH, **params)

    def line(self, key: str, manner: Manner = "plain", /, **params: Param) -> Line:
        """A line in the first language."""
        return Line(self.text(key, **params), manner, self._tag(self.first, key, params))

    def second_line(self, key: str, manner: Manner = "plain", /, **params: Param) -> Line | None:
        """A line in the second language; None where there is none, or no translation."""
        if not self.second or not _is_said(self.second, key, params):
            return None
        said = render(key, self.second, **params)
        is_repeated = said == self.text(key, **params)
        return None if is_repeated else Line(said, manner, self._other(self.second))

    def lines(self, key: str, manner: Manner = "plain", /, **params: Param) -> Cell:
        """A line in each language, the second below the first."""
        second = self.second_line(key, "muted", **params)
        first = self.line(key, manner, **params)
        return (first,) if second is None else (first, second)

    def both(self, key: str, between: str = " · ", /, **params: Param) -> str:
        """A few words in each language, in one line."""
        second = self.second_line(key, **params)
        first = self.text(key, **params)
        return first if second is None else f"{first}{between}{second.text}"

    def label(self, key: str) -> str:
        """A few words in each language, the second below the first."""
        return self.both(key, "\n")

    def say(self, key: str, level: Level = "plain", /, **params: Param) -> Block:
        """A paragraph, or two columns."""
        line = self.line(key, **params)
        manner: Manner = _MANNERS[level]
        beside = self.second_line(key, manner, **params)
        is_english = line.language == ENGLISH == self.second
        if not self.second or is_english:
            return Paragraph(line.text, level, line.language)
        return Beside((self.line(key, manner, **params),), (beside or self.untranslated(),))

    def written(self, text: str, language: str) -> Cell:
        """What an officer wrote, each of its lines by itself; `language`: of the text."""
        found = (each.strip() for each in text.splitlines())
        return tuple(Line(each, language=self._other(language)) for each in found if each)

    def translated(self, label: str, text: str, language: str, translation: str) -> Block:
        """What an officer wrote under a label, which may be empty, and its translation."""
        beside = self.written(translation, self.second) or (self.untranslated(),)
        said = self.written(text, language)
        if not label:
            return Beside(said, beside)
        second = self.second_line(label, "strong")
        return Beside(
            (self.line(label, "strong"), *said), (*((second,) if second else ()), *beside)
        )

    def untranslated(self) -> Line:
        """What stands in the second column where nothing is translated."""
        found = self.second_line("letter.untranslated", "muted")
        return found or self.line("letter.untranslated", "muted")

    def _tag(self, language: str, key: str, params: dict[str, Param]) -> str:
        return self._other(language if _is_said(language, key, params) else ENGLISH)

    def _other(self, language: str) -> str:
        return "" if language == self.document else language


def _is_said(language: str, key: str, params: Mapping[str, Param]) -> bool:
    """Whether a language has words of its own for a key, and for each phrase in it."""
    phrases = (each for each in params.values() if isinstance(each, Phrase))
    return is_translated(key, language) and all(
        _is_said(language, each.key, each.params) for each in phrases
    )
