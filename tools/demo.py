"""Build the sample workspaces and walk through one: real blocks, three questions, three bundles.

Run by `make demo`. Everything it prints is the output of the commands it shows; at the end it
checks that the facts are those that are known of these blocks (sample/SOURCES.md).
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from kancil.ground.owner import write_for_owner_only

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "sample"
DEMO = ROOT / "demo-out"
UNIT = DEMO / "unit"
PROGRAMME = DEMO / "programme"
KANCIL = Path(sys.executable).parent / "kancil"

FIRST_COINS = "0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9:0"
LONG_CHAIN = "20553f193186d7c0a8f13c6214cf90958a1291c8546c71a802c5101d7cde213f"
PASSPHRASE = "sample key of a sample officer"  # noqa: S105 (printed for everyone)
LISTED_PAYMENT = "41f366c2afcc222fe45398b6dc13dcca8874ca6ed288420700575495d03f8dad:0"


def run(*words: str | Path, show: bool = True) -> str:
    """Run a command as its user would, show it and its answer; gives the answer."""
    line = " ".join(_shown(str(word)) for word in words)
    if show:
        sys.stdout.write(f"\n$ kancil {line}\n")
        sys.stdout.flush()
    environment = {**os.environ, "KANCIL_HOME": str(UNIT), "KANCIL_OFFICER": "O1"}
    done = subprocess.run(
        [KANCIL, *words], capture_output=True, text=True, env=environment, check=False
    )
    if done.returncode != 0:
        sys.stdout.write(done.stdout)
        sys.exit(f"{done.stderr}\nThe demo stopped: status {done.returncode}")
    if show:
        sys.stdout.write(done.stdout)
        sys.stdout.flush()
    return done.stdout


def ask(*words: str | Path) -> Any:
    """Run a command for its JSON, unseen."""
    return json.loads(run(*words, "--json", show=False))


def _shown(word: str) -> str:
    text = word.replace(str(ROOT) + os.sep, "")
    return f"'{text}'" if " " in text else text


def say(text: str) -> None:
    """Print a heading between steps."""
    sys.stdout.write(f"\n\n=== {text}\n")


def build() -> None:
    """Make the workspace, admit the blocks as an exhibit, ingest them, import labels."""
    say("A workspace, a case, and real blocks taken in as an exhibit")
    shutil.rmtree(DEMO, ignore_errors=True)
    DEMO.mkdir()
    run(
        "init", UNIT, "--name", "Sample Cybercrime Unit", "--country", "LA",
        "--zone", "Asia/Vientiane", "--officer", "Dara (sample)",
        "--disk-exception", "sample data only", "--second-factor-exception", "sample data only",
    )  # fmt: skip
    basis = "Training exercise on public blocks; no real case"
    for title in ("The first payment", "Seventy-one hops", "A listed address was paid"):
        made = ask("case", "new", title, "--legal-basis", basis)
        sys.stdout.write(f"\n$ kancil case new '{title}' --legal-basis '{basis}'\n")
        sys.stdout.write(
            f"{made['label']}, checkpoint slip: {_shown(made['checkpoint']['slip'])}\n"
        )
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
    """Ask the three questions; gives their answers."""
    say("1. Where did the 50 BTC of block 9 go? They paid the first payment between two people.")
    run("bitcoin", "trace", "main", FIRST_COINS, "--case", "C1", "--why", "sample: shows the sum")
    say("2. A chain of 71 hops inside one block")
    run("bitcoin", "trace", "main", LONG_CHAIN, "--case", "C2", "--why", "sample: a long chain")
    say("3. Who paid an address on a sanctions list? Both sources lie outside these blocks.")
    fetch = DEMO / "fetch-list.txt"
    run(
        "bitcoin", "trace", "main", LISTED_PAYMENT, "--direction", "backward", "--case", "C3",
        "--why", "sample: unknown stays unknown", "--fetch-list", fetch,
    )  # fmt: skip
    run("bitcoin", "address", "main", "1NpHuti9NSM9fVTXLkvSDU4AnhqGQ5N53d")
    sys.stdout.write(f"\n$ cat {_shown(str(fetch))}\n{fetch.read_text()}")
    return [
        ask("bitcoin", "trace", "main", FIRST_COINS),
        ask("bitcoin", "trace", "main", LONG_CHAIN),
        ask("bitcoin", "trace", "main", LISTED_PAYMENT, "--direction", "backward"),
    ]


def bundle_all() -> None:
    """Accept findings, write the bundles and verify them."""
    say("Findings, accepted by a named officer; bundles for people without Kancil")
    run("finding", "accept", "C1", "--trace", "T1", "--class", "chain-fact", "--row", "1")
    run("finding", "accept", "C1", "--trace", "T1", "--class", "policy-result", "--row", "1")
    run("finding", "accept", "C3", "--trace", "T3", "--class", "chain-fact", "--row", "1")
    run("finding", "accept", "C3", "--trace", "T3", "--class", "attribution")
    for number in (1, 2, 3):
        out = DEMO / f"bundle-{number}.zip"
        made = ask("bundle", f"C{number}", "-o", out, "--purpose", "sample")
        sys.stdout.write(f"\n$ kancil bundle C{number} -o {_shown(str(out))}\n")
        sys.stdout.write(f"{made['size_bytes']} bytes, SHA-256 {made['id']}\n")
        run("verify", out, "--key", made["key"])
    note = made["checkpoint"]["path"]
    run("verify", UNIT, "--against", note)


def tell_facts(facts: dict[str, bool]) -> None:
    """Say of each fact whether it holds; end the demonstration if one does not."""
    for name, holds in facts.items():
        sys.stdout.write(f"{'ok ' if holds else 'NOT SO'} {name}\n")
    if not all(facts.values()):
        sys.exit(1)


def check(answers: list[Any]) -> None:
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
    say("What is known of these blocks, checked")
    tell_facts(facts)


def find_planted() -> None:
    """Look for a laundering that was planted in a chain of invented people, and compare."""
    say("A planted laundering case: a chain of invented people, with peel chains in it")
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
    tell_facts(facts)


def group_addresses() -> None:
    """Ask what the coins of one cluster of the invented chain met, and say where its page is."""
    say("A cluster of the invented chain: what its coins met")
    folder = SAMPLE / "invented"
    labels = folder / "labels.csv"
    run("labels", "import", labels, "--network", "regtest", "--fetched-on", "2024-09-27")
    cluster = json.loads((folder / "planted.json").read_bytes())["cluster"]
    address, size = cluster["address"], cluster["addresses"]
    text = run("bitcoin", "exposure", "invented", address, "--cluster")
    facts = {
        f"the cluster has the {size} addresses that one invented person spent together": (
            f"({size} addresses)" in text
        ),
        "the answer says that one owner is not proved": "one owner is not proved" in text,
        "its coins met the address that an invented ministry listed, before it was listed": (
            "it was not listed when it was paid" in text
        ),
    }
    tell_facts(facts)
    page = f"/chains/invented/clusters/{address}/"
    sys.stdout.write(
        "On the workbench, once signed in:\n"
        f"  the cluster                {page}\n"
        f"  without a transaction      {page}?without={cluster['joined_by'][0]}\n"
        f"  its exposure               {page}exposure/?subject=cluster\n"
        "  of real blocks, not made   /chains/main/clusters/  (an officer has them made there)\n"
    )


def make_site() -> None:
    """Give the workspace a server and three accounts, print how to sign in, lock the sample key."""
    say("The workbench: accounts of the sample unit")
    first = ask("serve", "--prepare")["administrator"]
    officer = ask("person", "add", "dara", "--name", "Dara (sample)", "--role", "examiner",
                  "--officer", "O1")  # fmt: skip
    reader = ask("person", "add", "prosecutor", "--name", "Prosecutor (sample)", "--role", "reader")
    for case in ("C1", "C2", "C3"):
        ask("person", "join", case, "dara")
    ask("person", "join", "C1", "prosecutor")
    os.environ["KANCIL_PASSPHRASE"] = PASSPHRASE
    ask("key", "guard", "O1")
    (UNIT / "desk" / "guided-case").write_text("1\n", "ascii")
    sys.stdout.write(
        "Sign in with one of these; the site asks for a password of your own the first time.\n"
        f"  officer     dara        {officer['password']}\n"
        f"              passphrase of her key, for findings and bundles: {PASSPHRASE}\n"
        f"  prosecutor  prosecutor  {reader['password']}\n"
        f"  accounts    admin       {first['password']}\n"
        "Administrators need no second factor here: it is stated that this is sample data only.\n"
    )


def make_programme() -> None:
    """Make the other site, the programme's, with an invented country under assessment."""
    say("The programme's desk: an invented country, assessed twice. Its own workspace and database")
    made = json.loads(
        run(
            "init", PROGRAMME, "--site", "programme", "--name", "Sample Programme", "--zone",
            "Asia/Vientiane", "--officer", "Ada Adair (sample)", "--username", "ada",
            "--second-factor-exception", "sample data only", "--json", show=False,
        )
    )  # fmt: skip
    sys.stdout.write(f"\n$ kancil init {_shown(str(PROGRAMME))} --site programme\n")
    filled = subprocess.run(
        [sys.executable, "-m", "tools.sample_programme", PROGRAMME],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    if filled.returncode:
        sys.exit(f"{filled.stderr}\nThe demo stopped: status {filled.returncode}")
    passwords = {**json.loads(filled.stdout), "ada": made["account"]["password"]}
    sys.stdout.write("Sign in there with one of these; it asks for a password of your own, too.\n")
    for role, name in (
        ("team lead", "lea"), ("assessor", "ann"), ("programme officer", "olga"),
        ("focal point of the country", "fay"), ("donor reader", "don"), ("accounts", "ada"),
    ):  # fmt: skip
        sys.stdout.write(f"  {role:28}{name:8}{passwords[name]}\n")


def free_port(after: int = 7999) -> int:
    """Give the first port after this one, from 8000 on, that nobody uses."""
    for port in range(after + 1, 8100):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)):
                return port
    sys.exit("No port from 8000 to 8099 is free.")


def serve() -> None:
    """Serve both sites: here, or behind a script's back where nobody sits at a terminal."""
    port = free_port()
    other = free_port(port)
    is_here = sys.stdin.isatty()
    child = start(PROGRAMME, other, "serve-programme.log", apart=not is_here)
    sys.stdout.write(
        f"The programme's desk is at http://localhost:{other} (process {child.pid}).\n"
    )
    if is_here:  # Ctrl-C is told to both
        sys.stdout.flush()
        words = [str(KANCIL), "--workspace", str(UNIT), "serve", "--port", str(port)]
        os.execv(words[0], words)
    unit = start(UNIT, port, "serve.log", apart=True)
    sys.stdout.write(
        f"The unit's workbench is at http://localhost:{port} (process {unit.pid}).\n"
        f"Both are served behind this script. Stop them with: kill {unit.pid} {child.pid}\n"
    )


def start(root: Path, port: int, log_name: str, *, apart: bool) -> subprocess.Popen[bytes]:
    """Serve a workspace in a process of its own, and wait until it answers."""
    words = [str(KANCIL), "--workspace", str(root), "serve", "--port", str(port)]
    with (DEMO / log_name).open("wb") as log:
        child = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=apart
        )
    ends = time.monotonic() + 30
    while time.monotonic() < ends and child.poll() is None:
        with socket.socket() as tried:
            if not tried.connect_ex(("127.0.0.1", port)):
                return child
        time.sleep(0.1)
    sys.exit(f"The site did not start; see {_shown(str(DEMO / log_name))}")


def main() -> None:
    """Build, ask, bundle, check, and say where everything is; then serve both sites."""
    write_for_owner_only()
    began = time.monotonic()
    build()
    answers = trace_all()
    bundle_all()
    check(answers)
    find_planted()
    group_addresses()
    make_site()
    make_programme()
    page = "src/kancil/reports/casework/bundle/page/verify.html"
    say(f"Done in {time.monotonic() - began:.0f} s")
    sys.stdout.write(
        f"Workspaces: {_shown(str(UNIT))}, {_shown(str(PROGRAMME))}\n"
        f"Bundles: {_shown(str(DEMO))}{os.sep}bundle-1.zip, bundle-2.zip, bundle-3.zip\n"
        f"Open {page} in any browser and drop a bundle on it.\n"
    )
    serve()


if __name__ == "__main__":
    main()
