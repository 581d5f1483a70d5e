"""The commands of classes, for the lazy table of all commands."""

from __future__ import annotations

CLASS_COMMANDS: dict[str, str] = {
    "class open": "training.classes:open_it",
    "class list": "training.classes:list_classes",
    "class first-blocks": "training.classes:add_first_blocks",
    "class board": "training.classes:show_board",
}

CLASS_GROUPS = {"class": "Classes of a classroom, and how far everybody is."}
