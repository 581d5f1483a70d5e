"""A class day in a browser: joined, worked, marked, corrected, certified, counted.

Five trainees work one lab with the unit's own pages, each to another depth; a judge rules on
evidence at the width of a telephone. Marks are held against the craft's, computed from what was
typed and from the ledger.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from kancil.training.marking.mark import machine_marked
from kancil.training.marking.marks import Marked, TrainerMarks, points_text
from tests.cli.running import run as command
from tests.cli.running import spawn
from tests.flows.class_room import (
    Attempt,
    LabRun,
    Room,
    TrainingClass,
    Variant,
    answers,
    begins,
    follows,
    hands_in,
    joins,
    pictures,
    room_served,
    solved,
    takes_in,
)
from tests.flows.workbench import Served, signed_in
from tests.web.test_serving import ask, begun

pytestmark = pytest.mark.thorough

FULL, NAIVE, HALF, ACCUSER, EMPTY, JUDGE = "anong", "binh", "chan", "dao", "emi", "jude"
HALF_ANSWERS = (
    "payment-address", "payment-amount", "payment-time", "block-digest", "path", "deposit-address",
)  # fmt: skip
EXPLAINED = "The coins went to a deposit address; who holds the account the exchange can say."
SMALL_KNOBS = {"lab_hops": "3", "lab_decoys": "1", "lab_missing": "0", "lab_noise": "250"}


@dataclass
class Day:
    """What a class day has come to."""

    room: Room
    browser: Browser
    folder: Path
    typed: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def served(self) -> Served:
        return self.room.served

    @contextmanager
    def of(self, name: str, width: int = 1280) -> Iterator[Page]:
        with signed_in(self.browser, self.served, name, width=width) as page:
            yield page

    def variant(self, name: str, lab: str = "ransom-payment") -> Variant:
        return self.room.variant(LabRun.objects.get(lab=lab).id, name)

    def marked(self, name: str, texts: TrainerMarks | None = None) -> Marked:
        return self.room.marked(self.variant(name), self.typed[name], texts)


def opens_class(day: Day, page: Page, title: str) -> str:
    """Open a class by the page, with a key file that the page makes; gives its join code."""
    page.goto(f"{day.served.address}/training/classes/new/")
    if not day.room.key_file.exists():
        with page.expect_download() as download:
            page.click("main form:has([value=make-key]) button[type=submit]")
        download.value.save_as(day.room.key_file)
    page.fill("[name=class_title]", title)
    page.fill("[name=class_begins]", "2026-01-05")
    page.fill("[name=class_ends]", "2026-01-09")
    page.set_input_files("[name=class_key_file]", day.room.key_file)
    page.click("main form:has([value=open-class]) button[type=submit]")
    page.wait_for_load_state()
    made = TrainingClass.objects.get(title=title)
    assert page.url.endswith(f"/training/classes/{made.id}/")
    return made.join_code or ""


def gives_lab(day: Day, page: Page, title: str, lab: str) -> str:
    """Give a class a lab by the page; its variants are made; gives the run."""
    made = TrainingClass.objects.get(title=title)
    page.goto(f"{day.served.address}/training/classes/{made.id}/labs/new/")
    page.select_option("[name=lab_name]", lab)
    for name, value in (
        ("lab_opens_0", "2026-01-01"), ("lab_opens_1", "08:00"),
        ("lab_closes_0", "2099-01-01"), ("lab_closes_1", "17:00"),
    ):  # fmt: skip
        page.fill(f"[name={name}]", value)
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    for name, value in SMALL_KNOBS.items():
        page.fill(f"[name={name}]", value)
    page.click("main form:has([value=give-lab]) button[type=submit]")
    page.wait_for_url("**/training/runs/**")
    day.room.work()
    return LabRun.objects.get(training_class=made).id


def five_work(day: Day, run: str) -> None:
    """Each of the five to another depth, with the unit's own pages."""
    right = solved(day.room.folder(day.variant(FULL)))
    day.typed[FULL] = {**right, "explain": EXPLAINED}
    day.typed[NAIVE] = solved(day.room.folder(day.variant(NAIVE)), naive=True)
    for name in (HALF, ACCUSER):
        values = {each.question: each.value for each in day.room.key(day.variant(name)).expected}
        day.typed[name] = {each: values[each] for each in HALF_ANSWERS}
        off = datetime.fromisoformat(str(values["payment-time"])) + timedelta(hours=6)
        day.typed[name]["payment-time"] = off.isoformat()
    (account,) = [e for e in day.room.key(day.variant(ACCUSER)).expected if e.question == "account"]
    day.typed[ACCUSER]["account"] = [next(iter(account.accusations))]
    day.typed[EMPTY] = {}
    for name, pieces in ((FULL, None), (NAIVE, 2), (HALF, 2), (ACCUSER, 1), (EMPTY, 0)):
        with day.of(name) as page:
            if name == FULL:
                pictures(page, "home-of-trainee")
            begins(page, day.served, run)
            if pieces != 0:
                case = takes_in(page, day.room, run, pieces)
            if name == FULL:
                follows(page, day.room, case, right["path"][0])
            manifest = day.room.manifest(day.variant(name))
            answers(page, day.served, run, manifest, day.typed[name])
            if name == FULL:
                pictures(page, "lab")
            if name != HALF:
                hands_in(page, day.served, run)
    with day.of("tess") as page:
        of = LabRun.objects.get(id=run).training_class
        page.goto(f"{day.served.address}/training/classes/{of.id}/board/")
        told = page.inner_text("main")
        assert told.lower().count("handed in") >= 4, told
        pictures(page, "board")
        page.goto(f"{day.served.address}/training/classes/{of.id}/")
        pictures(page, "class")
    with day.of(HALF) as page:
        hands_in(page, day.served, run)


def marks_all(day: Day, page: Page, run: str) -> None:
    page.goto(f"{day.served.address}/training/runs/{run}/")
    form = page.locator("main form:has([name=do][value=mark-all])")
    form.locator("[name=trainer_key]").set_input_files(day.room.key_file)
    form.locator("button[type=submit]").click()
    page.wait_for_load_state()


def marks_text(day: Day, page: Page) -> TrainerMarks:
    """All points of the rubric for the one text; gives them as the craft takes them."""
    page.click("main a[href$='/texts/']")
    page.wait_for_load_state()
    given: dict[str, int] = {}
    for each in page.query_selector_all("main [name^=line-]"):
        most = int(each.get_attribute("max") or "")
        each.fill(str(most))
        given[str(each.get_attribute("name")).removeprefix("line-")] = most
    page.fill("[name=text_comment]", "Clear, and it states its limits.")
    page.click("main button[type=submit].main")
    page.wait_for_url("**/training/runs/**")
    return TrainerMarks({"explain": given}, {"explain": "Clear, and it states its limits."})


def shown_marks(day: Day, page: Page, name: str) -> str:
    """The page of a trainee's marks, as the trainee reads it."""
    attempt = Attempt.objects.get(variant=day.variant(name))
    page.goto(f"{day.served.address}/training/attempts/{attempt.id}/marks/")
    return page.inner_text("main")


def marks_are_right(day: Day, texts: TrainerMarks) -> None:
    """Every trainee reads what the craft computes; the depths earn as they should."""
    found = {
        name: day.marked(name, texts if name == FULL else None)
        for name in (FULL, NAIVE, HALF, ACCUSER, EMPTY)
    }
    assert found[FULL].earned_hundredths == 100 * found[FULL].points
    earned, of = machine_marked(
        found[NAIVE], day.room.manifest(day.variant(NAIVE)).questions
    )  # fmt: skip
    assert earned < 60 * of, "taking the first hit earns under 60 %"
    assert found[EMPTY].earned_hundredths == 0
    accused = next(each for each in found[ACCUSER].questions if each.question == "account")
    assert (accused.earned_hundredths or 0) < 0, "a wrong accusation costs more than a miss"
    assert found[ACCUSER].earned_hundredths < found[HALF].earned_hundredths
    for name, marked in found.items():
        with day.of(name) as page:
            told = shown_marks(day, page, name)
            of_all = f"{points_text(marked.earned_hundredths)} of {marked.points} points"
            assert of_all in told, (name, of_all, told[:300])
            if name in (FULL, ACCUSER):
                pictures(page, f"marks-of-{'full' if name == FULL else 'accuser'}")


def corrects(day: Day, page: Page, run: str) -> None:
    """Let the time of payment be a day off: of two trainees it was."""
    before = day.marked(HALF)
    page.goto(f"{day.served.address}/training/runs/{run}/")
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    form = page.locator("main form:has([name=do][value=correct-key])")
    form.locator("[name=key_question]").select_option("payment-time")
    form.locator("[name=key_how][value=tolerance]").check()
    form.locator("[name=key_value]").fill("86400")
    form.locator("[name=key_reason]").fill("The statement has another zone than the chain.")
    form.locator("[name=trainer_key]").set_input_files(day.room.key_file)
    pictures(page, "correction")
    form.locator("button[type=submit]").click()
    page.wait_for_load_state()
    after = day.marked(HALF)
    assert (before.key_version, after.key_version) == (1, 2)
    assert after.earned_hundredths - before.earned_hundredths == 400
    with day.of(HALF) as own:
        told = shown_marks(day, own, HALF)
        assert "The statement has another zone than the chain." in told
        for each in (before, after):
            assert points_text(each.earned_hundredths) in told
        assert f"{points_text(after.earned_hundredths)} of {after.points} points" in told
        pictures(own, "marks-corrected")


def ends(day: Day, page: Page, title: str) -> None:
    """End the class by its page."""
    of = TrainingClass.objects.get(title=title)
    page.goto(f"{day.served.address}/training/classes/{of.id}/")
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    page.click("main form:has([name=do][value=end-class]) button[type=submit]")
    page.click("main form:has([name=sure]) button[type=submit]")
    page.wait_for_load_state()


def certifies(day: Day, page: Page, title: str) -> None:
    """Certificates are issued by the page, and one is verified without a network or workspace."""
    ends(day, page, title)
    of = TrainingClass.objects.get(title=title)
    page.goto(f"{day.served.address}/training/classes/{of.id}/certificates/")
    page.fill("[name=course_hours]", "20")
    page.click("main form:has([name=do][value=issue]) button[type=submit]")
    page.wait_for_load_state()
    told = page.inner_text("main")
    pictures(page, "certificates")
    page.locator("main table a[href*='/training/certificates/']").first.click()
    page.wait_for_load_state()
    with page.expect_download() as download:
        page.click("main a[href$='/credential/']")
    credential = day.folder / "one.credential.json"
    download.value.save_as(credential)
    key = next(each for each in told.split() if each.startswith("SHA256:"))
    ran = command("certificate", "verify", credential, "--key", key)
    assert ran.status == 0, ran.out + ran.err
    changed = day.folder / "changed.credential.json"
    text = credential.read_text("utf-8")
    changed.write_text(text.replace(FULL.title(), "Somebody"), "utf-8")
    assert text.count(FULL.title()), "the first by name is the first of the table"
    assert command("certificate", "verify", changed, "--key", key).status == 12


def leaves(day: Day, title: str) -> tuple[Path, str]:
    """One trainer makes the package and another signs it; gives the file and its key."""
    of = TrainingClass.objects.get(title=title)
    here = f"{day.served.address}/training/classes/{of.id}/"
    with day.of("tess") as page:
        page.goto(f"{here}results/")
        for name, count in (("sex_female", "3"), ("sex_male", "2")):
            page.fill(f"[name={name}]", count)
        page.click("main form:has([name=do][value=state-tally]) button[type=submit]")
        page.wait_for_load_state()
        page.fill("[name=package_to]", "Sample Programme")
        page.click("main form:has([name=do][value=make-package]) button[type=submit]")
        page.wait_for_load_state()
    with day.of("tom") as page:
        page.goto(f"{here}results/")
        page.click("main form:has([name=do][value=review-package]) button[type=submit]")
        page.wait_for_load_state()
        pictures(page, "results")
        key = next(e for e in page.inner_text("main").split() if e.startswith("SHA256:"))
        with page.expect_download() as download:
            page.click("main table a[href*='/results/']")
        path = day.folder / "class.kancil-package"
        download.value.save_as(path)
    return path, key


def apart(*words: str | Path, env: dict[str, str] | None = None) -> str:
    """What a command says in a process of its own, as on another machine; it must succeed."""
    child = spawn(*words, env=env)
    out, err = child.communicate(timeout=120)
    assert child.returncode == 0, (words, out, err)
    return out.decode()


def appears_at_the_programme(day: Day, package: Path, key: str) -> None:
    """The programme imports the file and shows its counts on its own site, and no name."""
    root = day.folder / "programme"
    env = {"KANCIL_HOME": str(root), "KANCIL_OFFICER": "ada"}
    made = apart(
        "init", root, "--site", "programme", "--name", "Programme", "--officer", "Ada",
        "--username", "ada", "--zone", "UTC", "--second-factor-exception", "a test", "--json",
    )  # fmt: skip
    compared = ("--compared", "read aloud on the telephone")
    trust = ("--name", "Class box", "--country", "LA", "--kind", "classroom", *compared)
    for words in (("trust", key, *trust), ("import", package), ("import", package)):
        apart("package", *words, env=env)
    password = json.loads(made)["account"]["password"]
    child = spawn("--workspace", root, "serve", "--port", "0", "--workers", "0")
    try:
        port, _ = begun(child)
        assert ask(port, "/sign-in/").status == 200
        site = Served(day.served.unit, f"http://localhost:{port}", {"ada": password})
        with signed_in(day.browser, site, "ada") as page:
            page.goto(f"{site.address}/packages/")
            told = page.inner_text("main")
            assert "Class box" in told
            pictures(page, "programme")
            page.locator("main table a[href*='/packages/']").first.click()
            page.wait_for_load_state()
            told = page.inner_text("main")
            pictures(page, "programme-package")
            assert "5 people took part in the class" in told
            assert told.count("hidden") >= 2, "three women and two men are small groups"
            for name in (FULL, NAIVE, HALF, ACCUSER, EMPTY):
                assert name.title() not in told
    finally:
        child.terminate()
        child.communicate(timeout=30)


def judge_rules(day: Day, title: str) -> None:
    """A judge does the lab of admissibility on a telephone."""
    with day.of("tess") as page:
        code = opens_class(day, page, title)
        page.context.clear_cookies()
        joins(page, day.served, code, JUDGE)
    with day.of("tess") as page:
        run = gives_lab(day, page, title, "admissibility")
    variant = day.room.variant(run, JUDGE)
    typed = solved(day.room.folder(variant))
    with day.of(JUDGE, width=390) as page:
        pictures(page, "judge-home")
        begins(page, day.served, run)
        answers(page, day.served, run, day.room.manifest(variant), typed)
        pictures(page, "judge-lab")
        hands_in(page, day.served, run)
        pictures(page, "judge-handed-in")
    marked = day.room.marked(variant, typed)
    earned, of = machine_marked(marked, day.room.manifest(variant).questions)
    assert earned == 100 * of


@pytest.mark.thorough
@pytest.mark.browser
def test_a_class_day(browser: Browser, tmp_path: Path) -> None:
    title = "Tracing in January"
    with room_served(tmp_path) as room:
        day = Day(room, browser, tmp_path)
        with day.of("tess") as page:
            code = opens_class(day, page, title)
            assert f"{code[:4]} {code[4:]}" in page.inner_text("main")
            run = gives_lab(day, page, title, "ransom-payment")
        for name in (FULL, NAIVE, HALF, ACCUSER, EMPTY):
            context = browser.new_context()
            joins(context.new_page(), day.served, code, name)
            context.close()
        room.work()
        five_work(day, run)
        with day.of("tess") as page:
            marks_all(day, page, run)
            pictures(page, "run")
            texts = marks_text(day, page)
            page.goto(f"{day.served.address}/training/runs/{run}/")
            page.click("main form:has([name=do][value=release]) button[type=submit]")
            page.click("main form:has([name=sure]) button[type=submit]")
            page.wait_for_load_state()
        marks_are_right(day, texts)
        with day.of("tess") as page:
            corrects(day, page, run)
            certifies(day, page, title)
        judge_rules(day, "Evidence before the court")
        package, key = leaves(day, title)
        appears_at_the_programme(day, package, key)
