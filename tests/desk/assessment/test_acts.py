"""Every act of the room: who may, that it writes one line in its own transaction, and its refusals.

`SCENES` has each act once; a new act without a scene is a red test.
"""

from __future__ import annotations

import importlib
import io
import json
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kancil.assessment.law.matrix import InstrumentStatus
from kancil.assessment.planning.plan import Choice, Feasibility
from kancil.assessment.protocol import Confidence
from kancil.desk.assessment import actions
from kancil.desk.assessment.actions import (
    answers,
    board,
    carrying,
    comments,
    evidence,
    legal,
    narratives,
    people,
    plans,
    releases,
    rounds,
    site,
    taking_in,
    texts,
)
from kancil.desk.assessment.actions import packaged as packaged_acts
from kancil.desk.assessment.errors import (
    ActNotYours,
    AnswerFirst,
    CountryNotFound,
    RecordNotFound,
    RoundNotFound,
)
from kancil.desk.assessment.models import Act, RoadStep
from kancil.desk.assessment.queries.legal import legal_matrix
from kancil.desk.assessment.stored import store_of
from kancil.desk.base.opening import close_desk, one_change
from kancil.desk.base.tables import table_lines, take_table_lines
from kancil.desk.people.models import Person, Role
from kancil.evidence.vault import Vault
from kancil.ground.ids import new_id
from kancil.ground.signing import MemorySigner, fingerprint
from tests.assessment.official import official_samples as samples
from tests.desk.assessment.programme import (
    GUIDE,
    HERE,
    ROLES,
    TEAM,
    TODAY,
    Programme,
    packaged,
    programme,
    said,
)
from tests.desk.desks import Desk, Maker
from tests.desk.test_backup import PROGRAMME

SITE = {"olga", "ada"}
BOOKS = {"olga", "lea", "ann", "bo"}
KEEP = BOOKS | {"fay"}
"""Who keeps the board and the road map: the country's focal point too."""
ASSESS = {"lea", "ann", "bo"}
RUN = {"olga", "lea"}
FOR = {"olga", "fay"}
VOICE = {"rex", "fay", "mia"}
DRAFT = plans.ItemDraft(
    "Train", GUIDE, ("P3",), "training", "Academy", "Courses held", cost_minor=5_000_000,
    currency="USD", to_security_forces=True,
)  # fmt: skip
BODY = board.BodyInput(
    name="Council", sector="policy", responsible="Cabinet office", meets_every_months=3
)
EXTRACT = legal.Extract("Act", "No. 1", "Art. 2", "Whoever …", "en", "Gazette")
STEP = legal.Step("Convention", RoadStep.Stage.BILL, "Ministry of Justice")
LEGAL = "legal-2026.4"


@dataclass
class Stage:
    """What scenes leave for those after them."""

    made: Programme
    store: Vault
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def round(self) -> str:
        return self.made.round

    @property
    def country(self) -> str:
        return HERE

    def file(self, content: bytes = b"bytes") -> evidence.File:
        return evidence.File(self.store, io.BytesIO(content), "scan.pdf")

    def members(self) -> list[rounds.Member]:
        return [rounds.Member(self.made[name].pk, part) for name, part in TEAM.items()]


@dataclass(frozen=True)
class Scene:
    """One act: by whom, who else may, and the call."""

    act: Callable[..., Any]
    by: str
    may: set[str]
    call: Callable[[Stage], dict[str, Any]]
    """Gives the arguments but `by`."""
    keep: str = ""
    """Under which name what it gives is kept."""


def at(stage: Stage, indicator: str) -> dict[str, Any]:
    return {"round": stage.round, "protocol": GUIDE, "indicator": indicator}


def here(stage: Stage) -> dict[str, Any]:
    return {"country": HERE}


def inside(stage: Stage) -> dict[str, Any]:
    return {"round": stage.round}


def item(stage: Stage) -> dict[str, Any]:
    return {"round": stage.round, "item": stage.kept["item"]}


def sent(stage: Stage, indicator: str) -> taking_in.Sent:
    answer = taking_in.SentAnswer(
        new_id(), GUIDE, indicator, said(1), {}, Confidence.LOW, at=stage.kept["now"]
    )
    return taking_in.Sent(stage.round, (answer,))


KEY = MemorySigner(Ed25519PrivateKey.generate()).public_raw
PERIOD = {"period_from": date(2026, 1, 1), "period_to": date(2026, 2, 1)}
SCENES = [
    Scene(site.add_country, "ada", SITE,
          lambda s: {"code": "XNE", "name": "New", "region": "R", "is_invented": True}),
    Scene(site.add_protocol_file, "ada", SITE, lambda s: {"name": LEGAL, "text": packaged(LEGAL)}),
    Scene(site.set_focal_countries, "ada", SITE,
          lambda s: {"person": s.made["far"].pk, "countries": ["XNE"]}),
    Scene(site.add_known_key, "lea", SITE | {"lea"},
          lambda s: {"person": s.made["bo"].pk, "public_raw": KEY, "stated": fingerprint(KEY),
                     "compared_how": "By telephone"}),
    Scene(people.admit_person, "olga", SITE,
          lambda s: {"username": "new", "name": "New", "role": Role.ASSESSOR}, "account"),
    Scene(people.renew_account_password, "olga", SITE,
          lambda s: {"person": s.kept["account"][0].pk, "reason": "Forgotten"}),
    Scene(people.end_account_sign_ins, "olga", SITE,
          lambda s: {"person": s.kept["account"][0].pk, "reason": "A lost laptop"}),
    Scene(people.remove_account_factors, "olga", SITE,
          lambda s: {"person": s.kept["account"][0].pk, "reason": "A lost telephone"}),
    Scene(people.grant_own_token, "ann", set(ROLES),
          lambda s: {"name": "Nightly list", "may_write": True, "days": 3}, "token"),
    Scene(people.end_own_token, "ann", set(ROLES),
          lambda s: {"token": s.kept["token"][0].id}),
    Scene(people.require_second_factor, "ada", SITE, lambda s: {"roles": ["assessor"]}),
    Scene(people.end_account, "olga", SITE,
          lambda s: {"person": s.kept["account"][0].pk, "reason": "Left"}),
    Scene(people.bring_back_account, "ada", SITE,
          lambda s: {"person": s.kept["account"][0].pk, "reason": "Is back"}),
    Scene(packaged_acts.add_packaged_country, "ada", SITE, lambda s: {"code": "KHM"}),
    Scene(packaged_acts.add_packaged_protocol, "ada", SITE, lambda s: {"name": "study-2026.1"}),
    Scene(rounds.open_round, "lea", RUN,
          lambda s: {"country": HERE, "title": "Law", "protocols": [LEGAL], **PERIOD}, "law"),
    Scene(answers.give_answer, "lea", {"lea"},
          lambda s: {"round": s.kept["law"], "protocol": LEGAL, "indicator": "budapest.2",
                     "given": said(2), "confidence": Confidence.LOW}, "own"),
    Scene(carrying.carry_over, "lea", {"lea"},
          lambda s: {"round": s.kept["law"], "protocol": LEGAL,
                     "wanted": {"uncc.7": s.kept["own"]}}),
    Scene(site.add_protocol_file, "ada", SITE,
          lambda s: {"name": samples.NAME, "text": samples.protocol_text()}),
    Scene(texts.import_text, "olga", SITE | {"lea"},
          lambda s: {"instrument": "boats", "language": "en", "source": "Kasa, its gazette",
                     "file": s.file(samples.european().encode())}, "text"),
    Scene(rounds.open_round, "lea", RUN,
          lambda s: {"country": HERE, "title": "Boats", "protocols": [samples.NAME], **PERIOD},
          "boats"),
    Scene(texts.mark_compared, "lea", {"lea", "olga"},
          lambda s: {"round": s.kept["boats"], "protocol": samples.NAME, "indicator": "boats.4",
                     "text": s.kept["text"].id, "lawyer": "A. Lawyer", "compared_on": TODAY}),
    Scene(rounds.set_team, "olga", RUN, lambda s: {**inside(s), "members": s.members()}),
    Scene(rounds.add_respondent, "ann", BOOKS,
          lambda s: {**inside(s), "organisation": "Police", "sector": "police"}),
    Scene(evidence.add_evidence, "ann", ASSESS,
          lambda s: {**inside(s), "grade": "a", "kind": "document", "title": "Decree",
                     "file": s.file()}, "evidence"),
    Scene(evidence.withhold_evidence, "ann", {"lea", "ann"},
          lambda s: {**inside(s), "evidence": s.kept["evidence"], "reason": "Names"}),
    Scene(evidence.show_evidence, "lea", {"lea", "ann"},
          lambda s: {**inside(s), "evidence": s.kept["evidence"]}),
    Scene(evidence.bring_file, "ann", ASSESS,
          lambda s: {**inside(s), "evidence": s.kept["evidence"], "file": s.file()}),
    Scene(evidence.add_interview, "bo", ASSESS,
          lambda s: {**inside(s), "grade": "b", "held_on": TODAY, "people_count": 1, "group": "G",
                     "consent": "C", "notes": "N"}),
    Scene(answers.give_answer, "ann", ASSESS,
          lambda s: {**at(s, "P3"), "given": said(1), "confidence": Confidence.LOW}, "answer"),
    Scene(answers.dispute, "lea", ASSESS, lambda s: {**at(s, "P3"), "note": "I differ"}),
    Scene(answers.agree, "lea", ASSESS,
          lambda s: {**at(s, "P3"), "answer": s.kept["answer"], "note": "Why"}),
    Scene(answers.reopen, "ann", ASSESS, lambda s: {**at(s, "P3"), "note": "New law"}),
    Scene(taking_in.take_in, "bo", RUN | {"bo"},
          lambda s: {"fingerprint": fingerprint(KEY), "sent": sent(s, "W1")}),
    Scene(taking_in.take_in_form, "lea", RUN | {"bo"},
          lambda s: {"author": s.made["bo"].pk, "sent": sent(s, "W2")}),
    Scene(site.end_known_key, "lea", SITE | {"lea"}, lambda s: {"fingerprint": fingerprint(KEY)}),
    Scene(legal.add_extract, "ann", BOOKS,
          lambda s: {**here(s), "extract": EXTRACT, "file": s.file(b"law")}, "extract"),
    Scene(evidence.use_extract, "ann", ASSESS,
          lambda s: {**inside(s), "extract": s.kept["extract"], "grade": "a"}),
    Scene(legal.set_status, "ann", BOOKS,
          lambda s: {**here(s), "status": InstrumentStatus("budapest", TODAY, "Treaty Office")}),
    Scene(legal.add_step, "ann", KEEP, lambda s: {**inside(s), "step": STEP}, "step"),
    Scene(legal.change_step, "ann", KEEP,
          lambda s: {**inside(s), "id": s.kept["step"], "step": replace(STEP, due_on=TODAY)}),
    Scene(legal.move_step, "ann", KEEP,
          lambda s: {**inside(s), "id": s.kept["step"], "position": 3}),
    Scene(legal.finish_step, "ann", KEEP,
          lambda s: {**inside(s), "id": s.kept["step"], "done_on": TODAY}),
    Scene(legal.sign_matrix, "lea", RUN,
          lambda s: {"round": s.kept["law"], "protocol": LEGAL, "lawyer": "L", "admitted": "Bar",
                     "signed_on": TODAY, "file": s.file(b"signed"),
                     "matrix_sha256": legal_matrix(s.made.sight("lea", s.kept["law"]),
                                                   LEGAL).sha256}),
    Scene(narratives.write_text, "lea", RUN,
          lambda s: {**inside(s), "section": "situation", "kind": "narrative",
                     "text": "The unit works.", "follows": None}),
    Scene(plans.set_choice, "fay", {"fay"},
          lambda s: {**at(s, "P3"), "choice": Choice.REJECTED, "reason": "Not now"}),
    Scene(plans.set_target, "lea", RUN,
          lambda s: {**at(s, "P3"), "target": 3, "feasibility": Feasibility.READY}),
    Scene(plans.add_item, "lea", RUN, lambda s: {**inside(s), "draft": DRAFT}, "item"),
    Scene(plans.edit_item, "lea", RUN,
          lambda s: {**item(s), "draft": replace(DRAFT, months=6)}),
    Scene(plans.move_item, "lea", RUN, lambda s: {**item(s), "position": 0, "reason": "First"}),
    Scene(plans.add_due_diligence, "olga", RUN,
          lambda s: {**item(s), "risk": "R", "mitigation": "M", "decision": "proceed",
                     "decided_by": "Head", "review_on": date(2027, 1, 1)}),
    Scene(plans.approve_item, "olga", {"olga"}, lambda s: {**item(s), "today": TODAY}),
    Scene(plans.propose_item_again, "olga", FOR, lambda s: {**item(s), "reason": "Wait"}),
    Scene(plans.reject_item, "fay", FOR, lambda s: {**item(s), "reason": "Own means"}),
    Scene(plans.propose_item_again, "fay", FOR, lambda s: {**item(s), "reason": "After all"}),
    Scene(plans.approve_item, "olga", {"olga"}, lambda s: {**item(s), "today": TODAY}),
    Scene(plans.finish_item, "lea", RUN, lambda s: {**item(s), "outcome": "Held"}),
    Scene(board.add_body, "bo", KEEP, lambda s: {**here(s), "given": BODY}, "body"),
    Scene(board.change_body, "bo", KEEP,
          lambda s: {**here(s), "body": s.kept["body"],
                     "given": BODY.model_copy(update={"mandate": "All"})}),
    Scene(board.record_meeting, "bo", KEEP,
          lambda s: {**here(s), "body": s.kept["body"], "met_on": TODAY}),
    Scene(board.add_matter, "bo", KEEP,
          lambda s: {**here(s), "body": s.kept["body"], "title": "T", "owner": "O"}, "matter"),
    Scene(board.close_matter, "bo", KEEP,
          lambda s: {**here(s), "matter": s.kept["matter"], "closed_on": TODAY}),
    Scene(board.end_body, "bo", KEEP,
          lambda s: {**here(s), "body": s.kept["body"], "ended_on": TODAY}),
    Scene(releases.record_release, "fay", FOR,
          lambda s: {**inside(s), "document": "brief", "official": "M", "office": "Ministry",
                     "released_on": TODAY, "consent": "Letter 12",
                     "file": s.file(b"<!doctype html>brief")}, "release"),
    Scene(releases.release_figures, "fay", FOR,
          lambda s: {**inside(s), "official": "M", "office": "Ministry", "released_on": TODAY,
                     "consent": "Letter 12", "protocols": [GUIDE], "store": s.store}),
    Scene(releases.withdraw_release, "fay", FOR,
          lambda s: {**inside(s), "release": s.kept["release"], "reason": "An error"}),
    Scene(comments.set_term, "lea", {"lea"},
          lambda s: {**inside(s), "due_on": date(2090, 1, 1), "note": "Please comment"}),
    Scene(comments.add_comment, "mia", VOICE,
          lambda s: {**at(s, "P3"), "kind": "evidence", "text": "The decree of May",
                     "office": "Ministry of Justice",
                     "evidence": evidence.Brought("a", "document", "Decree of May",
                                                  file=s.file(b"decree"))}, "comment"),
    Scene(comments.reply, "ann", ASSESS,
          lambda s: {**inside(s), "comment": s.kept["comment"], "outcome": "noted",
                     "text": "Read"}),
    Scene(comments.rest_on, "ann", {"ann"},
          lambda s: {**inside(s), "comment": s.kept["comment"]}),
    Scene(comments.sign_off, "fay", {"fay"},
          lambda s: {**inside(s), "official": "M", "office": "Ministry", "signed_on": TODAY,
                     "file": s.file(b"signed off")}),
    Scene(rounds.close_round, "lea", {"lea"}, inside),
]  # fmt: skip


def rows() -> list[bytes]:
    return list(table_lines())


def refused(scene: Scene, stage: Stage, by: Person) -> bool:
    try:
        scene.act(by=by, **scene.call(stage))
    except (ActNotYours, AnswerFirst, RoundNotFound, CountryNotFound, RecordNotFound):
        return True
    return False


@pytest.fixture
def stage(desk: Desk) -> Stage:
    made = programme()
    first = Act.objects.latest("id")
    return Stage(made, store_of(desk.workspace), {"now": first.at})


@pytest.mark.thorough
def test_every_act_asks_who_and_is_recorded_with_what_it_changes(
    stage: Stage, kind: str, maker: Maker, tmp_path: Path
) -> None:
    for scene in SCENES:
        name = f"{scene.act.__name__} by {scene.by}"
        before = rows() if kind == "sqlite" else []
        for other in set(ROLES) - scene.may:
            assert refused(scene, stage, stage.made[other]), (name, other)
        if kind == "sqlite":  # a fault while the act is written down leaves nothing of it
            with patch.object(Act, "save", side_effect=MemoryError), pytest.raises(MemoryError):
                scene.act(by=stage.made[scene.by], **scene.call(stage))
            assert rows() == before, name
        last = Act.objects.latest("id")
        given = scene.act(by=stage.made[scene.by], **scene.call(stage))
        written = list(Act.objects.filter(id__gt=last.id))
        assert [row.person_id for row in written] == [stage.made[scene.by].pk], name
        if scene.keep:
            stage.kept[scene.keep] = given
    if kind == "sqlite":  # and all of it comes back from a backup, on the other database too
        kept = rows()
        tables = {json.loads(line)["table"] for line in kept}
        assert {each for each in PROGRAMME if each not in tables} <= {
            "assessment.answer_evidence", "assessment.planitem_depends_on",
            "assessment.costline",  # its own test: test_law_plan_board.py
            # Acts on packages: tests/desk/packages.
            "packages.receivedpackage", "packages.sitekey",
        }  # fmt: skip
        second = maker.make("postgresql", tmp_path / "second")
        with one_change():
            take_table_lines(kept, "backup")
        assert rows() == kept
        close_desk()
        maker.drop(second.url)


def test_every_act_has_a_scene() -> None:
    found = set()
    for module in pkgutil.iter_modules(actions.__path__):
        members = vars(importlib.import_module(f"{actions.__name__}.{module.name}"))
        found |= {
            (module.name, name)
            for name, each in members.items()
            if getattr(each, "__module__", "") == f"{actions.__name__}.{module.name}"
            and "by" in getattr(each, "__annotations__", {})
            and not name.startswith("_")
        }
    shown = {(each.act.__module__.rpartition(".")[2], each.act.__name__) for each in SCENES}
    helpers = {("changing", "changing"), ("changing", "changing_country")}
    # These read a file and call `taking_in`; tests/flows/test_assessment_by_command.py has them.
    helpers |= {("answers", "answer_row")}
    # A study needs five countries: tests/web/programme/test_study_publishing.py has both.
    helpers |= {("studies", "publish_study"), ("studies", "write_study_text")}
    helpers |= {("bringing", "bring_answers"), ("bringing", "bring_sheet")}
    # Several at once, each by `add_extract`: tests/web/programme/test_law_pages.py has it.
    helpers |= {("legal", "add_extracts")}
    assert found - helpers == shown
