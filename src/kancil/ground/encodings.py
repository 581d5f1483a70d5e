"""In which encoding a text is written: marked, proved by its form, or guessed and said to be.

A byte order mark decides (Unicode 15.0, 23.8). Without one, bytes that are valid UTF-8 are taken
for it: of an older encoding no text but a very short one is valid by chance. Zeros in every other
byte are UTF-16. All else is guessed: accents that stand alone are Windows' Western European; runs
of high bytes are Thai, Arabic or Cyrillic, whichever makes the better words (`_share`). How often
that guess errs on real files is not known; short texts and names mislead it, so a person can choose
another.
"""

from __future__ import annotations

import codecs
import unicodedata
from itertools import pairwise

from kancil.ground.phrase import Phrase

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SCRIPTS = {
    "cp874": "THAI",
    "cp1256": "ARABIC",
    "cp1251": "CYRILLIC",
    "cp1253": "GREEK",
    "cp1255": "HEBREW",
    "cp1258": "LATIN",
    "gb18030": "CJK",
    "big5": "CJK",
}
"""Older encodings that are guessed or offered, with the script that each is for."""
_GUESSED = ("cp874", "cp1256", "cp1251")
"""Those of one script in the upper half, in which words are runs of high bytes."""
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252", *_SCRIPTS)
"""All that a person may choose."""
_THAI_CONSONANTS = frozenset(map(chr, range(0x0E01, 0x0E2F)))
_THAI_BEFORE = frozenset(map(chr, range(0x0E40, 0x0E45)))
_LEAST_RUNS = 0.5
"""Share of high bytes that stand beside another one: in Western text accents stand alone."""


def is_text(head: bytes) -> bool:
    """Whether first bytes are text: no control characters but tabs, line ends and form feeds."""
    encoding, _ = encoding_of(head)
    unit = _unit(encoding)
    text = head[: len(head) - len(head) % unit].decode(encoding, "ignore")
    bad = sum(1 for each in text if ord(each) < 32 and each not in "\t\n\r\f\x1b")
    undefined = sum(1 for each in text if unicodedata.category(each) in ("Cn", "Co", "Cs"))
    return bool(text) and (bad + undefined) * 100 <= len(text)


def encoding_of(head: bytes) -> tuple[str, Phrase]:
    """The encoding of a text by its first bytes, and how it is known."""
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding, Phrase("note.encoding-marked", {"encoding": encoding})
    zeros = head.count(0)
    if zeros * 4 > len(head):
        encoding = "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
        return encoding, Phrase("note.encoding-zeros", {"encoding": encoding})
    if _is_utf8(head):
        return "utf-8", Phrase("note.encoding-utf-8")
    high = bytes(byte if byte > 0x7F else 0x20 for byte in head)
    words = [each for each in high.split(b" ") if each]
    run_bytes = sum(len(each) for each in words if len(each) > 1)
    if run_bytes < _LEAST_RUNS * sum(map(len, words)):
        return "cp1252", Phrase("note.encoding-guessed", {"encoding": "cp1252"})
    shares = {each: _share(head, each) for each in _GUESSED}
    best = max(shares, key=lambda each: shares[each])
    return best, Phrase("note.encoding-guessed", {"encoding": best})


def _share(head: bytes, encoding: str) -> float:
    """Share of the letters beyond ASCII that are of the encoding's script, less what cannot be.

    What cannot be: a capital after a small letter, a Thai vowel that is written before its
    consonant and has none, a Thai mark above or below nothing (WTT 2.0, the input rules of Thai).
    """
    text = head.decode(encoding, "replace")
    beyond = [each for each in text if not each.isascii()]
    fitting = sum(1 for each in beyond if unicodedata.name(each, "").startswith(_SCRIPTS[encoding]))
    odd = sum(1 for one, other in pairwise(f" {text} ") if _cannot_follow(one, other))
    return (fitting - 2 * odd) / max(1, len(beyond))


def _cannot_follow(one: str, other: str) -> bool:
    if one.islower() and other.isupper():
        return True
    if one in _THAI_BEFORE and other not in _THAI_CONSONANTS:
        return True
    return unicodedata.category(other) == "Mn" and not (
        one in _THAI_CONSONANTS
        or unicodedata.category(one) == "Mn"
        or not "\u0e00" <= other < "\u0e80"
    )


def _is_utf8(head: bytes) -> bool:
    """Whether bytes are UTF-8; the last character may be cut off."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _unit(encoding: str) -> int:
    return 2 if encoding.startswith("utf-16") else 1
