"""What stands in no file, and that every link of every page leads somewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import check_docs, check_text
from tools.tree import ROOT, markdown_files


def test_no_file_holds_a_registry_host_a_machine_path_or_borrowed_authority() -> None:
    assert not check_text.faults()


def test_the_whole_project_stays_small() -> None:
    assert check_text.size_bytes() < 40_000_000


def test_every_link_and_every_named_page_is_there() -> None:
    assert not check_docs.faults()


def test_every_page_is_named_in_the_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    pages = {
        path.relative_to(ROOT / "docs").as_posix()
        for path in markdown_files()
        if path.is_relative_to(ROOT / "docs") and path.parent.name != "decisions"
    }
    assert not {page for page in pages - {"index.md"} if f"]({page})" not in index}


@pytest.mark.parametrize(
    "line",
    [
        "see https://py" + "pi.org/simple",
        "data in /wo" + "rk/somewhere",
        "This tool is endorsed " + "by the United Nations.",
        "as asked in issue " + "12",
    ],
)
def test_the_check_of_forbidden_text_sees_what_it_must(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_text, "ROOT", tmp_path)
    monkeypatch.setattr(check_text, "shown", lambda path: path.name)
    page = tmp_path / "docs" / "page.md"
    page.parent.mkdir()
    page.write_text(f"A first line.\n{line}\n", encoding="utf-8")
    (found,) = check_text.forbidden_in(page)
    assert found.startswith("page.md:2: ")


@pytest.mark.parametrize(
    ("place", "count"),
    [
        ("src/kancil/assessment/protocols/x.yaml", 0),
        ("src/kancil/assessment/x.py", 1),
        ("src/kancil/training/courses/x/en/lessons/01-x.md", 0),
        ("src/kancil/training/courses/x.py", 1),
        ("src/kancil/web/x.yaml", 1),
    ],
)
def test_an_authority_is_cited_in_data_and_courses_alone(
    place: str, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_text, "ROOT", tmp_path)
    monkeypatch.setattr(check_text, "shown", lambda path: path.name)
    file = tmp_path / place
    file.parent.mkdir(parents=True)
    file.write_text("title: A treaty of the United " + "Nations\n", encoding="utf-8")
    assert len(check_text.forbidden_in(file)) == count


def test_the_check_of_links_sees_a_link_that_leads_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_docs, "shown", lambda path: path.name)
    page = tmp_path / "page.md"
    page.write_text("# One\n[a](gone.md) [b](#one) [c](#two) [d](mailto:x@y)\n", encoding="utf-8")
    assert check_docs.broken_links(page) == [
        "page.md: gone.md leads nowhere",
        "page.md: #two: the page has no such heading",
    ]


def test_the_licence_is_apache() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
