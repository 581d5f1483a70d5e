"""The pages with what is known of the heuristics' error are what the labelled data give."""

from __future__ import annotations

from pathlib import Path

from tools.build_heuristics import main


def test_the_pages_are_made_from_the_labelled_data(shared_data: Path) -> None:
    assert main([str(shared_data / "bitcoin"), "--check"]) == 0
