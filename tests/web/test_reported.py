"""The page of reported transfers: the answer first, then accounts, ways, tricks, joins, victims."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from kancil.studies.reported.book import Party
from tests.cli.stated_files import RECEIVER
from tests.data.scam.make import FILES, LOOK_ALIKE, MULE, SECOND, SPAMMER, VICTIM
from tests.studies.reported.making import book_of, row
from tests.studies.reported.scam import mapping_of
from tests.web.site import OUTSIDER, Site
from tests.web.test_stated import sent_form, told

PAGE = "/cases/1/stated/"


def text_of(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_answer_says_who_reports_how_much_of_when_and_that_nothing_is_proved(
    scam_site: Site,
) -> None:
    page = text_of(scam_site.client("reader"), PAGE)
    assert "Vientiane Example Bank" in page
    assert re.search(
        r"report from 2009-01-05 to 2009-01-13: \d+; of these, 4 look like the same payment twice\."
        r" None of them is proved by that\.", page
    )  # fmt: skip
    assert "Between 201\u202f000\u202f000 LAK and 320\u202f000\u202f000 LAK moved" in page
    assert "each hop counted. Transfers: 5 to 7." in page
    assert "3 victims complain of having paid" in page
    assert "Limits of this result" in page
    victims = text_of(scam_site.client("reader"), PAGE + "?tab=victims")
    assert victims.count("not known") > 12, "four columns of three victims, and the sentence"
    assert " 0.00 " not in victims
    assert "Invented One" not in page, "names of victims stay in the exhibit"
    assert scam_site.client(OUTSIDER).get(PAGE).status_code == 404


def test_false_tokens_look_alikes_and_wrong_balances_stand_under_needs_a_look(
    scam_site: Site,
) -> None:
    page = text_of(scam_site.client("officer"), f"{PAGE}?tab=look")
    for words in (LOOK_ALIKE, SECOND, SPAMMER, "Tether", "E5, line 7", "-100,000"):
        assert words in page, words


def test_an_officer_joins_accounts_and_then_the_way_from_bank_to_bitcoin_is_found(
    scam_site: Site,
) -> None:
    client = scam_site.client("officer")
    way = f"{PAGE}?tab=follow&party_from={VICTIM}&party_to={RECEIVER}"
    assert "Open the account under Accounts" in text_of(client, way), "two banks name the account"
    joins = client.get(f"{PAGE}?tab=joins").content.decode()
    marks = re.findall(r'name="pair" value="([0-9a-f]{64})"', joins)
    assert len(marks) == 9, (
        "one line an account and one a kind of two publishers' rows, of 12 pairs"
    )
    assert "stands in the tables of Example Exchange, Example Police, Mekong Example Bank" in joins
    sent = {"do": "pairs", "pair": marks, "decision": "same", "decision_remark": "compared"}
    follows = client.post("/cases/1/stated/decide/", sent | {"do": "follows"}).content.decode()
    assert "Decisions: 12. Transfers that count: 16 now, 10 then." in follows
    assert "Pairs not decided: 12 now, 0 then." in follows
    assert "Now: Victims complain" in follows
    assert "Then: Victims complain" in follows
    assert scam_site.entries("transfers.decided") == [], "what follows is shown, not recorded"
    again = re.findall(r'name="pair" value="([0-9a-f]{64})"', follows)
    assert client.post("/cases/1/stated/decide/", sent | {"pair": again}).status_code == 302
    entries = scam_site.entries("transfers.decided")
    assert len(entries) == 12
    assert {entry.body["remark"] for entry in entries} == {"compared"}
    assert {entry.body["what"] for entry in entries} == {"party", "transfer", "service"}
    page = text_of(client, way)
    assert "Transfers that lead from" in page
    assert "That the same money moved is not shown by it." in page
    followed = text_of(client, f"{PAGE}?tab=follow&transfer=E3, line 6&way=forward")
    assert "Further transfers reached: 1;" in followed
    assert "accounting conventions over reported balances" in followed
    assert "After that USDT left" in followed
    answer = text_of(client, PAGE)
    assert "80\u202f000\u202f000 LAK, counted once over all its hops" in answer
    rows = client.get(f"{PAGE}?tab=follow&transfer=E3, line 6&way=forward&csv=followed")
    assert rows.content.decode().count("\n") == 3
    scam_site.verify()


def test_one_of_the_pairs_of_an_account_is_decided_alone(scam_site: Site) -> None:
    client = scam_site.client("officer")
    joins = client.get(f"{PAGE}?tab=joins").content.decode()
    (opened,) = re.findall(r'href="(\?tab=joins&amp;of=[0-9a-f]{64})">3<', joins)
    alone = client.get(PAGE + opened.replace("&amp;", "&")).content.decode()
    marks = re.findall(r'name="pair" value="([0-9a-f]{64})"', alone)
    assert len(marks) == 3
    client.post("/cases/1/stated/decide/", {"do": "pairs", "pair": marks[1], "decision": "apart"})
    (entry,) = scam_site.entries("transfers.decided")
    assert entry.body["decision"] == "apart"


def test_a_decision_is_withdrawn_by_a_new_entry(scam_site: Site) -> None:
    client = scam_site.client("officer")
    marks = re.findall(r'name="pair" value="([0-9a-f]{64})"',
                       client.get(f"{PAGE}?tab=joins").content.decode())  # fmt: skip
    sent = {"do": "pairs", "pair": marks[:1], "decision": "same", "decision_remark": ""}
    client.post("/cases/1/stated/decide/", sent)
    (entry,) = scam_site.entries("transfers.decided")
    client.post("/cases/1/stated/decide/", {"do": "undo", "entry": [str(entry.n)]})
    decisions = [each.body["decision"] for each in scam_site.entries("transfers.decided")]
    assert decisions == ["same", "undone"]
    again = client.get(f"{PAGE}?tab=joins").content.decode()
    assert f'value="{marks[0]}"' in again, "it is suggested again"
    client.post("/cases/1/stated/decide/", {"do": "pairs", "decision": "same"})
    assert len(scam_site.entries("transfers.decided")) == 2, "nothing ticked, nothing recorded"


def test_following_stops_at_a_service_unless_a_reason_is_given(scam_site: Site) -> None:
    client = scam_site.client("officer")
    named = {"party": SECOND, "decision_remark": "the exchange says so in its letter"}
    assert client.post("/cases/1/stated/decide/?do=service", named).status_code == 302
    follow = f"{PAGE}?tab=follow&transfer=E7, line 3&way=forward"
    assert f"came to {SECOND}, a service, where following stops" in text_of(client, follow)
    without = text_of(client, f"{follow}&through={SECOND}")
    assert "Say why following goes on through it." in without
    through = text_of(client, f"{follow}&through={SECOND}&through_reason=one customer alone")
    assert "Following goes on through" in through
    assert "one customer alone" in through


def test_what_is_frozen_and_returned_is_recorded_and_stands_beside_the_loss(
    scam_site: Site,
) -> None:
    client = scam_site.client("officer")
    page = client.get(f"{PAGE}?tab=victims").content.decode()
    victim = re.search(r'<option value="(\d+)"[^>]*>E4, line 2', page)
    assert victim is not None
    sent = {"victim": victim[1], "outcome": "frozen", "outcome_amount": "1,500,000",
            "outcome_reference": "order 7"}  # fmt: skip
    assert client.post("/cases/1/stated/victim/", sent).status_code == 302
    (entry,) = scam_site.entries("victims.recorded")
    assert (entry.body["amount"], entry.body["asset"]) == ("1500000", "LAK")
    assert "1500000 LAK" in text_of(client, f"{PAGE}?tab=victims")
    client.post("/cases/1/stated/victim/", {**sent, "outcome_amount": "a lot"})
    assert len(scam_site.entries("victims.recorded")) == 1
    reader = scam_site.client("reader")
    assert reader.post("/cases/1/stated/victim/", sent).status_code == 403
    assert reader.post("/cases/1/stated/decide/", {"do": "undo"}).status_code == 403


def test_each_account_has_its_counterparties_days_and_a_file(scam_site: Site) -> None:
    client = scam_site.client("officer")
    page = client.get(f"{PAGE}?tab=accounts").content.decode()
    parties = re.findall(r"\?tab=accounts&amp;party=(party-[0-9a-f]{16})", page)
    assert len(set(parties)) > 8
    one = text_of(client, f"{PAGE}?tab=accounts&party={parties[0]}")
    for words in ("Counterparties", "By day", "By who reports it", "went out. Transfers:"):
        assert words in one, words
    rows = client.get(f"{PAGE}?tab=accounts&csv=reported_accounts").content.decode()
    assert rows.startswith("party,party_kind,asset,amount_in")
    assert client.get(f"{PAGE}?tab=accounts&party=party-{'0' * 16}").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["tab=follow&transfer=E99&way=forward", "tab=follow&transfer=x&way=up",
     "tab=follow&party_from=nobody&party_to=no one", "tab=nothing", "tab=follow&transfer=",
     "tab=look&hubs-page=x", "tab=accounts&page=99"],
)  # fmt: skip
def test_what_is_asked_wrongly_is_told_on_the_page(scam_site: Site, query: str) -> None:
    assert scam_site.client("officer").get(f"{PAGE}?{query}").status_code == 200


def test_the_canvas_shows_all_rails_and_its_panel_leads_to_the_account(scam_site: Site) -> None:
    client = scam_site.client("officer")
    page = client.get("/cases/1/canvas/?transfers=1").content.decode()
    graph = told(page, "canvas-graph")
    parties = [node for node in graph["nodes"] if node["kind"] == "party"]
    assert {node["subject"]["chain"] for node in parties} >= {"bank", "tron"}
    assert all(edge["stated_by"] for edge in graph["edges"])
    subject = next(node["subject"] for node in parties if node["subject"]["chain"] == "tron")
    asked = {"kind": "party", "chain": "tron", "value": subject["value"]}
    panel = client.get("/cases/1/canvas/panel/", asked).content.decode()
    assert "?tab=accounts&amp;party=party-" in panel
    assert "Tronscan export" in panel


def test_a_table_made_by_hand_asks_for_its_publisher_alone(site: Site, tmp_path: Path) -> None:
    table = tmp_path / "tron.csv"
    table.write_text(
        "From,To,Time(UTC),Amount,Token,Status\n"
        f"{SECOND},{LOOK_ALIKE},2026-03-02 10:00:00,500.25,USDT,SUCCESS\n"
    )
    exhibit = site.unit.ask("exhibit", "add", "C1", table, "--title", "by hand")["label"]
    client = site.client("officer")
    screen = f"/cases/1/exhibits/{exhibit[1:]}/transfers/"
    page = client.get(screen).content.decode()
    asked, folded = page.split('<details class="more matched">', 1)
    form = asked.split('<form method="post" class="mapping', 1)[1]
    assert re.findall(r'<(?:input|select|textarea)[^>]* name="(?!csrf|tried)(\w+)"', form) == [
        "stated_by"
    ]
    assert 'name="column_amount"' in folded
    tried = client.post(screen, sent_form(page) | {"stated_by": "Tronscan", "try": "1"})
    assert "Transfers that would be recorded: 1" in html.unescape(tried.content.decode())


THAI = (
    "ธนาคารตัวอย่าง,,,,\nเลขที่บัญชี 012-3-45678-9,,,,\n"
    "เลขที่บัญชีผู้รับ/ผู้โอน,วันที่,ถอน,ฝาก,ยอดคงเหลือ (THB)\n"
    '987-6-54321-0,03/02/2569,,"1,500.00","2,000.00"\n'
    '555-1-22222-3,04/02/2569,500.00,,"1,500.00"\n'
)


def test_a_statement_whose_other_end_comes_first_is_shown_as_a_guess_beside_its_first_row(
    site: Site, tmp_path: Path
) -> None:
    table = tmp_path / "thai.csv"
    table.write_text(THAI, encoding="utf-8")
    exhibit = site.unit.ask("exhibit", "add", "C1", table, "--title", "Thai bank")["label"]
    client = site.client("officer")
    screen = f"/cases/1/exhibits/{exhibit[1:]}/transfers/"
    page = html.unescape(client.get(screen).content.decode())
    open_part = page.split('<details class="more matched">', 1)[0]
    assert (
        "line 4: 987-6-54321-0 paid 012-3-45678-9 1\N{NARROW NO-BREAK SPACE}500 THB." in open_part
    )
    assert re.search(r'name="same_own_account"[^>]*value="012-3-45678-9"', open_part)
    guessed = open_part.split("guess</span></label>", 1)[1]
    assert guessed.startswith('<span class="choose"><select name="column_other_account"')
    sent = sent_form(page) | {"stated_by": "Thai bank", "time_format": "DD/MM/YYYY"}
    assert sent["calendar"] == "buddhist"
    tried = client.post(screen, sent | {"table_zone": "Asia/Bangkok", "try": "1"})
    told = html.unescape(tried.content.decode())
    assert (
        "line 4: 987-6-54321-0 paid 012-3-45678-9 1\N{NARROW NO-BREAK SPACE}500 THB on 3 Feb 2026."
        in told
    )
    assert "Transfers that would be recorded: 2" in told


def test_the_mapping_of_a_bank_is_offered_for_its_next_table_to_members_alone(
    scam_site: Site, tmp_path: Path
) -> None:
    table = tmp_path / "next.csv"
    table.write_bytes(FILES["victim-bank.csv"].replace(b"2,000,000.00", b"3,000,000.00"))
    for case in ("C1", "C2"):
        scam_site.unit.say("exhibit", "add", case, table, "--title", "next month")
    newest = scam_site.unit.ask("exhibit", "list", "C1")
    number = max(int(each["label"][1:]) for each in newest if each["title"] == "next month")
    page = text_of(scam_site.client("officer"), f"/cases/1/exhibits/{number}/transfers/")
    assert (
        "A table with these columns was read before, as reported by Vientiane Example Bank" in page
    )
    fresh = text_of(scam_site.client("officer"), f"/cases/1/exhibits/{number}/transfers/?as=new")
    assert "was read before" not in fresh


def test_an_officer_joins_two_accounts_on_their_own_knowledge(scam_site: Site) -> None:
    client = scam_site.client("officer")
    known = {"party": "SW-4471-2009", "same_as": SECOND, "decision_remark": "his own statement"}
    assert client.post("/cases/1/stated/decide/?do=service", known).status_code == 302
    (entry,) = scam_site.entries("transfers.decided")
    assert (entry.body["what"], entry.body["reason"]) == ("party", "own")
    assert {entry.body[name]["kind"] for name in ("one", "other")} == {"name", "tron-address"}
    wrong = {**known, "same_as": "nobody"}
    client.post("/cases/1/stated/decide/?do=service", wrong)
    assert len(scam_site.entries("transfers.decided")) == 1


def test_an_officer_joins_two_rows_that_nobody_suggested_and_undoes_it(scam_site: Site) -> None:
    client = scam_site.client("officer")
    first, second = "E3, line 7", "E5, line 6"
    known = {"row_one": first, "row_other": second, "decision_remark": "the bank's letter"}
    assert "Join two rows" in text_of(client, PAGE + "?tab=joins")
    for wrong in ({"row_other": "E5, line 99"}, {"row_other": first}, {"decision_remark": ""}):
        client.post("/cases/1/stated/decide/?do=rows", known | wrong)
    assert scam_site.entries("transfers.decided") == []
    client.post("/cases/1/stated/decide/?do=rows", known)
    (entry,) = scam_site.entries("transfers.decided")
    body = entry.body
    assert (body["what"], body["decision"], body["reason"]) == ("transfer", "same", "own")
    assert body["remark"] == "the bank's letter"
    page = text_of(client, PAGE + "?tab=joins")
    assert first in page
    assert "which count once: 1." in page
    client.post("/cases/1/stated/decide/", {"do": "undo", "entry": str(entry.n)})
    assert "which count once: 1." not in text_of(client, PAGE + "?tab=joins")


def test_a_conversion_is_followed_when_an_officer_confirms_it_with_a_reason(
    scam_site: Site,
) -> None:
    client = scam_site.client("officer")
    joins = client.get(f"{PAGE}?tab=joins").content.decode()
    marks = re.findall(r'name="pair" value="([0-9a-f]{64})"', joins)
    client.post("/cases/1/stated/decide/", {"do": "pairs", "pair": marks, "decision": "same"})
    address = f"{PAGE}?tab=follow&transfer=E3, line 6&way=forward"
    before = client.get(address).content.decode()
    assert "Follow a conversion" in before
    sent = {"row_one": "E5, line 7", "row_other": "E6, line 3", "decision_remark": "their letter"}
    for wrong in ({"row_other": "E7, line 3"}, {"row_one": "E6, line 3"}, {"decision_remark": ""}):
        client.post("/cases/1/stated/decide/?do=conversion", sent | wrong)
    known = len(scam_site.entries("transfers.decided"))
    client.post("/cases/1/stated/decide/?do=conversion", sent)
    *_, entry = scam_site.entries("transfers.decided")
    assert len(scam_site.entries("transfers.decided")) == known + 1
    assert (entry.body["what"], entry.body["remark"]) == ("conversion", "their letter")
    after = text_of(client, address)
    assert "E6, line 3 as the conversion of E5, line 7" in after
    listed = client.get(address + "&csv=followed").content.decode()
    assert [each in listed for each in ("E6, line 3", "E7, line 3", "E7, line 6")] == [True] * 3
    # 50 of the 69 million came from the victim: 50/69 of 3,190 USDT, rounded down.
    assert "2311.594202" in listed
    victims = text_of(client, PAGE + "?tab=victims")
    assert "Converted into" in victims
    # Proportional: 50 of the 70.5 million that lay there, so 50/70.5 of 3,190 USDT.
    assert "2262.411347 – 2311.594202 USDT" in victims, "each in its own asset"
    keepers = text_of(client, "/cases/1/keepers/")
    assert "Example Swap" in keepers, "the keeper of what it was converted into"
    scam_site.verify()


def test_a_table_read_again_counts_once_and_what_was_decided_of_its_rows_holds(
    scam_site: Site, tmp_path: Path
) -> None:
    client = scam_site.client("officer")
    shown = [PAGE, f"{PAGE}?tab=victims", f"{PAGE}?tab=follow&transfer=E3, line 6&way=forward"]
    decide(client)
    client.post(
        "/cases/1/stated/decide/?do=conversion",
        {"row_one": "E5, line 7", "row_other": "E6, line 3", "decision_remark": "letter"},
    )
    found = client.get(f"{PAGE}?tab=victims").content.decode()
    victim = re.findall(r'<option value="(\d+)"', found)[0]
    client.post("/cases/1/stated/victim/", {"victim": victim, "outcome": "frozen",
                "outcome_amount": "123456", "outcome_reference": "letter 7"})  # fmt: skip
    client.get(PAGE)  # shows what was recorded, once
    before = [text_of(client, each) for each in shown]
    assert "123456 LAK" in before[1]
    entries = scam_site.entries("transfers.read")
    for name, exhibit in zip(FILES, ("E3", "E4", "E5"), strict=False):
        # The same columns, and a clock of another zone: each row stands on the same line.
        mapping = mapping_of(name).as_dict()
        wrong, right = tmp_path / "wrong.json", tmp_path / "right.json"
        right.write_text(json.dumps(mapping), encoding="utf-8")
        wrong.write_text(json.dumps({**mapping, "name": "hasty", "time":
                         {**mapping["time"], "zone": "Asia/Tokyo"}}), encoding="utf-8")  # fmt: skip
        scam_site.unit.say("transfers", "read", exhibit, "--mapping", wrong)
        scam_site.unit.say("transfers", "read", exhibit, "--mapping", right)
        scam_site.unit.say("transfers", "read", exhibit, "--mapping", right)
    assert len(scam_site.entries("transfers.read")) == len(entries) + 6, (
        "the third said nothing new"
    )
    again = [text_of(client, each) for each in shown]
    for one, other in zip(before, again, strict=True):
        assert one.split() == other.split()
    tables = text_of(client, f"{PAGE}?tab=tables")
    assert tables.count("counts in its place") == 6
    assert len(re.findall(r"Read again on [^:.]*\. This reading counts\.", tables)) == 3
    old = text_of(client, f"{PAGE}?table={entries[0].n}")
    assert "This reading stays in the ledger, and counts in no sum." in old
    assert "report in this case: 18 (tables: 6)" in text_of(client, "/cases/1/")
    scam_site.verify()


def test_the_same_file_as_another_exhibit_counts_once_and_holds_its_decisions(
    scam_site: Site, tmp_path: Path
) -> None:
    client = scam_site.client("officer")
    decide(client)
    client.get(PAGE)
    victims = text_of(client, f"{PAGE}?tab=victims").split()
    table, mapping = tmp_path / "again.xlsx", tmp_path / "again.json"
    table.write_bytes(FILES["mule-bank.xlsx"])
    mapping.write_text(json.dumps(mapping_of("mule-bank.xlsx").as_dict()), encoding="utf-8")
    exhibit = scam_site.unit.ask("exhibit", "add", "C1", table, "--title", "again")["label"]
    scam_site.unit.say("transfers", "read", exhibit, "--mapping", mapping)
    assert "report in this case: 18 (tables: 6)" in text_of(client, "/cases/1/")
    assert text_of(client, f"{PAGE}?tab=victims").split() == victims
    assert f"{exhibit}, line 7" in text_of(client, f"{PAGE}?tab=joins"), "it stands there now"
    client.post("/cases/1/stated/decide/", {"do": "undo", "entry": [
        str(each.n) for each in scam_site.entries("transfers.decided")]})  # fmt: skip
    undone = text_of(client, f"{PAGE}?tab=joins")
    assert "which count once" not in undone, "a decision of before is withdrawn by its row of now"


def decide(client: Any) -> None:
    """Confirm each suggestion that stands on the page."""
    joins = client.get(f"{PAGE}?tab=joins").content.decode()
    marks = re.findall(r'name="pair" value="([0-9a-f]{64})"', joins)
    client.post("/cases/1/stated/decide/", {"do": "pairs", "pair": marks, "decision": "same"})


def test_joins_of_an_account_are_offered_on_its_own_page(scam_site: Site) -> None:
    client = scam_site.client("officer")
    listed = client.get(f"{PAGE}?tab=accounts").content.decode()
    mule = next(each for each in re.findall(r"party=(party-[0-9a-f]{16})\">([^<]*)<", listed)
                if each[1].startswith(MULE.replace("-", "")))[0]  # fmt: skip
    page = client.get(f"{PAGE}?tab=accounts&party={mule}").content.decode()
    marks = re.findall(r'name="pair" value="([0-9a-f]{64})"', page)
    assert "These may be one" in page
    assert len(marks) > 3
    client.post("/cases/1/stated/decide/", {"do": "pairs", "pair": marks, "decision": "same"})
    assert len(scam_site.entries("transfers.decided")) == len(marks)
    reader = scam_site.client("reader").get(f"{PAGE}?tab=accounts").content.decode()
    assert 'name="pair"' not in reader


def test_the_canvas_says_from_victims_to_cash_out_and_counts_each_sum_once(
    scam_site: Site,
) -> None:
    client = scam_site.client("officer")
    for _ in range(3):
        decide(client)
    for came, went in (("E5, line 7", "E6, line 3"), ("E7, line 6", "E8, line 3")):
        client.post("/cases/1/stated/decide/?do=conversion",
                    {"row_one": came, "row_other": went, "decision_remark": "letter"})  # fmt: skip
    page = client.get("/cases/1/canvas/?transfers=1").content.decode()
    found = re.search(r'<script id="canvas-graph"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found is not None
    graph = json.loads(found[1])
    first, *more = [each.replace("\u202f", " ") for each in graph["answer"]]
    assert first.startswith("Victims complain of 3 payments (70 000 000 LAK, 300.5 USDT) to ")
    assert "68 500 000 to 68 510 638.29 LAK became USDT at an account at Example Exchange" in first
    assert "10 BTC came to " in first
    assert "what became of 300.5 USDT is not known" in first
    assert any(each.startswith("Of 70 000 000 LAK, counted once: ") for each in more)
    assert any("accounting conventions" in each for each in graph["notes"])
    assert graph["caption"]["what"][1] == graph["answer"][0], "it leaves with the picture"
    assert graph["answer"][0] in text_of(client, f"{PAGE}?tab=victims"), "one sentence, one source"


def test_joins_are_offered_at_the_box_of_an_account_to_those_who_act(scam_site: Site) -> None:
    account = f"{MULE.replace('-', '')} (Mekong Example Bank)"
    asked = f"/cases/1/canvas/panel/?kind=party&chain=bank&value={account}"
    panel = scam_site.client("officer").get(asked).content.decode()
    assert "These 4 look like the same account" in panel
    marks = re.findall(r'name="pair" value="([0-9a-f]{64})"', panel)
    assert len(marks) > 3
    sent = {"do": "pairs", "decision": "same", "pair": marks}
    scam_site.client("officer").post("/cases/1/stated/decide/", sent)
    assert len(scam_site.entries("transfers.decided")) == len(marks)
    assert "data-canvas-join" not in scam_site.client("reader").get(asked).content.decode()


def panel_of(client: Any, chain: str, value: str) -> str:
    asked = urlencode({"kind": "party", "chain": chain, "value": value})
    answer = client.get(f"/cases/1/canvas/panel/?{asked}")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_a_reported_box_offers_what_can_be_done_and_says_why_the_rest_cannot(
    scam_site: Site,
) -> None:
    client = scam_site.client("officer")
    for _ in range(3):
        decide(client)
    account = f"{MULE.replace('-', '')} (Example Exchange)"
    panel = panel_of(client, "bank", account)
    for words in ("Follow on", "Follow back", "Make a finding", "Add note", "Who is it",
                  "Kept by Mekong Example Bank, whose statement of this account was read.",
                  "Complaints of payments to it: 2, reported by Example Police.",
                  "A bank account can be neither watched nor tagged"):  # fmt: skip
        assert words in panel, words
    assert "case_watch" not in panel
    assert "/watch/" not in panel
    tron = panel_of(client, "tron", SECOND)
    assert "Kancil reads the blocks of bitcoin alone" in tron
    assert "Nobody says who it is." in tron
    coin = panel_of(client, "bitcoin", RECEIVER)
    for words in ("Trace forward", "Watch", "Tag", "Follow on"):
        assert words in coin, words
    assert "neither watched" not in coin
    reader = panel_of(scam_site.client("reader"), "bank", account)
    assert "Follow on" in reader
    for words in ("Make a finding", "neither watched", "Add note"):
        assert words not in reader, words
    on = re.findall(r'href="(/cases/1/stated/\?tab=follow[^"]*)"', panel)
    forward, backward = (text_of(client, each) for each in on)
    assert "All that came to 0305551112, 70\u202f000\u202f000 LAK, is followed forward." in forward
    assert "Payments to it: 2; further transfers reached: 1; accounts reached: 2." in forward
    assert "All that left 0305551112, 69\u202f000\u202f000 LAK, is followed backward." in backward
    (sign,) = re.findall(r'href="(/cases/1/keepers/sign/[^"]*)"', panel)
    offered = text_of(client, sign)
    assert "E5, line 5" in offered or "E3, line 6" in offered
    assert "0305551112" in offered


def test_a_conversion_is_offered_at_the_box_and_confirmed_with_a_reason(scam_site: Site) -> None:
    client = scam_site.client("officer")
    for _ in range(3):
        decide(client)
    panel = panel_of(client, "", "E6 (Example Exchange)")
    said = (
        "69\u202f000\u202f000 LAK came in (E5, line 7), then 3\u202f190 USDT went out (E6, line 3)."
    )
    assert said in panel
    (way,) = re.findall(r'href="(/cases/1/stated/\?tab=follow&row_one=[^"]*)"', panel)
    page = client.get(way).content.decode()
    fields = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in
              ("row_one", "row_other")}  # fmt: skip
    sent = {name: field[1] for name, field in fields.items() if field}
    assert sent == {"row_one": "E5, line 7", "row_other": "E6, line 3"}
    client.post("/cases/1/stated/decide/?do=conversion", sent | {"decision_remark": "letter 9"})
    *_, entry = scam_site.entries("transfers.decided")
    assert (entry.body["what"], entry.body["remark"]) == ("conversion", "letter 9")
    assert said not in panel_of(client, "", "E6 (Example Exchange)"), "it is decided"
    assert said not in panel_of(scam_site.client("reader"), "", "E6 (Example Exchange)")


def test_a_name_is_told_with_the_table_that_states_it() -> None:
    book = book_of(
        [row(1, "5", from_account="0101200300", from_name="Invented Som", stated_by="Bank A")],
        [row(1, "5", from_account="0101200300", from_name="Som I.", stated_by="Bank B")],
        same={Party("bank-account", "0101200300", "Bank B"):
              Party("bank-account", "0101200300", "Bank A")},
    )  # fmt: skip
    assert book.names_stated == {0: (("Invented Som", "Bank A"), ("Som I.", "Bank B"))}


def test_the_page_of_the_case_says_that_tables_report_and_prove_nothing(scam_site: Site) -> None:
    page = text_of(scam_site.client("reader"), "/cases/1/")
    assert "Transfers that tables of others report in this case: 18 (tables: 6)." in page
    assert "None of them is proved by that." in page
