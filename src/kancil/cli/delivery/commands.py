"""The commands of the programme's desk, for the lazy table of all commands."""

from __future__ import annotations

from kancil.cli.frame.target import Target

PROGRAMME_COMMANDS: dict[str, Target] = {
    # money
    "programme donor list": Target(
        "delivery.money", "donor_list", "List the donors.", "kancil programme donor list"
    ),
    "programme donor add": Target(
        "delivery.money",
        "donor_add",
        "Add a donor.",
        "kancil programme donor add 'Ministry of Norland' --country XN",
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
        "--amount 1250000.00 --currency USD --begins 2026-01-01 --ends 2027-12-31 "
        "--audit-until 2034-12-31 --support 13",
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
        "delivery.money",
        "spending_import",
        "Import spending from an export of your organisation's ledger.",
        "kancil programme spending import ledger.csv --system Ledger --from 2026-01-01 "
        "--to 2026-06-30 --currency USD --stated 125000.00",
    ),
    "programme spending list": Target(
        "delivery.money",
        "spending_list",
        "List the files of spending, or the lines that are no grant's yet.",
        "kancil programme spending list --unmatched",
    ),
    "programme spending match": Target(
        "delivery.money",
        "spending_match",
        "Match lines of spending to a grant and an activity by hand.",
        "kancil programme spending match 17 18 --grant NOR-1",
    ),
    "programme spending undo": Target(
        "delivery.money",
        "spending_undo",
        "Undo an import of spending whole.",
        "kancil programme spending undo 01a0…",
    ),
    "programme spending reconcile": Target(
        "delivery.money",
        "spending_reconcile",
        "Say whether a file or a grant is reconciled, and why not.",
        "kancil programme spending reconcile NOR-1 --from 2026-01-01 --to 2026-06-30",
    ),
}
PROGRAMME_GROUPS: dict[str, str] = {
    "programme": "Activities, donors, results, and what leaves.",
    # money
    "programme donor": "Donors.",
    "programme grant": "Grants.",
    "programme rate": "Tables of rates of exchange.",
    "programme spending": "Spending from your organisation's ledger.",
}
