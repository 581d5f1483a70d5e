"""Everything under `analysis/`, from the material alone: equal material makes equal bytes.

No clock, no locale, no reader's language, no path, no unit and no officer comes in here. The
checker calls the same functions on what it read from a bundle.
"""

from __future__ import annotations

from typing import Any

from kancil.ground import canonical
from kancil.ground.cells import write_table
from kancil.ground.words import render, speaking
from kancil.ground.workspace import Site
from kancil.studies.drawing.picture import draw_picture
from kancil.studies.trace.cited import CitedLabel
from kancil.studies.trace.table import Row
from kancil.studies.trace.tables import COLUMNS, yes_no

from .answers import Answer, Answers
from .coinjoins import write_coinjoins
from .manifest import SITE
from .material import LABEL_COLUMNS, Material, proof_members, study_members, tells_stops
from .material_read import (
    ANALYSIS,
    ANALYSIS_FORMAT,
    ANALYSIS_FORMAT_STUDIES,
    COINJOINS,
    LABELS,
)
from .parquet import write_transfers
from .report import write_report

REPORT = "analysis/report.html"
LANGUAGE = "en"
"""Of what is made for eyes: signed off by a named reviewer, and the same for maker and checker."""


def analyse(answers: Answers) -> dict[str, bytes]:
    """Every member under `analysis/`."""
    material = answers.material
    members = material_members(material)
    mark = render("note.training-made", LANGUAGE) if material.is_training else ""
    for answer in answers.answers:
        members.update(table_members(answer))
        folder = folder_of(answer.number)
        members[f"{folder}transfers.parquet"] = write_transfers(answer.tables["transfers"], mark)
    members.update(shown_members(answers))
    return dict(sorted(members.items()))


def material_members(material: Material) -> dict[str, bytes]:
    """The members that hold what the answers are computed from, and the recorded studies."""
    members = {ANALYSIS: write_analysis(material), **study_members(material)}
    if material.has_chain:
        members[LABELS] = write_labels(material)
    return members | proof_members(material) | coinjoin_members(material)


def coinjoin_members(material: Material) -> dict[str, bytes]:
    """`coinjoins.json`, where any trace was asked to say at which heuristics it stops."""
    if not tells_stops(material.questions):
        return {}
    return {COINJOINS: write_coinjoins(material.coinjoins)}


def folder_of(number: int) -> str:
    """The folder of a trace within a bundle."""
    return f"analysis/traces/{number}/"


def write_analysis(material: Material) -> bytes:
    """`analysis.json`."""
    value: dict[str, Any] = {
        "format": ANALYSIS_FORMAT,
        "held": material.held.as_dict() if material.has_chain else None,
        "kancil": material.kancil,
        "network": material.network,
        "traces": len(material.questions),
    }
    if material.is_training:
        value[SITE] = Site.CLASSROOM.value
    if material.studies:
        value["format"] = ANALYSIS_FORMAT_STUDIES
        value["studies"] = [{"run_again": one.run_again} for one in material.studies]
    return canonical.dumps(value)


def write_labels(material: Material) -> bytes:
    """`labels.csv`."""
    rows = [label_row(number, label) for number, label in enumerate(material.labels, 1)]
    return write_table(LABEL_COLUMNS, rows)


def label_row(number: int, label: CitedLabel) -> Row:
    """A label's row."""
    cells = [getattr(label, name) for name in LABEL_COLUMNS[1:]]
    return (number, *(yes_no(cell) if isinstance(cell, bool) else cell for cell in cells))


def table_members(answer: Answer) -> dict[str, bytes]:
    """The parameters and CSV tables of one trace."""
    folder = folder_of(answer.number)
    members = {f"{folder}parameters.json": canonical.dumps(answer.question.as_dict())}
    for name, columns in COLUMNS.items():
        members[f"{folder}{name}.csv"] = write_table(columns, answer.tables[name])
    return members


def shown_members(answers: Answers) -> dict[str, bytes]:
    """What is made for eyes, the pictures and the report, whatever language is spoken."""
    with speaking(LANGUAGE):
        members = {
            f"{folder_of(answer.number)}picture.svg": draw_picture(answer, answers)
            for answer in answers.answers
        }
        members[REPORT] = write_report(answers)
    return members
