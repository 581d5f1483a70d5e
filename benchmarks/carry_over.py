"""Benchmark row `carry-over` (goal: 1 s): a whole statute's answers are taken over at once.

A programme on SQLite, with the packaged provisions of which each of the first half is stated the
same as one of the second. An assessor has answered the first half, element by element, on one piece
of law; the row is what it takes to find what goes over and to write all of it, as the page does.
Best of three rounds. No peer: nothing else does this work.
"""

from __future__ import annotations

import copy
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

from kancil.assessment.protocol_files.library import FOLDER, named_protocol
from kancil.desk.base.opening import close_desk, open_desk
from kancil.ground.workspace import open_workspace
from tests.cli.running import run

NAMES = ("carry-over",)
GOAL_S = 1.0
ROUNDS = 3
ID = "legal-halves"


def rows(machine: dict[str, Any]) -> list[dict[str, Any]]:
    """Measure the row."""
    with tempfile.TemporaryDirectory(prefix="carry-") as folder:
        root = Path(folder) / "programme"
        ran = run(
            "init", root, "--site", "programme", "--name", "Carry", "--officer", "Ada",
            "--username", "first",
        )  # fmt: skip
        if ran.status:
            raise AssertionError(ran.err)
        open_desk(open_workspace(root))
        took = _measured()
        close_desk()
    return [
        {
            "name": "carry-over", "ours": round(took, 3), "unit": "s", "peer": None,
            "peer_figure": None, "ratio": None, "goal": GOAL_S, "met": took <= GOAL_S,
            "machine": machine,
        }
    ]  # fmt: skip


def halves() -> tuple[str, str, dict[str, str]]:
    """Name and text of the protocol, and which provision is the same as which."""
    packaged = named_protocol("legal")
    stated = yaml.safe_load((FOLDER / f"{packaged.name}.yaml").read_text("utf-8"))
    known = stated["indicators"]
    half = len(known) // 2
    pairs = {}
    for one, other in zip(known[:half], known[half:], strict=False):
        pairs[one["id"]] = other["id"]
        one["related"] = [{"to": other["id"], "relation": "same", "checked": False}]
        other["parts"] = copy.deepcopy(one["parts"])
        other.pop("related", None)
    stated["id"] = ID
    for each in known:
        each.pop("asked_if", None)
    text = str(yaml.safe_dump(stated, sort_keys=False, allow_unicode=True))
    return f"{ID}-{stated['version']}", text, pairs


def _measured() -> float:
    from kancil.desk.assessment.actions.carrying import carry_over
    from kancil.desk.assessment.actions.evidence import use_extract
    from kancil.desk.assessment.actions.legal import Extract, add_extract
    from kancil.desk.assessment.actions.rounds import Member, set_team
    from kancil.desk.assessment.actions.site import add_protocol_file
    from kancil.desk.assessment.models import Answer
    from kancil.desk.assessment.queries.carry_over import carry_over as carry_over_of
    from kancil.desk.assessment.queries.rounds import enter
    from tests.desk.assessment.programme import HERE, TEAM, a_round, programme

    made = programme()
    name, text, pairs = halves()
    asked = add_protocol_file(by=made["olga"], name=name, text=text)
    ann = made["ann"]
    law = Extract("Act on Computers", "No. 3", "4", "Whoever …", "en", "Gazette")
    extract = add_extract(by=ann, country=HERE, extract=law)
    took = []
    for _ in range(ROUNDS):
        round = a_round(made["olga"], HERE, [name])
        members = [Member(made[who].pk, part) for who, part in TEAM.items()]
        set_team(by=made["olga"], round=round, members=members)
        item = use_extract(by=ann, round=round, extract=extract, grade="a")
        yes = {"kind": "value", "value": "yes", "reason": ""}
        given = [
            Answer(
                round_id=round, protocol=name, indicator=each, author=ann, confidence="high",
                given={"kind": "value", "value": 2, "reason": ""}, at=ann.added_at,
                parts={part.id: yes for part in asked.indicators[each].parts},
            )
            for each in pairs
        ]  # fmt: skip
        Answer.objects.bulk_create(given)
        through = Answer.evidence.through
        through.objects.bulk_create(
            through(answer_id=each.id, evidenceitem_id=item) for each in given
        )
        began = time.perf_counter()
        found = carry_over_of(enter(ann, round), name).of_extract(extract)
        wanted = {each.target: each.source.id for each in found.agreeing}
        carried = carry_over(by=ann, round=round, protocol=name, wanted=wanted)
        took.append(time.perf_counter() - began)
        if len(carried) != len(pairs) or set(wanted) != set(pairs.values()):
            raise AssertionError(f"{len(carried)} of {len(pairs)} were carried over")
    return min(took)
