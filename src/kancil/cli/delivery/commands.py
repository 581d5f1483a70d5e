"""The commands of the programme's desk, for the lazy table of all commands."""

from __future__ import annotations

from kancil.cli.frame.target import Target

PROGRAMME_COMMANDS: dict[str, Target] = {
    # reports
    "programme report list": Target(
        "delivery.reports",
        "list_reports",
        "List donor reports: late, due, drafts, published.",
        "kancil programme report list",
    ),
    "programme report begin": Target(
        "delivery.reports",
        "begin",
        "Begin a donor report for a period of a grant, or the correction of a published one.",
        "kancil programme report begin AUS-2024-01 --ends 2025-12-31 --title 'Annual report 2025'",
    ),
    "programme report write": Target(
        "delivery.reports",
        "write",
        "Write a section of a donor report.",
        "kancil programme report write REPORT done --text 'Two courses were held.'",
    ),
    "programme report show": Target(
        "delivery.reports",
        "show",
        "Show what a donor report says, or write it as a file.",
        "kancil programme report show REPORT -o report.pdf",
    ),
    "programme report publish": Target(
        "delivery.reports",
        "publish",
        "Publish a donor report; a named official answers for it.",
        "kancil programme report publish REPORT --official 'I. Vale' --office Director",
    ),
    "programme annual": Target(
        "delivery.reports",
        "annual",
        "Show the tables of a year by country, kind, donor and sex, or write them as XLSX or CSV.",
        "kancil programme annual 2025 -o year.xlsx",
    ),
    "programme country": Target(
        "delivery.reports",
        "country",
        "Show what was done in a country, or write it as a page.",
        "kancil programme country XKA -o kasa.pdf",
    ),
}
PROGRAMME_GROUPS: dict[str, str] = {
    # reports
    "programme": "The programme's desk: activities, people, donors, results.",
    "programme report": "Donor reports: begun, written, published.",
}
