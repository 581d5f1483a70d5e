"""Words for people: a code and named parameters in, a sentence in the reader's language out.

One stdlib-gettext domain, `kancil`, built from the `.po` file of each room into one `.mo`.
The code is the message id, so that a record keeps its meaning when a sentence is improved.
"""

from __future__ import annotations

import gettext
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Literal

from .phrase import Param, Phrase

LOCALES = Path(__file__).parent / "locale"
DOMAIN = "kancil"
_spoken: ContextVar[str] = ContextVar("language", default="en")
_RIGHT_TO_LEFT = frozenset(("ar", "fa", "he", "ps", "ur"))
_IN_ORDER = re.compile(
    r"(?<![\w.-])(?:\d+(?:-[0-9A-Za-z]+)+(?:[ T]\d+(?::\d+)+)?(?![\w-])|[-+±–\u2212]\d[\d.,]*"
    r"|\d+\.[a-z]\b)"
)
"""Days and codes in pieces (2026-P-007, 16.a), and numbers with a sign."""
_SPAN = re.compile(r"[-\u2212]?\d[\d.,:-]*(?: %)? – [-\u2212]?\d[\d.,:-]*(?: %)?")
"""From one day, time or number to another."""
_HARMLESS = "\n\t\u00a0\u202f\u200b\u200c\u200d"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALES, languages=[language, "en"], fallback=True)


@cache
def languages() -> tuple[str, ...]:
    """List the languages that have words, English first."""
    found = {path.parent.parent.name for path in LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")}
    return tuple(sorted(found, key=lambda name: (name != "en", name)))


def speak(language: str) -> None:
    """Render in this language from here on, in this thread or task, where none is named."""
    _spoken.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Render in this language within the block, and after it as before."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def spoken() -> str:
    """The language in which words are rendered where none is named; English at first."""
    return _spoken.get()


def direction(language: str | None = None) -> Literal["ltr", "rtl"]:
    """Which way a language (a tag of BCP 47; else the spoken one) is written."""
    return "rtl" if (language or spoken()).partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def has(key: str, language: str | None = None) -> bool:
    """Whether the words hold a sentence for this key."""
    return _catalogue(language or spoken()).gettext(key) != key


def is_translated(key: str, language: str) -> bool:
    """Whether a language has words of its own for a key; English has its own for all."""
    return language == "en" or _catalogue(language).gettext(key) != _catalogue("en").gettext(key)


def render(key: str, language: str | None = None, /, **params: Param) -> str:
    """The sentence of a key, its named parameters filled in, phrases among them rendered.

    `language`: else the spoken one.

    A key without a sentence, or a sentence whose parameter is not given, is shown as the key and
    all parameters: ugly, complete, never an error on top of an error.
    """
    language = language or spoken()
    sentence = _catalogue(language).gettext(key)
    filled = {
        name: render(value.key, language, **value.params) if isinstance(value, Phrase) else value
        for name, value in params.items()
    }
    if sentence == key:
        return _plain(key, filled)
    for name, value in filled.items():
        if isinstance(value, str) and value.endswith("."):
            sentence = _ends_with(name).sub(f"{{{name}}}", sentence)
    try:
        return sentence.format_map(filled)
    except (KeyError, IndexError, ValueError):
        return _plain(key, filled)


@cache
def _ends_with(name: str) -> re.Pattern[str]:
    """A parameter with a full stop after it: one too many where its value ends with its own."""
    return re.compile(rf"\{{{re.escape(name)}\}}\.(?=\s|$)")


def render_phrase(phrase: Phrase) -> str:
    """The sentence of a phrase in the spoken language."""
    return render(phrase.key, **phrase.params)


def harmless(text: str) -> str:
    """Replace control and other unprintable characters by a mark; line ends and tabs stay.

    Names and paths from an exhibit can hold anything; nothing in them may steer a terminal. The
    joiners and the zero-width space that Khmer, Burmese and Lao are written with stay.
    """
    return "".join(
        character if character in _HARMLESS or character.isprintable() else "\ufffd"
        for character in text
    )


def isolated(text: str) -> str:
    """Keep the parts of days, codes and numbers with a sign in their order where Arabic is spoken.

    After Arabic letters 2026-05-29 would else be read from its last part on: 29-05-2026, and -5 as
    5-.
    """
    return text if direction() == "ltr" else _IN_ORDER.sub("\u2066\\g<0>\u2069", text)


def in_own_direction(text: str) -> str:
    """Let data that stand in a language of the other direction keep theirs, by their first letter.

    Else *2026-P-007 Mentor (two weeks)* is read from its last part on where Arabic is spoken. A
    span of days or numbers has no letter: its first stands where the spoken language begins.
    Source: Unicode Standard Annex 9, FIRST STRONG ISOLATE and RIGHT-TO-LEFT ISOLATE.
    """
    if direction() == "ltr":
        return text
    way = "\u2067" if is_span(text) else "\u2068"
    return f"{way}{text}\u2069"


def is_span(text: str) -> bool:
    """Whether a text goes from one day, time or number to another, and has no other word."""
    return _SPAN.fullmatch(text) is not None


def shown(phrase: Phrase) -> str:
    """The sentence of a phrase for a page: nothing in its data steers it unseen or turns round."""
    if direction() == "ltr":
        return visible(render_phrase(phrase))
    return isolated(render(phrase.key, **{name: _shown(v) for name, v in phrase.params.items()}))


def _shown(value: Param) -> Param:
    if isinstance(value, Phrase):
        return shown(value)
    return in_own_direction(visible(value)) if isinstance(value, str) else value


_UNSEEN = frozenset(("Cc", "Cf", "Co", "Cs", "Zl", "Zp"))
_JOINERS = "\u200b\u200c\u200d"


def visible(text: str) -> str:
    """Show each character that steers a text unseen by its number, `⟨U+202E⟩`: for pages.

    So a name that turns the direction of what follows, or hides a part of itself, is seen to. Line
    ends and tabs stay, and after a letter beyond ASCII the joiners and the zero-width space with
    which Khmer, Burmese, Lao, Thai and Persian are written.
    """
    if text.isprintable():
        return text
    return "".join(
        f"⟨U+{ord(character):04X}⟩"
        if unicodedata.category(character) in _UNSEEN
        and character not in "\n\t"
        and not (character in _JOINERS and _is_joined(text[place - 1 : place]))
        else character
        for place, character in enumerate(text)
    )


def _is_joined(before: str) -> bool:
    return before > "\x7f" and unicodedata.category(before)[0] in "LM"


def _plain(key: str, params: dict[str, str | int]) -> str:
    if not params:
        return key
    return key + " (" + ", ".join(f"{name}={value}" for name, value in params.items()) + ")"
