"""Background jobs of intake; importing it makes them known."""

from __future__ import annotations

from .folders import admit_folder
from .uploads import admit_upload

JOBS = (admit_folder, admit_upload)
