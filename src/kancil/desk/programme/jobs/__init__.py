"""Background jobs of the programme's books; importing it makes them known."""

from __future__ import annotations

from .iati import publish_file
from .imports import take_import, try_import

JOBS = (publish_file, take_import, try_import)
