"""Backup while others work, and the restore drill: everything back, on either database."""

from __future__ import annotations

import io
import json
import random
import shutil
import tarfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from kancil.cli.errors import RowsDiffer
from kancil.custody.acting import ActingOfficer
from kancil.custody.basis import from_text
from kancil.custody.errors import LedgerBroken
from kancil.custody.officers import add_first_officer, found_unit
from kancil.custody.verify import verify_ledger
from kancil.desk.access.actions import add_member, admit_person, enter_case, record_factor
from kancil.desk.access.server import ensure_server
from kancil.desk.base.errors import DeskNotEmpty
from kancil.desk.base.opening import close_desk, open_desk
from kancil.desk.base.tables import FROM_LEDGER, LEFT_OUT, copied_tables, table_lines
from kancil.desk.cases.actions import admit_exhibit, open_case
from kancil.desk.cases.models import Case, Exhibit
from kancil.desk.custody.store import DeskLedger
from kancil.desk.people.actions import add_person
from kancil.desk.people.models import KeyTry, Membership, Person, Role
from kancil.desk.selectors.models import Notice
from kancil.desk.studies.models import Watch, WatchScript, WatchTouch
from kancil.evidence.backup import SIGNATURE_FORMAT
from kancil.evidence.errors import BackupBroken, BackupNotReadable
from kancil.ground import canonical, clock
from kancil.ground.digests import sha256_hex
from kancil.ground.errors import KancilError
from kancil.ground.ids import CaseId, OfficerId, new_id
from kancil.ground.signedfile import write_signed
from kancil.ground.signing import Signer, fingerprint
from kancil.web.errors import SecondFactorSealed
from tests.cli.running import run
from tests.desk.checks import rows_against_ledger
from tests.desk.desks import QUICK_AND_THOROUGH, Desk, Maker
from tests.desk.test_locks import start
from tests.web.codes import code_now

PASSWORD = "seven horses in the rain"

BACKED_UP = {
    "account.emailaddress",
    "account.emailconfirmation",
    "axes.accessfailurelog",
    "axes.accesslog",
    "mfa.authenticator",
    "people.caseopening",
    "people.keytry",
    "people.membership",
    "people.person",
    "selectors.notice",
    "studies.findingdraft",
    "studies.findingversion",
    "studies.watch",
    "studies.watchscript",
    "studies.watchtouch",
}
CLASSROOM = {
    "training.admittedfile",
    "training.answer",
    "training.attempt",
    "training.classpackage",
    "training.classtally",
    "training.correction",
    "training.coursetest",
    "training.enrolment",
    "training.evaluationsheet",
    "training.issuedcertificate",
    "training.joinslip",
    "training.labrun",
    "training.mark",
    "training.marksconsent",
    "training.mentoringnote",
    "training.reopening",
    "training.revocationlist",
    "training.sheetdone",
    "training.sitting",
    "training.sittinganswer",
    "training.textmark",
    "training.trainingclass",
    "training.trainingclass_trainers",
    "training.variant",
}
"""Of a classroom; tests/desk/training/test_restored.py brings rows of them back."""
PROGRAMME = {
    "assessment.act",
    "assessment.answer",
    "assessment.answer_evidence",
    "assessment.body",
    "assessment.comment",
    "assessment.comment_evidence",
    "assessment.commentreply",
    "assessment.commentterm",
    "assessment.comparedprovision",
    "assessment.costline",
    "assessment.country",
    "assessment.duediligence",
    "assessment.evidenceitem",
    "assessment.focalcountry",
    "assessment.gapwish",
    "assessment.instrumentstatus",
    "assessment.interview",
    "assessment.knownkey",
    "assessment.legalsignature",
    "assessment.matter",
    "assessment.narrative",
    "assessment.officialarticle",
    "assessment.officialtext",
    "assessment.planitem",
    "assessment.planitem_depends_on",
    "assessment.protocolfile",
    "assessment.release",
    "assessment.respondent",
    "assessment.roadstep",
    "assessment.round",
    "assessment.round_protocols",
    "assessment.settlement",
    "assessment.signoff",
    "assessment.statuteextract",
    "assessment.teammember",
    "packages.receivedpackage",
    "packages.sitekey",
}
"""Of the other site; tests/desk/assessment/test_acts.py brings rows of all of them back."""
DELIVERY = {
    "programme.activity",
    "programme.activity_countries",
    "programme.activity_plan_items",
    "programme.activitydiligence",
    "programme.agendaitem",
    "programme.budgetline",
    "programme.columnmapping",
    "programme.delegation",
    "programme.document",
    "programme.donor",
    "programme.donorreport",
    "programme.donorreport_figures",
    "programme.donorseat",
    "programme.earmarkoverride",
    "programme.evaluationanswer",
    "programme.evaluationform",
    "programme.eventdevice",
    "programme.figure",
    "programme.followup",
    "programme.formdraft",
    "programme.funding",
    "programme.grant",
    "programme.grant_countries",
    "programme.grant_outputs",
    "programme.handover",
    "programme.headcount",
    "programme.iatifile",
    "programme.importbatch",
    "programme.indicator",
    "programme.indicatorversion",
    "programme.mark",
    "programme.nodeversion",
    "programme.organisation",
    "programme.participant",
    "programme.participation",
    "programme.placement",
    "programme.rate",
    "programme.ratetable",
    "programme.receipt",
    "programme.resultnode",
    "programme.spendingfile",
    "programme.spendingline",
    "programme.statedactivity",
    "programme.usecheck",
    "programme.visit",
}
"""Of the other site's activities, people, money and results."""


def test_every_table_is_backed_up_or_left_out_on_purpose() -> None:
    """A new table turns this red: decide whether a restored site needs its rows."""
    assert {
        model._meta.label_lower for model in copied_tables()
    } == BACKED_UP | CLASSROOM | PROGRAMME | DELIVERY
    there = {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}
    assert set(LEFT_OUT) <= there
    derived = {name for name in there if name.split(".")[0] in FROM_LEDGER}
    joins = {"auth.group_permissions"}
    assert there == BACKED_UP | CLASSROOM | PROGRAMME | DELIVERY | set(LEFT_OUT) | derived | joins


def filled(desk: Desk) -> tuple[DeskLedger, ActingOfficer, str]:
    """Found a unit with people, a case, an exhibit and second factors; gives the TOTP secret."""
    ledger, unit = desk.ledger(), desk.keys.unit_signer()
    found_unit(ledger, name="Unit", country="LA", zone="Asia/Vientiane", unit_signer=unit)
    officer = OfficerId(new_id())
    by = ActingOfficer(officer, desk.keys.create_officer(officer))
    add_first_officer(
        ledger, officer=officer, name="Anna", role="investigator", vouched_how="present",
        public_raw=by.signer.public_raw, unit_signer=unit,
    )  # fmt: skip
    ensure_server(ledger, desk.keys, name="Server", vouched_how="test", by=by)
    for name, role in (("anna", Role.OFFICER), ("ຄໍາ", Role.READER)):
        person, _ = admit_person(ledger, username=name, name=f"{name} 🦌", role=role, by=by)
        person.set_password(PASSWORD)
        person.must_change_password = False
        person.save()
    anna = Person.objects.get(username="anna")
    case = open_case(ledger, title="Case", basis=from_text("Court"), opener=anna, by=by)
    add_member(ledger, case=case, username="ຄໍາ", by=by, adder=anna)
    enter_case(ledger, case=case, person=anna, session="a" * 64, by=by)
    take(desk, ledger, case, by, b"the evidence")
    secret = generate_totp_secret()
    factor = TOTP.activate(anna, secret).instance
    record_factor(ledger, anna, change="factor-added", kind="totp", number=str(factor.pk), by=by)
    RecoveryCodes.activate(anna)
    KeyTry.objects.create(person=anna, officer=by.id, tried_at=clock.now())
    told = {"kind": "iban", "value": "TL380080012345678910157", "by": "Anna"}
    Notice.objects.create(case_id=str(new_id()), at=clock.now(), **told)
    watch = Watch.objects.create(
        number=1, chain="main", address="A", is_cluster=False, case_id=case, reason="ຄໍາ 🦌",
        legal_basis="Court", by=by.id, since=clock.now(),
    )  # fmt: skip
    WatchScript.objects.create(watch=watch, kind=1, payload="aa", since=clock.now())
    WatchTouch.objects.create(
        watch=watch, txid="b" * 64, in_sat=21 * 10**14, out_sat=0, change="gone", is_gone=True,
        found_at=clock.now(),
    )  # fmt: skip
    return ledger, by, secret


def take(desk: Desk, ledger: DeskLedger, case: CaseId, by: ActingOfficer, data: bytes) -> None:
    source = desk.workspace.root.parent / f"source-{new_id()}"
    source.write_bytes(data)
    admit_exhibit(ledger, desk.vault, case=case, paths=[source], title="F", source="usb", by=by)


def back_up(desk: Desk, *options: str) -> Path:
    out = desk.workspace.root.parent / f"{new_id()}.tar"
    ran = run("backup", "-o", out, "--json", *options, env=desk.environment())
    assert ran.status == 0, ran
    return out


def other_desk(desk: Desk, kind: str, maker: Maker) -> Desk:
    """A folder that is not there yet and an empty database of a kind."""
    maker.make(kind, desk.workspace.root.parent / f"unused-{kind}").workspace.desk_path.unlink(
        missing_ok=True
    )
    root = desk.workspace.root.parent / f"again-{kind}"
    return Desk(replace(desk.workspace, root=root), maker.empty_url(kind))


def restore(desk: Desk, source: Path, status: int = 0) -> Any:
    ran = run("restore", source, desk.workspace.root, "--json", env=desk.environment())
    assert ran.status == status, ran
    return json.loads(ran.out)


def signed_in(code: str | None, password: str = PASSWORD) -> bool:
    """Sign anna in as a browser does; says whether the first page came."""
    cache.clear()  # it keeps which codes were used
    client = Client(headers={"host": "localhost"})
    client.post("/sign-in/", {"login": "anna", "password": password})
    if code is not None:
        client.post("/sign-in/code/", {"code": code})
    return client.get("/").status_code == 200


def pages_of(username: str) -> tuple[int, int]:
    """Sign somebody without codes in; gives how the first page and the case's page answer."""
    client = Client(headers={"host": "localhost"})
    client.post("/sign-in/", {"login": username, "password": PASSWORD})
    return client.get("/").status_code, client.get("/cases/1/").status_code


def without_passwords(lines: Iterable[bytes]) -> list[dict[str, Any]]:
    """The rows of tables, but for what a restore makes void."""
    rows = [json.loads(line) for line in lines]
    for row in rows:
        for name in ("password", "must_change_password"):
            row["fields"].pop(name, None)
    return rows


def renew(passwords: dict[str, str]) -> None:
    """Let each of these people put a password of their own in the place of the one-time one."""
    for username, password in passwords.items():
        person = Person.objects.get(username=username)
        assert person.must_change_password
        assert person.check_password(password)
        person.set_password(PASSWORD)
        person.must_change_password = False
        person.save()


def it_goes_on_with_keys(desk: Desk, again: Desk, by: ActingOfficer, secret: str) -> None:
    """With keys/ put back, codes are checked, cases opened and people added as before."""
    shutil.copytree(desk.workspace.keys_dir, again.workspace.keys_dir, dirs_exist_ok=True)
    again.open()
    assert signed_in(code_now(secret))
    assert pages_of("ຄໍາ") == (200, 200)
    anna = Person.objects.get(username="anna")
    case = Case.objects.get()
    assert Membership.objects.filter(person=anna, case_id=case.id).exists()
    enter_case(again.ledger(), case=CaseId(case.id), person=anna, session="b" * 64, by=by)
    person, _ = admit_person(again.ledger(), username="new", name="New", role=Role.OFFICER, by=by)
    assert person.pk > anna.pk, "numbers go on after those that were restored"
    rows_against_ledger(again.ledger())


@pytest.mark.parametrize("target", QUICK_AND_THOROUGH)
def test_the_restore_drill(desk: Desk, target: str, maker: Maker) -> None:
    ledger, by, secret = filled(desk)
    assert signed_in(code_now(secret))
    lines, head = list(ledger.lines()), ledger.head()
    printed = desk.workspace.root / "desk" / "reports" / "C1-9.pdf"
    printed.parent.mkdir()
    printed.write_bytes(b"%PDF")
    tables = list(table_lines())
    assert {json.loads(line)["table"] for line in tables} >= BACKED_UP - {
        "account.emailaddress", "account.emailconfirmation", "studies.findingdraft",
        "studies.findingversion", "axes.accessfailurelog",
    }  # fmt: skip
    out = back_up(desk)
    with tarfile.open(out) as tar:
        names = tar.getnames()
    assert not [name for name in names if name.startswith("keys")]
    assert {"ledger/entries.jsonl", "desk/tables.jsonl"} <= set(names)

    again = other_desk(desk, target, maker)
    answer = restore(again, out, status=RowsDiffer.exit_status)  # no entry records the report
    assert (answer["entries"], answer["troubles"], answer["has_keys"]) == (head.size, [], False)
    again.open()
    restored = again.ledger()
    assert list(restored.lines()) == lines
    assert (answer["rows"], [each["file"] for each in answer["kept"]]) == ([], ["C1-9.pdf"])
    assert answer["signed_by"] == fingerprint(by.signer.public_raw)
    assert without_passwords(table_lines()) == without_passwords(tables)
    assert verify_ledger(restored).problems == []
    rows_against_ledger(restored)
    folder = again.workspace.root
    kept = folder / "desk" / "reports" / "C1-9.pdf"
    assert kept.read_bytes() == b"%PDF"
    kept.unlink()  # no entry records it
    assert not (folder / "ledger").exists()
    assert not (folder / "desk" / "tables.jsonl").exists()
    assert run("verify", folder, env=again.environment()).status == 0

    # Without keys: the books are read and a new password signs in, but no code can be
    # checked, for its secret is sealed, and nothing can be signed.
    again.open()
    assert pages_of("ຄໍາ") == (302, 302), "an old password signs nobody in"
    renew(answer["passwords"])
    totp = Authenticator.objects.get(type="totp")
    with pytest.raises(SecondFactorSealed):
        get_adapter().decrypt(totp.data["secret"])
    assert not signed_in(None)
    assert not signed_in(code_now(secret))
    assert pages_of("ຄໍາ") == (200, 404)
    assert run("case", "new", "T", "--legal-basis", "x", env=again.environment()).status != 0

    it_goes_on_with_keys(desk, again, by, secret)
    close_desk()
    maker.drop(again.url)


def test_keys_travel_only_when_asked_and_the_restore_is_recorded(desk: Desk, maker: Maker) -> None:
    filled(desk)
    out = back_up(desk, "--with-keys")
    again = other_desk(desk, "sqlite", maker)
    assert restore(again, out)["has_keys"] is True
    again.open()
    assert [entry.kind for entry in again.ledger().entries()][-1] == "workspace.restored"
    close_desk()


@pytest.mark.thorough
def test_a_backup_is_of_one_moment_while_others_append(desk: Desk, maker: Maker, kind: str) -> None:
    """Two processes append and this one takes files in, while backups are made and restored."""
    ledger, by, _ = filled(desk)
    case = CaseId(Case.objects.get().id)
    children = [start(desk, by, 100_000) for _ in range(2)]
    outs, sizes = [], []
    try:
        for number in range(3):
            take(desk, ledger, case, by, random.Random(number).randbytes(200_000))
            outs.append(back_up(desk))
            desk.open()
            ledger = desk.ledger()
            sizes.append(ledger.head().size)
    finally:
        for child in children:
            child.kill()
            child.communicate()
    assert all(child.returncode == -9 for child in children), "they append to the end"
    assert sizes == sorted(set(sizes))
    for number, out in enumerate(outs):
        again = Desk(
            replace(desk.workspace, root=desk.workspace.root.parent / f"again{number}"),
            maker.empty_url(kind),
        )
        answer = restore(again, out)
        assert answer["troubles"] == []
        assert exhibit_count(again) == 2 + number
        close_desk()
        maker.drop(again.url)


def exhibit_count(desk: Desk) -> int:
    """Open a restored desk, check all of it, and count its exhibits."""
    desk.open()
    ledger = desk.ledger()
    rows_against_ledger(ledger)
    assert verify_ledger(ledger).problems == []
    for sha256 in desk.vault.contents():
        desk.vault.check(sha256)
    assert len(list(desk.vault.contents())) == 2 * Exhibit.objects.count()
    return Exhibit.objects.count()


def rewritten(
    source: Path,
    change_member: Callable[[str, bytes], bytes | None],
    signer: Signer | None = None,
) -> Path:
    """Write a backup anew with other members, its list fitting them; None leaves one out.

    `signer`: whose signature it gets; without one it is as the unsigned ones of before.
    """
    out = source.with_name(f"{new_id()}.tar")
    listed = []
    with tarfile.open(source) as old, tarfile.open(out, "w") as new:
        for member in old:
            data = old.extractfile(member).read()  # type: ignore[union-attr]  # all are files
            if member.name in ("BACKUP.json", "BACKUP.sig"):
                continue
            changed = change_member(member.name, data)
            if changed is None:
                continue
            listed.append(
                {
                    "path": member.name,
                    "sha256": sha256_hex(changed),
                    "size_bytes": str(len(changed)),
                }
            )
            add_member_to(new, member.name, changed)
        stated = {"files": listed, "format": 2, "missing": [], "what": "kancil-backup"}
        listing = canonical.dumps(stated if signer is None else {**stated, "format": 3})
        if signer is not None:
            fields = {"format": SIGNATURE_FORMAT, "list_sha256": sha256_hex(listing)}
            add_member_to(new, "BACKUP.sig", write_signed(fields, signer))
        add_member_to(new, "BACKUP.json", listing)
    return out


def add_member_to(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    header = tarfile.TarInfo(name)
    header.size = len(data)
    tar.addfile(header, io.BytesIO(data))


def _in_tables(old: bytes, new: bytes) -> Callable[[str, bytes], bytes | None]:
    return lambda name, data: data.replace(old, new) if name == "desk/tables.jsonl" else data


def _line_in_tables(line: bytes) -> Callable[[str, bytes], bytes | None]:
    return lambda name, data: data + line + b"\n" if name == "desk/tables.jsonl" else data


HOSTILE: dict[str, tuple[Callable[[str, bytes], bytes | None], type[KancilError]]] = {
    "an entry was changed": (
        lambda name, data: data.replace(b"Anna", b"Anne") if "entries" in name else data,
        LedgerBroken,
    ),
    "entries are missing": (
        lambda name, data: b"\n".join(data.split(b"\n")[2:]) if "entries" in name else data,
        LedgerBroken,
    ),
    "there are no entries": (
        lambda name, data: b"" if "entries" in name else data, LedgerBroken,
    ),
    "no ledger": (lambda name, data: None if "entries" in name else data, BackupBroken),
    "no tables": (lambda name, data: None if "tables" in name else data, BackupBroken),
    "an unknown table": (_in_tables(b"people.person", b"people.nobody"), BackupNotReadable),
    "a table of the ledger": (
        _line_in_tables(b'{"fields":{"one":"1"},"table":"custody.ledgerhead"}'), BackupNotReadable,
    ),
    "an unknown column": (_in_tables(b'"username":', b'"usurname":'), BackupNotReadable),
    "a column that cannot be": (_in_tables(b'"is_active":"True"', b'"is_active":"perhaps"'),
                                BackupNotReadable),
    "a row of nobody": (_in_tables(b'"person_id":"', b'"person_id":"9'), BackupNotReadable),
    "the same account twice": (_in_tables("ຄໍາ".encode(), b"anna"), BackupNotReadable),
    "no row at all": (_line_in_tables(b"[]"), BackupNotReadable),
    "no JSON": (_line_in_tables(b"\xff\x00"), BackupNotReadable),
}  # fmt: skip


def test_a_backup_that_somebody_wrote_anew_is_refused_and_leaves_nothing(
    desk: Desk, maker: Maker, kind: str
) -> None:
    filled(desk)
    source = back_up(desk)
    again = Desk(
        replace(desk.workspace, root=desk.workspace.root.parent / "again"), maker.empty_url(kind)
    )
    for name, (change_member, error) in HOSTILE.items():
        hostile = rewritten(source, change_member)
        answer = restore(again, hostile, status=error.exit_status)
        assert answer["error"]["code"] == error.code, name
        assert not again.workspace.root.exists(), name
    # The same database takes the right backup afterwards.
    assert restore(again, source)["troubles"] == []
    close_desk()
    maker.drop(again.url)


@pytest.mark.thorough
def test_a_database_that_holds_something_is_not_filled(desk: Desk, maker: Maker) -> None:
    filled(desk)
    source = back_up(desk)
    taken = maker.make("postgresql", desk.workspace.root.parent / "taken")
    add_person(username="somebody", name="S", role=Role.OFFICER)
    again = Desk(replace(desk.workspace, root=desk.workspace.root.parent / "again"), taken.url)
    assert restore(again, source, DeskNotEmpty.exit_status)["error"]["code"] == "desk-not-empty"
    assert not again.workspace.root.exists()
    open_desk(taken.workspace, taken.url)
    assert Person.objects.count() == 1
    assert not Case.objects.exists()
    close_desk()


def test_a_person_with_a_strange_name_and_every_kind_of_value_comes_back(
    desk: Desk, maker: Maker, kind: str
) -> None:
    ledger, by, _ = filled(desk)
    names = ["'; DROP TABLE person; --", "\u202eback", "line\nline", "🦌" * 60, "\\x00", "null"]
    for name in names:
        person, _ = admit_person(ledger, username=name, name=name, role=Role.READER, by=by)
        person.last_login = timezone.now()
        person.save()
    tables = without_passwords(table_lines())
    again = other_desk(desk, kind, maker)
    restore(again, back_up(desk))
    again.open()
    assert without_passwords(table_lines()) == tables
    close_desk()
    maker.drop(again.url)
