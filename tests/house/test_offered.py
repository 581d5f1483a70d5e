"""A surface is offered in a language that has nearly all its words, counted from the .po files."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.ground import offered
from kancil.ground.offered import LEAST_PERCENT, SURFACES, counted, coverage, is_offered
from tools import build_words
from tools.build_words import beside_members, languages, room_of

_KEY = re.compile(r'(?<!#, fuzzy\n)^msgid "(.+)"$', re.M)
ENGLISH = [*sorted(build_words.ENGLISH.glob("*.po")), *beside_members()]


def keys_of(paths: object) -> set[str]:
    return {key for path in paths for key in _KEY.findall(path.read_text("utf-8"))}  # type: ignore[attr-defined]


@pytest.mark.parametrize("folder", languages(), ids=lambda path: path.name)
def test_what_is_offered_is_what_the_po_files_have(folder: object) -> None:
    language = folder.name  # type: ignore[attr-defined]
    have = keys_of(folder.glob("*.po")) if language != "en" else keys_of(ENGLISH)  # type: ignore[attr-defined]
    of_room = {room_of(path): keys_of([path]) for path in ENGLISH}
    assert dict(coverage(language)) == {
        room: (len(keys & have), len(keys)) for room, keys in of_room.items()
    }, "run: make words"
    for surface in SURFACES:
        translated, count = counted(language, surface)
        assert is_offered(language, surface) == (
            language == "en" or translated * 100 >= count * LEAST_PERCENT
        ), surface


def test_every_room_of_words_stands_on_a_surface() -> None:
    rooms = set(coverage("en"))
    seen = {
        room for room in rooms
        for patterns in SURFACES.values()
        if any(fnmatchcase(room, pattern) for pattern in patterns)
    }  # fmt: skip
    assert not rooms - seen


def test_every_surface_has_words() -> None:
    assert not [surface for surface in SURFACES if not counted("en", surface)[1]]


@given(st.integers(1, 5000), st.data())
def test_the_bar_is_crossed_at_so_many_of_a_hundred_and_never_by_nothing(
    of: int, data: st.DataObject
) -> None:
    have = data.draw(st.integers(0, of))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(offered, "coverage", lambda _: {"web": (have, of)})
        assert is_offered("lo", "web.home.search") == (100 * have / of >= LEAST_PERCENT)
        assert is_offered("en", "web.home.search")
        patch.setattr(offered, "coverage", lambda _: {})
        assert not is_offered("lo", "web.home.search"), "nothing counted is nothing offered"
