"""Admissibility: eight items of one case, three to six with a planted flaw, to be ruled on.

A court's lab. What each flaw touches is the table of the course for judges and prosecutors, lesson
6. Which ruling follows is a matter of law, and countries differ: where they do, another ruling with
the same reason counts as much, and the key says so. Flaws stand in papers, in a file that does not
fit its digest, in sentences of a report, and in a bundle that was changed after it was signed.

To admit what has a flaw costs as much as to throw out what is sound, so that no one ruling for all
items earns anything on average.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from kancil.bitcoin.generator.counter import Draw
from kancil.ground.digests import sha256_hex
from kancil.ground.files import write_durably
from kancil.ground.phrase import Phrase
from kancil.ground.progress import Progress
from kancil.ground.words import render
from kancil.training.key import Criterion, Expected, Happening
from kancil.training.lab import Audience, Evidence, Knobs, Made, Step
from kancil.training.plot.bundle import CHANGES, changed_bundle, intact_bundle
from kancil.training.plot.paper import facts, numbered, paragraph, table, write_paper
from kancil.training.question import Choice, Hint, Kind, Question

_STREAM = 1
_LOCAL = timezone(timedelta(hours=7))
_FLAWED = (3, 3, 3, 4, 5, 6)
"""How many of the eight items have a flaw, drawn from these: half of them on average, so that no
one ruling for all earns anything, and the number in one variant tells nothing of another."""
_STATIONS = (34, 48, 2_600, 1_500, 14_400)
"""Minutes at each station of the telephone's custody."""
_PEOPLE = ("Vansy K.", "Somchit P.", "Arun T.", "Dewi L.", "Minh H.", "Sokha R.", "Thida M.")
_STREETS = ("Lantern Street", "Rivergate Lane", "Tamarind Row", "Old Ferry Road")

REASONS = (
    "digest-differs", "authority-ended", "custody-gap", "zone-slip", "one-owner-claimed",
    "policy-not-stated", "listed-later", "bundle-changed", "sound",
)  # fmt: skip
"""What a ruling may rest on; the same for every item."""


def _choices() -> tuple[Choice, ...]:
    return tuple(Choice(code, Phrase(f"lab.reason-{code}")) for code in REASONS)


@dataclass(frozen=True, slots=True)
class _Item:
    """What is ruled on."""

    id: str
    words: Phrase
    reason: str
    """Of the flaw, where it is planted."""
    ruling: str
    other: str
    """A ruling that counts as much where law differs; empty: none."""
    why: Phrase
    sound: Phrase
    """The explanation where nothing was planted."""


ITEMS = (
    _Item("telephone-copy", Phrase("lab.item-telephone-copy"), "digest-differs", "exclude", "",
          Phrase("lab.why-digest-differs"), Phrase("lab.why-digest-fits")),
    _Item("laptop", Phrase("lab.item-laptop"), "authority-ended", "exclude", "weight",
          Phrase("lab.why-authority-ended"), Phrase("lab.why-authority-holds")),
    _Item("custody", Phrase("lab.item-custody"), "custody-gap", "weight", "exclude",
          Phrase("lab.why-custody-gap"), Phrase("lab.why-custody-whole")),
    _Item("time-order", Phrase("lab.item-time-order"), "zone-slip", "exclude", "weight",
          Phrase("lab.why-zone-slip"), Phrase("lab.why-zone-right")),
    _Item("cluster", Phrase("lab.item-cluster"), "one-owner-claimed", "weight", "exclude",
          Phrase("lab.why-one-owner-claimed"), Phrase("lab.why-cluster-only")),
    _Item("sum", Phrase("lab.item-sum"), "policy-not-stated", "weight", "exclude",
          Phrase("lab.why-policy-not-stated"), Phrase("lab.why-policy-named")),
    _Item("listing", Phrase("lab.item-listing"), "listed-later", "exclude", "weight",
          Phrase("lab.why-listed-later"), Phrase("lab.why-listed-before")),
    _Item("bundle", Phrase("lab.item-bundle"), "bundle-changed", "exclude", "",
          Phrase("lab.why-bundle-changed"), Phrase("lab.why-bundle-intact")),
)  # fmt: skip


class _Case:
    """What is true of one variant; all of it follows from the seed."""

    def __init__(self, seed: int) -> None:
        draw = Draw(seed, _STREAM)
        order = draw.shuffled([item.id for item in ITEMS])
        self.flaws = frozenset(order[: draw.pick(_FLAWED)])
        self.accused, self.finder, self.examiner, self.keeper = draw.shuffled(_PEOPLE)[:4]
        self.street = f"{draw.pick(_STREETS)} {draw.between(3, 90)}"
        self.order = f"{draw.between(100, 999)}/2026"
        self.first = datetime(2026, 3, draw.between(3, 20), tzinfo=_LOCAL)
        self.last_day = self.first + timedelta(days=draw.between(2, 5))
        self.search = self.last_day + timedelta(hours=draw.between(8, 16), minutes=draw.below(60))
        late = self.last_day + timedelta(days=1, minutes=draw.between(15, 150))
        self.laptop_at = late if "laptop" in self.flaws else self.search + timedelta(minutes=9)
        self.gap = draw.between(25, 95) if "custody" in self.flaws else 0
        self.transfer = self.first - timedelta(days=20) + timedelta(
            hours=draw.between(9, 12), minutes=draw.below(60)
        )  # fmt: skip
        self.minutes = draw.between(31, 119)
        """From the transfer to the sign-in, as the report says."""
        slip = timedelta(hours=7) if "time-order" in self.flaws else timedelta()
        self.sign_in = self.transfer + timedelta(minutes=self.minutes) + slip
        self.amount = draw.between(4_000, 60_000) * 1_000
        self.addresses, self.links = draw.between(9, 24), draw.between(3, 7)
        self.traced, self.joined = draw.between(20, 90), draw.between(200, 700)
        """Hundredths of a bitcoin: of the accused's coins, and of what these went together with."""
        self.block = draw.between(180, 900)
        self.txid = "".join(f"{draw.below(16):x}" for _ in range(64))
        apart = timedelta(days=draw.between(20, 120))
        paid = self.first - timedelta(days=19)
        self.paid = paid
        self.listed = paid + apart if "listing" in self.flaws else paid - apart
        self.bundle = intact_bundle()
        if "bundle" in self.flaws:
            self.bundle = changed_bundle(draw.pick(CHANGES))
        self.draw = draw

    @property
    def to_store(self) -> int:
        """Minutes from the telephone's seizure to the evidence store."""
        return sum(_STATIONS[:2]) + self.gap

    def chat(self, *, changed: bool) -> bytes:
        """The export of the telephone; `changed`: one sum is another one."""
        said = self.amount * (3 if changed else 1)
        messages = [
            {"id": 1, "type": "message", "date_unixtime": _unix(self.transfer, -40),
             "from": "Seller", "text": "The account is ready."},
            {"id": 2, "type": "message", "date_unixtime": _unix(self.transfer, -31),
             "from": self.accused, "text": f"How much comes in? I was told {said:,} kip."},
            {"id": 3, "type": "message", "date_unixtime": _unix(self.transfer, 12),
             "from": "Seller", "text": "It is there. Buy as agreed."},
        ]  # fmt: skip
        shown = {"name": "Seller", "type": "personal_chat", "messages": messages}
        return json.dumps(shown, indent=1, ensure_ascii=False).encode() + b"\n"

    def custody(self) -> list[tuple[str, str, str, str]]:
        """Lines of the telephone's custody: from, until, holder, seal."""
        at = self.search
        seal = f"S-{self.order[:3]}-17"
        stations = (
            self.finder, f"{self.finder}, vehicle", f"{self.keeper}, evidence store",
            self.examiner, f"{self.keeper}, evidence store",
        )  # fmt: skip
        lines = []
        for number, (holder, minutes) in enumerate(zip(stations, _STATIONS, strict=True)):
            until = at + timedelta(minutes=minutes)
            lines.append((_minute(at), _minute(until), holder, seal))
            at = until + timedelta(minutes=self.gap if number == 1 else 0)
        return lines


def _unix(moment: datetime, minutes: int) -> str:
    return str(int((moment + timedelta(minutes=minutes)).timestamp()))


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _btc(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02}"


class Admissibility:
    """Eight items of one case, some with a flaw: admit, give weight or exclude, with reasons."""

    name = "admissibility"
    version = "3"
    audience = Audience.COURT
    sources = (
        "ISO/IEC 27037:2012 (identification, collection, acquisition, preservation)",
        "Human Rights Committee, General comment No. 32 (2007)",
        "Möser, Böhme, Breuker, Towards Risk Scoring of Bitcoin Transactions, 2014 (policies)",
        "Harrigan, Fretter, The Unreasonable Effectiveness of Address Clustering, 2016",
    )

    def make(self, folder: Path, seed: int, knobs: Knobs, progress: Progress) -> Made:
        """Write nine papers and files, and a bundle; `language` is that of the papers."""
        case, language = _Case(seed), knobs.language
        progress.start(1, "files", "progress.lab")
        original, held = case.chat(changed=False), case.chat(changed="telephone-copy" in case.flaws)
        write_durably(folder / "telephone-chat.json", held)
        write_durably(folder / "laptop-files.csv", _laptop(case))
        write_durably(folder / "exchange-sign-ins.csv", _sign_ins(case))
        write_durably(folder / "trace-bundle.zip", case.bundle)
        for write in (_authority, _custody, _bank, _listing):
            write(folder, case, language)
        _seizure(folder, case, language, sha256_hex(original))
        _report(folder, case, language)
        progress.advance(1)
        progress.finish()
        return Made(
            story=(Phrase("lab.admissibility-story-1"), Phrase("lab.admissibility-story-3")),
            basis=Phrase("lab.admissibility-basis", {"order": case.order}),
            evidence=_evidence(),
            questions=_questions(),
            expected=_expected(case, sha256_hex(held)),
            timeline=_timeline(case),
            process=(),
            script=_script(language),
        )


def _laptop(case: _Case) -> bytes:
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("name", "bytes", "modified_utc"))
    for number in range(1, 9):
        moment = case.first - timedelta(days=number * 3, minutes=case.draw.below(1_400))
        rows.writerow((f"invoice-{number:03}.ods", 9_000 + case.draw.below(9_000), _utc(moment)))
    return text.getvalue().encode()


def _sign_ins(case: _Case) -> bytes:
    """The exchange's table: times in UTC, as its first line says."""
    rows = ["# Example Exchange: sign-ins of account 4471, times in UTC", "time,account,from"]
    for days in (-6, -3):
        rows.append(f"{_utc(case.sign_in + timedelta(days=days, minutes=7))},4471,203.0.113.24")
    rows.append(f"{_utc(case.sign_in)},4471,203.0.113.24")
    return ("\n".join(rows) + "\n").encode()


def _authority(folder: Path, case: _Case, language: str) -> None:
    rows = [
        (render("lab.paper-number", language), case.order),
        (render("lab.paper-issued", language), _minute(case.first)[:10]),
        (render("lab.paper-scope", language),
         render("lab.paper-scope-is", language, name=case.accused, place=case.street)),
        (render("lab.paper-last-day", language), _minute(case.last_day)[:10]),
    ]  # fmt: skip
    title = render("lab.paper-authority", language)
    write_paper(folder / "authority.html", title, [facts(rows)], language)


def _seizure(folder: Path, case: _Case, language: str, digest: str) -> None:
    head = [render(key, language) for key in (
        "lab.paper-item", "lab.paper-taken", "lab.paper-by", "lab.paper-copy", "lab.paper-sha256",
    )]  # fmt: skip
    laptop = sha256_hex((folder / "laptop-files.csv").read_bytes())
    rows = [
        (render("lab.paper-telephone", language), _minute(case.search), case.finder,
         "telephone-chat.json", digest),
        (render("lab.paper-laptop", language), _minute(case.laptop_at), case.finder,
         "laptop-files.csv", laptop),
    ]  # fmt: skip
    parts = [table(head, rows), paragraph(render("lab.paper-local-times", language))]
    write_paper(
        folder / "seizure-record.html", render("lab.paper-seizure", language), parts, language
    )


def _custody(folder: Path, case: _Case, language: str) -> None:
    head = [render(key, language) for key in (
        "lab.paper-from", "lab.paper-until", "lab.paper-holder", "lab.paper-seal",
    )]  # fmt: skip
    parts = [table(head, case.custody()), paragraph(render("lab.paper-local-times", language))]
    write_paper(
        folder / "custody-record.html", render("lab.paper-custody", language), parts, language
    )


def _bank(folder: Path, case: _Case, language: str) -> None:
    head = [render(key, language) for key in (
        "lab.paper-time", "lab.paper-what", "lab.paper-amount",
    )]  # fmt: skip
    rows = [
        (_minute(case.transfer - timedelta(days=2)), "ATM", "-400,000 LAK"),
        (_minute(case.transfer), render("lab.paper-transfer", language), f"{case.amount:,} LAK"),
    ]
    parts = [table(head, rows), paragraph(render("lab.paper-local-times", language))]
    write_paper(folder / "bank-statement.html", render("lab.paper-bank", language), parts, language)


def _listing(folder: Path, case: _Case, language: str) -> None:
    rows = [
        (render("lab.paper-list", language), render("lab.paper-list-is", language)),
        (render("lab.paper-address", language), f"bcrt1q{case.txid[:38]}"),
        (render("lab.paper-listed", language), _minute(case.listed)[:10]),
    ]
    title = render("lab.paper-listing", language)
    write_paper(folder / "listing.html", title, [facts(rows)], language)


def _report(folder: Path, case: _Case, language: str) -> None:
    """The expert's report. A flawed sentence has the length and the care of a sound one."""
    traced, joined = _btc(case.traced), _btc(case.traced + case.joined)
    if "cluster" in case.flaws:
        cluster = "lab.report-cluster-of-accused"
    else:
        cluster = "lab.report-cluster-linked"
    if "sum" in case.flaws:
        total = render("lab.report-sum-reached", language, amount=joined)
    else:
        total = render("lab.report-sum-by-policy", language, amount=traced)
    lines = (
        render("lab.report-fact", language, tx=case.txid, block=case.block),
        render("lab.report-time-order", language, minutes=case.minutes, at=_minute(case.transfer)),
        render(cluster, language, count=case.addresses, links=case.links),
        total,
        render("lab.report-listing", language, day=_minute(case.paid)[:10]),
    )
    parts = [
        paragraph(render("lab.report-by", language, name=case.examiner)),
        numbered(lines),
    ]
    write_paper(
        folder / "expert-report.html", render("lab.paper-report", language), parts, language
    )


def _evidence() -> tuple[Evidence, ...]:
    unit, bank = Phrase("lab.source-unit"), Phrase("lab.source-bank")
    exchange, lists = Phrase("lab.source-exchange"), Phrase("lab.source-list")
    sign_ins = Phrase("lab.paper-sign-ins")
    return (
        Evidence("authority.html", "document", Phrase("lab.paper-authority"), unit),
        Evidence("seizure-record.html", "document", Phrase("lab.paper-seizure"), unit),
        Evidence("custody-record.html", "document", Phrase("lab.paper-custody"), unit),
        Evidence("telephone-chat.json", "chat", Phrase("lab.paper-chat"), unit),
        Evidence("laptop-files.csv", "document", Phrase("lab.paper-laptop-files"), unit),
        Evidence("bank-statement.html", "document", Phrase("lab.paper-bank"), bank),
        Evidence("exchange-sign-ins.csv", "exchange-return", sign_ins, exchange),
        Evidence("listing.html", "document", Phrase("lab.paper-listing"), lists),
        Evidence("expert-report.html", "report", Phrase("lab.paper-report"), unit),
        Evidence("trace-bundle.zip", "bundle", Phrase("lab.paper-bundle"), unit),
    )  # fmt: skip


def _script(language: str) -> tuple[Step, ...]:
    """The case as the court finds it: each file an exhibit, the telephone's copy sealed."""
    words = {
        one.name: {
            "files": one.name,
            "title": render(one.title.key, language),
            "source": render(one.source.key, language),
        }
        for one in _evidence()
    }
    return (
        Step("take-in", words.pop("telephone-chat.json")),
        Step("sealed", {"exhibit": 1, "place": render("lab.place-store", language), "seal": "1"}),
        *(Step("take-in", given) for given in words.values()),
    )


def _questions() -> tuple[Question, ...]:
    rulings = tuple(
        Question(item.id, Kind.RULING, 9, item.words, choices=_choices(), subject=item.id)
        for item in ITEMS
    )
    hint = Hint(Phrase("lab.hint-digest"), 2)
    return (
        *rulings,
        Question("digest", Kind.DIGEST, 4, Phrase("lab.ask-digest"), hints=(hint,)),
        Question("to-store", Kind.AMOUNT, 4, Phrase("lab.ask-to-store"), unit="min"),
        Question("sign-in", Kind.TIME, 5, Phrase("lab.ask-sign-in"),
                 hints=(Hint(Phrase("lab.hint-sign-in"), 2),)),
        Question("reasons", Kind.TEXT, 15, Phrase("lab.ask-reasons")),
    )  # fmt: skip


def _expected(case: _Case, digest: str) -> tuple[Expected, ...]:
    found = []
    for item in ITEMS:
        if item.id in case.flaws:
            value = {"ruling": item.ruling, "reasons": [item.reason]}
            other = {"ruling": item.other, "reasons": [item.reason]}
            also = (other,) if item.other else ()
            harm = {"admit": Phrase("lab.harm-admitted")}
            found.append(Expected(item.id, value, item.why, accusations=harm, also=also))
        else:
            value = {"ruling": "admit", "reasons": ["sound"]}
            harm = {"exclude": Phrase("lab.harm-excluded"), "weight": Phrase("lab.harm-weighed")}
            found.append(Expected(item.id, value, item.sound, accusations=harm))
    rubric = (
        Criterion("flaw", 4, Phrase("lab.rubric-flaw")),
        Criterion("follows", 4, Phrase("lab.rubric-follows")),
        Criterion("against", 4, Phrase("lab.rubric-against")),
        Criterion("mended", 3, Phrase("lab.rubric-mended")),
    )
    return (
        *found,
        Expected("digest", digest, Phrase("lab.why-digest")),
        Expected("to-store", str(case.to_store), Phrase("lab.why-to-store"), tolerance="0"),
        Expected("sign-in", _utc(case.sign_in), Phrase("lab.why-sign-in"), tolerance="60"),
        Expected("reasons", None, Phrase("lab.why-reasons"), rubric=rubric),
    )


def _timeline(case: _Case) -> tuple[Happening, ...]:
    return (
        Happening(_utc(case.transfer), case.accused, Phrase("lab.happened-transfer"),
                  ("files/bank-statement.html",)),
        Happening(_utc(case.sign_in), case.accused, Phrase("lab.happened-sign-in"),
                  ("files/exchange-sign-ins.csv",)),
        Happening(_utc(case.search), case.finder, Phrase("lab.happened-search"),
                  ("files/seizure-record.html",)),
    )  # fmt: skip


ADMISSIBILITY = Admissibility()
