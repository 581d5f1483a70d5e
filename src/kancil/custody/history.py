"""A history file: one exhibit's complete history for a stranger, in one line of canonical JSON.

It holds the files of a bundle's `custody/` (docs/formats/bundle.md) under their names; what must
stay sealed is in it as its hash alone. Written by `ledger prove`, judged by `verify`.
"""

from __future__ import annotations

from pathlib import Path

from kancil.ground import canonical
from kancil.ground.child import in_child
from kancil.ground.errors import NotCanonical
from kancil.ground.files import read_file
from kancil.ground.phrase import Phrase

from .checkpoint import Checkpoint, read_checkpoint
from .errors import CheckpointNotReadable, HistoryNotReadable
from .prove import CustodyProof
from .shown import verify_shown
from .verdict import ShownVerdict

FORMAT = "kancil-history/1"
START = b'{"files":'
"""How such a file begins."""
_HEADS = "heads/"


@in_child(memory_bytes=1 << 30, cpu_seconds=300)
def check_history(
    path: Path, *, unit_key: str | None = None, against: Checkpoint | None = None
) -> ShownVerdict:
    """Judge a history file in a child of its own, as `verify_history` does.

    Raises FileNotReadable, HistoryNotReadable.
    """
    return verify_history(read_file(path), unit_key=unit_key, against=against)


def write_history(proof: CustodyProof) -> bytes:
    """The bytes of a history file."""
    files = {name: data.decode("utf-8") for name, data in sorted(proof.files().items())}
    return canonical.dumps({"files": files, "format": FORMAT}) + b"\n"


def verify_history(
    data: bytes, *, unit_key: str | None = None, against: Checkpoint | None = None
) -> ShownVerdict:
    """Judge a history file; raises HistoryNotReadable for bytes that are none.

    `unit_key`: the unit's fingerprint received by another road; `against`: a checkpoint held
    elsewhere. What is wrong with the history itself is in the verdict.
    """
    files = _read_files(data)
    try:
        checkpoint = read_checkpoint(files.pop("checkpoint.txt"))
        proofs = canonical.loads_canonical(files.pop("proofs.json"))
        lines = files.pop("entries.jsonl").split(b"\n")
        heads = [read_checkpoint(data) for data in files.values()]
    except (KeyError, CheckpointNotReadable, NotCanonical) as error:
        raise HistoryNotReadable(why=str(error)[:120]) from error
    if list(files) != [f"{_HEADS}{head.subject}.txt" for head in heads]:
        raise HistoryNotReadable(why=Phrase("why.history-foreign-file"))
    if lines.pop() != b"":
        raise HistoryNotReadable(why=Phrase("why.history-entries-cut"))
    return verify_shown(lines, proofs, checkpoint, heads, unit_key=unit_key, against=against)


def _read_files(data: bytes) -> dict[str, bytes]:
    try:
        value = canonical.loads_canonical(data.removesuffix(b"\n"))
    except NotCanonical as error:
        raise HistoryNotReadable(why=error.params["why"]) from error
    files = value.get("files") if isinstance(value, dict) else None
    if not isinstance(files, dict) or value.keys() != {"files", "format"}:
        raise HistoryNotReadable(why=Phrase("why.history-none"))
    if value["format"] != FORMAT:
        raise HistoryNotReadable(
            why=Phrase("why.format-other", {"format": str(value["format"])[:40]})
        )
    if not all(isinstance(text, str) for text in files.values()):
        raise HistoryNotReadable(why=Phrase("why.history-none"))
    return {name: text.encode("utf-8") for name, text in files.items()}
