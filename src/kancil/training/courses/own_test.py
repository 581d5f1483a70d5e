"""The trainer's own test: items of a GIFT file that stand in no course, so that they can count.

A course and its pack hold the answers of its two tests, for whoever reads them. What a certificate
rests on is therefore asked from a file that the trainer keeps. The check compares the words of
items with those of all courses at hand: it finds an item that was copied, none that was reworded.
"""

from __future__ import annotations

from collections.abc import Sequence

from kancil.ground.child import in_child
from kancil.ground.phrase import Param, Phrase
from kancil.training.errors import OwnItemsNotUsable
from kancil.training.item_bank.bank import Bank, Item
from kancil.training.item_bank.gift import read_bank

from .course import Course
from .parallel import asked_words, why_not_markable

LEAST = 10
"""Items of a test that counts. A choice of this project: fewer make one guess weigh too much."""
MOST = 100


def published_words(courses: Sequence[Course]) -> frozenset[str]:
    """What the items of all courses ask, in every language."""
    banks = (
        bank
        for course in courses
        for written in course.written.values()
        for bank in (written.pre, written.post)
        if bank is not None
    )
    return frozenset(asked_words(item) for bank in banks for item in bank.asked)


@in_child(memory_bytes=512 << 20, cpu_seconds=30)
def own_items(content: bytes, name: str, published: frozenset[str]) -> Bank:
    """The questions of a trainer's file; categories and descriptions are left out.

    `published`: as `published_words` says. Raises GiftNotReadable, OwnItemsNotUsable,
    ParserStopped.
    """
    asked = read_bank(content, name).asked
    if not LEAST <= len(asked) <= MOST:
        raise _refused(name, "own-items-count", 1, count=len(asked), least=LEAST, most=MOST)
    copied = [each for each in asked if asked_words(each) in published]
    if copied:
        raise _refused(name, "own-item-published", copied[0].line, count=len(copied))
    seen = dict[str, Item]()
    for each in asked:
        twin = seen.setdefault(asked_words(each), each)
        if twin is not each:
            raise _refused(name, "course-item-twice", each.line, first=twin.line)
        why = why_not_markable(each)
        if why:
            raise _refused(name, f"course-item-{why}", each.line)
    return Bank(asked)


def _refused(name: str, why: str, line: int, **params: Param) -> OwnItemsNotUsable:
    return OwnItemsNotUsable(path=name[:80], line=line, why=Phrase(f"problem.{why}", params))
