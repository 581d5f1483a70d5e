"""CASE/UCO: the context's own names, one thing one IRI, nothing that no term is for."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from kancil.ground import canonical
from kancil.legal.request import Item, Sought
from tests.legal.letters import DATA, MONEY, TRON, good
from tests.reports.request.sample import draft, made

# As their sites publish them (UCO 1.3, CASE 1.3).
NAMESPACES = {
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "uco-vocabulary": "https://ontology.unifiedcyberontology.org/uco/vocabulary/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
TERMS = {
    "case-investigation": {"Authorization", "Investigation", "ProvenanceRecord",
                           "authorizationIdentifier", "exhibitNumber", "relevantAuthorization"},
    "uco-core": {"Relationship", "description", "hasFacet", "isDirectional", "kindOfRelationship",
                 "name", "object", "objectCreatedTime", "source", "tag", "target"},
    "uco-identity": {"Organization"},
    "uco-observable": {"Account", "AccountFacet", "ContentData", "ContentDataFacet",
                       "DigitalAddress", "DigitalAddressFacet", "EmailAddress",
                       "EmailAddressFacet", "ObservableObject", "PhoneAccount",
                       "PhoneAccountFacet", "accountIdentifier", "accountIssuer", "accountType",
                       "addressValue", "hash", "phoneNumber", "sizeInBytes"},
    "uco-types": {"Hash", "hashMethod", "hashValue"},
    "uco-vocabulary": {"HashNameVocab"},
    "xsd": {"dateTime", "hexBinary"},
}  # fmt: skip
"""Terms of the ontologies that a letter uses; a new one is looked up before it is added."""


def graph(*items: Item) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Context and nodes of a letter."""
    found = replace(good("freeze"), items=items or (MONEY,))
    value = canonical.loads_canonical(made(found, "case").data)
    return value["@context"], value["@graph"]


def names(value: Any) -> set[str]:
    """Every key and type of a node."""
    if isinstance(value, list):
        return {name for each in value for name in names(each)}
    if not isinstance(value, dict):
        return set()
    types = {value["@type"]} if "@type" in value else set()
    return {*types, *(key for key in value if key[0] != "@"), *names(list(value.values()))}


def refs(value: Any) -> set[str]:
    """Every IRI that a node points to."""
    if isinstance(value, list):
        return {each for one in value for each in refs(one)}
    if not isinstance(value, dict):
        return set()
    if set(value) == {"@id"}:
        return {value["@id"]}
    return refs(list(value.values()))


def of_type(nodes: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [each for each in nodes if each["@type"] == kind]


PHONE = replace(DATA, selector="phone-number", value="+85620555555")
CHAIN = replace(MONEY, selector="tron-address", value=TRON, txid="cd" * 32, proof="T1 output 4")


def test_every_term_is_one_of_the_published_ontologies() -> None:
    context, nodes = graph(MONEY, DATA, PHONE, CHAIN)
    assert {key: context[key] for key in NAMESPACES} == NAMESPACES
    assert set(context) == {*NAMESPACES, "kb"}
    for name in names(nodes):
        prefix, term = name.split(":")
        assert term in TERMS[prefix], name


def test_every_reference_is_in_the_graph_and_each_thing_stands_once() -> None:
    _, nodes = graph(MONEY, MONEY, DATA, CHAIN)
    ids = [each["@id"] for each in nodes]
    assert len(ids) == len(set(ids))
    assert refs(nodes) <= set(ids)
    assert all(re.fullmatch(r"kb:[a-z]+-[0-9a-f-]{36}", each) for each in ids)


@pytest.mark.parametrize(
    ("item", "kind", "facet", "field"),
    [
        (MONEY, "Account", "AccountFacet", "accountIdentifier"),
        (DATA, "EmailAddress", "EmailAddressFacet", "addressValue"),
        (PHONE, "PhoneAccount", "PhoneAccountFacet", "phoneNumber"),
        (CHAIN, "DigitalAddress", "DigitalAddressFacet", "addressValue"),
    ],
)
def test_an_identifier_becomes_the_observable_of_its_kind(
    item: Item, kind: str, facet: str, field: str
) -> None:
    _, nodes = graph(item)
    (found,) = of_type(nodes, f"uco-observable:{kind}")
    (inside,) = found["uco-core:hasFacet"]
    assert inside["@type"] == f"uco-observable:{facet}"
    assert inside[f"uco-observable:{field}"] == item.value
    assert found["uco-core:tag"] == [item.selector]


def test_what_is_only_reported_is_said_to_be() -> None:
    _, nodes = graph()
    (account,) = of_type(nodes, "uco-observable:Account")
    said = (
        "150000 THB; 2026-03-08T14:05:00+07:00; reported, not proved (Bank of Victims); E4, line 12"
    )
    assert account["uco-core:description"] == [said]


def test_an_exhibit_has_its_provenance_record_and_digest() -> None:
    _, nodes = graph()
    (record,) = of_type(nodes, "case-investigation:ProvenanceRecord")
    assert record["case-investigation:exhibitNumber"] == "E4"
    (content,) = of_type(nodes, "uco-observable:ContentData")
    assert record["uco-core:object"] == [{"@id": content["@id"]}]
    facet = content["uco-core:hasFacet"][0]
    assert facet["uco-observable:sizeInBytes"] == 1234
    digest = facet["uco-observable:hash"][0]
    assert digest["uco-types:hashValue"] == {"@type": "xsd:hexBinary", "@value": "AB" * 32}


def test_a_name_alone_and_an_amount_have_no_term_and_are_left_out() -> None:
    named = replace(DATA, selector="name", value="Somchai", sought=Sought.SUBSCRIBER)
    _, nodes = graph(named)
    assert not [each for each in nodes if each["@type"].startswith("uco-observable:Account")]
    assert "Somchai" not in made(draft(items=(named,)), "case").data.decode("utf-8")
