"""Who writes a planned block: the fast kernels, or the plain writer, which can sign."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kancil.bitcoin.generator.counter import STREAM_KEYS, STREAM_SIGNATURES, stream_key
from kancil.bitcoin.generator.form import MAX_PROGRAM, PROGRAM_BYTES, Form, put_program
from kancil.bitcoin.generator.plain import PlainWriter, SigningKeys, script_of_form
from kancil.bitcoin.generator.rows import Rows
from kancil.bitcoin.generator.write import (
    Paper,
    close_block,
    new_paper,
    write_programs,
    write_transactions,
)


class Writer(Protocol):
    """What turns the rows it was made for into blocks."""

    @property
    def programs(self) -> NDArray[np.uint8]:
        """uint8 `[n outputs, MAX_PROGRAM]`: what each output of the last block pays to."""

    def write(self, ids: NDArray[np.uint8], prev: bytes, time: int) -> tuple[bytes, bytes]:
        """Write the block that the rows plan now; give its bytes and hash, add its ids to `ids`."""

    def script(self, address: int, form: Form) -> bytes:
        """The output script of an address, for software that puts outputs in its order."""


class FastWriter:
    """Writes with kernels; keys and signatures are well-formed and not valid."""

    def __init__(self, seed: int, rows: Rows) -> None:
        """Make the scratch arrays once."""
        keys = stream_key(seed, STREAM_KEYS), stream_key(seed, STREAM_SIGNATURES)
        self._rows = rows
        self._paper: Paper = new_paper(keys, len(rows.tx_version), len(rows.out_value))

    @property
    def programs(self) -> NDArray[np.uint8]:
        """uint8 `[n outputs, MAX_PROGRAM]`."""
        made: NDArray[np.uint8] = self._paper.programs
        return made

    def script(self, address: int, form: Form) -> bytes:
        """The output script of an address."""
        paper, program = self._paper, np.zeros(MAX_PROGRAM, np.uint8)
        put_program(paper.scratch, paper.keys[0], address, int(form), program, 0)
        return script_of_form(form, program[: int(PROGRAM_BYTES[form])].tobytes())

    def write(self, ids: NDArray[np.uint8], prev: bytes, time: int) -> tuple[bytes, bytes]:
        """Write the block."""
        write_programs(self._paper, self._rows)
        size = write_transactions(self._paper, self._rows, ids)
        body = memoryview(self._paper.body)[:size]
        return close_block(self._paper, self._rows, ids, body, prev, time)


def writer_for(seed: int, rows: Rows, *, signed: bool) -> Writer:
    """The writer for a chain."""
    if signed:
        return PlainWriter(rows, SigningKeys(seed))
    return FastWriter(seed, rows)
