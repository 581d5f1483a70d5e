"""Acts of attendance: devices prepared and revoked, marks taken and withdrawn.

Marks are never changed. `recount` alone says from them how many days somebody was there.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from kancil.desk.assessment.keeping import record
from kancil.desk.base.keeping import keep, keep_changed, reason_for
from kancil.desk.base.opening import one_change
from kancil.desk.people.models import Person
from kancil.desk.programme.changing import changing_activity
from kancil.desk.programme.entering import require
from kancil.desk.programme.errors import DeviceNotFound, DeviceRevoked, NobodyRegistered
from kancil.desk.programme.models import Activity, EventDevice, Mark, Participation
from kancil.desk.programme.taking_part.attendance import (
    EXPECTED,
    attendees,
    days_of,
    device_of,
    require_day,
)
from kancil.desk.programme.taking_part.evaluating import take_sheets
from kancil.ground import clock
from kancil.ground.ids import new_id
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain
from kancil.ground.words import render_phrase
from kancil.programme.attendance.marks import (
    Event,
    Payload,
    Refusal,
    SentMark,
    read_mark,
    read_payload,
    read_upload,
    refusal,
)
from kancil.programme.attendance.sealed import new_pin, seal
from kancil.programme.evaluation.form import Question, forms
from kancil.programme.vocabulary import Moment

HOURS = 48
"""How long a device may mark after it was prepared."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A device that was just prepared; the PIN is shown now and never again."""

    id: str
    pin: str


@dataclass(frozen=True, slots=True)
class Refused:
    """One mark that was not taken, and why."""

    id: str
    """Empty: it could not be read."""
    why: Refusal


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of an upload."""

    activity: str
    taken: int
    again: int
    """Marks that are there already, by their UUID or by the same device, person and day."""
    sheets: int
    refused: tuple[Refused, ...]


def recount(participations: Collection[int]) -> None:
    """Keep `days_attended` and `attended` what the marks that stand say; the one place of it."""
    rows = Participation.objects.filter(pk__in=participations).annotate(
        days=Count("marks__day", filter=Q(marks__withdrawn_at=None), distinct=True)
    )
    changed = []
    for row in rows:
        row.days_attended, row.attended = row.days, row.days > 0
        changed.append(row)
    Participation.objects.bulk_update(changed, ["days_attended", "attended"], batch_size=200)


def prepare_device(
    *, by: Person, activity: str, name: str, at: datetime | None = None, pin: str = ""
) -> Prepared:
    """Prepare a device for 48 hours: its key, and the list that it will hold, sealed under a PIN.

    `at`, `pin`: of a sample. Raises ActNotYours, NobodyRegistered, FieldNotUsable.
    """
    with changing_activity(by, activity) as sight:
        require(sight.may_write, sight.desk)
        people = attendees(sight)
        if not people:
            raise NobodyRegistered
        now = at or clock.now()
        EventDevice.objects.filter(expires_at__lte=clock.now()).exclude(sealed="").update(sealed="")
        pin, key, id = pin or new_pin(), secrets.token_bytes(32), new_id()
        until = now + timedelta(hours=HOURS)
        content = {
            "key": key.hex(),
            "title": sight.title,
            "days": [each.isoformat() for each in days_of(sight.activity)],
            "people": [{"badge": each.badge, "name": each.name, "of": each.of} for each in people],
            "questions": [_asked(each) for each in forms()[Moment.AT_ONCE].questions],
        }
        sealed = seal(pin, content, device=id, expires_at=until)
        row = EventDevice(
            id=id, activity_id=sight.activity, name=name.strip(), key_hex=key.hex(),
            key_sha256=hashlib.sha256(key).hexdigest(), prepared_by=by, prepared_at=now,
            expires_at=until,
        )  # fmt: skip
        keep(row, "name")
        # As long as those registered make it: no limit of what people type holds for it.
        EventDevice.objects.filter(pk=id).update(sealed=json.dumps(plain(sealed)))
        record("device.prepared", by=by, about=sight.code, device=id, name=row.name)
        return Prepared(id, pin)


def _asked(question: Question) -> dict[str, Any]:
    """A question as the device shows it, in the spoken language."""
    return {
        "id": question.id,
        "kind": question.kind.value,
        "text": render_phrase(question.words),
        "options": [(value, _said(name)) for value, name in question.choices],
    }


def _said(name: Phrase | str) -> str:
    return render_phrase(name) if isinstance(name, Phrase) else name


def import_marks(*, by: Person, activity: str, data: bytes, now: datetime | None = None) -> Taken:
    """Take the file that a device of this activity wrote, carried by hand.

    Raises ActNotYours, and what `take_upload` raises.
    """
    with changing_activity(by, activity) as sight:
        require(sight.may_write, sight.desk)
        device_of(sight, read_upload(data).device)
        return take_upload(data, now=now, by=by)


def take_upload(data: bytes, *, now: datetime | None = None, by: Person | None = None) -> Taken:
    """Take what a device sent; who signed it is its key's to say.

    `by`: who brought a file; else the marks are of whoever prepared the device. Raises
    MarksNotReadable, MarksNotSigned, DeviceNotFound, DeviceRevoked; then nothing is taken.
    """
    upload = read_upload(data)
    with one_change():
        found = EventDevice.objects.select_related("prepared_by", "activity")
        device = found.filter(id=upload.device).first()
        if device is None:
            raise DeviceNotFound
        upload.require_signed(bytes.fromhex(device.key_hex))
        Activity.objects.select_for_update(no_key=True).filter(pk=device.activity_id).first()
        device.refresh_from_db(fields=["revoked_at"])
        if device.revoked_at is not None:
            raise DeviceRevoked(name=device.name)
        payload = read_payload(upload)
        taken = _taken(device, payload, by or device.prepared_by, now or clock.now())
        EventDevice.objects.filter(pk=device.pk).exclude(sealed="").update(sealed="")
        if payload.marks or payload.sheets:
            counts = Counter(each.why.value for each in taken.refused)
            record(
                "attendance.uploaded", by=by or device.prepared_by, about=device.activity.code,
                device=device.id, taken=taken.taken, again=taken.again, sheets=taken.sheets,
                refused=dict(counts),
            )  # fmt: skip
        return taken


def _taken(device: EventDevice, payload: Payload, by: Person, now: datetime) -> Taken:
    activity = device.activity
    badges = dict(
        Participation.objects.filter(activity=activity, state__in=EXPECTED)
        .filter(participant__forgotten_at=None)
        .values_list("badge", "pk")
    )
    event = Event(
        activity.begins_on, activity.ends_on, device.prepared_at, device.expires_at, badges.keys()
    )
    refused: list[Refused] = []
    good: dict[str, SentMark] = {}
    again = 0
    for given in payload.marks:
        mark = read_mark(given)
        why = Refusal.NOT_READABLE if mark is None else refusal(mark, event)
        if mark is None or why is not None:
            refused.append(Refused(mark.id if mark else "", why or Refusal.NOT_READABLE))
        elif mark.id in good:
            again += 1
        else:
            good[mark.id] = mark
    known = _known(good)
    own = set(Mark.objects.filter(device=device).values_list("participation_id", "day"))
    rows = []
    for mark in good.values():
        place = (badges[mark.badge], mark.day)
        if mark.id in known or place in own:
            again += 1
            continue
        own.add(place)
        rows.append(
            Mark(
                id=mark.id, participation_id=place[0], day=mark.day, marked_at=mark.marked_at,
                how=mark.how, device=device, by=by, at=now,
            )
        )  # fmt: skip
    Mark.objects.bulk_create(rows, batch_size=100)
    recount({row.participation_id for row in rows})
    sheets = take_sheets(activity, Moment.AT_ONCE, payload.sheets, by=by, at=now)
    return Taken(activity.id, len(rows), again, sheets, tuple(refused))


def _known(ids: Iterable[str]) -> set[str]:
    """Which of some marks are there already, asked in parts that any database takes."""
    asked, found = list(ids), set[str]()
    for start in range(0, len(asked), 500):
        part = asked[start : start + 500]
        found.update(Mark.objects.filter(pk__in=part).values_list("pk", flat=True))
    return found


def mark_present(
    *,
    by: Person,
    activity: str,
    day: date,
    participations: Collection[int],
    how: str = "sheet",
    at: datetime | None = None,
) -> int:
    """Mark people present on a day, from a signed sheet or at the desk; gives how many are new.

    `at`: when it was written down; else now. Raises ActNotYours, DayOutsideActivity.
    """
    with changing_activity(by, activity) as sight:
        require(sight.may_write, sight.desk)
        require_day(sight.activity, day)
        now = at or clock.now()
        rows = Participation.objects.filter(
            activity_id=sight.activity, state__in=EXPECTED, pk__in=participations
        )
        standing = Mark.objects.filter(
            participation__activity_id=sight.activity, day=day, withdrawn_at=None
        )
        there = set(standing.values_list("participation_id", flat=True))
        new = [pk for pk in rows.values_list("pk", flat=True) if pk not in there]
        Mark.objects.bulk_create(
            [
                Mark(
                    id=new_id(), participation_id=pk, day=day, marked_at=now, how=how, by=by, at=now
                )
                for pk in new
            ],
            batch_size=100,
        )
        recount(new)
        record("attendance.entered", by=by, about=sight.code, day=day.isoformat(), count=len(new))
        return len(new)


def withdraw_marks(*, by: Person, activity: str, marks: Collection[str], reason: str) -> int:
    """Let marks count no more, with a reason; they stay to be seen.

    Raises ActNotYours, ReasonMissing.
    """
    with changing_activity(by, activity) as sight:
        require(sight.may_write, sight.desk)
        why = reason_for("marks", reason)
        rows = Mark.objects.filter(
            participation__activity_id=sight.activity, pk__in=marks, withdrawn_at=None
        )
        count = _withdraw(rows.values_list("pk", "participation_id"), why)
        record("attendance.withdrawn", by=by, about=sight.code, count=count, reason=why)
        return count


def _withdraw(rows: Iterable[tuple[str, int]], why: str) -> int:
    found = list(rows)
    for start in range(0, len(found), 500):
        part = [pk for pk, _ in found[start : start + 500]]
        Mark.objects.filter(pk__in=part, withdrawn_at=None).update(
            withdrawn_at=clock.now(), withdrawn_reason=why[:300]
        )
    recount({participation for _, participation in found})
    return len(found)


def revoke_device(*, by: Person, activity: str, device: str, reason: str) -> None:
    """Refuse whatever a lost device sends from now on.

    What it sent before waits for a decision: `decide_marks`. Raises ActNotYours, ReasonMissing,
    DeviceNotFound.
    """
    with changing_activity(by, activity) as sight:
        found = device_of(sight, device)
        row = EventDevice.objects.get(pk=found.id)
        row.revoked_at, row.sealed = clock.now(), ""
        row.revoked_reason = reason_for("device", reason)
        keep_changed(row, {"revoked_at", "revoked_reason", "sealed"})
        record("device.revoked", by=by, about=sight.code, device=row.id, reason=row.revoked_reason)


def decide_marks(*, by: Person, activity: str, device: str, withdraw: bool, reason: str) -> int:
    """Keep or withdraw what a revoked device sent before; gives how many marks it is about.

    Raises ActNotYours, ReasonMissing, DeviceNotFound.
    """
    with changing_activity(by, activity) as sight:
        found = device_of(sight, device)
        why = reason_for("marks", reason)
        rows = Mark.objects.filter(device_id=found.id, withdrawn_at=None)
        listed = list(rows.values_list("pk", "participation_id"))
        count = _withdraw(listed, why) if withdraw else len(listed)
        record(
            "device.decided", by=by, about=sight.code, device=found.id, count=count, reason=why,
            withdrawn=withdraw,
        )  # fmt: skip
        return count
