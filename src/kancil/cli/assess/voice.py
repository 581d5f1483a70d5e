"""Commands for the country's word: comments, replies, term, sign-off, and what is late or due."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kancil.assessment.voice import CommentKind, ReplyOutcome
from kancil.cli.programme.door import (
    Programme,
    ProtocolName,
    RoundName,
    chosen,
    day,
    maybe_day,
    plain,
)
from kancil.ground import clock
from kancil.ground.words import render, render_phrase

CommentId = Annotated[str, typer.Argument(metavar="COMMENT", help="Id of the comment.")]


def comments(
    context: typer.Context,
    round: RoundName,
    unanswered: Annotated[bool, typer.Option("--unanswered", help="Only these.")] = False,
) -> None:
    """Show the comments on a round with their replies, the term, and the sign-off.

    Who said what of which answer as it stood, what the team replied, and whether the country
    signed off. The country's side sees its own comments alone.

        kancil assess comments 'First round' --unanswered
    """
    programme = Programme(context)
    sight = programme.sight(round)
    from kancil.desk.assessment.queries.comments import comments as comments_of
    from kancil.desk.assessment.queries.sign_offs import voice_of

    found = [each for each in comments_of(sight) if not (unanswered and each.is_answered)]
    voice = voice_of(sight)

    def text() -> None:
        screen = programme.door.screen
        signed = voice.sign_off
        screen.facts(
            [
                ("term", voice.due_on.isoformat() if voice.due_on else ""),
                ("unanswered", str(voice.unanswered)),
                ("signed off", f"{signed.official}, {signed.signed_on}" if signed else ""),
                ("counts", "" if signed is None else "yes" if signed.counts else "no"),
            ]
        )
        screen.table(
            ("place", "kind", "by", "text", "reply", "id"),
            [
                (
                    each.indicator or each.section, each.kind.value, each.office or each.by,
                    each.text, each.replies[-1].outcome.value if each.replies else "", each.id,
                )
                for each in found
            ],
        )  # fmt: skip

    value = {"id": sight.round, "voice": plain(voice), "comments": plain(found)}
    programme.show(value, text)


def comment(
    context: typer.Context,
    round: RoundName,
    text: Annotated[str, typer.Option(help="In words.")],
    indicator: Annotated[str | None, typer.Argument(help="The question it is on.")] = None,
    section: Annotated[str, typer.Option(help="A section of the report instead.")] = "",
    kind: Annotated[str, typer.Option(help="comment, correction or evidence.")] = "comment",
    office: Annotated[str, typer.Option(help="The ministry or agency it speaks for.")] = "",
    protocol: ProtocolName = None,
    title: Annotated[str, typer.Option(help="What the evidence is.")] = "",
    grade: Annotated[str, typer.Option(help="Grade of the evidence.")] = "a",
    reference: Annotated[str, typer.Option(help="Where the evidence can be found.")] = "",
    dated: Annotated[str | None, typer.Option(help="Day of the evidence, 2026-03-09.")] = None,
    file: Annotated[Path | None, typer.Option(help="The file of the evidence.")] = None,
) -> None:
    """Comment on an answer, correct a fact, or bring evidence.

    By the reviewer, the focal point or a ministry. It is kept as it is, with the answer that
    stood; the team replies to it.

        kancil assess comment 'First round' LF01 --kind correction --text 'The decree was replaced
        in May' --office 'Ministry of Justice'
    """
    programme = Programme(context)
    sight = programme.sight(round)
    chosen(kind, list(CommentKind), "--kind")
    asked = "" if indicator is None else programme.protocol(sight, protocol, [indicator])
    from kancil.desk.assessment.actions.comments import add_comment
    from kancil.desk.assessment.actions.evidence import Brought

    with programme.kept(file) as kept:
        brought = None
        if title:
            on = maybe_day(dated, "--dated")
            brought = Brought(grade, "document", title, reference, on, kept)
        id = add_comment(
            by=programme.person, round=sight.round, kind=kind, text=text, protocol=asked,
            indicator=indicator or "", section=section, office=office, evidence=brought,
        )  # fmt: skip
    programme.added("comment", id, indicator or section)


def reply(
    context: typer.Context,
    round: RoundName,
    comment: CommentId,
    outcome: Annotated[str, typer.Argument(help="corrected, noted or not-accepted.")],
    text: Annotated[str, typer.Option(help="In words.")],
) -> None:
    """Reply to a comment for the team.

    By the lead or an assessor, for the team; a newer reply stands after.

        kancil assess reply 'First round' ID corrected --text 'Stage 2 stands now'
    """
    programme = Programme(context)
    chosen(outcome, list(ReplyOutcome), "OUTCOME")
    from kancil.desk.assessment.actions import comments as acts

    id = acts.reply(
        by=programme.person, round=programme.round(round), comment=comment, outcome=outcome,
        text=text,
    )  # fmt: skip
    programme.done(id, "done.assess-reply")


def term(
    context: typer.Context,
    round: RoundName,
    until: Annotated[str, typer.Option(help="The last day, 2026-06-30.")],
    note: Annotated[str, typer.Option(help="A word to the country.")] = "",
) -> None:
    """Ask the country to comment by a day.

    By the lead. A term that passes closes nothing by itself, and is never agreement.

        kancil assess term 'First round' --until 2026-06-30
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.comments import set_term

    id = set_term(
        by=programme.person, round=programme.round(round), due_on=day(until, "--until"), note=note
    )
    programme.done(id, "done.assess-term", day=until)


def sign_off(
    context: typer.Context,
    round: RoundName,
    official: Annotated[str, typer.Option(help="Who signed, by name or title.")],
    office: Annotated[str, typer.Option(help="Their office.")],
    on: Annotated[str, typer.Option(help="The day on which they signed, 2026-06-30.")],
    file: Annotated[Path | None, typer.Option(help="A scan of the signed paper.")] = None,
) -> None:
    """Record that a named official of the country signed the round off.

    By the focal point. It is of the round as it stands: once an answer, comment,
    reply, text or plan item changes, it counts no more. It releases nothing.

        kancil assess sign-off 'First round' --official 'A. Official' --office Secretary --on
        2026-06-30
    """
    programme = Programme(context)
    id_of_round = programme.round(round)
    from kancil.desk.assessment.actions import comments as acts

    with programme.kept(file) as kept:
        id = acts.sign_off(
            by=programme.person, round=id_of_round, official=official, office=office,
            signed_on=day(on, "--on"), file=kept,
        )  # fmt: skip
    programme.done(id, "done.assess-sign-off", official=official)


def due(
    context: typer.Context,
    ics: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write them as a calendar file, too.")
    ] = None,
) -> None:
    """List what is late or due and yours to act on; also as a calendar file.

    What you can act on, the latest first: comments, terms, sign-offs, plans, road maps, boards,
    activities, reports to donors. The calendar file holds kinds, countries, titles of rounds, codes
    of activities and references of grants, and no other words.

        kancil assess due --ics due.ics
    """
    programme = Programme(context)
    programme.door.can_write(ics)
    from kancil.desk.assessment.queries.due import due_calendar, due_words
    from kancil.desk.programme.due import all_due

    found = all_due(programme.person, programme.today)
    if ics is not None:
        zone = programme.door.workspace.zone
        programme.door.write(ics, due_calendar(found, programme.today, zone, clock.now()))

    def text() -> None:
        rows = [
            (
                each.day.isoformat() if each.day else "", "late" if each.is_late else "",
                render_phrase(due_words(each)), each.country, each.title,
            )
            for each in found
        ]  # fmt: skip
        programme.door.screen.table(("day", "late", "what", "country", "of"), rows)
        if ics is not None:
            programme.door.screen.say(render("done.assess-calendar", path=str(ics)))

    programme.show(found, text)
