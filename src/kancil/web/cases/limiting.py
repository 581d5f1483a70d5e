"""Limits of use on the page of an exhibit: set by handling codes, lifted by an entry of its own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from kancil.custody.handling import LIMITED, RELEASED, Limitation, Release
from kancil.custody.roll import Roll
from kancil.desk.cases.actions import Act, once
from kancil.desk.cases.queries import Case
from kancil.desk.handling.actions import limit_exhibit, release_exhibit
from kancil.desk.handling.queries import standing_limits, today, ways_of
from kancil.ground.ids import CaseId, ExhibitId
from kancil.ground.words import render as words
from kancil.legal.handling import Way, handling_codes
from kancil.web.cells import Section, note
from kancil.web.confirming import ask_who, factor_note
from kancil.web.forms import choose, day, secret, text
from kancil.web.limits import limit_sentence, word_of
from kancil.web.page import page
from kancil.web.signed_in import person_of
from kancil.web.unit_desk import unit_desk

from .custody_acts import (
    ACT,
    OF_EXHIBIT,
    ActForm,
    Known,
    begun,
    done,
    known,
    name_own_key,
    no_own_key,
    show_act,
    unlocked,
)


class LimitForm(ActForm):
    """Under which codes it came, from whom, and for what it may be used."""

    handling_codes = forms.MultipleChoiceField(choices=(), widget=forms.CheckboxSelectMultiple)
    sending_office = text()
    reason_of_act = text(500, required=False)
    limit_until = day()
    limit_cases = text(200, required=False)
    limit_offences = text(1000, required=False, lines=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the codes, each with what it means."""
        super().__init__(*args, **kwargs)
        field = self.fields["handling_codes"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(code, _told(code)) for code in handling_codes()]

    def limitation(self, roll: Roll) -> Limitation:
        """What was stated; raises CaseNotFound."""
        given = self.cleaned_data
        return Limitation(
            tuple(given["handling_codes"]),
            given["sending_office"],
            given["reason_of_act"],
            given["limit_until"],
            _cases(roll, given["limit_cases"]),
            tuple(line.strip() for line in given["limit_offences"].splitlines() if line.strip()),
        )


def _told(code: str) -> str:
    return words("web.handling.choice", code=word_of(code), what=words(f"note.handling-is-{code}"))


def _cases(roll: Roll, typed: str) -> tuple[CaseId, ...]:
    names = typed.replace(",", " ").split()
    return tuple(roll.case(each).id for each in names)


@page(f"{OF_EXHIBIT}/limit/", "exhibit_limit", **ACT)
def exhibit_limit(request: HttpRequest, case: Case, exhibit: str) -> HttpResponse:
    """Record under which handling codes it came; also of an exhibit that is gone."""
    at, desk = known(case, exhibit), unit_desk()
    asked = LimitForm(request.POST or None, initial=begun(at))
    if request.method == "POST" and asked.is_valid():
        with asked.telling():
            limitation = asked.limitation(desk.ledger.folded(Roll))
            by = desk.server(request)
            body = {"codes": list(limitation.codes), "reason": limitation.reason}
            entry = once(
                desk.ledger, at.id, asked.cleaned_data["seen"], Act(LIMITED, body, by),
                lambda: limit_exhibit(
                    desk.ledger, exhibit=at.id, limitation=limitation, by=by
                ),
            )  # fmt: skip
            return done(request, at, entry)
    return show_act(request, at, "limited", asked, also_gone=True)


class ReleaseForm(ActForm):
    """Which code is lifted, by what, for which cases; signed with the officer's own key."""

    handling_code = forms.ChoiceField(choices=())
    lifted_by = forms.ChoiceField(choices=())
    lift_reference = text()
    lifted_on = day(required=True)
    letter_exhibit = forms.ChoiceField(choices=(), required=False)
    consent_cases = text(200, required=False)
    passphrase = secret()

    def __init__(
        self, *args: Any, codes: list[str], letters: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        """Offer the codes that stand, what lifts any of them, and exhibits as the letter."""
        super().__init__(*args, **kwargs)
        name_own_key(self)
        ways = dict.fromkeys(way for code in codes for way in (*ways_of(code), Way.MISTAKE))
        choose(self, "handling_code", [(code, word_of(code)) for code in codes])
        choose(self, "lifted_by", [(way, words(f"note.handling-way-{way}")) for way in ways])
        choose(self, "letter_exhibit", [("", words("web.handling.no-letter")), *letters])

    def release(self, roll: Roll) -> Release:
        """What was stated; raises CaseNotFound."""
        given = self.cleaned_data
        letter = given["letter_exhibit"]
        return Release(
            given["handling_code"],
            given["lifted_by"],
            given["lift_reference"],
            given["lifted_on"],
            ExhibitId(letter) if letter else None,
            _cases(roll, given["consent_cases"]),
        )


@page(f"{OF_EXHIBIT}/release/", "exhibit_release", **ACT)
def exhibit_release(request: HttpRequest, case: Case, exhibit: str) -> HttpResponse:
    """Record consent, or the answer to a request for mutual legal assistance."""
    at, desk = known(case, exhibit), unit_desk()
    roll = desk.ledger.folded(Roll)
    codes = _codes(roll, at)
    asked = ReleaseForm(
        request.POST or None, initial=begun(at), codes=codes, letters=_letters(roll, case)
    )
    ask_who(request, asked)
    if request.method == "POST" and asked.is_valid():
        by = unlocked(
            asked, "passphrase", lambda: desk.own_key(request, asked.cleaned_data["passphrase"])
        )
        if by is not None:
            with asked.telling():
                release = asked.release(roll)
                body = {"code": release.code, "reference": release.reference}
                entry = once(
                    desk.ledger, at.id, asked.cleaned_data["seen"], Act(RELEASED, body, by),
                    lambda: release_exhibit(desk.ledger, exhibit=at.id, release=release, by=by),
                )  # fmt: skip
                return done(request, at, entry)
    if not person_of(request).officer:
        return show_act(request, at, "released", None, no_own_key(), also_gone=True)
    if not codes:
        none = note("info", "web.handling.none-stands", exhibit=at.label)
        return show_act(request, at, "released", None, none, also_gone=True)
    before = [*_stated(roll, at), *factor_note(request, asked)]
    return show_act(request, at, "released", asked, *before, also_gone=True)


def _codes(roll: Roll, at: Known) -> list[str]:
    """The codes that stand, those too that were lifted for some cases only."""
    standing = standing_limits(roll.exhibit(at.id), today(roll))
    return list(dict.fromkeys(each.code for each in standing))


def _stated(roll: Roll, at: Known) -> list[Section]:
    exhibit = roll.exhibit(at.id)
    return [limit_sentence(exhibit, each) for each in standing_limits(exhibit, today(roll))]


def _letters(roll: Roll, case: Case) -> list[tuple[str, str]]:
    held = [roll.exhibits[each] for each in roll.case(case.id).exhibits]
    return [(each.id, f"{each.label} {each.title}") for each in held]
