"""Second factors are set up and removed with an entry, so that one set up by SQL is seen."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.web.codes import code_now
from tests.web.signing import PASSWORD, confirm
from tests.web.site import Site, site_of


@pytest.fixture
def site(sample: Unit, tmp_path: Any) -> Site:
    """A site with one account that the ledger knows."""
    from kancil.desk.access.actions import admit_person
    from kancil.desk.people.models import Role

    found = site_of(copied(sample, tmp_path))
    person, _ = admit_person(
        found.ledger, username="kham", name="Kham", role=Role.OFFICER, by=found.by
    )
    person.set_password(PASSWORD)
    person.must_change_password = False
    person.save()
    found.people["kham"] = person
    return found


def of_kham(site: Site) -> list[tuple[str, str, str]]:
    """What differs of the account's rows, as the check says."""
    from kancil.desk.cases.index import row_faults

    return [
        (each.table, each.row, each.code)
        for each in row_faults(site.ledger)
        if each.row.startswith("kham")
    ]


def set_up(site: Site) -> Any:
    """Set an authenticator app up on the site, as its owner does."""
    client = site.client("kham")
    confirm(client)
    client.get("/account/code/on/")
    secret = client.session["mfa.totp.secret"]
    code = code_now(secret)
    assert client.post("/account/code/on/", {"code": code}).status_code == 302
    return client


def test_a_factor_that_its_owner_sets_up_and_removes_has_its_entries(site: Site) -> None:
    from allauth.mfa.models import Authenticator

    client = set_up(site)
    row = Authenticator.objects.get(user=site.people["kham"], type="totp")
    added = site.entries("account.changed")[-1].body
    assert (added["change"], added["reason"], added["factor"]) == (
        "factor-added", "totp", str(row.pk),
    )  # fmt: skip
    assert added["on_behalf"]["account"] == "kham"
    assert of_kham(site) == []
    confirm(client)
    assert client.post("/account/code/off/").status_code == 302
    removed = site.entries("account.changed")[-1].body
    assert (removed["change"], removed["factor"]) == ("factor-removed", str(row.pk))
    assert of_kham(site) == []


def test_a_factor_removed_by_sql_is_missed(site: Site) -> None:
    from allauth.mfa.models import Authenticator

    set_up(site)
    row = Authenticator.objects.get(user=site.people["kham"], type="totp")
    Authenticator.objects.filter(pk=row.pk).delete()
    assert of_kham(site) == [("mfa_authenticator", f"kham {row.pk}", "missing")]


def test_no_factor_is_left_without_its_entry(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from allauth.mfa.models import Authenticator

    from kancil.desk.base.errors import DeskBusy
    from kancil.web.people import own_factors as factors

    def busy(*_: object, **__: object) -> None:
        raise DeskBusy

    with monkeypatch.context() as patch:
        patch.setattr(factors, "record_factor", busy)
        with pytest.raises(AssertionError):
            set_up(site)  # the page is not the one that follows
    assert not Authenticator.objects.filter(user=site.people["kham"]).exists()


def test_tokens_are_compared_with_what_they_may_do(site: Site) -> None:
    from kancil.desk.access.actions import end_sign_ins, grant_token, withdraw_token
    from kancil.desk.people.models import Token

    kham = site.people["kham"]
    first, _ = grant_token(
        site.ledger, person=kham, name="script", may_write=False, days=2, by=site.by
    )
    second, _ = grant_token(
        site.ledger, person=kham, name="script", may_write=True, days=2, by=site.by
    )
    assert of_kham(site) == []
    Token.objects.filter(pk=first.pk).update(may_write=True)
    assert of_kham(site) == [("token", f"kham {first.pk}", "changed")]
    Token.objects.filter(pk=first.pk).update(may_write=False)
    assert withdraw_token(site.ledger, person=kham, token_id=second.pk, by=site.by)
    assert of_kham(site) == []
    Token.objects.filter(pk=second.pk).update(ended_at=None)
    assert of_kham(site) == [("token", f"kham {second.pk}", "stranger")]
    end_sign_ins(site.ledger, kham, reason="test", by=site.by)
    assert of_kham(site) == []
    Token.objects.filter(pk=first.pk).update(ended_at=None)
    assert of_kham(site) == [("token", f"kham {first.pk}", "stranger")]
