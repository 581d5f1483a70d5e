"""From reported transfers and traces to freeze letters: the page, the findings, the drafts."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest

from kancil.bitcoin.labels.label import Given
from kancil.bitcoin.labels.label_format import LabelFile
from kancil.bitcoin.labels.labels import read_labels
from kancil.bitcoin.labels.store import store_import
from tests.cli.running import Unit
from tests.cli.sample_unit import LONG_CHAIN, copied
from tests.studies.keepers.test_traced import PEELED
from tests.web.scam_site import read_scam
from tests.web.signing import PASSPHRASE, PASSWORD, case_of, confirm, with_key
from tests.web.site import OUTSIDER, Site, site_of

PAGE = "/cases/1/keepers/"
DRAFT = f"{PAGE}draft/"


@pytest.fixture(scope="module")
def money(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The sample unit with the invented swindle, and a trace that met a labelled exchange."""
    folder = tmp_path_factory.mktemp("keepers")
    unit = copied(sample, folder)
    file = folder / "labels.csv"
    file.write_text(
        f"address,label,category,publisher\n{PEELED},Example Exchange,exchange,Example Labels\n"
    )
    unit.say("labels", "import", file, "--fetched-on", "2024-09-27")
    unit.say("bitcoin", "trace", "main", LONG_CHAIN, "--case", "C1", "--why", "sample")
    site = site_of(unit)
    read_scam(site, folder)
    with_key(site, "officer")
    return site


def page(client: Any, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def visible(shown: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())


def ids(shown: str) -> dict[str, str]:
    """The box to tick of each keeper, by its name."""
    rows = re.findall(r'name="keeper" value="([0-9a-f]{16})".*?(?=name="keeper"|</table>)', shown,
                      re.S)  # fmt: skip
    parts = re.split(r'name="keeper" value="[0-9a-f]{16}"', shown)[1:]
    names = ("Example Exchange", "Mekong Example Bank", "Tether", "Example Swap")
    return {next(name for name in names if name in part): each
            for each, part in zip(rows, parts, strict=True)}  # fmt: skip


def drafts(site: Site) -> list[Any]:
    """The letters of case 1, the newest first, each as it was drafted."""
    from kancil.desk.requests.queries import read_version, requests_of

    return [read_version(site.workspace, each) for each in requests_of(site.ledger, case_of(site))]


def test_the_answer_names_whom_to_ask_first_and_that_only_they_know_what_is_left(
    money: Site,
) -> None:
    shown = page(money.client("officer"))
    told = visible(shown)
    assert "The money came to 3 accounts and addresses. Ask first: Example Exchange" in told
    assert "where at most 0.03599946 BTC may remain" in told, "nothing is seen leaving it"
    assert "statement shows a balance of 1 400 000 LAK" in told
    assert "The newest payment came" in told, "a hold of old money is warned of"
    assert "Amounts of different assets were not compared" in told
    assert told.count("What is still there is unknown until its keeper answers.") == 1
    assert "Addresses at no known keeper got at most" in told
    assert set(ids(shown)) == {"Example Exchange", "Mekong Example Bank", "Tether"}
    assert "It is a rule of this program, not a measured chance." in told
    reader = page(money.client("reader"))
    assert "Draft freeze request" not in reader
    assert money.client("reader").post(DRAFT).status_code == 403
    assert money.client(OUTSIDER).get(PAGE).status_code == 404


def test_from_a_trace_to_a_letter_in_two_clicks(money: Site) -> None:
    client = money.client("officer")
    trace = page(client, "/cases/1/money/4/")
    (way,) = re.findall(r'href="(/cases/1/keepers/\?trace=T4)"', trace)
    shown = page(client, way)
    assert list(ids(shown)) == ["Example Exchange"], "of this trace alone"
    assert "/cases/1/money/4/finding/?row=" in shown, "its finding is signed first"
    before = len(drafts(money))
    action = html.unescape(re.findall(r'action="([^"]+)"', shown)[-1])
    assert action == f"{DRAFT}?trace=T4"
    asked = {"keeper": list(ids(shown).values()), "channel": "keeper", "unsigned": "yes"}
    assert client.post(action, asked).status_code == 302
    letter, *_ = made = drafts(money)
    assert len(made) == before + 1
    assert (letter.kind, letter.addressee.name) == ("freeze", "Example Exchange")
    assert letter.addressee.kind == "exchange"
    assert letter.reference == f"LA-C1-R{before + 1}"
    (item,) = letter.items
    assert (item.value, item.standing.value) == (PEELED, "proved")
    assert item.proof.startswith("T4 output ")
    assert "Example Labels labels the address" in letter.texts["facts"]
    assert "Training exercise" in letter.texts["domestic_order"]


def test_what_a_table_reports_is_signed_and_then_covers_the_letter(money: Site) -> None:
    client = money.client("officer")
    shown = page(client)
    bank = ids(shown)["Mekong Example Bank"]
    where = f"{PAGE}sign/?keeper={bank}"
    assert where in html.unescape(shown)
    offered = page(client, where)
    assert "Example Police reports, in E4, line 2, that 50 000 000 LAK came to" in visible(offered)
    seen = re.findall(r'name="finding" value="([0-9a-f]{64})"', offered)
    assert len(seen) == 2
    money.people["examiner"].set_password(PASSWORD)
    money.people["examiner"].save()
    keyless = money.client("examiner")
    confirm(keyless)
    told = keyless.post(where, {"finding": seen, "passphrase": PASSPHRASE}).content.decode()
    assert "You have no signing key yet: make one on the page My signing key" in told
    assert ".pem" not in told
    confirm(client)
    wrong = client.post(where, {"finding": seen, "passphrase": "another"})
    assert wrong.status_code == 200
    nothing = client.post(where, {"passphrase": PASSPHRASE})
    assert nothing.status_code == 200
    made = client.post(where, {"finding": seen, "passphrase": PASSPHRASE})
    assert made.status_code == 302
    entries = money.entries("finding.accepted")[-2:]
    assert {entry.body["class"] for entry in entries} == {"attribution"}
    assert {entry.body["trace"] for entry in entries} == {None}
    assert f"sign/?keeper={bank}" not in page(client)
    client.post(DRAFT, {"keeper": [bank], "channel": "keeper"})
    letter = drafts(money)[0]
    assert letter.addressee.name == "Mekong Example Bank"
    assert letter.findings == tuple(f"F{entry.body['number']}" for entry in entries)
    assert letter.attachments == (), "a table holds other people's rows too"
    from kancil.desk.requests.queries import problems_of

    fields = {
        each.field for each in problems_of(money.ledger, money.case("C1"), letter) if each.stops
    }
    officers_alone = {"contact", "offences", "hold_until", "order_by", "rights",
                          "rights_checked_by", "urgency"}  # fmt: skip
    assert fields == officers_alone, "why money of 2009 is to be held now, only they know"
    assert "F" in visible(page(client, "/cases/1/findings/"))
    money.verify()


def test_each_keeper_gets_a_letter_of_its_own_and_the_intelligence_unit_one(money: Site) -> None:
    client = money.client("officer")
    chosen = list(ids(page(client)).values())
    before = len(drafts(money))
    first = client.post(DRAFT, {"keeper": chosen, "channel": "keeper"})
    assert "/keepers/sign/?" in first.headers["Location"], "findings are signed before the letter"
    assert "Draft without signing" in page(client, first.headers["Location"])
    client.post(DRAFT, {"keeper": chosen, "channel": "keeper", "unsigned": "yes"})
    made = drafts(money)[: len(drafts(money)) - before]
    assert sorted(each.addressee.kind for each in made) == ["bank", "exchange", "issuer"]
    for letter in made:
        assert {item.keeper for item in letter.items} == {letter.addressee.name}
    assert len({each.reference for each in made}) == 3
    client.post(DRAFT, {"keeper": chosen, "channel": "fiu", "unsigned": "yes"})
    letter = drafts(money)[0]
    assert letter.addressee.kind == "fiu"
    assert {item.keeper for item in letter.items} == {each.addressee.name for each in made}


def test_a_reported_transfer_leads_to_the_deposit_address_at_the_swap_service(money: Site) -> None:
    client = money.client("officer")
    stated = html.unescape(page(client, "/cases/1/stated/?table=" + _tron(money)))
    assert "/cases/1/keepers/?transfer=E7%2C%20line%202" in stated
    shown = page(client, f"{PAGE}?transfer=E7, line 2")
    assert "Example Swap" in ids(shown)
    assert "TC349xxEnsekzGyuDnwQYqLD3uzjigHu7d" in shown
    unknown = client.get(f"{PAGE}?transfer=E99, line 2")
    assert unknown.status_code == 404


def _tron(money: Site) -> str:
    entries = money.entries("transfers.read")
    return str(next(each.n for each in entries if "Tronscan" in str(each.body["mapping"])))


@pytest.mark.parametrize(
    ("sent", "made"),
    [({}, 0), ({"keeper": ["0" * 16], "channel": "keeper"}, 0),
     ({"keeper": ["all"], "channel": "pigeon"}, 0)],
)  # fmt: skip
def test_nothing_ticked_or_a_channel_that_is_none_drafts_nothing(
    money: Site, sent: dict[str, Any], made: int
) -> None:
    client = money.client("officer")
    if sent.get("keeper") == ["all"]:
        sent = {**sent, "keeper": list(ids(page(client)).values())}
    before = len(drafts(money))
    assert client.post(DRAFT, sent).status_code == 302
    assert len(drafts(money)) == before + made


def test_a_case_without_money_says_what_to_do_first(money: Site, tmp_path: Path) -> None:
    money.unit.say("case", "new", "Nothing yet", "--legal-basis", "order 1")
    number = money.unit.ask("case", "list")[-1]["label"][1:]
    money.add("newcomer", "officer", case=f"C{number}")
    shown = visible(page(money.client("newcomer"), f"/cases/{number}/keepers/"))
    assert "No money was followed yet" in shown


def test_the_command_lists_them_and_begins_a_letter(money: Site) -> None:
    unit = money.unit
    told = unit.ask("keepers", "--case", "C1", "--trace", "T4", "--at", "2015-08-21")
    (row,) = told["keepers"]
    assert (row["keeper"], row["amount_most"], row["hours_since"]) == (
        "Example Exchange", "0.03599946", 11,
    )  # fmt: skip
    assert row["rank_reason"].startswith("11 hours ago, within 72 hours")
    drafted = unit.ask("request", "draft", "freeze", "--case", "C1", "--trace", "T4")
    assert drafted["kind"] == "freeze"
    signed = unit.ask("finding", "accept", "C1", "--transfer", "E7, line 3")
    assert signed["class"] == "attribution"
    assert signed["text"].startswith("Tronscan export reports, in E7, line 3, that 3\u202f190 USDT")
    assert "0.03599946" in unit.say("keepers", "--case", "C1", "--trace", "T4")
    for words in (("--trace", "T99"), ("--transfer", "E1, line 1")):
        unit.ask("keepers", "--case", "C1", *words, status=14)
    unit.ask("request", "draft", "freeze", "--case", "C1", "--keeper", "99", status=13)
    unit.ask("request", "draft", "preservation", "--case", "C1", "--keeper", "1", status=13)


def test_the_canvas_leads_from_an_account_and_a_traced_box_to_their_keepers(money: Site) -> None:
    client = money.client("officer")
    asked = {"kind": "party", "chain": "tron", "value": "TF3wnUjgQiRrv6WtPj8RHBdC1j6CQxj9Y9"}
    panel = page_of(client, "/cases/1/canvas/panel/", asked)
    (way,) = re.findall(r'href="(/cases/1/keepers/\?party=party-[0-9a-f]{16})"', panel)
    assert "Example Swap" in ids(page(client, way)), "all that was paid to it is followed"
    box = {"kind": "address", "chain": "main", "value": PEELED, "trace": "4"}
    assert "/cases/1/keepers/?trace=T4" in page_of(client, "/cases/1/canvas/panel/", box)
    assert client.get(f"{PAGE}?party=party-{'0' * 16}").status_code == 404


def test_a_label_of_a_tron_address_stands_in_its_row_and_its_panel(
    money: Site, tmp_path: Path
) -> None:
    """A list of another chain reaches the keepers and the canvas, not the search alone."""
    address = "TF3wnUjgQiRrv6WtPj8RHBdC1j6CQxj9Y9"
    client = money.client("officer")
    asked = {"kind": "party", "chain": "tron", "value": address}
    before = page_of(client, "/cases/1/canvas/panel/", asked)
    assert "Listed by OFAC" not in before
    (way,) = re.findall(r'href="(/cases/1/keepers/\?party=party-[0-9a-f]{16})"', before)
    file = LabelFile("sanctioned_addresses_TRX.txt", f"{address}\n".encode())
    stored = store_import(money.workspace.labels_dir, read_labels(file, Given()))
    try:
        assert "Listed by OFAC" in page_of(client, "/cases/1/canvas/panel/", asked)
        assert "Listed by OFAC" in page(client, way)
    finally:
        stored.path.unlink()


def page_of(client: Any, address: str, asked: dict[str, str]) -> str:
    return html.unescape(client.get(address, asked).content.decode())


def test_what_an_answer_says_is_held_is_offered_for_the_victims(money: Site) -> None:
    from kancil.custody.requests import record_event
    from kancil.desk.requests.queries import requests_of

    held = requests_of(money.ledger, case_of(money))[0]
    url = f"/cases/1/requests/{held.history.number}/"
    client = money.client("officer")
    assert "tab=victims" not in page(client, url)
    body = {
        "what": "hold-set", "on": "2026-03-09", "until": None, "reference": "F-1", "reason": "",
        "exhibit": None, "channel": "", "letter_sha256": None,
        "amounts": [{"what": "held", "amount": "70000000", "asset": "LAK"}],
    }  # fmt: skip
    record_event(money.ledger, case=case_of(money), request=held.history.id, body=body, by=money.by)
    assert "/cases/1/stated/?tab=victims" in page(client, url)


def test_a_payment_of_a_trace_is_signed_and_drafted_with_one_passphrase(money: Site) -> None:
    client = money.client("officer")
    confirm(client)
    way = "/cases/1/keepers/?trace=T4"
    (exchange,) = ids(page(client, way)).values()
    before = len(drafts(money))
    sent = client.post(f"{DRAFT}?trace=T4", {"keeper": exchange, "channel": "keeper"})
    where = sent.headers["Location"]
    assert where.startswith("/cases/1/keepers/sign/?trace=T4")
    offered = page(client, where)
    (seen,) = re.findall(r'name="finding" value="([0-9a-f]{64})"', offered)
    assert f"payable to {PEELED}" in visible(offered)
    assert "nothing in it proves it" not in visible(offered)
    signed = client.post(where, {"finding": seen, "passphrase": PASSPHRASE})
    assert signed.status_code == 302, visible(signed.content.decode())
    accepted = money.entries("finding.accepted")[-1]
    (trace,) = (each for each in money.entries("trace.run") if each.body["number"] == 4)
    assert accepted.body["class"] == "chain-fact"
    assert accepted.body["trace"] == trace.body["trace"]
    assert accepted.body["result_sha256"] == trace.body["result_sha256"]
    letter, *_ = made = drafts(money)
    assert len(made) == before + 1
    assert letter.findings == (f"F{accepted.body['number']}",)
