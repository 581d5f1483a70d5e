"""A whole assessment by command: a round, its disputes, law, plan and files, and a second round."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from kancil.assessment.answer_forms.sheet import read_sheet
from kancil.cli.assess.commands import ASSESS_COMMANDS
from kancil.cli.frame.figures import error_value
from tests.assessment.official.statute_files import split_by_command
from tests.flows.programme_site import Desk, Programme, founded
from tools.tree import ROOT

pytestmark = pytest.mark.thorough
CAPABILITY, LEGAL, THREAT = "capability-2026.2", "legal-2026.4", "threat-2026.1"
FIRST, SECOND = "First round", "Second round"
PEOPLE = {
    "olga": "programme-officer", "lea": "team-lead", "ann": "assessor", "bo": "assessor",
    "rex": "reviewer", "fay": "focal-point", "mia": "ministry", "don": "donor-reader",
}  # fmt: skip
SECRET = "SECRET-WORDS of two investigators"
PERIOD = ("--from", "2026-03-01", "--to", "2026-05-31")
KEYS = ("note.", "done.", "why.", "error.", "thing.")
ELSEWHERE = {"assess protocols", "assess check", "assess study"}  # They need no workspace.
ELSEWHERE |= {name for name in ASSESS_COMMANDS if name.startswith(("package ", "assess texts "))}


@dataclass(slots=True)
class World:
    """The site, and what the round was given before the tests."""

    site: Desk
    folder: Path
    round: str
    extract: str
    told: int = 0
    """How many chapters of the story were told."""


CHAPTERS: list[Callable[[World], None]] = []


def chapter(test: Callable[[World], None]) -> Callable[[World], None]:
    """Make a test a chapter of one story: whichever is asked for, those before it are told first.

    Each is told once, whatever is chosen and in whichever order.
    """
    CHAPTERS.append(test)
    place = len(CHAPTERS)

    @wraps(test)
    def told(world: World) -> None:
        while world.told < place:
            world.told += 1
            CHAPTERS[world.told - 1](world)

    return told


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A site with an invented country, its people and a round on three protocols."""
    folder = tmp_path_factory.mktemp("programme")
    programme = Programme()
    site = founded(Desk(programme, folder / "site"), PEOPLE)
    for name in (CAPABILITY, LEGAL, THREAT):
        site.ask("olga", "protocol", "keep", name)
    used = [word for name in (CAPABILITY, LEGAL, THREAT) for word in ("--protocol", name)]
    made = site.ask("olga", "round", "new", "XKA", FIRST, *used, *PERIOD)
    team(site, FIRST)
    text = folder / "article.txt"
    text.write_text("Whoever enters a computer without right …", encoding="utf-8")
    law = ("--law", "Computer Act", "--citation", "No. 3/2024", "--article", "4", "--text", text,
           "--language", "en", "--source", "Gazette")  # fmt: skip
    extract = site.ask("ann", "extract", "add", "XKA", *law)
    yield World(site, folder, made["id"], extract["id"])
    programme.close()


def team(site: Desk, round: str) -> None:
    words = ("--lead", "lea", "--assessor", "ann", "--assessor", "bo", "--reviewer", "rex")
    site.ask("olga", "team", round, *words)


def give(desk: Desk, who: str, indicator: str, *words: str, round: str = FIRST) -> str:
    return str(desk.ask(who, "answer", round, indicator, *words)["id"])


def figure(profile: dict[str, Any], of: str, id: str) -> dict[str, Any]:
    return next(each for each in profile["figures"] if (each["of"], each["id"]) == (of, id))


def profile(world: World, *words: str, who: str = "lea") -> dict[str, Any]:
    (found,) = world.site.ask(who, "score", FIRST, "--protocol", CAPABILITY, *words)
    return dict(found)


def standing(world: World, indicator: str, who: str = "lea") -> dict[str, Any]:
    (found,) = world.site.ask(who, "answers", FIRST, indicator)
    return dict(found)


@chapter
def test_commands_of_one_site_refuse_the_workspace_of_the_other(world: World) -> None:
    ran = world.site.run("ada", "case", "list")
    assert ran.status != 0
    assert "kancil assess" in ran.err
    (world.folder / "kancil.toml").write_text(
        (world.site.root / "kancil.toml").read_text("utf-8").replace('site = "programme"\n', ""),
        encoding="utf-8",
    )
    other = Desk(world.site.programme, world.folder)
    assert other.refused("ada", "person", "list") == "programme-site-needed"
    (world.folder / "kancil.toml").unlink()
    assert world.site.refused("nobody", "round", "list") == "person-not-found"
    assert world.site.refused("", "round", "list") == "account-not-named"


@chapter
def test_two_answer_on_their_own_record_a_dispute_and_settle_it(world: World) -> None:
    site = world.site
    report = world.folder / "report.txt"
    report.write_text("figures of the unit", encoding="utf-8")
    item = site.ask("ann", "evidence", "add", FIRST, report, "--title", "Report", "--grade", "a")
    rests = ("--evidence", item["id"])
    for name, value in {"DN01": "1", "DN02": "1", "DN03": "2", "DN04": "2", "DN05": "2"}.items():
        give(site, "ann", name, value, *rests, "--comment", f"of {name}")
    give(site, "bo", "DN03", "3", "--confidence", "high")
    give(site, "bo", "LF01", "--na", "there is no such law to look at")
    assert site.refused("ann", "answer", FIRST, "DN01", "9") == "answer-not-on-scale"
    assert site.refused("rex", "answer", FIRST, "DN01", "3") == "act-not-yours"
    now = standing(world, "DN03")
    assert (now["outcome"], now["answer"]) == ("disputed", None)
    note = ("--note", "we read the figures differently")
    assert site.refused("bo", "settle", FIRST, "DN03", "--dispute") == "reason-missing"
    site.ask("bo", "settle", FIRST, "DN03", "--dispute", *note)
    (bounds,) = [each for each in profile(world, "--what-if")["bounds"] if each["of"] == "area"]
    assert bounds["disputed"] == ["DN03"]
    hers = next(each["id"] for each in now["answers"] if each["given"]["value"] == 2)
    assert site.refused("ann", "settle", FIRST, "DN03", "--agree", hers) == (
        "settlement-needs-another"
    )
    site.ask("bo", "settle", FIRST, "DN03", "--agree", hers, "--note", "Ann is right")
    assert standing(world, "DN03")["outcome"] == "agreed"
    (owed,) = site.ask("ann", "progress", FIRST, "--protocol", CAPABILITY)
    dn = next(each for each in owed["areas"] if each["area"] == "dn")
    assert (dn["asked"], dn["answered"], dn["agreed"]) == (5, 5, 1)


@chapter
def test_every_figure_opens_to_the_answers_behind_it(world: World) -> None:
    whole = profile(world)
    found = figure(whole, "area", "dn")
    assert (found["basis"], found["error"]) == ("weighted-answers", error_value())
    # (2 × 1 + 2 × 1 + 2 + 2 + 2) / (7 × 4), all answered, all with a document of grade a.
    assert found["raw_percent"] == found["percent"] == "35.7"
    assert (found["coverage"], found["confirmed"]) == ("100.0", "100.0")
    assert (found["capped_by"], whole["intrusive_blocked_by"]) == ([], ["DN02"])
    assert [line["indicator"] for line in found["lines"]] == [
        "DN01",
        "DN02",
        "DN03",
        "DN04",
        "DN05",
    ]
    text = world.site.say("fay", "score", FIRST, "--protocol", CAPABILITY, "--lines")
    assert "DN04" in text
    assert "Intrusive help is blocked because of: DN02." in text


@chapter
def test_an_interview_is_seen_by_its_author_and_the_lead_alone(world: World) -> None:
    site = world.site
    notes = world.folder / "notes.txt"
    notes.write_text(SECRET, encoding="utf-8")
    held = site.ask(
        "ann", "interview", "add", FIRST, "--on", "2026-04-03", "--people", "2", "--group",
        SECRET, "--consent", "aloud, notes only", "--notes", notes, "--grade", "c",
    )  # fmt: skip
    give(site, "ann", "DN05", "2", "--evidence", held["evidence"])
    assert len(site.ask("lea", "interview", "list", FIRST)) == 1
    assert len(site.ask("ann", "interview", "list", FIRST)) == 1
    assert site.ask("bo", "interview", "list", FIRST) == []
    for who in ("rex", "fay"):
        assert site.refused(who, "interview", "list", FIRST) == "act-not-yours"
    for who in ("bo", "rex", "fay", "olga"):
        for words in (("evidence", "list", FIRST), ("answers", FIRST, "DN05"), ("score", FIRST)):
            assert SECRET not in str(site.ask(who, *words)), (who, words)
    own = site.ask("ann", "evidence", "add", FIRST, "--title", "A letter", "--grade", "a")
    site.ask("ann", "evidence", "withhold", FIRST, own["id"], "--reason", "given in confidence")
    give(site, "ann", "DN04", "2", "--evidence", own["id"])


@chapter
def test_a_signed_legal_matrix_is_a_draft_again_once_it_changes(world: World) -> None:
    site = world.site
    assert len(split_by_command(site.ask, world.folder)) == 2
    cited = site.ask("ann", "extract", "use", FIRST, world.extract)["id"]
    status = ("--as-of", "2026-03-01", "--source", "the depositary", "--signed", "2025-10-25")
    site.ask("ann", "status", "set", "XKA", "budapest", *status)
    parts = ("--part", "conduct=yes", "--part", "right=nk")
    give(site, "ann", "budapest.2", "3", *parts, "--evidence", cited)
    read = site.ask("lea", "matrix", FIRST)
    assert read["is_draft"] is True
    signs = ("--lawyer", "A. Lawyer", "--admitted", "Bar of Kasa, 2009", "--sha256")
    wrong = (*signs, "0" * 64, "--signed-on", "2026-03-02")
    assert site.refused("lea", "sign", FIRST, *wrong) == "matrix-moved"
    dated = ("--signed-on", "2026-03-02")
    site.ask("lea", "sign", FIRST, *signs, read["id"], *dated)
    signed = site.ask("fay", "matrix", FIRST)
    assert (signed["id"], signed["is_draft"]) == (read["id"], False)
    assert signed["signature"]["signed_on"] == "2026-03-02"
    paper = site.root.parent / "paper.html"
    said = site.say("lea", "matrix", FIRST, "--html", str(paper))
    assert "recorded that A. Lawyer, Bar of Kasa, 2009, signed this matrix on 2026-03-02" in said
    assert "Only the person who recorded it has checked" in said
    assert read["id"] in paper.read_text(encoding="utf-8")
    give(site, "ann", "budapest.3", "1", "--evidence", cited)
    again = site.ask("lea", "matrix", FIRST)
    assert again["is_draft"] is True
    assert [each["lawyer"] for each in again["earlier"]] == ["A. Lawyer"]
    step = ("--stage", "bill", "--owner", "Ministry of Justice", "--due", "2026-03-31")
    first = site.ask("ann", "road", "add", FIRST, "Computer Act", *step)["id"]
    site.ask("ann", "road", "add", FIRST, "Computer Act", "--stage", "adoption", "--owner", "House")
    assert site.ask("fay", "road", "list", FIRST)[0]["is_late"] is True
    site.ask("ann", "road", "done", FIRST, first, "--on", "2026-04-15")
    assert site.ask("fay", "road", "list", FIRST)[0]["is_late"] is False


@chapter
def test_an_answer_is_carried_to_the_treaty_that_asks_the_same(world: World) -> None:
    site = world.site
    carry = ("carry-over", FIRST, "--extract", world.extract)
    found = site.ask("ann", *carry)
    offers = {each["target"]: each["source"]["indicator"] for each in found["proposals"]}
    assert offers == {
        "uncc.7": "budapest.2", "uncc.8": "budapest.3",
    }  # fmt: skip
    assert found["answered"] == []
    near = [(each["bond"]["to"], each["bond"]["relation"]) for each in found["near"]]
    assert ("asean_2017.a", "related") in near
    said = site.say("ann", *carry)
    assert "Without --confirm nothing is answered" in said
    assert len(site.ask("ann", *carry, "--confirm")["answered"]) == 2
    assert site.ask("ann", *carry)["proposals"] == []
    assert site.ask("bo", "carry-over", FIRST)["proposals"] == []
    give(site, "ann", "budapest.3", "2")
    assert [each["indicator"] for each in site.ask("ann", *carry)["changed"]] == ["uncc.8"]
    assert "Its source was changed on" in site.say("ann", *carry)
    for who in ("rex", "fay", "olga"):
        assert site.refused(who, "carry-over", FIRST) == "act-not-yours"


def gaps(world: World) -> list[dict[str, Any]]:
    found = world.site.ask("lea", "plan", FIRST, "--protocol", CAPABILITY)["gaps"][CAPABILITY]
    return [each for each in found if each["current"] is not None]


@chapter
def test_a_grave_threat_and_the_countrys_choice_order_the_plan(world: World) -> None:
    site = world.site
    before = [each["id"] for each in gaps(world)]
    assert before == ["DN02", "DN01", "DN03", "DN04", "DN05"]
    grave = ("--part", "prevalence=4", "--part", "impact=5", "--part", "trend=rising")
    give(site, "bo", "ransomware", *grave)
    ordered = gaps(world)
    assert [each["id"] for each in ordered] == ["DN02", "DN04", "DN05", "DN01", "DN03"]
    assert any(each["key"] == "why.gap-threats" for each in ordered[1]["reasons"])
    site.ask("fay", "gap", "choose", FIRST, "DN03", "first", "--reason", "officers were hurt")
    ready = ("--target", "4", "--feasibility", "ready")
    site.ask("lea", "gap", "target", FIRST, "DN03", *ready)
    first = gaps(world)[0]
    assert (first["id"], first["target"], first["wish"]["feasibility"]) == ("DN03", 4, "ready")


def item(world: World, title: str, assistance: str, *words: str) -> str:
    made = world.site.ask(
        "lea", "plan-item", "add", FIRST, title, "--assistance", assistance, "--owner", "Police",
        "--success", "It is seen", *words,
    )  # fmt: skip
    return str(made["id"])


def obstacles(world: World, id: str) -> list[str]:
    items = world.site.ask("olga", "plan", FIRST, "--protocol", CAPABILITY)["items"]
    return [each["key"] for one in items if one["id"] == id for each in one["obstacles"]]


@chapter
def test_what_stands_in_the_way_of_an_item_is_named_and_holds_it(world: World) -> None:
    site = world.site
    cost = ("--cost", "12000.50", "--currency", "EUR", "--months", "6")
    why = ("--not-forces", "It is for prosecutors and the ministry")
    unsaid = item(world, "Unsaid", "sop_development", "--indicator", "DN02")
    assert obstacles(world, unsaid) == ["why.plan-forces-unsaid"]
    assert site.refused("olga", "plan-item", "approve", FIRST, unsaid) == "plan-item-blocked"
    advanced = ("Advanced training", "training_advanced", "--indicator", "DN01")
    intrusive = item(world, *advanced, *cost, *why)
    assert obstacles(world, intrusive) == [
        "why.plan-intrusive-blocked", "why.plan-intrusive-until",
    ]  # fmt: skip
    assert site.refused("olga", "plan-item", "approve", FIRST, intrusive) == "plan-item-blocked"
    mild = item(
        world, "Rules for test purchases", "sop_development", "--indicator", "DN02", "--concept",
        "safeguards", *why,
    )  # fmt: skip
    assert site.refused("lea", "plan-item", "approve", FIRST, mild) == "act-not-yours"
    site.ask("olga", "plan-item", "approve", FIRST, mild)
    site.ask("olga", "plan-item", "approve", FIRST, intrusive)
    police = item(world, "Mentors", "mentoring", "--indicator", "DN01", "--security-forces")
    assert obstacles(world, police) == ["why.plan-no-due-diligence"]
    assert site.refused("olga", "plan-item", "approve", FIRST, police) == "plan-item-blocked"
    site.ask(
        "lea", "diligence", "add", FIRST, police, "--risk", "misuse", "--mitigation", "vetting",
        "--decision", "proceed-with-conditions", "--decided-by", "Committee", "--review",
        "2099-01-31",
    )  # fmt: skip
    site.ask("olga", "plan-item", "approve", FIRST, police)
    site.ask("lea", "plan-item", "done", FIRST, mild, "--outcome", "in force")
    other = item(world, "Study visit", "study_visit", "--indicator", "DN05")
    site.ask("fay", "plan-item", "reject", FIRST, other, "--reason", "not this year")
    states = {each["id"]: each["state"] for each in site.ask("fay", "plan", FIRST)["items"]}
    assert [states[each] for each in (intrusive, mild, police, other)] == [
        "approved", "done", "approved", "rejected",
    ]  # fmt: skip


@chapter
def test_the_board_says_who_meets_and_what_is_open(world: World) -> None:
    site = world.site
    council = ("--sector", "law-enforcement", "--responsible", "Police")
    body = site.ask("olga", "board", "add", "XKA", "Cyber council", *council, "--every", "3")["id"]
    site.ask("olga", "board", "met", "XKA", body, "--on", "2026-04-15")
    matter = site.ask(
        "olga", "matter", "add", "XKA", body, "The network point", "--owner", "Police"
    )
    (row,) = site.ask("fay", "board", "show", "XKA")
    assert (row["sector"], row["next_due_on"]) == ("law_enforcement", "2026-07-15")
    site.ask("olga", "matter", "close", "XKA", matter["id"], "--on", "2026-05-01")
    assert site.ask("fay", "board", "show", "XKA")[0]["matters"][0]["closed_on"] == "2026-05-01"
    site.ask("fay", "board", "met", "XKA", body, "--on", "2026-05-02")
    assert site.ask("olga", "board", "show", "XKA")[0]["last_met_on"] == "2026-05-02"


def answered(form: Path, folder: Path) -> Path:
    """Fill a form in as ODK would send it back: its own names as columns."""
    sheet = read_sheet(form.read_bytes(), str(form), lambda _: True)
    at = {name: place for place, name in enumerate(sheet.columns)}
    rows = [
        {name: row.cells[place].text for name, place in at.items() if place in row.cells}
        for row in sheet.rows
    ]
    names = [row["name"] for row in rows if row["type"].split()[0] not in ("begin_group", "note")]
    said = {
        row["name"]: row["calculation"].strip("'") for row in rows if row["type"] == "calculate"
    }
    said |= {
        "assessor": "Bo", "DN01": "1", "DN01__confidence": "high", "DN01__comment": "=by form",
        "DN02": "seven", "DN05": "na", "DN05__why": "none is asked for", "DN05__confidence": "low",
        "DN03": "2", "DN03__confidence": "low", "DN03__evidence": SECRET, "DN03__grade": "b",
    }  # fmt: skip
    path = folder / "answers.csv"
    columns = [*(f"dn/{name}" for name in names if name in said), "SubmissionDate", "KEY", "note"]
    values = [*(said[name] for name in names if name in said)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerow([*values, "2026-04-09T07:00:00.000Z", "uuid:1", "x"])
    return path


@chapter
def test_answers_of_a_form_come_back(world: World) -> None:
    site, form = world.site, world.folder / "form.xlsx"
    site.ask("bo", "xlsform", CAPABILITY, "-o", form, "--area", "dn")
    path = answered(form, world.folder)
    words = ("import", FIRST, path, "--of", "bo", "--protocol", CAPABILITY)
    brought = site.ask("lea", *words)
    assert len(brought["added"]) == 3
    assert brought["conflicts"] == [[CAPABILITY, "DN03"]]  # Bo had answered it at the desk
    assert brought["extra_columns"] == ["note"]
    codes = [each["code"] for each in brought["skipped"]]
    assert codes == ["sheet-cell", "sheet-interview-words"]
    assert SECRET not in str(site.ask("bo", "evidence", "list", FIRST))
    give(site, "bo", "DN03", "2", "--comment", "read again")
    now = standing(world, "DN01")
    assert (now["outcome"], len(now["answers"])) == ("agreed", 2)
    again = site.ask("lea", *words)
    assert (again["added"], again["known"]) == ([], 3)


def laptop(world: World) -> Desk:
    """Make a second installation on which Bo answers the same round."""
    desk = founded(Desk(world.site.programme, world.folder / "laptop"), {"lin": "team-lead"})
    desk.ask("ada", "person", "add", "bo", "--name", "Bo", "--role", "assessor")
    desk.ask("ada", "protocol", "keep", CAPABILITY)
    same = ("--protocol", CAPABILITY, *PERIOD, "--id", world.round)
    desk.ask("lin", "round", "new", "XKA", FIRST, *same)
    desk.ask("lin", "team", FIRST, "--lead", "lin", "--assessor", "bo")
    return desk


@chapter
def test_two_machines_merge_and_lose_neither_sides_words(world: World) -> None:
    site, desk = world.site, laptop(world)
    key, file = world.folder / "bo.kancil-key", world.folder / "bo.kancil-answers"
    notes = world.folder / "laptop-notes.txt"
    notes.write_text(SECRET, encoding="utf-8")
    held = desk.ask(
        "bo", "interview", "add", FIRST, "--on", "2026-04-04", "--people", "1", "--group",
        SECRET, "--consent", "aloud", "--notes", notes, "--grade", "c",
    )  # fmt: skip
    give(desk, "bo", "DN04", "1", "--comment", "first on the road")
    give(desk, "bo", "DN04", "3", "--comment", "on the road", "--evidence", held["evidence"])
    give(site, "bo", "DN04", "1", "--comment", "at the desk")
    told = desk.ask("bo", "key", "export", "-o", key)["id"]
    packed = desk.ask("bo", "pack", FIRST, "-o", file, "--audience", "own")
    assert (packed["answers"], packed["left_out"]) == (2, 0)
    assert site.refused("fay", "merge", FIRST, file) == "act-not-yours"
    assert site.refused("bo", "merge", FIRST, file) == "answers-key-unknown"
    compared = ("--compared", "read aloud", "--fingerprint")
    assert site.refused("lea", "key", "add", "bo", key, *compared, "x") == "field-not-usable"
    site.ask("lea", "key", "add", "bo", key, *compared, told)
    broken = world.folder / "cut.kancil-answers"
    broken.write_bytes(file.read_bytes()[:-90])
    assert site.refused("bo", "merge", FIRST, broken) == "answers-file-broken"
    merged = site.ask("bo", "merge", FIRST, file)
    assert (len(merged["added"]), merged["conflicts"]) == (2, [[CAPABILITY, "DN04"]])
    assert SECRET not in str(site.ask("bo", "evidence", "list", FIRST))
    (conflict,) = site.ask("lea", "conflicts", FIRST)
    both = {each["comment"] for each in conflict["answers"]}
    assert both == {"on the road", "at the desk"}
    assert site.ask("bo", "merge", FIRST, file)["known"] == 2
    give(site, "bo", "DN04", "2", "--comment", "both looked at")
    assert site.ask("lea", "conflicts", FIRST) == []
    assert [each["username"] for each in site.ask("lea", "key", "list")] == ["bo"]
    site.ask("lea", "key", "end", told)
    assert site.refused("bo", "merge", FIRST, file) == "answers-key-unknown"


def script() -> str:
    page = (ROOT / "docs" / "formats" / "assessment-export.md").read_text("utf-8")
    found = re.search(r"```python\n(.*?)```", page, re.S)
    assert found is not None
    return found[1]


@chapter
def test_the_export_has_no_interview_and_its_figures_come_out_again(world: World) -> None:
    for who in ("lea", "fay"):
        exported_well(world, who)


def exported_well(world: World, who: str) -> None:
    site = world.site
    file, team_file = world.folder / f"{who}.json", world.folder / f"{who}.kancil-answers"
    site.ask(who, "export", FIRST, "-o", file)
    text = file.read_text("utf-8")
    assert SECRET not in text
    assert '"kind":"interview"' not in text
    assert "A letter" not in text
    book = world.folder / f"{who}.xlsx"
    site.ask(who, "export", FIRST, "--xlsx", "-o", book)
    cells = [str(cell.value) for sheet in load_workbook(book) for row in sheet.rows for cell in row]
    assert "DN02" in cells
    assert not any(SECRET in each or "A letter" in each for each in cells)
    again = world.folder / "again.py"
    again.write_text(script(), encoding="utf-8")
    command: list[str | Path] = [sys.executable, "-I", again, file]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    shown = figure(profile(world, who=who), "area", "dn")
    line = (CAPABILITY, "area", "dn", shown["percent"], shown["coverage"], shown["confirmed"])
    assert " ".join(line) in ran.stdout.splitlines()
    if who == "fay":
        assert site.refused("fay", "pack", FIRST, "-o", team_file, "--audience", "own") == (
            "act-not-yours"
        )
        return
    packed = site.ask("ann", "pack", FIRST, "-o", team_file, "--audience", "team")
    assert packed["left_out"] == 1
    assert SECRET not in team_file.read_text("utf-8")


@chapter
def test_a_second_round_says_what_moved_and_on_what_evidence(world: World) -> None:
    site = world.site
    used = ("--protocol", CAPABILITY, "--from", "2027-03-01", "--to", "2027-05-31")
    site.ask("olga", "round", "new", "XKA", SECOND, *used, "--older", FIRST)
    team(site, SECOND)
    added = site.ask("ann", "evidence", "add", SECOND, "--title", "New rules", "--grade", "a")
    for name, value in {"DN01": "1", "DN03": "3", "DN04": "2", "DN05": "2"}.items():
        give(site, "ann", name, value, round=SECOND)
    give(site, "ann", "DN02", "3", "--evidence", added["id"], round=SECOND)
    (found,) = site.ask("fay", "compare", SECOND, FIRST)
    moved = {each["indicator"]: each for each in found["indicators"]}
    assert moved["DN02"]["move"] == "up"
    assert [each["title"] for each in moved["DN02"]["evidence_added"]] == ["New rules"]
    assert (moved["DN03"]["move"], moved["DN03"]["moved_without_evidence"]) == ("up", True)
    shown = site.run("fay", "assess", "compare", SECOND, FIRST).out
    assert "no new evidence that may be shown" in shown
    shown = site.run("lea", "assess", "compare", SECOND, FIRST).out
    assert ("no new evidence" in shown, "may be shown" in shown) == (True, False)
    dn = next(each for each in found["figures"] if (each["of"], each["id"]) == ("area", "dn"))
    assert (dn["before"], dn["now"]) != (None, None)
    assert (dn["basis"], dn["error"]) == ("questions-in-both-rounds", error_value())
    out = world.folder / "second.json"
    site.ask("olga", "export", SECOND, "-o", out)
    assert '"move":"up"' in out.read_text("utf-8")


@chapter
def test_only_what_a_named_official_released_is_read_by_a_donor(world: World) -> None:
    site = world.site
    brief = world.folder / "brief.txt"
    brief.write_text("Two pages", encoding="utf-8")
    asked = ("release", FIRST, "brief", "--file", brief, "--official", "A. Official")
    more = ("--office", "Secretary", "--on", "2026-06-30", "--consent", "Letter 12")
    assert site.refused("fay", *asked, *more) == "field-not-usable"
    brief.write_text("<!doctype html><p>Two pages</p>", encoding="utf-8")
    by: tuple[str | Path, ...] = ("--official", "A. Official", "--office", "Secretary")
    by += ("--on", "2026-06-30")
    assert site.refused("fay", *asked, *more[:4], "--consent", " ") == "field-not-usable"
    by += ("--consent", "Letter 12", "--consent-file", brief)
    assert site.ask("don", "released") == []
    assert site.refused("don", "score", FIRST) == "round-not-found"
    id = site.ask("fay", "release", FIRST, "brief", "--file", brief, *by)["id"]
    site.ask("fay", "release", FIRST, "comparison", "--protocol", CAPABILITY, *by)
    assert {each["document"] for each in site.ask("don", "released")} == {"brief", "comparison"}
    site.ask("fay", "withdraw", FIRST, id, "--reason", "a figure was wrong")
    assert [each["document"] for each in site.ask("don", "released")] == ["comparison"]


@chapter
def test_the_lists_are_told_in_words_and_a_closed_round_takes_no_answer(world: World) -> None:
    site = world.site
    site.ask("olga", "respondent", "add", FIRST, "Ministry of Justice", "--sector", "justice")
    for words in (
        ("person", "list"), ("country", "list"), ("round", "list"), ("round", "show", FIRST),
        ("progress", FIRST), ("answers", FIRST), ("evidence", "list", FIRST),
        ("extract", "list", "XKA"), ("status", "list", "XKA"), ("matrix", FIRST),
        ("road", "list", FIRST), ("plan", FIRST), ("board", "show", "XKA"), ("key", "list"),
        ("score", FIRST, "--what-if"), ("compare", SECOND, FIRST), ("conflicts", FIRST),
        ("released",),
    ):  # fmt: skip
        text = site.say("olga", *words)
        assert not [word for word in text.split() if word.startswith(KEYS)], words
        answer = site.ask("olga", *words)
        rows = answer if isinstance(answer, list) else [answer]
        assert all(row["id"] for row in rows), words
    assert site.say("lea", "interview", "list", FIRST).count(SECRET) == 2
    brief, region = world.folder / "brief.html", world.folder / "region.html"
    kind = ("--kind", "brief", "--format", "html")
    headline = ("narrative", "write", FIRST, "headline", "--text")
    first = site.ask("lea", *headline, "The law is ready.")["id"]
    assert site.refused("olga", *headline, "The law is late.") == "text-moved"
    site.ask("olga", *headline, "The law is late.", "--follows", first)
    assert site.refused("lea", *headline, "x" * 200, "--follows", first) == "text-too-long"
    listed = site.ask("fay", "narrative", "list", FIRST)
    assert [one["text"] for each in listed for one in each["texts"]] == ["The law is late."]
    assert "Written by Olga" in site.say("fay", "narrative", "list", FIRST)
    made = site.ask("olga", "report", FIRST, *kind, "-o", brief)
    assert b"The law is late." in brief.read_bytes()
    assert sha256(brief.read_bytes()).hexdigest() in made.values()
    assert SECRET.encode() not in brief.read_bytes()
    assert site.refused("olga", "report", FIRST, *kind, "-o", brief) == "file-exists"
    site.ask("olga", "region", "--format", "html", "-o", region)
    assert b"Kasa" in region.read_bytes()
    khmer = ("--format", "html", "--language", "km", "-o", world.folder / "km.html")
    # A language that words or protocol do not have is offered nowhere.
    assert site.refused("olga", "region", *khmer) == "option-not-usable"
    unknown = ("--format", "html", "--language", "xx", "-o", world.folder / "xx.html")
    assert site.refused("olga", "region", *unknown) == "option-not-usable"
    assert site.refused("olga", "report", FIRST, *unknown) == "option-not-usable"
    site.ask("lea", "term", FIRST, "--until", "2099-01-31")
    told = site.ask("mia", "comment", FIRST, "DN01", "--text", "Not so", "--office", "Ministry")
    assert site.refused("lea", "round", "close", FIRST) == "comments-unanswered"
    site.ask("lea", "reply", FIRST, told["id"], "noted", "--text", "Read")
    assert site.refused("lea", "round", "close", FIRST) == "sign-off-missing"
    official = ("--official", "A. Official", "--office", "Secretary", "--on", "2026-06-30")
    site.ask("fay", "sign-off", FIRST, *official)
    due, ics = site.ask("lea", "due", "--ics", world.folder / "due.ics"), world.folder / "due.ics"
    assert "close" in {each["kind"] for each in due}
    assert ics.read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert "2099-01-31" in site.say("lea", "comments", FIRST)
    site.ask("lea", "round", "close", FIRST)
    assert site.refused("ann", "answer", FIRST, "DN01", "3") == "round-closed"
    site.ask("ada", "person", "factors", "ann", "--reason", "telephone lost")
    assert set(ASSESS_COMMANDS) - ELSEWHERE <= site.programme.ran
