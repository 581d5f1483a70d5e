"""What the report says, as plain text and rows: from answers to words, before any markup.

Three classes of statement are kept apart everywhere: what the chain shows, what follows under a
policy, what a publisher alleges; and beside them what is not known.
"""

from __future__ import annotations

from dataclasses import dataclass

from kancil.bitcoin.network import network_named
from kancil.bitcoin.tracing.trace import policy_named
from kancil.ground.units import grouped
from kancil.ground.words import render
from kancil.studies.amounts import btc, btc_range
from kancil.studies.drawing.box_words import Line, lines_of
from kancil.studies.drawing.flow import END, START, Flow, depths, flow_of
from kancil.studies.trace.sums import require_sums
from kancil.studies.trace.tables import TOTALS

from .answers import Answer, Answers
from .content_coinjoins import coinjoin_limit, coinjoins_table, heuristic_methods
from .content_studies import StudyContent, study_content
from .content_tables import (
    Table,
    blocks_table,
    compared_table,
    fetch_table,
    holdings_table,
    is_backward,
    labels_table,
    left_out_table,
    policy_name,
    time_text,
    totals_table,
    transfers_table,
)
from .material import LINKED_WORK, Material
from .verify_chain import power_of_tries


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and its value."""

    name: str
    value: str
    is_id: bool = False


@dataclass(frozen=True, slots=True)
class Statements:
    """Statements of one class."""

    tone: str
    title: str
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the list that stands for the picture on small screens."""

    lines: list[Line]
    tone: str
    goes: list[tuple[str, str, int, str]]
    """Amount, where to, share of the largest in percent, tone."""


@dataclass(frozen=True, slots=True)
class TraceContent:
    """Everything about one trace."""

    number: int
    question: str
    facts: list[Fact]
    classes: list[Statements]
    flow: Flow
    answer: Answer
    ladder: list[Rung]
    choice: list[str]
    totals: Table
    compared: Table
    transfers: Table
    holdings: Table
    left_out: Table
    fetch_list: Table
    coinjoins: Table | None
    """None: the trace was asked when traces stopped at no CoinJoin."""


@dataclass(frozen=True, slots=True)
class ReportContent:
    """The whole report."""

    title: str
    watermark: str
    traces: list[TraceContent]
    studies: list[StudyContent]
    held: list[Fact]
    """Empty where there is nothing of a chain, as are blocks, labels and methods."""
    blocks: Table
    labels: Table
    methods: list[tuple[str, list[str], str]]
    """Name, sentences, source."""
    limits: list[str]
    kancil: str

    @property
    def questions(self) -> list[str]:
        """What each part answers: of the traces, then of the studies."""
        return [one.question for one in self.traces] + [one.question for one in self.studies]


def report_content(answers: Answers) -> ReportContent:
    """All words of the report."""
    material = answers.material
    traces = [_trace(answer, answers) for answer in answers.answers]
    studies = [study_content(number, one) for number, one in enumerate(material.studies, 1)]
    questions = [*(one.question for one in traces), *(one.question for one in studies)]
    title = questions[0] if len(questions) == 1 else render(_title(answers))
    real = not material.has_chain or network_named(material.network).is_real_money
    watermark = "" if real else render("note.report-watermark", network=material.network)
    if material.is_training:
        watermark = f"{render('note.training-made')} {watermark}".rstrip()
    return ReportContent(
        title=title,
        watermark=watermark,
        traces=traces,
        studies=studies,
        held=_held(material) if material.has_chain else [],
        blocks=blocks_table(material),
        labels=labels_table(material),
        methods=[*_methods(answers), *heuristic_methods(answers)],
        limits=_limits(material),
        kancil=material.kancil,
    )


def _title(answers: Answers) -> str:
    """Key of the title of a report with several parts."""
    if not answers.material.studies:
        return "note.report-title-several"
    return "note.report-title-studies" if not answers.answers else "note.report-title-mixed"


def _trace(answer: Answer, answers: Answers) -> TraceContent:
    flow = flow_of(answer, answers)
    key = "note.report-question-back" if is_backward(answer) else "note.report-question-forth"
    tables = answer.tables
    require_sums(dict(zip(TOTALS, row, strict=True)) for row in tables["totals"])
    return TraceContent(
        number=answer.number,
        question=render(key, amount=btc(answer.chosen.totals.start)),
        facts=_facts(answer),
        classes=[_chain_facts(answer, answers), _policy_result(answer), *_alleged(answer, answers)],
        flow=flow,
        answer=answer,
        ladder=_ladder(flow),
        choice=_choice(answer),
        totals=totals_table(answer),
        compared=compared_table(answer, answers),
        transfers=transfers_table(tables["transfers"], answer),
        holdings=holdings_table(tables["holdings"]),
        left_out=left_out_table(tables["left_out"]),
        fetch_list=fetch_table(tables["fetch_list"]),
        coinjoins=coinjoins_table(answer, answers),
    )


def _facts(answer: Answer) -> list[Fact]:
    question = answer.question
    name = "note.report-fact-target" if is_backward(answer) else "note.report-fact-start"
    facts = [Fact(render(name), start.outpoint, is_id=True) for start in question.paid_in[:10]]
    if len(question.paid_in) > 10:
        rest = render("note.report-fact-more-starts", count=len(question.paid_in) - 10)
        facts.append(Fact(render(name), rest))
    if question.change:
        told = render("note.own-change", count=len(question.change))
        facts.append(Fact(render("note.report-fact-change"), told))
    direction = "back" if is_backward(answer) else "forth"
    facts.append(
        Fact(render("note.report-fact-direction"), render(f"note.report-direction-{direction}"))
    )
    version = answer.chosen.parameters["policy_version"]
    policy = f"{policy_name(question.policy)}, {render('note.report-version', version=version)}"
    facts.append(Fact(render("note.report-fact-policy"), policy))
    limits = _limits_of(answer)
    facts.append(
        Fact(
            render("note.report-fact-limits"),
            "; ".join(limits) if limits else render("note.report-limit-none"),
        )
    )
    if question.all_coins_ever:
        facts.append(Fact(render("note.report-fact-meaning"), render("note.report-all-coins")))
    return facts


def _limits_of(answer: Answer) -> list[str]:
    question = answer.question
    limits = []
    if question.hops is not None:
        limits.append(render("note.report-limit-hops", count=question.hops))
    if question.min_sat:
        limits.append(render("note.report-limit-min-sat", amount=grouped(question.min_sat)))
    for name in ("since", "until"):
        moment = getattr(question, name)
        if moment is not None:
            text = moment.strftime("%Y-%m-%d %H:%M:%S")
            limits.append(render(f"note.report-limit-{name}", time=text))
    if question.pass_services is not None:
        limits.append(render("note.report-limit-passed", reason=question.pass_services))
    else:
        limits.append(render("note.report-limit-services"))
    return limits + coinjoin_limit(answer)


def _chain_facts(answer: Answer, answers: Answers) -> Statements:
    material = answers.material
    placed = sum(t.block is not None for t in material.transactions)
    linked = sum(block.work == LINKED_WORK for block in material.blocks)
    lines = [
        render(
            "note.report-proved-transactions",
            count=placed,
            blocks=len(material.blocks),
            steps=len(answer.chosen.steps),
        )
    ]
    if linked:
        lines.append(render("note.report-proved-linked", count=linked))
    if own := len(material.blocks) - linked:
        power = power_of_tries(material)
        lines.append(render("note.report-proved-own", count=own, power=power))
    if loose := len(material.transactions) - placed:
        lines.append(render("note.report-not-in-block", count=loose))
    return Statements("intact", render("note.report-class-fact"), lines)


def _policy_result(answer: Answer) -> Statements:
    totals = answer.chosen.totals
    name = policy_name(answer.question.policy)
    lines: list[str] = []
    parts = (
        ("resting", totals.resting),
        ("newly-issued", totals.newly_issued),
        ("unknown-source", totals.unknown_source),
        ("fees", totals.fees),
        ("left-out", totals.left_out),
        ("overlap", totals.overlap),
    )
    if totals.adds_up:
        lines = [
            render(f"note.report-sum-{part}", amount=btc_range(bounds.lower, bounds.upper))
            for part, bounds in parts
            if bounds.upper
        ]
        if totals.undetermined:
            amount = btc(totals.undetermined)
            lines.append(render("note.report-sum-undetermined", amount=amount))
    else:
        lines.append(render("note.report-reached", count=len(answer.chosen.transfers)))
    if totals.may_return:
        lines.append(render("note.report-may-return"))
    return Statements("brand", render("note.report-class-policy", policy=name), lines)


def _alleged(answer: Answer, answers: Answers) -> list[Statements]:
    used = {
        number
        for name in ("transfers", "holdings", "left_out")
        for row in answer.tables[name]
        for number in str(row[-1]).split()
    }
    for start in answer.chosen.starts:
        used.update(answers.book.rows(answers.book.label_of(start.output)).split())
    labels = [answers.material.labels[int(number) - 1] for number in sorted(used, key=int)]
    if not labels:
        return []
    lines = [
        render(
            "note.report-alleged",
            publisher=label.publisher,
            address=label.address,
            label=label.label,
            law=label.law or render("note.report-no-law"),
            listed=label.listed_on or render("note.label-listing-date-unknown"),
        )
        for label in labels[:12]
    ]
    if len(labels) > 12:
        lines.append(render("note.report-alleged-more", count=len(labels) - 12))
    tone = "danger" if any(label.is_listed_by_law for label in labels) else "service"
    return [Statements(tone, render("note.report-class-source"), lines)]


def _choice(answer: Answer) -> list[str]:
    lines = [render("note.report-policy-choice")]
    if answer.question.policy_reason:
        lines.append(render("note.report-policy-reason", reason=answer.question.policy_reason))
    if any(result.reversed_order is not None for result in answer.results.values()):
        lines.append(render("note.report-policy-order"))
    return lines


def _ladder(flow: Flow) -> list[Rung]:
    """The boxes as a list, each with where its coins go; for small screens."""
    most = max((ribbon.upper for ribbon in flow.ribbons), default=1) or 1
    words = {
        key: lines_of(box, is_backward=flow.is_backward, adds_up=flow.adds_up)
        for key, box in flow.boxes.items()
    }
    # In the order of time: backward the ends are the sources, and the starts come last.
    givers = [key for key, box in flow.boxes.items() if box.kind != END]
    if flow.is_backward:
        givers = [key for key, box in flow.boxes.items() if box.kind != START]
        depth = depths(flow, set(flow.boxes))
        givers.sort(key=lambda key: depth[key])
    numbers = {key: number for number, key in enumerate(givers, 1)}
    rungs = []
    for key, number in numbers.items():
        box = flow.boxes[key]
        goes = []
        for ribbon in flow.ribbons:
            if ribbon.source != key:
                continue
            target = flow.boxes[ribbon.target]
            to = render("note.report-ladder-on", number=numbers.get(ribbon.target, 0))
            if target.kind == END or (target.kind == START and flow.is_backward):
                to = ", ".join(line.text for line in words[ribbon.target] if line.kind != "amount")
            size = max(1, min(100, ribbon.upper * 100 // most))
            amount = btc_range(ribbon.lower, ribbon.upper)
            goes.append((amount, to, size, ribbon.tone))
        first = Line("number", str(number))
        rungs.append(Rung([first, *words[key]], box.tone, goes))
    return rungs


def _held(material: Material) -> list[Fact]:
    held = material.held
    facts = [
        Fact(render("note.report-held-network"), material.network),
        Fact(render("note.report-held-blocks"), grouped(held.blocks)),
        Fact(render("note.report-held-transactions"), grouped(held.transactions)),
        Fact(render("note.report-held-runs"), grouped(held.runs)),
    ]
    if held.last_block is not None:
        height = render("note.report-height-unknown")
        if held.last_height is not None:
            height = grouped(held.last_height)
        text = f"{height}, {time_text(held.last_time)} UTC"
        facts.append(Fact(render("note.report-held-last"), text))
    facts.append(Fact(render("note.report-held-digest"), held.blocks_sha256, is_id=True))
    facts += [
        Fact(render("note.report-held-input"), digest, is_id=True) for digest in held.inputs[:8]
    ]
    if len(held.inputs) > 8:
        more = render("note.report-held-more", count=len(held.inputs) - 8)
        facts.append(Fact(render("note.report-held-input"), more))
    return facts


def _methods(answers: Answers) -> list[tuple[str, list[str], str]]:
    """The policies that the traces compare, each once, as they were then."""
    named = dict.fromkeys(each for one in answers.answers for each in one.question.policies)
    return [
        (policy_name(policy.name), [render(key) for key in policy.words], policy.source)
        for policy in (policy_named(*each) for each in named)
    ]


def _limits(material: Material) -> list[str]:
    if not material.has_chain:
        return [render(f"note.report-cannot-{key}") for key in ("study", "intact")]
    keys = ["scripts", "slice", "absence", "time", "owner", "label", "policy", "intact"]
    if material.studies:
        keys.insert(-1, "study")
    if any(transaction.stated_values for transaction in material.transactions):
        keys.insert(2, "stated")
    if material.network == "signet":
        keys.insert(1, "signet")
    return [render(f"note.report-cannot-{key}") for key in keys]
