"""Settings for the type checker's Django plugin, of a workspace that is not there."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from kancil.desk.base.settings import settings_for
from kancil.ground.ids import UnitId
from kancil.ground.workspace import Unit, Workspace

NOWHERE = Workspace(Path("nowhere"), Unit(UnitId("0" * 36), "nobody", "ZZ", ZoneInfo("UTC"), "en"))
globals().update(settings_for(NOWHERE, None))
