"""A study that is added by its folder and one line of the tuple goes all the way."""

from __future__ import annotations

import gettext
import importlib
import json
import zipfile
from pathlib import Path

import pytest

from kancil.ground import words
from kancil.reports.casework.bundle.checker.verify import verify_bundle
from kancil.studies import members
from tests.cli.fixtures import sample, unit
from tests.cli.running import Unit
from tests.reports import poppler
from tests.studies.toy.study import TOY
from tests.web.site import Site, site_of
from tests.work.shop import Shop
from tools.build_words import read_room

__all__ = ["sample", "unit"]

HERE = Path(__file__).parent
ANSWER = "toy blocks."


class _WithToys(gettext.NullTranslations):
    """The words that are built, and those that stand beside the toy."""

    def __init__(self, built: gettext.NullTranslations, toys: dict[str, str]) -> None:
        super().__init__()
        self.built, self.toys = built, toys

    def gettext(self, message: str) -> str:
        return self.toys.get(message) or self.built.gettext(message)


@pytest.fixture
def site(unit: Unit, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A served unit whose Kancil has the toy."""
    sentences, faults = read_room(HERE / "toy.po")
    assert faults == []
    built = words._catalogue
    monkeypatch.setattr(words, "_catalogue", lambda language: _WithToys(built(language), sentences))
    monkeypatch.setattr(members, "STUDIES", (*members.STUDIES, TOY))
    served = site_of(unit)
    importlib.import_module("kancil.desk.studies.jobs")
    return served


def test_a_toy_is_asked_recorded_shown_compared_cited_printed_and_checked(
    site: Site, tmp_path: Path
) -> None:
    shop = Shop(site, "")
    task = shop.ask("run-study", case="C1", study="toy", asked={"chain": "main"})
    shop.work_off()
    assert shop.gave(task)["name"] == "toy"
    page = site.client("officer").get("/cases/1/studies/1/").content.decode()
    assert ANSWER in page
    assert "Toys were not weighed." in page
    assert "Chain of toys" in page
    rows = site.client("officer").get("/cases/1/studies/1/toys.csv").content.decode()
    assert rows.splitlines()[0] == "row,toy_blocks,toy_chain"
    kancil = site.unit
    assert kancil.ask("study", "check", "S1")["compared"] == "same"
    found = kancil.ask("finding", "accept", "C1", "--study", "S1", "--table", "toys", "--row", "1")
    assert found["text"].endswith(ANSWER)
    bundle, report = tmp_path / "toy.zip", tmp_path / "toy.pdf"
    only = ("--study", "S1", "--trace", "none")
    kancil.say("bundle", "C1", *only, "-o", bundle, "--purpose", "court")
    with zipfile.ZipFile(bundle) as packed:
        result = json.loads(packed.read("analysis/studies/1/result.json"))
        assert ANSWER in packed.read("analysis/report.html").decode()
    assert result["study"] == "toy"
    steps = verify_bundle(bundle).steps  # in this process, which has the toy
    assert [step.problems for step in steps.values()] == [[]] * len(steps)
    poppler.need("pdftotext")
    kancil.say("report", "C1", *only, "-o", report)
    assert ANSWER in poppler.text_of(report)


def test_without_its_line_of_the_tuple_it_is_not_known(site: Site) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(members, "STUDIES", members.STUDIES[:-1])
        shop = Shop(site, "")
        task = shop.ask("run-study", case="C1", study="toy", asked={"chain": "main"})
        shop.work_off()
        assert shop.met(task) == "member-not-found"
