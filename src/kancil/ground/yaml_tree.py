"""YAML that remembers its lines: bytes in; scalars, lists and mappings out, each with its place.

For the data files that people write (protocols first). Only plain YAML is taken: tags, anchors and
aliases are refused, so that nothing is built but text and nothing grows beyond its file. A scalar
stays the text that was written; whoever asks for a number or a day says so. What is wrong comes
back as `Fault` values with file and line, never as an exception of the parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import yaml

from .errors import FileNotReadable
from .phrase import Param, Phrase

LIMIT_BYTES = 4_000_000
LIMIT_DEPTH = 20
LIMIT_NODES = 200_000
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVER: Any = yaml.resolver.Resolver()
_TEXT_TAG = "tag:yaml.org,2002:str"
# What YAML 1.2 reads as a number and PyYAML, which speaks 1.1, does not.
_NUMBER_ELSEWHERE = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+"
)
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a file."""

    code: str
    """Its words: `problem.<code>`."""
    file: str
    line: int
    """From 1."""
    column: int
    """From 1, in characters."""
    params: Mapping[str, Param]

    @property
    def phrase(self) -> Phrase:
        """What is wrong, for a door to put into words."""
        return Phrase(f"problem.{self.code}", self.params)


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value, as the text that was written."""

    text: str
    is_plain: bool
    """Whether it stood without quotes, so that YAML may read it as something else than text."""
    line: int
    column: int

    @property
    def is_null(self) -> bool:
        """Whether it is no value: `null`, `~`, or nothing at all."""
        return self.is_plain and self.text in _NULL

    @property
    def is_text(self) -> bool:
        """Whether every YAML reader takes it as text: `no`, `1.10` and days are not."""
        if not self.is_plain:
            return True
        tag = _RESOLVER.resolve(yaml.ScalarNode, self.text, (True, False))
        return bool(tag == _TEXT_TAG) and _NUMBER_ELSEWHERE.fullmatch(self.text) is None


@dataclass(frozen=True, slots=True)
class Listed:
    """A list."""

    line: int
    column: int
    items: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping; each key stands once."""

    line: int
    column: int
    pairs: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)
    """Key and value by the key's text, in the order of the file."""


Node = Scalar | Listed | Mapped


def read_bounded(path: Path) -> bytes:
    """Read a file up to the first byte too many; raises FileNotReadable."""
    try:
        with path.open("rb") as file:
            return file.read(LIMIT_BYTES + 1)
    except (OSError, ValueError) as error:
        raise FileNotReadable(path=str(path)) from error


def compose(content: bytes, file: str) -> tuple[Mapped | None, list[Fault]]:
    """Make a tree of a file's bytes, whose top must be a mapping; None where there is none.

    `file`: its name in the faults.
    """
    builder = _Builder(file)
    try:
        text = builder.decoded(content)
        for event in _events(text, builder):
            builder.take(event)
        return builder.finished(), builder.faults
    except _Stopped:
        return None, builder.faults


class _Stopped(Exception):
    """Nothing more can be read; the fault is kept."""


def _events(text: str, builder: _Builder) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        lines = text.split("\n")
        written = lines[line - 1] if line <= len(lines) else ""
        has_tab = "\t" in written[: len(written) - len(written.lstrip())]
        builder.stop("yaml-tab" if has_tab else "yaml-broken", line, column)
    except (yaml.YAMLError, RecursionError):
        builder.stop("yaml-broken", 1, 1)


class _Builder:
    """Makes the tree of the parser's events; keeps the first fault that ends it, and all others."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self._root: Node | None = None
        self._open: list[tuple[Listed | Mapped, list[Scalar]]] = []
        self._nodes = 0
        self._documents = 0

    def stop(self, code: str, line: int, column: int, **params: Param) -> NoReturn:
        self.faults.append(Fault(code, self.file, line, column, params))
        raise _Stopped

    def decoded(self, content: bytes) -> str:
        """The text; a byte order mark, which some editors write, is passed over."""
        if len(content) > LIMIT_BYTES:
            self.stop("yaml-too-large", 1, 1, megabytes=LIMIT_BYTES // 1_000_000)
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            before = content[: error.start]
            self.stop("yaml-not-utf8", before.count(b"\n") + 1, 1)
        text = text.removeprefix("\ufeff").replace("\r\n", "\n")
        found = _CONTROL.search(text)
        if found is not None:
            start = text.rfind("\n", 0, found.start()) + 1
            line = text.count("\n", 0, start) + 1
            number = f"{ord(found[0]):04X}"
            self.stop("yaml-control", line, found.start() - start + 1, number=number)
        return text

    def finished(self) -> Mapped:
        if self._root is None or (isinstance(self._root, Scalar) and self._root.is_null):
            self.stop("yaml-empty", 1, 1)
        if not isinstance(self._root, Mapped):
            self.stop("yaml-not-a-mapping", self._root.line, self._root.column)
        return self._root

    def take(self, event: Any) -> None:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, yaml.AliasEvent):
            self.stop("yaml-alias", line, column)
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self.stop("yaml-several", line, column)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
        elif isinstance(event, yaml.NodeEvent):
            self._take_node(event, line, column)

    def _take_node(self, event: Any, line: int, column: int) -> None:
        if event.anchor is not None:
            self.stop("yaml-alias", line, column)
        if event.tag is not None:
            self.stop("yaml-tag", line, column)
        self._nodes += 1
        if self._nodes > LIMIT_NODES:
            self.stop("yaml-too-many", line, column, limit=LIMIT_NODES)
        if isinstance(event, yaml.ScalarEvent):
            found = _CONTROL.search(event.value)
            if found is not None:
                self.stop("yaml-control", line, column, number=f"{ord(found[0]):04X}")
            self._place(Scalar(event.value, not event.style, line, column))
            return
        node = (
            Mapped(line, column)
            if isinstance(event, yaml.MappingStartEvent)
            else Listed(line, column)
        )
        self._place(node)
        self._open.append((node, []))
        if len(self._open) > LIMIT_DEPTH:
            self.stop("yaml-too-deep", line, column, limit=LIMIT_DEPTH)

    def _place(self, node: Node) -> None:
        """Put a node where it belongs: at the top, into a list, or as a key or its value."""
        if not self._open:
            self._root = node
            return
        holder, pending = self._open[-1]
        if isinstance(holder, Listed):
            holder.items.append(node)
        elif not pending:
            if not isinstance(node, Scalar):
                self.stop("yaml-key-wrong", node.line, node.column)
            pending.append(node)
        else:
            self._pair(holder, pending.pop(), node)

    def _pair(self, holder: Mapped, key: Scalar, value: Node) -> None:
        earlier = holder.pairs.get(key.text)
        if earlier is None:
            holder.pairs[key.text] = (key, value)
            return
        params: dict[str, Param] = {"key": key.text, "first": earlier[0].line}
        self.faults.append(Fault("yaml-key-twice", self.file, key.line, key.column, params))
