"""How the amounts and times of a table seem to be written: one form beyond doubt, or none.

From the first rows' texts; to the suggested mapping and the reading of prices. Where two forms read
the same texts differently, no form is given and the text that shows it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from kancil.ground.clock import now
from kancil.ground.phrase import Phrase

from .amount import AmountForm, possible_forms, read_alike
from .moment import BUDDHIST, GREGORIAN, UNIX, UNIX_MS, TimeForm, literals_of, read_moment

_DAYS = [
    separator.join(order)
    for separator in ("-", "/", ".", " ")
    for order in (
        ("YYYY", "MM", "DD"), ("DD", "MM", "YYYY"), ("MM", "DD", "YYYY"), ("DD", "MON", "YYYY"),
        ("DD", "MM", "YY"), ("MM", "DD", "YY"), ("YY", "MM", "DD"), ("DD", "MON", "YY"),
    )
] + ["YYYYMMDD", "MON DD, YYYY", "DDMMYYYY"]  # fmt: skip
_LOCAL_DAYS = [f"DD{gap}LMON{gap}{year}" for gap in (" ", "-", "/") for year in ("YYYY", "YY")]
_HOURS = ["", *(
    f"{gap}{hours}{zone}"
    for gap in (" ", "T", ", ")
    for hours in ("hh:mm", "hh:mm:ss", "hh:mm AP", "hh:mm:ss AP")
    for zone in ("", "ZZ", " ZZ")
)]  # fmt: skip
_NAMED_ZONE = re.compile(r"\b(?:UTC|GMT)\s*([+-]\s*\d{1,2}(?::?\d{2})?)?", re.IGNORECASE)
_TRIED_FIRST = 8
_FIRST_BARE_YEAR = 2000


FormT = TypeVar("FormT", AmountForm, TimeForm)


@dataclass(frozen=True)
class Seen(Generic[FormT]):
    """A form that was seen, why, and what a person must still look at."""

    form: FormT | None
    reasons: tuple[Phrase, ...] = ()
    asks: tuple[Phrase, ...] = ()


def seen_amounts(texts: Sequence[str]) -> Seen[AmountForm]:
    """In which form these amounts are written."""
    texts = [text for text in texts if text.strip()]
    if not texts:
        return Seen(None)
    forms = possible_forms(texts)
    if not forms:
        wrong = next((each for each in texts if not possible_forms([each])), texts[0])
        return Seen(None, asks=(Phrase("note.suggest-amount-unread", {"text": wrong[:80]}),))
    if not read_alike(texts, forms):
        unlike = next(each for each in texts if not read_alike([each], forms))
        return Seen(None, asks=(Phrase("note.suggest-amount-ambiguous", {"text": unlike[:80]}),))
    # A comma beside a decimal point can only group thousands; what does not fit is left out.
    wide = [form for form in forms if form.thousands == ("," if form.decimal == "." else ".")]
    chosen = (wide or forms)[0]
    reasons = (Phrase("note.suggest-amount", {"decimal": chosen.decimal}),)
    is_bare = all(text.strip().lstrip("+-").isdecimal() for text in texts)
    return Seen(chosen, reasons, (Phrase("note.suggest-amount-whole"),) if is_bare else ())


def seen_times(texts: Sequence[str], column: str) -> Seen[TimeForm]:
    """In which form these times are written; `column`: its name may tell the zone.

    Where only the zone is open, the form is given without one.
    """
    texts = [text for text in texts if text.strip()]
    zone = zone_in(column)
    reasons: list[Phrase] = []
    if zone is not None:
        reasons.append(Phrase("note.suggest-zone", {"column": column[:80], "zone": zone}))
    if not texts:
        return Seen(TimeForm((), zone), tuple(reasons))
    forms, shown = _time_forms(texts, zone, _DAYS)
    if not forms:
        forms, shown = _time_forms(texts, zone, _LOCAL_DAYS)
    if not forms:
        asks = (Phrase("note.suggest-time-unread", {"text": texts[0][:80]}),)
        return Seen(TimeForm((), zone), tuple(reasons), asks)
    calendars = {form.calendar for form in forms}
    era: tuple[Phrase, ...] = ()
    if calendars == {BUDDHIST}:
        era = (Phrase("note.suggest-buddhist", {"text": shown[:80]}),)
    if len(forms) > 1:
        possible = ", ".join(dict.fromkeys(form.formats[0] for form in forms))
        params = {"text": shown[:80], "formats": possible}
        open_days = Phrase("note.suggest-time-ambiguous", params)
        calendar = BUDDHIST if era else GREGORIAN
        return Seen(TimeForm((), zone, calendar), tuple(reasons), (*era, open_days))
    form = forms[0]
    reasons.append(Phrase("note.suggest-time", {"format": form.formats[0], "text": shown[:80]}))
    if form.zone is None and form.formats[0].endswith("ZZ"):
        form = replace(form, zone="UTC")
        reasons.append(Phrase("note.suggest-zone-in-row", {"text": shown[:80]}))
    open_zone = Phrase("note.suggest-zone-open")
    return Seen(form, tuple(reasons), era if form.zone else (*era, open_zone))


def any_time_form(texts: Sequence[str]) -> TimeForm | None:
    """One of the forms that read these texts, where several do: good for no day, but for a row."""
    texts = [text for text in texts if text.strip()]
    for days in (_DAYS, _LOCAL_DAYS) if texts else ():
        forms, _ = _time_forms(texts, None, days)
        if forms:
            return forms[0]
    return None


def zone_in(column: str) -> str | None:
    """The zone that a column's name tells: `Date(UTC+7)`; None if it tells none."""
    found = _NAMED_ZONE.search(column)
    if found is None:
        return None
    shift = (found[1] or "").replace(" ", "").replace(":", "")
    if not shift or not int(shift):
        return "UTC"
    return f"{shift[0]}{shift[1:3]:0>2}:{shift[3:] or '00'}"


def _time_forms(
    texts: Sequence[str], zone: str | None, days: Sequence[str]
) -> tuple[list[TimeForm], str]:
    """List every form that reads the most of these texts, if nine of ten; footers are no dates.

    Given with it is the text that tells most: the one that the fewest forms can read. Where a form
    reads no year before 2000 or after the next, those that do are left out: 2569, and 69, are
    Buddhist.
    """
    written = set("".join(texts))
    tries = [TimeForm((UNIX,), "UTC"), TimeForm((UNIX_MS,), "UTC")]
    tries += [
        TimeForm((day + hours,), zone, calendar)
        for calendar in (GREGORIAN, BUDDHIST)
        for day in days
        for hours in _HOURS
        if literals_of(day + hours) <= written
    ]
    for share in (texts[:: max(1, len(texts) // _TRIED_FIRST)], texts):
        read = {form: [_reads(text, form) for text in share] for form in tries}
        tries = [form for form, found in read.items() if any(found)]
    counts = {form: sum(read[form]) for form in tries}
    best = max(counts.values(), default=0)
    if best * 10 < len(texts) * 9:
        return [], ""
    by_text = [sum(read[form][place] for form in tries) or len(tries) + 1
               for place in range(len(texts))]  # fmt: skip
    shown = texts[by_text.index(min(by_text))]
    forms = [form for form, count in counts.items() if count == best]
    return [form for form in forms if _has_likely_years(texts, form)] or forms, shown


def _has_likely_years(texts: Sequence[str], form: TimeForm) -> bool:
    """Whether all that a form reads lies between the year 2000 and the end of the next year."""
    last = now().year + 1
    years = (moment.day.year for moment in (read_moment(text, form) for text in texts) if moment)
    return all(_FIRST_BARE_YEAR <= year <= last for year in years)


def _reads(text: str, form: TimeForm) -> bool:
    """Whether a form reads a text; a bare number counts only if it lies after 1999."""
    moment = read_moment(text, form)
    if moment is None:
        return False
    return moment.day.year >= _FIRST_BARE_YEAR or form.formats[0] not in (UNIX, UNIX_MS)
