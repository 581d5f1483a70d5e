"""The commands about requests, their keepers, offices, law and figures, for the lazy table."""

from __future__ import annotations

REQUEST_COMMANDS: dict[str, str] = {
    "request kinds": "unit.requests:list_kinds",
    "request draft": "unit.requests:draft",
    "request list": "unit.requests:list_requests",
    "request show": "unit.requests:show",
    "request check": "unit.requests:check_request",
    "request authorise": "unit.requests:authorise",
    "request print": "unit.request_letters:print_letter",
    "request record-sent": "unit.request_events:record_sent",
    "request record-answer": "unit.request_events:record_answer",
    "request record": "unit.request_events:record_other",
    "request due": "unit.request_due:due",
    "request received add": "unit.request_due:receive",
    "request received check": "unit.request_due:check_received",
    "law list": "unit.law:list_law",
    "law import": "unit.law:import_law",
    "law bases": "unit.law:bases",
    "directory list": "unit.directory:list_offices",
    "directory show": "unit.directory:show_office",
    "directory verify": "unit.directory:verify_office",
    "directory add": "unit.directory:add_offices",
    "directory import": "unit.directory:import_directory",
    "directory export": "unit.directory:export_directory",
}

REQUEST_GROUPS = {
    "law": "The law that a request stands on: texts of law, agreements, treaties.",
    "directory": "Offices and keepers to which requests go, each with its source and age.",
    "request": "Requests to keepers of money or data, and to other States.",
    "request received": "Requests of others: registered and checked.",
}
