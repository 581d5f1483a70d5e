"""GraphSense TagPacks: YAML with a header, whose fields every tag inherits unless it has its own.

Source: graphsense/graphsense-tagpack-tool, README, "TagPacks". Everything is read as text, so that
no value changes its form (a YAML date, `no`, or a number that is a name). What a TagPack proves:
that its creator said so. `lastmod` is the day the pack was last changed, not the day an address was
listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from kancil.bitcoin.labels.errors import LabelFileNotReadable
from kancil.bitcoin.labels.label import Row
from kancil.bitcoin.labels.label_format import LabelFile
from kancil.ground.skipped import Skipped

# Text only, and by the C reader where the system has it (ten times faster).
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_CREATOR = re.compile(rb"^[ \t-]*creator[ \t]*:[ \t]*\S", re.MULTILINE)
_TICKERS = {"XBT": "BTC"}


_DEPTH = 3
"""A pack, its list of tags, a tag: what lies deeper is passed over."""
_Read = str | list[Any] | dict[str, Any] | None


class _Events:
    """Text, lists and tables of a YAML file, made of its events as they come.

    A tree of nodes, as the library makes of a file first, takes ten times as long and two hundred
    times the file's size.
    """

    def __init__(self, text: str) -> None:
        self._events: Iterator[Any] = yaml.parse(text, Loader=_Loader)
        self._anchors: dict[str, str] = {}

    def only_document(self) -> _Read:
        """Read a file of one document; raises yaml.YAMLError. An empty file is None."""
        found: _Read = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _refused("several documents", event)
            elif isinstance(event, yaml.NodeEvent):
                found = self._read(event, _DEPTH)
        return found

    def _read(self, event: Any, depth: int) -> _Read:
        """Read what an event begins; None for what lies too deep."""
        if isinstance(event, yaml.ScalarEvent):
            if event.anchor is not None:
                self._anchors[event.anchor] = event.value
            return str(event.value)
        if isinstance(event, yaml.AliasEvent):
            return self._anchors.get(str(event.anchor))
        if depth == 0:
            self._pass_over()
            return None
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(depth)
        return self._table(depth)

    def _list(self, depth: int) -> list[_Read]:
        found: list[_Read] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self._read(event, depth - 1))
        return found

    def _table(self, depth: int) -> dict[str, _Read]:
        found: dict[str, _Read] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                raise _refused("a key that is no text", event)
            found[event.value] = self._read(next(self._events), depth - 1)
        return found

    def _pass_over(self) -> None:
        """Go to the end of a list or table that has begun."""
        opened = 1
        while opened:
            event = next(self._events)
            opened += isinstance(event, yaml.CollectionStartEvent)
            opened -= isinstance(event, yaml.CollectionEndEvent)


def _refused(what: str, event: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(what, event.start_mark)


class TagPack:
    """The format of GraphSense TagPacks."""

    name = "tagpack"

    def recognises(self, file: LabelFile) -> bool:
        """The format by the ending of its name and a top-level `tags:`."""
        return file.name.lower().endswith((".yaml", ".yml")) and (
            file.raw.startswith(b"tags:") or b"\ntags:" in file.raw
        )

    def names_publisher(self, file: LabelFile) -> bool:
        """Whether a creator is named, of all tags or of one."""
        return _CREATOR.search(file.raw) is not None

    def rows(self, file: LabelFile) -> Iterator[Row | Skipped]:
        """Read one tag after another, each with the header's fields beneath its own."""
        header = self._parsed(file)
        tags = header.get("tags")
        if not isinstance(tags, list):
            raise LabelFileNotReadable(path=file.name, line=0)
        inherited = {key: value for key, value in header.items() if isinstance(value, str)}
        context = ": ".join(
            inherited[key].strip() for key in ("title", "description") if inherited.get(key)
        )
        for number, tag in enumerate(tags, 1):
            place = f"tag {number}"
            if not isinstance(tag, dict):
                yield Skipped("label-tag-form", place)
                continue
            own = {key: value for key, value in tag.items() if isinstance(value, str)}
            yield self._row(place, {**inherited, **own}, context)

    def _parsed(self, file: LabelFile) -> dict[str, Any]:
        try:
            parsed = _Events(file.text).only_document()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 0
            raise LabelFileNotReadable(path=file.name, line=line) from error
        except yaml.YAMLError as error:
            raise LabelFileNotReadable(path=file.name, line=0) from error
        if not isinstance(parsed, dict):
            raise LabelFileNotReadable(path=file.name, line=1)
        return parsed

    def _row(self, place: str, fields: dict[str, str], context: str) -> Row | Skipped:
        address = fields.get("address", "").strip()
        if not address:
            return Skipped("label-address-missing", place)
        name = fields.get("label", "").strip()
        if not name:
            return Skipped("label-name-missing", place, {"address": address[:100]})
        currency = fields.get("currency", "").strip().upper()
        return Row(
            place=place,
            address=address,
            currency=_TICKERS.get(currency, currency),
            label=name,
            category=fields.get("category", "").strip(),
            abuse=fields.get("abuse", "").strip(),
            publisher=fields.get("creator", "").strip(),
            modified_on=fields.get("lastmod", "").strip()[:10],
            confidence=fields.get("confidence", "").strip(),
            source=fields.get("source", "").strip(),
            context=context,
            actor=fields.get("actor", "").strip(),
        )


TAGPACK = TagPack()
