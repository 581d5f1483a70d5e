"""The search box: what a person may see of a name they have: a number, an identifier, a few words.

A whole identifier with one answer leads straight to its page. An address that is not right is told
which part is wrong. Of cases, only the person's own are asked; chains and labels are the unit's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from kancil.bitcoin.chain.same_keys import script_of_text
from kancil.bitcoin.chain.short_ids import read_short
from kancil.bitcoin.labels.label import Label
from kancil.bitcoin.labels.other_chains import address_fault
from kancil.bitcoin.network import Network
from kancil.bitcoin.script.errors import (
    AddressIsExtendedKey,
    AddressIsPrivateKey,
    AddressNotReadable,
)
from kancil.desk.cases import queries, search
from kancil.desk.cases.queries import Case, Exhibit, Finding, Officer, Study, Trace
from kancil.desk.people.queries import case_ids_of
from kancil.desk.selectors.kinds import read_selectors
from kancil.desk.studies.named_in import NamedInTable, Searched, Watched
from kancil.desk.studies.queries import (
    ADDRESS_FORM,
    Held,
    HeldAs,
    chains_of_networks,
    held_address,
    held_blocks,
    held_transactions,
    label_shelf,
    labels_named,
    labels_of,
    networks_held,
    other_labels_of,
    transactions_short,
)
from kancil.ground.folding import folded
from kancil.ground.phrase import Phrase
from kancil.web.cells import (
    Section,
    empty,
    identifier,
    link,
    minute,
    note,
    number,
    show,
    table,
    tag,
)
from kancil.web.limits import limit_cell, limits_by_exhibit
from kancil.web.page import EVERYONE, case_asked, page
from kancil.web.parts import Cell, Several
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .letters import FoundLetter, letter_table, letters_called, letters_with_reference
from .on_disks import disks_that_hold, on_disk_table
from .tables import case_table, exhibit_table, trace_name

MOST = 50
"""Rows of each kind that are shown."""
_LONGEST = 200
_TXID = re.compile(r"[0-9a-fA-F]{64}")
_OUTPOINT = re.compile(r"([0-9a-fA-F]{64}):[0-9]{1,10}")
_DIGEST = re.compile(r"[0-9a-fA-F]{8,64}")
_NUMBERED = re.compile(r"([CETSFOcetsfo]?)([0-9]{1,15})")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OTHER_ADDRESSES = ("tron-address", "ethereum-address")
_EXACT = re.compile(r"(?i:[CETSF][0-9]{1,15}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}(:[0-9]+)?)")
"""What names one thing whole: nobody looks for it in titles."""
_URI = re.compile(r"(?i:bitcoin:)([^?]+)(?:\?.*)?")
"""A payment request (BIP 21); what stands after `?` is not looked for."""
_BLOCK = re.compile(r"(?i:block)[ #]+([0-9]{1,8})")
_LEAST_DIGITS = 4
"""Fewer digits than these stand in too many titles."""
_LEAST_LETTERS = 3
"""Of a label's name."""
_MOST_HEIGHT_DIGITS = 8

T = TypeVar("T")


@dataclass
class _Found:
    """What a search has found."""

    sections: list[Section] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    """Addresses of the pages of exact answers."""
    words: list[Section] = field(default_factory=list)
    """What is said above the answers."""
    secret: bool = False
    """What was typed must not be shown again."""
    case: str = ""
    """Number of the case in which the search began."""
    acts: bool = False
    """Whether the person traces in a case."""

    def take(self, rows: Sequence[T], to_section: Callable[[list[T]], Section]) -> None:
        """Show rows as one section, if there are any, and say when there are more."""
        if not rows:
            return
        self.sections.append(to_section(list(rows[:MOST])))
        if len(rows) > MOST:
            self.sections.append(note("info", "web.search.more", most=MOST))


@page("find/", "find", may=EVERYONE)
def find(request: HttpRequest) -> HttpResponse:
    """Find whatever a person has a name for."""
    whole = request.GET.get("q", "").strip()
    asked, person = _meant(whole[:_LONGEST]), person_of(request)
    found = _Found(case=case_asked(request), acts=person.acts)
    if len(whole) > _LONGEST:
        found.words.append(note("info", "web.cut.asked", most=_LONGEST))
    if asked:
        mine = case_ids_of(person)
        _numbered(found, asked, mine)
        _letters(found, letters_called(asked, mine))
        _bytes(found, asked, mine)
        is_exhibit = bool(found.pages)
        if not _other_chain(found, asked):
            _chain(found, asked)
        if not found.secret and not is_exhibit:  # the digest of an exhibit is no transaction's id
            _named_in(found, asked, mine)
            on_disks = disks_that_hold(asked, mine)
            found.pages += [url for _disk, url in on_disks]
            found.take(on_disks, on_disk_table)
        if not found.secret and not found.pages:
            _short_ids(found, asked)
        if not found.secret and not (found.pages and _EXACT.fullmatch(asked)):
            _labels_called(found, asked)
            _titled(found, asked, mine, officers=person.acts)
        if not (found.sections or found.words or found.secret):
            _letters(found, letters_with_reference(asked, mine))
        if len(found.pages) == len(found.sections) == 1 and not found.words:
            return redirect(found.pages[0])
    sections = [*found.words, *found.sections]
    if not found.sections:
        sections.append(empty("web.search.nothing", icon="search"))
    title = Phrase("web.search.title", {"asked": asked}) if asked else Phrase("web.search.begin")
    if found.secret:
        title, asked = Phrase("web.search.secret"), ""
        request.META["QUERY_STRING"] = ""  # the page's forms name the address they stand at
    return show(request, title, sections, find_query=asked, begins_at_main=bool(found.sections))


def _meant(typed: str) -> str:
    """The identifier in a payment request (`bitcoin:…`), and the number in `block 170`."""
    for form in (_URI, _BLOCK):
        found = form.fullmatch(typed)
        if found is not None:
            return found[1]
    return typed


# --- cases and what is in them --------------------------------------------------------------------


def _numbered(found: _Found, asked: str, mine: list[str]) -> None:
    """Find by a short number or an id; without a letter, it may be a case, exhibit or block."""
    parts = _NUMBERED.fullmatch(asked)
    letter, digits = ("", "") if parts is None else (parts[1].upper(), parts[2])
    is_id = _ID.fullmatch(asked) is not None
    if is_id or (digits and letter in ("", "C")):
        case = queries.find_case(asked)
        if case is not None and case.id in mine:
            found.pages.append(reverse("overview", kwargs={"case": case.number}))
            found.take([case], case_table)
    if is_id or (digits and letter in ("", "E")):
        held = search.exhibits_numbered(asked, mine)
        found.pages += [_exhibit_url(each) for each in held]
        found.take(held, lambda rows: exhibit_table("web.search.exhibits-numbered", rows))
    if letter == "T":
        trace = search.trace_numbered(int(digits), mine)
        found.pages += [] if trace is None else [_trace_url(trace)]
        found.take([] if trace is None else [trace], _trace_table)
    if letter == "S":
        study = search.study_numbered(int(digits), mine)
        found.pages += [] if study is None else [_study_url(study)]
        found.take([] if study is None else [study], _study_table)
    if letter == "F":
        finding = search.finding_numbered(int(digits), mine)
        found.pages += [] if finding is None else [_finding_url(finding)]
        found.take([] if finding is None else [finding], _finding_table)


def _letters(found: _Found, letters: list[FoundLetter]) -> None:
    found.pages += [each.url for each in letters if not each.is_replaced]
    found.take(letters, letter_table)


def _bytes(found: _Found, asked: str, mine: list[str]) -> None:
    """Find exhibits by a digest, or by how one begins."""
    if _DIGEST.fullmatch(asked) is None:
        return
    held = search.exhibits_with(asked, mine, MOST)
    found.pages += [_exhibit_url(each) for each in held]
    found.take(held, lambda rows: exhibit_table("web.search.exhibits-digest", rows))


def _titled(found: _Found, asked: str, mine: list[str], *, officers: bool) -> None:
    """Find by a part of a title, by a seal, or by an officer's name: never an exact answer."""
    if not folded(asked) or (asked.isdigit() and len(asked) < _LEAST_DIGITS):
        return
    found.take(search.cases_titled(asked, mine, MOST), case_table)
    held = search.exhibits_titled(asked, mine, MOST)
    found.take(held, lambda rows: exhibit_table("web.search.exhibits-titled", rows))
    if officers:
        found.take(search.officers_named(asked, MOST), _officer_table)


def _exhibit_url(each: Exhibit) -> str:
    return reverse("exhibit", kwargs={"case": each.case.number, "exhibit": each.number})


def _trace_url(each: Trace) -> str:
    return reverse("trace", kwargs={"case": each.case.number, "trace": each.number})


def _study_url(each: Study) -> str:
    return reverse("study", kwargs={"case": each.case.number, "study": each.number})


def _finding_url(each: Finding) -> str:
    return reverse("findings", kwargs={"case": each.case.number})


def _case_link(case: Case) -> Cell:
    return link(reverse("overview", kwargs={"case": case.number}), f"C{case.number} {case.title}")


def _trace_table(rows: list[Trace]) -> Section:
    return table(
        "web.search.traces",
        ("number", "case", "chain", "policy", "direction", "when"),
        [
            (
                link(_trace_url(each), trace_name(each)),
                _case_link(each.case),
                each.chain,
                Phrase(f"web.policy.{each.policy}"),
                Phrase(f"web.direction.{each.direction}"),
                minute(each.run_at),
            )
            for each in rows
        ],
    )


def _study_table(rows: list[Study]) -> Section:
    return table(
        "web.search.studies",
        ("number", "case", "study", "when"),
        [
            (
                link(_study_url(each), f"S{each.number}"),
                _case_link(each.case),
                Phrase(f"study.{each.study}"),
                minute(each.run_at),
            )
            for each in rows
        ],
    )


def _finding_table(rows: list[Finding]) -> Section:
    return table(
        "web.search.findings",
        ("number", "case", "class", "text", "when"),
        [
            (
                link(_finding_url(each), f"F{each.number}"),
                _case_link(each.case),
                Phrase(f"web.class.{each.finding_class}"),
                each.text,
                minute(each.accepted_at),
            )
            for each in rows
        ],
    )


def _officer_table(rows: list[Officer]) -> Section:
    return table(
        "web.search.officers",
        ("number", "name", "role", "since"),
        [(f"O{each.number}", each.name, each.role, minute(each.added_at)) for each in rows],
    )


# --- chains and labels ----------------------------------------------------------------------------


def _chain(found: _Found, asked: str) -> None:
    """Find a transaction, an output's transaction, a block or an address."""
    outpoint = _OUTPOINT.fullmatch(asked)
    txid = outpoint[1] if outpoint else asked if _TXID.fullmatch(asked) else None
    if txid is not None:
        txid = txid.lower()
        held = held_transactions(unit_desk().workspace, txid)
        found.pages += [_url("tx", each, txid=txid) for each in held]
        found.take(held, lambda rows: _held_table("web.search.transactions", "tx", rows, txid))
    is_height = asked.isascii() and asked.isdigit() and len(asked) <= _MOST_HEIGHT_DIGITS
    if is_height or (_TXID.fullmatch(asked) and asked.startswith("0" * 8)):
        blocks = held_blocks(unit_desk().workspace, asked)
        found.pages += [_url("block", each, block=asked) for each in blocks]
        found.take(blocks, lambda rows: _held_table("web.search.blocks", "block", rows, asked))
    elif txid is None and ADDRESS_FORM.fullmatch(asked) and not _DIGEST.fullmatch(asked):
        _address(found, asked)


def _address(found: _Found, asked: str) -> None:
    workspace = unit_desk().workspace
    right, wrong = _networks(asked)
    if not right:
        found.secret = isinstance(wrong, AddressIsPrivateKey | AddressIsExtendedKey)
        if wrong is not None:
            said = note("warn", "web.search.not-an-address")
            text = Phrase(f"error.{wrong.code}.sentence", wrong.params)
            found.words.append({**said, "text": text})
        return
    name = asked.lower() if asked.lower().startswith(("bc1", "tb1", "bcrt1")) else asked
    held = held_address(workspace, name)
    found.pages += [_address_page(found, each, name) for each in held]
    found.take(held, lambda rows: _address_table(found, rows, name))
    labels = [label for network in right for label in labels_of(workspace, name, network)]
    if not held:
        found.words.append(note("info", "web.search.address-not-held"))
        found.take(labels, _label_table)


def _other_chain(found: _Found, asked: str) -> bool:
    """Find what labels say of an address that is not bitcoin's; True where it can be no other."""
    labels = other_labels_of(unit_desk().workspace, asked)
    found.take(labels, _other_labels_table)
    if labels:
        found.sections.append(note("info", "note.label-allegation"))
    fault = address_fault(asked)
    if fault is not None:
        found.words.append(note("warn", f"web.search.{fault}"))
        return True
    kinds = [each.kind for each in read_selectors(asked) if each.kind in _OTHER_ADDRESSES]
    if kinds and not labels:
        kind = Phrase(f"name.selector-{kinds[0]}")
        found.words.append(note("info", "web.search.other-unlabelled", what=kind))
    return bool(kinds)


def _other_labels_table(rows: list[Label]) -> Section:
    """Show what publishers say of an address of another chain, each with its list."""
    sources = {each.file_sha256: each.id for each in label_shelf(unit_desk().workspace).imports}
    return table(
        "web.address.labels",
        ("label", "currency", "address", "category", "publisher", "law", "listed"),
        [
            (
                link(
                    reverse("label_source", kwargs={"source": sources[each.file_sha256]}),
                    each.label,
                ),
                each.currency,
                identifier(each.address, short=True),
                each.category or each.published_category or "–",
                each.publisher,
                each.law or Phrase("note.not-stated"),
                each.listed_on.isoformat() if each.listed_on else Phrase("note.not-stated"),
            )
            for each in rows
        ],
    )


def _short_ids(found: _Found, asked: str) -> None:
    """Find a transaction by a shortened id; one that is the only such is the answer."""
    parts = read_short(asked)
    if parts is None:
        return
    held = transactions_short(unit_desk().workspace, *parts, MOST + 1)
    if len({each.txid for each in held}) == 1:
        found.pages += [_url("tx", each.held, txid=each.txid) for each in held]
    found.take(held, _short_table)


def _short_table(rows: list[HeldAs]) -> Section:
    columns = ("chain", "network", "height>", "transaction")
    shown = [
        (
            each.held.chain,
            each.held.network,
            number(each.held.height),
            identifier(each.txid, _url("tx", each.held, txid=each.txid)),
        )
        for each in rows
    ]
    return table("web.search.transactions", columns, shown)


def _labels_called(found: _Found, asked: str) -> None:
    """Find labels by name: each is its publisher's, and leads to the address."""
    if len(asked) < _LEAST_LETTERS or _EXACT.fullmatch(asked):
        return
    rows = labels_named(unit_desk().workspace, asked, MOST + 1)
    if rows:
        found.take(rows, _named_table)
        found.sections.append(note("info", "note.label-allegation"))


def _named_table(rows: list[dict[str, Any]]) -> Section:
    chains = chains_of_networks(unit_desk().workspace)
    columns = ("label", "address", "category", "publisher", "law")
    return table(
        "web.search.labels",
        columns,
        [
            (
                row["label"],
                identifier(row["address"], _address_url(chains, row), short=True),
                row["category"] or row["published_category"] or "–",
                row["publisher"],
                row["law"] or Phrase("note.not-stated"),
            )
            for row in rows
        ],
    )


def _address_url(chains: dict[str, str], row: dict[str, Any]) -> str:
    """The address's page in a chain of its network; of other coins, the import that names it."""
    chain = chains.get(row["network"])
    if row["kind"] is None or chain is None:
        return reverse("label_source", kwargs={"source": row["import"]})
    return reverse("address", kwargs={"chain": chain, "address": row["address"]})


def _networks(asked: str) -> tuple[list[Network], AddressError | None]:
    """The networks that an address is right for, or what is wrong with it."""
    right: list[Network] = []
    wrong: AddressError | None = None
    for network in networks_held(unit_desk().workspace):
        try:
            script_of_text(asked, network)
        except (AddressNotReadable, AddressIsPrivateKey, AddressIsExtendedKey) as error:
            wrong = wrong or error
        else:
            right.append(network)
    return right, wrong


AddressError = AddressNotReadable | AddressIsPrivateKey | AddressIsExtendedKey


def _named_in(found: _Found, asked: str, mine: list[str]) -> None:
    """Show where my own cases' traces, studies, reported transfers and findings name it."""
    desk, outpoint = unit_desk(), _OUTPOINT.fullmatch(asked)
    name = outpoint[1] if outpoint else asked
    named = Searched(desk.ledger, desk.workspace, desk.vault, mine).named_by([name], MOST)
    found.take(named.traces, _trace_table)
    found.take(named.studies, _study_table)
    found.take(named.tables, _reported_table)
    if limits_by_exhibit({str(each.exhibit.id) for each in named.tables}):
        found.words.append(note("warn", "web.handling.found"))
    found.take(named.watches, _watch_table)
    found.take(named.findings, _finding_table)
    if named.unread:
        found.words.append(note("warn", "web.search.traces-unread", count=named.unread))


def _reported_table(rows: list[NamedInTable]) -> Section:
    limited = limits_by_exhibit({str(each.exhibit.id) for each in rows})
    return table(
        "web.search.reported",
        ("exhibit", "case", "named-as", *(("limit",) if limited else ()), "rows>"),
        [
            (
                link(_exhibit_url(each.exhibit), f"E{each.exhibit.number} {each.exhibit.title}"),
                _case_link(each.exhibit.case),
                Phrase(f"name.selector-{each.kind}"),
                *((limit_cell(limited.get(each.exhibit.id, ())),) if limited else ()),
                number(each.rows),
            )
            for each in rows
        ],
    )


def _watch_table(rows: list[Watched]) -> Section:
    return table(
        "web.search.watches",
        ("watch", "case", "state"),
        [
            (
                link(reverse("case_watch", kwargs={"case": each.case.number}), f"W{each.number}"),
                _case_link(each.case),
                Phrase("web.search.watch-ended" if each.has_ended else "web.search.watch-on"),
            )
            for each in rows
        ],
    )


def _url(page_name: str, each: Held, **name: str) -> str:
    return reverse(page_name, kwargs={"chain": each.chain, **name})


def _held_table(key: str, page_name: str, rows: list[Held], name: str) -> Section:
    part = {"tx": "txid", "block": "block"}[page_name]
    return table(
        key,
        ("chain", "network", "height>", "transaction" if page_name == "tx" else "block"),
        [
            (
                each.chain,
                each.network,
                number(each.height),
                identifier(name, _url(page_name, each, **{part: name})),
            )
            for each in rows
        ],
    )


def _address_page(found: _Found, each: Held, name: str, **act: str) -> str:
    """An address's page, or that of an act on it, in the case in which the search began."""
    url = _url("address_act" if act else "address", each, address=name, **act)
    return f"{url}?{urlencode({'case': found.case})}" if found.case else url


def _address_table(found: _Found, rows: list[Held], name: str) -> Section:
    act = ("act",) if found.acts else ()
    return table(
        "web.search.addresses",
        ("chain", "network", "outputs>", "same-key-outputs>", "address", "cluster", *act),
        [
            (
                each.chain,
                each.network,
                number(each.outputs),
                number(each.same_key),
                identifier(name, _address_page(found, each, name)),
                link(_url("cluster", each, address=name), Phrase("web.cluster.look")),
                *((_acts(found, each, name),) if found.acts else ()),
            )
            for each in rows
        ],
    )


def _acts(found: _Found, each: Held, name: str) -> Cell:
    """What an officer does first with an address."""
    acts = {"trace": "web.profile.do-trace", "graph": "web.graph.look"}
    return Several([
        link(_address_page(found, each, name, act=act), Phrase(words))
        for act, words in acts.items()
    ])  # fmt: skip


def _label_table(rows: list[Label]) -> Section:
    """Show what publishers say of an address that no chain here holds."""
    return table(
        "web.address.labels",
        ("publisher", "label", "category", "law"),
        [
            (
                each.publisher,
                each.label,
                tag(
                    "danger" if each.law else "service",
                    "web.label.category",
                    category=each.category or each.published_category or each.label,
                ),
                each.law or Phrase("note.not-stated"),
            )
            for each in rows
        ],
    )
