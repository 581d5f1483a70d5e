"""The commands of the programme's desk, for the lazy table of all commands."""

from __future__ import annotations

from kancil.cli.frame.target import Target

PROGRAMME_COMMANDS: dict[str, Target] = {
    # iati
    "iati reporter": Target(
        "delivery.iati",
        "reporter",
        "Say which organisation publishes the programme's IATI files.",
        "kancil iati reporter XM-DAC-41128 --name Office --title Cybercrime --description '…'",
    ),
    "iati export": Target(
        "delivery.iati",
        "export",
        "Publish the programme as an IATI file that was checked.",
        "kancil iati export -o activities.xml",
    ),
    "iati files": Target(
        "delivery.iati",
        "list_files",
        "List the IATI files that were published.",
        "kancil iati files",
    ),
    "iati import": Target(
        "delivery.iati",
        "import_file",
        "Import activities from an IATI file.",
        "kancil iati import activities.xml --dry-run",
    ),
    "iati undo": Target(
        "delivery.iati",
        "undo",
        "Undo an import of an IATI file.",
        "kancil iati undo ID",
    ),
}
PROGRAMME_GROUPS: dict[str, str] = {}
