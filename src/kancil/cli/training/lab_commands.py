"""The commands of labs, for the lazy table of all commands."""

from __future__ import annotations

LAB_COMMANDS: dict[str, str] = {
    "lab list": "training.labs:lab_list",
    "lab make": "training.labs:lab_make",
    "lab check": "training.labs:lab_check",
    "lab solve": "training.solving:lab_solve",
    "lab mark": "training.labs:lab_mark",
    "lab correct": "training.labs:lab_correct",
    "lab pack": "training.labs:lab_pack",
    "lab unpack": "training.labs:lab_unpack",
}

LAB_GROUPS: dict[str, str] = {
    "lab": "Labs: exercises with evidence, questions and a sealed key.",
}
