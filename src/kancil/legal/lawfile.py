"""Reads a unit's file of law, `kancil-law/1`: YAML or JSON in, a library or the first fault out.

Its form is docs/formats/law.md. Keys are the fields of the values that it states; a key that is
not known, or is missing without a default, is a fault with its line. A file with a fault is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from types import NoneType
from typing import Any, NoReturn, TypeVar, get_args, get_origin, get_type_hints

from kancil.ground.child import in_child
from kancil.ground.phrase import Param, Phrase
from kancil.ground.yaml_tree import Listed, Mapped, Node, Scalar, compose

from .agreement import Agreement, Form
from .errors import LawFileNotReadable
from .instruments.instrument import Entry, instruments
from .instruments.status import TreatyStatus
from .library import Library
from .offences import OffenceText
from .requests import kinds

FORMAT = "kancil-law/1"
MAX_TEXT = 20_000
"""Characters of one text."""
_SECTIONS = ("format", "offences", "agreements", "statuses", "entries")
_PATTERNS = {
    "id": re.compile(r"[a-z0-9][a-z0-9._-]{0,79}"),
    "country": re.compile(r"[A-Z]{2}"),
    "other": re.compile(r"[A-Z]{2}"),
}
_VAGUE_DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_NEEDED: Mapping[type[Any], tuple[str, ...]] = {TreatyStatus: ("status", "as_of", "source")}
"""Fields that a unit states, though the value may be without them."""
_Kind = TypeVar("_Kind")


@in_child(memory_bytes=1 << 29, cpu_seconds=30)
def read_law_file(content: bytes, name: str) -> Library:
    """Read a file of law of others; raises LawFileNotReadable (`name`: the file's)."""
    return read_law(content, name)


def read_law(content: bytes, name: str) -> Library:
    """Read a file of law where it is; raises LawFileNotReadable."""
    tree, faults = compose(content, name)
    if tree is None or faults:
        raise LawFileNotReadable(path=name, line=faults[0].line, why=faults[0].phrase)
    return _Reader(name).library(tree)


class _Reader:
    """Makes values of a tree by their types, and stops at the first fault."""

    def __init__(self, name: str) -> None:
        self._name = name

    def stop(self, node: Node, why: str, **params: Param) -> NoReturn:
        told = Phrase(f"why.lawfile-{why}", params)
        raise LawFileNotReadable(path=self._name, line=node.line, why=told)

    def library(self, tree: Mapped) -> Library:
        self._only(tree, _SECTIONS)
        form = tree.pairs.get("format")
        if form is None or not isinstance(form[1], Scalar) or form[1].text != FORMAT:
            self.stop(tree if form is None else form[1], "format", format=FORMAT)
        found = Library(
            self._section(tree, "offences", OffenceText, lambda each: each.id),
            self._section(tree, "agreements", Agreement, lambda each: each.id),
            self._section(tree, "statuses", TreatyStatus, lambda it: (it.country, it.instrument)),
            self._entries(tree),
        )
        if not found.size:
            self.stop(tree, "empty")
        return found

    def _only(self, node: Mapped, known: tuple[str, ...]) -> None:
        for name, (key, _) in node.pairs.items():
            if name not in known:
                self.stop(key, "key", key=name[:80], known=", ".join(known))

    def _section(
        self, tree: Mapped, name: str, kind: type[_Kind], id_of: Callable[[_Kind], Any]
    ) -> dict[Any, _Kind]:
        found: dict[Any, _Kind] = {}
        for node in self._listed(tree.pairs[name][1], name) if name in tree.pairs else ():
            row = self.record(kind, node, name)
            self._fits(row, node)
            if id_of(row) in found:
                told = id_of(row)
                self.stop(node, "twice", id=told if isinstance(told, str) else " ".join(told))
            found[id_of(row)] = row
        return found

    def _entries(self, tree: Mapped) -> dict[str, Entry]:
        if "entries" not in tree.pairs:
            return {}
        node = tree.pairs["entries"][1]
        if not isinstance(node, Mapped):
            self.stop(node, "mapping", key="entries")
        found = {}
        for id, (key, value) in node.pairs.items():
            self._known(key, "instrument", id, instruments())
            entry = found[id] = self.record(Entry, value, id)
            if entry.in_force_on is None and entry.not_before is None:
                self.stop(value, "missing", key="in_force_on", of=id)
        return found

    def record(self, kind: type[_Kind], node: Node, of: str) -> _Kind:
        """Make a dataclass of a mapping; `of`: where it stands, for the sentence."""
        if not isinstance(node, Mapped):
            self.stop(node, "mapping", key=of)
        hints = get_type_hints(kind)
        self._only(node, tuple(hints))
        values: dict[str, Any] = {}
        for each in fields(kind):  # type: ignore[arg-type]  # only dataclasses come here
            value = node.pairs[each.name][1] if each.name in node.pairs else None
            if value is not None and not (isinstance(value, Scalar) and value.is_null):
                values[each.name] = self._value(hints[each.name], value, each.name)
            elif each.name in _NEEDED.get(kind, ()) or (
                each.default is MISSING and each.default_factory is MISSING
            ):
                self.stop(node, "missing", key=each.name, of=of)
        return kind(**values)

    def _value(self, hint: Any, node: Node, name: str) -> Any:
        if NoneType in get_args(hint):
            hint = next(each for each in get_args(hint) if each is not NoneType)
        if get_origin(hint) is tuple:
            inner = get_args(hint)[0]
            return tuple(self._value(inner, each, name) for each in self._listed(node, name))
        if is_dataclass(hint) and isinstance(hint, type):
            return self.record(hint, node, name)
        if not isinstance(node, Scalar) or not node.text.strip():
            self.stop(node, "text", key=name)
        text = node.text.strip()
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            self._known(node, name, text, [each.value for each in hint])
            return hint(text)
        return self._day(node, name, text) if hint is date else self._text(node, name, text)

    def _text(self, node: Scalar, name: str, text: str) -> str:
        if name in _PATTERNS and _PATTERNS[name].fullmatch(text) is None:
            self.stop(node, f"form-{name}", text=text[:80])
        if name == "instrument":
            self._known(node, name, text, instruments())
        if name == "kinds":
            self._known(node, name, text, [each.name for each in kinds()])
        is_day = name == "as_of" or name.endswith("_on")
        if is_day and _VAGUE_DAY.fullmatch(text) is None:
            self.stop(node, "day", key=name, text=text[:80])
        if len(text) > MAX_TEXT:
            self.stop(node, "long", key=name, most=MAX_TEXT)
        return text

    def _day(self, node: Scalar, name: str, text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.stop(node, "day", key=name, text=text[:80])

    def _listed(self, node: Node, name: str) -> list[Node]:
        if not isinstance(node, Listed):
            self.stop(node, "list", key=name)
        return node.items

    def _known(self, node: Node, name: str, text: str, known: Any) -> None:
        if text not in known:
            self.stop(node, "word", key=name, text=text[:80], known=", ".join(known))

    def _fits(self, row: object, node: Node) -> None:
        """What several keys say together."""
        if isinstance(row, Agreement):
            if row.form is Form.TREATY:
                known = ", ".join(form for form in Form if form is not Form.TREATY)
                self.stop(node, "word", key="form", text=row.form, known=known)
            if row.is_between_two != (row.other is not None) or row.other == row.country:
                self.stop(node, "other", id=row.id)
        ids = [each.id for each in row.elements] if isinstance(row, OffenceText) else []
        if len(ids) != len(set(ids)):
            self.stop(node, "twice", id=next(each for each in ids if ids.count(each) > 1))
