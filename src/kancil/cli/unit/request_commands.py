"""The commands about requests, their keepers, offices, law and figures, for the lazy table."""

from __future__ import annotations

from kancil.cli.frame.target import Target

REQUEST_COMMANDS: dict[str, Target] = {
    "request kinds": Target(
        "unit.requests",
        "list_kinds",
        "List the kinds of request, to whom each goes, and its fields.",
        "kancil request kinds",
    ),
    "request draft": Target(
        "unit.requests",
        "draft",
        "Draft a request to a bank, exchange, provider or State, or its next version.",
        "kancil request draft preservation --case C1 --fields letter.json",
    ),
    "request list": Target(
        "unit.requests", "list_requests", "List the requests of a case.", "kancil request list C1"
    ),
    "request show": Target(
        "unit.requests", "show", "Show a request and what became of it.", "kancil request show R1"
    ),
    "request check": Target(
        "unit.requests",
        "check_request",
        "Check a draft as the office that gets it would.",
        "kancil request check R1",
    ),
    "request authorise": Target(
        "unit.requests",
        "authorise",
        "Record that a named authority lets a request leave.",
        "kancil request authorise R1 --authority 'Dara S.' --post 'Head of the unit'",
    ),
    "request print": Target(
        "unit.request_letters",
        "print_letter",
        "Print the letter of a request, in one or two languages, or as a machine form.",
        "kancil request print R1 -o letter.pdf",
    ),
    "request record-sent": Target(
        "unit.request_events",
        "record_sent",
        "Record that the authority sent a request, and how.",
        "kancil request record-sent R1 --on 2026-03-09 --channel e-mail --exhibit E5",
    ),
    "request record-answer": Target(
        "unit.request_events",
        "record_answer",
        "Record an answer, whole, in part or refused.",
        "kancil request record-answer R1 --exhibit E6 --in-part",
    ),
    "request record": Target(
        "unit.request_events",
        "record_other",
        "Record what else became of a request: acknowledged, renewed, held, closed.",
        "kancil request record R1 renewed --until 2026-06-30",
    ),
    "request due": Target(
        "unit.request_due",
        "due",
        "Show what is overdue and what is due of all requests, also as a calendar file.",
        "kancil request due --ics due.ics",
    ),
    "request received add": Target(
        "unit.request_due",
        "receive",
        "Register a request of others in the case that deals with it.",
        "kancil request received add preservation --case C1 --from 'Unit X' --country TH",
    ),
    "request received check": Target(
        "unit.request_due",
        "check_received",
        "Check a request of others before it is carried out, or list what is to be checked.",
        "kancil request received check R2 --answer signed=yes --answer basis=yes",
    ),
    "law list": Target(
        "unit.law",
        "list_law",
        "List the texts of law and agreements that the unit keeps.",
        "kancil law list",
    ),
    "law import": Target(
        "unit.law",
        "import_law",
        "Import a file of law: texts of law, agreements, status of treaties.",
        "kancil law import laos.yaml",
    ),
    "law bases": Target(
        "unit.law",
        "bases",
        "Show on which law a request to another country may stand.",
        "kancil law bases --kind freeze --with TH",
    ),
    "directory list": Target(
        "unit.directory",
        "list_offices",
        "List offices and keepers to which a request may go, and which of them are verified.",
        "kancil directory list --kind central-authority --country PH",
    ),
    "directory show": Target(
        "unit.directory",
        "show_office",
        "Show one office: its channel, its source, and what others state of it.",
        "kancil directory show google",
    ),
    "directory verify": Target(
        "unit.directory",
        "verify_office",
        "Record that you found an entry right, or what is right instead.",
        "kancil directory verify google --how 'signed in to the portal'",
    ),
    "directory add": Target(
        "unit.directory",
        "add_offices",
        "Add offices that the directory does not have, from a file.",
        "kancil directory add offices.yaml --how 'letter of the ministry, 3 March'",
    ),
    "directory import": Target(
        "unit.directory",
        "import_directory",
        "Import another unit's signed directory.",
        "kancil directory import unit.kancil-directory",
    ),
    "directory export": Target(
        "unit.directory",
        "export_directory",
        "Export what your unit verified as a signed file for other units.",
        "kancil directory export -o unit.kancil-directory",
    ),
}

REQUEST_GROUPS = {
    "law": "The law that a request stands on: texts of law, agreements, treaties.",
    "directory": "Offices and keepers to which requests go, each with its source and age.",
    "request": "Requests to keepers of money or data, and to other States.",
    "request received": "Requests of others: registered and checked.",
}
