"""A small course that has all a course needs, for tests: its files by their path."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

LABS = ("sample-lab",)


class SampleLab:
    """A name alone: what a course asks of a lab."""

    name = LABS[0]


def the_sample_lab() -> tuple[SampleLab, ...]:
    """In place of the labs that there are, so that the sample has no fault."""
    return (SampleLab(),)


OBJECTIVES = ("o1", "o2")
LESSONS = (
    ("01-a-digest.md", "What a digest proves", "o1"),
    ("02-two-copies.md", "Two copies of one file", "o1"),
    ("03-who-held-it.md", "Who held it", "o2"),
    ("04-a-gap.md", "A gap in the record", "o2"),
    ("05-in-court.md", "What is said in court", "o2"),
)
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">'
    '<rect width="18" height="18" fill="#356"/><text x="2" y="12">E1</text></svg>'
)


def sample_files() -> dict[str, bytes]:
    """All files of the course."""
    texts = {
        "course.yaml": outline(),
        "sources.yaml": SOURCES,
        "pictures/exhibit.svg": PICTURE,
        "en/trainer.md": "\n".join(_trainer()),
        "en/trainee.md": "# For the trainee\n\nKeep the list of digests [^s1].\n",
        "en/pre.gift": "\n\n".join(_items("pre")) + "\n",
        "en/post.gift": "\n\n".join(_items("post")) + "\n",
    }
    texts |= {f"en/lessons/{file}": _lesson(title) for file, title, _ in LESSONS}
    return {name: text.encode() for name, text in texts.items()}


SOURCES = """\
format: kancil-course-sources/1
sources:
  - id: s1
    title: Secure Hash Standard (SHS)
    author: National Institute of Standards and Technology
    year: "2015"
    publisher: NIST
    doi: 10.6028/NIST.FIPS.180-4
    standing: secondary
  - id: s2
    title: How a record of custody is kept
    standing: general-knowledge
"""


def outline() -> str:
    """`course.yaml`."""
    lessons = "\n".join(
        f"  - {{file: {file}, title: {title}, minutes: 30, teaches: [{objective}]}}"
        for file, title, objective in LESSONS
    )
    return textwrap.dedent("""\
        format: kancil-course/1
        id: sample
        version: "1"
        title: A digest and who held it
        language: en
        audience: court
        description: How a copy is shown to be the same, and who held it.
        target_audience: Judges and prosecutors who meet digital evidence for the first time.
        hours: 4
        prerequisites: [none]
        objectives:
          - {id: o1, text: Compare the digest of a copy with the recorded one.}
          - {id: o2, text: Find a gap in a record of custody.}
        lessons:
        @LESSONS
        labs:
          - {lab: sample-lab, minutes: 30, practises: [o1, o2]}
        test_minutes: 20
        marking:
          - {part: Lab, percent: 60}
          - {part: Post-test, percent: 40}
        pass_percent: 60
        schedule:
          - {session: Morning, minutes: 240, holds: all lessons and the lab}
        assessment: A lab and a test.
        trainer_profile: Has given evidence of digests in court.
        equipment: [one laptop for two trainees]
        history:
          - {version: "1", on: "2026-11-30", change: First version.}
        licence: CC-BY-4.0
        authors: [examiner, judge]
        """).replace("@LESSONS", lessons)


def _lesson(title: str) -> str:
    return textwrap.dedent(f"""\
        # {title}

        ## Objectives

        You know it afterwards.

        ## What is so

        A digest of 256 bits is computed from all bytes of a file [^s1: section 6.2].

        Two things are written down [^s2]:

        - who held it,
        - since when.

        ![An exhibit with its number](../../pictures/exhibit.svg)

        | what | where |
        |---|---|
        | digest | ledger [^s2] |

        ## Practise

        Work [the lab](lab:sample-lab), then read [the first lesson](01-a-digest.md).

        ## Summary

        All of it again.
        """)


def _trainer() -> Iterator[str]:
    yield "# Trainer's manual\n"
    for _, title, _ in LESSONS:
        yield f"## {title}\n\n### Minutes\n\n30 minutes.\n\n### Show\n\nA file and its digest.\n"
        yield "### Questions trainees ask\n\n- Can two files share one?\n"
        yield "### Common mistakes\n\n- Comparing the first digits alone.\n"


def _items(test: str) -> Iterator[str]:
    for number in range(20):
        aim = f"// objective: o{1 + number % 2}; source: s{1 + number % 2}\n"
        name = f"::{test} {number + 1}::"
        if number % 5 == 0:
            yield f"{aim}{name} In {test} case {number}, is it so? {{T#No: it is so.}}"
        elif number % 5 == 1:
            yield f"{aim}{name} How many are {number} and 1 in the {test}-test? {{#{number + 1}:0}}"
        elif number % 5 == 2:
            yield f"{aim}{name} Which holds in {test} {number}? {{=the record ~the promise ~no}}"
        elif number % 5 == 3:
            yield f"{aim}{name} Who held it ({test} {number})? {{=officer =the officer}}"
        else:
            yield (
                f"{aim}{name} Match what belongs together ({test} {number}). "
                "{=digest -> bytes =seal -> bag = -> court}"
            )
