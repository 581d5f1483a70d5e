"""Roads: the order of steps, what is next, what is late."""

from __future__ import annotations

from datetime import date

from kancil.assessment.law.road import Stage, Step, in_order, roads

TODAY = date(2026, 5, 4)


def step(stage: Stage, due: str = "", done: str = "", subject: str = "Act", place: int = 0) -> Step:
    return Step(
        f"{subject}-{stage}-{place}",
        subject,
        stage,
        "Ministry",
        date.fromisoformat(due) if due else None,
        date.fromisoformat(done) if done else None,
        position=place,
    )


def test_steps_go_from_policy_to_entry_into_force_however_they_come() -> None:
    steps = [step(stage) for stage in reversed(Stage)]
    assert [each.stage for each in in_order(steps)] == list(Stage)
    assert [each.value for each in Stage] == [
        "policy", "bill", "committee", "adoption", "deposit", "entry-into-force",
    ]  # fmt: skip


def test_steps_of_one_stage_keep_their_own_order() -> None:
    steps = [step(Stage.COMMITTEE, place=2), step(Stage.COMMITTEE, place=1), step(Stage.BILL)]
    assert [each.position for each in in_order(steps)] == [0, 1, 2]


def test_the_next_step_is_the_first_that_is_not_done() -> None:
    (road,) = roads([step(Stage.ADOPTION), step(Stage.POLICY, done="2026-01-01")], TODAY)
    assert road.next is not None
    assert road.next.stage is Stage.ADOPTION
    assert not road.is_complete


def test_a_step_is_overdue_only_after_its_day_and_while_it_is_not_done() -> None:
    steps = [
        step(Stage.POLICY, due="2026-01-01", done="2026-02-01"),
        step(Stage.BILL, due="2026-05-03"),
        step(Stage.COMMITTEE, due="2026-05-04"),
        step(Stage.ADOPTION),
    ]
    (road,) = roads(steps, TODAY)
    assert [each.stage for each in road.overdue] == [Stage.BILL]


def test_a_step_done_before_an_earlier_stage_is_named() -> None:
    steps = [
        step(Stage.BILL, done="2026-03-01"),
        step(Stage.COMMITTEE, done="2026-03-01"),
        step(Stage.ADOPTION, done="2026-02-01"),
        step(Stage.DEPOSIT),
        step(Stage.ENTRY_INTO_FORCE, done="2026-04-01"),
    ]
    (road,) = roads(steps, TODAY)
    assert [each.stage for each in road.out_of_turn] == [Stage.ADOPTION, Stage.ENTRY_INTO_FORCE]


def test_a_road_is_in_force_only_by_a_step_that_says_so() -> None:
    adopted = [step(Stage.ADOPTION, done="2026-01-01")]
    (road,) = roads(adopted, TODAY)
    assert road.is_complete
    assert not road.is_in_force
    (road,) = roads([*adopted, step(Stage.ENTRY_INTO_FORCE, done="2026-03-01")], TODAY)
    assert road.is_in_force


def test_each_subject_has_a_road_of_its_own() -> None:
    steps = [
        step(Stage.BILL, subject="Treaty"),
        step(Stage.BILL),
        step(Stage.POLICY, subject="Treaty"),
    ]
    assert [(road.subject, len(road.steps)) for road in roads(steps, TODAY)] == [
        ("Treaty", 2), ("Act", 1),
    ]  # fmt: skip
    assert roads([], TODAY) == []
