"""What a bundle's shown entries state, as the checker gives it and as doors print it."""

from __future__ import annotations

import json
from dataclasses import replace

from kancil.custody.basis import kinds
from kancil.custody.entry import read_entry
from kancil.custody.exhibits import TO_KINDS
from kancil.ground.words import has, render
from kancil.records.finding import FindingClass
from kancil.reports.casework.bundle.checker.verify import verify_bytes
from kancil.reports.casework.bundle.material import OWN_TARGET
from kancil.reports.casework.bundle.statement_words import by, intro, sections, title
from kancil.reports.casework.bundle.statements import STATUSES, Statements, statements_of
from kancil.reports.casework.bundle.verify_chain import check_chain, power_of_tries
from tests.page.bundle_maker import (
    CASE,
    EXHIBIT,
    OFFICER,
    PROOFS,
    Key,
    Plan,
    found_ledger,
    make_bundle,
)
from tests.page.stated_ledger import (
    SERVER,
    TEXT,
    tell,
    tell_by_server,
    tell_hostile,
    with_server_key,
)
from tests.reports.make_sample_bundle import make_sample
from tests.reports.tiny_custody import ledger_for


def of(plan: Plan) -> Statements:
    found = verify_bytes(make_bundle(plan)).statements
    assert found is not None
    return found


def test_a_bundle_of_kancil_states_its_case_basis_exhibit_and_purpose() -> None:
    verdict = verify_bytes(make_sample().seal())
    found = verdict.statements
    assert found is not None
    assert found.case is not None
    assert (found.case.number, found.case.title) == ("1", "Sample: payment under threat")
    assert found.case.said.by is not None
    assert found.case.said.by.name == "Dara (sample)"
    (basis,) = found.bases
    assert (basis.kind, basis.number, basis.authority) == ("order", "12/2026", "Sample Court")
    (exhibit,) = found.exhibits
    assert (exhibit.status, exhibit.title, len(exhibit.contents)) == ("held", "Block files", 1)
    assert found.bundle is not None
    assert found.bundle.purpose == "to show"
    assert found.sealed == 0
    assert json.loads(json.dumps(verdict.as_dict()))["statements"] == found.as_dict()


def test_the_last_entry_says_where_an_exhibit_is() -> None:
    found = of(Plan(twist_ledger=tell))
    (exhibit,) = found.exhibits
    assert exhibit.status == "deposited"
    assert exhibit.holder is not None
    assert (exhibit.holder.name, exhibit.holder.officer) == ("Registry of the court", None)
    assert (exhibit.place, exhibit.contents[0].md5) == ("court archive", "a" * 32)


def test_an_entry_that_a_server_signed_names_the_person_it_was_signed_for() -> None:
    found = of(Plan(twist_ledger=tell_by_server, twist_custody=with_server_key))
    first, second, third, fourth = found.bases
    assert by(first.said) == "Dara (sample) (officer 1)", "the opening, by Dara's own key"
    assert by(second.said) == (
        "Dara (sample) (officer 1): signed for by the server Workbench (officer 2), which says "
        "that the account dara was recognised by its password and a code"
    )
    (exhibit,) = found.exhibits
    assert exhibit.said is not None
    assert by(exhibit.said) == (
        "visitor: signed for by the server Workbench (officer 2), which says that "
        "the account visitor was recognised by a letter"
    )
    said = by(third.said) or ""
    assert said.startswith("not stated: signed for by the server")
    assert "account not stated" in said
    assert fourth.said.signed_for is None, "nobody but a server acts for somebody"
    assert by(fourth.said) == "Dara (sample) (officer 1)"


def test_an_exhibit_that_a_server_took_in_is_held_by_the_person() -> None:
    ledger = found_ledger(Plan())
    tell_by_server(ledger)
    behalf = {"account": "dara", "authenticated_by": "passkey", "officer": OFFICER}
    body = {"number": 9, "title": "Disk", "on_behalf": behalf}
    disk = "01936000-0000-7000-8000-0000000000e9"
    ledger.add("exhibit.added", body, Key("server"), officer=SERVER, case=CASE, exhibit=disk)
    entries = [read_entry(line) for line in ledger.entries]
    taken = statements_of(entries).exhibits[-1]
    assert taken.holder is not None
    assert taken.holder.officer == OFFICER


def test_a_study_is_stated_and_the_finding_that_names_its_result_is_linked() -> None:
    found = of(Plan(twist_ledger=tell))
    (study,) = found.studies
    assert (study.number, study.study, study.version) == ("12", "exposure", "1")
    assert [each.rests_on for each in found.findings] == [None, None, "S12", None]
    text = str(sections(found))
    assert "Study S12 (exposure, version 1) was run and its result was recorded" in text


def test_a_finding_keeps_its_exact_text_class_and_language() -> None:
    found = of(Plan(twist_ledger=tell))
    first = found.findings[0]
    assert (first.finding_class, first.text, first.language) == ("chain-fact", TEXT, "en")
    assert [each.number for each in found.findings] == ["1", "2", "3", "4"]


def test_sealed_entries_are_counted_once_and_beside_their_exhibit() -> None:
    found = of(Plan(sealed=frozenset({6})))
    assert found.sealed == 1
    assert [(each.id, each.sealed) for each in found.exhibits] == [(EXHIBIT, 1)]


def test_what_has_not_the_right_type_is_not_stated() -> None:
    found = of(Plan(twist_ledger=tell_hostile))
    assert [basis.number for basis in found.bases] == [None, None, None]
    assert found.findings[3].text is None
    (exhibit,) = found.exhibits
    assert exhibit.status == "disposed"
    assert len(exhibit.removed) == 3
    assert exhibit.removed[1].sha256 is None
    assert exhibit.order is not None
    assert exhibit.order["date"] == "5"
    assert sections(found)


def test_nothing_is_quoted_where_custody_does_not_hold_or_the_key_is_another() -> None:
    bundle = make_bundle()
    assert verify_bytes(bundle[:-1]).statements is None
    assert verify_bytes(bundle, key=Key("someone else").fingerprint).statements is None
    assert verify_bytes(bundle, key=Key("officer").fingerprint).statements is not None
    broken = make_bundle(Plan(twist_statement=lambda one: one.update(case=None)))
    assert verify_bytes(broken).statements is None
    assert verify_bytes(broken).as_dict()["statements"] is None


def test_another_bundle_of_the_case_is_not_taken_for_this_one() -> None:
    entries = [read_entry(line) for line in ledger_for("a" * 64, []).entries]
    assert statements_of(entries, analysis_sha256="a" * 64).bundle is not None
    assert statements_of(entries, analysis_sha256="b" * 64).bundle is None
    assert statements_of(entries).bundle is not None


def test_no_entries_state_nothing() -> None:
    assert sections(statements_of([])) == []


def test_sections_say_everything_in_words() -> None:
    found = sections(of(Plan(twist_ledger=tell, sealed=frozenset({6}))))
    titles = [each.title for each in found]
    assert titles[0] == render("note.stated-case")
    assert titles.count(render("note.stated-basis")) == 2
    assert render("note.stated-exhibit", number="3") in titles
    assert titles[-1] == render("note.stated-sealed", count=1)
    facts = [fact for each in found for fact in each.facts]
    assert not [label for label, _ in facts if label.startswith("name.")]
    assert not [value for _, value in facts if value.startswith("note.")]
    assert (render("name.stated-text"), TEXT) in facts
    assert title() == render("note.stated-title")
    assert intro() == render("note.stated-lead")


def test_every_term_of_the_format_has_its_words() -> None:
    wanted = [f"class-{each.value}" for each in FindingClass]
    wanted += [f"where-{each}" for each in STATUSES]
    wanted += [f"receiver-{each}" for each in TO_KINDS]
    wanted += [f"kind-{each}" for each in kinds() if ":" not in each]
    assert [each for each in wanted if not has(f"note.stated-{each}")] == []


def test_blocks_on_their_own_target_tell_how_many_tries_they_took() -> None:
    # Of the first blocks each took 2^32 tries; block 702861 has the bits 0x170ed0eb: 2^76.
    material = make_sample().answers.material
    blocks = tuple(replace(block, work=OWN_TARGET) for block in material.blocks)
    easy = replace(material, blocks=blocks)
    said = check_chain(easy).said
    (own,) = [each for each in said if each.code == "chain-work-own"]
    assert own.params == {"count": len(blocks), "power": 32}
    assert "2^32 tries" in own.sentence()
    hard = bytes.fromhex(PROOFS["new"]["header"])
    alone = replace(material, headers=hard, blocks=(replace(blocks[0], place=0),))
    assert power_of_tries(alone) == 76
    both = replace(
        easy, headers=material.headers + hard,
        blocks=(*blocks, replace(blocks[0], place=len(material.headers) // 80)),
    )  # fmt: skip
    assert power_of_tries(both) == 32
