"""Which output may be change, on the page of a transaction and in the API: as the command says."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kancil.bitcoin.chain.chain import Chain
from kancil.bitcoin.change.combine import COMBINATIONS
from kancil.bitcoin.change.heuristic import ChangeVerdict, Seen, names_none
from kancil.bitcoin.change.heuristics import HEURISTICS, REUSE
from kancil.bitcoin.change.seen import payments_read
from kancil.bitcoin.change.views import ask_change
from tests.bitcoin.test_looks import IN_PERIOD, mixing
from tests.cli.running import ROOT, Unit
from tests.cli.sample_unit import FIRST_PAYMENT, LISTED_PAYMENT, copied
from tests.web.api_unit import Api, api_of
from tests.web.site import ROLES
from tests.web.test_permissions import RAW_KEY

LISTED = LISTED_PAYMENT.partition(":")[0]
HOSTILE = "<script>alert('x')</script>"


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, Path]:
    """A mix, a coinbase, and the folder of the blocks that hold them."""
    folder = tmp_path_factory.mktemp("mixing")
    chain, _, mix = mixing(folder, IN_PERIOD)
    return mix.shown, chain.txid(0), folder / "sources"


@pytest.fixture(scope="module")
def api(
    sample: Unit, mixed: tuple[str, str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Api:
    """The sample's site with a chain that holds a mix, and an invented one."""
    folder = tmp_path_factory.mktemp("change")
    unit = copied(sample, folder / "before")
    unit.say("bitcoin", "ingest", "mixed", mixed[2], "--network", "regtest")
    unit.say("bitcoin", "ingest", "invented", ROOT / "sample" / "invented", "--network", "regtest")
    return api_of(unit, folder)


@pytest.fixture
def section(api: Api) -> Callable[..., str]:
    """The section of a transaction's page as it is sent."""

    def ask(chain: str, txid: str, who: str = "reader") -> str:
        answer = api.site.client(who).get(f"/chains/{chain}/tx/{txid}/?tab=change")
        assert answer.status_code == 200
        page = answer.content.decode()
        assert not RAW_KEY.findall(page)
        (found,) = re.findall(r'<section class="card told" id="change">.*?</section>', page, re.S)
        return str(found)

    return ask


def plain(markup: str) -> str:
    """The words, marks left out and spaces plain."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup))).strip()


def rows(markup: str, heading: str) -> list[list[str]]:
    """The cells of the table under a heading, in words."""
    (body,) = re.findall(re.escape(heading) + r".*?<tbody[^>]*>(.*?)</tbody>", markup, re.S)
    return [
        [plain(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)]
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.S)
    ]


def answered(row: dict[str, Any]) -> str:
    if row["answer"] == "change":
        return f"output {row['output']['n']}"
    return {"none": "none", "unknown": "cannot decide"}[row["answer"]]


def some_txids(api: Api) -> list[str]:
    """Transactions of the invented chain: enough that each answer comes up."""
    from kancil.bitcoin.chain.chain import Chain

    chain = Chain.open(api.site.workspace.chains_dir / "invented")
    return [chain.txid(row) for row in range(40, chain.columns.tx_count, 97)]


def test_page_and_api_answer_as_the_command(api: Api, section: Callable[..., str]) -> None:
    asked = [("main", FIRST_PAYMENT), ("main", LISTED)]
    asked += [("invented", txid) for txid in some_txids(api)]
    seen = set()
    for chain, txid in asked:
        value = api.site.unit.ask("bitcoin", "change", chain, txid)
        given = api.ask("GET", f"/chains/{chain}/txs/{txid}/change", api.tokens["reader"]).json
        assert given == {name: value[name] for name in given}
        shown = section(chain, txid)
        page = plain(api.site.client("reader").get(f"/chains/{chain}/tx/{txid}/?tab=change")
                     .content.decode())  # fmt: skip
        for note in value["notes"]:
            assert note in page
        if not value["applicable"]:
            assert "<table" not in shown or value["joins"]
            continue
        together = rows(shown, "All rules together")
        assert [row[0].split()[0] for row in together] == [each.name for each in COMBINATIONS]
        for cells, row in zip(together, value["combinations"], strict=True):
            assert cells[1:] == [
                answered(row), row["why"]["sentence"], ", ".join(row["voted"]) or "–",
                ", ".join(each["member"] for each in row["abstained"]) or "–",
            ]  # fmt: skip
        members = rows(shown, "What each rule says and why")
        for cells, row in zip(members, value["members"], strict=True):
            assert cells == [
                f"{row['member']} {row['version']} {row['says']}", answered(row),
                row["why"]["sentence"], row["error"], row["source"],
            ]  # fmt: skip
            seen.add(row["answer"])
        outputs = rows(shown, "Output by output")
        for cells, out in zip(outputs, value["outputs"], strict=True):
            by = [row for row in value["members"] if (row["output"] or {}).get("n") == out["n"]]
            assert all(f"{row['member']}, rule {row['rule']}" in cells[3] for row in by)
            assert cells[3].count(", rule ") == len(by)
    assert seen == {"change", "none", "unknown"}


def test_every_role_sees_it_and_that_it_is_a_guess(section: Callable[..., str]) -> None:
    pages = {who: section("main", FIRST_PAYMENT, who) for who in ROLES}
    assert len(set(pages.values())) == 1
    said = plain(pages["reader"])
    assert "is the change. This is a guess with a reason." in said, "the answer stands first"
    assert said.count("No error rate is known on the real chain.") == len(HEURISTICS)
    assert "tag intact" not in pages["reader"], "a guess is never shown as proven"


def test_a_coinjoin_and_a_coinbase_say_so_in_one_line(
    section: Callable[..., str], mixed: tuple[str, str, Path]
) -> None:
    mix, coinbase, _ = mixed
    shown = section("mixed", mix)
    assert shown.count('<p class="prose">') == 1
    assert "Not applicable: whirlpool takes it for a CoinJoin" in plain(shown)
    assert "All rules together" not in shown
    (look,) = rows(shown, "CoinJoin and equal-output verdicts")
    assert "looks like a CoinJoin (whirlpool 2, rule five)" in look[0]
    assert "No error rate is known" in look[2]
    assert plain(section("mixed", coinbase)) == (
        "Which output may be change "
        "Not applicable: it makes new coins, and nobody gets change from it."
    )


def test_what_a_rule_says_is_escaped(
    section: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def judge(_seen: Seen) -> ChangeVerdict:
        return names_none("why.change-mixed-kinds", count=HOSTILE)

    members = (replace(REUSE, source=HOSTILE, judge=judge), *HEURISTICS[1:])
    monkeypatch.setattr(
        "kancil.web.studies.chains.changes.ask_change", partial(ask_change, members=members)
    )
    shown = section("main", FIRST_PAYMENT)
    assert HOSTILE not in shown
    assert shown.count(html.escape(HOSTILE)) == 2


def test_what_a_page_cannot_wait_for_is_left_to_the_command(
    api: Api, section: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kancil.desk.studies.changed.MOST_COINS", 3)
    command = f"kancil bitcoin change main {FIRST_PAYMENT}"
    assert plain(section("main", FIRST_PAYMENT)).endswith(f"Use the command: {command}")
    path = f"/chains/main/txs/{FIRST_PAYMENT}/change"
    answer = api.ask("GET", path + "?combine=majority", api.tokens["reader"])
    assert (answer.status, answer.json["error"]) == (409, "answer-takes-long")
    assert answer.json["params"]["command"] == f"{command} --combine majority"


def test_addresses_that_are_paid_very_often_are_left_to_the_command(
    api: Api, section: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    chain = Chain.open(api.site.workspace.chains_dir / "main")
    payments = payments_read(chain, chain.tx_row(FIRST_PAYMENT))
    assert payments > 1
    monkeypatch.setattr("kancil.desk.studies.changed.MOST_PAYMENTS", payments)
    assert "Not computed here" not in section("main", FIRST_PAYMENT)
    monkeypatch.setattr("kancil.desk.studies.changed.MOST_PAYMENTS", payments - 1)
    shown = plain(section("main", FIRST_PAYMENT))
    assert "the addresses it pays are paid too often" in shown
    command = f"kancil bitcoin change main {FIRST_PAYMENT}"
    assert shown.endswith(f"Use the command: {command}")
    answer = api.ask("GET", f"/chains/main/txs/{FIRST_PAYMENT}/change", api.tokens["reader"])
    assert (answer.status, answer.json["params"]["command"]) == (409, command)


def test_a_combination_of_ones_own_is_asked_as_in_the_command(api: Api) -> None:
    path = f"/chains/main/txs/{FIRST_PAYMENT}/change"
    own = "first=one-time,reuse"
    value = api.site.unit.ask("bitcoin", "change", "main", FIRST_PAYMENT, "--combine", own)
    given = api.ask("GET", f"{path}?combine={own}", api.tokens["reader"]).json
    assert (given["answered_by"], given["output"]) == (own, value["output"])
    assert given["combinations"] == value["combinations"]
    wrong = api.ask("GET", f"{path}?combine=best", api.tokens["reader"])
    assert (wrong.status, wrong.json["error"]) == (422, "option-not-usable")


def test_the_limits_of_a_guess_stand_once_in_the_panel(api: Api) -> None:
    answer = api.site.client("reader").get(f"/chains/main/tx/{FIRST_PAYMENT}/?tab=change")
    page = plain(answer.content.decode())
    for words in (
        "Change is a guess with a reason, not a fact",
        "No error rate of any of these is known on the real chain",
        "a simulation", "Clusters do not use it", "only from the blocks held",
    ):  # fmt: skip
        assert page.count(words) == 1, words
    assert page.index("Limits of this result") < page.index("Change is a guess")
