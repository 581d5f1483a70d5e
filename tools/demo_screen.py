"""The screen on which the demonstration ends: where to go, as whom, and what one sees there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.sample_classroom import JUDGE, PASSWORD, TRAINEES

ROOT = Path(__file__).parent.parent
VERIFY_PAGE = next((ROOT / "src" / "kancil" / "reports").rglob("verify.html"))
WIDTH = 100
"""Columns of the screen that all of this fits on."""
PASSPHRASE = "sample key of a sample officer"  # noqa: S105 (printed for everyone)

Account = tuple[str, str]
"""User name, and what the account is for."""
UNIT_ACCOUNTS: tuple[Account, ...] = (
    ("dara", f"examiner; key passphrase: {PASSPHRASE}"),
    ("prosecutor", "reader of case C1"),
    ("admin", "keeps the accounts"),
)
PROGRAMME_ACCOUNTS: tuple[Account, ...] = (
    ("lea", "team lead"),
    ("ann", "assessor"),
    ("bo", "second assessor"),
    ("rex", "reviewer"),
    ("olga", "programme officer"),
    ("fay", "focal point"),
    ("mia", "ministry"),
    ("don", "donor reader"),
    ("fin", "finance"),
    ("ada", "keeps accounts"),
)
CLASSROOM_ACCOUNTS: tuple[Account, ...] = (("tess", "trainer"), ("admin", "keeps accounts"))
_CAPABILITY = "capability-2026.2"


@dataclass(frozen=True, slots=True)
class Made:
    """What the closing screen names."""

    passwords: Mapping[str, str]
    """One-time passwords by user name, of the unit and the programme."""
    teachers: Mapping[str, str]
    """One-time passwords by user name, of the classroom."""
    training_class: str
    """Id of the class that is half-way through a lab."""
    cluster: str
    """An address of the cluster in the invented chain."""
    round: str
    """Id of the round under way in the invented country."""
    facts: int
    """How many known facts were checked."""
    seconds: float


def shown(word: str) -> str:
    """A word of a command as it stands on the screen: places from the checkout on."""
    text = word.replace(str(ROOT) + os.sep, "")
    return f"'{text}'" if " " in text else text


def closing(made: Made, log: Path, unit: str, programme: str, classroom: str) -> list[str]:
    """Where to go, as whom, and what one sees there: all that is left on the screen."""
    trainees = ", ".join([*TRAINEES, JUDGE[0]])
    done = (
        f"Done in {made.seconds:.0f} s; {made.facts} facts that are known of these data hold."
        f" All output: {shown(str(log))}"
    )
    return [
        "",
        done,
        "",
        f"The unit's workbench   {unit}",
        *_accounts(UNIT_ACCOUNTS, made.passwords),
        f"The programme's desk   {programme}",
        *_in_pairs(PROGRAMME_ACCOUNTS, made.passwords),
        f"The classroom          {classroom}",
        *_in_pairs(CLASSROOM_ACCOUNTS, made.teachers),
        f"  {trainees}: trainees; password: {PASSWORD}",
        "Each asks for an own password at first sign-in; administrators need no second factor.",
        "",
        "Open first:",
        *_pages(made, unit, programme, classroom),
        "",
        "Check demo-out/bundle-1.zip as a prosecutor does: open this page, drop the bundle on it.",
        f"  {shown(str(VERIFY_PAGE))}",
    ]


def _accounts(rows: Sequence[Account], passwords: Mapping[str, str]) -> list[str]:
    known = [(name, role) for name, role in rows if name in passwords]
    return [f"  {name:<12}{passwords[name]:<25}{role}" for name, role in known]


def _in_pairs(rows: Sequence[Account], passwords: Mapping[str, str]) -> list[str]:
    cells = [
        f"  {name:<6}{passwords[name]:<24}{role:<18}" for name, role in rows if name in passwords
    ]
    return ["".join(cells[place : place + 2]).rstrip() for place in range(0, len(cells), 2)]


def _pages(made: Made, unit: str, programme: str, classroom: str) -> Iterator[str]:
    of_round = f"{programme}/rounds/{made.round}"
    of_class = f"{classroom}/training/classes/{made.training_class}"
    pages = (
        (f"{unit}/", "as dara: the guided case, eight steps from its exhibit to a checked bundle"),
        (
            f"{unit}/cases/4/canvas/?trace=4&transfers=1",
            "a swindle: banks, USDT and bitcoin in one picture",
        ),
        (f"{unit}/cases/4/keepers/", "whom to ask to stop that money; a freeze letter from there"),
        (
            f"{unit}/chains/invented/clusters/{made.cluster}/",
            "addresses spent together, of invented people; from here, their exposure",
        ),
        (f"{of_round}/{_CAPABILITY}/profile/", "as lea: a country's figures, each down to answers"),
        (
            f"{programme}/countries/XKA/programme/",
            "as olga: from a need to what was done, and what changed",
        ),
        (f"{of_class}/board/", "as tess: who has finished the lab, who is stuck, who not begun"),
        (f"{classroom}/training/", "as chan: a lab half done; as jude: evidence to rule on"),
    )
    return (line for address, seen in pages for line in (f"  {address}", f"      {seen}"))
