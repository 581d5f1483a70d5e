"""A protocol is read whole or not at all, and each fault of a file is told with its line."""

from __future__ import annotations

import ast
import random
import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.assessment.errors import ProtocolNotReadable
from kancil.assessment.protocol import Confidence, Relation, ScaleKind, Shape, Standing
from kancil.assessment.protocol_files import checks, fields, reading
from kancil.assessment.protocol_files import keys as forms
from kancil.assessment.protocol_files.checks import circles
from kancil.assessment.protocol_files.library import FOLDER
from kancil.assessment.protocol_files.reading import check_content, check_protocol, read_protocol
from kancil.ground.errors import FileNotReadable, KancilError
from kancil.ground.words import render
from tests.assessment.samples import NAME, changed, full_text, guide_text, kept
from tests.examples import examples
from tests.house.survey import english

# (code, what stands in the good sample, what stands there instead, lines below the change)
BROKEN: tuple[tuple[str, str, str, int], ...] = (
    ("protocol-unknown-key", "purpose: Twelve", "aim: Nothing\npurpose: Twelve", 0),
    ("protocol-unknown-key", "{id: police, title: Police,", "{id: police, titel: Police,", 0),
    ("protocol-missing-key", "{id: police, title: Police, forces: true}", "{id: police}", 0),
    ("protocol-empty-value", "licence: CC-BY-4.0", "licence:", 0),
    ("protocol-not-a-mapping", "{id: police, title: Police, forces: true}", "police", 0),
    ("protocol-not-a-list", "sources: [example]", "sources: example", 0),
    ("protocol-empty-list", "parts:                ", "parts: []\n    ignored:", 0),
    ("protocol-not-text", "licence: CC-BY-4.0", "licence: [CC-BY-4.0]", 0),
    ("protocol-not-quoted", 'version: "2026.1"', "version: 2026.1", 0),
    ("protocol-not-quoted", '{value: "yes", label: "Yes"}', '{value: yes, label: "Yes"}', 0),
    ("protocol-not-quoted", "title: Police,", "title: 1e3,", 0),
    ("protocol-empty-text", "licence: CC-BY-4.0", 'licence: " "', 0),
    ("protocol-own-language-missing", "{en: First look at a cybercrime unit, ", "{", 0),
    ("protocol-language-wrong", "fr: Premier", "French: Premier", 0),
    ("protocol-language-wrong", "language: en", "language: English", 0),
    ("protocol-id-wrong", "{id: police,", "{id: Police Force,", 0),
    ("protocol-id-wrong", "- id: L1\n", "- id: L 1\n", 0),
    ("protocol-version-wrong", 'version: "2026.1"', 'version: "2026-1"', 0),
    ("protocol-not-one-of", "shape: indicators", "shape: round", 0),
    ("protocol-not-one-of", "schema: kancil-protocol/1", "schema: kancil-protocol/2", 0),
    ("protocol-address-wrong", "ref: this page", "ref: this page, url: here", 0),
    ("protocol-not-whole", "{value: 3, label", "{value: 3.5, label", 0),
    ("protocol-not-whole", "at_most: 0", 'at_most: "0"', 0),
    ("protocol-not-a-year", "year: 2001", "year: 20010", 0),
    ("protocol-not-a-number", "title: People, weight: 2", "title: People, weight: much", 0),
    ("protocol-not-a-number", "title: People, weight: 2", "title: People, weight: -2", 0),
    ("protocol-not-a-number", "title: People, weight: 2", "title: People, weight: .inf", 0),
    ("protocol-weight-wrong", "title: People, weight: 2", "title: People, weight: 0.0", 0),
    ("protocol-percent-wrong", "minimum_coverage: 60", "minimum_coverage: 100.5", 0),
    ("protocol-not-a-flag", "critical: true", "critical: yes", 0),
    ("protocol-not-a-day", "adopted_on: 2001-11-23", "adopted_on: 2001-11-31", 0),
    ("protocol-duplicate-id", "{id: people, title", "{id: law, title", 0),
    ("protocol-unknown-reference", "sources: [example]", "sources: [exampel]", 0),
    ("protocol-unknown-reference", "id: L3, area: law", "id: L3, area: lore", 0),
    ("protocol-unknown-reference", "area: law, sector: justice", "area: law, sector: x", 0),
    ("protocol-unknown-reference", "trained?, scale: stage", "trained?, scale: stages", 0),
    ("protocol-unknown-reference", "assistance: [training]", "assistance: [money]", 0),
    ("protocol-unknown-reference", "concepts: [oversight]", "concepts: [control]", 0),
    ("protocol-unknown-reference", "depends_on: [W2]", "depends_on: [W9]", 0),
    ("protocol-unknown-reference", "{to: P3,", "{to: P9,", 0),
    ("protocol-unknown-reference", "indicator: L3, values", "indicator: L9, values", 0),
    ("protocol-unknown-reference", "until: oversight", "until: never", 0),
    ("protocol-unknown-reference", "L02: [L2, L4]", "L02: [L2, L9]", 0),
    ("protocol-unknown-reference", "title: People, weight", "title: P, instrument: x, weight", 0),
    ("protocol-unknown-reference", "title: People, weight", "title: P, sector: x, weight", 0),
    ("protocol-unknown-reference", "title: People, weight", "title: P, parent: x, weight", 0),
    ("protocol-circle", "title: People, weight: 2", "title: P, parent: people, weight: 2", 0),
    ("protocol-circle", "    critical: true", "    depends_on: [L2]\n    critical: true", 0),
    ("protocol-not-stages", "stages:    ", "stages: []\n    ignored:", 0),
    ("protocol-stages-differ", "      3: A law is in force and has", "      4: A law has", -3),
    ("protocol-stages-unused", "data protection law?, ", "data?, stages: {0: None}, ", 0),
    ("protocol-scale-missing", "officers trained?, scale: stage", "officers trained?", 0),
    ("protocol-values-missing", "kind: count", "kind: choice", 0),
    ("protocol-values-unused", "kind: ordered", "kind: share", 2),
    ("protocol-values-too-few", ', {value: "no", label: "No"}]', "]", 0),
    ("protocol-value-twice", '{value: "no", label', '{value: "yes", label', 0),
    ("protocol-values-not-ascending", "value: 1, label", "value: -1, label", 0),
    ("protocol-value-reserved", '{value: "no", label', '{value: nk, label', 0),
    ("protocol-unknown-value", 'values: ["yes"]', 'values: ["perhaps"]', 0),
    ("protocol-unknown-value", 'values: ["yes"]', "values: [1]", 0),
    ("protocol-unknown-part", "{indicator: L3, values", "{indicator: W4, part: x, values", 0),
    ("protocol-part-needed", "{indicator: L3, values", "{indicator: W4, values", 0),
    ("protocol-asked-if-open", "{indicator: L3, values", "{indicator: P2, values", 0),
    ("protocol-difference-missing", ", difference: Prosecutors instead of officers.", "", 0),
    ("protocol-related-to-itself", "{to: P3,", "{to: P4,", 0),
    ("protocol-related-twice", "place?, scale: stage",
     "place?, scale: stage, related: [{to: W2, relation: same}, {to: W2, relation: same}]", 0),
    ("protocol-confidence-without-note", "    confidence_note: The stages are ours.\n", "", -1),
    ("protocol-confidence-without-note", "    confidence_note: It is invented\n", "", -1),
    ("protocol-unknown-method", "method: area-profile-1", "method: area-profile-0", 0),
    ("protocol-bands-not-from-0", "{min: 0, id", "{min: 1, id", 0),
    ("protocol-bands-not-ascending", "{min: 80, id", "{min: 40, id", 0),
    ("protocol-file-name", "id: first-look", "id: second-look", 0),
    ("protocol-review-missing", "standing: proposal", "standing: reviewed", 0),
    ("protocol-review-too-soon", "licence: CC",
     "reviewed: {by: X, on: 2026-01-02}\nlicence: CC", 0),
    ("protocol-not-a-map-of-ids", "indicators: {L01: L1, L02: [L2, L4], L99: null}",
     "indicators: [L1]", 0),
    ("protocol-maps-from-itself", 'version: "2025.1"', 'version: "2026.1"', 0),
    ("protocol-maps-from-twice", "maps_from:\n",
     'maps_from:\n  - {version: "2025.1", indicators: {}}\n', 2),
    ("yaml-key-twice", "shape: indicators", "shape: indicators\nshape: threats", 1),
    ("yaml-key-wrong", "licence: CC-BY-4.0", "licence: CC-BY-4.0\n[a, b]: c", 1),
    ("yaml-broken", "{id: police, title: Police, forces: true}", "{id: police, title: Police", 1),
    ("yaml-broken", "purpose: Twelve questions", "purpose: Twelve: questions", 0),
    ("yaml-tab", "      - {value: 1,", "\t- {value: 1,", 0),
    ("yaml-tag", "{id: police,", "!!python/object/apply:os.system {id: police,", 0),
    ("yaml-tag", "licence: CC-BY-4.0", "licence: !!str CC-BY-4.0", 0),
    ("yaml-tag", "licence: CC-BY-4.0", "licence: ! CC-BY-4.0", 0),
    ("yaml-alias", "licence: CC-BY-4.0", "licence: &a CC-BY-4.0", 0),
    ("yaml-alias", "licence: CC-BY-4.0", "licence: *a", 0),
    ("yaml-several", "licence: CC-BY-4.0", "---\nlicence: CC-BY-4.0", 0),
    ("yaml-control", "licence: CC-BY-4.0", "licence: CC\x00", 0),
    ("yaml-control", "licence: CC-BY-4.0", 'licence: "CC\\0"', 0),
    ("yaml-control", "licence: CC-BY-4.0", "licence: CC\x1b[2J", 0),
    ("yaml-too-deep", "licence: CC-BY-4.0", "licence: " + "[" * 300 + "]" * 300, 0),
)  # fmt: skip
WHOLE: tuple[tuple[str, bytes, int], ...] = (
    ("yaml-empty", b"", 1),
    ("yaml-empty", b"# only a remark\n", 1),
    ("yaml-empty", b"---\n", 1),
    ("yaml-not-a-mapping", b"- a\n- b\n", 1),
    ("yaml-not-a-mapping", b"words\n", 1),
    ("yaml-not-utf8", b"schema: x\nid: \xff\n", 2),
    ("yaml-not-utf8", "schema: x".encode("utf-16"), 1),
    ("yaml-too-large", b"a: " + b"x" * 4_000_000, 1),
    ("yaml-too-many", b"a: [" + b"1," * 200_001 + b"1]", 1),
    ("yaml-too-deep", b"a: " + b"[" * 400, 1),
    ("yaml-too-deep", b"\n".join(b" " * depth + b"a:" for depth in range(60)), 21),
)


def faults_of(text: str | bytes, name: str = NAME) -> list[tuple[str, int]]:
    content = text if isinstance(text, bytes) else text.encode("utf-8")
    protocol, faults = check_content(content, Path(name))
    assert (protocol is None) == bool(faults)
    for fault in faults:
        said = render(fault.phrase.key, **fault.params)
        assert not said.startswith("problem."), f"{said} lacks its words or a parameter"
    return [(fault.code, fault.line) for fault in faults]


def test_a_threat_is_asked_for_prevalence_and_impact_on_five_stages() -> None:
    text = (FOLDER / "threat-2026.1.yaml").read_text("utf-8")
    name = "threat-2026.1.yaml"
    assert faults_of(text, name) == []
    shifted = text.replace(
        "- value: 5\n        label: Pervasive", "- value: 6\n        label: Pervasive"
    )
    assert shifted != text
    codes = [code for code, _ in faults_of(shifted, name)]
    assert "protocol-threat-scale" in codes
    without = text.replace("id: impact,", "id: harm,", 1)
    assert without != text
    ((code, line),) = [each for each in faults_of(without, name) if "threat" in each[0]]
    assert code == "protocol-threat-part"
    assert without.splitlines()[line - 1].lstrip().startswith("- id:")


def test_the_protocol_of_the_guide_is_read_whole(tmp_path: Path) -> None:
    protocol = read_protocol(kept(tmp_path, guide_text()))
    assert protocol.name == "first-look-2026.1"
    assert (protocol.shape, protocol.standing) == (Shape.INDICATORS, Standing.PROPOSAL)
    assert len(protocol.indicators) == 12
    assert protocol.title.in_language("fr") == "Premier regard sur une unité"
    assert protocol.title.in_language("km") == "First look at a cybercrime unit"
    stage, first = protocol.scales["stage"], protocol.indicators["L1"]
    assert (stage.kind, stage.lowest, stage.highest) == (ScaleKind.ORDERED, 0, 3)
    assert str(first.stages[2]) == "A law is in force."
    assert (first.weight, first.confidence) == (2.0, Confidence.MEDIUM)
    assert protocol.scales["yes_no"].values[1].value == "no"
    asked = protocol.indicators["L4"].asked_if
    assert asked is not None
    assert (asked.indicator, asked.values) == ("L3", ("yes",))
    (related,) = protocol.indicators["P4"].related
    assert (related.to, related.relation) == ("P3", Relation.RELATED)
    assert [part.scale for part in protocol.indicators["W4"].parts] == ["yes_no", "stage"]
    assert protocol.scoring is not None
    assert [band.min for band in protocol.scoring.bands] == [0, 40, 80]
    assert protocol.scoring.critical is not None
    assert protocol.scoring.critical.blocks_intrusive


def test_what_only_some_protocols_have_is_read_too(tmp_path: Path) -> None:
    text, _ = changed("standing: proposal", "reviewed: {by: Dr X, on: 2026-02-03}\n"
                      "standing: reviewed")  # fmt: skip
    text, _ = changed("    critical: true", "    checked: {on: 2026-01-02, against: The text}\n"
                      "    article: {instrument: treaty, number: '7', title: A, category: c}\n"
                      "    critical: true", text)  # fmt: skip
    protocol = read_protocol(kept(tmp_path, text))
    assert protocol.reviewed is not None
    assert protocol.reviewed.on == date(2026, 2, 3)
    checked = protocol.indicators["L2"].checked
    assert checked is not None
    assert checked.on == date(2026, 1, 2)
    article = protocol.indicators["L2"].article
    assert article is not None
    assert (article.instrument, article.number) == ("treaty", "7")
    assert protocol.instruments["treaty"].adopted_on == date(2001, 11, 23)
    (older,) = protocol.maps_from
    assert older.indicators == {"L01": ("L1",), "L02": ("L2", "L4"), "L99": ()}


@pytest.mark.parametrize(
    ("code", "old", "new", "below"),
    BROKEN,
    ids=[f"{code}-{order}" for order, (code, *_) in enumerate(BROKEN)],
)
def test_a_fault_is_told_with_its_line(code: str, old: str, new: str, below: int) -> None:
    text, line = changed(old, new)
    assert (code, line + below) in faults_of(text)


@pytest.mark.parametrize(("code", "content", "line"), WHOLE, ids=range(len(WHOLE)))
def test_a_file_that_is_no_protocol_gives_one_clear_fault(
    code: str, content: bytes, line: int
) -> None:
    assert faults_of(content) == [(code, line)]


def test_a_depth_at_which_the_parser_itself_gives_up_is_one_fault() -> None:
    ((code, line),) = faults_of(b"a: " + b"[" * 1_000_000)
    assert code in {"yaml-broken", "yaml-too-deep"}
    assert line == 1


def test_conditions_that_ask_each_other_are_a_circle() -> None:
    text, line = changed("    critical: true", "    asked_if: {indicator: L4, values: [0]}\n"
                         "    critical: true")  # fmt: skip
    text, _ = changed('{indicator: L3, values: ["yes"]}', "{indicator: L2, values: [1]}", text)
    assert faults_of(text) == [("protocol-circle", line)]


def test_every_fault_there_is_has_its_broken_file_and_its_words() -> None:
    source = [Path(str(module.__file__)) for module in (reading, fields, checks)]
    source.append(Path(reading.__file__).parents[2] / "ground" / "yaml_tree.py")
    coded = {
        node.value
        for path in source
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        and re.fullmatch(r"(?:protocol|yaml)(?:-[a-z0-9]+)+", node.value)
    }  # fmt: skip
    tried = {code for code, *_ in BROKEN} | {code for code, *_ in WHOLE}
    # each has a test of its own
    tried |= {"protocol-too-many-faults", "protocol-threat-part", "protocol-threat-scale"}
    assert coded == tried
    said = {key.removeprefix("problem.") for key in english() if key.startswith("problem.")}
    assert coded <= said
    assert {each for each in said if each.startswith(("protocol-", "yaml-"))} <= coded


def test_a_scale_of_the_wrong_kind_is_told_once() -> None:
    text, line = changed("kind: count", "kind: amount")
    assert faults_of(text) == [("protocol-not-one-of", line)]


def test_all_faults_of_a_file_are_gathered_in_its_order() -> None:
    text, first = changed("shape: indicators", "shape: round")
    text, second = changed("{id: police, title: Police, forces: true}", "{id: police}", text)
    text, third = changed("depends_on: [W2]", "depends_on: [W9]", text)
    assert faults_of(text) == [
        ("protocol-not-one-of", first),
        ("protocol-missing-key", second),
        ("protocol-unknown-reference", third),
    ]


def test_a_key_of_which_yaml_makes_true_stays_a_key(tmp_path: Path) -> None:
    """In YAML 1.1 `on` is true; here a key is what was written."""
    text, _ = changed("    critical: true", "    checked: {on: 2026-01-02, against: x}")
    assert faults_of(text) == []


def test_a_file_of_nothing_but_faults_is_not_read_to_its_end() -> None:
    head, _, _ = full_text().partition("indicators:\n")
    told = faults_of(head + "indicators:\n" + "- {}\n" * 150_000)
    assert told[0] == ("protocol-too-many-faults", 1)
    assert fields.LIMIT_FAULTS < len(told) < fields.LIMIT_FAULTS + 50


def test_a_byte_order_mark_and_the_line_ends_of_windows_are_passed_over() -> None:
    content = b"\xef\xbb\xbf" + full_text().replace("\n", "\r\n").encode("utf-8")
    assert faults_of(content) == []


def test_checked_may_be_null_and_nothing_else_may() -> None:
    text, _ = changed("    critical: true", "    checked: null\n    critical: true")
    assert faults_of(text) == []
    text, line = changed("    critical: true", "    help: null\n    critical: true")
    assert faults_of(text) == [("protocol-empty-value", line)]


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor() -> None:
    rows = [b"a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [b"a%d: &a%d [%s]" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 30)]
    assert faults_of(b"\n".join(rows)) == [("yaml-alias", 1)]


def test_an_error_names_the_first_fault_and_their_count(tmp_path: Path) -> None:
    text, line = changed("shape: indicators", "shape: round")
    text, _ = changed("{id: police, title: Police, forces: true}", "{id: police}", text)
    path = kept(tmp_path, text)
    with pytest.raises(ProtocolNotReadable) as caught:
        read_protocol(path)
    params = caught.value.params
    assert (params["path"], params["line"], params["count"]) == (str(path), line, 2)
    said = render("error.protocol-not-readable.sentence", **params)
    assert "round must be one of" in said


@pytest.mark.parametrize("name", ["none.yaml", "."])
def test_a_file_that_is_not_there_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotReadable):
        check_protocol(tmp_path / name)


def test_a_method_is_known_by_those_that_are_given(tmp_path: Path) -> None:
    path = kept(tmp_path, guide_text())
    assert check_protocol(path, methods=("area-profile-1", "other-1"))[1] == []
    _, (fault,) = check_protocol(path, methods=("other-1",))
    assert fault.code == "protocol-unknown-method"


def test_no_key_stands_in_a_form_twice() -> None:
    for form in forms.FORMS.values():
        assert len(form.known) == len(set(form.known))


def test_a_long_chain_is_no_circle_and_a_long_circle_is_one() -> None:
    chain: dict[str, tuple[str, ...]] = {str(n): (str(n + 1),) for n in range(50_000)}
    assert list(circles(chain)) == []
    chain["50000"] = ("0",)
    (found,) = circles(chain)
    assert (found[0], found[-1], len(found)) == ("0", "0", 50_002)


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"))))
def test_a_circle_is_found_where_a_slow_twin_finds_one(graph: dict[str, list[str]]) -> None:
    def reaches(start: str, goal: str, seen: frozenset[str] = frozenset()) -> bool:
        return any(
            each == goal or (each not in seen and reaches(each, goal, seen | {each}))
            for each in graph.get(start, [])
        )

    found = list(circles(graph))
    assert bool(found) == any(reaches(each, each) for each in graph)
    for circle in found:
        assert circle[0] == circle[-1]
        assert all(b in graph[a] for a, b in pairwise(circle))


PIECES = ["- ", ": ", "\n", "  ", "{", "}", "[", "]", '"', "'", "&a", "*a", "!", "|", ">", "#",
          "\t", "\x00", "\ufeff", "null", "yes", "9" * 5000, "id", "L1", "<<", "---", "%", "…",
          "\u202e", "-1", "1e999", "2026-13-01"]  # fmt: skip


@examples(150)
@given(st.randoms(use_true_random=False), st.integers(1, 6))
def test_reading_a_mutated_protocol_raises_nothing(chance: random.Random, times: int) -> None:
    text = full_text()
    for _ in range(times):
        at = chance.randrange(len(text))
        end = at + chance.choice((0, 0, 1, 3, 30, 400))
        text = text[:at] + chance.choice(PIECES) + text[end:]
    try:
        faults_of(text)
    except KancilError as error:
        raise AssertionError(error.code) from error


@examples(300)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda s: s.encode("utf-8"))))
def test_reading_any_bytes_raises_nothing(content: bytes) -> None:
    faults_of(content)
