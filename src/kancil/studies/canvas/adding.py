"""Starts as an officer pastes them: many addresses, transactions and outputs at once.

From any text; to starts that the chain holds, and those it does not with the reason. Good ones are
kept where others are bad. A `bitcoin:` address of a wallet is read as the address in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.chain.starts import AskedStart, resolve_starts
from kancil.ground.errors import KancilError
from kancil.ground.units import grouped
from kancil.ground.words import render

from .errors import StartsTooMany
from .view import LONGEST_START, MOST_SOURCES, MOST_STARTS, ChainSource, View

MOST_TOLD = 20
"""Bad starts that are named one by one; the sentence counts them all."""
LONGEST_PASTE = 300_000
_BETWEEN = re.compile(r"[\s,;|\"'<>()\[\]{}]+")
_TXID = re.compile(r"[0-9a-fA-F]{64}")
_OUTPOINT = re.compile(r"([0-9a-fA-F]{64}):(\d{1,10})")


@dataclass(frozen=True, slots=True)
class BadStart:
    """A start that cannot be used."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Starts:
    """What of a paste can be used, and what cannot."""

    good: tuple[str, ...]
    bad: tuple[BadStart, ...]


def read_paste(text: str) -> tuple[str, ...]:
    """The words of a paste, each once; raises StartsTooMany."""
    if len(text) > LONGEST_PASTE:
        raise StartsTooMany(most=grouped(MOST_STARTS))
    words = dict.fromkeys(filter(None, (_word(each) for each in _BETWEEN.split(text))))
    if len(words) > MOST_STARTS:
        raise StartsTooMany(most=grouped(MOST_STARTS))
    return tuple(words)


def _word(text: str) -> str:
    scheme, colon, rest = text.partition(":")
    if colon and scheme.lower() == "bitcoin":
        text = unquote(rest.partition("?")[0]).lstrip("/")
    if _TXID.fullmatch(text) or _OUTPOINT.fullmatch(text):
        return text.lower()
    return text


def check_starts(
    chain: Chain, words: Iterable[str], explain: Callable[[KancilError], str]
) -> Starts:
    """Ask the chain of each; `explain` puts an error into words."""
    good, bad = [], []
    for word in words:
        if len(word) > LONGEST_START:
            bad.append(BadStart(word[:40] + "\u2026", render("note.canvas-start-too-long")))
            continue
        try:
            _require(chain, word)
        except KancilError as error:
            bad.append(BadStart(word, explain(error)))
        else:
            good.append(word)
    return Starts(tuple(good), tuple(bad))


def _require(chain: Chain, word: str) -> None:
    """Raise what asking for a start raises; quick where an address has very many outputs."""
    if _TXID.fullmatch(word):
        chain.tx_row(word)
    elif _OUTPOINT.fullmatch(word) or not len(chain.outputs_of_address(word)):
        resolve_starts(chain, [AskedStart(word)])


def with_starts(view: View, chain: str, starts: Iterable[str]) -> View:
    """The view with these starts besides; one source holds all of a chain's.

    Raises StartsTooMany.
    """
    for place, source in enumerate(view.sources):
        if isinstance(source, ChainSource) and (source.chain, source.direction) == (chain, "both"):
            several = tuple(dict.fromkeys((*source.starts, *starts)))
            if len(several) > MOST_STARTS:
                raise StartsTooMany(most=grouped(MOST_STARTS))
            sources = list(view.sources)
            sources[place] = ChainSource(chain, several)
            return view.with_sources(sources)
    if len(view.sources) >= MOST_SOURCES:
        raise StartsTooMany(most=grouped(MOST_STARTS))
    return view.adding(ChainSource(chain, tuple(dict.fromkeys(starts))))


def added_sentence(starts: Starts) -> str:
    """How many were added, and which were not and why."""
    said = [render("note.canvas-added", count=grouped(len(starts.good)))]
    if starts.bad:
        said.append(render("note.canvas-not-added", count=grouped(len(starts.bad))))
        said += [
            render("note.canvas-bad-start", start=each.text, why=each.why)
            for each in starts.bad[:MOST_TOLD]
        ]
    return " ".join(said)
