"""Every command once as JSON and once as text; what is new has an id, satoshi are text."""

from __future__ import annotations

import io
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kancil.cli.assess.commands import ASSESS_COMMANDS, IATI_COMMANDS
from kancil.cli.frame import door
from kancil.cli.main import COMMANDS
from kancil.cli.programme.commands import PROGRAMME_COMMANDS
from kancil.cli.training.commands import TRAINING_COMMANDS
from kancil.evidence.vault import Vault
from kancil.ground import clock
from kancil.ground.plain import plain
from kancil.ground.signing import fingerprint
from kancil.legal.directory.signed import write_directory
from kancil.reports.casework.bundle.checker.verdict import EXIT_NOT_CONFIRMED
from tests.assessment.samples import guide_text
from tests.assessment.samples import kept as protocol_file
from tests.bitcoin import regtest
from tests.bitcoin.made_coinjoins import SAMPLE
from tests.cli.running import Unit, run
from tests.cli.sample_unit import (
    BLOCKS,
    FIRST_COINS,
    FIRST_PAYMENT,
    LABELS,
    LISTED_PAYMENT,
    PAID_ADDRESS,
)
from tests.cli.stated_files import stated_files
from tests.legal.directory.sample import DAY, NEIGHBOUR, SIGNER, office
from tests.legal.lawfiles import law_file
from tests.reports import poppler

Words = tuple[str | Path, ...]
OUTPUTS = (
    "backup", "bundle", "case", "checkpoint", "export", "file", "history", "key", "mapping",
    "proof", "report", "request", "unit",
)  # fmt: skip


MAKING = ("bitcoin", "generate", "--seed", "1", "--transactions", "10")


LIMITING = {
    "exhibit limit": ("exhibit", "limit", "E3", "--code", "fiu", "--from", "Unit of X"),
    "exhibit release": ("exhibit", "release", "E3", "--code", "fiu", "--by", "consent",
                        "--reference", "12/2026", "--date", "2026-03-09"),
}  # fmt: skip


def _reading_calls(out: dict[str, Path]) -> dict[str, Words]:
    return {
        "exhibit files": ("exhibit", "files", "E2"), "exhibit open": ("exhibit", "open", "E2"),
        "evidence triage": ("evidence", "triage", "E2"),
        "evidence search": ("evidence", "search", "C1", "wallet"),
        "evidence identifiers": ("evidence", "identifiers", "E2"),
        "evidence record": ("evidence", "record", "E2"),
        "evidence timeline": ("evidence", "timeline", "C1"),
        "evidence validate": ("evidence", "validate"),
        "evidence export": ("evidence", "export", "E2", "--form", "case", "-o", out["case"]),
        "exhibit export": ("exhibit", "export", "E2", "-o", out["file"]),
    }  # fmt: skip


def _calls(unit: Unit, folder: Path) -> dict[str, Words]:
    """One good call of each command, each writing to files of its own, for a new unit."""
    photo = folder / "photo.jpg"
    photo.write_bytes(b"a photograph")
    table, decided, prices = stated_files(folder)
    added = "E5"  # a photograph is an exhibit too
    out = {name: folder / f"new-{name}" for name in OUTPUTS}
    signer = unit.ask("officer", "list")[0]["fingerprint"]
    return {
        "init": ("init", out["unit"]), "status": ("status",),
        "officer add": ("officer", "add", "Noy", "--vouch", "seen in person"),
        "officer retire": ("officer", "retire", "Noy", "--reason", "x"),
        "person add": ("person", "add", "reader", "--name", "R", "--role", "reader"),
        "person password": ("person", "password", "reader", "--reason", "forgotten"),
        "person factors": ("person", "factors", "reader", "--reason", "telephone lost"),
        "person join": ("person", "join", "C1", "reader"),
        "key rotate": ("key", "rotate", "O2", "--reason", "yearly"),
        "key revoke": ("key", "revoke", "O2", "--reason", "lost"),
        "key export-public": ("key", "export-public", "O1", "-o", out["key"]),
        "case new": ("case", "new", "Another", "--legal-basis", "Order 17/2026"),
        "case basis": ("case", "basis", "C1", "--legal-basis", "consent: Mr A"),
        "case list": ("case", "list"), "exhibit list": ("exhibit", "list"),
        "officer list": ("officer", "list"), "person list": ("person", "list"),
        "exhibit seize": ("exhibit", "seize", "C1", "Phone", "--place", "x", "--photograph", photo),
        "exhibit add": ("exhibit", "add", "C1", table),
        "exhibit record": ("exhibit", "record", "E3", "stored", "--place", "Shelf 4"),
        "exhibit acquire": ("exhibit", "acquire", "E3", photo, "--tool", "T",
                            "--tool-version", "1"),
        "exhibit transfer": ("exhibit", "transfer", "E3", "--to", "O1", "--place", "x",
                             "--present", "at the desk"),
        "exhibit dispose": ("exhibit", "dispose", "E4",
                            "--authority", "Court", "--date", "2026-03-09"),
        **_ledger_calls(out), **LIMITING, **_law_calls(folder), **_FIGURES,
        "backup": ("backup", "-o", out["backup"]),
        "restore": ("restore", out["backup"], folder / "new-second"),
        "upgrade": ("upgrade",), "bitcoin status": ("bitcoin", "status", "main"),
        "bitcoin ingest": ("bitcoin", "ingest", "other", BLOCKS / "370661.raw"),
        "bitcoin tx": ("bitcoin", "tx", "main", FIRST_PAYMENT),
        "bitcoin address": ("bitcoin", "address", "main", PAID_ADDRESS),
        "bitcoin block": ("bitcoin", "block", "main", "300025"),
        "bitcoin cluster": ("bitcoin", "cluster", "main", PAID_ADDRESS),
        "bitcoin change": ("bitcoin", "change", "main", FIRST_PAYMENT),
        "bitcoin patterns": ("bitcoin", "patterns", "main", PAID_ADDRESS),
        "bitcoin trace": ("bitcoin", "trace", "main", FIRST_COINS, "--case", "C1"),
        "bitcoin generate": (*MAKING, folder / "new-made"),
        "bitcoin evaluate": ("bitcoin", "evaluate", SAMPLE / "SamouraiCoinJoins.txt"),
        "labels import": ("labels", "import", LABELS / "hacks.yaml", "--fetched-on", "2024-09-27"),
        "labels find": ("labels", "find", "Bitstamp"),
        "transfers suggest": ("transfers", "suggest", table, "-o", out["mapping"]),
        "transfers read": ("transfers", "read", added, "--mapping", decided),
        "transfers join": ("transfers", "join", "main", added),
        "prices import": ("prices", "import", prices, "--source", "invented", "--asset", "BTC",
                          "--currency", "USD"),
        "prices at": ("prices", "at", "BTC", "2026-03-09"),
        "finding accept": ("finding", "accept", "C1", "--trace", "T1", "--class", "chain-fact"),
        "finding withdraw": ("finding", "withdraw", "F1", "--reason", "x"),
        "bundle": ("bundle", "C1", "-o", out["bundle"]),
        "report": ("report", "C1", "-o", out["report"]),
        "assess protocols": ("assess", "protocols"),
        "verify": ("verify", out["bundle"], "--key", signer),
        "assess check": ("assess", "check", protocol_file(folder, guide_text())),
    }  # fmt: skip


_HALF_A_YEAR = ("--since", "2026-01-01", "--until", "2026-06-30")
_FIGURES: dict[str, Words] = {
    "figures": ("figures", *_HALF_A_YEAR),
    "package make": ("package", "make", "--to", "Programme", *_HALF_A_YEAR),
    "package list": ("package", "list"),
}


def _law_calls(folder: Path) -> dict[str, Words]:
    """How each command of law is called."""
    return {
        "law import": ("law", "import", law_file(folder)),
        "law list": ("law", "list"),
        "law bases": ("law", "bases", "--kind", "freeze", "--with", "TH"),
    }


def _ledger_calls(out: dict[str, Path]) -> dict[str, Words]:
    """How each command of ledger and files is called; the checkpoint is made first."""
    return {
        **_reading_calls(out),
        "ledger checkpoint": ("ledger", "checkpoint", "-o", out["checkpoint"]),
        "ledger copy-to": ("ledger", "copy-to", "--nowhere"),
        "ledger export": ("ledger", "export", "-o", out["export"]),
        "ledger prove": ("ledger", "prove", "E1", "-o", out["history"]),
        "ledger consistency": ("ledger", "consistency", out["checkpoint"], "-o", out["proof"]),
        "timestamp request": ("timestamp", "request", "-o", out["request"]),
    }


def _directory_calls(folder: Path) -> dict[str, Words]:
    """How each command of the directory is called; another unit's file is made first."""
    theirs, mine = folder / "new-theirs", folder / "new-offices.yaml"
    theirs.write_bytes(
        write_directory([office()], unit=NEIGHBOUR, version=1, as_of=DAY, signer=SIGNER)
    )
    mine.write_text(json.dumps({"offices": [plain(office(id="la-another-bank"))]}))
    compared = ("--fingerprint", fingerprint(SIGNER.public_raw), "--compared-how", "in person")
    return {
        "directory list": ("directory", "list"),
        "directory show": ("directory", "show", "google"),
        "directory add": ("directory", "add", mine, "--how", "called"),
        "directory verify": ("directory", "verify", "google", "--how", "signed in"),
        "directory export": ("directory", "export", "-o", folder / "new-ours"),
        "directory import": ("directory", "import", theirs, *compared),
    }


def _chain_calls(folder: Path) -> dict[str, tuple[str | Path, ...]]:
    """How each command that looks further into a chain is called, on the sample."""
    watch = ("bitcoin", "watch")
    why = ("--reason", "named in the report", "--legal-basis", "order 12/2026")
    return {
        "bitcoin exposure": ("bitcoin", "exposure", "main", PAID_ADDRESS),
        "bitcoin export": ("bitcoin", "export", "main", folder / "new-parquet"),
        "study list": ("study", "list", "C1"), "study show": ("study", "show", "T1"),
        "study check": ("study", "check", "T1"),
        "keepers": ("keepers", "--case", "C1"),
        "bitcoin watch add": (*watch, "add", "main", PAID_ADDRESS, "--case", "C1", *why),
        "bitcoin watch list": (*watch, "list", "main", "--case", "C1"),
        "bitcoin watch check": (*watch, "check", "main", "--case", "C1"),
        "bitcoin watch remove": (
            *watch, "remove", "main", "W1", "--case", "C1",
            "--why", "the order has ended",
        ),
    }  # fmt: skip


LATER = {"officer retire": 1, "exhibit record": 1, "exhibit acquire": 1, "exhibit transfer": 1,
         "exhibit limit": 1, "exhibit release": 2, "exhibit dispose": 2}  # fmt: skip
"""Commands that need what another made first."""


@pytest.mark.thorough
@pytest.mark.parametrize("tag", ["json", "text"])
def test_every_command_answers_in_json_and_in_text(unit: Unit, tmp_path: Path, tag: str) -> None:
    calls = _calls(unit, tmp_path) | _chain_calls(tmp_path) | _FIGURES | _directory_calls(tmp_path)
    # These have tests of their own: a stamp needs an authority, catching up a node, server and
    # worker go on, a passphrase has to be typed.
    # Those of a programme's site run in tests/flows/test_assessment_by_command.py.
    others = {"timestamp attach", "bitcoin catch-up", "serve", "work", "key guard"}
    # Whole chains: tests/flows/test_whole_chain_by_command.py; Spark: tests/bitcoin/export.
    others |= {"bitcoin verify", "bitcoin copy", "bitcoin spread"}
    others |= {name for name in COMMANDS if name.startswith("bitcoin spark ")}
    # Packages: tests/flows/test_packages_by_command.py.
    others |= set(ASSESS_COMMANDS) | {"package review", "package show", "package discard"}
    others |= set(IATI_COMMANDS)  # tests/cli/test_iati.py
    others |= set(PROGRAMME_COMMANDS)  # tests/cli/programme
    others |= set(TRAINING_COMMANDS)  # tests/cli/training
    # Requests: tests/cli/test_requests.py and test_request_due.py.
    others |= {name for name in COMMANDS if name.startswith("request ")}
    assert set(calls) | others == set(COMMANDS)
    for name in sorted(calls, key=lambda name: (LATER.get(name, 0), list(calls).index(name))):
        words = calls[name]
        if tag == "text":
            text = unit.say(*words)
            assert text.strip(), name
            assert "\x1b" not in text, name
            assert not [word for word in text.split() if word.startswith(("note.", "done."))]
            continue
        answer = unit.ask(*words)
        rows = answer if isinstance(answer, list) else [answer]
        assert rows, name
        assert all(row.get("id") for row in rows), name


def test_a_block_says_at_least_what_is_promised(sample: Unit) -> None:
    block = sample.ask("bitcoin", "block", "main", "300025")
    assert set(block) >= {
        "height", "hash", "time", "tx_count", "input_count", "output_count",
        "unknown_input_count", "work", "merkle_ok",
    }  # fmt: skip
    # The spent outputs beside the block give its fees (sample/SOURCES.md).
    assert block["fees_sat"] == "7773345"
    assert block["work"] == "own target only"
    first = sample.ask("bitcoin", "block", "main", "170")
    assert first["work"] == "difficulty checked along held headers to a pinned checkpoint"
    by_hash = sample.ask("bitcoin", "block", "main", first["hash"])
    assert by_hash == first


def test_a_transaction_says_at_least_what_is_promised(sample: Unit) -> None:
    known = sample.ask("bitcoin", "tx", "main", FIRST_PAYMENT)
    assert set(known) >= {"txid", "block", "fee_sat", "inputs", "outputs"}
    assert known["fee_sat"] == "0"
    assert known["inputs"][0]["source"] == FIRST_COINS
    assert [one["value_sat"] for one in known["outputs"]] == ["1000000000", "4000000000"]
    listed = sample.ask("bitcoin", "tx", "main", LISTED_PAYMENT.split(":")[0])
    assert listed["fee_sat"] is None
    assert {one["status"] for one in listed["inputs"]} == {"unknown"}
    assert {one["value_sat"] for one in listed["inputs"]} == {None}


def test_a_transaction_of_no_known_form_is_told_nothing_of_it(sample: Unit) -> None:
    assert sample.ask("bitcoin", "tx", "main", FIRST_PAYMENT)["looks"] == []
    assert "CoinJoin" not in sample.say("bitcoin", "tx", "main", FIRST_PAYMENT)


def test_a_trace_says_at_least_what_is_promised(sample: Unit) -> None:
    trace = sample.ask("bitcoin", "trace", "main", FIRST_COINS)
    assert set(trace) >= {"parameters", "transfers", "holdings", "left_out", "fetch_list", "totals"}
    rested = sum(int(row["lower_sat"]) for row in trace["holdings"])
    assert rested == 5_000_000_000
    assert {row["policy"] for row in trace["policies"]} == {"poison", "haircut", "fifo", "lifo"}
    reversed_too = [row["policy"] for row in trace["policies"] if row["order"] == "reversed"]
    assert reversed_too == ["fifo", "lifo"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--policy", "magic"), "policy-unknown"),
        (("--direction", "up"), "option-not-usable"),
        (("--hops", "-1"), "trace-limit-wrong"),
        (("--min-sat", "-5"), "trace-limit-wrong"),
        (("--since", "soon"), "time-not-readable"),
        (("--since", "2012-01-01", "--until", "2011-01-01"), "trace-limit-wrong"),
        (("--pass-services", " "), "service-pass-without-reason"),
        (("--case", "C9"), "case-not-found"),
    ],
)
def test_a_trace_that_cannot_be_asked_is_refused(
    sample: Unit, words: tuple[str, ...], code: str
) -> None:
    assert sample.refused("bitcoin", "trace", "main", FIRST_COINS, *words)["code"] == code


@pytest.mark.parametrize(
    ("address", "code", "tells"),
    [
        (PAID_ADDRESS[:-1] + "e", "address-mistyped", "34"),
        (PAID_ADDRESS[:-1], "address-character-missing", ""),
        ("1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N530", "address-character-wrong", "34"),
        ("tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", "address-wrong-network", ""),
        ("", "address-length-wrong", ""),
    ],
)
def test_a_wrong_address_is_answered_with_what_is_wrong(
    sample: Unit, address: str, code: str, tells: str
) -> None:
    error = sample.refused("bitcoin", "address", "main", address)
    assert error["code"] == code
    assert tells in error["sentence"]


def test_what_is_not_there_is_said(sample: Unit, tmp_path: Path) -> None:
    out = tmp_path / "out"
    expected: dict[Words, str] = {
        ("exhibit", "list", "C9"): "case-not-found",
        ("exhibit", "add", "C9", out): "case-not-found",
        ("exhibit", "record", "E9", "stored", "--place", "x"): "exhibit-not-found",
        ("ledger", "prove", "E9", "-o", out): "exhibit-not-found",
        ("bundle", "C9", "-o", out): "case-not-found",
        ("bundle", "C1", "-o", out, "--trace", "T9"): "trace-not-found",
        ("bundle", "C1", "-o", out, "--trace", "T2"): "trace-not-found",
        ("finding", "accept", "C1", "--trace", "T9", "--class", "chain-fact"): "trace-not-found",
        ("bitcoin", "status", "none"): "chain-not-found",
        ("bitcoin", "block", "main", "999"): "not-in-chain",
        ("bitcoin", "block", "main", "zz"): "name-not-readable",
        ("bitcoin", "tx", "main", "00" * 32): "not-in-chain",
        ("exhibit", "add", "C1", out): "file-not-readable",
        ("labels", "import", out): "file-not-readable",
        ("verify", out): "file-not-readable",
        ("restore", out, tmp_path / "new"): "file-not-readable",
        ("timestamp", "attach", out, "--authority", out): "option-not-usable",
    }
    for words, code in expected.items():
        assert sample.refused(*words)["code"] == code, words
    assert not out.exists()


@pytest.mark.parametrize("name", ["../main", "/etc", "a/b", "main\n", ".", "", "x" * 65, "é"])
def test_a_chain_name_is_no_path(sample: Unit, name: str) -> None:
    for words in (("ingest", name, BLOCKS / "370661.raw"), ("status", name), ("block", name, "1")):
        assert sample.refused("bitcoin", *words)["code"] == "option-not-usable"


def _expired(folder: Path) -> Path:
    path = folder / "order.toml"
    path.write_text('kind = "order"\nnumber = "17"\nexpires_on = 2020-01-01\n', encoding="utf-8")
    return path


def _case_whose_basis_ends(unit: Unit, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open C4 on a basis that ended since: the clock stood at its last day when it was opened."""
    times = [datetime(2099, 1, 1, 3, 0, tzinfo=UTC)]
    for place in (clock, door):
        monkeypatch.setattr(place, "now", lambda: times[0])
    path = folder / "order.toml"
    path.write_text('kind = "order"\nexpires_on = 2099-01-01\n', encoding="utf-8")
    unit.say("case", "new", "Old", "--legal-basis", path)
    unit.say("bitcoin", "trace", "main", FIRST_COINS, "--case", "C4")
    times[0] = datetime(2099, 1, 1, 18, 0, tzinfo=UTC)  # past midnight in Vientiane


def test_an_expired_legal_basis_opens_no_case(sample: Unit, tmp_path: Path) -> None:
    error = sample.refused("case", "new", "T", "--legal-basis", _expired(tmp_path))
    assert error["code"] == "legal-basis-expired"


def test_a_legal_basis_that_ended_stops_new_work_and_hides_nothing(
    unit: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _case_whose_basis_ends(unit, tmp_path, monkeypatch)
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"x")
    before = unit.ask("verify", unit.root)["entries"]
    why = ("--reason", "named in the report", "--legal-basis", "order 12/2026")
    for words in (
        ("exhibit", "add", "C4", photo),
        ("exhibit", "seize", "C4", "T", "--place", "x", "--photograph", photo),
        ("bitcoin", "trace", "main", FIRST_COINS, "--case", "C4"),
        ("finding", "accept", "C4", "--trace", "T4", "--class", "chain-fact"),
        ("bitcoin", "watch", "add", "main", PAID_ADDRESS, "--case", "C4", *why),
    ):
        assert unit.refused(*words)["code"] == "legal-basis-expired", words
    assert unit.ask("verify", unit.root)["entries"] == before
    assert "expired" in unit.ask("case", "list")[3]["basis_title"]
    # What was seized is seized; that is recorded all the same.
    unit.say("exhibit", "seize", "C4", "T", "--place", "x")


def test_a_legal_basis_that_ended_stops_no_report_and_no_bundle_and_they_say_so(
    unit: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    poppler.need("pdftotext")
    _case_whose_basis_ends(unit, tmp_path, monkeypatch)
    bundle, report = tmp_path / "b.zip", tmp_path / "r.pdf"
    ended = "The legal basis of this case ended on 2099-01-01"
    assert ended in unit.say("bundle", "C4", "-o", bundle)
    assert (
        unit.ask("verify", bundle, status=EXIT_NOT_CONFIRMED)["statements"]["bundle"][
            "basis_ended_on"
        ]
        == "2099-01-01"
    )
    said = unit.run("verify", bundle).out
    assert "legal basis, before this bundle was made, ended on  2099-01-01" in said
    for kind in ("prosecutor", "disclosure"):
        made = unit.ask("report", "C4", "-o", report, "--kind", kind)
        assert made["basis_ended_on"] == "2099-01-01"
        assert ended in " ".join(poppler.text_of(report).split())
        report.unlink()
    assert unit.ask("verify", unit.root)["intact"]


def test_a_network_that_nothing_read_tells_must_be_named(unit: Unit, tmp_path: Path) -> None:
    path = tmp_path / "tx"
    path.write_bytes(regtest.Tx(((b"\x09" * 32, 0),), ((5, regtest.p2pkh(1)),)).raw)
    words = ("bitcoin", "ingest", "other", path)
    assert unit.refused(*words)["code"] == "network-not-named"
    assert unit.ask(*words, "--network", "testnet4")["network"] == "testnet4"


def test_a_mistyped_name_of_a_basis_file_is_no_basis(sample: Unit) -> None:
    error = sample.refused("case", "new", "T", "--legal-basis", "waranty.toml")
    assert error["code"] == "file-not-readable"


def test_a_long_legal_basis_in_words_is_one(unit: Unit) -> None:
    text = "Order of the court of 9 March 2026, " + "in the matter of a payment " * 40
    made = unit.ask("case", "new", "T", "--legal-basis", text)
    assert made["basis"]["authority"] == text.strip()


@pytest.mark.parametrize("title", ["", "  "])
def test_a_case_and_an_item_need_a_title(sample: Unit, title: str) -> None:
    for words in (
        ("case", "new", title, "--legal-basis", "x"),
        ("exhibit", "seize", "C1", title, "--place", "x"),
        ("officer", "add", title, "--vouch", "x"),
    ):
        assert sample.refused(*words)["code"] == "option-missing"


@pytest.mark.parametrize(
    "words",
    [
        ("--country", "Laos"), ("--zone", "Mars/Olympus"), ("--zone", "../../etc/passwd"),
        ("--language", "../en"), ("--name", ""), ("--officer", " "), ("--passphrase",),
        ("--site", "programme", "--role", "examiner"), ("--site", "programme", "--username", " "),
    ],
)  # fmt: skip
def test_an_init_that_cannot_be_leaves_nothing_behind(tmp_path: Path, words: Words) -> None:
    error = Unit(tmp_path).refused("init", tmp_path / "unit", *words)
    assert error["code"] in {"option-missing", "option-not-usable", "setting-not-readable"}
    assert not (tmp_path / "unit").exists()


def test_an_init_without_a_folder_means_the_home_else_the_folder_one_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, home, named = (tmp_path / name for name in ("here", "home", "named"))
    here.mkdir()
    monkeypatch.chdir(here)
    for root, words, env in (
        (home, (), {"KANCIL_HOME": str(home)}),
        (named, ("--workspace", named), {"KANCIL_HOME": str(home)}),
        (here, (), {"KANCIL_HOME": ""}),
    ):
        made = run("init", *words, "--disk-exception", "test", env=env)
        assert (made.status, made.err) == (0, "")
        assert str(root) in made.out
        assert (root / "kancil.toml").is_file()
        assert run("case", "list", *words, env=env).status == 0


def test_an_init_without_a_folder_touches_no_folder_that_holds_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "letter.txt"
    kept.write_text("mine", "utf-8")
    monkeypatch.chdir(tmp_path)
    refused = run("init")
    assert refused.status == 10
    assert f"{tmp_path} already contains files" in refused.err
    assert list(tmp_path.iterdir()) == [kept]


def test_bytes_go_only_to_an_exhibit_of_the_same_case(unit: Unit, tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"x")
    error = unit.refused("exhibit", "add", "C2", path, "--to", "E1")
    assert error["code"] == "option-not-usable"
    unit.say("exhibit", "add", "C1", path, "--to", "E1")


def test_what_has_not_happened_is_not_recorded(sample: Unit) -> None:
    words = ("exhibit", "seize", "C1", "T", "--place", "x", "--at", "2999-01-01")
    assert sample.refused(*words)["code"] == "option-not-usable"


def test_standard_input_is_an_exhibit(unit: Unit) -> None:
    added = unit.ask("exhibit", "add", "C1", "-", "--title", "A dump", stdin=b"\x00\xff dump\n")
    (file,) = added["files"]
    assert file["size_bytes"] == "8"
    again = unit.ask("exhibit", "list", "C1")[-1]
    assert again["sha256"] == file["sha256"]


def test_a_seal_that_would_not_hold_is_refused(unit: Unit, tmp_path: Path) -> None:
    out = tmp_path / "b.zip"
    lines: list[Any] = unit.ask("exhibit", "list")
    own = lines[0]["events"][0]["n"]
    for given in ("1=x", "2=x", "999=x", "0=x", str(own), f"{own}=", f"{own}.source=x"):
        error = unit.refused("bundle", "C1", "-o", out, "--seal", given)
        assert error["code"] == "option-not-usable"
    unit.say("bundle", "C1", "-o", out, "--seal", f"{own}=a source")
    verdict = unit.ask("verify", out, status=EXIT_NOT_CONFIRMED)
    (kept_back,) = verdict["statements"]["bundle"]["withheld"]
    assert (kept_back["n"], kept_back["reason"]) == (str(own), "a source")
    steps = verdict["steps"]
    said = next(step for step in steps if step["step"] == "custody")["said"]
    assert [one for one in said if "sealed-declared" in str(one)]


def test_a_missing_ledger_is_told_and_not_begun_anew(unit: Unit) -> None:
    path = unit.root / "desk" / "desk.sqlite"
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    assert unit.refused("case", "list")["code"] == "file-not-readable"
    assert not path.exists()
    path.write_bytes(b"")
    assert unit.refused("case", "new", "T", "--legal-basis", "x")["code"] == "desk-not-readable"
    path.write_bytes(b"no database at all" * 999)
    assert unit.refused("verify", unit.root)["code"] == "desk-not-readable"


def test_a_newer_workspace_is_refused_with_a_sentence(unit: Unit) -> None:
    path = unit.root / "kancil.toml"
    path.write_text(path.read_text("utf-8").replace("format = 2", "format = 3"), "utf-8")
    for words in (("case", "list"), ("upgrade",), ("verify", unit.root)):
        assert unit.refused(*words)["code"] == "format-too-new"


def test_sweeping_leaves_what_another_intake_has_not_recorded_yet(unit: Unit) -> None:
    vault = Vault(unit.root / "vault", unit.root / "incoming")
    with vault.intake_open(lambda: set(vault.contents())):
        digest = vault.take(io.BytesIO(b"not recorded yet")).sha256
        assert unit.ask("upgrade")["swept"] == []
        assert vault.holds(digest)
    assert digest in unit.ask("verify", unit.root)["orphans"]
    assert unit.ask("upgrade")["swept"] == [digest]
    assert not vault.holds(digest)


def test_a_unit_that_was_moved_works_on(unit: Unit, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    shutil.move(unit.root, moved)
    there = Unit(moved)
    there.say("bitcoin", "tx", "main", FIRST_PAYMENT)
    made = there.ask("bundle", "C1", "-o", tmp_path / "b.zip")
    there.say("verify", tmp_path / "b.zip", "--key", made["key"])


def test_a_guarded_key_stays_the_same_and_opens_with_its_passphrase_alone(unit: Unit) -> None:
    words = ("key", "guard", "O2")
    before = unit.ask("officer", "list")[1]["fingerprint"]
    short = run(*words, env={**unit.env(None), "KANCIL_PASSPHRASE": "too short"})
    assert short.status != 0
    env = {**unit.env(None), "KANCIL_PASSPHRASE": "twelve letters or more"}
    assert run(*words, env=env).status == 0
    assert unit.ask("officer", "list")[1]["fingerprint"] == before
    assert (
        unit.refused("case", "new", "T", "--legal-basis", "x", officer="O2")["code"] == "key-locked"
    )
    named = {**unit.env("O2"), "KANCIL_PASSPHRASE": "twelve letters or more"}
    assert run("case", "new", "T", "--legal-basis", "x", env=named).status == 0
    assert run(*words, env=env).status != 0, "it has a passphrase already"
