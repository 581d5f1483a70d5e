"""Accept the sample reports as they are now: `python tests/reports/make_golden.py`, then look."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import tests.conftest  # noqa: F401  # the profiles that property tests ask for
from tests.reports.make_sample_bundle import make_sample
from tests.reports.request.test_letter import GOLDEN as LETTER
from tests.reports.request.test_letter import golden as golden_letter
from tests.reports.test_analysis import ACCEPTED, GOLDEN
from tests.reports.test_prosecutor import GOLDEN as PRINTED
from tests.reports.test_prosecutor import golden_tree

if __name__ == "__main__":
    for name, member in ACCEPTED.items():
        (GOLDEN / name).write_bytes(make_sample().analysis[member])
    with tempfile.TemporaryDirectory() as folder:
        tree, digest = golden_tree(Path(folder))
    (PRINTED / "tree.json").write_text(tree, encoding="utf-8")
    (PRINTED / "unsigned.sha256").write_text(digest, encoding="ascii")
    LETTER.mkdir(exist_ok=True)
    text, digest = golden_letter()
    (LETTER / "tree.json").write_text(text, encoding="utf-8")
    (LETTER / "pdf.sha256").write_text(digest, encoding="ascii")
