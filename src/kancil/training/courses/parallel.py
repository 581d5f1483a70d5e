"""The two tests of a course: parallel forms, each item with its objective and its source.

Parallel here: as many items in both for each objective, and no item in both. That they are as
hard as each other is not known before they were sat: `item_bank/analysis.py` says how hard each
item was.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from kancil.ground.phrase import Param
from kancil.ground.yaml_tree import Fault
from kancil.training.item_bank.bank import Bank, Item, ItemKind, Markup

from .course import POST, PRE, Course

ITEMS = 20
"""Of each test."""
MOST_LONGEST_PERCENT = 35
"""Of a test's choices may have the right answer as their longest: with four answers each, chance
alone gives 25. Test-wise candidates take the longest (Haladyna, Downing, Rodriguez, A Review of
Multiple-Choice Item-Writing Guidelines, 2002, guideline on length)."""
_NOTE = re.compile(r"objective:\s*(?P<objective>[\w-]+)\s*;\s*sources?:\s*(?P<sources>[\w, -]+)")


@dataclass(frozen=True, slots=True)
class Aim:
    """What an item examines, and on what its right answer rests."""

    objective: str
    sources: tuple[str, ...]


def aim_of(item: Item) -> Aim | None:
    """Read the comment above an item: `// objective: o3; source: s4, s7`; None: there is none."""
    for note in item.notes:
        found = _NOTE.search(note)
        if found is not None:
            sources = tuple(each.strip() for each in found["sources"].split(",") if each.strip())
            return Aim(found["objective"], sources)
    return None


def check_tests(course: Course) -> list[Fault]:
    """What is wrong with the tests of every language."""
    faults = list[Fault]()
    for language, written in course.written.items():
        banks = {f"{language}/{PRE}": written.pre, f"{language}/{POST}": written.post}
        for file, bank in banks.items():
            if bank is not None:
                faults += _Test(course, file, bank).check()
        pre, post = written.pre, written.post
        if pre is not None and post is not None:
            faults += _parallel(f"{language}/{POST}", pre, post)
        for file, own, bank in (
            (f"{language}/{PRE}", course.own.pre, pre),
            (f"{language}/{POST}", course.own.post, post),
        ):
            if own is not None and bank is not None:
                faults += _translated(file, own, bank)
    return faults


def check_wording(course: Course) -> list[Fault]:
    """Tests in which the right answer is the longest too often.

    For whoever writes a course: a pack that was signed with such a test stays readable.
    """
    faults = list[Fault]()
    for language, written in course.written.items():
        for name, bank in ((PRE, written.pre), (POST, written.post)):
            asked = () if bank is None else bank.asked
            choices = [each for each in asked if each.kind is ItemKind.CHOICE]
            longest = sum(map(_is_longest_right, choices))
            if longest * 100 > MOST_LONGEST_PERCENT * len(choices):
                params: dict[str, Param] = {
                    "count": longest,
                    "of": len(choices),
                    "most": MOST_LONGEST_PERCENT,
                }
                faults.append(Fault("course-longest-right", f"{language}/{name}", 1, 1, params))
    return faults


def _translated(file: str, own: Bank, bank: Bank) -> list[Fault]:
    """Items of a translated test that are not those of the original, in their order."""
    return [
        Fault("course-item-other", file, item.line, 1, {"line": original.line})
        for original, item in zip(own.asked, bank.asked, strict=False)
        if _shape(original) != _shape(item)
    ]


def _shape(item: Item) -> object:
    """What translating an item leaves as it is: kind, aim, weights, numbers, pairs."""
    options = [(each.is_right, each.weight, each.span) for each in item.options]
    if item.kind is ItemKind.SHORT:
        options = []  # another language may have more words that are right
    return item.kind, aim_of(item), options, len(item.pairs), item.is_true


def _parallel(file: str, pre: Bank, post: Bank) -> list[Fault]:
    faults = list[Fault]()
    before, after = _by_objective(pre), _by_objective(post)
    for objective in sorted(before.keys() | after.keys()):
        if before[objective] != after[objective]:
            counts: dict[str, Param] = {
                "objective": objective,
                "pre": before[objective],
                "post": after[objective],
            }
            faults.append(Fault("course-not-parallel", file, 1, 1, counts))
    known = {asked_words(item): item for item in pre.asked}
    for item in post.asked:
        if asked_words(item) in known:
            twin = known[asked_words(item)]
            twins: dict[str, Param] = {"words": item.words[:60], "line": twin.line}
            faults.append(Fault("course-item-in-both", file, item.line, 1, twins))
    return faults


def _by_objective(bank: Bank) -> Counter[str]:
    aims = (aim_of(item) for item in bank.asked)
    return Counter(aim.objective for aim in aims if aim is not None)


def asked_words(item: Item) -> str:
    """The words of an item without what does not tell two apart."""
    return " ".join(re.findall(r"\w+", item.words.lower()))


class _Test:
    """One of the tests while it is checked."""

    def __init__(self, course: Course, file: str, bank: Bank) -> None:
        self.course, self.file, self.bank = course, file, bank
        self.faults: list[Fault] = []

    def fault(self, code: str, line: int, **params: Param) -> None:
        self.faults.append(Fault(f"course-{code}", self.file, line, 1, params))

    def check(self) -> list[Fault]:
        asked = self.bank.asked
        if len(asked) != ITEMS:
            self.fault("items", 1, count=len(asked), wanted=ITEMS)
        objectives = {each.id for each in self.course.outline.objectives}
        sources = {each.id for each in self.course.sources}
        examined, seen = set[str](), dict[str, int]()
        for item in asked:
            aim = aim_of(item)
            if aim is None:
                self.fault("item-without-aim", item.line)
            else:
                examined.add(aim.objective)
                self._known("objective-unknown", item.line, objectives, objective=aim.objective)
                for source in aim.sources:
                    self._known("source-unknown", item.line, sources, source=source)
            first = seen.setdefault(asked_words(item), item.line)
            if first != item.line:
                self.fault("item-twice", item.line, first=first)
            why = why_not_markable(item)
            if why:
                self.fault(f"item-{why}", item.line)
        for objective in sorted(objectives - examined):
            self.fault("objective-not-examined", 1, objective=objective)
        return self.faults

    def _known(self, code: str, line: int, known: set[str], **named: str) -> None:
        if not set(named.values()) <= known:
            self.fault(code, line, **named)


def _is_longest_right(item: Item) -> bool:
    """Whether no wrong answer of a choice is longer than the right one."""
    lengths = {
        right: max(
            (len(each.text.text) for each in item.options if each.is_right is right), default=0
        )
        for right in (True, False)
    }
    return lengths[True] >= lengths[False]


def why_not_markable(item: Item) -> str:
    """Why a machine cannot mark an item; empty where it can."""
    if item.kind is ItemKind.ESSAY:
        return "essay"
    texts = [item.stem, *(each.text for each in item.options), *(each.left for each in item.pairs)]
    if any(each.markup is Markup.HTML for each in texts):
        return "html"
    if item.kind is ItemKind.MATCHING:
        asked = [each for each in item.pairs if each.left.text]
        return "" if len(asked) > 1 else "few-pairs"
    if item.kind is ItemKind.TRUE_FALSE:
        return ""
    weights = [Decimal(each.weight or (100 if each.is_right else 0)) for each in item.options]
    if item.takes_many:
        whole = sum((each for each in weights if each > 0), Decimal(0))
        return "" if abs(whole - 100) < Decimal("0.1") else "weights"
    if max(weights, default=Decimal(0)) != 100:
        return "no-right"
    return "few-options" if item.kind is ItemKind.CHOICE and len(item.options) < 2 else ""
