"""Make a sample unit, programme and classroom, check what is known of them, and serve them.

Run by `make demo`. The screen shows one line a step, and at the end where to go; every command and
its output go to `demo-out/demo.log`. The answers are held against the facts that are known of these
blocks (sample/SOURCES.md); one that does not hold fails the demo, as a failed command does.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn

from kancil.ground.owner import write_for_owner_only
from tools.demo_screen import PASSPHRASE, ROOT, WIDTH, Made, closing, shown
from tools.sample_swindle import EXCHANGES, MOST_FEE_SAT, PAYOUT_SAT, make_swindle

SAMPLE = ROOT / "sample"
DEMO = ROOT / "demo-out"
LOG = DEMO / "demo.log"
UNIT = DEMO / "unit"
PROGRAMME = DEMO / "programme"
CLASSROOM = DEMO / "classroom"
KANCIL = Path(sys.executable).parent / "kancil"

TAIL = 20
"""Lines of the log that are shown when something fails."""
FIRST_COINS = "0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9:0"
LONG_CHAIN = "20553f193186d7c0a8f13c6214cf90958a1291c8546c71a802c5101d7cde213f"
LISTED_PAYMENT = "41f366c2afcc222fe45398b6dc13dcca8874ca6ed288420700575495d03f8dad:0"

SWINDLE = (
    ("victim-bank.csv", "Vientiane Example Bank", "Asia/Vientiane"),
    ("complaints.csv", "Example Police", "Asia/Vientiane"),
    ("mule-bank.xlsx", "Mekong Example Bank", "Asia/Vientiane"),
    ("exchange.csv", "Example Exchange", ""),
    ("tronscan.csv", "Tronscan export", ""),
    ("swap.csv", "Example Swap", ""),
)
"""Table, who made it, and the zone of its times where it does not say."""


def run(*words: str | Path) -> str:
    """Run a command as its user would, with its answer in the log; gives the answer."""
    answer = _run(words)
    log(answer)
    return answer


def ask(*words: str | Path) -> Any:
    """Run a command for its JSON, which may hold a password and so is not logged."""
    return json.loads(_run((*words, "--json")))


def _run(words: tuple[str | Path, ...]) -> str:
    log(f"\n$ kancil {' '.join(shown(str(word)) for word in words)}\n")
    environment = {**os.environ, "KANCIL_HOME": str(UNIT), "KANCIL_OFFICER": "O1"}
    return _answer([str(KANCIL), *map(str, words)], environment)


def _answer(command: list[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False
    )
    if done.returncode != 0:
        log(done.stdout + done.stderr)
        stop(f"a command ended with status {done.returncode}")
    log(done.stderr)
    return done.stdout


def stop(why: str) -> NoReturn:
    """End the demo with the last lines of the log, and where the rest of it stands."""
    lines = LOG.read_text("utf-8").rstrip().splitlines()[-TAIL:]
    place = shown(str(LOG))
    told = [f"\n\nThe last lines of {place}:", *(f"  {line}" for line in lines)]
    sys.exit("\n".join([*told, f"\nThe demo stopped: {why}. All of it stands in {place}."]))


def log(text: str) -> None:
    """Append to the log."""
    with LOG.open("a", encoding="utf-8") as file:
        file.write(text)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Show a step in one line: its title at once, its seconds when it is done."""
    sys.stdout.write(f"  {title:<{WIDTH - 12}}")
    sys.stdout.flush()
    log(f"\n\n=== {title}\n")
    began = time.monotonic()
    yield
    sys.stdout.write(f"{time.monotonic() - began:6.0f} s\n")
    sys.stdout.flush()


def build() -> None:
    """Make the workspace, admit the blocks as an exhibit, ingest them, import labels."""
    run(
        "init", UNIT, "--name", "Sample Cybercrime Unit", "--country", "LA",
        "--zone", "Asia/Vientiane", "--officer", "Dara (sample)",
        "--disk-exception", "sample data only", "--second-factor-exception", "sample data only",
    )  # fmt: skip
    basis = "Training exercise on public blocks; no real case"
    titles = (
        "The first payment", "Seventy-one hops", "A listed address was paid", "An invented swindle",
    )  # fmt: skip
    for title in titles:
        run("case", "new", title, "--legal-basis", basis)
    blocks = sorted((SAMPLE / "blocks").iterdir())
    spent = [path for path in blocks if "spent" in path.name]
    blocks = [path for path in blocks if path not in spent]
    run("exhibit", "add", "C1", *blocks, "--title", "Blocks 0-599 and three later ones")
    run("exhibit", "add", "C1", *spent, "--title", "What block 300025 spends")
    run("bitcoin", "ingest", "main", "E1", "--spent", "E2")
    run("bitcoin", "status", "main")
    labels = sorted((SAMPLE / "labels").iterdir())
    run("labels", "import", *labels, "--fetched-on", "2024-09-27")


def trace_all() -> list[Any]:
    """Ask the three questions; gives their answers.

    Where did the 50 BTC of block 9 go, of which 10 were the first payment between two people? How
    do 71 hops inside one block look? Who paid an address on a sanctions list, with both sources
    outside these blocks?
    """
    run("bitcoin", "trace", "main", FIRST_COINS, "--case", "C1", "--why", "sample: shows the sum")
    run("bitcoin", "trace", "main", LONG_CHAIN, "--case", "C2", "--why", "sample: a long chain")
    fetch = DEMO / "fetch-list.txt"
    run(
        "bitcoin", "trace", "main", LISTED_PAYMENT, "--direction", "backward", "--case", "C3",
        "--why", "sample: unknown stays unknown", "--fetch-list", fetch,
    )  # fmt: skip
    run("bitcoin", "address", "main", "1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d")
    log(f"\n$ cat {shown(str(fetch))}\n{fetch.read_text()}")
    return [
        ask("bitcoin", "trace", "main", FIRST_COINS),
        ask("bitcoin", "trace", "main", LONG_CHAIN),
        ask("bitcoin", "trace", "main", LISTED_PAYMENT, "--direction", "backward"),
    ]


def read_swindle(day: date) -> int:
    """Read six invented tables of a swindle: banks, an exchange, TRON, a swap service, complaints.

    All of it happened in the week before `day`. Its last payment is in bitcoin, on a generated
    chain, where it is traced on.
    """
    made = make_swindle(DEMO / "swindle", day)
    for number, (name, publisher, zone) in enumerate(SWINDLE, 3):
        mapping = DEMO / f"{name}.mapping.json"
        run("exhibit", "add", "C4", made.tables / name, "--title", name)
        run("transfers", "suggest", f"E{number}", "-o", mapping)
        decided = json.loads(mapping.read_bytes())
        decided["time"] = {**decided["time"], **({"zone": zone} if zone else {})}
        mapping.write_text(json.dumps(decided), encoding="utf-8")
        run("transfers", "read", f"E{number}", "--mapping", mapping, "--stated-by", publisher)
    run("bitcoin", "ingest", "swindle", made.blocks, "--network", "regtest")
    run("labels", "import", made.labels, "--network", "regtest", "--fetched-on", day.isoformat())
    trace = ("bitcoin", "trace", "swindle", made.outpoint)
    run(*trace, "--case", "C4", "--why", "sample: the way on")
    traced = ask(*trace)
    rested = sum(int(row["lower_sat"]) for row in traced["holdings"])
    run("exhibit", "add", "C4", made.stick, "--title", "Memory stick of a suspect")
    run("evidence", "triage", "E9")
    on_stick = ask("evidence", "identifiers", "E9", "--kind", "bitcoin-address")["identifiers"]
    command = [sys.executable, "-m", "tools.sample_decisions", str(UNIT), "C4"]
    log("\n$ python -m tools.sample_decisions demo-out/unit C4\n")
    story, *_, still_open = _answer(command, os.environ).splitlines()
    log(f"{story}\n")
    keepers = ask("keepers", "--case", "C4")["keepers"]
    return hold({
        "the first sentence leads from the victims over LAK and USDT to bitcoin": (
            "LAK became USDT at an account at Example Exchange" in story
            and "became BTC at SW-4471-2009 at Example Swap" in story
        ),
        "the note on the memory stick names the address that was paid out to": (
            [each["value"] for each in on_stick] == [made.payout.address]
        ),
        "one pair is left open, as an example": still_open.startswith("One pair "),
        "of what the swap service paid out, four tenths less the fee are unspent": (
            PAYOUT_SAT * 4 // 10 - MOST_FEE_SAT <= rested < PAYOUT_SAT * 4 // 10
        ),
        "the rest is at an exchange that a label names": any(
            each["keeper"] == EXCHANGES[0] for each in keepers
        ),
        "the first to ask was paid in this week": keepers[0]["hours_since"] < 7 * 24,
    })  # fmt: skip


def bundle_all() -> None:
    """Accept findings, write the bundles and verify them."""
    run("finding", "accept", "C1", "--trace", "T1", "--class", "chain-fact", "--row", "1")
    run("finding", "accept", "C1", "--trace", "T1", "--class", "policy-result", "--row", "1")
    run("finding", "accept", "C3", "--trace", "T3", "--class", "chain-fact", "--row", "1")
    run("finding", "accept", "C3", "--trace", "T3", "--class", "attribution")
    for number in (1, 2, 3):
        out = DEMO / f"bundle-{number}.zip"
        made = ask("bundle", f"C{number}", "-o", out, "--purpose", "sample")
        log(f"{made['size_bytes']} bytes, SHA-256 {made['id']}\n")
        run("verify", out, "--key", made["key"])
    note = made["checkpoint"]["path"]
    run("verify", UNIT, "--against", note)


def hold(facts: Mapping[str, bool]) -> int:
    """End the demo if one of these facts is not so, and name it; gives how many they are."""
    for name, holds in facts.items():
        log(f"{'ok ' if holds else 'NOT SO'} {name}\n")
    wrong = [f"NOT SO: {name}" for name, holds in facts.items() if not holds]
    if wrong:
        stop("; ".join(wrong))
    return len(facts)


def check(answers: list[Any]) -> int:
    """Hold the answers against what is known of these blocks."""
    first, second, third = answers
    rested = sum(int(row["lower_sat"]) for row in first["holdings"])
    transactions = {row["txid"] for row in first["transfers"]} | {FIRST_COINS.split(":")[0]}
    facts = {
        "what rests of block 9's coins sums to 50 BTC": rested == 50 * 10**8,
        "they went over six hops and nine transactions, their own coinbase included": (
            max(int(row["hop"]) for row in first["transfers"]) == 6 and len(transactions) == 9
        ),
        "the chain in block 370661 has 71 hops": (
            max(int(row["hop"]) for row in second["transfers"]) == 71
        ),
        "both sources of the listed payment are unknown and on the fetch list": (
            [row["state"] for row in third["holdings"]] == ["unknown-source"] * 2
            and len(third["fetch_list"]) == 2
        ),
        "the fees of block 300025 total 7,773,345 sat": (
            ask("bitcoin", "block", "main", "300025")["fees_sat"] == "7773345"
        ),
    }
    return hold(facts)


def find_planted() -> int:
    """Look for a laundering that was planted in a chain of invented people, and compare."""
    run("bitcoin", "ingest", "invented", SAMPLE / "invented" / "blk00000.dat",
        "--network", "regtest")  # fmt: skip
    text = run("bitcoin", "patterns", "invented", "--pattern", "peel-chain")
    truth = json.loads((SAMPLE / "invented" / "planted.json").read_bytes())
    long, short = truth["peel_chains"]
    facts = {
        f"the planted peel chain of {len(long)} is found, from its first peel to its last": (
            long[0] in text and f" {len(long)} transactions in a row" in text
        ),
        f"the planted one of {len(short)} is not: five links are asked for": short[0] not in text,
    }
    return hold(facts)


def group_addresses() -> tuple[str, int]:
    """Ask what the coins of one cluster of the invented chain met; gives its address, and facts."""
    folder = SAMPLE / "invented"
    labels = folder / "labels.csv"
    run("labels", "import", labels, "--network", "regtest", "--fetched-on", "2024-09-27")
    cluster = json.loads((folder / "planted.json").read_bytes())["cluster"]
    address, size = cluster["address"], cluster["addresses"]
    text = run("bitcoin", "exposure", "invented", address, "--cluster")
    answer = ask("bitcoin", "exposure", "invented", address, "--cluster")
    sent = next(each for each in answer["sides"] if each["side"] == "sent")
    met = {each["listed"]: each["outputs"] for each in sent["terrorist_financing"]["by_time"]}
    facts = {
        f"the cluster has the {size} addresses that one invented person spent together": (
            answer["addresses"] == size
        ),
        "the answer says that one owner is not proved": "one owner is not proved" in text,
        "its coins met the address that an invented ministry listed, before it was listed": (
            met == {"before": 0, "on-the-day": 0, "not-known": 0, "later": 1}
        ),
    }
    return address, hold(facts)


def make_site() -> dict[str, str]:
    """Make three accounts of the unit, lock the sample key; gives the one-time passwords."""
    first = ask("serve", "--prepare")["administrator"]
    officer = ask("person", "add", "dara", "--name", "Dara (sample)", "--role", "examiner",
                  "--officer", "O1")  # fmt: skip
    reader = ask("person", "add", "prosecutor", "--name", "Prosecutor (sample)", "--role", "reader")
    ask("person", "join", "C1", "prosecutor")  # who opened the cases is their member
    os.environ["KANCIL_PASSPHRASE"] = PASSPHRASE
    ask("key", "guard", "O1")
    (UNIT / "desk" / "guided-case").write_text("1\n", "ascii")
    made = {"dara": officer, "prosecutor": reader, "admin": first}
    return {name: account["password"] for name, account in made.items()}


def make_programme() -> tuple[dict[str, str], str]:
    """Make the programme with an invented country; gives its passwords, and the open round's id."""
    made = ask(
        "init", PROGRAMME, "--site", "programme", "--name", "Sample Programme", "--zone",
        "Asia/Vientiane", "--officer", "Ada Adair (sample)", "--username", "ada",
        "--second-factor-exception", "sample data only",
    )  # fmt: skip
    command = [sys.executable, "-m", "tools.sample_programme", str(PROGRAMME)]
    log("\n$ python -m tools.sample_programme demo-out/programme\n")
    filled = json.loads(_answer(command, os.environ))
    return {**filled["passwords"], "ada": made["account"]["password"]}, filled["round"]


def make_classroom() -> tuple[dict[str, str], str]:
    """Make the classroom with a class at work; gives its passwords, and the class's id."""
    command = [sys.executable, "-m", "tools.sample_classroom", str(CLASSROOM)]
    log("\n$ python -m tools.sample_classroom demo-out/classroom\n")
    filled = json.loads(_answer(command, os.environ))
    return filled["passwords"], filled["class"]


def free_port(after: int = 7999) -> int:
    """The first port after this one, from 8000 on, that nobody uses."""
    for port in range(after + 1, 8100):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)):
                return port
    sys.exit("No port from 8000 to 8099 is free.")


def serve(made: Made) -> None:
    """Serve the three sites: here, or behind a script's back where nobody sits at a terminal."""
    port = free_port()
    second = free_port(port)
    third = free_port(second)
    is_here = sys.stdin.isatty()
    programme = start(PROGRAMME, second, "serve-programme.log", apart=not is_here)
    classroom = start(CLASSROOM, third, "serve-classroom.log", apart=not is_here)
    screen = closing(made, LOG, *(f"http://localhost:{each}" for each in (port, second, third)))
    if is_here:  # Ctrl-C is told to all of them
        sys.stdout.write("\n".join([*screen, "Stop all three with Ctrl-C.", ""]))
        sys.stdout.flush()
        words = [str(KANCIL), "--workspace", str(UNIT), "serve", "--port", str(port)]
        os.execv(words[0], words)
    unit = start(UNIT, port, "serve.log", apart=True)
    every = f"{unit.pid} {programme.pid} {classroom.pid}"
    sys.stdout.write(
        "\n".join([*screen, f"All are served behind this script. Stop: kill {every}", ""])
    )


def start(root: Path, port: int, log_name: str, *, apart: bool) -> subprocess.Popen[bytes]:
    """Serve a workspace in a process of its own, and wait until it answers."""
    words = [str(KANCIL), "--workspace", str(root), "serve", "--port", str(port)]
    with (DEMO / log_name).open("wb") as out:
        child = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=apart
        )
    ends = time.monotonic() + 30
    while time.monotonic() < ends and child.poll() is None:
        with socket.socket() as tried:
            if not tried.connect_ex(("127.0.0.1", port)):
                return child
        time.sleep(0.1)
    log((DEMO / log_name).read_text("utf-8", "replace"))
    stop("a site did not start")


def main() -> None:
    """Make the samples, check what is known of them, and serve them."""
    write_for_owner_only()
    began = time.monotonic()
    shutil.rmtree(DEMO, ignore_errors=True)
    DEMO.mkdir()
    sys.stdout.write(
        "Making a sample unit, programme and classroom in demo-out, in a few minutes\n"
    )
    with step("A unit: its workspace, four cases, real blocks as exhibits, labels"):
        build()
    with step("Three traces of real payments, and the known facts of these blocks"):
        answers = trace_all()
        facts = check(answers)
    with step("A swindle: six invented tables of banks and services, on to bitcoin"):
        facts += read_swindle(datetime.now(UTC).date())
    with step("Findings accepted by a named officer; three bundles, each verified"):
        bundle_all()
    with step("A chain of invented people: the planted peel chain is found"):
        facts += find_planted()
    with step("A cluster of that chain, and what its coins met"):
        cluster, more = group_addresses()
    with step("Accounts of the unit's workbench"):
        passwords = make_site()
    with step("A programme: an invented country, assessed twice"):
        others, round_id = make_programme()
    with step("A classroom: a class half-way through a lab, its first test sat by three"):
        teachers, training_class = make_classroom()
    seconds = time.monotonic() - began
    serve(
        Made(
            {**passwords, **others}, teachers, training_class, cluster, round_id, facts + more,
            seconds,
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
