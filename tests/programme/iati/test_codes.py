"""The codes that a programme writes are those of the codelists, under their names."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from lxml import etree

from kancil.programme.iati.codes import CODES, code_of, region_named, significance

TABLES = yaml.safe_load(CODES.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("table", "codelist"),
    [("sectors", "Sector"), ("aid_types", "AidType"), ("regions", "Region"),
     ("documents", "DocumentCategory")],
)  # fmt: skip
def test_each_code_stands_in_its_codelist(shared_data: Path, table: str, codelist: str) -> None:
    path = shared_data / "programme" / "iati" / "codelists" / f"{codelist}.xml"
    listed = {
        each.findtext("code"): each.findtext("name/narrative")
        for each in etree.parse(path).iter("codelist-item")
        if each.get("status") != "withdrawn"
    }
    for each in TABLES[table].values():
        assert listed[each["code"]].strip() == each["name"]


def test_a_word_without_a_code_of_its_own_has_the_default() -> None:
    assert code_of("regions", "South-East Asia").code == "789"
    assert code_of("regions", "Somewhere").code == "998"
    assert code_of("sectors", "").code == "15130"
    assert [significance(each) for each in ("0", "1", "2a", "2b", "")] == ["0", "0", "1", "2", ""]
    assert region_named("889") == "Oceania, regional"
    assert region_named("1") == ""
    assert TABLES["as_of"]
    assert "CC BY 4.0" in TABLES["source"]
