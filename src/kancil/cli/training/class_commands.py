"""The commands of classes, for the lazy table of all commands."""

from __future__ import annotations

from kancil.cli.frame.target import Target

CLASS_COMMANDS: dict[str, Target] = {
    "class open": Target(
        "training.classes",
        "open_it",
        "Open a class in a classroom; its join code is printed.",
        "kancil class open 'Tracing in March' --trainer dala --from 2026-03-09 --to 2026-03-13"
        " --seal-to age1…",
    ),
    "class list": Target(
        "training.classes",
        "list_classes",
        "List the classes of a classroom, with their join codes.",
        "kancil class list",
    ),
    "class first-blocks": Target(
        "training.classes",
        "add_first_blocks",
        "Add the first 600 real blocks to a classroom, as a blockchain that every case reads.",
        "kancil class first-blocks",
    ),
    "class board": Target(
        "training.classes",
        "show_board",
        "Show how far everybody of a class is with each lab.",
        "kancil class board 'Tracing in March'",
    ),
}

CLASS_GROUPS = {"class": "Classes of a classroom, and how far everybody is."}
