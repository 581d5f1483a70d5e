"""Two rounds of one country beside each other: what moved, why, and what cannot be told."""

from __future__ import annotations

from datetime import date
from html import escape

from tests.web.programme.opening import empty_round, study_round
from tests.web.programme.reading import got, refused, tables
from tests.web.programme.served import FIRST, SECOND, ProgrammeSite
from tools.sample_programme import CAPABILITY, STUDY, THREAT


def address(round: str, protocol: str = CAPABILITY, older: str = "") -> str:
    return f"/rounds/{round}/{protocol}/compare/" + (f"?compared_round={older}" if older else "")


def test_a_round_is_compared_with_its_older_one(programme: ProgrammeSite) -> None:
    from kancil.assessment.comparing import Move
    from kancil.desk.assessment.queries.answers import compare_rounds

    text = got(programme, "olga", address(programme.second))
    assert f"{FIRST} (2025-02-03" in text
    assert f"{SECOND} (2026-03-02" in text
    older, newer = (programme.sight("olga", one) for one in (programme.first, programme.second))
    found = compare_rounds(newer, older, CAPABILITY)
    assert found is not None
    moves = [row for rows in tables(text) for row in rows if "Went up" in row]
    up = [each.indicator for each in found.indicators if each.move is Move.UP]
    assert len(up) > 5
    for name in up:
        assert sum(row.startswith(f"{name} ") for row in moves) == 1
    assert "Moved without new evidence" in text
    same = sum(each.move is Move.SAME for each in found.indicators)
    assert any(row == f"Same as before {same}" for rows in tables(text) for row in rows)
    assert text.count("<svg") == 4


def test_new_evidence_is_named_with_what_it_moved_and_withheld_from_the_country(
    programme: ProgrammeSite,
) -> None:
    from kancil.assessment.answer import Given, Kind
    from kancil.desk.assessment.actions.answers import agree, give_answer
    from kancil.desk.assessment.actions.evidence import add_evidence, withhold_evidence
    from kancil.desk.assessment.queries.answers import own_latest, settled

    by = programme.people["ann"]
    about = {"round": programme.second, "protocol": CAPABILITY, "indicator": "LF02"}
    before = settled(programme.sight("olga", programme.first), CAPABILITY)["LF02"].answer
    assert before is not None
    assert before.given is not None
    value = 3 if before.given.value != 3 else 2
    added = [
        add_evidence(by=by, round=programme.second, grade="a", kind="document", title=title)
        for title in ("Gazette <b>41</b>", "Secret budget")
    ]
    withhold_evidence(by=by, round=programme.second, evidence=added[1], reason="Confidential")
    own = own_latest(programme.sight("ann"), CAPABILITY, "LF02")
    id = give_answer(
        by=by, **about, given=Given(Kind.VALUE, value), parts={}, confidence=own[-1].confidence,
        comment="", evidence=added, follows=own[-1].id,
    )  # fmt: skip
    agree(by=programme.people["lea"], **about, answer=id, note="We read it together")
    there = address(programme.second)
    row = _row(programme, "olga", there, "LF02")
    assert "Gazette" in row
    assert "Secret budget" in row
    answer = programme.client("olga").get(there).content.decode()
    assert "Gazette <b>" not in answer
    assert escape("Gazette <b>41</b>") in answer
    row = _row(programme, "fay", there, "LF02")
    assert "Gazette" in row
    assert "Withheld" in row
    assert "Secret budget" not in got(programme, "fay", there)


def _row(programme: ProgrammeSite, name: str, there: str, indicator: str) -> str:
    rows = [row for each in tables(got(programme, name, there)) for row in each]
    return next(row for row in rows if row.startswith(f"{indicator} "))


def test_another_round_of_the_country_can_be_chosen_and_none_of_another(
    programme: ProgrammeSite,
) -> None:
    third = empty_round(programme, [CAPABILITY])
    text = got(programme, "olga", address(third))
    assert "Compare with another round" in text
    text = got(programme, "olga", address(third, older=programme.first))
    assert f"{FIRST} (2025-02-03" in text
    assert "No longer known" in text
    for wrong in (programme.bola, third, "none", "<script>"):
        text = got(programme, "olga", address(third, older=wrong))
        assert "then and now" not in text
        assert "No longer known" not in text
        assert "Compare with another round" in text


def test_what_cannot_be_compared_is_said_and_not_guessed(programme: ProgrammeSite) -> None:
    round = study_round(programme, "XKA", {"L03": "yes"})
    text = got(programme, "olga", address(round, STUDY))
    assert "cannot be compared on this protocol" in text
    assert "<svg" not in text
    alone = got(programme, "olga", address(programme.bola))
    assert "no other round of this country" in alone
    later = study_round(
        programme, "XKA", {"L03": "no"}, title="Later",
        period=(date(2026, 7, 1), date(2026, 7, 31)),
    )  # fmt: skip
    text = got(programme, "olga", address(later, STUDY, round))
    assert "Changed" in text
    assert "<svg" not in text, "nothing is scored in a study"


def test_only_rounds_that_they_see_are_compared(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.actions.rounds import Member, set_team
    from kancil.desk.assessment.queries.site import Part

    third = empty_round(programme, [CAPABILITY])
    out = programme.people["out"]
    team = [Member(out.pk, Part.ASSESSOR), Member(programme.people["lea"].pk, Part.LEAD)]
    set_team(by=programme.people["olga"], round=third, members=team)
    assert "no other round of this country" in got(programme, "out", address(third))
    asked = address(third, older=programme.first)
    assert FIRST not in got(programme, "out", asked)
    for name in ("far", "don", "ada"):
        refused(programme, name, address(programme.second))
    threats = got(programme, "fay", address(programme.second, THREAT))
    assert "How often was it met in the last 12 months?: 2 · Isolated" in threats, (
        "parts that moved"
    )


def test_what_waits_for_their_own_answer_is_told_neither_as_moved_nor_as_the_same(
    programme: ProgrammeSite,
) -> None:
    from kancil.assessment.answer import Given, Kind
    from kancil.desk.assessment.actions.answers import give_answer
    from kancil.desk.assessment.queries.answers import own_latest, settled

    older, newer = (
        settled(programme.sight("ann", one), CAPABILITY)
        for one in (programme.first, programme.second)
    )
    ann = programme.people["ann"]
    then = {
        name: each.answer.given.value
        for name, each in older.items()
        if each.answer is not None and each.answer.given is not None
    }
    waiting = {
        name: value
        for name, each in newer.items()
        if {one.by for one in each.answers} == {str(ann.pk)}
        and isinstance(value := then.get(name), int)
    }
    assert waiting
    there = address(programme.first, older=programme.second)
    seen = []
    for away in (0, 1):
        for name, value in waiting.items():
            own = own_latest(programme.sight("ann"), CAPABILITY, name)
            give_answer(
                by=ann, round=programme.second, protocol=CAPABILITY, indicator=name,
                given=Given(Kind.VALUE, (value + away) % 4), parts={},
                confidence=own[-1].confidence, comment="", evidence=[], follows=own[-1].id,
            )  # fmt: skip
        found = tables(got(programme, "bo", there))
        moves = next(rows for rows in found if any("Waiting for your own" in row for row in rows))
        counts = next(rows for rows in found if any("Same as before" in row for row in rows))
        seen.append((moves, counts))
        for name in waiting:
            assert sum(row.startswith(f"{name} ") for row in moves) == 1
    assert seen[0] == seen[1]
