"""An invented training with people registered, for tests of its door."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from kancil.desk.assessment.models import Country
from kancil.desk.people.models import Person
from kancil.desk.programme.models import Activity, EventDevice, Participant, Participation
from kancil.ground.ids import new_id
from kancil.programme.attendance.marks import FORMAT, NUMBER, signature

FIRST, LAST = date(2026, 3, 9), date(2026, 3, 11)
NOON = datetime.combine(FIRST, time(5), UTC)
"""Twelve o'clock in Phnom Penh on the first day."""
NAMES = ("Dara Sok", "ສົມພອນ ແກ້ວ", "สมชาย ใจดี", "សុខា ចាន់", "Kim Lane", "Ba Nguyen")


@dataclass
class Training:
    """An activity and its registrations."""

    id: str
    rows: list[Participation]

    def badge(self, number: int) -> str:
        return self.rows[number].badge

    def attended(self) -> list[int]:
        for each in self.rows:
            each.refresh_from_db()
        return [each.days_attended for each in self.rows]


def training(
    by: Person,
    *,
    country: str = "XKA",
    code: str = "2026-XKA-001",
    names: Sequence[str] = NAMES,
    first: date = FIRST,
    last: date = LAST,
) -> Training:
    """Make it, with everybody registered."""
    at = datetime.combine(first, time(), UTC) - timedelta(days=20)
    activity = Activity(
        code=code, kind="training", title="Tracing of crypto-assets", place="Kasa City",
        begins_on=first, ends_on=last, state="confirmed", officer=by, by=by, at=at,
    )  # fmt: skip
    activity.save(force_insert=True)
    activity.countries.set(Country.objects.filter(code=country))
    people = Participant.objects.bulk_create(
        [Participant(name=name, country_id=country, role="police", by=by, at=at) for name in names]
    )
    rows = Participation.objects.bulk_create(
        [Participation(activity=activity, participant=each, by=by, at=at) for each in people]
    )
    return Training(activity.id, list(rows))


def a_mark(badge: str, **given: Any) -> dict[str, Any]:
    """A mark as a device writes it; `given`: what is otherwise."""
    mark = {
        "id": new_id(), "badge": badge, "day": FIRST.isoformat(), "at": NOON.isoformat(),
        "how": "badge",
    }  # fmt: skip
    return {**mark, **given}


def upload(
    device: str, marks: Sequence[Any], *, sheets: Sequence[Any] = (), key: bytes | None = None
) -> bytes:
    """What a device sends, signed with its key or another one."""
    payload = json.dumps({"device": device, "marks": list(marks), "sheets": list(sheets)})
    if key is None:
        key = bytes.fromhex(EventDevice.objects.values_list("key_hex", flat=True).get(id=device))
    return json.dumps(
        {
            "format": FORMAT, "number": NUMBER, "device": device, "payload": payload,
            "hmac": signature(key, payload),
        }
    ).encode()  # fmt: skip
