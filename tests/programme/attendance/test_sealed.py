"""The sealed list: a worked vector that the browser opens too, and what opens nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kancil.ground.plain import plain
from kancil.programme.attendance.sealed import Sealed, new_pin, normal_pin, seal, unseal
from kancil.programme.errors import PinWrong

VECTOR: dict[str, Any] = json.loads((Path(__file__).parent / "vector.json").read_text("utf-8"))
"""Made with salt 00…0f and iv 00…0b; the browser opens it too (test_door_browser.py)."""
SEALED = Sealed(**VECTOR["sealed"])


def test_the_vector_comes_out_again() -> None:
    until = datetime(2099, 3, 11, 5, tzinfo=UTC)
    found = seal(
        VECTOR["pin"], VECTOR["content"], device=SEALED.device, expires_at=until,
        salt=bytes(range(16)), iv=bytes(range(12)),
    )  # fmt: skip
    assert plain(found) == VECTOR["sealed"]
    assert unseal("7kmd x2qa", SEALED) == VECTOR["content"]
    assert SEALED.rounds == 600_000


@pytest.mark.parametrize(
    ("pin", "changed"),
    [
        ("7KMD-X2QB", {}),
        ("7KMD-X2QA", {"device": "01a00000-0000-7000-8000-000000000001"}),
        ("7KMD-X2QA", {"expires_at": "2099-03-12T05:00:00.000000Z"}),
        ("7KMD-X2QA", {"iv": "AAAAAAAAAAAAAAAA"}),
    ],
)
def test_another_pin_device_or_expiry_opens_nothing(pin: str, changed: dict[str, Any]) -> None:
    with pytest.raises(PinWrong):
        unseal(pin, replace(SEALED, **changed))


def test_a_pin_is_ten_signs_that_nobody_mistakes() -> None:
    made = {new_pin() for _ in range(200)}
    assert len(made) == 200
    assert not set("".join(made)) & set("01ILO")
    assert all(len(normal_pin(each)) == 10 for each in made)


def test_two_seals_of_one_list_have_nothing_in_common() -> None:
    until = datetime(2099, 3, 11, 5, tzinfo=UTC)
    one, two = (seal("7KMD-X2QA", {"a": 1}, device="d", expires_at=until) for _ in range(2))
    assert one.salt != two.salt
    assert one.iv != two.iv
    assert one.sealed != two.sealed
