"""What goes into a kernel goes into its name, so that no machine keeps an old one."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

import kancil.bitcoin
from kancil.bitcoin.compiled import memory

ROOM = Path(kancil.bitcoin.__file__).parent
KERNELS = sorted(path for path in ROOM.rglob("*kernels.py") if path.stem != "ready_kernels")


def module_path(name: str) -> str:
    return name.removeprefix("kancil.bitcoin.").replace(".", "/")


@pytest.mark.parametrize("path", KERNELS, ids=lambda path: path.relative_to(ROOM).as_posix())
def test_a_kernel_is_named_by_all_modules_whose_text_goes_into_it(path: Path) -> None:
    package = ".".join(("kancil", "bitcoin", *path.relative_to(ROOM).parent.parts))
    module = importlib.import_module(f"{package}.{path.stem}")
    named = {*getattr(module, "_SOURCES", memory._SOURCES), "compiled/memory"}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.ImportFrom):
            continue
        origin = f"{package}.{node.module}" if node.level else str(node.module)
        if origin.startswith("kancil.bitcoin."):
            asked = {module_path(origin)}
            if (ROOM / module_path(origin)).is_dir():
                asked = {f"{module_path(origin)}/{each.name}" for each in node.names}
            assert asked <= named, origin


def test_every_room_with_kernels_was_looked_at() -> None:
    assert len(KERNELS) > 10


def test_a_kernel_is_compiled_only_under_a_name_that_tells_its_version() -> None:
    """Kept by Numba alone, a kernel outlives a change of the modules that went into it."""
    compiling = {
        path.relative_to(ROOM).as_posix()
        for path in ROOM.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute | ast.Name)
        and (node.attr if isinstance(node, ast.Attribute) else node.id) in {"njit", "jit", "cfunc"}
    }
    assert compiling == {"compiled/memory.py", "generator/compiled.py"}
