"""The commands of the classroom, for the lazy table of all commands."""

from __future__ import annotations

TRAINING_COMMANDS: dict[str, str] = {
    "lab list": "training.labs:lab_list",
    "lab make": "training.labs:lab_make",
    "lab check": "training.labs:lab_check",
    "lab solve": "training.solving:lab_solve",
    "lab mark": "training.labs:lab_mark",
    "lab correct": "training.labs:lab_correct",
    "lab pack": "training.labs:lab_pack",
    "lab unpack": "training.labs:lab_unpack",
    "class open": "training.classes:open_it",
    "class list": "training.classes:list_classes",
    "class first-blocks": "training.classes:add_first_blocks",
    "class board": "training.classes:show_board",
    "certificate issue": "training.issuing:issue",
    "certificate verify": "training.certificates:verify",
    "certificate revoke": "training.issuing:revoke",
    "certificate revocations": "training.issuing:revocations",
    "certificate list": "training.issuing:list_certificates",
    "course list": "training.courses:course_list",
    "course check": "training.courses:course_check",
    "course export": "training.courses:course_export",
    "course print": "training.courses:course_print",
    "course import": "training.courses:course_import",
}

TRAINING_GROUPS: dict[str, str] = {
    "lab": "Labs: exercises with evidence, questions and a sealed key.",
    "class": "Classes of a classroom, and how far everybody is.",
    "certificate": "Certificates of courses, and the list of revoked ones.",
    "course": "Courses: lessons, practicals and parallel tests, as data.",
}
