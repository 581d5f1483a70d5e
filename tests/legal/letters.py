"""Letters between two ASEAN countries and one provider, with nothing wrong; offices invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from kancil.desk.selectors.kinds import KINDS
from kancil.legal.fields import Form, fields
from kancil.legal.quality import check, is_filled
from kancil.legal.request import (
    Addressee,
    Basis,
    Draft,
    Item,
    Level,
    Offence,
    Person,
    Problem,
    RequestKind,
    Role,
    Share,
    Sought,
    Standing,
)
from kancil.legal.requests import kinds
from kancil.legal.rights import questions

AT = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
TRON = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
BANK = Addressee("bank-of-tests", "bank", "Bank of Tests", "TH", "e-mail",
                 "freeze@bank.example", "en", date(2026, 3, 2))  # fmt: skip
PROVIDER = replace(BANK, office="example-mail", kind="provider", name="Example Mail", country="US")
CENTRAL = replace(
    BANK, office="central-th", kind="central-authority", name="Central Authority of Tests"
)
POINT = replace(BANK, office="point-th", kind="network-24-7", name="Contact Point of Tests")
OFFENCES = (
    Offence("LA", "Penal Code of Tests", "12", "Whoever deceives another to obtain money …",
            "10 years", "text kept by the unit"),
    Offence("TH", "Criminal Code of Tests", "34", "Whoever dishonestly deceives …", "5 years",
            "text kept by the unit"),
)  # fmt: skip
BASES = (Basis("asean_mlat", "6", "Contents of requests", "Both countries are party."),)
BESIDE = (
    replace(OFFENCES[0], counterpart=OFFENCES[1].label, compared_on="2026-02-20"), OFFENCES[1]
)  # fmt: skip
RIGHTS = {each.id: "no-risk" for each in questions()}
MONEY = Item(
    Sought.HOLD, "bank-account", "0123456789", "Bank of Tests", amount="150000", asset="THB",
    at="2026-03-08T14:05:00+07:00", standing=Standing.REPORTED, proof="E4, line 12",
    reported_by="Bank of Victims", link="It was paid from the victim's account.",
)  # fmt: skip
DATA = Item(
    Sought.SUBSCRIBER, "email-address", "someone@mail.example", "Example Mail",
    since="2026-03-01T00:00:00+07:00", until="2026-03-08T00:00:00+07:00",
    link="The address wrote to the victim.",
)  # fmt: skip
FACTS = (
    "On 8 March 2026 at 14:05 (UTC+7) a victim paid 150,000 THB to account 0123456789 after a"
    " person on the telephone had told them that their account was in danger. The report was"
    " made the same day at 15:30."
)
TEXTS = {
    "requesting_authority": "Cybercrime Unit of Tests, Vientiane, duty officer",
    "contact": "duty@unit.example, answered day and night",
    "signatory": "Head of the unit",
    "domestic_order": "Order 17 of 8 March 2026",
    "facts": FACTS,
    "link_to_offence": "The account took the victim's money.",
    "hold_until": "2026-03-16",
    "order_to_follow": "An order of the court follows.",
    "order_by": "2026-03-13",
    "urgency": "The money may leave within hours.",
    "necessity": "The provider keeps connection data for a short time.",
    "purpose": "Evidence in the case, before the courts of this country.",
    "emergency_ground": "A child was taken on 9 March; the account's last connection tells where.",
    "answer_by": "2026-03-10T10:00:00+07:00",
    "measure": "Production of stored data.",
    "preservation_reference": "P-77",
    "preserved_until": "2026-06-01",
    "dual_criminality": "Both provisions punish deceit that obtains money.",
    "information": "Two accounts at a bank of your country took money of this offence.",
    "use_limits": "For intelligence only.",
    "message": "Please preserve the data named below; a formal request follows.",
    "confiscation_order": "Court of Tests, judgment 5 of 1 March 2026, final.",
    "earlier_request": "R1, yours F-2026-9",
    "rights_checked_by": "Dara S., head of the unit",
    "change_reason": "The findings cover 100,000 THB of what is held.",
}
PERSON = Person("Person A", Role.SUSPECT, "order 17", proof="F1", is_alias=True)
_TO = {
    "freeze": BANK, "confiscation": CENTRAL, "hold-change": BANK, "mutual-assistance": CENTRAL,
    "spontaneous": POINT, "network-24-7": POINT, "traffic-data": POINT,
}  # fmt: skip


def good(name: str) -> Draft:
    """A letter of a kind against which nothing stands."""
    kind = kinds().named(name)
    item = MONEY if Sought.HOLD in kind.sought or Sought.TRANSFER in kind.sought else DATA
    if kind.sought and (item.sought not in kind.sought or name == "hold-change"):
        item = replace(item, sought=kind.sought[0])
    texts = {each: TEXTS[each] for each in kind.fields if each in TEXTS}
    offences = BESIDE if "dual_criminality" in kind.fields else OFFENCES
    return Draft(
        kind=name, case="C1", reference="LA-2026-7", country="LA",
        addressee=_TO.get(name, PROVIDER), texts=texts, items=(item,) if kind.sought else (),
        persons=(PERSON,) if "persons" in kind.required else (), offences=offences, bases=BASES,
        shares=(Share("E7, line 3", "150000", "THB", "V-1"),) if "shares" in kind.required else (),
        findings=("F1",), rights=RIGHTS,
    )  # fmt: skip


def problems(draft: Draft) -> list[Problem]:
    """What stands against a draft at the moment of these tests."""
    return check(kinds().named(draft.kind), draft, selectors=KINDS, at=AT)


def codes(draft: Draft) -> set[str]:
    """Of the problems that stop it."""
    return {
        each.said.key.removeprefix("problem.request-") for each in problems(draft) if each.stops
    }


def without(draft: Draft, field: str) -> Draft:
    """The draft without the value of a field."""
    form = fields()[field].form
    if form.is_text:
        return replace(draft, texts={k: v for k, v in draft.texts.items() if k != field})
    empty: Any = {} if form is Form.RIGHTS else ()
    return replace(draft, **{form.value: empty})


def holds(kind: RequestKind) -> None:
    """A good letter passes, and each required field is missed where it is empty."""
    draft = good(kind.name)
    assert codes(draft) == set()
    for field in kind.required:
        assert is_filled(draft, field), field
        bare = without(draft, field)
        missed = {each.field for each in problems(bare) if each.level is Level.MISSING}
        assert field in missed, field
    stranger = replace(draft, addressee=replace(draft.addressee, kind="nobody"))
    assert "wrong-office" in codes(stranger)
