"""The lines of docs/howto/assess-by-command.md, run as they stand and in their order."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.flows.programme_site import Programme
from tools.tree import ROOT

pytestmark = pytest.mark.thorough

PAGE = ROOT / "docs" / "howto" / "assess-by-command.md"


def lines() -> list[str]:
    blocks = re.findall(r"```\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    return [line for block in blocks for line in block.splitlines() if line]


def test_every_line_of_the_page_does_what_the_page_says(tmp_path: Path) -> None:
    programme = Programme(tmp_path)
    ids: dict[str, str] = {}
    home: dict[str, str] = {}
    try:
        for line in lines():
            command, _, name = line.partition("  # ")
            words = [ids.get(word, word) for word in shlex.split(command)]
            if words[0] == "cd":
                home = {"KANCIL_HOME": str(tmp_path / words[1])}
                continue
            assert words[0] == "kancil"
            ran = programme.run([*words[1:], "--json"] if name else words[1:], home)
            assert ran.status == 0, (line, ran.err)
            if name:
                ids[name] = json.loads(ran.out)["id"]
    finally:
        programme.close()
    assert len(ids) == 5
