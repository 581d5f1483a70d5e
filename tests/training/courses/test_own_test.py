"""A test that counts asks what no course publishes."""

from __future__ import annotations

import pytest

from kancil.ground.phrase import Phrase
from kancil.training.courses.library import all_courses
from kancil.training.courses.own_test import LEAST, own_items, published_words
from kancil.training.errors import GiftNotReadable, OwnItemsNotUsable


def own_gift(count: int = LEAST) -> bytes:
    """So many questions that stand in no course."""
    lines = (
        f"How many outputs has payment {n} of the board? {{#{n}}}" for n in range(1, count + 1)
    )
    return "\n\n".join(lines).encode()


def why_of(content: bytes) -> str:
    """The code for which a file is refused."""
    with pytest.raises(OwnItemsNotUsable) as refused:
        own_items(content, "mine.gift", published_words(all_courses()))
    why = refused.value.params["why"]
    assert isinstance(why, Phrase)
    return why.key


def test_items_of_ones_own_are_taken_without_their_headings() -> None:
    taken = own_items(b"$CATEGORY: mine\n\n" + own_gift(), "mine.gift", frozenset())
    assert len(taken.asked) == len(taken.items) == LEAST


@pytest.mark.parametrize("course", [each.outline.id for each in all_courses()])
def test_no_published_item_counts(course: str) -> None:
    """Each item of each course in turn, its letter case and spacing changed."""
    found = next(each for each in all_courses() if each.outline.id == course)
    words = published_words([found])
    assert found.own.pre is not None
    assert found.own.post is not None
    assert len(words) == len(found.own.pre.asked) + len(found.own.post.asked)
    item = found.own.post.asked[0]
    copied = f"  {item.stem.text.upper()}  ".replace(":", "\\:").replace("=", "\\=")
    copied = copied.replace("{", "\\{").replace("~", "\\~").replace("#", "\\#")
    assert why_of(own_gift() + f"\n\n{copied} {{T}}".encode()) == "problem.own-item-published"


def test_other_numbers_in_a_published_item_make_another_item() -> None:
    course = next(each for each in all_courses() if each.outline.id == "bitcoin-tracing")
    assert course.own.pre is not None
    stem = course.own.pre.asked[0].stem.text
    assert "50 BTC" in stem
    other = stem.replace("50 BTC", "70 BTC")
    content = own_gift() + f"\n\n{other} {{#20.001}}".encode()
    assert len(own_items(content, "mine.gift", published_words([course])).asked) == LEAST + 1


def test_too_few_twice_and_free_text_are_refused() -> None:
    assert why_of(own_gift(LEAST - 1)) == "problem.own-items-count"
    assert why_of(own_gift() + b"\n\n" + own_gift(1)) == "problem.course-item-twice"
    assert why_of(own_gift() + b"\n\nWhat do you think? {}") == "problem.course-item-essay"
    with pytest.raises(GiftNotReadable):
        own_items(own_gift().decode().encode("utf-16"), "mine.gift", frozenset())
