"""The commands of the programme's desk, for the lazy table of all commands."""

from __future__ import annotations

from kancil.cli.frame.target import Target

PROGRAMME_COMMANDS: dict[str, Target] = {
    # event
    "programme attendance list": Target(
        "delivery.event",
        "attendance_list",
        "List who is registered for an activity, and on which days they came.",
        "kancil programme attendance list 2027-SEA-014",
    ),
    "programme attendance import": Target(
        "delivery.event",
        "attendance_import",
        "Import the marks that a device saved as a signed file.",
        "kancil programme attendance import 2027-SEA-014 kancil-marks-1.json",
    ),
    "programme attendance sheet": Target(
        "delivery.event",
        "attendance_sheet",
        "Print the attendance sheet of a day, or badges, as PDF.",
        "kancil programme attendance sheet 2027-SEA-014 --on 2027-03-09 -o sheet.pdf",
    ),
    "programme evaluation list": Target(
        "delivery.event",
        "evaluation_list",
        "List what participants said at once, after 3 and after 6 months.",
        "kancil programme evaluation list 2027-SEA-014",
    ),
    "programme evaluation enter": Target(
        "delivery.event",
        "evaluation_enter",
        "Enter evaluation sheets from a JSON file.",
        "kancil programme evaluation enter 2027-SEA-014 at-once sheets.json",
    ),
}
PROGRAMME_GROUPS: dict[str, str] = {
    "programme": "Activities, people, donors, results, and what leaves.",
    # event
    "programme attendance": "Who came: marks, sheets, badges.",
    "programme evaluation": "What participants said, without their names.",
}
