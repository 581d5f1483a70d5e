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
    # results
    "programme results list": Target(
        "delivery.results",
        "list_results",
        "Show the results framework with the newest figure of each indicator.",
        "kancil programme results list --country XKA",
    ),
    "programme results import": Target(
        "delivery.results",
        "import_results",
        "Import a results framework; what differs becomes a new version.",
        "kancil programme results import framework.yaml --reason 'Agreed with donors in May'",
    ),
    "programme results export": Target(
        "delivery.results",
        "export_results",
        "Export the results framework as a file.",
        "kancil programme results export -o framework.yaml",
    ),
    "programme results count": Target(
        "delivery.results",
        "count_results",
        "Count an indicator by its rule, and keep the figure.",
        "kancil programme results count 2.1.a --from 2026-01-01 --to 2026-12-31",
    ),
    "programme figure list": Target(
        "delivery.results",
        "list_figures",
        "List the figures of an indicator, corrected ones too.",
        "kancil programme figure list 2.1.a",
    ),
    "programme figure show": Target(
        "delivery.results",
        "show_figure",
        "Open a figure to its rule, its history, and what stands behind it.",
        "kancil programme figure show 01a2…",
    ),
    "programme figure enter": Target(
        "delivery.results",
        "enter_figure",
        "Enter a figure that is not counted here, with its source.",
        "kancil programme figure enter 2.a 4 --from 2026-01-01 --to 2026-12-31 --source"
        " 'Letter of the unit, 3 June 2026'",
    ),
    "programme figure correct": Target(
        "delivery.results",
        "correct_figure",
        "Correct a figure; the older one stays in its history.",
        "kancil programme figure correct 01a2… 5 --source 'Second letter' --reason 'One was"
        " missed'",
    ),
    # people
    "programme organisation list": Target(
        "delivery.people",
        "organisation_list",
        "List organisations: who is helped, and partners.",
        "kancil programme organisation list --country KHM",
    ),
    "programme organisation add": Target(
        "delivery.people",
        "organisation_add",
        "Add an organisation.",
        "kancil programme organisation add 'Cybercrime Unit' --kind police --country KHM",
    ),
    "programme participant list": Target(
        "delivery.people",
        "participant_list",
        "List participants, with the names of those who consented.",
        "kancil programme participant list --country KHM --role judge",
    ),
    "programme participant add": Target(
        "delivery.people",
        "participant_add",
        "Add an adult who takes part.",
        "kancil programme participant add 'Sok Dara' --country KHM --role prosecutor",
    ),
    "programme participant forget": Target(
        "delivery.people",
        "participant_forget",
        "Forget a participant who asked for it.",
        "kancil programme participant forget 12 --on 2027-03-09",
    ),
    "programme participant forget-due": Target(
        "delivery.people",
        "forget_due",
        "Forget those whose last audit term is over.",
        "kancil programme participant forget-due",
    ),
    "programme registration list": Target(
        "delivery.people",
        "registration_list",
        "List the registrations and places of an activity.",
        "kancil programme registration list 2027-SEA-014",
    ),
    "programme registration form": Target(
        "delivery.people",
        "registration_form",
        "Write the registration form of an activity as one HTML file.",
        "kancil programme registration form 2027-SEA-014 -o form.html",
    ),
    "programme registration import": Target(
        "delivery.people",
        "registration_import",
        "Import what a registration form collected.",
        "kancil programme registration import 2027-SEA-014 forms.jsonl --dry-run",
    ),
}
PROGRAMME_GROUPS: dict[str, str] = {
    "programme": "The programme's desk: activities, people, money, results, and what leaves.",
    "programme activity": "What is done, for whom, when, and who pays.",
    "programme results": "The results framework and its counting.",
    "programme figure": "Figures of indicators, with what stands behind them.",
    "programme organisation": "Organisations: who is helped, and partners.",
    "programme participant": "Adults who take part in activities.",
    "programme registration": "Registrations for activities.",
}
