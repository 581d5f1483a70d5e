"""The commands of the classroom, for the lazy table of all commands."""

from __future__ import annotations

from kancil.cli.frame.target import Target

from .certificate_commands import CERTIFICATE_COMMANDS, CERTIFICATE_GROUPS
from .class_commands import CLASS_COMMANDS, CLASS_GROUPS
from .lab_commands import LAB_COMMANDS, LAB_GROUPS

TRAINING_COMMANDS: dict[str, Target] = {
    **LAB_COMMANDS,
    **CLASS_COMMANDS,
    **CERTIFICATE_COMMANDS,
    "course list": Target(
        "training.courses",
        "course_list",
        "List the courses that come with Kancil, and those that were imported.",
        "kancil course list",
    ),
    "course check": Target(
        "training.courses",
        "course_check",
        "Check the folder of a course: form, sources, tests; every fault with its line.",
        "kancil course check courses/bitcoin-tracing",
    ),
    "course export": Target(
        "training.courses",
        "course_export",
        "Write a course as one signed file, for another classroom.",
        "kancil course export first-responder -o first-responder.kancil-course",
    ),
    "course print": Target(
        "training.courses",
        "course_print",
        "Print a course as PDF: for the trainee, for the trainer, or as slides.",
        "kancil course print first-responder --paper trainer -o trainer.pdf",
    ),
    "course import": Target(
        "training.courses",
        "course_import",
        "Import a signed course into this workspace.",
        "kancil course import first-responder.kancil-course --fingerprint 'SHA256:…'",
    ),
}

TRAINING_GROUPS: dict[str, str] = {
    **LAB_GROUPS,
    **CLASS_GROUPS,
    **CERTIFICATE_GROUPS,
    "course": "Courses: lessons, practicals and parallel tests, as data.",
}
