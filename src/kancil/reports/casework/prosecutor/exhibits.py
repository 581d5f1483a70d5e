"""Exhibits with their digests and the whole history of their custody, as the ledger states it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kancil.custody.entry import Entry
from kancil.desk.handling.queries import code_name
from kancil.ground.phrase import Phrase
from kancil.ground.words import has, render, render_phrase
from kancil.reports.casework.bundle import statement_words
from kancil.reports.casework.bundle.statements import StatedExhibit
from kancil.reports.document.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Line,
    Paragraph,
    Section,
    Table,
    cell,
    facts,
    mono,
    muted,
    section,
    strong,
    table,
)

from .gather import CaseFacts
from .times import time_cell

_PLAIN = (
    "source", "place", "seal", "reason", "tool", "tool_version", "write_blocker", "source_digest",
    "presence", "seized_at", "seized_from", "source_office", "until", "reference", "on",
)  # fmt: skip
"""Fields of an entry that are shown as they stand."""
_PEOPLE = ("seized_by", "from", "to")
_DIGESTS = {"SHA-256", "SHA-1", "MD5"}


def exhibits_section(found: CaseFacts, *more: Block) -> Section:
    """Legal bases, each exhibit with its history, where blocks and labels came in, and `more`."""
    blocks: list[Block] = [Paragraph(render("note.pdf-stated"), "muted")]
    for basis in found.stated.bases:
        blocks += _stated(statement_words.basis_section(basis))
    for exhibit in found.stated.exhibits:
        blocks += _exhibit(exhibit, found)
    if not found.stated.exhibits:
        blocks.append(Paragraph(render("note.pdf-no-exhibit")))
    if found.sources:
        blocks.append(Heading(render("note.pdf-sources")))
        blocks.append(_sources(found))
    return section(render("note.pdf-exhibits"), *blocks, *more, starts_page=True)


def _stated(one: statement_words.Section) -> list[Block]:
    return [
        Heading(one.title),
        facts(
            one.title,
            ((name[:1].upper() + name[1:], _value(name, value)) for name, value in one.facts),
        ),
    ]


def _value(name: str, value: str) -> Cell:
    is_digest = any(word in name for word in _DIGESTS)
    return cell(mono(value) if is_digest else value)


def _exhibit(exhibit: StatedExhibit, found: CaseFacts) -> list[Block]:
    blocks = _stated(statement_words.exhibit_section(exhibit))
    blocks.append(Heading(render("note.pdf-history"), 3))
    rows = [_event(entry, found) for entry in found.events.get(exhibit.id, ())]
    blocks.append(
        table(
            render("note.pdf-history"),
            (
                Column(render("note.pdf-col-entry"), 0.07),
                Column(render("note.pdf-col-time"), 0.2),
                Column(render("note.pdf-col-what"), 0.2),
                Column(render("note.pdf-col-details"), 0.53),
            ),
            rows,
            empty=render("note.report-none"),
        )
    )
    return blocks


def _event(entry: Entry, found: CaseFacts) -> list[Cell]:
    if any(one.n == entry.n and not one.field for one in found.withheld):
        digest = mono(entry.hash.hex(), render("name.pdf-entry-hash"))
        return [
            cell(strong(str(entry.n))), (), cell(muted(render("note.pdf-event-withheld"))),
            cell(digest),
        ]  # fmt: skip
    key = f"note.pdf-event-{entry.kind.replace('.', '-')}"
    return [
        cell(strong(str(entry.n))),
        time_cell(entry.at, found.zone),
        cell(strong(render(key) if has(key) else entry.kind), muted(found.acted(entry))),
        cell(*_details(entry.body, found), mono(entry.hash.hex(), render("name.pdf-entry-hash"))),
    ]


def _details(body: Mapping[str, Any], found: CaseFacts) -> list[Line]:
    lines = [muted(str(body[name]), _tag(name)) for name in _PLAIN if body.get(name)]
    codes = [code_name(str(each)) for each in body.get("codes") or [body.get("code")] if each]
    if codes:
        lines.insert(0, muted(", ".join(map(_word, codes)), _tag("codes")))
    way = f"note.handling-way-{body.get('by')}"
    if has(way):
        lines.insert(0, muted(render(way), _tag("lifted_by")))
    if body.get("offences"):
        lines.append(muted(", ".join(map(str, body["offences"])), _tag("offences")))
    lines += [muted(found.person(body[name]), _tag(name)) for name in _PEOPLE if body.get(name)]
    receipt = body.get("receipt")
    if isinstance(receipt, dict):
        lines.append(
            muted(str(receipt.get("key") or receipt.get("document_sha256")), _tag("receipt"))
        )
    order = body.get("order")
    if isinstance(order, dict):
        named = [str(order[name]) for name in ("authority", "number", "date") if order.get(name)]
        lines.append(muted(", ".join(named), _tag("order")))
    content = body.get("content")
    if isinstance(content, dict):
        digest = content.get("sha256") or content.get("listing_sha256")
        lines.append(mono(str(digest or ""), _tag("content")))
    return lines


def _word(code: Phrase | str) -> str:
    return code if isinstance(code, str) else render_phrase(code)


def _tag(name: str) -> str:
    return render(f"name.pdf-{name.replace('_', '-')}")


_SOURCE = {"chain.ingested": "chain", "labels.imported": "labels",
           "label.withdrawn": "label-withdrawn"}  # fmt: skip


def _sources(found: CaseFacts) -> Table:
    rows = []
    for entry in found.sources:
        body = entry.body
        is_chain = entry.kind == "chain.ingested"
        counts = {name: int(body.get(name) or 0) for name in ("blocks", "labels", "skipped")}
        key = f"note.pdf-source-{_SOURCE[entry.kind]}"
        said = {name: str(body.get(name) or "") for name in ("publisher", "reason")}
        what = render(key, **said, **counts)
        digests = body["sources"] if is_chain else [body["sha256"]]
        rows.append(
            (
                cell(strong(str(entry.n))),
                time_cell(entry.at, found.zone),
                cell(what, muted(found.acted(entry))),
                cell(*(mono(str(digest)) for digest in digests[:6]), _more(len(digests) - 6)),
            )
        )
    return table(
        render("note.pdf-sources"),
        (
            Column(render("note.pdf-col-entry"), 0.07),
            Column(render("note.pdf-col-time"), 0.2),
            Column(render("note.pdf-col-what"), 0.24),
            Column(render("note.pdf-col-files"), 0.49),
        ),
        rows,
    )


def _more(count: int) -> Line | None:
    return muted(render("note.pdf-more-files", count=count)) if count > 0 else None
