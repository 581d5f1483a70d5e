"""Two hundred ways to spoil a bundle: what an attacker, a bad disk or a careless hand may do.

Each is a name and the bytes; the seed makes them the same every time.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

from kancil.reports.casework.bundle.archive import read_archive, write_archive
from kancil.reports.casework.bundle.manifest import MANIFEST, OUTSIDE, SIGNATURE, list_files
from tests.reports.tiny_ledger import canonical

Mutation = tuple[str, bytes]


def mutations(bundle: bytes, seed: int = 1) -> list[Mutation]:
    """200 spoilt bundles."""
    chance = random.Random(seed)
    made: list[Mutation] = []
    made += _flips(bundle, chance, 80)
    made += _cuts(bundle, chance, 20)
    made += _insertions(bundle, chance, 20)
    made += _member_edits(bundle, chance, 50)
    made += _exchanges(bundle, chance, 10)
    made += _others(bundle)
    made += _flips(bundle, chance, 200 - len(made))
    return made


def _flips(bundle: bytes, chance: random.Random, count: int) -> Iterator[Mutation]:
    for _ in range(count):
        place, bit = chance.randrange(len(bundle)), chance.randrange(8)
        changed = bytearray(bundle)
        changed[place] ^= 1 << bit
        yield f"bit {bit} of byte {place}", bytes(changed)


def _cuts(bundle: bytes, chance: random.Random, count: int) -> Iterator[Mutation]:
    for _ in range(count):
        length = chance.randrange(len(bundle))
        yield f"cut at {length}", bundle[:length]


def _insertions(bundle: bytes, chance: random.Random, count: int) -> Iterator[Mutation]:
    for _ in range(count):
        place = chance.randrange(len(bundle) + 1)
        extra = chance.randbytes(chance.choice((1, 4, 30, 500)))
        yield f"{len(extra)} bytes at {place}", bundle[:place] + extra + bundle[place:]


def repacked(members: dict[str, bytes], *, with_manifest: bool) -> bytes:
    """Pack members again; `with_manifest`: digests made right again, by someone without keys."""
    members = dict(members)
    if with_manifest:
        manifest = json.loads(members[MANIFEST])
        manifest["files"] = list_files(members)
        members[MANIFEST] = canonical(manifest)
    return write_archive(members)


def _member_edits(bundle: bytes, chance: random.Random, count: int) -> Iterator[Mutation]:
    """Change one member well, in a right ZIP, with and without a right manifest."""
    members = read_archive(bundle).members
    names = [name for name in members if members[name]]
    for number in range(count):
        name = chance.choice(names)
        data = bytearray(members[name])
        place = chance.randrange(len(data))
        data[place] = (data[place] + chance.randrange(1, 255)) % 256
        with_manifest = bool(number % 2) and name not in OUTSIDE
        what = "manifest made right" if with_manifest else "manifest left"
        changed = repacked({**members, name: bytes(data)}, with_manifest=with_manifest)
        yield f"byte {place} of {name}, {what}", changed


def _exchanges(bundle: bytes, chance: random.Random, count: int) -> Iterator[Mutation]:
    """Exchange the contents of two members."""
    members = read_archive(bundle).members
    names = [name for name in members if name not in OUTSIDE]
    for number in range(count):
        one, other = chance.sample(names, 2)
        changed = {**members, one: members[other], other: members[one]}
        yield f"{one} and {other} exchanged", repacked(changed, with_manifest=bool(number % 2))


def _others(bundle: bytes) -> Iterator[Mutation]:
    members = read_archive(bundle).members
    yield "a member more", repacked({**members, "analysis/more.txt": b"x"}, with_manifest=False)
    yield "a member more, listed", repacked({**members, "zz.txt": b"x"}, with_manifest=True)
    for name in ("analysis/labels.csv", "custody/case.json", MANIFEST, SIGNATURE):
        fewer = {key: data for key, data in members.items() if key != name}
        yield f"without {name}", repacked(fewer, with_manifest=name not in OUTSIDE)
    table = next(name for name in members if name.endswith("transfers.csv"))
    rows = members[table].split(b"\n")
    turned = b"\n".join([rows[0], *reversed(rows[1:-1]), b""])
    yield "rows turned", repacked({**members, table: turned}, with_manifest=True)
    fewer_rows = b"\n".join([*rows[:-2], b""])
    yield "a row less", repacked({**members, table: fewer_rows}, with_manifest=True)
    yield "twice the file", bundle + bundle
    yield "nothing", b""
