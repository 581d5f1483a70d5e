"""Django's settings with the rooms of all sites, for checks and tests that look at either.

Django is set up once in a process. A served site installs its own rooms alone; what checks both in
one process installs all, on a workspace that is not there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from kancil.desk.base.settings import APPS_CLASSROOM, APPS_PROGRAMME, settings_for
from kancil.ground.ids import UnitId
from kancil.ground.workspace import Unit, Workspace

NOWHERE = Workspace(Path("nowhere"), Unit(UnitId("0" * 36), "nobody", "ZZ", ZoneInfo("UTC"), "en"))


def settings_of_both() -> dict[str, Any]:
    """The unit's settings with the classroom's and the programme's rooms beside its own."""
    further = [each for each in APPS_PROGRAMME if each not in APPS_CLASSROOM]
    return {**settings_for(NOWHERE, None), "INSTALLED_APPS": [*APPS_CLASSROOM, *further]}
