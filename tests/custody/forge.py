"""What an attacker does to a ledger: with no key, or with an officer's key in hand."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable
from typing import Any

from kancil.custody.acting import ActingOfficer
from kancil.custody.entry import NO_HASH, entry_hash, read_entry, write_line
from kancil.ground import canonical
from kancil.ground.signing import Signer, fingerprint

Lines = list[bytes]


def statement_of(line: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(line)["statement"]
    return found


def sign(statement: dict[str, Any], signer: Signer) -> bytes:
    """Sign a statement anew with a key in hand, naming that key."""
    signed = canonical.dumps({**statement, "key": fingerprint(signer.public_raw)})
    return write_line(signer.sign(signed), signed)


def edited(rng: random.Random, statement: dict[str, Any]) -> dict[str, Any]:
    """Change one thing that a statement says."""
    found: dict[str, Any] = json.loads(json.dumps(statement))
    choice = rng.randrange(4)
    if choice == 0:
        found["body"]["note"] = f"false {rng.random()}"
    elif choice == 1:
        found["at"] = found["at"][:20] + f"{rng.randrange(10**6):06d}Z"
    elif choice == 2:
        found["kind"] = "exhibit.stored" if found["kind"] != "exhibit.stored" else "exhibit.opened"
    else:
        found["n"] += rng.choice((-1, 1, 7))
    return found


def relinked(lines: Lines, start: int) -> Lines:
    """Compute `prev` anew from `start` on, without any key: signatures no longer fit."""
    found = list(lines)
    for i in range(max(start, 1), len(found)):
        entry = read_entry(found[i])
        statement = {**entry.statement, "prev": entry_hash(found[i - 1]).hex()}
        found[i] = write_line(entry.signature, canonical.dumps(statement))
    return found


# --- without keys: each gives a changed ledger that is not a mere beginning of the old ---


def flip(rng: random.Random, lines: Lines) -> Lines:
    i = rng.randrange(len(lines))
    line = bytearray(lines[i])
    line[rng.randrange(len(line))] ^= 1 << rng.randrange(8)
    return [*lines[:i], bytes(line), *lines[i + 1 :]]


def cut_or_add_bytes(rng: random.Random, lines: Lines) -> Lines:
    i = rng.randrange(len(lines))
    place = rng.randrange(len(lines[i]))
    line = lines[i]
    if rng.random() < 0.5:
        line = line[:place] + line[place + rng.randrange(1, 9) :]
    else:
        line = line[:place] + rng.randbytes(rng.randrange(1, 9)) + line[place:]
    return [*lines[:i], line, *lines[i + 1 :]]


def remove(rng: random.Random, lines: Lines) -> Lines:
    i = rng.randrange(len(lines) - 1)
    return [*lines[:i], *lines[i + 1 :]]


def swap(rng: random.Random, lines: Lines) -> Lines:
    i, j = rng.sample(range(len(lines)), 2)
    found = list(lines)
    found[i], found[j] = found[j], found[i]
    return found


def double(rng: random.Random, lines: Lines) -> Lines:
    i = rng.randrange(len(lines) + 1)
    return [*lines[:i], rng.choice(lines), *lines[i:]]


def edit_keeping_signature(rng: random.Random, lines: Lines) -> Lines:
    i = rng.randrange(len(lines))
    entry = read_entry(lines[i])
    line = write_line(entry.signature, canonical.dumps(edited(rng, entry.statement)))
    found = [*lines[:i], line, *lines[i + 1 :]]
    try:
        return relinked(found, i + 1) if rng.random() < 0.5 else found
    except Exception:  # noqa: BLE001 (an edit that cannot be read again is broken as it is)
        return found


def insert_own(rng: random.Random, lines: Lines, stranger: Signer) -> Lines:
    """Insert or append an entry signed by a key that the ledger does not know."""
    i = rng.randrange(1, len(lines) + 1)
    statement = statement_of(lines[i - 1])
    statement |= {"n": i + 1, "prev": entry_hash(lines[i - 1]).hex(), "case": None}
    statement |= {"exhibit": None, "kind": "unit.disk-stated"}
    return [*lines[:i], sign(statement, stranger), *lines[i:]]


def exchange_signature(rng: random.Random, lines: Lines) -> Lines:
    i, j = rng.sample(range(len(lines)), 2)
    entry = read_entry(lines[i])
    signature = read_entry(lines[j]).signature if rng.random() < 0.5 else rng.randbytes(64)
    return [*lines[:i], write_line(signature, entry.signed_bytes), *lines[i + 1 :]]


def take_from_other(rng: random.Random, lines: Lines, other: Lines) -> Lines:
    i = rng.randrange(len(lines))
    return [*lines[:i], other[min(i, len(other) - 1)], *lines[i + (rng.random() < 0.5) :]]


def keyless(rng: random.Random, lines: Lines, other: Lines, stranger: Signer) -> Lines:
    """Do one random thing without keys that changes the ledger other than by cutting its end."""
    acts: tuple[Callable[[], Lines], ...] = (
        lambda: flip(rng, lines),
        lambda: cut_or_add_bytes(rng, lines),
        lambda: remove(rng, lines),
        lambda: swap(rng, lines),
        lambda: double(rng, lines),
        lambda: edit_keeping_signature(rng, lines),
        lambda: insert_own(rng, lines, stranger),
        lambda: exchange_signature(rng, lines),
        lambda: take_from_other(rng, lines, other),
    )
    while True:
        found = rng.choice(acts)()
        if found != lines[: len(found)]:
            return found


# --- with an officer's key ---


def append_own(rng: random.Random, lines: Lines, thief: ActingOfficer) -> Lines:
    """Append false but rightly formed entries as the officer whose key was taken."""
    found = list(lines)
    for _ in range(rng.randrange(1, 4)):
        statement = statement_of(found[-1])
        statement |= {
            "n": len(found) + 1, "prev": entry_hash(found[-1]).hex(), "officer": thief.id,
            "kind": "unit.disk-stated", "case": None, "exhibit": None,
            "body": {"encrypted": "yes", "exception": None, "seen": f"false {rng.random()}"},
        }  # fmt: skip
        found.append(sign(statement, thief.signer))
    return found


def resign_own(rng: random.Random, lines: Lines, thief: ActingOfficer) -> Lines:
    """Change an own entry that others follow, sign it anew, and leave the rest."""
    own = [i for i, line in enumerate(lines[:-1]) if statement_of(line)["officer"] == thief.id]
    i = rng.choice(own)
    statement = statement_of(lines[i])
    statement["body"]["note"] = f"changed {rng.random()}"
    return [*lines[:i], sign(statement, thief.signer), *lines[i + 1 :]]


def impersonate(rng: random.Random, lines: Lines, thief: ActingOfficer, victim: str) -> Lines:
    """Append an entry that names another officer, signed with the own key."""
    found = append_own(rng, lines, thief)
    statement = statement_of(found[-1])
    return [*found[:-1], sign({**statement, "officer": victim}, thief.signer)]


def resign_tail(rng: random.Random, lines: Lines, thief: ActingOfficer, keep_names: bool) -> Lines:
    """Write the tail anew from some entry on, all signed with the own key.

    With `keep_names` the entries still name who acted before, which another's key must sign;
    else they name the thief, and rightly linked, nothing inside shows it.
    """
    start = rng.randrange(5, len(lines))
    found = list(lines[:start])
    links: dict[str, tuple[int, str]] = {}
    for line in found:
        _note_links(links, line)
    for i in range(start, len(lines)):
        statement = statement_of(lines[i])
        statement |= {"n": i + 1, "prev": entry_hash(found[-1]).hex()}
        if not keep_names:
            statement["officer"] = thief.id
        statement["body"]["note"] = f"written anew {rng.random()}"
        for name in ("case", "exhibit"):
            link = statement[name]
            if link is not None:
                n, prev = links.get(link["id"], (0, NO_HASH))
                statement[name] = {"id": link["id"], "n": n + 1, "prev": prev}
        found.append(sign(statement, thief.signer))
        _note_links(links, found[-1])
    return found


def _note_links(links: dict[str, tuple[int, str]], line: bytes) -> None:
    statement = statement_of(line)
    for name in ("case", "exhibit"):
        link = statement[name]
        if link is not None:
            links[link["id"]] = (link["n"], entry_hash(line).hex())


def key_of(line: bytes) -> bytes:
    """Public key that an entry introduces."""
    return base64.b64decode(statement_of(line)["body"]["public_key"])
