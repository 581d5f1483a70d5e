"""A classroom served to a browser, whose jobs are done by the test itself; and its books."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from kancil.cli.frame.desk import desk_ledger
from kancil.cli.workspace.jobs import load_works
from kancil.desk.base.opening import close_desk
from kancil.desk.cases.doing import CaseBench
from kancil.desk.cases.models import Exhibit
from kancil.desk.custody.store import DeskLedger
from kancil.desk.jobs.worker import Worker
from kancil.desk.training.folders import folder_of, key_path, manifest_of
from kancil.desk.training.models import Attempt, JoinSlip, LabRun, TrainingClass, Variant
from kancil.evidence.age import read_identities
from kancil.ground.files import read_file
from kancil.ground.ids import CaseId
from kancil.ground.workspace import Workspace, open_workspace
from kancil.training.key import Key
from kancil.training.making import Manifest, open_key
from kancil.training.marking.conduct import process_marks
from kancil.training.marking.mark import mark
from kancil.training.marking.marks import Marked, TrainerMarks
from kancil.training.question import Answers, Kind, Question
from kancil.web.training.lab import in_steps
from tests.classroom.room import founded
from tests.cli.running import spawn
from tests.flows.workbench import PASSWORD, Served
from tests.web.test_serving import ask, begun

__all__ = [
    "Attempt",
    "Exhibit",
    "JoinSlip",
    "LabRun",
    "TrainingClass",
    "Variant",
]  # rows, to be read

TRAINERS = ("tess", "tom")


@dataclass
class Room:
    """A classroom that is served, and its books beside the site."""

    served: Served
    workspace: Workspace
    ledger: DeskLedger
    key_file: Path

    def work(self) -> None:
        """Do what waits behind the pages."""
        worker = Worker(CaseBench(self.workspace, self.ledger))
        while worker.do_next():
            pass

    def variant(self, run: str, username: str) -> Variant:
        """A trainee's variant of a run."""
        found = Variant.objects.select_related("run__training_class", "enrolment__person")
        return found.get(run=run, enrolment__person__username=username)

    def folder(self, variant: Variant) -> Path:
        """Where it lies."""
        return folder_of(self.workspace, variant)

    def manifest(self, variant: Variant) -> Manifest:
        """What its trainee is shown."""
        return manifest_of(self.workspace, variant)

    def key(self, variant: Variant) -> Key:
        """The newest key, as the trainer's file opens it."""
        identities = read_identities(self.key_file, "key file")
        return open_key(read_file(key_path(self.workspace, variant)), identities)

    def case_of(self, variant: Variant) -> str:
        """The case of the attempt at it."""
        return Attempt.objects.get(variant=variant).case_id

    def marked(
        self, variant: Variant, typed: dict[str, Any], texts: TrainerMarks | None = None
    ) -> Marked:
        """What the craft says of what was typed and of the ledger, by the newest key."""
        key, manifest = self.key(variant), self.manifest(variant)
        case = CaseId(self.case_of(variant))
        stated = [each.sha256 for each in manifest.evidence]
        process = process_marks(self.ledger.case_entries(case), case, key.process, stated=stated)
        answers = Answers(variant.id, typed, {})
        return mark(key, manifest.questions, answers, texts or TrainerMarks(), process)


@contextmanager
def room_served(folder: Path) -> Iterator[Room]:
    """Found a classroom with two trainers and serve it without workers until the block ends."""
    unit = founded(folder / "room", "--second-factor-exception", "a test")
    passwords = {"admin": unit.ask("--as", "O1", "serve", "--prepare")["administrator"]["password"]}
    for name in TRAINERS:
        words = ("person", "add", name, "--name", name.title(), "--role", "trainer")
        passwords[name] = unit.ask(*words)["password"]
    child = spawn("--workspace", unit.root, "serve", "--port", "0", "--workers", "0")
    try:
        port, _ = begun(child)
        assert ask(port, "/sign-in/").status == 200
        workspace = open_workspace(unit.root)
        ledger = desk_ledger(workspace)
        load_works()
        address = f"http://localhost:{port}"
        yield Room(Served(unit, address, passwords), workspace, ledger, folder / "key.txt")
    finally:
        close_desk()
        child.send_signal(signal.SIGINT)
        sys.stderr.write(child.communicate(timeout=30)[1].decode())  # shown where the test fails


def solved(folder: Path, *, naive: bool = False) -> dict[str, Any]:
    """What `kancil lab solve` answers, in a process of its own."""
    child = spawn("lab", "solve", folder, "--json", *(["--naive"] if naive else []))
    out, err = child.communicate(timeout=300)
    assert child.returncode == 0, err
    found: dict[str, Any] = json.loads(out)["values"]
    return found


def joins(page: Page, served: Served, code: str, name: str) -> None:
    """Make an account with the code on the wall, by the page."""
    page.goto(f"{served.address}/join/?code={code}")
    page.fill("[name=person_name]", name.title())
    page.fill("[name=username]", name)
    for field in ("password1", "password2"):
        page.fill(f"[name={field}]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_selector("text=You have joined the class")


def begins(page: Page, served: Served, run: str) -> None:
    """Open the case under the authority in the story."""
    page.goto(f"{served.address}/training/labs/{run}/")
    page.fill("[name=case_title]", "Exercise")
    page.select_option("[name=basis_kind]", "warrant")
    page.fill("[name=authority]", "District court of the story")
    page.click("main button.main")
    page.wait_for_selector("#questions", state="attached")


def takes_in(page: Page, room: Room, run: str, pieces: int | None = None) -> str:
    """Lay the lab's files ready and take each in at the unit's own intake; gives the case page."""
    page.goto(f"{room.served.address}/training/labs/{run}/")
    boxes = page.locator("main [name=piece]")
    for place in range(boxes.count() if pieces is None else pieces):
        boxes.nth(place).check()
    page.click("main form:has([name=piece]) button[value=lay]")
    page.wait_for_url("**/intake/**")
    intake = page.url.partition("#")[0]
    take = page.locator("#unfinished form[action$='/take/'] button[type=submit]")
    while take.count():
        take.first.click()
        page.wait_for_load_state()
        room.work()
        page.goto(intake)
    return intake.removesuffix("intake/")


def follows(page: Page, room: Room, case_page: str, start: str) -> None:
    """Read the block file into the case's chain and record one trace, by the unit's own pages."""
    page.goto(f"{case_page}blocks/")
    chain = page.input_value("[name=chain_name]")
    assert page.is_disabled("[name=chain_name]")
    assert page.input_value("[name=network]") == "regtest"
    page.locator("label:has([name=block_exhibits])", has_text="lock").first.click()
    page.click("main button.main")
    page.wait_for_url("**/tasks/**")
    room.work()
    page.goto(f"{case_page}money/ask/?start={start}&chain={chain}")
    page.locator("label:has([name=policy][value=haircut])").click()
    page.fill("[name=policy_reason]", "asked for in the exercise")
    page.click("main button.main")
    page.wait_for_url("**/money/*/")


def answers(
    page: Page, served: Served, run: str, manifest: Manifest, typed: dict[str, Any]
) -> None:
    """Answer on the lab's page; each answer saves itself."""
    page.goto(f"{served.address}/training/labs/{run}/")
    has_steps = in_steps(manifest)
    for number, question in enumerate(manifest.questions, 1):
        if question.id in typed:
            if has_steps:
                page.goto(f"{served.address}/training/labs/{run}/?item={number}")
            with page.expect_response(lambda got: "/answers/" in got.url and got.status == 200):
                _type(page, question, typed[question.id])
            saved = page.locator(f"#saved-{question.id}")
            saved.filter(has_text="Saved").wait_for()
            assert "wrong" not in (saved.get_attribute("class") or ""), question.id


def _type(page: Page, question: Question, value: Any) -> None:
    at = page.locator(f"#q-{question.id}")
    if question.kind is Kind.FINDING:
        at.locator("[name=pointers]").fill("\n".join(value["pointers"]))
        at.locator(f"[name=statement][value='{value['statement']}']").check()
    elif question.kind is Kind.RULING:
        for reason in value["reasons"]:
            at.locator(f"[name=reasons][value='{reason}']").check()
        at.locator(f"[name=ruling][value='{value['ruling']}']").check()
    else:
        text = "\n".join(value) if isinstance(value, list) else value
        at.locator("[name=value]").fill(text)
        at.locator("[name=value]").blur()


def hands_in(page: Page, served: Served, run: str) -> None:
    """Hand in what was answered."""
    page.goto(f"{served.address}/training/labs/{run}/")
    page.click("#hand-in button")
    page.click("main form:has([name=sure]) button[type=submit]")
    page.wait_for_load_state()
    assert not page.locator("#hand-in").count()


def pictures(page: Page, name: str) -> None:
    """The page wide and narrow, light and dark; kept where KANCIL_PICTURES names a folder."""
    folder, size = os.environ.get("KANCIL_PICTURES"), page.viewport_size
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
        for scheme in ("light", "dark") if folder else ():
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            path = Path(folder or "") / f"{name}-{width}-{scheme}.png"
            page.screenshot(path=path, full_page=True)
    page.emulate_media(color_scheme="light")
    if size is not None:
        page.set_viewport_size(size)
