"""Acts of trainers for the whole classroom: the first real blocks for every class."""

from __future__ import annotations

from kancil.desk.jobs.job import Asked
from kancil.desk.people.models import Person
from kancil.desk.training.access import require_trainer
from kancil.desk.training.jobs.first_blocks import read_first_blocks


def add_first_blocks(*, by: Person, authenticated_by: str) -> str:
    """Have the blocks read behind the pages; gives the id of the task. Raises TrainingNotYours."""
    require_trainer(by)
    return read_first_blocks.by(Asked(by, authenticated_by, is_one=True)).enqueue().id
