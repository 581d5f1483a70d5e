"""Background jobs of the programme's books; importing it makes them known."""

from __future__ import annotations

from kancil.desk.programme.jobs.iati import publish_file
from kancil.desk.programme.jobs.imports import take_import, try_import

JOBS = (publish_file, take_import, try_import)
