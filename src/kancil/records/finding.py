"""A finding: a statement that a named officer accepts, of one of four classes.

There is no fifth class and no percentage: what the chain itself shows, what the bytes of an exhibit
show, what follows under a policy that somebody chose, and what a publisher alleges. The words come
from code and parameters; once accepted, the exact text and its language are kept, since words may
later be improved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from kancil.ground import words
from kancil.ground.phrase import Param, Phrase
from kancil.ground.reviewers import is_signed_off
from kancil.ground.units import btc_text, grouped, grouped_decimal


class FindingClass(Enum):
    """How far a finding reaches."""

    CHAIN_FACT = "chain-fact"
    """The chain shows it: a stranger recomputes it from the bytes."""
    EXHIBIT_FACT = "exhibit-fact"
    """The bytes of an exhibit show it: whoever holds the exhibit finds it there."""
    POLICY_RESULT = "policy-result"
    """It follows under a policy, which is a legal choice and not a fact."""
    ATTRIBUTION = "attribution"
    """A source alleges it."""


NEEDED: dict[FindingClass, tuple[str, ...]] = {
    FindingClass.CHAIN_FACT: (),
    FindingClass.EXHIBIT_FACT: ("exhibit", "sha256"),
    FindingClass.POLICY_RESULT: ("policy", "policy_version"),
    FindingClass.ATTRIBUTION: ("publisher", "source"),
}
"""Parameters without which a finding of the class says less than it must."""

NETWORK = "network"
"""Parameter that names the test network whose coins the amounts are; none on mainnet."""
REMARK = "remark"
"""Parameter with the officer's own words, which no method computed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement before an officer accepts it."""

    finding_class: FindingClass
    code: str
    """Words are `finding.<code>`."""
    params: Mapping[str, Param] = field(default_factory=dict)

    def missing(self) -> tuple[str, ...]:
        """Name the parameters that its class needs and that are not given."""
        return tuple(name for name in NEEDED[self.finding_class] if not self.params.get(name))

    def text(self, language: str | None = None) -> str:
        """The sentence in a language, else in the spoken one.

        The parameters are raw: amounts are put as satoshi and bitcoin, exact numbers (`…_decimal`)
        with their thousands grouped, and an empty one as the words for what is not stated
        (`note.no-<name>`). With the parameter `network` amounts name the test network: such coins
        are no money. A `remark` is the officer's own and is set apart from what was computed,
        which it never changes.
        """
        network = str(self.params.get(NETWORK, ""))
        shown = {
            name: _shown(name, value, network)
            for name, value in self.params.items()
            if name != REMARK
        }
        said = words.render(f"finding.{self.code}", language, **shown)
        remark = self.params.get(REMARK)
        if not remark:
            return said
        return words.render("note.finding-remark", language, said=said, remark=remark)

    def on(self, network: str) -> Finding:
        """The same, its amounts coins of this test network."""
        return replace(self, params={**self.params, NETWORK: network})

    def with_remark(self, remark: str) -> Finding:
        """Add what the officer says of it in their own words; an empty remark adds nothing."""
        if not remark:
            return self
        return replace(self, params={**self.params, REMARK: remark})


def _shown(name: str, value: Param, network: str) -> Param:
    if value == "":
        return Phrase(f"note.no-{name.replace('_', '-')}")
    if name.endswith("_sat"):
        amount = int(str(value))
        told: dict[str, Param] = {"sat": grouped(amount), "btc": btc_text(amount)}
        if not network:
            return Phrase("note.amount", told)
        return Phrase("note.amount-test", {**told, "network": network})
    if name.endswith("_decimal"):
        return grouped_decimal(str(value))
    return value


@dataclass(frozen=True, slots=True)
class AcceptedFinding:
    """A finding as an officer accepted it: the text they read is kept to the letter."""

    finding: Finding
    language: str
    text: str
    trace: str
    """Id of the trace it rests on."""
    result_sha256: str
    """Digest of that trace's answer."""

    def as_body(self) -> dict[str, Any]:
        """What a `finding.accepted` ledger entry holds of it, id and number apart."""
        return {
            "class": self.finding.finding_class.value,
            "code": self.finding.code,
            "language": self.language,
            "params": {name: str(value) for name, value in self.finding.params.items()},
            "result_sha256": self.result_sha256,
            "text": self.text,
            "trace": self.trace,
        }


def accept(
    finding: Finding, *, trace: str, result_sha256: str, language: str | None = None
) -> AcceptedFinding:
    """Fix a finding's text in the language in which the officer reads it, else the spoken one.

    In a language that nobody has signed off the officer reads, and accepts, the English text.
    """
    language = language or words.spoken()
    if not is_signed_off(language):
        language = "en"
    return AcceptedFinding(finding, language, finding.text(language), trace, result_sha256)
