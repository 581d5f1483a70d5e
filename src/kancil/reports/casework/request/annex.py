"""What a letter rests on, at its end: findings word for word, bundle, checkpoint; who signs it."""

from __future__ import annotations

from kancil.custody.slip import short_code
from kancil.ground.phrase import Param
from kancil.ground.reviewers import is_signed_off
from kancil.ground.units import grouped
from kancil.legal.request import Draft
from kancil.reports.document.blocks import (
    Block,
    Cell,
    Column,
    Facts,
    Line,
    Section,
    cell,
    facts,
    mono,
    muted,
    section,
    strong,
    table,
)
from kancil.reports.document.language import ENGLISH

from .annexes import Annexes
from .facts import CitedExhibit, CitedFinding, LetterFacts, exhibits_in
from .speech import Speech

_BLANK = "_" * 34


def signature(found: LetterFacts, signatory: str, speech: Speech) -> list[Block]:
    """Lines on which a person signs; nobody's signature is printed.

    `signatory`: name and post of whom the officer expects, as long as nobody has authorised it.
    """
    who = found.authorised
    name = cell(strong(who.name) if who else signatory or _BLANK)
    post = cell(who.post if who else _BLANK)
    rows = [("name", name), ("post", post)]
    rows += [(each, cell(_BLANK, "\u00a0")) for each in ("place", "signature", "stamp")]
    blocks: list[Block] = [
        Facts("", tuple((speech.label(f"letter.sign-{key}"), value) for key, value in rows))
    ]
    if who is None:
        return [speech.say("letter.not-authorised", "warn"), *blocks]
    day = who.at.astimezone(found.unit.zone).date().isoformat()
    params: dict[str, Param] = {"name": who.name, "post": who.post, "day": day, "n": who.entry}
    return [*blocks, speech.say("letter.authorised", "muted", **params)]


def annex(draft: Draft, found: LetterFacts, speech: Speech) -> Section:
    """What the letter rests on, and how a stranger checks it."""
    rests, annexes = found.rests, Annexes(found.rests)

    def numbered(label: str) -> Cell:
        return cell(strong(annexes.name(label, speech)), muted(label))

    title = speech.both("letter.section-annex")
    blocks: list[Block | None] = [speech.say("letter.annex-what", "muted")]
    if rests.exhibits:
        caption = speech.both("letter.exhibits")
        columns = (Column(speech.label("letter.col-number"), 0.16), Column(caption, 0.84))
        attached = exhibits_in(draft.attachments)
        rows = [(numbered(each.label), _exhibit(each, speech, is_attached=each.label in attached))
                for each in rests.exhibits]  # fmt: skip
        blocks.append(table(caption, columns, rows))
    if rests.findings:
        caption = speech.both("name.request-field-findings")
        columns = (Column(speech.label("letter.col-number"), 0.16), Column(caption, 0.84))
        rows = [(numbered(each.label), _finding(each, speech)) for each in rests.findings]
        blocks.append(table(caption, columns, rows))
    if rests.bundle is not None:
        blocks.append(speech.say("letter.annex-bundle"))
    blocks.append(_proofs(found, speech))
    for language in filter(None, (speech.document, speech.second)):
        if not is_signed_off(language) and language != ENGLISH:
            name = speech.text(f"name.language-{language}")
            blocks.append(speech.say("letter.not-reviewed", "muted", language=name))
    return section(title, *blocks, starts_page=True)


def _finding(each: CitedFinding, speech: Speech) -> Cell:
    if not each.entry:
        return speech.lines("letter.finding-missing", "strong")
    warned = speech.lines("letter.finding-withdrawn", "strong") if each.is_withdrawn else ()
    said = speech.line("letter.finding-entry", "muted", n=each.entry)
    return cell(*warned, Line(each.text, language=each.language), said)


def _exhibit(each: CitedExhibit, speech: Speech, *, is_attached: bool) -> Cell:
    lines: list[Line] = [Line(each.title)]
    lines += speech.lines(f"letter.exhibit-{'attached' if is_attached else 'held'}")
    for content in each.contents:
        key = "letter.listing" if content.is_listing else "letter.sha256"
        lines += [speech.line(key, "muted", count=content.files), mono(content.sha256)]
    return cell(*lines)


def _proofs(found: LetterFacts, speech: Speech) -> Block | None:
    bundle, checkpoint = found.rests.bundle, found.rests.checkpoint
    rows: list[tuple[str, Cell]] = []
    if bundle is not None:
        file = bundle.file_sha256
        rows.append((
            speech.label("letter.bundle"),
            cell(speech.line("letter.bundle-entry", n=bundle.entry),
                 *((speech.line("letter.bundle-file", "muted"), mono(file)) if file else ()),
                 speech.line("letter.bundle-analysis", "muted"), mono(bundle.analysis_sha256)),
        ))  # fmt: skip
    if checkpoint is not None:
        rows.append((
            speech.label("letter.checkpoint"),
            cell(speech.line("letter.checkpoint-size", count=checkpoint.size),
                 strong(short_code(checkpoint)), mono(checkpoint.sha256),
                 muted(speech.text("letter.checkpoint-what")), *_later(found, speech)),
        ))  # fmt: skip
    return facts("", rows) if rows else None


def _later(found: LetterFacts, speech: Speech) -> Cell:
    """Which entries that the letter names the checkpoint is too old to cover."""
    rests, checkpoint = found.rests, found.rests.checkpoint
    named = {each.entry for each in rests.findings}
    named |= {each.entry for each in (rests.bundle, found.authorised) if each is not None}
    later = sorted(n for n in named if checkpoint is not None and n > checkpoint.size)
    if not later:
        return ()
    return (speech.line("letter.checkpoint-later", entries=", ".join(map(grouped, later))),)
