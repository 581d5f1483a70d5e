"""What is typed in the form of a letter, and the draft that it makes; nothing typed is refused.

What is missing, vague or wrong the check says of the saved draft. Rows are lists of inputs of one
name each, so that a row more or less needs no count. Of a long list of items the form shows a
window; those before and after it come from the version that it was made from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from kancil.desk.selectors.kinds import KINDS, read_selectors
from kancil.ground.filled import filled_from_plain
from kancil.ground.plain import plain
from kancil.legal.fields import Form, fields
from kancil.legal.quality import NAME
from kancil.legal.request import Draft, Item, RequestKind, Role, Sought, Standing
from kancil.legal.rights import Answer, questions

WINDOW = 40
"""Items in one form: what a browser sends has at most 1,000 fields."""
ADDRESSEE = ("office", "name", "kind", "country", "through", "channel", "address", "language")
HEAD = ("reference", "language", "second_language")
RIGHTS = tuple(each.id for each in questions())
RIGHTS_FOR = "rights_for"
"""Country that the letter went to when the answers of the check were shown."""
ANSWERS = tuple(each.value for each in Answer)
ROLES = (Role.ACCOUNT_HOLDER, Role.VICTIM, Role.WITNESS, Role.SUSPECT)
"""The first is taken where none is chosen: nobody becomes a suspect by leaving a list alone."""
STANDINGS = (Standing.STATED, Standing.REPORTED, Standing.PROVED)
_MONEY = (Sought.HOLD, Sought.RELEASE, Sought.TRANSFER)
_KEEPERS = ("bank", "payment-service", "exchange", "issuer", "provider")


@dataclass(frozen=True, slots=True)
class Blank:
    """One input of a row; its words are `web.letter.<name>`."""

    name: str
    choices: str = ""
    """Which list it is chosen from; empty: typed."""
    is_extra: bool = False
    """Whether it stands folded at first."""
    lines: int = 1
    hint: str = ""
    """An example, the same in every language."""


_DATES = (Blank("since", hint="2026-03-01T00:00+07:00"), Blank("until"))
_SUM = (Blank("amount", hint="150000"), Blank("asset", hint="THB"),
        Blank("at", hint="2026-03-08T14:05+07:00"))  # fmt: skip
_WHO = (Blank("sought", "sought"), Blank("value"), Blank("selector", "selector"), Blank("keeper"))
_REST = (Blank("proof", hint="E4, line 12"), Blank("standing", "standing"), Blank("reported_by"),
         Blank("txid"), Blank("link", lines=2))  # fmt: skip
ROWS: Mapping[Form, tuple[Blank, ...]] = {
    Form.PERSONS: (
        Blank("name"), Blank("role", "role"), Blank("basis", "basis"), Blank("is_alias", "alias"),
        Blank("proof", hint="F1"), Blank("nationality", is_extra=True),
        Blank("place", is_extra=True),
    ),
    Form.OFFENCES: (
        Blank("country", hint="LA"), Blank("law"), Blank("article"), Blank("maximum_penalty"),
        Blank("text", lines=3), Blank("counterpart", "counterpart"),
        Blank("source", is_extra=True), Blank("compared_on", is_extra=True, hint="2026-11-20"),
        Blank("language", is_extra=True), Blank("translation", is_extra=True, lines=3),
    ),
    Form.BASES: (
        Blank("instrument", "instrument"), Blank("article"), Blank("title"),
        Blank("status", lines=2),
    ),
    Form.SHARES: (Blank("victim", hint="E7, line 3"), *_SUM[:2], Blank("reference")),
}  # fmt: skip
"""Rows that a letter may have, each with its inputs; those of items: `blanks`."""


def blanks(kind: RequestKind, form: Form) -> tuple[Blank, ...]:
    """The inputs of a row; of items, what this kind seldom needs stands folded."""
    if form is not Form.ITEMS:
        return ROWS[form]
    is_money = kind.sought[0] in _MONEY
    main, seldom = (_SUM, _DATES) if is_money else (_DATES, _SUM)
    rest = _REST[:2] if is_money else ()
    extra = (*seldom, *(each for each in _REST if each not in rest))
    folded = tuple(Blank(e.name, e.choices, True, e.lines, e.hint) for e in extra)
    who = _WHO if len(kind.sought) > 1 else _WHO[1:]
    return (*who, *main, *rest, *folded)


Row = dict[str, str]


@dataclass
class Typed:
    """What stands in the form."""

    values: Row = field(default_factory=dict)
    """By the name of the input."""
    rows: dict[Form, list[Row]] = field(default_factory=dict)
    ticked: dict[Form, list[str]] = field(default_factory=dict)
    """Findings and attachments."""
    first: int = 0
    """Of the items, the place of the first that is shown."""
    shown: int = 0
    """How many items of the version that it was made from the form stands for."""


def row_forms(kind: RequestKind) -> list[Form]:
    """The fields of a kind that are rows."""
    return [
        form
        for name in kind.fields
        for form in [fields()[name].form]
        if form is Form.ITEMS or form in ROWS
    ]


def of_draft(kind: RequestKind, draft: Draft, first: int = 0) -> Typed:
    """The form of a draft; `first`: where its window of items begins."""
    whole = plain(draft)
    values = {name: str(whole[name] or "") for name in HEAD}
    values |= {f"to_{name}": str(whole["addressee"][name] or "") for name in ADDRESSEE}
    values |= {f"t_{name}": value for name, value in draft.texts.items()}
    values |= {f"s_{name}": value for name, value in draft.translations.items()}
    values |= {f"r_{name}": value for name, value in draft.rights.items()}
    values |= {f"a_{name}": value for name, value in draft.assurances.items()}
    rows = {
        form: [
            {name: _text(value) for name, value in each.items()} for each in whole[form.value]
        ]
        for form in row_forms(kind)
    }  # fmt: skip
    found = Typed(values, rows, {form: list(whole[form.value]) for form in _TICKED})
    if len(draft.items) > WINDOW:
        found.first = max(0, min(first, len(draft.items) - 1)) // WINDOW * WINDOW
        rows[Form.ITEMS] = rows[Form.ITEMS][found.first : found.first + WINDOW]
    found.shown = len(rows.get(Form.ITEMS, []))
    return found


_TICKED = (Form.FINDINGS, Form.ATTACHMENTS)


def _text(value: Any) -> str:
    return "yes" if value is True else "" if value in (None, False) else str(value)


def of_post(kind: RequestKind, sent: QueryDict) -> Typed:
    """The form as it was sent."""
    values = {name: _clean(str(sent.get(name, ""))) for name in _names(kind)}
    rows = {}
    for form in row_forms(kind):
        columns = {
            each.name: sent.getlist(f"{form.value}-{each.name}") for each in blanks(kind, form)
        }
        count = max(map(len, columns.values()), default=0)
        rows[form] = [
            {name: _clean(given[place]) if place < len(given) else ""
             for name, given in columns.items()}
            for place in range(count)
        ]  # fmt: skip
    more = _clean(str(sent.get("attachments-more", ""))).splitlines()
    ticked = {form: [_clean(each) for each in sent.getlist(form.value)] for form in _TICKED}
    ticked[Form.ATTACHMENTS] += [each.strip() for each in more if each.strip()]
    return Typed(values, rows, ticked, _count(sent, "first"), _count(sent, "shown"))


def _count(sent: QueryDict, name: str) -> int:
    text = str(sent.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()


def _names(kind: RequestKind) -> Iterator[str]:
    yield from HEAD
    yield from (f"to_{name}" for name in ADDRESSEE)
    for name in kind.fields:
        if fields()[name].form.is_text:
            yield from (f"t_{name}", f"s_{name}")
    for question in RIGHTS:
        yield from (f"r_{question}", f"a_{question}")
    yield RIGHTS_FOR


def draft_of(kind: RequestKind, typed: Typed, base: Draft) -> Draft:
    """The draft that the form makes of another: of its case, country, and items out of sight."""
    whole, values = plain(base), typed.values

    def under(begins: str) -> Row:
        return {name.removeprefix(begins): value for name, value in values.items()
                if name.startswith(begins) and value}  # fmt: skip

    whole |= {name: values.get(name, "") for name in HEAD}
    whole["kind"], whole["language"] = kind.name, values.get("language") or "en"
    to = {**whole["addressee"], **{name: values.get(f"to_{name}", "") for name in ADDRESSEE}}
    if to["kind"] not in kind.addressees:
        to["kind"] = kind.addressees[0]
    same = ("office", "name", "kind", "channel", "address")
    if any(to[name] != getattr(base.addressee, name) for name in same):
        to["verified_on"] = None
    whole |= {"addressee": to, "texts": under("t_"), "translations": under("s_"),
              "rights": under("r_"), "assurances": under("a_")}  # fmt: skip
    for form, rows in typed.rows.items():
        filled = [_value(kind, form, each) for each in rows if is_filled(form, each)]
        whole[form.value] = filled
    if Form.ITEMS in typed.rows:
        held = plain(base)["items"]
        for each in whole["items"]:
            each["keeper"] = each["keeper"] or (to["name"] if to["kind"] in _KEEPERS else "")
        after = held[typed.first + typed.shown :]
        whole["items"] = [*held[: typed.first], *whole["items"], *after]
    whole |= {form.value: list(dict.fromkeys(typed.ticked.get(form, []))) for form in _TICKED}
    return filled_from_plain(Draft, whole, is_whole=False)


_CHOSEN = ("sought", "selector", "standing", "role", "is_alias", "counterpart", "instrument",
           "basis")  # fmt: skip
"""Inputs that always have a value, so that they do not make a row."""


def is_filled(form: Form, row: Row) -> bool:
    """Whether anything is typed in a row."""
    chosen = _CHOSEN if form is not Form.BASES else _CHOSEN[:-2]
    return any(value for name, value in row.items() if name not in chosen)


def _value(kind: RequestKind, form: Form, row: Row) -> dict[str, Any]:
    """A row as JSON of its type; a choice that is none becomes the first."""
    found: dict[str, Any] = dict(row)
    if form is Form.OFFENCES:
        found = {name: text for name, text in row.items() if text or name not in _LATER}
    elif form is Form.PERSONS:
        found["is_alias"] = row.get("is_alias") == "yes"
        found["role"] = _of(ROLES, row.get("role", ""))
    elif form is Form.ITEMS:
        asked = row.get("sought", "")
        found["sought"] = asked if asked in kind.sought else kind.sought[0].value
        found["standing"] = _of(STANDINGS, row.get("standing", ""))
        found |= recognised(row.get("value", ""), row.get("selector", ""))
        found = {**plain(Item(kind.sought[0], "", "", "")), **found}
    return found


_LATER = ("compared_on", "counterpart")
"""Keys of an offence that are not written where they are empty."""


def _of(values: Sequence[str], chosen: str) -> str:
    return str(chosen if chosen in values else values[0])


def recognised(text: str, chosen: str = "", country: str = "") -> Row:
    """Kind and normal form of an identifier; the kind that was chosen goes before another."""
    if chosen == NAME:
        return {"selector": NAME, "value": text}
    may_be = {each.kind: each.value for each in read_selectors(text, country)} if text else {}
    kind = chosen if chosen in may_be or chosen in _KNOWN else next(iter(may_be), "")
    return {"selector": kind, "value": may_be.get(kind, text)}


_KNOWN = frozenset(each.name for each in KINDS)
