"""The parts of a workbook that was sent: unpacked within limits, parsed without a document type.

Bytes of the file come in; `sheet` makes rows of what is found here.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

from kancil.ground.phrase import Param, Phrase

from .errors import AnswerSheetNotReadable, AnswerSheetTooLarge

MAX_MEMBERS = 5_000
MAX_UNPACKED_BYTES = 64_000_000
MAX_SHARED_TEXTS = 1_000_000
_DAY_FORMATS = frozenset([*range(14, 18), 22, *range(27, 37), *range(50, 59)])
"""Those of ECMA-376 part 1, 18.8.30 that show a day."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NO_FORMAT = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')

Attributes = dict[str, str]


def refusal(path: str, key: str, **params: Param) -> AnswerSheetNotReadable:
    """Make the error that says why a sheet is not read."""
    return AnswerSheetNotReadable(path=path, why=Phrase(key, params))


def too_large(path: str, key: str, **params: Param) -> AnswerSheetTooLarge:
    """Make the error that says which limit a sheet passes."""
    return AnswerSheetTooLarge(path=path, why=Phrase(key, params))


def parse(
    data: bytes,
    path: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Parse a part; names are given without their namespace. Raises AnswerSheetNotReadable."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def local(name: str) -> str:
        return name.rpartition(" ")[2]

    def refuse(*_: object) -> None:
        raise refusal(path, "why.sheet-document-type")

    parser.StartElementHandler = lambda name, attributes: start(
        local(name), {local(key): value for key, value in attributes.items()}
    )
    parser.EndElementHandler = lambda name: end(local(name))
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise refusal(path, "why.sheet-not-workbook") from error


class Workbook:
    """A workbook's file, its texts and its styles."""

    def __init__(self, data: bytes, path: str) -> None:
        """Open the file and read what its sheets refer to.

        Raises AnswerSheetNotReadable, AnswerSheetTooLarge.
        """
        self.path = path
        try:
            self._file = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise refusal(self.path, "why.sheet-not-workbook") from error
        self._left = MAX_UNPACKED_BYTES
        self._names = {info.filename for info in self._file.infolist()}
        if len(self._names) > MAX_MEMBERS:
            raise too_large(path, "why.sheet-members", limit=MAX_MEMBERS)
        self.is_from_1904 = False
        self._first_id = ""
        self.day_styles: frozenset[str] = frozenset()
        self._shared: list[str] = []
        parse(self._member("xl/workbook.xml"), self.path, self._book_element, _nothing, _nothing)
        if "xl/styles.xml" in self._names:
            self._read_styles()
        if "xl/sharedStrings.xml" in self._names:
            self._read_shared()

    def shared_text(self, number: str) -> str:
        """Give a text that several cells share; raises AnswerSheetNotReadable."""
        if not number.isdecimal() or len(number) > 9 or int(number) >= len(self._shared):
            raise refusal(self.path, "why.sheet-not-workbook")
        return self._shared[int(number)]

    def first_sheet(self) -> bytes:
        """Give the part of the first sheet; raises AnswerSheetNotReadable."""
        targets: dict[str, str] = {}

        def start(name: str, attributes: Attributes) -> None:
            if name == "Relationship":
                targets[attributes.get("Id", "")] = attributes.get("Target", "")

        parse(self._member("xl/_rels/workbook.xml.rels"), self.path, start, _nothing, _nothing)
        target = targets.get(self._first_id, "")
        path = target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        return self._member(path)

    def _member(self, name: str) -> bytes:
        """Unpack a member as long as the limit for all of them is not reached."""
        if name not in self._names:
            raise refusal(self.path, "why.sheet-not-workbook")
        try:
            with self._file.open(name) as stream:
                content = stream.read(self._left + 1)
        except (
            zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError,
        ) as error:  # fmt: skip
            # RuntimeError: encrypted, or packed in a way that is not known here.
            raise refusal(self.path, "why.sheet-not-workbook") from error
        self._left -= len(content)
        if self._left < 0:
            megabytes = MAX_UNPACKED_BYTES // 1_000_000
            raise too_large(self.path, "why.sheet-unpacked", megabytes=megabytes)
        return content

    def _book_element(self, name: str, attributes: Attributes) -> None:
        if name == "workbookPr":
            self.is_from_1904 = attributes.get("date1904", "0") in ("1", "true")
        elif name == "sheet" and not self._first_id:
            self._first_id = attributes.get("id", "")

    def _read_styles(self) -> None:
        """Find which looks of cells show a day."""
        day_formats = {str(number) for number in _DAY_FORMATS}
        styles: list[str] = []
        inside: list[str] = []

        def start(name: str, attributes: Attributes) -> None:
            inside.append(name)
            if name == "numFmt" and shows_day(attributes.get("formatCode", "")):
                day_formats.add(attributes.get("numFmtId", ""))
            elif name == "xf" and "cellXfs" in inside[-2:]:
                styles.append(attributes.get("numFmtId", "0"))

        def end(name: str) -> None:
            inside.pop()

        parse(self._member("xl/styles.xml"), self.path, start, end, _nothing)
        self.day_styles = frozenset(
            str(number) for number, each in enumerate(styles) if each in day_formats
        )

    def _read_shared(self) -> None:
        words: list[str] = []
        is_word = False
        in_phonetic = False

        def start(name: str, attributes: Attributes) -> None:
            nonlocal is_word, in_phonetic
            if name == "si":
                words.clear()
            in_phonetic = in_phonetic or name == "rPh"
            is_word = name == "t" and not in_phonetic

        def end(name: str) -> None:
            nonlocal is_word, in_phonetic
            is_word = False
            if name == "rPh":
                in_phonetic = False
            elif name == "si":
                if len(self._shared) >= MAX_SHARED_TEXTS:
                    raise too_large(self.path, "why.sheet-members", limit=MAX_SHARED_TEXTS)
                self._shared.append(unescaped("".join(words)))

        def text(found: str) -> None:
            if is_word:
                words.append(found)

        parse(self._member("xl/sharedStrings.xml"), self.path, start, end, text)


def _nothing(*_: object) -> None:
    """Pass over what is not looked for."""


def shows_day(form: str) -> bool:
    """Say whether a number's look, such as `yyyy-mm-dd`, shows a day."""
    bare = _NO_FORMAT.sub("", form).lower()
    return bare != "general" and ("d" in bare or "y" in bare)


def unescaped(words: str) -> str:
    """Give text as it was before a workbook wrote what XML cannot hold as `_x0000_`."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), words) if "_x" in words else words
