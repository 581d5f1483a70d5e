"""The commands for figures and packages, for the lazy table of all commands."""

from __future__ import annotations

from kancil.cli.frame.target import Target

PACKAGE_COMMANDS: dict[str, Target] = {
    "figures": Target(
        "unit.packages",
        "figures",
        "Show the figures of requests sent in a period, over all cases.",
        "kancil figures --since 2026-01-01 --until 2026-06-30",
    ),
    "package make": Target(
        "unit.packages",
        "make",
        "Make a package of figures for another site, which another officer reviews.",
        "kancil package make --to 'Programme' --since 2026-01-01 --until 2026-06-30",
    ),
    "package review": Target(
        "unit.packages",
        "review",
        "Review a package that another officer made, and sign it with the unit's key.",
        "kancil package review ID -o figures.kancil-package",
    ),
    "package discard": Target(
        "unit.packages",
        "discard",
        "Discard the draft of a package.",
        "kancil package discard ID",
    ),
    "package list": Target(
        "programme.packages",
        "list_packages",
        "List packages of figures: made on a unit's site, imported on a programme's.",
        "kancil package list",
    ),
    "package show": Target(
        "programme.packages",
        "show_package",
        "Show all that a package of figures says.",
        "kancil package show ID",
    ),
}
