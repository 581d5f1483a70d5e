"""Files of a round on the site: forms, signed answers, sheets, and the whole of it."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from kancil.assessment.answer import Given, Kind
from kancil.assessment.exchange import Audience, write_parcel
from kancil.assessment.protocol_files.library import named_protocol
from kancil.custody.keys import KeyRing
from kancil.ground import clock
from kancil.ground.signing import MemorySigner, fingerprint
from tests.assessment.sheets import as_csv, filled, table
from tests.web.programme.asking import confirmed
from tests.web.programme.reading import bytes_of, text_of
from tests.web.programme.served import ProgrammeSite
from tools.sample_programme import CAPABILITY

if TYPE_CHECKING:
    pass

MOMENT = datetime(2026, 6, 1, tzinfo=UTC)


def at(programme: ProgrammeSite, *parts: str, round: str = "") -> str:
    return "/".join(("/rounds", round or programme.second, "files", *parts, ""))


def sent(data: bytes, name: str = "bo.kancil-answers") -> dict[str, SimpleUploadedFile]:
    return {"answers_file": SimpleUploadedFile(name, data)}


def signed(programme: ProgrammeSite, signer: MemorySigner, round: str, who: str = "bo") -> bytes:
    from kancil.desk.assessment.queries.leaving import parcel_of

    parcel = parcel_of(programme.people[who], round, Audience.TEAM, MOMENT)
    return write_parcel(parcel, signer)


def fresh_key() -> MemorySigner:
    return MemorySigner(Ed25519PrivateKey.generate())


def know(programme: ProgrammeSite, signer: MemorySigner, who: str = "bo") -> None:
    from kancil.desk.assessment.actions.site import add_known_key

    add_known_key(
        by=programme.people["lea"], person=programme.people[who].pk,
        public_raw=signer.public_raw, stated=fingerprint(signer.public_raw), compared_how="Met",
    )  # fmt: skip


def test_forms_for_telephones_are_sent(programme: ProgrammeSite) -> None:
    for who in ("ann", "fay"):
        form = bytes_of(programme.client(who).get(at(programme, "form", CAPABILITY)))
        assert form[:2] == b"PK"
    assert programme.client("ann").get(at(programme, "form", "none-2026.1")).status_code == 404


def test_ones_own_answers_go_out_signed_and_come_in_on_the_other_machine(
    programme: ProgrammeSite,
) -> None:
    bo = programme.client("bo")
    assert "/account/confirm/" in bo.post(at(programme, "pack"), {"audience": "own"})["Location"]
    bo = confirmed(programme, "bo")
    wrong = bo.post(at(programme, "pack"), {"audience": "everybody"})
    assert "Choose one of the options" in text_of(wrong)
    file = bytes_of(bo.post(at(programme, "pack"), {"audience": "own"}))
    statement = json.loads(file)["statement"]
    assert (statement["audience"], statement["round"]["id"]) == ("own", programme.second)
    unknown = text_of(bo.post(at(programme, "merge"), sent(file)))
    assert "key" in unknown
    key = KeyRing(programme.root / "keys").folder / "people" / f"{programme.people['bo'].pk}.pem"
    assert key.stat().st_mode & 0o077 == 0
    from kancil.desk.assessment.own_key import own_key

    signer = own_key(KeyRing(programme.root / "keys"), programme.people["bo"])
    assert fingerprint(signer.public_raw) in text_of(bo.get(at(programme)))
    from kancil.desk.assessment.actions.site import add_known_key

    add_known_key(
        by=programme.people["lea"], person=programme.people["bo"].pk,
        public_raw=signer.public_raw, stated=fingerprint(signer.public_raw), compared_how="Met",
    )  # fmt: skip
    told = text_of(programme.client("lea").post(at(programme, "merge"), sent(file)))
    assert "The file was imported." in told
    for who in ("rex", "fay", "olga", "don"):
        assert confirmed(programme, who).post(
            at(programme, "pack"), {"audience": "own"}
        ).status_code in (403, 404), who


def test_what_is_wrong_with_a_signed_file_is_told_in_one_sentence(
    programme: ProgrammeSite,
) -> None:
    signer = fresh_key()
    good = signed(programme, signer, programme.second)
    know(programme, signer)
    lea = programme.client("lea")
    other = signed(programme, signer, programme.bola)
    bad = {
        "cut short": good[: len(good) // 2],
        "changed": good.replace(b'"Bo Bakri"', b'"Bo Bakry"'),
        "no file of answers": b"PK\x03\x04",
        "another round": other,
        "unknown key": signed(programme, fresh_key(), programme.second),
        "empty": b"",
    }
    told = {}
    for name, data in bad.items():
        page = text_of(lea.post(at(programme, "merge"), sent(data)))
        assert page.count('class="errorlist"') == 1, name
        told[name] = page.split('class="errorlist"')[1].split("</ul>")[0]
        assert "error." not in told[name]
        assert "The file was imported." not in page
    assert len(set(told.values())) == len(told)
    assert "The file was imported." in text_of(lea.post(at(programme, "merge"), sent(good)))
    ann = text_of(programme.client("ann").post(at(programme, "merge"), sent(good)))
    assert 'class="errorlist"' in ann, "not Ann's own, and Ann does not lead"
    for who in ("rex", "fay", "don", "out"):
        assert programme.client(who).post(at(programme, "merge"), sent(good)).status_code in (
            403,
            404,
        ), who


def test_answers_of_a_form_stand_beside_what_they_gave_before(programme: ProgrammeSite) -> None:
    asked = named_protocol(CAPABILITY)
    row = filled(asked, {"LF01": Given(Kind.VALUE, 4), "LF02": Given(Kind.NOT_KNOWN)})
    bad = table(asked, [row], extra=[("favourite_colour", "<script>3</script>")])
    place = next(n for n, value in enumerate(bad[1]) if value == "4")
    worse = [bad[0], [*bad[1][:place], "9", *bad[1][place + 1 :]]]
    given = {"sheet_protocol": CAPABILITY, "sheet_author": str(programme.people["bo"].pk)}
    lea = programme.client("lea")
    told = []
    for lines in (bad, worse):
        file = SimpleUploadedFile("answers.csv", as_csv(lines))
        told.append(text_of(lea.post(at(programme, "import"), {**given, "sheet_file": file})))
    assert "favourite_colour" in told[0]
    assert "<script>3" not in told[0]
    assert "/capability-2026.2/LF01/" in told[0], "it now stands beside the earlier one"
    assert "Left out" in told[1]
    from kancil.desk.assessment.queries.answers import own_latest

    values = {one.given.value for one in own_latest(programme.sight("bo"), CAPABILITY, "LF01")
              if one.given}  # fmt: skip
    assert 4 in values
    assert len(values) == 2


def test_a_round_leaves_under_the_day_where_the_workspace_is(
    programme: ProgrammeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 30, 20, tzinfo=UTC))
    answer = programme.client("lea").get(at(programme, "export"))
    assert 'filename="XKA-2026-07-01.json"' in answer["Content-Disposition"]


def test_the_whole_round_is_sent_without_interviews(programme: ProgrammeSite) -> None:
    whole = json.loads(bytes_of(programme.client("lea").get(at(programme, "export"))))
    assert whole["round"]["title"] == "Second round"
    assert "Two investigators" not in json.dumps(whole)
    assert bytes_of(programme.client("fay").get(at(programme, "export")))
    for who in ("don", "far", "out", "ada"):
        assert programme.client(who).get(at(programme, "export")).status_code == 404, who
        assert programme.client(who).get(at(programme, "workbook")).status_code == 404, who


def test_the_workbook_has_what_the_export_has_and_as_little(programme: ProgrammeSite) -> None:
    for who in ("lea", "fay"):
        data = bytes_of(programme.client(who).get(at(programme, "workbook")))
        book = load_workbook(io.BytesIO(data))
        assert {CAPABILITY, "Gaps", "Plan", "Cost lines"} <= set(book.sheetnames)
        told = {str(cell.value) for sheet in book for row in sheet.rows for cell in row}
        assert not any("Two investigators" in each for each in told)
    # An assessor who has still to answer what another answered would see it in there.
    assert programme.client("bo").get(at(programme, "workbook")).status_code == (
        programme.client("bo").get(at(programme, "export")).status_code
    )


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"a,b\n1,2\n"])
def test_a_sheet_that_is_none_is_told(programme: ProgrammeSite, data: bytes) -> None:
    given = {
        "sheet_protocol": CAPABILITY, "sheet_author": str(programme.people["bo"].pk),
        "sheet_file": SimpleUploadedFile("answers.csv", data),
    }  # fmt: skip
    page = text_of(programme.client("lea").post(at(programme, "import"), given))
    assert 'class="errorlist"' in page
    page = text_of(programme.client("ann").post(at(programme, "import"), given))
    assert "Choose one of the options" in page, "an assessor brings their own alone"


def test_a_round_leaves_uncompared_for_who_does_not_see_the_older_one(
    programme: ProgrammeSite,
) -> None:
    from kancil.desk.assessment.models import TeamMember

    there = f"/rounds/{programme.second}/files/export/"
    seen = json.loads(programme.client("rex").get(there).getvalue())
    TeamMember.objects.filter(round_id=programme.first, person=programme.people["rex"]).delete()
    alone = json.loads(programme.client("rex").get(there).getvalue())
    assert any(each["comparison"] for each in seen["protocols"])
    assert not any(each["comparison"] for each in alone["protocols"])
    assert programme.client("rex").get(f"/rounds/{programme.second}/reports/").status_code == 200


def test_the_export_has_team_respondents_board_and_releases(programme: ProgrammeSite) -> None:
    there = f"/rounds/{programme.bola}/files/export/"
    whole = json.loads(programme.client("olga").get(there).getvalue())
    assert {"name": "Lea Lim", "part": "lead"} in whole["team"]
    (release,) = whole["releases"]
    assert (release["document"], release["withdrawn"]) == ("comparison", None)
    there = f"/rounds/{programme.second}/files/export/"
    whole = json.loads(programme.client("olga").get(there).getvalue())
    assert "Helpline for Children" in {each["organisation"] for each in whole["respondents"]}
    bodies = {each["name"]: each for each in whole["board"]}
    national = bodies["National Committee on Cybercrime"]
    assert national["matters"][0]["closed_on"] == "2026-01-15"
    assert (national["next_due_on"], national["late"]) == ("2026-04-15", True)
    assert not bodies["Schools, NGOs and faith groups"]["late"]
    (law,) = [each["legal"] for each in whole["protocols"] if each["legal"]]
    assert law["signed"] is None
