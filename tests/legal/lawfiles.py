"""A file of law of two invented countries, and ways to break it."""

from __future__ import annotations

from pathlib import Path

LAW = """\
format: kancil-law/1
offences:
  - id: xa-cyber-12
    country: XA
    law: Cybercrime Act 2015 (invented)
    article: "12"
    title: Computer-related fraud
    text: Whoever by altering data causes a loss, with intent to gain, is punished.
    language: en
    maximum_penalty: five years
    in_force_on: 2015-07-15
    source: Official gazette 7/2015
    verified_on: 2026-11-20
    elements:
      - {id: input, part: conduct, text: alters data}
      - {id: loss, part: result, text: causes a loss}
      - {id: intent, part: mental, text: with intent to gain}
  - id: xb-penal-341
    country: XB
    law: Penal Code (invented)
    article: "341"
    title: Fraud
    text: Whoever deceives another and gains property is punished.
    language: en
    translation: Whoever deceives
    translation_by: a sworn translator
    maximum_penalty: three years
    in_force_on: 1999-01-01
    repealed_on: 2026-01-01
    source: Code of 1999
    verified_on: 2026-11-20
    elements:
      - {id: deceit, part: conduct, text: deceives another}
      - {id: gain, part: mental, text: to gain property}
agreements:
  - id: la-th-mla
    form: bilateral
    country: LA
    other: TH
    title: Treaty on mutual assistance (invented)
    clauses:
      - {number: "3", text: Evidence is taken and sent., kinds: [mutual-assistance, freeze]}
    in_force_on: 2010-01-01
    source: Treaty series 3/2010 (invented)
    verified_on: 2026-11-20
  - id: la-power
    form: domestic
    country: LA
    title: Act on suspicious money (invented)
    clauses:
      - {number: "9", text: A bank holds money on a written request., kinds: [freeze]}
    in_force_on: 2015-01-01
    source: Official gazette 1/2015 (invented)
    verified_on: 2026-11-20
statuses:
  - country: LA
    instrument: budapest
    status: party
    acceded_on: 2026-02-01
    in_force_on: 2026-06-01
    as_of: 2026-11-20
    source: the depositary's chart, read on that day (invented)
entries:
  uncc:
    not_before: 2027-02-18
    source: the depositary's page (invented)
    verified_on: 2026-11-20
"""


def law_file(folder: Path) -> Path:
    """Write the file of law into a folder."""
    path = folder / "law.yaml"
    path.write_text(LAW, encoding="utf-8")
    return path
