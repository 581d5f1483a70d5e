"""Whatever reads the bytes of others does so in a child (`ground.child`), or says here why not.

A parser is a function by which foreign bytes enter. It may be named only by other parsers and by
functions marked `@in_child`; each exception has its reason. A module that takes in a library which
reads a format is a parser's, or reads only what is ours.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.house.survey import module_of, nodes_of, place, python_files, tree_of
from tools.tree import ROOT

PARSERS: dict[str, tuple[str, ...]] = {
    "kancil.assessment.exchange": ("read_parcel",),
    "kancil.assessment.official.lines": ("lines_of", "statute_lines"),
    "kancil.assessment.protocol_files.reading": (
        "read_protocol",
        "check_protocol",
        "check_content",
    ),
    "kancil.assessment.answer_forms.received": ("read_answers",),
    "kancil.assessment.released_files": ("form_of",),
    "kancil.assessment.answer_forms.sheet": ("read_sheet",),
    "kancil.assessment.protocol_files.translation": ("read_translation", "check_translation"),
    "kancil.bitcoin.holdings.read": ("read_file",),
    "kancil.bitcoin.holdings.spent": ("parse_spent",),
    "kancil.bitcoin.blocks.compressed": ("unpacked", "open_plain"),
    "kancil.bitcoin.chain.ingest_child": ("run",),
    "kancil.bitcoin.labels.label_formats": ("LABEL_FORMATS",),
    "kancil.bitcoin.labels.label_formats.nbctf": (),
    "kancil.bitcoin.labels.label_formats.table": (),
    "kancil.bitcoin.labels.label_formats.tagpack": (),
    "kancil.bitcoin.labels.labels": ("read_label_file", "read_labels"),
    "kancil.bitcoin.chain.starts": (),
    "kancil.bitcoin.store.ingest": ("run",),
    "kancil.custody.history": ("verify_history",),
    "kancil.evidence.images.containers": ("CONTAINERS",),
    "kancil.evidence.images.containers.ewf": (),
    "kancil.evidence.images.containers.qcow": (),
    "kancil.evidence.images.containers.udif": (),
    "kancil.evidence.images.containers.vhd": (),
    "kancil.evidence.images.containers.vmdk": (),
    "kancil.evidence.images.opening": ("open_image",),
    "kancil.evidence.images.tsk": ("entries",),
    "kancil.evidence.images.volume": ("volumes",),
    "kancil.evidence.members.archives": ("ARCHIVES",),
    "kancil.evidence.members.archives.compressed": (),
    "kancil.evidence.members.archives.zip": (),
    "kancil.evidence.members.opening": ("members_of",),
    "kancil.evidence.text.extract": ("text_of",),
    "kancil.evidence.text.office": ("office_text",),
    "kancil.evidence.text.plain": ("plain_text", "decoded", "html_text", "strings"),
    "kancil.evidence.triage.child": (),
    "kancil.evidence.triage.examiner": ("Examiner",),
    "kancil.evidence.search.word_list": (),
    "kancil.evidence.triage.one_file": ("stream_of",),
    "kancil.evidence.reading.child": ("open_stream", "draw_stream"),
    "kancil.evidence.reading.drawn": (
        "pdf_page",
        "draw_pdf_page",
        "picture_page",
        "draw_picture",
    ),
    "kancil.evidence.reading.json_values": ("json_page",),
    "kancil.evidence.reading.mail": ("mail_page", "attachment"),
    "kancil.evidence.reading.papers": ("paper_page", "text_of_html", "blocks_of"),
    "kancil.evidence.reading.tables": ("table_page",),
    "kancil.evidence.reading.text": ("text_page", "bytes_page"),
    "kancil.evidence.tables.price_table": ("read_prices",),
    "kancil.evidence.tables.stated": ("transfers_of",),
    "kancil.evidence.tables.table": (
        "sniff_table",
        "sniff_as",
        "Table",
        "read_records",
        "records_of",
        "read_workbook",
    ),
    "kancil.evidence.tables.trial": ("try_mapping",),
    "kancil.ground.spreadsheet": ("first_sheet", "spreadsheet_rows"),
    "kancil.legal.lawfile": ("read_law",),
    "kancil.ground.yaml_tree": ("compose", "read_bounded"),
    "kancil.legal.directory.reading": ("read_offices",),
    "kancil.legal.directory.signed": ("read_directory",),
    "kancil.reports.casework.bundle.archive": ("read_archive",),
    "kancil.reports.casework.bundle.material_read": ("read_material",),
    "kancil.studies.trace.table": ("read_table",),
    "kancil.reports.casework.bundle.checker.verify": ("verify_bundle", "verify_bytes"),
    "kancil.programme.framework": ("read_framework",),
    "kancil.training.courses.checks": ("check_course",),
    "kancil.training.courses.own_test": (),
    "kancil.training.courses.pack": ("unpacked",),
    "kancil.training.courses.pictures": ("why_unsafe",),
    "kancil.training.courses.reading": ("files_of", "course_of", "checked_files"),
    "kancil.training.courses.taking": ("take_file",),
    "kancil.training.item_bank.gift": ("read_bank",),
    "kancil.programme.registration.reading": (),
    "kancil.programme.money.ledger_file": (),
    "kancil.programme.money.sheets": ("open_sheet",),
    "kancil.programme.iati.check": ("check_iati", "parsed"),
    "kancil.programme.iati.read": ("read_iati",),
    "kancil.reports.casework.bundle.checker.files": ("check_bytes",),
    "kancil.reports.casework.bundle.checker.zipped_again": ("read_any_zip",),
    "kancil.reports.pdf.check": ("judge_pdf",),
    "kancil.training.packing": (),
}
"""Modules that read bytes of others, and the functions by which they do."""

ALLOWED: dict[tuple[str, str], str] = {
    (
        "kancil.assessment.protocol_files.library",
        "read_protocol",
    ): "protocols that come with Kancil",
    ("kancil.desk.training.queries.sittings", "read_bank"): (
        "items of a course that was read in a child, written by ourselves into our own database"
    ),
    ("kancil.training.plot.voice", "compose"): "names and sentences that come with Kancil",
    ("kancil.training.plot.voice", "read_bounded"): "names and sentences that come with Kancil",
    ("kancil.training.courses.library", "course_of"): "courses that come with Kancil",
    ("kancil.training.courses.library", "files_of"): "courses that come with Kancil",
    ("kancil.programme.framework", "read_framework"): "the framework that comes with Kancil",
    (
        "kancil.assessment.protocol_files.library",
        "read_translation",
    ): "translations that come with Kancil",
    ("kancil.bitcoin.holdings.undo", "open_plain"): "within an ingest, in its child",
    ("kancil.bitcoin.holdings.sources", "open_plain"): (
        "by their digest the very bytes that were unpacked whole in the child of an ingest"
    ),
    ("kancil.bitcoin.chain.ready_kernels", "run"): "one block that stands in the module",
    (
        "kancil.bitcoin.evaluation.labelled",
        "parse_spent",
    ): "sets to evaluate heuristics on: see OWN",
    ("kancil.legal.directory.shipped", "read_offices"): "the offices that come with Kancil",
    ("kancil.desk.directory.queries", "read_directory"): (
        "by their digest the very bytes that were read in a child when they came"
    ),
    ("kancil.reports.casework.bundle.write", "read_material"): "what it has just written itself",
    ("kancil.desk.law.queries", "read_law"): (
        "a file of law that was read in a child when it was kept, by the digest in its entry"
    ),
    ("kancil.desk.assessment.kept_protocols", "check_content"): (
        "a protocol that was read in a child when it was kept, from our own database"
    ),
}
"""Who else names a parser, and why its bytes are not those of a stranger."""

FORMATS = {
    "PIL", "asn1crypto", "bz2", "csv", "docx", "gzip", "lxml", "lzma", "marshal", "olefile",
    "openpyxl", "pickle", "pybde", "pyewf", "pyfsapfs", "pyfsxfs", "pyhanko", "pyluksde", "pymodi",
    "pypdf", "pypdfium2", "pyqcow", "pytsk3", "pyvhdi", "pyvmdk", "pyvshadow", "python_calamine",
    "rfc3161_client", "shelve", "tarfile", "tomllib", "xml", "yaml", "zipfile", "zlib",
}  # fmt: skip
"""Libraries that read a format."""

OWN: dict[str, str] = {
    "kancil.assessment.country": "countries that come with Kancil",
    "kancil.evidence.export.dfxml": "writes",
    "kancil.evidence.search.index": "what it wrote itself, of text that was taken in a child",
    "kancil.evidence.members.archive": "names what its readers catch",
    "kancil.training.labs.admissibility": "writes",
    "kancil.training.plot.bundle": "the bundle that comes with Kancil, to plant a flaw in it",
    "kancil.training.plot.tables": "writes",
    "kancil.ground.training_table": "tables that this site made, on their way out",
    "kancil.training.solving": "files of a lab, in the proof that it can be solved",
    "kancil.programme.template": "templates of activities that come with Kancil",
    "kancil.legal.instruments.instrument": "treaties and their status, which come with Kancil",
    "kancil.legal.rights": "the questions of the human-rights check, which come with Kancil",
    "kancil.bitcoin.labels.terms": "the taxonomy that comes with Kancil",
    "kancil.bitcoin.evaluation.labelled": (
        "sets to evaluate heuristics on, by command alone, on the machine of whoever develops them"
    ),
    "kancil.legal.clock": "the periods that come with Kancil",
    "kancil.legal.working_days": "the weekends that come with Kancil",
    "kancil.custody.basis": "the legal basis that an officer of this unit wrote, in a few lines",
    "kancil.custody.timestamp": "a few hundred bytes, by the parser of `cryptography`, in Rust",
    "kancil.desk.cases.kept_files": (
        "bundles that this unit made and keeps: one member of each, at most as long as a checkpoint"
    ),
    "kancil.legal.fields": "the fields of requests that come with Kancil",
    "kancil.web.help.glossary": "the terms that come with Kancil",
    "kancil.evidence.backup": (
        "a backup of this unit, whose keys and books it writes: a child that may write those has "
        "nothing left to be kept from"
    ),
    "kancil.legal.directory.shipped": "practice of keepers that comes with Kancil",
    "kancil.ground.cells": "writes",
    "kancil.ground.zips": "names what its readers catch",
    "kancil.ground.reviewers": "a record that comes with Kancil",
    "kancil.ground.workspace": "the settings of the workspace itself",
    "kancil.legal.handling": "the handling codes that come with Kancil",
    "kancil.programme.evaluation.form": "the evaluation forms that come with Kancil",
    "kancil.training.evaluation": "the evaluation forms that come with Kancil",
    "kancil.programme.iati.binding": "elements that were read in a child, or are to be written",
    "kancil.programme.iati.codes": "the codes that come with Kancil",
    "kancil.programme.iati.write": "writes",
    "kancil.programme.iati.ruleset": "runs the rules over what its check has read in a child",
    "kancil.reports.document.textfile": "writes",
    "kancil.reports.document.textparts": "writes",
    "kancil.reports.training.certificate.zipped": "writes",
    "kancil.reports.casework.bundle.page.build": "the list of what a page of ours is built of",
    "kancil.reports.pdf.sign": "signs what Typst just made here",
}
"""Modules that take in such a library and read nothing of others."""

FILES = [path for path in python_files("src") if module_of(path).startswith("kancil")]


def imported(path: Path, tree: ast.Module) -> dict[str, str]:
    """What each name that a module takes in stands for, as `module.name`."""
    here = module_of(path).split(".")
    package = here if path.name == "__init__.py" else here[:-1]
    found: dict[str, str] = {}
    for node in nodes_of(tree):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                found[alias.asname or alias.name] = f"{source}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    found[alias.asname] = alias.name
    return found


def is_marked(node: ast.AST) -> bool:
    """Whether a function is one that runs in a child."""
    marks = getattr(node, "decorator_list", [])
    return any(
        isinstance(mark, ast.Call) and ast.unparse(mark.func) == "in_child" for mark in marks
    )


def named(path: Path, tree: ast.Module) -> Iterator[tuple[ast.stmt | None, ast.expr, str]]:
    """Go through what a module names outside of marked functions, by its full name.

    With it comes the statement of the module, such as a function, in which that stands.
    """
    module = module_of(path)
    meant = {
        node.name: f"{module}.{node.name}"
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    } | imported(path, tree)
    for statement in tree.body:
        waiting: list[ast.AST] = [statement]
        while waiting:
            node = waiting.pop()
            if is_marked(node):
                continue
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in meant:
                yield statement, node, meant[node.id]
            elif (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in meant
            ):
                yield statement, node, f"{meant[node.value.id]}.{node.attr}"
            waiting.extend(ast.iter_child_nodes(node))


def faults(path: Path, tree: ast.Module) -> list[str]:
    """List the places at which a module names a parser and may not.

    A parser's own module may, in what is private to it and in the parsers that it declares.
    """
    module = module_of(path)
    parsers = {f"{each}.{name}": name for each, names in PARSERS.items() for name in names}
    found = []
    for statement, node, name in named(path, tree):
        within = getattr(statement, "name", "")
        is_own = module in PARSERS and (within.startswith("_") or within in PARSERS[module])
        if name in parsers and not is_own and (module, parsers[name]) not in ALLOWED:
            found.append(f"{place(path, node.lineno)}: {name}")
    return found


def test_no_parser_is_named_outside_of_a_child() -> None:
    assert not [fault for path in FILES for fault in faults(path, tree_of(path))]


@pytest.mark.parametrize(
    ("module", "text"),
    [
        (
            "kancil.web.x",
            "from kancil.bitcoin.labels.labels import read_label_file\nread_label_file(1)",
        ),
        (
            "kancil.cli.x",
            "from kancil.bitcoin.labels import labels as l\ndef f(): return l.read_labels(1)",
        ),
        ("kancil.desk.studies.x", "from kancil.reports.pdf.check import judge_pdf as j\nx = [j]"),
        ("kancil.bitcoin.labels.x", "from .labels import read_labels\nclass A:\n  f = read_labels"),
        ("kancil.reports.pdf.check", "def judge_pdf(): ...\ndef open_to_all(): judge_pdf()"),
    ],
)
def test_a_call_outside_is_found(module: str, text: str) -> None:
    path = (ROOT / "src").joinpath(*module.split(".")).with_suffix(".py")
    assert len(faults(path, ast.parse(text))) == 1


def test_a_call_in_a_marked_function_is_no_fault() -> None:
    text = (
        "from kancil.bitcoin.labels.labels import read_label_file\n"
        "@in_child(memory_bytes=1, cpu_seconds=1)\ndef f():\n  return read_label_file(1)\n"
    )
    assert not faults(ROOT / "src" / "kancil" / "web" / "x.py", ast.parse(text))


def formats_of(tree: ast.Module) -> set[str]:
    """Name the libraries for formats that a module takes in."""
    names = {
        alias.name
        for node in nodes_of(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {
        node.module or ""
        for node in nodes_of(tree)
        if isinstance(node, ast.ImportFrom) and not node.level
    }
    return {name.partition(".")[0] for name in names} & FORMATS


def test_a_module_that_takes_in_a_format_is_a_parser_or_reads_what_is_ours() -> None:
    taking = {module_of(path) for path in FILES if formats_of(tree_of(path))}
    undeclared = taking - PARSERS.keys() - OWN.keys()
    assert not undeclared
    assert OWN.keys() <= taking, "a reason for a module that needs none"
    assert not OWN.keys() & PARSERS.keys()


def test_every_parser_and_every_exception_is_there() -> None:
    for module, names in PARSERS.items():
        path = (ROOT / "src").joinpath(*module.split("."))
        tree = tree_of(path / "__init__.py" if path.is_dir() else path.with_suffix(".py"))
        defined = {getattr(node, "name", "") for node in tree.body} | {
            target.id
            for node in tree.body
            if isinstance(node, ast.AnnAssign) and isinstance(target := node.target, ast.Name)
        }
        assert set(names) <= defined, module
    parsers = {f"{each}.{name}": name for each, names in PARSERS.items() for name in names}
    used = {
        (module_of(path), parsers[name])
        for path in FILES
        for _, _, name in named(path, tree_of(path))
        if name in parsers
    }
    assert ALLOWED.keys() <= used


def test_nobody_but_the_child_runs_a_marked_function_where_it_is() -> None:
    marked = {
        node.name
        for path in FILES
        for node in nodes_of(tree_of(path))
        if isinstance(node, ast.FunctionDef) and is_marked(node)
    }
    assert marked
    allowed = {"kancil.ground.child", "kancil.ground.child_entry"}
    strays = [
        place(path, node.lineno)
        for path in FILES
        if module_of(path) not in allowed
        for node in nodes_of(tree_of(path))
        if (
            isinstance(node, ast.Attribute)
            and node.attr == "here"
            and ast.unparse(node.value).rpartition(".")[2] in marked
        )
        or (isinstance(node, ast.Name) and node.id == "begin_as_child")
    ]
    assert not strays


MOST_MEMORY_BYTES, MOST_CPU_SECONDS = 2 << 30, 600
BY_THE_MACHINE = {"read_sources", "add_to_store", "list_image", "examine", "index_texts",
                  "digests_of_image"}  # fmt: skip
"""Their caller allows memory by the machine, and time for a whole chain or a whole disk."""


def test_no_marked_function_may_use_more_than_a_small_machine_can_spare() -> None:
    found = [
        (place(path), node.name, getattr(import_module(module_of(path)), node.name).limits)
        for path in FILES
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef) and is_marked(node)
    ]
    assert {name for _, name, _ in found} >= BY_THE_MACHINE
    assert not [
        (where, name)
        for where, name, limits in found
        if limits.memory_bytes > MOST_MEMORY_BYTES
        or (limits.cpu_seconds > MOST_CPU_SECONDS and name not in BY_THE_MACHINE)
    ]
