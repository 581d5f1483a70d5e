"""The full-text index of one disk: SQLite's FTS5, words without case and accents.

The index stands beside the texts, which are compressed, so that both are smaller than the texts.
Letters of scripts without spaces are words of their own and are asked for in a row (`query`): a
trigram index finds no word of two letters, such as most of Chinese, and is three times the text.
"""

from __future__ import annotations

import os
import re
import sqlite3
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from kancil.ground.files import sync_folder
from kancil.ground.owner import OWN_FILE

from .query import PART, has_word, match_of, parted, phrase_of

VERSION = 1
_SNIPPET_WORDS = 24
_MARKS = ("\ue000", "\ue001")
_TOKENS = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
_SCHEMA = f"""
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, number INTEGER NOT NULL, member INTEGER NOT NULL, path TEXT NOT NULL,
    body BLOB NOT NULL);
CREATE VIEW texts AS SELECT id, unpacked(body) AS text FROM documents;
CREATE VIRTUAL TABLE words USING fts5(
    text, content='texts', content_rowid='id', tokenize="{_TOKENS}");
PRAGMA user_version = {VERSION};
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Document:
    """A text that is indexed."""

    number: int
    """Of the entry (`images.entry.FileEntry`)."""
    member: int
    """0: the file itself (`triage.content.FileContent`)."""
    path: str
    """Of the entry and inside of it, joined by `/`."""
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A text in which the words stand."""

    number: int
    member: int
    path: str
    snippet: tuple[str, ...]
    """Text around the words: by turns beside them and of them, beginning beside."""


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found."""

    total: int
    """Of all texts; `hits` are the first of these."""
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """What was found of one line of a list."""

    words: str
    total: int
    """Texts in which it stands."""
    numbers: tuple[int, ...]
    """Entries in which it stands, the first ones by number."""


class SearchIndex:
    """An index that is asked; also a context that closes it."""

    def __init__(self, path: Path) -> None:
        """Open it for reading."""
        self._base = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        self._base.create_function("unpacked", 1, _unpacked, deterministic=True)
        self._base.execute("CREATE TEMP TABLE allowed (number INTEGER PRIMARY KEY)")

    def __enter__(self) -> SearchIndex:
        """Itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Close it."""
        self._base.close()

    @staticmethod
    def build(path: Path, documents: Iterable[Document]) -> None:
        """Write an index to a new file, whole or not at all; in the order of the documents.

        The same documents are the same bytes by the same version of SQLite.
        """
        part = path.with_name(path.name + ".part")
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWN_FILE))
        base = sqlite3.connect(part, isolation_level=None)
        try:
            base.create_function("unpacked", 1, _unpacked, deterministic=True)
            base.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA}")
            base.execute("BEGIN")
            for number, each in enumerate(documents, 1):
                _add(base, number, each)
            base.execute("INSERT INTO words(words) VALUES ('optimize')")
            base.execute("COMMIT")
        finally:
            base.close()
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.rename(path)
        sync_folder(path.parent)

    def search(
        self, typed: str, *, allowed: Iterable[int] | None = None, under: str = "", most: int = 200
    ) -> Hits:
        """The texts in which words stand (`query`), those first that say most of them (BM25).

        `allowed`: numbers of entries that are looked through; None: all. `under`: beginning of the
        path. `most`: hits that are given. Raises SearchNotUnderstood.
        """
        match = match_of(typed)
        where = self._allowing(allowed)
        values = [match]
        if under:
            where += " AND substr(d.path, 1, length(?)) = ?"
            values += [under, under]
        (total,) = self._base.execute(f"SELECT count(*) {where}", values).fetchone()
        rows = self._base.execute(
            f"SELECT d.id, d.number, d.member, d.path {where} "
            "ORDER BY bm25(words), d.path, d.member LIMIT ?",
            (*values, most),
        ).fetchall()
        hits = (
            Hit(number, member, path, self._snippet(match, row))
            for row, number, member, path in rows
        )
        return Hits(total, tuple(hits))

    def search_list(
        self, lines: Iterable[str], *, allowed: Iterable[int] | None = None, most: int = 20
    ) -> list[Listed]:
        """Each line of a list, whose words stand in a row; lines without a word are left out.

        `most`: numbers of entries that are given of a line.
        """
        where = self._allowing(allowed)
        found = []
        for line in lines:
            if not has_word(line):
                continue
            phrase = phrase_of(line.strip())
            (total,) = self._base.execute(f"SELECT count(*) {where}", (phrase,)).fetchone()
            rows = self._base.execute(
                f"SELECT DISTINCT d.number {where} ORDER BY d.number LIMIT ?",
                (phrase, most),
            )
            found.append(Listed(line.strip(), total, tuple(number for (number,) in rows)))
        return found

    def _allowing(self, allowed: Iterable[int] | None) -> str:
        where = "FROM words JOIN documents d ON d.id = words.rowid WHERE words MATCH ?"
        if allowed is None:
            return where
        self._base.execute("DELETE FROM temp.allowed")
        rows = ((number,) for number in allowed)
        self._base.executemany("INSERT OR IGNORE INTO temp.allowed VALUES (?)", rows)
        return f"{where} AND d.number IN (SELECT number FROM temp.allowed)"  # noqa: S608

    def _snippet(self, match: str, row: int) -> tuple[str, ...]:
        asked = (
            "SELECT snippet(words, 0, ?, ?, '…', ?) FROM words WHERE words MATCH ? AND rowid = ?"
        )
        (text,) = self._base.execute(asked, (*_MARKS, _SNIPPET_WORDS, match, row)).fetchone()
        return tuple(
            " ".join(f".{each.replace(PART, '')}.".split())[1:-1]
            for each in re.split("|".join(_MARKS), text)
        )


def _add(base: sqlite3.Connection, row: int, document: Document) -> None:
    raw = parted(document.text).encode("utf-8", "replace")
    values = (row, document.number, document.member, document.path, zlib.compress(raw, 1))
    base.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?)", values)
    base.execute("INSERT INTO words(rowid, text) VALUES (?, ?)", (row, raw.decode("utf-8")))


def _unpacked(body: bytes) -> str:
    return zlib.decompress(body).decode("utf-8")
