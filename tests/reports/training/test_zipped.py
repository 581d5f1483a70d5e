"""The files of a class's certificates bear the names of their holders, on every system."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kancil.reports.training.certificate.zipped import file_names


def test_names_stay_in_their_script_and_two_of_one_name_are_told_apart() -> None:
    holders = ["ດາລາ ຈັນທະວົງ", "Noy", "noy", "Anna / Bo", "con", "certificates", ""]
    assert file_names(holders) == [
        "ດາລາ ຈັນທະວົງ", "Noy", "noy (2)", "Anna Bo", "con -", "certificates (2)", "file",
    ]  # fmt: skip


def test_a_name_that_is_cut_ends_in_no_dot_and_no_blank() -> None:
    for end in (".", " "):
        assert file_names([f"{'a' * 119}{end}bc"]) == ["a" * 119]


@given(st.lists(st.text(max_size=90), max_size=8))
def test_any_names_give_as_many_files_that_every_system_can_hold(holders: list[str]) -> None:
    names = file_names(holders)
    assert len({name.casefold() for name in names}) == len(holders)
    assert not any(set(name) & set('<>:"/\\|?*') for name in names)
    assert all(
        name and not name.endswith((" ", ".")) and len(name.encode()) < 140 for name in names
    )
