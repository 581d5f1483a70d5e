"""A protocol in another language: a file beside it, whose texts are laid over the protocol's own.

The file's form is docs/formats/protocol.md. It holds nothing but texts, each at the place that it
has in the protocol, so the protocol's bytes and its digest stay what they are. A text that is
missing is said in the protocol's own language, and is counted; below `LEAST_PERCENT` the language
is not offered anywhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from kancil.assessment.errors import ProtocolNotReadable
from kancil.assessment.protocol import Protocol, Review, Standing, Text
from kancil.assessment.protocol_files import fields as take
from kancil.assessment.protocol_files.fields import SHOWN, Keys, Reading, one_of
from kancil.assessment.protocol_files.keys import Form
from kancil.assessment.protocol_files.reading import review
from kancil.ground.offered import LEAST_PERCENT
from kancil.ground.yaml_tree import Fault, Listed, Mapped, Node, compose, read_bounded

SCHEMA = "kancil-protocol-translation/1"
FORM = Form(
    ("schema", "protocol", "language", "standing", "standing_note", "texts"), ("reviewed",)
)  # fmt: skip
_PLACEHOLDER = re.compile(r"\{[A-Za-z_][A-Za-z0-9_]*\}")
_NAMES = ("id", "value", "to", "version")
"""By the first of these that it has, a member of a list is called; else by its number from 1."""
_BESIDE = frozenset(("note", "confidence_note", "source"))

Way = tuple[str, ...]
"""Where a text stands: `("indicators", "LF01", "stages", "0")`."""


@dataclass(frozen=True, slots=True)
class Translation:
    """A protocol's texts in one language."""

    protocol: str
    language: str
    standing: Standing
    """`reviewed` once a named speaker has compared it with the protocol."""
    standing_note: str
    reviewed: Review | None
    texts: Mapping[Way, str]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a protocol a language has."""

    language: str
    have: int
    """Texts that differ from those of the protocol's own language."""
    of: int

    @property
    def is_offered(self) -> bool:
        """Whether the language has nearly all."""
        return self.of > 0 and self.have * 100 >= self.of * LEAST_PERCENT


def texts_of(protocol: Protocol) -> dict[Way, Text]:
    """Every text of a protocol by its place, but the name of who reviewed it."""
    found: dict[Way, Text] = {}

    def keep(way: Way, text: Text) -> Text:
        if way[0] != "reviewed":
            found[way] = text
        return text

    _rebuilt(protocol, (), keep)
    return found


def is_counted(way: Way) -> bool:
    """Whether a text is one that people are asked or that reports print.

    Titles of sources and the authors' notes may be translated and are not counted.
    """
    return way[0] != "sources" and way[-1] not in _BESIDE


def coverage(protocol: Protocol, language: str) -> Coverage:
    """How many of the texts that count a language has; a text left as it was is none."""
    have, of = _counted(protocol)
    return Coverage(language, have[language], of)


def offered_languages(protocol: Protocol) -> tuple[str, ...]:
    """The languages in which a protocol may be shown, its own first."""
    have, of = _counted(protocol)
    others = (each for each in sorted(have) if Coverage(each, have[each], of).is_offered)
    return (protocol.language, *others)


def _counted(protocol: Protocol) -> tuple[Counter[str], int]:
    """Texts that count by each other language that has them, and how many there are at all."""
    have: Counter[str] = Counter()
    counted = [text for way, text in texts_of(protocol).items() if is_counted(way)]
    for text in counted:
        have.update(each for each, words in text.said.items() if words != str(text))
    return have, len(counted)


def translated(protocol: Protocol, translations: Iterable[Translation]) -> Protocol:
    """Lay translations over a protocol; what it says itself stays."""
    found: Protocol = protocol
    for each in translations:
        language, texts = each.language, each.texts

        def lay(
            way: Way, text: Text, language: str = language, texts: Mapping[Way, str] = texts
        ) -> Text:
            return Text({language: texts[way], **text.said}, text.own) if way in texts else text

        found = _rebuilt(found, (), lay)
    return found


def read_translation(path: Path, protocol: Protocol) -> Translation:
    """Read a translation; raises ProtocolNotReadable with the first fault, and FileNotReadable."""
    found, faults = check_translation(path, protocol)
    if found is None:
        first = faults[0]
        raise ProtocolNotReadable(
            path=str(path), line=first.line, why=first.phrase, count=len(faults)
        )
    return found


def check_translation(path: Path, protocol: Protocol) -> tuple[Translation | None, list[Fault]]:
    """Read a translation of a protocol and give all its faults; None if there is one.

    A text that the protocol does not have and a lost placeholder are faults as any other. Raises
    FileNotReadable.
    """
    tree, faults = compose(read_bounded(path), str(path))
    if tree is None:
        return None, faults
    reading = Reading(str(path), faults=faults)
    keys = Keys(reading, tree, FORM, "")
    keys.take("schema", take.word_of(SCHEMA))
    keys.take("protocol", take.word_of(protocol.name))
    language = keys.need("language", take.language, "")
    _check_head(reading, protocol, language, path.name)
    texts: dict[Way, str] = {}
    if "texts" in keys.nodes:
        _gather(reading, keys.nodes["texts"], (), _tree(protocol), texts)
    found = Translation(
        protocol.name,
        language,
        keys.need("standing", one_of(Standing), Standing.PROPOSAL),
        keys.line("standing_note"),
        keys.take("reviewed", review),
        texts,
    )
    standing = reading.places.get("standing")
    if standing is not None and (found.standing is Standing.REVIEWED) != (
        found.reviewed is not None
    ):
        is_missing = found.reviewed is None
        reading.fault(
            "protocol-review-missing" if is_missing else "protocol-review-too-soon", standing
        )
    faults.sort(key=lambda fault: (fault.line, fault.column))
    return (None if faults else found), faults


def _check_head(reading: Reading, protocol: Protocol, language: str, file_name: str) -> None:
    node = reading.places.get("language")
    if node is None or not language:
        return
    expected = f"{protocol.name}.{language}.yaml"
    if language == protocol.language:
        reading.fault("translation-own-language", node, language=language)
    elif file_name != expected:
        reading.fault("protocol-file-name", node, name=file_name[:200], expected=expected)


def _gather(reading: Reading, node: Node, way: Way, known: Any, found: dict[Way, str]) -> None:
    """Take the texts at a node, which stands as the same place of the protocol does."""
    if reading.is_full:
        return
    if isinstance(known, Text):
        words = take.line(reading, node)
        if words is None:
            return
        lost = sorted(set(_PLACEHOLDER.findall(str(known))) ^ set(_PLACEHOLDER.findall(words)))
        if lost:
            reading.fault("translation-placeholder", node, names=", ".join(lost)[:SHOWN])
        found[way] = words
    elif isinstance(node, Listed) and list(known) == [str(n + 1) for n in range(len(node.items))]:
        for name, item in zip(known, node.items, strict=True):
            _gather(reading, item, (*way, name), known[name], found)
    elif isinstance(node, Mapped):
        for name, (key, value) in node.pairs.items():
            if name in known:
                _gather(reading, value, (*way, name), known[name], found)
            else:
                reading.fault("translation-unknown-text", key, way="/".join((*way, name))[:200])
    else:
        names = ", ".join(known)[:200]
        reading.fault("translation-not-as-there", node, way="/".join(way), known=names)


def _tree(protocol: Protocol) -> dict[str, Any]:
    """The protocol's texts as mappings within mappings."""
    top: dict[str, Any] = {}
    for way, text in texts_of(protocol).items():
        at = top
        for name in way[:-1]:
            at = at.setdefault(name, {})
        at[way[-1]] = text
    return top


def _rebuilt(value: Any, way: Way, change: Callable[[Way, Text], Text]) -> Any:
    """A value with each text in it put through `change`, with its place."""
    if isinstance(value, Text):
        return change(way, value)
    if is_dataclass(value) and not isinstance(value, type):
        named = ((each.name, getattr(value, each.name)) for each in fields(value))
        return replace(
            value, **{name: _rebuilt(part, (*way, name), change) for name, part in named}
        )
    if isinstance(value, Mapping):
        return {key: _rebuilt(part, (*way, str(key)), change) for key, part in value.items()}
    if isinstance(value, tuple):
        return tuple(
            _rebuilt(part, (*way, _name(part, place)), change)
            for place, part in enumerate(value, 1)
        )
    return value


def _name(member: Any, place: int) -> str:
    return next(
        (str(getattr(member, name)) for name in _NAMES if hasattr(member, name)), str(place)
    )
