"""The command that carries an assessor's own answers over to provisions that ask the same."""

from __future__ import annotations

from typing import Annotated

import typer

from kancil.cli.programme.door import Programme, ProtocolName, RoundName, shown
from kancil.ground.words import render


def carry_over(
    context: typer.Context,
    round: RoundName,
    extract: Annotated[
        str | None, typer.Option(metavar="ID", help="Only answers that cite this extract.")
    ] = None,
    protocol: ProtocolName = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Answer all that is listed, but for what differs.")
    ] = False,
) -> None:
    """Carry your answers over to provisions of other treaties that ask the same.

    Your own answers give these to provisions that the protocol calls the same. Nothing is
    answered without --confirm. What is broader, narrower or related is listed, and never answered.

        kancil assess carry-over 'First round' --confirm
    """
    programme = Programme(context)
    sight = programme.sight(round)
    name = programme.protocol(sight, protocol, shape="provisions")
    from kancil.desk.assessment.actions.carrying import carry_over as carry
    from kancil.desk.assessment.queries.carry_over import carry_over as carry_over_of
    from kancil.desk.assessment.queries.rounds import require

    require(sight.may_answer, sight)
    found = carry_over_of(sight, name)
    found = found.of_extract(extract) if extract is not None else found
    made: list[str] = []
    if confirm:
        wanted = {each.target: each.source.id for each in found.agreeing}
        made = carry(by=programme.person, round=sight.round, protocol=name, wanted=wanted)
    value = {
        "protocol": name,
        "answered": made,
        "proposals": found.proposals,
        "near": found.beside,
        "changed": found.changed,
    }
    screen = programme.door.screen

    def text() -> None:
        screen.table(
            ("provision", "from", "answer", "left open>", "differs"),
            [
                (
                    each.target, each.source.indicator,
                    shown(each.given.value if each.given else None), str(len(each.open)),
                    shown(each.differs),
                )
                for each in found.proposals
            ],
        )  # fmt: skip
        screen.say(render("done.assess-carried", count=len(made), near=len(found.beside)))
        for each in found.changed:
            day = programme.day_of(each.at).isoformat()
            told = render("web.carry.changed", name=each.source, day=day)
            screen.say(f"{each.indicator}: {told}")

    programme.show(value, text)
