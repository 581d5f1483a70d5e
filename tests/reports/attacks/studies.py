"""Bundles with studies: honest ones, and what insiders can bend in them.

Entries of the ledger with a trace: 8 exposure, 9 change, 10 the making of the bundle.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from kancil.reports.casework.bundle.archive import write_archive
from kancil.reports.casework.bundle.studies import (
    INPUTS_CHANGED,
    INPUTS_GONE,
    VERSION_GONE,
    CitedStudy,
)
from tests.reports.sample_studies import STUDY, body_of, change, cited, exposure
from tests.reports.tiny_ledger import CASE, OFFICER, TinyLedger, canonical, key_of

from .attack import ANYONE, BOTH, NOBODY, Attack
from .attack import OFFICER as OWN
from .forge import KEY, WITNESS, Forgery, Members, bend_json, hide, put, replace_in

FIRST, SECOND = "analysis/studies/1/result.json", "analysis/studies/2/result.json"
ANALYSIS = "analysis/analysis.json"
STUDY_ENTRY = 8


def forgery(**bent: Any) -> Forgery:
    """An honest bundle of a trace and two studies, unless something is bent."""
    return Forgery(studies=cited(exposure(), change()), **bent)


def attacks() -> Iterator[Attack]:
    """Every bundle of this file."""
    for name, one, answer in _honest():
        yield Attack(f"studies: {name}", one.make(), NOBODY, answer)
    yield Attack("studies: whole, fingerprint fits", forgery().make(), NOBODY, "confirmed", KEY)
    for name, one in {**_bent(), **_otherwise_recorded(), **_otherwise_counted()}.items():
        yield Attack(f"studies: {name}", one.make(), BOTH)
    for name, one in _signed_again().items():
        yield Attack(f"studies: {name}", one.make(), OWN)
    members = forgery().members()
    data = members[FIRST]
    flipped = data[:90] + bytes([data[90] ^ 1]) + data[91:]
    yield Attack("studies: a bit flipped", write_archive({**members, FIRST: flipped}), ANYONE)
    kept = {name: each for name, each in members.items() if name != SECOND}
    yield Attack("studies: a result left out", write_archive(kept), ANYONE)


def _honest() -> Iterator[tuple[str, Forgery, str]]:
    yield "whole", forgery(), "unchanged"
    yield "without a trace", forgery(traces=False), "unchanged"
    for state in (INPUTS_CHANGED, INPUTS_GONE, VERSION_GONE):
        apart = cited(exposure()) + cited(change(), run_again=state)
        yield f"not compared by the maker: {state}", Forgery(studies=apart), "unchanged"
    yield "entry sealed as declared", forgery(declared={STUDY_ENTRY: WITNESS}), "unchanged"


def _bent() -> dict[str, Forgery]:
    """Whoever holds both keys names other studies or puts in other results."""
    forged = exposure().data.replace(b'"523100000"', b'"523100001"')
    assert forged != exposure().data
    exchanged = [STUDY.format(number=n) for n in (2, 1)]
    return {
        "another result than the ledger names": forgery(bend_analysis=_set(FIRST, forged)),
        "results exchanged": forgery(bend_analysis=_exchange),
        "named in another order": forgery(making={"studies": exchanged}),
        "one not named": forgery(making={"studies": exchanged[:1]}),
        "none named": forgery(making={"studies": []}),
        "one named twice": forgery(making={"studies": [exchanged[1]] * 2}),
        "named by no text": forgery(making={"studies": [1, 2]}),
        "names are no list": forgery(making={"studies": "S1, S2"}),
        "one more named than is there": forgery(
            making={"studies": [*exchanged[::-1], STUDY.format(number=3)]}
        ),
        "one named that no entry records": forgery(
            making={"studies": [exchanged[1], STUDY.format(number=9)]}
        ),
        "a study named in a bundle of traces alone": Forgery(making={"studies": exchanged[:1]}),
    }


def _otherwise_recorded() -> dict[str, Forgery]:
    """The entry of a study states something else than its result."""
    return {
        "another method in the entry": _recorded(
            lambda body: body["provenance"].update(method="cluster")
        ),
        "another version in the entry": _recorded(
            lambda body: body["provenance"].update(version="2")
        ),
        "another question in the entry": _recorded(
            lambda body: body["provenance"]["parameters"].update(hops=4)
        ),
        "a truth for a number in the question": _recorded(
            lambda body: body["provenance"]["parameters"].update(cluster=0)
        ),
        "no digest in the entry": _recorded(lambda body: body.pop("result_sha256")),
        "no provenance in the entry": _recorded(lambda body: body.pop("provenance")),
    }


def _otherwise_counted() -> dict[str, Forgery]:
    """What lies in the bundle is not what analysis.json counts."""
    return {
        "a file beside the result": forgery(
            bend_analysis=_set("analysis/studies/1/more.txt", b"x")
        ),
        "a third result that nobody counts": forgery(
            bend_analysis=_set("analysis/studies/3/result.json", change().data)
        ),
        "a result in a bundle that counts none": Forgery(
            bend_analysis=_set(FIRST, exposure().data), making_format="kancil-bundle/3"
        ),
        "one counted less": forgery(bend_analysis=bend_json(ANALYSIS, _one_less)),
        "an unknown word for how it came out": forgery(
            bend_analysis=replace_in(ANALYSIS, b'"same"', b'"true"')
        ),
        "no study counted": forgery(
            bend_analysis=bend_json(ANALYSIS, lambda one: one.update(studies=[]))
        ),
        "counted in the older form": forgery(bend_analysis=bend_json(ANALYSIS, _older)),
        "no trace counted, and its files there": forgery(
            bend_analysis=bend_json(ANALYSIS, _no_trace), bend_manifest=put(network="none")
        ),
        "a chain stated where there is no trace": forgery(
            traces=False,
            bend_analysis=replace_in(ANALYSIS, b'"none"', b'"mainnet"'),
        ),
        "a network of no trace beside a trace": forgery(
            bend_analysis=replace_in(ANALYSIS, b'"mainnet"', b'"none"'),
        ),
        "labels where there is no trace": forgery(
            traces=False, bend_analysis=_set("analysis/labels.csv", b"row\n")
        ),
        "proofs where there is no trace": forgery(
            traces=False, bend_analysis=_set("analysis/proofs/blocks.json", b"[]")
        ),
        **{f"{name}, recorded so": _malformed(data) for name, data in _forms().items()},
    }


def _signed_again() -> dict[str, Forgery]:
    """An officer signs the manifest anew; the ledger's entries stand as they are."""
    return {
        "entry taken out": forgery(bend_custody=hide(STUDY_ENTRY)),
        "both entries taken out": forgery(bend_custody=hide("study.run")),
        "older format claimed": forgery(bend_manifest=put(format="kancil-bundle/2")),
        "newer format claimed without studies": Forgery(
            bend_manifest=put(format="kancil-bundle/3")
        ),
        "result changed, list anew": forgery(
            bend_listed=replace_in(FIRST, b'"523100000"', b'"523100009"')
        ),
    }


def _forms() -> dict[str, bytes]:
    """Results of another form than the one allowed."""

    def bent(change: Callable[[dict[str, Any]], object]) -> bytes:
        copy = json.loads(exposure().data)
        change(copy)
        return canonical(copy)

    return {
        "a result that is no JSON": b"not JSON",
        "a result with a space": exposure().data.replace(b'"format":', b'"format": '),
        "a list for a result": b"[]",
        "a result of a newer form": exposure().data.replace(b"study/1", b"study/2"),
        "a result with one key more": bent(lambda one: one.update(more=1)),
        "a result without tables": bent(lambda one: one.update(tables=None)),
        "a result whose tables are an object": bent(lambda one: one.update(tables={})),
        "a table that is a text": bent(lambda one: one.update(tables=["rows"])),
        "a table without a name": bent(lambda one: one["tables"][0].pop("name")),
        "a table named by a number": bent(lambda one: one["tables"][0].update(name=1)),
        "a column of an unknown sort": bent(
            lambda one: one["tables"][0]["columns"][0].update(holds="picture")
        ),
        "a column named by a number": bent(
            lambda one: one["tables"][0]["columns"][0].update(name=7)
        ),
        "a row too short": bent(lambda one: one["tables"][0]["rows"][0].pop()),
        "a row that is a text": bent(lambda one: one["tables"][0].update(rows=["xxxxxx"])),
        "a number for a text": bent(lambda one: one["tables"][0]["rows"][0].__setitem__(0, 5)),
        "a text for a count": bent(lambda one: one["tables"][0]["rows"][0].__setitem__(1, "1")),
        "a truth for a count": bent(lambda one: one["tables"][0]["rows"][0].__setitem__(1, True)),
        "a number for an amount": bent(lambda one: one["tables"][1]["rows"][0].__setitem__(4, 5)),
        "an amount with a zero before": bent(
            lambda one: one["tables"][1]["rows"][0].__setitem__(4, "05")
        ),
        "an amount of many digits": bent(
            lambda one: one["tables"][1]["rows"][0].__setitem__(4, "9" * 5000)
        ),
        "a study named by a number": bent(lambda one: one.update(study=1)),
        "parameters that are a list": bent(lambda one: one.update(parameters=[])),
    }


def _malformed(data: bytes) -> Forgery:
    """Whatever it is, the ledger names it by its digest."""
    study = CitedStudy(data, "same")

    def record(ledger: TinyLedger) -> None:
        body = {**body_of(1, cited(exposure())[0]), "result_sha256": study.digest}
        ledger.add("study.run", body, key=key_of("officer"), officer=OFFICER, case=CASE)

    return Forgery(
        bend_ledger=record,
        bend_analysis=lambda members: _put_result(members, data),
        making_format="kancil-bundle/3",
    )


def _put_result(members: Members, data: bytes) -> None:
    members[FIRST] = data
    bend_json(ANALYSIS, lambda one: one.update(
        format="kancil-analysis/2", studies=[{"run_again": "same"}]
    ))(members)  # fmt: skip


def _recorded(bend: Callable[[dict[str, Any]], object]) -> Forgery:
    """The exposure alone, recorded otherwise."""
    body = json.loads(canonical(body_of(1, cited(exposure())[0])))
    bend(body)

    def record(ledger: TinyLedger) -> None:
        ledger.add("study.run", body, key=key_of("officer"), officer=OFFICER, case=CASE)

    return Forgery(
        bend_ledger=record,
        bend_analysis=lambda members: _put_result(members, exposure().data),
        making_format="kancil-bundle/3",
    )


def _set(name: str, data: bytes) -> Callable[[Members], None]:
    def bend(members: Members) -> None:
        members[name] = data

    return bend


def _exchange(members: Members) -> None:
    members[FIRST], members[SECOND] = members[SECOND], members[FIRST]


def _one_less(analysis: dict[str, Any]) -> None:
    analysis["studies"].pop()


def _older(analysis: dict[str, Any]) -> None:
    analysis["format"] = "kancil-analysis/1"
    del analysis["studies"]


def _no_trace(analysis: dict[str, Any]) -> None:
    analysis.update(traces=0, held=None, network="none")
