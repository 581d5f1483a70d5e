"""A question as an officer types it, turned into one that the full-text engine always understands.

| typed | found are texts with |
|---|---|
| `word other` | both words, in any order |
| `"two words"` | these words, one after the other |
| `word*` | words that begin so |
| `-word` | not this word |
| `one OR other` | either |

Case and accents make no difference. Words of scripts that put no spaces between words are found
wherever their letters stand in a row, also within a longer word.
"""

from __future__ import annotations

import re
import unicodedata

from kancil.evidence.errors import SearchNotUnderstood
from kancil.ground.phrase import Phrase

MAX_CHARACTERS = 1_000
PART = "\u200b"
"""Stands before and after each letter of a script without spaces; no text is shown with it."""
_LETTERS = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf"
    "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
"""Thai, Lao, Tibetan, Burmese, Khmer, Tai Le and New Tai Lue, Tai Tham, kana, and Han (The Unicode
Standard 15.0, blocks; UAX 14, classes SA and ID)."""
_MARKS = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u0f71-\u0f84"
    "\u102b-\u103e\u17b4-\u17d3\u3099\u309a"
)
"""Vowels and tones of these that stand with the letter before them."""
_UNSEEN = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u06df-\u06e8\u06ea-\u06ed"
    "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ue000\ue001]"
)
"""Vowel points of Hebrew and Arabic, most often not written; marks without a width; what marks a
hit."""
_LETTER = re.compile(f"[{_LETTERS}][{_MARKS}]*")
_TERM = re.compile(r'(-?)(?:"([^"]*)("?)|(\S+))')


def parted(text: str) -> str:
    """Text as it is indexed and asked for: compatibility forms as one, letters set apart.

    Vowel points of Hebrew and Arabic are left out, and marks without a width.
    """
    if text.isascii():
        return text
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    return _LETTER.sub(f"{PART}\\g<0>{PART}", text)


def match_of(typed: str) -> str:
    """The question for FTS5 (sqlite.org/fts5.html, 3); raises SearchNotUnderstood."""
    if len(typed) > MAX_CHARACTERS:
        raise _refused("why.search-too-long")
    groups: list[list[str]] = [[]]
    without: list[str] = []
    for each in _TERM.finditer(typed):
        minus, quoted, end, word = each.groups()
        if quoted is not None and not end:
            raise _refused("why.search-open-quote")
        if word == "OR" and not minus:
            groups.append([])
            continue
        term = phrase_of(word if quoted is None else quoted)
        (without if minus else groups[-1]).append(term)
    if not all(groups):
        raise _refused("why.search-only-without" if without else "why.search-no-word")
    asked = " OR ".join(f"({' AND '.join(each)})" for each in groups)
    return f"({asked}) NOT ({' OR '.join(without)})" if without else asked


def has_word(text: str) -> bool:
    """Whether there is anything to look for in a text."""
    return any(each.isalnum() for each in parted(text))


def phrase_of(words: str) -> str:
    """Words in a row, as one phrase of FTS5; raises SearchNotUnderstood where there is no word."""
    if not has_word(words):
        raise _refused("why.search-no-word")
    is_beginning = words.endswith("*")
    text = parted(words).replace('"', " ").replace("\0", " ")
    return f'"{text}"{"*" if is_beginning else ""}'


def _refused(why: str) -> SearchNotUnderstood:
    return SearchNotUnderstood(why=Phrase(why))
