"""GraphSense TagPacks: YAML with a header, whose fields every tag inherits unless it has its own.

Source: graphsense/graphsense-tagpack-tool, README, "TagPacks". Everything is read as text, so that
no value changes its form (a YAML date, `no`, or a number that is a name). What a TagPack proves:
that its creator said so. `lastmod` is the day the pack was last changed, not the day an address was
listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from kancil.bitcoin.label import Row
from kancil.bitcoin.label_format import LabelFile
from kancil.ground.errors import LabelFileNotReadable
from kancil.ground.skipped import Skipped

# Text only, and by the C reader where the system has it (ten times faster).
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_TICKERS = {"XBT": "BTC"}


class TagPack:
    """The format of GraphSense TagPacks."""

    name = "tagpack"

    def recognises(self, file: LabelFile) -> bool:
        """Tell the format by the ending of its name and a top-level `tags:`."""
        return file.name.lower().endswith((".yaml", ".yml")) and (
            file.raw.startswith(b"tags:") or b"\ntags:" in file.raw
        )

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
            # A loader that makes nothing but text, lists and tables.
            parsed = yaml.load(file.text, Loader=_Loader)  # noqa: S506
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 0
            raise LabelFileNotReadable(path=file.name, line=line) from error
        except (yaml.YAMLError, RecursionError) as error:
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
