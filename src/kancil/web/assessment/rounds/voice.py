"""How far a round is with the country's word, in a sentence, and what comes next for whom."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from kancil.assessment.voice import SignOffSaid
from kancil.desk.assessment.access import Sight
from kancil.desk.assessment.kept_protocols import protocols_in
from kancil.desk.assessment.queries.sign_offs import Voice, sign_off_of, voice_of
from kancil.desk.base.opening import current_workspace
from kancil.ground.phrase import Phrase
from kancil.reports.programme.country.signed import changes_words
from kancil.web.acting import today
from kancil.web.cells import Section, button, note


def voice_here(sight: Sight, ends: date) -> list[Section]:
    """The same above a round's overview, where there is something to say; `ends`: its period."""
    voice = voice_of(sight)
    there = reverse("comments", kwargs={"round": sight.round})
    found: list[Section] = []
    if sight.is_open and ends < today():
        found.append(note("warn", "web.voice.period-over", day=ends.isoformat()))
    if not sight.is_open or voice.due_on or voice.sign_off or voice.unanswered:
        found += voice_notes(sight, voice)
        found[-1] |= {"url": there, "action": Phrase("web.room.comments")}
    return found


def voice_notes(sight: Sight, voice: Voice) -> list[Section]:
    """Whether the country signed off, or by when it is asked to comment; then what waits."""
    found = [_stands(sight, voice)]
    if voice.unanswered and sight.is_open:
        key = "waiting-team" if sight.may_reply else "waiting"
        found.append(note("warn", f"web.voice.{key}", count=voice.unanswered))
    return found


def voiding_notes(sight: Sight) -> list[Section]:
    """Above a form that changes what an official signed: that saving ends the sign-off."""
    signed = sign_off_of(sight)
    if signed is None or not signed.counts or not signed.covers_texts:
        return []
    about = {"official": signed.official, "day": signed.signed_on.isoformat()}
    return [note("warn", "web.voice.voids", **about)]


def digest_notes(sight: Sight, voice: Voice, stood: str = "") -> list[Section]:
    """The digest that papers print of what is signed, or of what a sign-off would cover now.

    `stood`: of what stands now, where a sign-off is asked for.
    """
    there = reverse("round_reports", kwargs={"round": sight.round})
    signed = voice.sign_off
    if signed is not None and signed.counts:
        return [note("info", "web.voice.digest", sha256=signed.stood_sha256)]
    if not stood:
        return []
    return [
        note("info", "web.sign-off.digest", sha256=stood, url=there, do="web.room.round-reports")
    ]


def _stands(sight: Sight, voice: Voice) -> Section:
    signed = voice.sign_off
    if signed is not None:
        return _signed(sight, signed)
    if not sight.is_open:
        return note("info", f"web.voice.closed-{voice.closed_as or 'before'}")
    if voice.due_on is None:
        return note("info", "web.voice.no-term")
    key = "term-passed" if voice.due_on < today() else "term"
    level = "warn" if key == "term-passed" else "info"
    return note(level, f"web.voice.{key}", day=voice.due_on.isoformat())


def _signed(sight: Sight, signed: SignOffSaid) -> Section:
    """Who signed what on which day; where that no longer stands, what changed since."""
    covers = "" if signed.covers_texts else "-answers"
    about = {
        "official": signed.official, "office": signed.office, "day": signed.signed_on.isoformat()
    }  # fmt: skip
    if signed.counts:
        return note("intact", f"web.voice.signed{covers}", **about)
    if not signed.covers_texts:
        return note("warn", "web.voice.signed-before", **about)
    zone = current_workspace().zone
    changes = changes_words(
        signed.changes, protocols_in(sight), lambda moment: moment.astimezone(zone).date()
    )
    return note("warn", "web.voice.signed-changed", changes=changes, **about)


def voice_buttons(sight: Sight, voice: Voice) -> list[dict[str, Any]]:
    """What this person can do next: name a term, sign off, close."""
    given = {"round": sight.round}
    found: list[dict[str, Any]] = []
    if sight.is_open and sight.may_sign_off and not voice.is_signed:
        found.append(button(reverse("sign_off", kwargs=given), "web.sign-off.do", main=True))
    if sight.is_open and sight.is_lead:
        found.append(button(reverse("comment_term", kwargs=given), "web.term.set"))
        found.append(button(reverse("round_close", kwargs=given), "web.round.close"))
    if voice.sign_off is not None and voice.sign_off.sha256:
        found.append(button(reverse("sign_off_file", kwargs=given), "web.sign-off.file"))
    return found
