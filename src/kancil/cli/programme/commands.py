"""The commands of the programme's desk, for the lazy table of all commands."""

from __future__ import annotations

PROGRAMME_COMMANDS: dict[str, str] = {
    # activities
    "programme activity list": "programme.activities:activity_list",
    "programme activity show": "programme.activities:activity_show",
    "programme activity add": "programme.activities:activity_add",
    "programme activity calendar": "programme.activities:activity_calendar",
    # results
    "programme results list": "programme.results:list_results",
    "programme results import": "programme.results:import_results",
    "programme results export": "programme.results:export_results",
    "programme results count": "programme.results:count_results",
    "programme figure list": "programme.results:list_figures",
    "programme figure show": "programme.results:show_figure",
    "programme figure enter": "programme.results:enter_figure",
    "programme figure correct": "programme.results:correct_figure",
    # event
    "programme attendance list": "programme.event:attendance_list",
    "programme attendance import": "programme.event:attendance_import",
    "programme attendance sheet": "programme.event:attendance_sheet",
    "programme evaluation list": "programme.event:evaluation_list",
    "programme evaluation enter": "programme.event:evaluation_enter",
    # money
    "programme donor list": "programme.money:donor_list",
    "programme donor add": "programme.money:donor_add",
    "programme grant list": "programme.money:grant_list",
    "programme grant show": "programme.money:grant_show",
    "programme grant add": "programme.money:grant_add",
    "programme rate list": "programme.money:rate_list",
    "programme rate import": "programme.money:rate_import",
    "programme spending import": "programme.spending:spending_import",
    "programme spending list": "programme.spending:spending_list",
    "programme spending match": "programme.spending:spending_match",
    "programme spending undo": "programme.spending:spending_undo",
    "programme spending reconcile": "programme.spending:spending_reconcile",
    # reports
    "programme report list": "programme.reports:list_reports",
    "programme report begin": "programme.reports:begin",
    "programme report write": "programme.reports:write",
    "programme report show": "programme.reports:show",
    "programme report publish": "programme.reports:publish",
    "programme annual": "programme.reports:annual",
    "programme country": "programme.reports:country",
    # people
    "programme organisation list": "programme.people:organisation_list",
    "programme organisation add": "programme.people:organisation_add",
    "programme participant list": "programme.people:participant_list",
    "programme participant add": "programme.people:participant_add",
    "programme participant forget": "programme.people:participant_forget",
    "programme participant forget-due": "programme.people:forget_due",
    "programme registration list": "programme.people:registration_list",
    "programme registration form": "programme.people:registration_form",
    "programme registration import": "programme.people:registration_import",
    # iati
    "iati reporter": "programme.iati:reporter",
    "iati export": "programme.iati:export",
    "iati files": "programme.iati:list_files",
    "iati import": "programme.iati:import_file",
    "iati undo": "programme.iati:undo",
    # imports
    "programme import take": "programme.imports:import_take",
    "programme import list": "programme.imports:import_list",
    "programme import undo": "programme.imports:import_undo",
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
