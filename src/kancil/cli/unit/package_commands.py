"""The commands for figures and packages, for the lazy table of all commands."""

from __future__ import annotations

PACKAGE_COMMANDS: dict[str, str] = {
    "figures": "unit.packages:figures",
    "package make": "unit.packages:make",
    "package review": "unit.packages:review",
    "package discard": "unit.packages:discard",
    "package list": "assess.packages:list_packages",
    "package show": "assess.packages:show_package",
}
