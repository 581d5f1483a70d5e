"""A letter's identifiers and exhibits as CASE/UCO, in JSON-LD that other tools read.

Terms of UCO 1.3 and CASE 1.3 alone. What they have no term for (a request, an amount, a crypto
asset, what a statement rests on in parts) is told in words or left out: docs/formats/request.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from kancil.ground import canonical, clock
from kancil.ground.words import render
from kancil.legal.request import Draft, Item

from .facts import CitedContent, CitedExhibit, LetterFacts

_UCO = "https://ontology.unifiedcyberontology.org/uco/"
CONTEXT = {
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-core": f"{_UCO}core/",
    "uco-identity": f"{_UCO}identity/",
    "uco-observable": f"{_UCO}observable/",
    "uco-types": f"{_UCO}types/",
    "uco-vocabulary": f"{_UCO}vocabulary/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
Node = dict[str, Any]
_DIGITAL = {
    "email-address": ("EmailAddress", "EmailAddressFacet", "addressValue"),
    "phone-number": ("PhoneAccount", "PhoneAccountFacet", "phoneNumber"),
    "bitcoin-address": ("DigitalAddress", "DigitalAddressFacet", "addressValue"),
    "tron-address": ("DigitalAddress", "DigitalAddressFacet", "addressValue"),
    "ethereum-address": ("DigitalAddress", "DigitalAddressFacet", "addressValue"),
    "iban": ("Account", "AccountFacet", "accountIdentifier"),
    "bank-account": ("Account", "AccountFacet", "accountIdentifier"),
}
"""Class, facet and property of each kind of identifier; any other is an object with a name."""
_NAME = "name"
TRANSACTION = "transaction-id"


def linked_data(draft: Draft, found: LetterFacts, at: datetime) -> bytes:
    """The graph as canonical JSON; `at`: when the letter is made."""
    graph = _Graph(draft.sha256)
    organizations = [found.unit.name, draft.addressee.name, *(each.keeper for each in draft.items)]
    parts = [graph.organization(each) for each in dict.fromkeys(filter(None, organizations))]
    parts += graph.observables(draft)
    parts += [node for each in found.rests.exhibits for node in graph.exhibit(each)]
    case = graph.node("investigation", draft.case, "case-investigation:Investigation")
    case |= {
        "uco-core:name": f"{_training(found)}{found.unit.name}, {draft.case}",
        "uco-core:description": f"{render(f'name.request-title-{draft.kind}', 'en')}"
        f" ({draft.reference}), kancil-request/1 SHA-256 {draft.sha256}",
        "uco-core:objectCreatedTime": _typed("xsd:dateTime", clock.to_text(at)),
        "uco-core:object": [{"@id": each["@id"]} for each in parts],
    }
    if order := draft.text("domestic_order"):
        allowed = graph.node("authorization", order, "case-investigation:Authorization")
        allowed["case-investigation:authorizationIdentifier"] = order
        case["case-investigation:relevantAuthorization"] = [{"@id": allowed["@id"]}]
        parts.append(allowed)
    context = {**CONTEXT, "kb": graph.base}
    return canonical.dumps({"@context": context, "@graph": [case, *parts]})


def _training(found: LetterFacts) -> str:
    return f"{render('name.training', 'en')}: " if found.unit.is_training else ""


def _typed(kind: str, value: str) -> Node:
    return {"@type": kind, "@value": value}


@dataclass(frozen=True, slots=True)
class _Graph:
    """Names each thing of one draft, the same one always by the same IRI."""

    draft: str

    @property
    def base(self) -> str:
        return f"urn:kancil:request:{self.draft}:"

    def iri(self, what: str, key: str) -> str:
        return f"kb:{what}-{uuid5(NAMESPACE_URL, f'{self.base}{what}/{key}')}"

    def node(self, what: str, key: str, kind: str) -> Node:
        return {"@id": self.iri(what, key), "@type": kind}

    def organization(self, name: str) -> Node:
        node = self.node("organization", name, "uco-identity:Organization")
        return {**node, "uco-core:name": name}

    def observables(self, draft: Draft) -> Iterator[Node]:
        """Each identifier once, with what every item of it says; then the transactions."""
        told: dict[tuple[str, str], list[Item]] = {}
        for item in draft.items:
            if item.selector != _NAME and item.value:
                told.setdefault((item.selector, item.value), []).append(item)
            if item.txid:
                told.setdefault((TRANSACTION, item.txid), []).append(item)
        for (selector, value), items in told.items():
            yield self._observable(selector, value, items)
            if selector != TRANSACTION:
                yield from self._kept_by(selector, value, items)

    def _observable(self, selector: str, value: str, items: list[Item]) -> Node:
        key = f"{selector}/{value}"
        kind, facet, field = _DIGITAL.get(selector, ("ObservableObject", "", ""))
        node = self.node("observable", key, f"uco-observable:{kind}")
        node["uco-core:tag"] = [selector]
        node["uco-core:description"] = list(dict.fromkeys(_said(each) for each in items))
        if not facet:
            return {**node, "uco-core:name": value}
        inside = self.node("facet", key, f"uco-observable:{facet}")
        inside[f"uco-observable:{field}"] = value
        if kind == "Account":
            inside["uco-observable:accountType"] = [selector]
            if items[0].keeper:
                keeper = {"@id": self.iri("organization", items[0].keeper)}
                inside["uco-observable:accountIssuer"] = keeper
        return {**node, "uco-core:hasFacet": [inside]}

    def _kept_by(self, selector: str, value: str, items: list[Item]) -> Iterator[Node]:
        """That a keeper keeps it, as the letter states."""
        key = f"{selector}/{value}"
        for keeper in dict.fromkeys(each.keeper for each in items if each.keeper):
            node = self.node("relationship", f"{key}/{keeper}", "uco-core:Relationship")
            yield node | {
                "uco-core:source": {"@id": self.iri("observable", key)},
                "uco-core:target": {"@id": self.iri("organization", keeper)},
                "uco-core:kindOfRelationship": "Kept_By",
                "uco-core:isDirectional": True,
            }

    def exhibit(self, exhibit: CitedExhibit) -> Iterator[Node]:
        """Its provenance record, and its bytes by their SHA-256."""
        contents = [self._content(exhibit, each) for each in exhibit.contents]
        node = self.node("provenance", exhibit.id, "case-investigation:ProvenanceRecord")
        yield node | {
            "case-investigation:exhibitNumber": exhibit.label,
            "uco-core:description": [exhibit.title],
            "uco-core:object": [{"@id": each["@id"]} for each in contents],
        }
        yield from contents

    def _content(self, exhibit: CitedExhibit, content: CitedContent) -> Node:
        key = f"{exhibit.id}/{content.sha256}"
        node = self.node("content", key, "uco-observable:ContentData")
        facet = self.node("facet", key, "uco-observable:ContentDataFacet")
        if not content.is_listing:
            facet["uco-observable:sizeInBytes"] = content.size_bytes
        digest = self.node("hash", key, "uco-types:Hash")
        digest["uco-types:hashMethod"] = _typed("uco-vocabulary:HashNameVocab", "SHA256")
        digest["uco-types:hashValue"] = _typed("xsd:hexBinary", content.sha256.upper())
        facet["uco-observable:hash"] = [digest]
        code = "listing" if content.is_listing else "sha256"
        said = render(f"letter.{code}", "en", count=content.files)
        return {**node, "uco-core:description": [said], "uco-core:hasFacet": [facet]}


def _said(item: Item) -> str:
    """What the letter states of an identifier, and what that rests on; in English."""
    standing = render(f"name.standing-{item.standing}", "en")
    money = " ".join(filter(None, (item.amount, item.asset)))
    by = f"{standing} ({item.reported_by})" if item.reported_by else standing
    return "; ".join(filter(None, (money, item.at, by, item.proof)))
