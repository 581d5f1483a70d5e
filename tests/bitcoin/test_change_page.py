"""The page with what is known of the change heuristics' error is what `evaluate` gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.build_change import main


@pytest.mark.thorough
def test_the_page_is_made_from_the_data(shared_data: Path) -> None:
    assert main([str(shared_data / "bitcoin"), "--check"]) == 0
