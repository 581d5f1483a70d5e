"""A variant is the same bytes for the same seed, reads back strictly, and keeps its key shut."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.ground import canonical
from kancil.ground.errors import FileExists, FormatTooNew, KancilError, OptionNotUsable
from kancil.ground.ids import is_id
from kancil.ground.progress import SILENT, Progress
from kancil.training import making
from kancil.training.errors import (
    CorrectionNotUsable,
    LabFileChanged,
    LabKeyNotOpened,
    LabNotReadable,
)
from kancil.training.lab import KEY as KEY_FILE
from kancil.training.lab import SMALL, Knobs, Made
from tests.training.tiny_lab import KEY, LAB, RIGHT, TABLE, TinyLab

TRAINER = pyrage.x25519.Identity.generate()
STRANGER = pyrage.x25519.Identity.generate()


def made(folder: Path, seed: int = 7, knobs: Knobs = SMALL) -> making.Manifest:
    return making.make_lab(LAB, seed, knobs, folder, [TRAINER.to_public()], SILENT)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_same_seed_makes_the_same_bytes_but_for_the_sealed_key(tmp_path: Path) -> None:
    made(tmp_path / "one")
    made(tmp_path / "two")
    one, two = bytes_of(tmp_path / "one"), bytes_of(tmp_path / "two")
    assert one.pop(KEY_FILE) != two.pop(KEY_FILE)
    assert one == two
    assert set(one) == {"lab.json", f"files/{TABLE}", "files/blocks/blk00000.dat"}
    made(tmp_path / "other", seed=8)
    assert bytes_of(tmp_path / "other")["lab.json"] != one["lab.json"]


def test_the_manifest_holds_neither_seed_nor_key_and_reads_back(tmp_path: Path) -> None:
    seed = making.new_seed()
    manifest = made(tmp_path, seed)
    data = (tmp_path / "lab.json").read_bytes()
    assert str(seed).encode() not in data
    assert b"expected" not in data
    assert making.read_manifest(tmp_path) == manifest
    making.check_files(manifest, tmp_path)
    assert json.loads(data)["format"] == "kancil-lab/1"
    assert json.loads(data)["evidence"][1]["size_bytes"] == str(
        (tmp_path / "files" / manifest.evidence[1].name).stat().st_size
    )


@given(seed=st.integers(0, 2**64 - 1), other=st.integers(0, 2**64 - 1))
def test_a_variants_id_is_a_function_of_what_makes_it(seed: int, other: int) -> None:
    first = making.variant_id("tiny", "1", seed, SMALL)
    assert is_id(first)
    assert first == making.variant_id("tiny", "1", seed, Knobs(hops=3, decoys=1, noise=250))
    assert (first == making.variant_id("tiny", "1", other, SMALL)) == (seed == other)
    assert first != making.variant_id("tiny", "2", seed, SMALL)
    assert first != making.variant_id("tiny", "1", seed, replace(SMALL, language="lo"))


def test_only_the_trainer_opens_the_key(tmp_path: Path) -> None:
    manifest = made(tmp_path)
    sealed = (tmp_path / KEY_FILE).read_bytes()
    key = making.open_key(sealed, [TRAINER])
    making.check_key(key, manifest)
    assert key.seed == "7"
    assert key.knobs["hops"] == SMALL.hops
    assert key.version == 1
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o077 == 0
    with pytest.raises(LabKeyNotOpened) as wrong:
        making.open_key(sealed, [STRANGER])
    assert str(wrong.value.params["why"]) == "why.lab-key-identity"
    for broken in (sealed[:-5], b"no key", b""):
        with pytest.raises(LabKeyNotOpened) as damaged:
            making.open_key(broken, [TRAINER])
        assert str(damaged.value.params["why"]) == "why.lab-key-damaged"


@pytest.mark.parametrize(
    "knobs",
    [Knobs(hops=1), Knobs(hops=13), Knobs(decoys=9), Knobs(missing=5), Knobs(noise=199),
     Knobs(language="xx")],
)  # fmt: skip
def test_knobs_out_of_range_are_refused_before_anything_is_written(
    knobs: Knobs, tmp_path: Path
) -> None:
    with pytest.raises(OptionNotUsable):
        made(tmp_path / "lab", knobs=knobs)
    assert not (tmp_path / "lab").exists()


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    with pytest.raises(FileExists):
        made(tmp_path)
    assert list(tmp_path.iterdir()) == [tmp_path / "mine"]


def test_a_changed_missing_added_or_linked_file_is_found(tmp_path: Path) -> None:
    manifest = made(tmp_path)
    table = tmp_path / "files" / TABLE
    kept = table.read_bytes()
    table.write_bytes(kept[:-1] + b"x")
    with pytest.raises(LabFileChanged):
        making.check_files(manifest, tmp_path)
    table.unlink()
    with pytest.raises(LabFileChanged):
        making.check_files(manifest, tmp_path)
    (tmp_path / "outside").write_bytes(kept)
    table.symlink_to(tmp_path / "outside")
    with pytest.raises(LabFileChanged):
        making.check_files(manifest, tmp_path)
    table.unlink()
    table.write_bytes(kept)
    (tmp_path / "files" / "more.txt").write_bytes(b"")
    with pytest.raises(LabFileChanged) as more:
        making.check_files(manifest, tmp_path)
    assert more.value.params["name"] == "more.txt"


def changed(folder: Path, **values: Any) -> bytes:
    value = json.loads((folder / "lab.json").read_bytes())
    return canonical.dumps({**value, **values})


def test_a_manifest_out_of_its_form_is_refused(tmp_path: Path) -> None:
    made(tmp_path)
    first = json.loads((tmp_path / "lab.json").read_bytes())["evidence"][0]
    wrong: tuple[tuple[dict[str, Any], type[KancilError]], ...] = (
        ({"format": "kancil-lab/2"}, FormatTooNew),
        ({"format": "other/1"}, LabNotReadable),
        ({"format": 1}, LabNotReadable),
        ({"more": 1}, LabNotReadable),
        ({"variant": "7"}, LabNotReadable),
        ({"evidence": [first, first]}, LabNotReadable),
        ({"evidence": [{**first, "sha256": "ab"}]}, LabNotReadable),
        *(
            ({"evidence": [{**first, "name": name}]}, LabNotReadable)
            for name in ("../lab.json", "/etc/passwd", "a/../b", ".key", "a//b", "a\\b", "")
        ),
    )
    for values, error in wrong:
        with pytest.raises(error):
            making.manifest_of(changed(tmp_path, **values))
    for data in (b"", b"[]", b"\xff", b"{" * 100_000, b"1" * (making.MOST_MANIFEST_BYTES + 1)):
        with pytest.raises(LabNotReadable):
            making.manifest_of(data)


def test_answers_and_keys_read_back_as_they_were_written() -> None:
    assert making.read_answers(making.write_answers(RIGHT), "answers.json") == RIGHT
    assert making.read_key(making.write_key(KEY)) == KEY


def test_a_corrected_key_is_a_new_version_with_its_reason() -> None:
    new = making.correct_key(
        KEY, "amount", value="0.26", also=["0.27"], reason=" The fee \n was in. "
    )
    assert (new.version, new.corrected) == (2, "The fee was in.")
    now = {each.question: each for each in new.expected}
    assert (now["amount"].value, now["amount"].also) == ("0.26", ("0.27",))
    assert [each for each in new.expected if each.question != "amount"] == [
        each for each in KEY.expected if each.question != "amount"
    ]
    assert making.open_key(making.seal_key(new, [TRAINER.to_public()]), [TRAINER]) == new
    for question, reason, value in (("no", "x", "1"), ("amount", " ", "1"), ("amount", "x", None)):
        with pytest.raises(CorrectionNotUsable):
            making.correct_key(KEY, question, reason=reason, value=value)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("amount", "a lot"), ("amount", 3), ("moment", "2026-03-09T14:05:00"), ("linked", "a1"),
        ("linked", ["a1", 2]), ("who", "exchange"), ("who", {"statement": "exchange", "x": 1}),
        ("admit", {"ruling": "burn", "reasons": []}), ("payee", ["x"]),
    ],
)  # fmt: skip
def test_a_correction_has_the_form_of_what_it_corrects(question: str, value: Any) -> None:
    with pytest.raises(CorrectionNotUsable):
        making.correct_key(KEY, question, value=value, reason="x")
    with pytest.raises(CorrectionNotUsable):
        making.correct_key(KEY, question, also=[value], reason="x")


def test_a_tolerance_is_corrected_to_a_number_alone() -> None:
    new = making.correct_key(KEY, "amount", tolerance="0.5", reason="fees")
    assert {each.question: each.tolerance for each in new.expected}["amount"] == "0.5"
    with pytest.raises(CorrectionNotUsable):
        making.correct_key(KEY, "amount", tolerance="about", reason="fees")


class Stopping(TinyLab):
    """Is stopped after its first file."""

    def make(self, folder: Path, seed: int, knobs: Knobs, progress: Progress) -> Made:
        (folder / TABLE).write_text("half")
        raise KeyboardInterrupt


def test_a_lab_that_was_stopped_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        making.make_with_key(Stopping(), 7, SMALL, tmp_path, SILENT)
    assert not list(tmp_path.iterdir())
    made(tmp_path)


class Timed(TinyLab):
    """Is worked against the clock."""

    def make(self, folder: Path, seed: int, knobs: Knobs, progress: Progress) -> Made:
        return replace(super().make(folder, seed, knobs, progress), minutes=40)


def test_minutes_stand_in_the_manifest_of_a_lab_against_the_clock_alone(tmp_path: Path) -> None:
    making.make_with_key(Timed(), 7, SMALL, tmp_path / "timed", SILENT)
    assert making.read_manifest(tmp_path / "timed").minutes == 40
    made(tmp_path / "free")
    assert making.read_manifest(tmp_path / "free").minutes == 0
    assert b"minutes" not in (tmp_path / "free" / "lab.json").read_bytes()
