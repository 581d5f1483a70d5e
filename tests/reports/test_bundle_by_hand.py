"""The commands on the format page check a bundle, with nothing but the tools that it names."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from kancil.reports.casework.bundle.archive import read_archive, write_archive
from tests.reports.attacks import insiders, studies
from tests.reports.attacks.forge import FINDING, WITNESS, Forgery
from tests.reports.make_sample_bundle import make_sample, sample_answers, sample_of
from tests.reports.mutations import mutations, repacked

pytestmark = pytest.mark.thorough

PAGE = Path(__file__).parents[2] / "docs" / "formats" / "bundle.md"
TOOLS = ("unzip", "sha256sum", "openssl", "base64", "head", "tail")
"""`printf` is part of bash, which is found by its whole path."""


def commands() -> str:
    """The blocks of the page's last section, one after the other."""
    section = PAGE.read_text(encoding="utf-8").split("\n## Checking without Kancil\n")[1]
    blocks = re.findall(r"^```bash\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 10
    return "".join(blocks)


@dataclass
class Outcome:
    """What the shell said."""

    status: int
    text: str


def run(bundle: bytes, folder: Path) -> Outcome:
    """Run the page's commands on a bundle in an empty folder."""
    tools = folder / "tools"
    tools.mkdir(parents=True)
    for name in TOOLS:
        found = shutil.which(name)
        assert found is not None, f"{name} is not installed"
        (tools / name).symlink_to(found)
    work = folder / "work"
    work.mkdir()
    (work / "bundle.zip").write_bytes(bundle)
    (folder / "commands.sh").write_text(commands(), encoding="utf-8")
    bash = shutil.which("bash")
    assert bash is not None
    done = subprocess.run(
        [bash, "-u", str(folder / "commands.sh")],
        cwd=work,
        env={"PATH": str(tools)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=300,
        check=False,
    )
    return Outcome(done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace"))


def test_the_commands_find_a_whole_bundle_right(tmp_path: Path) -> None:
    outcome = run(sample_of(sample_answers(), page=b"<p>page</p>").seal(), tmp_path)
    assert outcome.status == 0, outcome.text
    assert "WRONG" not in outcome.text
    assert "command not found" not in outcome.text
    assert "The manifest was signed by SHA256:" in outcome.text
    assert "All files are as they were signed." in outcome.text
    assert "7 ledger entries are signed." in outcome.text
    assert "10 transactions are in their blocks." in outcome.text
    assert outcome.text.count("is below its own target") == 10


def test_the_commands_name_each_sealed_entry_with_its_reason(tmp_path: Path) -> None:
    reason = 'He said "no", and asked for [silence], {"n":7}.'
    outcome = run(Forgery(declared={5: WITNESS, FINDING: reason}).make(), tmp_path)
    assert outcome.status == 0, outcome.text
    assert f"Sealed: entry 5. Reason: {WITNESS}" in outcome.text
    assert f"Sealed: entry {FINDING}. Reason: He said" in outcome.text
    assert "Nothing is sealed but what the making declares." in outcome.text


def test_the_commands_hold_each_study_against_its_entry(tmp_path: Path) -> None:
    outcome = run(studies.forgery().make(), tmp_path / "whole")
    assert (outcome.status, "WRONG" in outcome.text) == (0, False), outcome.text
    assert "Study 2 is the result that the ledger names." in outcome.text
    assert "10 transactions are in their blocks." in outcome.text
    outcome = run(studies.forgery(traces=False).make(), tmp_path / "no trace")
    assert (outcome.status, "WRONG" in outcome.text) == (0, False), outcome.text
    assert "Nothing of a blockchain is in this bundle." in outcome.text
    sealed = studies.forgery(declared={studies.STUDY_ENTRY: WITNESS})
    outcome = run(sealed.make(), tmp_path / "sealed")
    assert outcome.status == 0, outcome.text
    assert "Study 1 is not compared: its entry is sealed." in outcome.text


@cache
def by_insiders() -> dict[str, bytes]:
    return {one.name: one.data for one in (*insiders.attacks(), *studies.attacks())}


INSIDERS = (
    "finding taken out, list signed again",
    "exhibit taken out",
    "one more taken out than was declared",
    "declared sealed, and shown",
    "entry of the making taken out",
    "earlier making named, which declares the finding",
    "newest making named, the finding sealed as the earlier declares",
    "older format claimed, finding taken out",
    "making declares an older format",
    "made in 2020",
    "another officer in the list",
    "page replaced, list signed again",
    "sealed under another number",
    "sealed under another hash",
    "list of the sealed left out",
    "studies: another result than the ledger names",
    "studies: named in another order",
    "studies: one more named than is there",
    "studies: a third result that nobody counts",
    "studies: a file beside the result",
    "studies: none named",
    "studies: older format claimed",
)


@pytest.mark.thorough
@pytest.mark.parametrize("name", INSIDERS)
def test_the_commands_find_what_an_insider_signed_wrong(name: str, tmp_path: Path) -> None:
    outcome = run(by_insiders()[name], tmp_path)
    assert outcome.status != 0, outcome.text
    assert "WRONG" in outcome.text, outcome.text


def spoilt() -> list[tuple[str, bytes]]:
    """Choose a few mutations of every sort, and some that only the later blocks can see."""
    whole = make_sample().seal()
    chosen = mutations(whole)[::13]
    members = read_archive(whole).members
    name = next(n for n in members if n.startswith("analysis/proofs/tx/f4184fc5"))
    changed = members[name][:-5] + b"\1" + members[name][-4:]
    chosen.append(("a transaction", repacked({**members, name: changed}, with_manifest=False)))
    sample = make_sample()
    sample_members = {**sample.analysis, name: changed}
    sample = type(sample)(sample_members, sample.custody, sample.answers)
    chosen.append(("a transaction, signed by the officer", sample.seal()))
    chosen.append(("signed by another key", make_sample().seal("somebody")))
    other = {**members, "custody/checkpoint.txt": members["custody/heads/case.txt"]}
    chosen.append(("another checkpoint", write_archive(other)))
    return chosen


@pytest.mark.thorough
@pytest.mark.parametrize(("what", "bundle"), spoilt(), ids=lambda value: str(value)[:60])
def test_the_commands_find_a_spoilt_bundle_wrong(what: str, bundle: bytes, tmp_path: Path) -> None:
    outcome = run(bundle, tmp_path)
    assert outcome.status != 0 or "WRONG" in outcome.text, f"{what}: {outcome.text}"
