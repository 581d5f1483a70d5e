"""Canonical JSON (RFC 8785), the only form in which Kancil hashes or signs anything.

Kancil's own subset is narrower: no floating-point numbers, and no integer beyond 2^53-1, since
other readers would round it; such numbers, and all satoshi, travel as strings.
"""

from __future__ import annotations

import json
from typing import Any

import rfc8785

from .errors import NotCanonical
from .phrase import Phrase

MAX_SAFE_INTEGER = 2**53 - 1


def dumps(value: Any) -> bytes:
    """Write a value as canonical JSON bytes.

    Raises NotCanonical for floats, unsafe integers, keys that are not text, lone surrogates.
    """
    _refuse_unsafe(value)
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise NotCanonical(why=str(error)[:200]) from error


def loads(data: bytes) -> Any:
    """Read JSON strictly: UTF-8, no doubled keys, no floats, no NaN, no unsafe integers.

    Raises NotCanonical. The bytes need not be canonical; `loads_canonical` asks for that too.
    """
    try:
        return _STRICT.decode(data.decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise NotCanonical(why=Phrase("why.json-no-json")) from error


def loads_canonical(data: bytes) -> Any:
    """Read JSON that must be byte for byte what `dumps` writes; raises NotCanonical."""
    value = loads(data)
    if dumps(value) != data:
        raise NotCanonical(why=Phrase("why.json-not-canonical"))
    return value


def _no_doubled_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise NotCanonical(why=Phrase("why.json-doubled-key"))
    return result


def _refuse_number(text: str) -> Any:
    raise NotCanonical(why=Phrase("why.json-number", {"number": text[:20]}))


def _safe_integer(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > MAX_SAFE_INTEGER:
        raise NotCanonical(why=Phrase("why.json-number", {"number": text[:20]}))
    return int(text)


# Made once: a ledger is read line by line.
_STRICT = json.JSONDecoder(
    object_pairs_hook=_no_doubled_keys,
    parse_float=_refuse_number,
    parse_constant=_refuse_number,
    parse_int=_safe_integer,
)


def _refuse_unsafe(value: Any) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotCanonical(why=Phrase("why.json-key-not-text"))
            _refuse_unsafe(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_unsafe(item)
    elif isinstance(value, float):
        raise NotCanonical(why=Phrase("why.json-fraction"))
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > MAX_SAFE_INTEGER:
        raise NotCanonical(why=Phrase("why.json-integer-too-large"))
