"""Protocols: read, kept, sent in, given away."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kancil.assessment.protocol import Standing
from kancil.assessment.protocol_files.library import FOLDER
from kancil.assessment.protocol_files.translation import Coverage, Translation
from tests.web.programme.asking import words_of
from tests.web.programme.served import ProgrammeSite
from tools.sample_programme import CAPABILITY

OWN = (
    (FOLDER / "threat-2026.1.yaml").read_text(encoding="utf-8").replace("id: threat\n", "id: own\n")
)


def send(programme: ProgrammeSite, text: str | bytes, name: str = "own-2026.1.yaml") -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile(name, content, "application/yaml")
    return programme.client("olga").post("/protocols/new/", {"protocol_file": file})


def test_everybody_reads_protocols_with_standing_sources_and_how_sure(
    programme: ProgrammeSite,
) -> None:
    for name in ("don", "fay", "ann", "ada"):
        client = programme.client(name)
        assert "Proposal" in words_of(client.get("/protocols/"))
        text = words_of(client.get("/protocols/legal-2026.4/"))
        assert "This is a proposal that no expert has agreed to." in text
        assert "No question here has been compared with an official text yet." in text
        assert "Not compared" in text
        assert "Medium" in text
        assert "Sources" in text
        assert "Apache-2.0" in text
    one = words_of(programme.client("don").get("/protocols/capability-2026.2/LF10/"))
    assert "Critical" in one
    assert "Possible answers" in one
    assert "Sources" in one


def test_a_protocol_says_how_much_each_translation_has_and_that_nobody_reviewed_it(
    programme: ProgrammeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [
        (Translation("x", code, Standing.PROPOSAL, "Invented", None, {}), Coverage(code, have, 200))
        for code, have in (("id", 190), ("vi", 189))
    ]
    from kancil.web.assessment.site import protocols

    monkeypatch.setattr(protocols, "translations_of", lambda _protocol: made)
    text = words_of(programme.client("ann").get(f"/protocols/{CAPABILITY}/"))
    assert "Bahasa Indonesia: 190 of 200 texts; no named speaker has reviewed it." in text
    assert "189 of 200 texts; begun and not offered yet." in text


def test_what_is_not_there_is_not_found(programme: ProgrammeSite) -> None:
    client = programme.client("ann")
    assert client.get("/protocols/none-2026.1/").status_code == 404
    assert client.get("/protocols/none-2026.1/file/").status_code == 404
    assert client.get("/protocols/capability-2026.2/NOPE/").status_code == 404


def test_a_protocol_of_ones_own_is_kept_and_given_away_to_the_byte(
    programme: ProgrammeSite,
) -> None:
    answer = send(programme, OWN)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/protocols/own-2026.1/"
    back = programme.client("don").get("/protocols/own-2026.1/file/")
    assert back.content == OWN.encode()
    assert back.headers["Content-Disposition"] == 'attachment; filename="own-2026.1.yaml"'
    sha256 = hashlib.sha256(OWN.encode()).hexdigest()
    assert sha256 in words_of(programme.client("don").get("/protocols/own-2026.1/"))


def test_every_fault_of_a_file_is_named_with_its_line(programme: ProgrammeSite) -> None:
    broken = OWN.replace("shape: threats", "shape: nothing", 1).replace(
        "licence: Apache-2.0", "licence: Apache-2.0\n<script>alert(1)</script>: 1", 1
    )
    answer = send(programme, broken, "a<b>own-2026.1.yaml")
    assert answer.status_code == 200
    text = words_of(answer)
    assert "Nothing was added." in text
    lines = broken.splitlines()
    assert f"own-2026.1.yaml {lines.index('shape: nothing') + 1} " in text
    assert f"own-2026.1.yaml {lines.index('<script>alert(1)</script>: 1') + 1} " in text
    assert "<script>alert" not in answer.content.decode()
    assert programme.client("olga").get("/protocols/own-2026.1/").status_code == 404


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"- a list", b"a: [", b"x" * 4_100_000])
def test_a_file_that_is_no_protocol_is_refused_in_words(
    programme: ProgrammeSite, content: bytes
) -> None:
    answer = send(programme, content)
    assert answer.status_code == 200
    text = words_of(answer)
    assert "Nothing was added." in text or "The file is larger than 4 MB." in text


def test_another_text_under_a_kept_name_is_refused(programme: ProgrammeSite) -> None:
    send(programme, OWN)
    answer = send(programme, OWN + "\n# another\n")
    assert answer.status_code == 200
    assert "own-2026.1" in words_of(answer)
    back = programme.client("don").get("/protocols/own-2026.1/file/")
    assert back.content == OWN.encode()


def test_a_packaged_protocol_is_kept_by_a_tick(programme: ProgrammeSite) -> None:
    from kancil.desk.assessment.models import ProtocolFile

    client = programme.client("ada")
    assert "come with Kancil" not in words_of(client.get("/protocols/new/"))
    ProtocolFile.objects.filter(name="study-2026.1").delete()
    assert 'value="study-2026.1"' in client.get("/protocols/new/").content.decode()
    answer = client.post("/protocols/new/", {})
    assert "Tick at least one protocol." in words_of(answer)
    answer = client.post("/protocols/new/", {"packaged": ["study-2026.1"]})
    assert answer.headers["Location"] == "/protocols/"
    assert client.get("/protocols/study-2026.1/").status_code == 200


@pytest.mark.parametrize("name", ["lea", "ann", "rex", "fay", "don"])
def test_only_those_who_keep_the_site_add_a_protocol(programme: ProgrammeSite, name: str) -> None:
    client = programme.client(name)
    assert client.get("/protocols/new/").status_code == 403
    assert client.post("/protocols/new/", {"packaged": ["x"]}).status_code == 403


def test_the_schema_is_given_to_editors(programme: ProgrammeSite) -> None:
    answer = programme.client("ann").get("/protocols/schema/")
    assert json.loads(answer.content)["$schema"].startswith("https://json-schema.org/")
