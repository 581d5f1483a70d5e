"""The forms of a certificate's credential: filled from its fields, and read back into them.

`credential-*.json` are credentials with gaps, one for each kind of achievement: `{name}` stands for
a field; `$each` repeats its `$item` for each member of a list, `$if` leaves it out where a field is
empty, and so is a member that is nothing but an empty field. Their sentences are signed, so they
are never translated, and a change of them is another file. The page of one file fills the same
forms.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FILES = {
    "taken": "credential-1.json",
    "attended": "credential-2-attended.json",
    "passed": "credential-2-passed.json",
}
"""By achievement; `taken` was written before passing was told from attending."""
_GAP = re.compile(r"\{([a-z]+)\}")

Fields = Mapping[str, Any]
"""Texts by name; under `marked` a list of such mappings."""


@cache
def template(achievement: str) -> dict[str, Any]:
    """The credential of an achievement with its gaps; raises KeyError for one that is none."""
    path = Path(__file__).parent / FILES[achievement]
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def fill(form: Any, fields: Fields) -> Any:
    """The form with its gaps filled; raises KeyError for a gap that has no field."""
    if isinstance(form, str):
        return _GAP.sub(lambda found: fields[found[1]], form)
    if isinstance(form, list):
        return [fill(_inside(each), fields) for each in form if _is_there(each, fields)]
    if isinstance(form, dict):
        if "$each" in form:
            items = enumerate(fields[form["$each"]], 1)
            return [
                fill(form["$item"], {**fields, **each, "number": str(at)}) for at, each in items
            ]
        return {
            name: fill(each, fields)
            for name, each in form.items()
            if not (isinstance(each, str) and _is_empty(each, fields))
        }
    return form


def gather(form: Any, value: Any, into: dict[str, Any]) -> None:
    """Take into `into` what stands in the gaps of a value; what has another form is passed over.

    Whether the value is of this form, says only filling it again and comparing.
    """
    if isinstance(form, str) and isinstance(value, str):
        parts = _GAP.split(form)
        if len(parts) == 3 and value.startswith(parts[0]) and value.endswith(parts[2]):
            into.setdefault(parts[1], value[len(parts[0]) : len(value) - len(parts[2])])
    elif isinstance(form, list) and isinstance(value, list):
        for part, each in zip(form, value, strict=False):
            gather(_inside(part), each, into)
    elif isinstance(form, dict) and "$each" in form and isinstance(value, list):
        found = into.setdefault(form["$each"], [{} for _ in value])
        for items, each in zip(found, value, strict=False):
            gather(form["$item"], each, items)
    elif isinstance(form, dict) and isinstance(value, dict):
        for name, part in form.items():
            gather(part, value.get(name), into)


def _inside(form: Any) -> Any:
    return form["$item"] if isinstance(form, dict) and "$if" in form else form


def _is_there(form: Any, fields: Fields) -> bool:
    return not (isinstance(form, dict) and "$if" in form and not fields[form["$if"]])


def _is_empty(form: str, fields: Fields) -> bool:
    found = _GAP.fullmatch(form)
    return found is not None and not fields[found[1]]
