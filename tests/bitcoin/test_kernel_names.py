"""What goes into a kernel goes into its name, so that no machine keeps an old one."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

import kancil.bitcoin
from kancil.bitcoin import memory

ROOM = Path(kancil.bitcoin.__file__).parent
KERNELS = [*sorted(ROOM.glob("*_kernels.py")), ROOM / "store" / "kernels.py"]


@pytest.mark.parametrize("path", KERNELS, ids=lambda path: path.stem)
def test_a_kernel_is_named_by_all_modules_whose_text_goes_into_it(path: Path) -> None:
    name = ".".join(path.relative_to(ROOM).with_suffix("").parts)
    module = importlib.import_module(f"kancil.bitcoin.{name}")
    told = {*getattr(module, "_SOURCES", memory._SOURCES), *getattr(module, "_MEMBERS", ())}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kancil.bitcoin."):
            last = str(node.module).rpartition(".")[2]
            asked = {each.name for each in node.names} if last == "heuristics" else {last}
            assert asked <= {*told, "memory"}, node.module
