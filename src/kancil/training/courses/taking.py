"""A tree of YAML taken as a dataclass: every fault with its line, by the dataclass's own types."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from kancil.ground.phrase import Param
from kancil.ground.yaml_tree import Fault, Listed, Mapped, Node, Scalar, compose

_WHOLE = re.compile(r"0|[1-9][0-9]{0,5}")
_SHOWN = 60
_Kind = TypeVar("_Kind")


def take_file(kind: type[_Kind], content: bytes, file: str) -> tuple[_Kind | None, list[Fault]]:
    """Read a file whose top is a mapping; None where a fault leaves no value.

    Taken are texts, whole numbers, words of an enumeration, lists, and dataclasses of these; a
    field with a default may be missing. `file`: its name in the faults.
    """
    top, faults = compose(content, file)
    if top is None:
        return None, faults
    taking = _Taking(file, faults)
    found = taking.mapping(kind, top)
    return (None if faults else found), faults


class _Taking:
    """One file while it is taken."""

    def __init__(self, file: str, faults: list[Fault]) -> None:
        self.file, self.faults = file, faults

    def fault(self, code: str, node: Node, **params: Param) -> None:
        self.faults.append(Fault(f"course-{code}", self.file, node.line, node.column, params))

    def value(self, kind: Any, node: Node, key: str) -> Any:
        if get_origin(kind) is tuple:
            if not isinstance(node, Listed):
                self.fault("not-a-list", node, key=key)
                return ()
            return tuple(self.value(get_args(kind)[0], each, key) for each in node.items)
        if is_dataclass(kind) and isinstance(kind, type):
            return self.mapping(kind, node)
        return self.scalar(kind, node, key)

    def scalar(self, kind: Any, node: Node, key: str) -> Any:
        if not isinstance(node, Scalar) or not node.text.strip():
            self.fault("not-text", node, key=key)
            return None
        text = node.text.strip()
        if kind is int:
            if _WHOLE.fullmatch(text) is None:
                self.fault("not-whole", node, key=key, written=text[:_SHOWN])
                return None
            return int(text)
        if issubclass(kind, StrEnum):
            if text not in set(kind):
                known = ", ".join(kind)
                self.fault("not-one-of", node, key=key, written=text[:_SHOWN], known=known)
                return None
            return kind(text)
        return text

    def mapping(self, kind: type[_Kind], node: Node) -> _Kind | None:
        known = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]
        if not isinstance(node, Mapped):
            self.fault("not-a-mapping", node, known=", ".join(known))
            return None
        hints, found = get_type_hints(kind), dict[str, Any]()
        for name, (key, value) in node.pairs.items():
            if name not in known:
                self.fault("unknown-key", key, key=name[:_SHOWN], known=", ".join(known))
            else:
                found[name] = self.value(hints[name], value, name)
        for name, each in known.items():
            is_needed = each.default is MISSING and each.default_factory is MISSING
            if is_needed and name not in node.pairs:
                self.fault("missing-key", node, key=name)
        return None if self.faults else kind(**found)
