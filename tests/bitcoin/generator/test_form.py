"""Forms: keys and scripts as the parser's plain twin reads them, weights never told too small."""

from __future__ import annotations

import numpy as np
import pytest

from kancil.bitcoin.generator.counter import STREAM_KEYS, STREAM_SIGNATURES, stream_key
from kancil.bitcoin.generator.form import (
    INPUT_WEIGHT,
    KINDS,
    OUTPUT_WEIGHT,
    PROGRAM_BYTES,
    SCRIPT_BYTES,
    Form,
    new_scratch,
    put_program,
    put_script,
)
from kancil.bitcoin.generator.plain import CounterKeys, program_of, script_of_form
from kancil.bitcoin.script.script import classify
from tests.bitcoin.generator.reading import Made


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("address", [0, 1, 2**31, 2**40])
def test_programs_and_scripts_are_the_plain_ones(form: Form, address: int) -> None:
    scratch, out = new_scratch(), np.zeros(80, np.uint8)
    size = int(PROGRAM_BYTES[form])
    put_program(scratch, np.uint64(stream_key(9, STREAM_KEYS)), address, int(form), out, 0)
    program = program_of(CounterKeys(9), address, form)
    assert out[:size].tobytes() == program
    script = np.zeros(128, np.uint8)
    end = put_script(int(form), out, 0, script, 0)
    assert script[1:end].tobytes() == script_of_form(form, program)
    assert (script[0], end) == (SCRIPT_BYTES[form], SCRIPT_BYTES[form] + 1)
    assert classify(script[1:end].tobytes())[0] == KINDS[form]
    assert OUTPUT_WEIGHT[form] == 4 * (8 + end)


def test_signatures_are_strict_der_with_a_low_s() -> None:
    keys = CounterKeys(3)
    assert stream_key(3, STREAM_SIGNATURES) != stream_key(3, STREAM_KEYS)
    sizes = set()
    for i in range(400):
        raw = keys.ecdsa(0, 0, (i, 0), bytes)
        assert raw[0] == 0x30
        assert raw[1] == len(raw) - 2
        r_size = raw[3]
        r, s = raw[4 : 4 + r_size], raw[6 + r_size :]
        assert (raw[2], raw[4 + r_size], raw[5 + r_size]) == (2, 2, len(s))
        for number in (r, s):
            assert number[0] < 0x80
            assert number[0] or number[1] >= 0x80
        assert s[0] < 0x7F
        sizes.add(len(raw))
    assert sizes == {70, 71}


def test_no_input_weighs_more_than_the_plan_reckons(made: Made) -> None:
    forms = {row["address"]: Form[row["form"].upper()] for row in made.tables["addresses"]}
    for tx in range(1, len(made.txs)):
        read = made.txs[tx]
        if read.inputs[0][0] == bytes(32):
            continue
        for i, piece in enumerate(made.step(tx, "").inputs):
            script = read.inputs[i][2]
            weight = 4 * (40 + len(script) + (1 if len(script) < 253 else 3))
            stack = read.stacks[i] if read.segwit else []
            weight += 1 + sum(len(item) + 1 for item in stack)
            assert weight <= INPUT_WEIGHT[forms[piece.address]]
