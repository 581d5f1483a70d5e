"""Offices read strictly: out of signed JSON, or out of YAML or JSON that a person wrote.

Every field is text or a list of texts; what is unknown, missing, too long or unprintable is
refused, naming the entry and the field. What a ledger or a held file has was read by these rules:
they may widen, never narrow. What may come in is asked besides, by `refuse_free_mail`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kancil.ground.phrase import Phrase
from kancil.ground.yaml_tree import Listed, Mapped, Node, compose

from .errors import (
    OfficeNotReadable,
    OfficesFileNotReadable,
    OfficeTwice,
    PublicAddressWanted,
)
from .office import Channel, Confidence, Kind, Office

MOST_OFFICES = 20_000
_MOST_TEXT, _MOST_NOTE, _MOST_ITEMS = 300, 2000, 50
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAYS_OF_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_JOINERS = dict.fromkeys(map(ord, "\u200b\u200c\u200d"))
"""Unseen, and needed between the words and letters of Khmer and others."""
_EMAIL = re.compile(r"[^\s@<>,;:]+@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
FREE_MAIL = frozenset((
    "126.com", "163.com", "aol.com", "fastmail.com", "foxmail.com", "gmail.com", "gmx.com",
    "gmx.de", "gmx.net", "googlemail.com", "hotmail.co.th", "hotmail.com", "icloud.com",
    "live.com", "mac.com", "mail.com", "mail.ru", "me.com", "msn.com", "outlook.co.th",
    "outlook.com", "pm.me", "proton.me", "protonmail.com", "qq.com", "rocketmail.com", "sina.com",
    "tuta.com", "tutanota.com", "yahoo.co.id", "yahoo.co.th", "yahoo.com", "yahoo.com.ph",
    "yahoo.com.sg", "yahoo.com.vn", "yandex.com", "yandex.ru", "ymail.com", "zoho.com",
))  # fmt: skip
"""Domains at which anyone opens a mailbox. A list, never whole: it cannot tell a person's mailbox
at an office's own domain."""

E = TypeVar("E", bound=StrEnum)


class _Wrong(Exception):
    """What a value is not; becomes OfficeNotReadable."""

    def __init__(self, why: str, **params: str | int) -> None:
        self.phrase = Phrase(f"why.office-{why}", params)


def is_seen(text: str) -> bool:
    """Whether nothing in a text is unseen but the joiners of some scripts."""
    return text.translate(_JOINERS).isprintable()


def _text(value: Any, most: int = _MOST_TEXT) -> str:
    if not isinstance(value, str):
        raise _Wrong("not-text")
    text = value.strip()
    if len(text) > most:
        raise _Wrong("too-long", most=most)
    if not is_seen(text):
        raise _Wrong("unprintable")
    return text


def _needed(value: Any) -> str:
    text = _text(value)
    if not text:
        raise _Wrong("empty")
    return text


def _formed(form: re.Pattern[str], *, may_be_empty: bool = False) -> Callable[[Any], str]:
    def take(value: Any) -> str:
        text = _text(value)
        if not (may_be_empty and not text) and form.fullmatch(text) is None:
            raise _Wrong("form", value=text[:60])
        return text

    return take


def _word(kind: type[E]) -> Callable[[Any], E]:
    def take(value: Any) -> E:
        if value not in tuple(kind):
            raise _Wrong("not-one-of", value=str(value)[:60], known=", ".join(kind))
        return kind(value)

    return take


def _or_none(take: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value in (None, "") else take(value)


def _day(value: Any) -> date:
    text = _text(value)
    if _DAY.fullmatch(text) is None:
        raise _Wrong("not-a-day", value=text[:60])
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise _Wrong("not-a-day", value=text) from error


def _zone(value: Any) -> str:
    text = _text(value)
    try:
        return text and ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise _Wrong("not-a-zone", value=text[:60]) from error


def _several(take: Callable[[Any], str]) -> Callable[[Any], tuple[str, ...]]:
    def taken(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise _Wrong("not-a-list")
        if len(value) > _MOST_ITEMS:
            raise _Wrong("too-many", most=_MOST_ITEMS)
        return tuple(dict.fromkeys(take(each) for each in value))

    return taken


def _week_day(value: Any) -> str:
    if value not in _DAYS_OF_WEEK:
        raise _Wrong("not-one-of", value=str(value)[:60], known=", ".join(_DAYS_OF_WEEK))
    return str(value)


_TAKERS: Mapping[str, Callable[[Any], Any]] = {
    "id": _formed(_ID),
    "kind": _word(Kind),
    "name": _needed,
    "source": _needed,
    "as_of": _day,
    "confidence": _word(Confidence),
    "country": _formed(_COUNTRY, may_be_empty=True),
    "services": _several(_needed),
    "channel": _or_none(_word(Channel)),
    "address": _text,
    "languages": _several(_formed(_LANGUAGE)),
    "holds": _several(_needed),
    "wants": _several(_needed),
    "working_days": _several(_week_day),
    "zone": _zone,
    "note": lambda value: _text(value, _MOST_NOTE),
    "verified_on": _or_none(_day),
    "verified_by": _text,
}
_MUST = tuple(each.name for each in fields(Office) if each.default is MISSING)


def office_of(value: Any, place: str) -> Office:
    """Read one entry; `place` names it in sentences, where it has no id that can be read.

    Raises OfficeNotReadable.
    """
    if not isinstance(value, dict):
        raise OfficeNotReadable(place=place, field="-", why=Phrase("why.office-not-a-mapping"))
    named = value.get("id")
    if isinstance(named, str) and _ID.fullmatch(named):
        place = named
    for name in (*_MUST, *value):
        why = "missing" if name not in value else "unknown" if name not in _TAKERS else ""
        if why:
            raise OfficeNotReadable(
                place=place, field=str(name)[:60], why=Phrase(f"why.office-{why}")
            )
    found: dict[str, Any] = {}
    for name, each in value.items():
        try:
            found[name] = _TAKERS[name](each)
        except _Wrong as wrong:
            raise OfficeNotReadable(place=place, field=name, why=wrong.phrase) from wrong
    return Office(**found)


def refuse_free_mail(office: Office) -> None:
    """Refuse an address at which anyone could write as the office; see `FREE_MAIL`.

    Raises PublicAddressWanted.
    """
    for text in (office.address, office.note, office.name, *office.services, *office.wants):
        for domain in _EMAIL.findall(text):
            if domain.lower() in FREE_MAIL:
                raise PublicAddressWanted(
                    office=office.id, domain=domain.lower(), count=len(FREE_MAIL)
                )


def read_offices(content: bytes, path: str) -> tuple[Office, ...]:
    """Read a list in YAML or JSON: a mapping whose `offices` are entries, or one entry alone.

    Raises OfficesFileNotReadable, OfficeTwice, PublicAddressWanted, and what `office_of` raises.
    """
    root, faults = compose(content, path)
    if faults or root is None:
        first = faults[0]
        raise OfficesFileNotReadable(path=path, line=first.line, why=first.phrase)
    tree = _plain(root)
    strange = sorted(set(tree) - {"offices", "schema"}) if "offices" in tree else []
    if strange:
        why = Phrase("why.office-unknown")
        raise OfficeNotReadable(place=path, field=strange[0][:60], why=why)
    found = offices_of(tree.get("offices", [tree]), path)
    for each in found:
        refuse_free_mail(each)
    return found


def offices_of(value: Any, path: str) -> tuple[Office, ...]:
    """Read several entries, each id once."""
    if not isinstance(value, list) or len(value) > MOST_OFFICES:
        why = Phrase("why.office-too-many", {"most": MOST_OFFICES})
        raise OfficeNotReadable(place=path, field="offices", why=why)
    found: dict[str, Office] = {}
    for number, each in enumerate(value, 1):
        office = office_of(each, f"{path}, {number}")
        if office.id in found:
            raise OfficeTwice(path=path, office=office.id)
        found[office.id] = office
    return tuple(found.values())


def _plain(node: Node) -> Any:
    """The tree as dicts, lists and text; nothing is taken for a number or a day yet."""
    if isinstance(node, Mapped):
        return {name: _plain(value) for name, (_, value) in node.pairs.items()}
    if isinstance(node, Listed):
        return [_plain(each) for each in node.items]
    return None if node.is_null else node.text
