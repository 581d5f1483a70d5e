"""The commands of the classroom, for the lazy table of all commands."""

from __future__ import annotations

from .certificate_commands import CERTIFICATE_COMMANDS, CERTIFICATE_GROUPS
from .class_commands import CLASS_COMMANDS, CLASS_GROUPS
from .lab_commands import LAB_COMMANDS, LAB_GROUPS

TRAINING_COMMANDS: dict[str, str] = {
    **LAB_COMMANDS,
    **CLASS_COMMANDS,
    **CERTIFICATE_COMMANDS,
    "course list": "training.courses:course_list",
    "course check": "training.courses:course_check",
    "course export": "training.courses:course_export",
    "course print": "training.courses:course_print",
    "course import": "training.courses:course_import",
}

TRAINING_GROUPS: dict[str, str] = {
    **LAB_GROUPS,
    **CLASS_GROUPS,
    **CERTIFICATE_GROUPS,
    "course": "Courses: lessons, practicals and parallel tests, as data.",
}
