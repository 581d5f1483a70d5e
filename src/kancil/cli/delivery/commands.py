"""The commands of the programme's desk, for the lazy table of all commands."""

from __future__ import annotations

from kancil.cli.frame.target import Target

PROGRAMME_COMMANDS: dict[str, Target] = {
    # activities
    "programme activity list": Target(
        "delivery.activities",
        "activity_list",
        "List the activities that you see.",
        "kancil programme activity list --country KHM --since 2027-01-01",
    ),
    "programme activity show": Target(
        "delivery.activities",
        "activity_show",
        "Show one activity, and what is missing before it is confirmed or done.",
        "kancil programme activity show 2027-SEA-014",
    ),
    "programme activity add": Target(
        "delivery.activities",
        "activity_add",
        "Plan an activity, blank or from a template.",
        "kancil programme activity add 'Regional training' --kind training --begins 2027-03-01",
    ),
    "programme activity calendar": Target(
        "delivery.activities",
        "activity_calendar",
        "Write the activities that you see as a calendar file (iCalendar).",
        "kancil programme activity calendar -o activities.ics",
    ),
}
PROGRAMME_GROUPS: dict[str, str] = {
    "programme": "Activities, people, donors, results, and what leaves.",
    # activities
    "programme activity": "What is done, for whom, when, and who pays.",
}
