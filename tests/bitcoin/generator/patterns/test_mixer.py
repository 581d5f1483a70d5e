"""Mixer: the client gets coins of others, and no path leads to them from the client's."""

from __future__ import annotations

from tests.bitcoin.generator.reading import Made


def test_the_payouts_do_not_descend_from_what_the_client_paid_in(made: Made) -> None:
    for one in made.instances("mixer"):
        (mixed,) = one.by_role("mix-in")
        outs, others = one.by_role("mix-out"), one.by_role("other-customer")
        client = mixed.inputs[0].owner
        assert made.owner_role[client] == "mixer: client"
        assert len(outs) >= 2
        assert {piece.tx for step in outs for piece in step.inputs} <= {step.tx for step in others}
        for step in outs:
            (clean,) = [piece for piece in step.outputs if piece.owner == client]
            assert one.roles[clean.address] == "client-out"
        got = sum(piece.value for step in outs for piece in step.outputs if piece.owner == client)
        assert got <= mixed.inputs[0].value * (1000 - one.facts["fee_thousandths"]) // 1000
