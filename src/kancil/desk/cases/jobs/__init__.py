"""Background jobs of intake and examination; importing it makes them known."""

from __future__ import annotations

from .disks import examine_disk
from .folders import admit_folder
from .uploads import admit_upload

JOBS = (admit_folder, admit_upload, examine_disk)
