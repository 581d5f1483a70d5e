"""Who signed in, who tried, and which names were locked: shown alike on either site."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from kancil.desk.people.queries import SignIn, sign_ins
from kancil.ground import clock
from kancil.ground.errors import TimeNotReadable
from kancil.ground.phrase import Phrase
from kancil.web.cells import Section, beginning, empty, note, show, table, tag, when
from kancil.web.parts import Cell, Kind

_ROWS = 50
_OF_ONE = 20
_OUTCOMES: dict[str, Kind] = {
    "in": "intact", "wrong": "warn", "locked": "danger", "key-wrong": "warn",
    "key-locked": "danger", "factor-wrong": "warn", "factor-locked": "danger",
}  # fmt: skip


def sign_ins_page(
    request: HttpRequest, *, above: Mapping[str, Any], lead: str, names: Mapping[str, str]
) -> HttpResponse:
    """Sign-ins, failures and locks of all accounts, the newest first.

    `above`: `url` and `name` of the page it is reached from; `names`: officers by id, for keys.
    """
    found = sign_ins(before=_moment(request.GET.get("before", "")), most=_ROWS)
    sections: list[Section] = []
    if found:
        sections.append(sign_in_table(found, names))
    else:
        sections.append(empty("web.audit.empty", url=above["url"], icon="search"))
    if len(found) == _ROWS:
        url = f"{request.path}?{urlencode({'before': clock.to_text(found[-1].at)})}"
        sections.append(
            note("info", "web.audit.sign-ins-more", url=url, do="web.audit.older", rows=_ROWS)
        )
    title = Phrase("web.audit.sign-ins")
    return show(request, title, sections, crumbs=[dict(above)], lead=Phrase(lead))


def sign_ins_of(username: str, names: Mapping[str, str]) -> list[Section]:
    """The newest sign-ins and failures of one account."""
    found = sign_ins(before=None, most=_OF_ONE + 1, username=username)
    if not found:
        return [note("info", "web.people.never-in")]
    cut = [note("info", "web.cut.sign-ins", shown=_OF_ONE)] if len(found) > _OF_ONE else []
    return [sign_in_table(found[:_OF_ONE], names), *cut]


def sign_in_table(found: list[SignIn], names: Mapping[str, str]) -> Section:
    """Show sign-ins and failures, and passphrases that opened no key."""
    return table(
        "web.audit.sign-ins",
        ("when", "account", "outcome", "address-from", "browser", "signed-out"),
        [
            (
                when(each.at),
                each.username or Phrase("web.audit.no-account"),
                _outcome(each, names),
                each.address or Phrase("note.not-stated"),
                beginning(each.browser, 60) or Phrase("note.not-stated"),
                _signed_out(each),
            )
            for each in found
        ],
    )


def _outcome(each: SignIn, names: Mapping[str, str]) -> Cell:
    key = f"web.sign-in-outcome.{each.outcome}"
    if each.key_of is None:
        return tag(_OUTCOMES[each.outcome], key)
    return tag(_OUTCOMES[each.outcome], key, officer=names.get(each.key_of, each.key_of))


def _signed_out(each: SignIn) -> Cell:
    if each.outcome != "in":
        return "–"
    return Phrase("web.audit.not-said") if each.out_at is None else when(each.out_at)


def _moment(text_of: str) -> datetime | None:
    try:
        return clock.from_text(text_of) if text_of else None
    except TimeNotReadable:
        return None
