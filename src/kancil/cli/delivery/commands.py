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
    # money
    "programme donor list": Target(
        "delivery.money", "donor_list", "List the donors.", "kancil programme donor list"
    ),
    "programme donor add": Target(
        "delivery.money",
        "donor_add",
        "Add a donor.",
        "kancil programme donor add 'Ministry of Norland' --country-code XN",
    ),
    "programme grant list": Target(
        "delivery.money",
        "grant_list",
        "List the grants: given, spent, left, and the next report due.",
        "kancil programme grant list --running",
    ),
    "programme grant show": Target(
        "delivery.money",
        "grant_show",
        "Show a grant, what it pays for, and whether it is reconciled.",
        "kancil programme grant show NOR-1",
    ),
    "programme grant add": Target(
        "delivery.money",
        "grant_add",
        "Add a grant of a donor.",
        "kancil programme grant add NOR-1 --title 'Cybercrime units' --donor 'Ministry of Norland' "
        "--amount 1250000.00 --currency USD --begins-on 2026-01-01 "
        "--ends-on 2027-12-31 --audit-until 2034-12-31 --support-percent 13",
    ),
    "programme rate list": Target(
        "delivery.money", "rate_list", "List the tables of rates.", "kancil programme rate list"
    ),
    "programme rate import": Target(
        "delivery.money",
        "rate_import",
        "Import a table of rates of exchange.",
        "kancil programme rate import rates.csv --source 'UN operational rates of exchange' "
        "--valid-from 2026-11-01",
    ),
    "programme spending import": Target(
        "delivery.spending",
        "spending_import",
        "Import spending from an export of your organisation's ledger.",
        "kancil programme spending import ledger.csv --system Ledger --from 2026-01-01 "
        "--to 2026-06-30 --currency USD --stated 125000.00",
    ),
    "programme spending list": Target(
        "delivery.spending",
        "spending_list",
        "List the files of spending, or the lines not matched with a grant.",
        "kancil programme spending list --unmatched",
    ),
    "programme spending match": Target(
        "delivery.spending",
        "spending_match",
        "Match lines of spending to a grant and an activity by hand.",
        "kancil programme spending match 17 18 --grant NOR-1",
    ),
    "programme spending undo": Target(
        "delivery.spending",
        "spending_undo",
        "Undo an import of spending whole.",
        "kancil programme spending undo 01a0…",
    ),
    "programme spending reconcile": Target(
        "delivery.spending",
        "spending_reconcile",
        "Say whether a file or a grant is reconciled, and why not.",
        "kancil programme spending reconcile NOR-1 --from 2026-01-01 --to 2026-06-30",
    ),
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
    # imports
    "programme import take": Target(
        "delivery.imports",
        "import_take",
        "Import participants, past activities or budgets from a spreadsheet.",
        "kancil programme import take list.xlsx --kind participants --activity 2027-SEA-014",
    ),
    "programme import list": Target(
        "delivery.imports",
        "import_list",
        "List the spreadsheets that were imported.",
        "kancil programme import list",
    ),
    "programme import undo": Target(
        "delivery.imports",
        "import_undo",
        "Undo an import from a spreadsheet.",
        "kancil programme import undo 01a0…",
    ),
}
PROGRAMME_GROUPS: dict[str, str] = {
    "programme": "The programme's desk: activities, people, money, results, and what leaves.",
    "programme activity": "What is done, for whom, when, and who pays.",
    "programme results": "The results framework and its counting.",
    "programme figure": "Figures of indicators, with what stands behind them.",
    "programme attendance": "Who came: marks, sheets, badges.",
    "programme evaluation": "What participants said, without their names.",
    "programme donor": "Donors.",
    "programme grant": "Grants.",
    "programme rate": "Tables of rates of exchange.",
    "programme spending": "Spending from your organisation's ledger.",
    "programme report": "Donor reports: begun, written, published.",
    "programme organisation": "Organisations: who is helped, and partners.",
    "programme participant": "Adults who take part in activities.",
    "programme registration": "Registrations for activities.",
    "programme import": "Imports from spreadsheets, each of which can be undone.",
}
