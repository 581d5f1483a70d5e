"""Settings for the type checker's Django plugin, of a workspace that is not there."""

from __future__ import annotations

from tools.both_sites import settings_of_both

globals().update(settings_of_both())
