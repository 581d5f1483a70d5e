"""One module opens connections, one command leads to it, and nothing else can."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.survey import PACKAGE, module_of, nodes_of, place, python_files, tree_of

# Modules of the standard library and of others that can speak to a network.
OPENING = {
    "_socket", "aiohttp", "asyncio", "ftplib", "http.client", "httpx", "imaplib", "multiprocessing",
    "nntplib", "poplib", "requests", "smtplib", "socket", "socketserver", "ssl", "telnetlib",
    "urllib.request", "urllib3", "websockets", "xmlrpc",
}  # fmt: skip
# Elsewhere than in the window: answered here, never asked.
SERVING = {
    "kancil.web.connections": {"socket", "ssl"},
    "kancil.web.serving": {"ssl"},
    "kancil.web.tls": {"ssl"},
}
WINDOW = "kancil.wire.window"
DOOR = "kancil.cli.bitcoin.catching_up"
FILES = python_files("src")


def imported(tree: ast.Module) -> set[str]:
    """List the modules that a file imports, wherever in it, also by `import_module("…")`."""
    found: set[str] = set()
    for node in nodes_of(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
            ("import_module", "__import__")
        ):
            found |= {str(arg.value) for arg in node.args if isinstance(arg, ast.Constant)}
    return found


def opens(names: set[str]) -> set[str]:
    return {name for name in OPENING if any(f"{each}.".startswith(f"{name}.") for each in names)}


def test_only_the_window_imports_what_opens_a_connection() -> None:
    found = {module_of(path): opens(imported(tree_of(path))) for path in FILES}
    others = {name: kinds for name, kinds in found.items() if kinds and name != WINDOW}
    assert others == {name: kinds for name, kinds in SERVING.items() if name in others}
    assert found[WINDOW] == {"http.client"}


def test_only_one_command_leads_to_the_window() -> None:
    ways = [
        place(path)
        for path in FILES
        if path.relative_to(PACKAGE).parts[0] != "wire"
        and any(f"{name}.".startswith("kancil.wire.") for name in imported(tree_of(path)))
    ]
    assert ways == [place(Path(PACKAGE, "cli", "bitcoin", "catching_up.py"))]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("import socket", {"socket"}),
        ("def f():\n    from urllib import request", {"urllib.request"}),
        ("from http.client import HTTPConnection", {"http.client"}),
        ("import importlib\nimportlib.import_module('smtplib')", {"smtplib"}),
        ("from urllib.parse import quote", set()),
        ("from http import HTTPStatus", set()),
    ],
)
def test_an_import_is_found_however_it_is_written(written: str, found: set[str]) -> None:
    assert opens(imported(ast.parse(written))) == found


def test_other_commands_do_not_even_load_it() -> None:
    code = (
        "import sys\n"
        "from kancil.cli.main import COMMANDS, load_command\n"
        "load_command('bitcoin ingest'); load_command('bitcoin status')\n"
        "print([name for name in sys.modules if name.startswith('kancil.wire')])\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
