"""A round with the country's own voice: comment, correction, evidence, replies, sign-off."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.flows.programme_site import Desk, Programme, founded
from tests.flows.test_assessment_by_command import CAPABILITY, PERIOD, team

pytestmark = pytest.mark.thorough

PEOPLE = {
    "olga": "programme-officer", "lea": "team-lead", "ann": "assessor", "bo": "assessor",
    "rex": "reviewer", "fay": "focal-point", "mia": "ministry",
}  # fmt: skip
ROUND = "A round"
OFFICIAL = ("--official", "The Secretary", "--office", "Ministry of Justice", "--on", "2026-06-30")


def test_two_assessors_a_reviewer_a_focal_point_and_a_ministry_do_a_whole_round(
    tmp_path: Path,
) -> None:
    programme = Programme()
    try:
        site = founded(Desk(programme, tmp_path / "site"), PEOPLE)
        site.ask("olga", "protocol", "keep", CAPABILITY)
        site.ask("olga", "round", "new", "XKA", ROUND, "--protocol", CAPABILITY, *PERIOD)
        team(site, ROUND)
        for who in ("ann", "bo"):
            site.ask(who, "answer", ROUND, "LF01", "1")
        (mine,) = site.ask("lea", "answers", ROUND, "LF01")
        site.ask("lea", "settle", ROUND, "LF01", "--agree", mine["answers"][0]["id"])
        site.ask("lea", "term", ROUND, "--until", "2099-01-31")
        said = spoken(site, tmp_path)
        answered(site, said)
        signed_and_closed(site, tmp_path)
    finally:
        programme.close()


def spoken(site: Desk, folder: Path) -> dict[str, str]:
    """The reviewer comments, the focal point corrects a fact, a ministry brings evidence."""
    decree = folder / "decree.txt"
    decree.write_text("The decree of May.", encoding="utf-8")
    found = {
        "rex": site.ask("rex", "comment", ROUND, "LF01", "--text", "A second source is missing"),
        "fay": site.ask(
            "fay", "comment", ROUND, "LF01", "--kind", "correction", "--text",
            "The decree was replaced in May", "--office", "Coordination office",
        ),
        "mia": site.ask(
            "mia", "comment", ROUND, "LF01", "--kind", "evidence", "--text", "The decree in force",
            "--office", "Ministry of Justice", "--title", "Decree of May", "--file", decree,
        ),
    }  # fmt: skip
    for who, count in (("lea", 3), ("bo", 3), ("rex", 3), ("fay", 2), ("mia", 2)):
        assert len(site.ask(who, "comments", ROUND)["comments"]) == count, who
    assert site.refused("ann", "comment", ROUND, "LF01", "--text", "x") == "act-not-yours"
    assert site.refused("mia", "reply", ROUND, found["rex"]["id"], "noted", "--text", "x") == (
        "act-not-yours"
    )
    assert site.refused("fay", "sign-off", ROUND, *OFFICIAL) == "comments-unanswered"
    return {who: each["id"] for who, each in found.items()}


def answered(site: Desk, said: dict[str, str]) -> None:
    """The team mends its answer, and replies to each."""
    (brought,) = site.ask("ann", "evidence", "list", ROUND)
    assert site.refused("ann", "answer", ROUND, "LF01", "2") == "indicator-settled"
    site.ask("ann", "settle", ROUND, "LF01", "--reopen", "--note", "The decree of May")
    for who in ("ann", "bo"):
        site.ask(who, "answer", ROUND, "LF01", "2", "--evidence", brought["id"])
    (now,) = site.ask("bo", "answers", ROUND, "LF01")
    site.ask("lea", "settle", ROUND, "LF01", "--agree", now["answers"][0]["id"])
    for who, outcome in (("rex", "noted"), ("fay", "corrected"), ("mia", "corrected")):
        site.ask("lea", "reply", ROUND, said[who], outcome, "--text", "Stage 2 stands now")
    comments = site.ask("fay", "comments", ROUND)["comments"]
    assert [each["changed_since"] for each in comments] == [True, True]
    assert {each["replies"][0]["by"] for each in comments} == {None}, "nobody of the team is named"
    assert site.ask("lea", "comments", ROUND, "--unanswered")["comments"] == []


def signed_and_closed(site: Desk, folder: Path) -> None:
    """The sign-off lapses with another answer, is given again, and the round closes with it."""
    assert "sign-off" not in kinds(site, "mia")
    site.ask("fay", "sign-off", ROUND, *OFFICIAL)
    assert site.refused("mia", "comment", ROUND, "LF01", "--text", "Late") == "round-signed-off"
    site.ask("ann", "answer", ROUND, "LF02", "1")
    assert "sign-off" in kinds(site, "fay")
    assert site.refused("lea", "round", "close", ROUND) == "sign-off-missing"
    assert site.refused("lea", "round", "close", ROUND, "--unsigned") == "term-not-passed"
    site.ask("fay", "sign-off", ROUND, *OFFICIAL)
    assert "close" in kinds(site, "lea")
    site.ask("lea", "round", "close", ROUND)
    assert site.refused("fay", "comment", ROUND, "LF01", "--text", "Too late") == "round-closed"
    (row,) = site.ask("fay", "round", "list")
    assert row["closed_as"] == "signed-off"
    for who, count, by in (("lea", 3, "Lea"), ("fay", 2, None)):
        file = folder / f"{who}.json"
        site.ask(who, "export", ROUND, "-o", file)
        whole = json.loads(file.read_text("utf-8"))
        assert len(whole["comments"]) == count, who
        assert whole["comments"][-1]["replies"][0]["by"] == by
        assert whole["comments"][-1]["evidence"][0]["title"] == "Decree of May"
        assert (whole["closed_as"], whole["sign_off"]["counts"]) == ("signed-off", True)


def kinds(site: Desk, who: str) -> set[str]:
    return {each["kind"] for each in site.ask(who, "due")}
