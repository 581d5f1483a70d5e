"""Commands for answers, what two settle of them, and what they rest on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kancil.assessment.protocol import Confidence
from kancil.assessment.typed import NOT_APPLICABLE, NOT_KNOWN, typed_answer
from kancil.cli.programme.door import (
    IndicatorName,
    Programme,
    ProtocolName,
    RoundName,
    chosen,
    day,
    maybe_day,
    pairs,
    plain,
    shown,
    with_id,
)
from kancil.ground.errors import OptionNotUsable
from kancil.ground.files import translated
from kancil.ground.phrase import Phrase
from kancil.ground.words import render

Grade = Annotated[str, typer.Option(help="A grade of the protocol: a, b, c.")]


def answer(
    context: typer.Context,
    round: RoundName,
    indicator: IndicatorName,
    value: Annotated[
        str | None,
        typer.Argument(metavar="VALUE", help="On the question's scale; several with commas."),
    ] = None,
    protocol: ProtocolName = None,
    part: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID=VALUE", help="An answer on one part; `nk` and `na:reason` too. Repeat."
        ),
    ] = None,
    na: Annotated[
        str | None, typer.Option("--na", metavar="REASON", help="Not applicable, and why.")
    ] = None,
    nk: Annotated[bool, typer.Option("--nk", help="Not known.")] = False,
    confidence: Annotated[str, typer.Option(help="high, medium or low.")] = "medium",
    comment: Annotated[str, typer.Option(help="In words.")] = "",
    evidence: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Evidence it is based on; repeat for more."),
    ] = None,
) -> None:
    """Give your own answer to an indicator.

    Your own answer, over what you gave before, which stays. Nobody else's is touched. Where two
    answers of yours stand, as after two laptops, a new one ends it.

        kancil assess answer 'First round' LF01 3 --confidence high --comment 'Sections 4 to 9'
    """
    programme = Programme(context)
    sight = programme.sight(round)
    name = programme.protocol(sight, protocol, [indicator])
    chosen(confidence, [each.value for each in Confidence], "--confidence")
    from kancil.desk.assessment.actions.answers import give_answer
    from kancil.desk.assessment.kept_protocols import protocol_in
    from kancil.desk.assessment.queries.answers import own_latest

    said = _said(value, na, nk=nk)
    given, parts = typed_answer(protocol_in(sight, name), indicator, said, pairs(part, "--part"))
    standing = [each.id for each in own_latest(sight, name, indicator)]
    id = give_answer(
        by=programme.person,
        round=sight.round,
        protocol=name,
        indicator=indicator,
        given=given,
        parts=parts,
        confidence=Confidence(confidence),
        comment=comment,
        evidence=evidence or (),
        follows=standing[0] if standing else None,
        also=standing[1:],
    )
    value_out = {"id": id, "protocol": name, "indicator": indicator, "over": standing}
    programme.show(value_out, render("done.assess-answer", indicator=indicator, id=id))


def _said(value: str | None, na: str | None, *, nk: bool) -> str | None:
    """What stands for the whole question; raises OptionNotUsable where two things do."""
    if (value is not None) + (na is not None) + nk > 1:
        why = Phrase("why.assess-one-of")
        raise OptionNotUsable(option="VALUE --na --nk", value=value or "", why=why)
    if nk:
        return NOT_KNOWN
    return value if na is None else f"{NOT_APPLICABLE}{na}"


def answers(
    context: typer.Context,
    round: RoundName,
    indicator: Annotated[list[str] | None, typer.Argument(help="Only these.")] = None,
    protocol: ProtocolName = None,
) -> None:
    """Show the current answers of a round, with the id of each.

    What stands for each indicator, with the id of every answer, and whether it is settled. The
    country's side sees what counts, without whose it is.

        kancil assess answers 'First round' LF01
    """
    programme = Programme(context)
    sight = programme.sight(round)
    from kancil.desk.assessment.queries.answers import settled
    from kancil.desk.assessment.queries.rounds import names_in

    names = names_in(sight)
    found = [
        {"id": each.indicator, "protocol": name, **plain(each), "by": _names(each, names)}
        for name in programme.protocols(sight, protocol, indicator or ())
        for each in settled(sight, name, indicator or None).values()
    ]

    def text() -> None:
        rows = [
            (
                each["id"], "settled" if each["ruled"] else each["outcome"], _words(one),
                names.get(one["by"], ""), str(len(one["evidence"])), one["id"],
            )
            for each in found
            for one in each["answers"] or [each["answer"]]
            if one is not None
        ]  # fmt: skip
        columns = ("indicator", "stands", "answer", "by", "evidence>", "id")
        programme.door.screen.table(columns, rows)

    programme.show(found, text)


def _names(settled: Any, names: dict[str, str]) -> dict[str, str]:
    return {each.by: names[each.by] for each in settled.answers if each.by in names}


def _words(answer: dict[str, Any]) -> str:
    whole = answer["given"]
    said = [] if whole is None else [_value(whole)]
    return "; ".join([*said, *(f"{key} {_value(each)}" for key, each in answer["parts"].items())])


def _value(given: dict[str, Any]) -> str:
    return shown(given["value"]) if given["kind"] == "value" else str(given["kind"])


def settle(
    context: typer.Context,
    round: RoundName,
    indicator: IndicatorName,
    agree: Annotated[
        str | None, typer.Option("--agree", metavar="ANSWER", help="Id of the answer that counts.")
    ] = None,
    dispute: Annotated[bool, typer.Option("--dispute", help="Record that you differ.")] = False,
    reopen: Annotated[bool, typer.Option("--reopen", help="Open it again.")] = False,
    note: Annotated[
        str, typer.Option(help="Reason; needed to reconcile or record a dispute, and to reopen.")
    ] = "",
    protocol: ProtocolName = None,
) -> None:
    """Reconcile answers: agree on one, record a dispute, or reopen an indicator.

    Another assessor than the author reconciles on an answer, or the lead; nobody alone. What
    is reconciled holds until another answer comes.

        kancil assess settle 'First round' LF01 --dispute --note 'we read section 4 differently'
    """
    programme = Programme(context)
    if (agree is not None) + dispute + reopen != 1:
        why = Phrase("why.assess-one-of")
        raise OptionNotUsable(option="--agree --dispute --reopen", value="", why=why)
    sight = programme.sight(round)
    name = programme.protocol(sight, protocol, [indicator])
    from kancil.desk.assessment.actions import answers as acts

    about: dict[str, Any] = {
        "by": programme.person, "round": sight.round, "protocol": name, "indicator": indicator,
        "note": note,
    }  # fmt: skip
    if agree is not None:
        id = acts.agree(**about, answer=agree)
    else:
        id = acts.dispute(**about) if dispute else acts.reopen(**about)
    ruling = "agreed" if agree else "disputed" if dispute else "reopened"
    programme.show(
        {"id": id, "indicator": indicator, "ruling": ruling},
        render(f"done.assess-settle-{ruling}", indicator=indicator),
    )


def conflicts(context: typer.Context, round: RoundName) -> None:
    """List questions to which one author gave two answers.

    Questions to which one author gave two answers, as after two laptops. Nothing chooses
    between them: the author answers again.

        kancil assess conflicts 'First round'
    """
    programme = Programme(context)
    sight = programme.sight(round)
    from kancil.desk.assessment.queries import answers as queries
    from kancil.desk.assessment.queries.rounds import names_in

    names = names_in(sight)
    found = queries.conflicts(sight)
    rows = [
        {
            "id": each.indicator, "protocol": each.protocol, "by": names.get(each.author, ""),
            "answers": plain(each.answers),
        }
        for each in found
    ]  # fmt: skip
    programme.show(
        rows,
        lambda: programme.door.screen.table(
            ("indicator", "by", "answer", "id"),
            [
                (str(row["id"]), str(row["by"]), _words(one), one["id"])
                for row in rows
                for one in row["answers"]
            ],
        ),
    )


def evidence_add(
    context: typer.Context,
    round: RoundName,
    title: Annotated[str, typer.Option(help="What it is.")],
    grade: Grade,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Its file.")] = None,
    kind: Annotated[str, typer.Option(help="document, data or observation.")] = "document",
    reference: Annotated[str, typer.Option(help="Where it can be found.")] = "",
    dated: Annotated[str | None, typer.Option(help="Its day, 2026-03-09.")] = None,
) -> None:
    """Add an item of evidence, with its file or without.

    A file is kept under its SHA-256. Interviews and statutes have commands of their own.

        kancil assess evidence add 'First round' report.pdf --title 'Annual report' --grade a
    """
    programme = Programme(context)
    id_of_round = programme.round(round)
    from kancil.desk.assessment.actions.evidence import add_evidence

    about: dict[str, Any] = {
        "by": programme.person, "round": id_of_round, "grade": grade, "kind": kind,
        "title": title, "reference": reference, "dated": maybe_day(dated, "--dated"),
    }  # fmt: skip
    with programme.kept(file) as kept:
        id = add_evidence(**about, file=kept)
    programme.added("evidence", id, title)


def evidence_list(context: typer.Context, round: RoundName) -> None:
    """List the evidence of a round, and the answers based on it.

    All items with what rests on them; of what you may not see, that it is there.

        kancil assess evidence list 'First round'
    """
    programme = Programme(context)
    sight = programme.sight(round)
    from kancil.desk.assessment.queries.evidence import evidence

    rows = evidence(sight)
    programme.show(
        [with_id(each, each.item.id) for each in rows],
        lambda: programme.door.screen.table(
            ("grade", "kind", "title", "used by", "id"),
            [
                (
                    each.item.grade, each.item.kind, each.item.title,
                    ", ".join(indicator for _, indicator in each.used_by), each.item.id,
                )
                for each in rows
            ],
        ),
    )  # fmt: skip


def evidence_withhold(
    context: typer.Context,
    round: RoundName,
    evidence: Annotated[str, typer.Argument(metavar="ID", help="Id of the item.")],
    reason: Annotated[str, typer.Option(help="Why; stands in exports.")],
) -> None:
    """Withhold an item from exports and reports.

    It leaves the site no more and is not shown to the country's side; that it is withheld is
    said. By the lead, or whoever added it.

        kancil assess evidence withhold 'First round' ID --reason 'given in confidence'
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.evidence import withhold_evidence

    withhold_evidence(
        by=programme.person, round=programme.round(round), evidence=evidence, reason=reason
    )
    programme.done(evidence, "done.assess-withheld")


def interview_add(
    context: typer.Context,
    round: RoundName,
    held_on: Annotated[str, typer.Option("--on", help="Day, 2026-03-09.")],
    people: Annotated[int, typer.Option(help="How many were there.")],
    group: Annotated[str, typer.Option(help="Whom, in words that name nobody.")],
    consent: Annotated[str, typer.Option(help="How it was given, and to what.")],
    notes: Annotated[Path, typer.Option(help="A text file with what was said.")],
    grade: Grade = "b",
) -> None:
    """Record an interview, which only you and the lead will see.

    Only you and the round's lead ever see it; it leaves the site in no file. Its item of
    evidence, by which answers rest on it, is printed.

        kancil assess interview add 'First round' --on 2026-04-03 --people 2 --group 'two
        investigators' --consent 'aloud, notes only' --notes notes.txt
    """
    programme = Programme(context)
    try:
        words = notes.read_text(encoding="utf-8")
    except OSError as error:
        raise translated(error, notes) from error
    except UnicodeDecodeError as error:
        why = Phrase("note.no-text")
        raise OptionNotUsable(option="--notes", value=str(notes)[:80], why=why) from error
    from kancil.desk.assessment.actions.evidence import add_interview

    held = add_interview(
        by=programme.person,
        round=programme.round(round),
        grade=grade,
        held_on=day(held_on, "--on"),
        people_count=people,
        group=group,
        consent=consent,
        notes=words,
    )
    programme.show(
        {"id": held.interview, "evidence": held.evidence},
        render("done.assess-interview", id=held.interview, evidence=held.evidence),
    )


def interview_list(context: typer.Context, round: RoundName) -> None:
    """List the interviews that you may read.

    Your own interviews; all of the round for its lead.

        kancil assess interview list 'First round'
    """
    programme = Programme(context)
    sight = programme.sight(round)
    from kancil.desk.assessment.queries.evidence import interviews

    rows = interviews(sight)

    def text() -> None:
        for each in rows:
            programme.door.screen.title(f"{each.held_on} {each.group} ({each.id})")
            programme.door.screen.say(each.notes)

    programme.show([plain(each) for each in rows], text)
