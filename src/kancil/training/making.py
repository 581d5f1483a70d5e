"""Makes a variant of a lab as a folder, reads it back strictly, seals and opens its key.

Form: docs/formats/lab.md. What a lab's member wrote is listed with SHA-256 and size; the key goes
into the folder only encrypted. Same lab, version, seed and knobs: the same bytes but for the key's.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import pyrage

from kancil.evidence.age import Identity, Recipient
from kancil.ground import canonical
from kancil.ground.errors import (
    FileExists,
    FormatTooNew,
    KancilError,
    NotCanonical,
    OptionNotUsable,
)
from kancil.ground.files import read_file, sha256_of, translated, write_durably
from kancil.ground.filled import filled_from_plain
from kancil.ground.ids import is_id
from kancil.ground.phrase import Phrase
from kancil.ground.plain import plain, where_filled
from kancil.ground.progress import Progress

from .errors import CorrectionNotUsable, LabFileChanged, LabKeyNotOpened, LabNotReadable
from .key import FORMAT as KEY_FORMAT
from .key import Expected, Key
from .lab import FILES, KEY, LANGUAGES, MANIFEST, MANIFEST_FORMAT, Evidence, Knobs, Lab, Step
from .marking.same import amount_of, has_form
from .question import ANSWERS_FORMAT, Answers, Kind, Question, Value

MOST_MANIFEST_BYTES = 4 << 20
"""Of `lab.json`, of a key and of a file of answers."""
MOST_FILES = 2_000
KNOB_RANGES = {"hops": (2, 12), "decoys": (0, 8), "missing": (0, 4), "noise": (200, 20_000)}
"""From the least to the most; `kancil.training.lab.Knobs` says of what."""
_FIRST_MS = 1_767_225_600_000
"""2026-01-01 in Unix milliseconds: a variant's id shows no time of making, which would differ."""
_YEAR_MS = 365 * 86_400_000
_FORM = re.compile(r"(kancil-[a-z-]+)/([0-9]{1,6})")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}(/[A-Za-z0-9][A-Za-z0-9._-]{0,79}){0,3}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_Kind = TypeVar("_Kind")


@dataclass(frozen=True, slots=True)
class LabFile:
    """One file of evidence, as the manifest lists it."""

    name: str
    """Below `files`, parts by `/`."""
    kind: str
    title: Phrase
    source: Phrase
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a trainee's side knows of a variant: `lab.json`. It has neither seed nor key."""

    lab: str
    version: str
    variant: str
    """UUIDv7, a function of lab, version, seed and knobs."""
    language: str
    story: tuple[Phrase, ...]
    basis: Phrase
    evidence: tuple[LabFile, ...]
    questions: tuple[Question, ...]
    script: tuple[Step, ...] = ()
    minutes: int = field(default=0, metadata=where_filled("minutes"))
    """From the trainee's start; 0 where the lab is not against the clock, and then not written."""

    def question(self, id: str) -> Question | None:
        """The question of an id; None if there is none."""
        return next((each for each in self.questions if each.id == id), None)


# --- making ---------------------------------------------------------------------------------------


def new_seed() -> int:
    """A seed that nobody can guess: 63 random bits. A small one can be found by trying."""
    return secrets.randbits(63)


def variant_id(lab: str, version: str, seed: int, knobs: Knobs) -> str:
    """The id of a variant: a UUIDv7 (RFC 9562) whose time and bits come from a SHA-256."""
    said = {"knobs": plain(knobs), "lab": lab, "seed": str(seed), "version": version}
    drawn = int.from_bytes(hashlib.sha256(canonical.dumps(said)).digest(), "big")
    value = (_FIRST_MS + (drawn >> 192) % _YEAR_MS) << 80
    value |= 7 << 76 | (drawn >> 64 & 0xFFF) << 64 | 2 << 62 | drawn & (1 << 62) - 1
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def check_knobs(knobs: Knobs) -> None:
    """Refuse knobs outside their ranges; raises OptionNotUsable."""
    for name, (least, most) in KNOB_RANGES.items():
        value = getattr(knobs, name)
        if not least <= value <= most:
            why = Phrase("why.knob-range", {"least": least, "most": most})
            raise OptionNotUsable(option=f"--{name}", value=str(value), why=why)
    if knobs.language not in LANGUAGES:
        why = Phrase("why.knob-language", {"known": ", ".join(LANGUAGES)})
        raise OptionNotUsable(option="--language", value=knobs.language[:40], why=why)


def make_lab(
    lab: Lab,
    seed: int,
    knobs: Knobs,
    folder: Path,
    recipients: Sequence[Recipient],
    progress: Progress,
) -> Manifest:
    """Make a variant in `folder`, new or empty; its key is sealed to `recipients`.

    Without recipients no key is written. Raises OptionNotUsable, FileExists, DiskFull.
    """
    manifest, key = make_with_key(lab, seed, knobs, folder, progress)
    if recipients:
        write_durably(folder / KEY, seal_key(key, recipients))
    return manifest


def make_with_key(
    lab: Lab, seed: int, knobs: Knobs, folder: Path, progress: Progress
) -> tuple[Manifest, Key]:
    """Make a variant and hand its key over unsealed: for proofs of solvability, in memory alone.

    `seed`: 0 to 2^64 - 1. Raises what `make_lab` raises.
    """
    check_knobs(knobs)
    if not 0 <= seed < 1 << 64:
        raise OptionNotUsable(option="--seed", value=str(seed)[:40], why=Phrase("why.lab-seed"))
    files = folder / FILES
    try:
        if folder.exists() and any(folder.iterdir()):
            raise FileExists(path=str(folder))
        files.mkdir(parents=True)
    except OSError as error:
        raise translated(error, folder) from error
    try:
        manifest, key = _made(lab, seed, knobs, files, progress)
        check_key(key, manifest)
        write_durably(folder / MANIFEST, write_manifest(manifest))
    finally:
        if not (folder / MANIFEST).is_file():  # stopped on the way: nothing half-made stays
            shutil.rmtree(files, ignore_errors=True)
    return manifest, key


def _made(
    lab: Lab, seed: int, knobs: Knobs, files: Path, progress: Progress
) -> tuple[Manifest, Key]:
    made = lab.make(files, seed, knobs, progress)
    variant = variant_id(lab.name, lab.version, seed, knobs)
    manifest = Manifest(
        lab.name, lab.version, variant, knobs.language, tuple(made.story), made.basis,
        listed_files(files, made.evidence), tuple(made.questions), tuple(made.script),
        made.minutes,
    )  # fmt: skip
    key = Key(
        lab.name, lab.version, variant, str(seed), plain(knobs), tuple(made.expected),
        tuple(made.timeline), tuple(made.process),
    )  # fmt: skip
    return manifest, key


def listed_files(files: Path, evidence: Sequence[Evidence]) -> tuple[LabFile, ...]:
    """Every file below a lab's `files`, by name; one of a folder that is evidence has its words.

    Raises LabFileChanged for a file that is no evidence and for evidence that is not there.
    """
    by_name = {each.name: each for each in evidence}
    found = []
    for name in sorted(_names_below(files)):
        at = PurePosixPath(name)
        own = next((by_name[str(up)] for up in (at, *at.parents) if str(up) in by_name), None)
        if own is None:
            raise LabFileChanged(name=name, why=Phrase("why.lab-file-unlisted"))
        path = files / name
        found.append(
            LabFile(name, own.kind, own.title, own.source, sha256_of(path), path.stat().st_size)
        )
    for name in by_name:
        if not any(f"{each.name}/".startswith(f"{name}/") for each in found):
            raise LabFileChanged(name=name, why=Phrase("why.lab-file-missing"))
    return tuple(found)


def _names_below(files: Path) -> list[str]:
    return [
        path.relative_to(files).as_posix()
        for path in files.rglob("*")
        if path.is_symlink() or not path.is_dir()
    ]


# --- the manifest ---------------------------------------------------------------------------------


def write_manifest(manifest: Manifest) -> bytes:
    """The bytes of `lab.json`: canonical JSON."""
    return canonical.dumps({"format": MANIFEST_FORMAT, **plain(manifest)})


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a lab's folder; raises LabNotReadable, FormatTooNew, FileNotReadable."""
    path = folder / MANIFEST
    return manifest_of(_bounded(path), str(path))


def manifest_of(data: bytes, path: str = MANIFEST) -> Manifest:
    """Read the bytes of `lab.json` strictly; raises LabNotReadable, FormatTooNew."""
    found = _read(Manifest, data, MANIFEST_FORMAT, path)
    names = [each.name for each in found.evidence]
    ids = [each.id for each in found.questions]
    if len(names) > MOST_FILES or len(set(names)) != len(names) or len(set(ids)) != len(ids):
        raise LabNotReadable(path=path, why=Phrase("why.lab-names"))
    for each in found.evidence:
        if not is_file_name(each.name):
            raise LabNotReadable(path=path, why=Phrase("why.lab-name", {"name": each.name[:80]}))
        if not _SHA256.fullmatch(each.sha256) or each.size_bytes < 0:
            raise LabNotReadable(path=path, why=Phrase("why.lab-digest", {"name": each.name}))
    if not is_id(found.variant):
        raise LabNotReadable(path=path, why=Phrase("why.lab-variant"))
    return found


def is_file_name(name: str) -> bool:
    """Whether evidence may have this name: plain parts, none that begins with a dot."""
    return _NAME.fullmatch(name) is not None


def check_files(manifest: Manifest, folder: Path) -> None:
    """Refuse files that are not as the manifest says, others, and links: LabFileChanged."""
    files = folder / FILES
    there = set(_names_below(files)) if files.is_dir() else set()
    for each in manifest.evidence:
        path = files / each.name
        if each.name not in there or path.is_symlink():
            raise LabFileChanged(name=each.name, why=Phrase("why.lab-file-missing"))
        if path.stat().st_size != each.size_bytes or sha256_of(path) != each.sha256:
            raise LabFileChanged(name=each.name, why=Phrase("why.lab-file-bytes"))
    strangers = sorted(there - {each.name for each in manifest.evidence})
    if strangers:
        raise LabFileChanged(name=strangers[0][:200], why=Phrase("why.lab-file-unlisted"))


def read_answers(data: bytes, path: str) -> Answers:
    """Read a file of answers, `kancil-lab-answers/1`; raises LabNotReadable, FormatTooNew."""
    return _read(Answers, data, ANSWERS_FORMAT, path)


def write_answers(answers: Answers) -> bytes:
    """The bytes of a file of answers: canonical JSON."""
    return canonical.dumps({"format": ANSWERS_FORMAT, **plain(answers)})


def _bounded(path: Path) -> bytes:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise translated(error, path) from error
    if size > MOST_MANIFEST_BYTES:
        raise LabNotReadable(path=str(path), why=_too_long())
    return read_file(path)


def _too_long() -> Phrase:
    return Phrase("why.lab-too-long", {"megabytes": MOST_MANIFEST_BYTES >> 20})


def _read(kind: type[_Kind], data: bytes, form: str, path: str) -> _Kind:
    """Read one of the lab's JSON files, whose first key tells its format."""
    if len(data) > MOST_MANIFEST_BYTES:
        raise LabNotReadable(path=path, why=_too_long())
    try:
        value = canonical.loads(data)
        told = value.pop("format", None) if isinstance(value, dict) else None
        _check_form(told, form, path)
        return filled_from_plain(kind, value)
    except (NotCanonical, RecursionError) as error:
        raise LabNotReadable(path=path, why=_why(error)) from error


def _why(error: Exception) -> Phrase | str:
    why = error.params.get("why") if isinstance(error, KancilError) else None
    return why if isinstance(why, Phrase | str) else Phrase("why.json-no-json")


def _check_form(told: Any, form: str, path: str) -> None:
    if told == form:
        return
    name, version = form.split("/")
    found = _FORM.fullmatch(told) if isinstance(told, str) else None
    if found is not None and found[1] == name and int(found[2]) > int(version):
        raise FormatTooNew(what=path, found=int(found[2]), known=int(version))
    raise LabNotReadable(path=path, why=Phrase("why.lab-format", {"format": form}))


# --- the key --------------------------------------------------------------------------------------


def write_key(key: Key) -> bytes:
    """The plain bytes of a key: canonical JSON. They are for sealing, and for proofs in memory."""
    return canonical.dumps({"format": KEY_FORMAT, **plain(key)})


def read_key(data: bytes, path: str = KEY) -> Key:
    """Read a key that was opened; raises LabNotReadable, FormatTooNew."""
    return _read(Key, data, KEY_FORMAT, path)


def seal_key(key: Key, recipients: Sequence[Recipient]) -> bytes:
    """A key in the age format, which its recipients alone open; other bytes each time."""
    return bytes(pyrage.encrypt(write_key(key), list(recipients)))


def open_key(data: bytes, identities: Sequence[Identity]) -> Key:
    """Open a sealed key. Raises LabKeyNotOpened, LabNotReadable, FormatTooNew."""
    if len(data) > MOST_MANIFEST_BYTES:
        raise LabNotReadable(path=KEY, why=_too_long())
    try:
        opened = bytes(pyrage.decrypt(data, list(identities)))
    except pyrage.DecryptError as error:
        is_other = "No matching keys" in str(error)
        why = Phrase("why.lab-key-identity" if is_other else "why.lab-key-damaged")
        raise LabKeyNotOpened(why=why) from None
    return read_key(opened)


def check_key(key: Key, manifest: Manifest) -> None:
    """Hold a key against its manifest: one variant, one right answer for each question.

    Raises LabNotReadable.
    """
    asked = [each.id for each in manifest.questions]
    known = [each.question for each in key.expected]
    if key.variant != manifest.variant or sorted(asked) != sorted(known):
        raise LabNotReadable(path=KEY, why=Phrase("why.lab-key-other"))


def correct_key(
    key: Key,
    question: str,
    *,
    reason: str,
    value: Value | None = None,
    tolerance: str | None = None,
    also: Sequence[Value] = (),
) -> Key:
    """A key with another right answer, another tolerance or further right answers; version + 1.

    What is None stays. The old key stays as it is: who marked by it can be compared
    (`marking.compare_marks`). Raises CorrectionNotUsable.
    """
    told = " ".join(reason.split())
    old = next((each for each in key.expected if each.question == question), None)
    if old is None:
        why = Phrase("why.correction-question")
        raise CorrectionNotUsable(question=question[:80], why=why)
    if not told or len(told) > 2_000:
        raise CorrectionNotUsable(question=question, why=Phrase("why.correction-reason"))
    values = (*(() if value is None else (value,)), *also)
    if not all(_is_like(old.value, each) for each in values):
        raise CorrectionNotUsable(question=question, why=Phrase("why.correction-form"))
    if tolerance and amount_of(tolerance) is None:
        raise CorrectionNotUsable(question=question, why=Phrase("why.correction-tolerance"))
    new = replace(
        old,
        value=old.value if value is None else value,
        tolerance=old.tolerance if tolerance is None else tolerance,
        also=(*old.also, *also),
    )
    if new == old:
        raise CorrectionNotUsable(question=question, why=Phrase("why.correction-nothing"))
    expected: tuple[Expected, ...] = tuple(new if each is old else each for each in key.expected)
    return replace(key, expected=expected, version=key.version + 1, corrected=told)


def _is_like(old: Value, new: Value) -> bool:
    """Whether a value could stand for another one: it has the form of each kind that this has."""
    return all(has_form(kind, new) for kind in Kind if has_form(kind, old))
