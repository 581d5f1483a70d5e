"""verify-certificate.html says of a certificate what the program says, on a telephone, offline."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from kancil.ground import canonical
from kancil.reports.training.certificate.page.build import (
    DIGEST,
    PAGE,
    PUBLISHED,
    build_page,
)
from kancil.training.badges.certificate import (
    Achievement,
    credential_bytes,
    credential_of,
)
from kancil.training.badges.proof import with_proof
from kancil.training.badges.reading import compact_text
from kancil.training.badges.revocations import (
    Revocation,
    RevocationReason,
    Revocations,
    write_revocations,
)
from tests.page.browser import MODES, WITH_ALL, Desk
from tests.training.badges.samples import AT, BOX, HIDDEN, ID, OTHER, signed

TELEPHONE = {"width": 390, "height": 844}
PUBLISHED_FIRST = [
    "c56741154497afe8d21c235282beb98d030160e4017b82e758c83d62b694a86b",
    "4c03c80c19e8e45cab89cd7d7fdcaf83499a7e1f657e3086c9cea1306455d86e",
]
FINGERPRINT = signed().fingerprint
GOOD = compact_text(signed())
LOST = Revocation(ID, date(2026, 12, 1), RevocationReason.FRAUD)


def opened(browser: Browser, before: str = WITH_ALL) -> Desk:
    """The page as a telephone opens it from its file."""
    page = browser.new_context(viewport=TELEPHONE).new_page()  # type: ignore[arg-type]
    if before:
        page.add_init_script(before)
    desk = Desk(page)
    page.on("pageerror", lambda error: desk.faults.append(str(error)))
    page.on("console", lambda message: desk.faults.append(message.text))
    page.on("request", lambda request: desk.asked.append(request.url))
    page.clock.install(time=AT + timedelta(days=9))
    page.goto(PAGE.as_uri())
    page.wait_for_selector("body[aria-busy=false]")
    return desk


@pytest.fixture(scope="module")
def desk(browser: Browser) -> Desk:
    return opened(browser)


def pasted(desk: Desk, text: str, key: str = FINGERPRINT) -> tuple[str, str]:
    """The verdict of a text that was pasted, and its sentence."""
    desk.page.fill("#fingerprint", key)
    desk.page.fill("#text", "")
    desk.page.wait_for_selector("#result", state="hidden")
    desk.page.fill("#text", text)
    desk.page.wait_for_selector("#result", state="visible")
    verdict = desk.page.get_attribute("#verdict", "data-verdict") or ""
    return verdict, desk.page.inner_text("#verdict-title")


def dropped(desk: Desk, *files: bytes) -> None:
    desk.page.set_input_files(
        "#files",
        [FilePayload(name=f"{at}.txt", mimeType="", buffer=each) for at, each in enumerate(files)],
    )


def revocations(number: int, *revoked: Revocation) -> bytes:
    made = Revocations("Training centre (invented)", number, AT + timedelta(number), revoked)
    return write_revocations(made, BOX)


def test_the_page_is_what_its_parts_make() -> None:
    assert build_page() == PAGE.read_bytes()
    digest = hashlib.sha256(PAGE.read_bytes()).hexdigest()
    assert DIGEST.read_text() == f"{digest}  {PAGE.name}\n"
    known = PUBLISHED.read_text("ascii").split()
    assert known[-1] == digest
    assert known[:2] == PUBLISHED_FIRST, "lines are only ever added"


def test_it_tells_passing_from_attending_and_another_proof_from_a_change(desk: Desk) -> None:
    for said, passing, told in (
        (Achievement.PASSED, 60, "Passed (pass mark 60 %)"),
        (Achievement.ATTENDED, None, "Attended"),
        (Achievement.TAKEN, None, "passing is not stated"),
    ):
        made = signed(achievement=said, pass_percent=passing)
        for text in (compact_text(made), credential_bytes(made).decode()):
            assert pasted(desk, text) == ("confirmed", "Yes")
            assert told in desk.page.inner_text("#facts")
    document = credential_of(signed())
    proof = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "proofValue": "z2"}
    other = canonical.dumps({**document, "proof": proof}).decode()
    assert pasted(desk, other) == ("read", "Another form of proof, not checked here")


def test_a_scanned_code_is_right(desk: Desk) -> None:
    assert pasted(desk, GOOD) == ("confirmed", "Yes")
    text = desk.page.inner_text("#about")
    for said in ("Chanthavong Dala", "Tracing bitcoin", "83 %", "It is no qualification"):
        assert said in text
    assert "Not checked against any list" in desk.page.inner_text("#listed")


def test_without_a_fingerprint_nobody_says_who_signed_it(desk: Desk) -> None:
    assert pasted(desk, GOOD, "")[0] == "unchanged"


@pytest.mark.parametrize(
    ("text", "key", "verdict"),
    [
        (credential_bytes(signed(identifier=HIDDEN)).decode(), FINGERPRINT, "confirmed"),
        (compact_text(signed(name='ចាន់ ថាវង្ស «Dala» \\ " é')), FINGERPRINT, "confirmed"),
        (GOOD, "SHA256:" + "A" * 43, "not-intact"),
        (GOOD.replace('"83"', '"93"'), FINGERPRINT, "not-intact"),
        (credential_bytes(signed()).decode().replace("Dala", "Dara"), FINGERPRINT, "not-intact"),
        (GOOD[:-1], FINGERPRINT, "read"),
        ("[]", FINGERPRINT, "read"),
        ('{"proof":{}}', FINGERPRINT, "not-intact"),
        ('["kancil-certificate/1","sha256","00"]', FINGERPRINT, "read"),
        ('["kancil-certificate/1",1,2,3,4,5,6,7,8,9,10,11,12,13,14,[]]', FINGERPRINT, "read"),
    ],
)
def test_the_page_judges_as_the_program_does(desk: Desk, text: str, key: str, verdict: str) -> None:
    assert pasted(desk, text, key)[0] == verdict


@pytest.mark.thorough
def test_another_key_or_another_form_is_not_taken(desk: Desk) -> None:
    document = credential_of(signed())
    del document["proof"]
    forged = with_proof(document, OTHER, "2026-11-27T09:30:00Z")
    assert pasted(desk, canonical.dumps(forged).decode())[0] == "read"
    changed = with_proof({**document, "description": "Expert."}, BOX, "2026-11-27T09:30:00Z")
    assert pasted(desk, canonical.dumps(changed).decode())[0] == "read"


@pytest.mark.thorough
def test_a_revoked_certificate_is_named_as_of_its_list(browser: Browser) -> None:
    desk = opened(browser)
    desk.page.fill("#fingerprint", FINGERPRINT)
    dropped(desk, revocations(2, LOST), credential_bytes(signed()), revocations(1))
    desk.page.wait_for_selector("#about", state="visible")
    assert desk.page.inner_text("#verdict-title") == "No: revoked"
    assert "list 2 of 2026-11-29" in desk.page.inner_text("#listed")
    assert "not the holder's own" in desk.page.inner_text("#listed")
    assert not [url for url in desk.asked if not url.startswith("file:")]
    assert not desk.faults


@pytest.mark.thorough
def test_a_changed_list_is_not_taken(browser: Browser) -> None:
    desk = opened(browser)
    dropped(desk, revocations(1, LOST).replace(b"fraud", b"asked"))
    desk.page.wait_for_selector("#result", state="visible")
    assert desk.page.inner_text("#verdict-title") == "The list cannot be read"


@pytest.mark.thorough
@pytest.mark.parametrize("mode", MODES)
def test_the_page_needs_no_webcrypto(browser: Browser, mode: str) -> None:
    desk = opened(browser, MODES[mode])
    assert pasted(desk, GOOD) == ("confirmed", "Yes")
    assert pasted(desk, GOOD.replace('"83"', '"93"'))[0] == "not-intact"
    assert not desk.faults


def test_the_page_fits_a_telephone(desk: Desk, tmp_path: Path) -> None:
    pasted(desk, GOOD)
    wide = desk.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= TELEPHONE["width"]
    assert not desk.faults


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [GOOD, revocations(1).decode()], ids=["certificate", "list"])
def test_a_file_in_another_encoding_is_answered_with_one_sentence(
    browser: Browser, text: str, encoding: str
) -> None:
    """Without its byte order mark; with one the browser itself reads it as what it is."""
    fresh = opened(browser)
    dropped(fresh, text.encode(encoding))
    expect(fresh.page.locator("#verdict")).to_have_attribute("data-verdict", "read")
    expect(fresh.page.locator("#verdict-title")).to_have_text("Not readable")
    expect(fresh.page.locator("#verdict-words")).to_contain_text("Copy the whole text")
    assert fresh.faults == []
