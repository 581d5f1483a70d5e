"""Commands for a country's law: extracts, status of treaties, the legal matrix, the road map."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kancil.assessment.law.consent import consent_standing
from kancil.cli.programme.door import (
    CountryCode,
    Programme,
    ProtocolName,
    RoundName,
    chosen,
    day,
    maybe_day,
    plain,
    shown,
    with_id,
)
from kancil.ground.errors import OptionNotUsable
from kancil.ground.files import translated
from kancil.ground.phrase import Phrase
from kancil.ground.words import render

if TYPE_CHECKING:
    from kancil.desk.assessment.access import Sight
    from kancil.desk.assessment.queries.legal import LegalMatrix, SignatureRow


def matrix(
    context: typer.Context,
    round: RoundName,
    protocol: ProtocolName = None,
    html: Annotated[Path | None, typer.Option(help="Write it here to read and print.")] = None,
) -> None:
    """Show the legal matrix of a round, and whether a lawyer signed it.

    Each provision as it is now, the extracts it is based on, and the country's status for
    each instrument. Its SHA-256 is what a lawyer signs; without that it is a draft.

        kancil assess matrix 'First round'
    """
    programme = Programme(context)
    if html is not None:
        programme.door.can_write(html)
    sight = programme.sight(round)
    name = programme.protocol(sight, protocol, shape="provisions")
    from kancil.desk.assessment.kept_protocols import protocol_in
    from kancil.desk.assessment.queries.legal import legal_matrix
    from kancil.desk.assessment.queries.texts import compared_counts

    found = legal_matrix(sight, name)
    counts = compared_counts(protocol_in(sight, name))
    value: dict[str, Any] = {
        "id": found.sha256,
        "is_draft": found.is_draft,
        "owed": sorted(found.owed),
        "matrix": plain(found.value),
        "signature": plain(found.signature),
        "earlier": plain(found.earlier),
        "compared": plain(counts),
    }

    if html is not None:
        _write_paper(programme, sight, found, name, html)

    def text() -> None:
        screen = programme.door.screen
        unsaid = ("open", "not-asked")
        rows = [each for each in value["matrix"]["rows"] if each["status"] not in unsaid]
        screen.table(
            ("provision", "stands", "answer", "extracts>"),
            [
                (
                    each["indicator"], each["status"],
                    "" if each["given"] is None else shown(each["given"]["value"]),
                    str(len(each["extracts"])),
                )
                for each in rows
            ],
        )  # fmt: skip
        if found.owed:
            screen.say(render("note.assess-matrix-owed", count=len(found.owed)))
            return
        screen.say(
            render(
                "note.paper-provisions-compared",
                compared=counts.compared,
                older=counts.older,
                of=counts.of,
            )
        )
        screen.say(f"SHA-256 {found.sha256}")
        _say_signature(programme, found.signature)

    programme.show(value, text)


def _say_signature(programme: Programme, signed: SignatureRow | None) -> None:
    """Who recorded that who signed, and that nobody else checked it; or that it is draft."""
    screen = programme.door.screen
    if signed is None:
        screen.say(render("note.assess-matrix-draft"))
        return
    on = signed.signed_on
    screen.say(
        render(
            "note.assess-matrix-signed",
            day=programme.day_of(signed.at).isoformat(),
            by=signed.recorded_by or render("note.assess-matrix-by-team"),
            name=signed.lawyer,
            admitted=signed.admitted,
            signed_on=on.isoformat() if on else render("note.assess-matrix-no-day"),
        )
    )
    screen.say(render("note.assess-matrix-not-checked"))


def _write_paper(
    programme: Programme, sight: Sight, found: LegalMatrix, protocol: str, path: Path
) -> None:
    """Write the matrix as a paper; raises ActNotYours where one's own answers are still owed."""
    from kancil.desk.assessment.kept_protocols import protocol_in
    from kancil.desk.assessment.queries.countries import countries, enter_country, packaged_in
    from kancil.desk.assessment.queries.rounds import require
    from kancil.desk.assessment.queries.texts import compared_counts
    from kancil.reports.programme.make import make_law_paper

    require(not found.owed, sight)
    packaged = packaged_in(enter_country(programme.person, sight.country))
    names = {each.code: each.name for each in countries(programme.person)}
    asked = protocol_in(sight, protocol)
    country = names.get(sight.country, sight.country)
    made = make_law_paper(asked, found.matrix, country, packaged, compared_counts(asked))
    programme.door.write(path, made.data)


def sign(
    context: typer.Context,
    round: RoundName,
    lawyer: Annotated[str, typer.Option(help="The lawyer's name.")],
    admitted: Annotated[str, typer.Option(help="Where and since when the lawyer is admitted.")],
    sha256: Annotated[str, typer.Option(help="SHA-256 of the matrix that the lawyer read.")],
    signed_on: Annotated[str, typer.Option(help="Day of the signature, 2026-03-09.")],
    protocol: ProtocolName = None,
    file: Annotated[Path | None, typer.Option(help="The signed paper, scanned.")] = None,
) -> None:
    """Record that an admitted lawyer signed the legal matrix as it is.

    Record that a lawyer admitted in the country signed the matrix as it is. Whatever changes in
    it afterwards makes it a draft again. By the lead or a programme officer. Nobody else checks the
    lawyer or the signature.

        kancil assess sign 'First round' --lawyer 'A. B.' --admitted 'Bar of Kasa, 2009' --signed-on
        2026-03-02 --sha256 DIGEST
    """
    programme = Programme(context)
    sight = programme.sight(round)
    name = programme.protocol(sight, protocol, shape="provisions")
    from kancil.desk.assessment.actions.legal import sign_matrix

    with programme.kept(file) as kept:
        id = sign_matrix(
            by=programme.person,
            round=sight.round,
            protocol=name,
            lawyer=lawyer,
            admitted=admitted,
            matrix_sha256=sha256,
            signed_on=day(signed_on, "--signed-on"),
            file=kept,
        )
    programme.show({"id": id, "sha256": sha256}, render("done.assess-sign", name=lawyer))


Law = Annotated[str, typer.Option(help="Its title.")]
Citation = Annotated[str, typer.Option(help="Number, gazette, date.")]
TextLanguage = Annotated[str, typer.Option(help="Of these words: km, en.")]
Source = Annotated[str, typer.Option(help="Where it was obtained.")]
InForce = Annotated[str | None, typer.Option("--in-force", help="Since which day.")]
Bill = Annotated[bool, typer.Option("--bill", help="A draft, not passed: it is no law.")]


def extract_add(
    context: typer.Context,
    country: CountryCode,
    law: Law,
    citation: Citation,
    article: Annotated[str, typer.Option(help="Which article.")],
    text: Annotated[Path, typer.Option(help="A text file with the words of the article.")],
    language: TextLanguage,
    source: Source,
    translation: Annotated[Path | None, typer.Option(help="A text file.")] = None,
    translated_by: Annotated[str, typer.Option(help="Who translated it.")] = "",
    in_force_on: InForce = None,
    bill: Bill = False,
    replaces: Annotated[str | None, typer.Option(help="Id of the extract before it.")] = None,
    file: Annotated[Path | None, typer.Argument(help="The file it was taken from.")] = None,
) -> None:
    """Add a piece of a country's law, word for word.

    One extract serves all related articles: make it evidence of a round with `extract use`.

        kancil assess extract add XKA --law 'Computer Act' --citation 'No. 3/2024' --article 4
        --text article.txt --language en --source 'Gazette'
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.legal import Extract, add_extract

    extract = Extract(
        law=law,
        citation=citation,
        article=article,
        text=_words(text, "--text"),
        language=language,
        source=source,
        translation="" if translation is None else _words(translation, "--translation"),
        translated_by=translated_by,
        in_force_on=maybe_day(in_force_on, "--in-force"),
        is_bill=bill,
        replaces=replaces,
    )
    with programme.kept(file) as kept:
        id = add_extract(by=programme.person, country=country, extract=extract, file=kept)
    programme.added("extract", id, f"{law}, {article}")


def extract_split(
    context: typer.Context,
    country: CountryCode,
    file: Annotated[Path, typer.Argument(help="The statute: text, web page, Word or PDF.")],
    law: Law,
    citation: Citation,
    language: TextLanguage,
    source: Source,
    in_force_on: InForce = None,
    bill: Bill = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep each article; without it they are only listed.")
    ] = False,
) -> None:
    """Split a statute into its articles, and keep them as extracts.

    Look at the list first: what stands before the first heading is never kept.

        kancil assess extract split XKA act.docx --law 'Computer Act' --citation 'No. 3/2024'
        --language en --source 'Gazette' --keep
    """
    programme = Programme(context)
    from kancil.assessment.foreign import MOST_TEXT_BYTES, read_statute
    from kancil.desk.assessment.actions.legal import Extract, add_extracts

    try:
        with file.open("rb") as stream:
            data = stream.read(MOST_TEXT_BYTES + 1)
    except OSError as error:
        raise translated(error, file) from error
    statute = read_statute(data, file.name)
    pieces = statute.pieces
    ids: list[str] = []
    if keep:
        found = [
            Extract(
                law=law, citation=citation, article=each.article, text=each.text,
                language=language, source=source, is_bill=bill,
                in_force_on=maybe_day(in_force_on, "--in-force"),
            )
            for each in pieces
            if each.article
        ]  # fmt: skip
        ids = add_extracts(by=programme.person, country=country, extracts=found)
    value = {
        "articles": [plain(each) for each in pieces], "ids": ids, "guessed": statute.guessed,
        "unread": statute.unread,
    }  # fmt: skip

    def text() -> None:
        rows = [(each.article or "–", str(len(each.text)), each.text[:60]) for each in pieces]
        programme.door.screen.table(("article", "characters>", "begins"), rows)
        if statute.guessed:
            encoding = Phrase(f"name.encoding-{statute.guessed}")
            programme.door.screen.say(render("web.split.guessed", encoding=encoding))
        if statute.unread:
            programme.door.screen.say(render("web.split.unread", count=statute.unread))

    programme.show(value, text)


def _words(path: Path, option: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise translated(error, path) from error
    except UnicodeDecodeError as error:
        why = Phrase("note.no-text")
        raise OptionNotUsable(option=option, value=str(path)[:80], why=why) from error


def extract_use(
    context: typer.Context,
    round: RoundName,
    extract: Annotated[str, typer.Argument(metavar="EXTRACT", help="Id of the extract.")],
    grade: Annotated[str, typer.Option(help="A grade of the protocol.")] = "a",
    lawyer: Annotated[str, typer.Option(help="Who confirmed it, where the grade says so.")] = "",
) -> None:
    """Make a statute extract evidence in a round.

    It becomes one item of evidence, however many answers are based on it.

        kancil assess extract use 'First round' ID
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.evidence import use_extract

    id = use_extract(
        by=programme.person,
        round=programme.round(round),
        extract=extract,
        grade=grade,
        lawyer=lawyer,
    )
    programme.added("evidence", id, extract)


def extract_list(context: typer.Context, country: CountryCode) -> None:
    """List a country's statute extracts.

    A country's extracts by law and article.

        kancil assess extract list XKA
    """
    programme = Programme(context)
    from kancil.desk.assessment.queries.countries import extracts

    rows = extracts(programme.country(country))
    programme.show(
        [plain(each) for each in rows],
        lambda: programme.door.screen.table(
            ("law", "article", "language", "bill", "replaced", "id"),
            [
                (
                    each.law,
                    each.article,
                    each.language,
                    shown(each.is_bill),
                    shown(each.is_replaced),
                    each.id,
                )
                for each in rows
            ],
        ),
    )


def status_set(
    context: typer.Context,
    country: CountryCode,
    instrument: Annotated[str, typer.Argument(help="As the protocol has it: budapest.")],
    as_of: Annotated[str, typer.Option(help="Day of the source, 2026-03-09.")],
    source: Annotated[str, typer.Option(help="Who says so.")],
    signed: Annotated[str | None, typer.Option(help="Day of signature.")] = None,
    consent: Annotated[
        str, typer.Option(help="ratified, acceded, accepted, approved, succeeded or none.")
    ] = "",
    consent_on: Annotated[str | None, typer.Option(help="Its day.")] = None,
    in_force: Annotated[str | None, typer.Option(help="Since which day, for this country.")] = None,
    reservations: Annotated[str, typer.Option(help="In words.")] = "",
    declarations: Annotated[str, typer.Option(help="In words.")] = "",
    authorities: Annotated[str, typer.Option(help="Central authorities, contact points.")] = "",
) -> None:
    """Record a country's status for an instrument.

    Where a country stands with an instrument, as of a day and by a source. Older records stay
    behind the newest.

        kancil assess status set XKA budapest --as-of 2026-03-01 --source 'the depositary' --signed
        2025-10-25
    """
    programme = Programme(context)
    from kancil.assessment.law.matrix import InstrumentStatus
    from kancil.desk.assessment.actions.legal import set_status

    id = set_status(
        by=programme.person,
        country=country,
        status=InstrumentStatus(
            instrument=instrument,
            as_of=day(as_of, "--as-of"),
            source=source,
            signed_on=maybe_day(signed, "--signed"),
            consent=consent,
            consent_on=maybe_day(consent_on, "--consent-on"),
            in_force_on=maybe_day(in_force, "--in-force"),
            reservations=reservations,
            declarations=declarations,
            authorities=authorities,
        ),
    )
    programme.added("status", id, instrument)


def status_list(context: typer.Context, country: CountryCode) -> None:
    """List a country's status for each instrument.

    Where a country stands with each instrument, as of which day.

        kancil assess status list XKA
    """
    programme = Programme(context)
    from kancil.desk.assessment.queries.countries import statuses

    rows = statuses(programme.country(country))
    programme.show(
        [
            {**plain(each), "standing": consent_standing(each.consent, each.signed_on)}
            for each in rows
        ],
        lambda: programme.door.screen.table(
            ("instrument", "signed", "consent", "in force", "as of", "source"),
            [
                (
                    each.instrument, shown(each.signed_on),
                    consent_standing(each.consent, each.signed_on), shown(each.in_force_on),
                    shown(each.as_of), each.source,
                )
                for each in rows
            ],
        ),
    )  # fmt: skip


def road_add(
    context: typer.Context,
    round: RoundName,
    subject: Annotated[str, typer.Argument(help="The law or the instrument.")],
    stage: Annotated[
        str, typer.Option(help="policy, bill, committee, adoption, deposit or entry-into-force.")
    ],
    owner: Annotated[str, typer.Option(help="Who is responsible for the step.")],
    due: Annotated[str | None, typer.Option(help="By which day.")] = None,
    instrument: Annotated[str, typer.Option(help="Of the protocol, where it leads to one.")] = "",
    note: Annotated[str, typer.Option(help="In words.")] = "",
) -> None:
    """Add a step to the road map to ratification or a law.

    A step after the others of its subject. Draft clauses are never made here.

        kancil assess road add 'First round' 'Computer Act' --stage bill --owner 'Ministry of
        Justice' --due 2026-09-30
    """
    programme = Programme(context)
    id_of_round = programme.round(round)
    from kancil.desk.assessment.actions.legal import Step, add_step
    from kancil.desk.assessment.queries.site import StepStage

    chosen(stage, [each.value for each in StepStage], "--stage")
    step = Step(subject, StepStage(stage), owner, instrument, maybe_day(due, "--due"), note)
    id = add_step(by=programme.person, round=id_of_round, step=step)
    programme.added("step", id, f"{subject}: {stage}")


def road_done(
    context: typer.Context,
    round: RoundName,
    step: Annotated[str, typer.Argument(metavar="ID", help="Id of the step.")],
    done_on: Annotated[str, typer.Option("--on", help="Day, 2026-03-09.")],
) -> None:
    """Record on which day a step of the road map was done.

    A step was done on that day.

        kancil assess road done 'First round' ID --on 2026-09-01
    """
    programme = Programme(context)
    from kancil.desk.assessment.actions.legal import finish_step

    finish_step(
        by=programme.person, round=programme.round(round), id=step, done_on=day(done_on, "--on")
    )
    programme.done(step, "done.assess-road-done", day=done_on)


def road_list(context: typer.Context, round: RoundName) -> None:
    """List the steps of a round's road map.

    All steps by subject, with what is late.

        kancil assess road list 'First round'
    """
    programme = Programme(context)
    sight = programme.sight(round)
    from kancil.desk.assessment.queries.legal import road

    rows = road(sight)
    today = programme.today
    programme.show(
        [{**with_id(each, each.id), "is_late": each.is_late(today)} for each in rows],
        lambda: programme.door.screen.table(
            ("subject", "stage", "owner", "due", "done", "late", "id"),
            [
                (
                    each.subject, each.stage, each.owner, shown(each.due_on), shown(each.done_on),
                    render("note.assess-late") if each.is_late(today) else "", each.id,
                )
                for each in rows
            ],
        ),
    )  # fmt: skip
