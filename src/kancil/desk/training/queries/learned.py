"""What trainees handed in and how it was marked, as certificates and packages of a class say it.

On a certificate only what is final and released counts: what a trainee cannot see yet, nobody else
reads. A package tells no person's marks, so tests count in it from the moment they are over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from kancil.desk.base.opening import day_of
from kancil.desk.training.models import (
    Attempt,
    ClassTally,
    Enrolment,
    EvaluationSheet,
    IssuedCertificate,
    Mark,
    MarksConsent,
    TrainingClass,
)
from kancil.ground import clock
from kancil.ground.words import has, render
from kancil.training.badges.certificate import Marked, MarkedKind
from kancil.training.evaluation import points_of
from kancil.training.results import ClassFacts, TrainedPerson

from .classes import waiting_in
from .sittings import WhichTest, results_of, tests_of


def lab_share(attempt: Attempt) -> tuple[Fraction, Mark] | None:
    """The share of the points of an attempt, and its mark; None: not final, or not released."""
    if attempt.variant.run.released_at is None:
        return None
    mark = Mark.objects.filter(attempt=attempt).order_by("-id").first()
    if mark is None or not mark.is_final or not mark.points:
        return None
    return min(Fraction(mark.earned_hundredths, 100 * mark.points), Fraction(1)), mark


def marked_of(enrolment: Enrolment) -> tuple[Marked, ...]:
    """What was marked of a trainee's work in a class, in order; points only by consent."""
    states = consents(enrolment)
    found = []
    for attempt in _attempts(enrolment):
        known = lab_share(attempt)
        if known is None:
            continue
        share, mark = known
        run = attempt.variant.run
        percent = int(share * 100) if states else None  # whole percent that were reached
        title = lab_name(run.lab)
        found.append(Marked(MarkedKind.LAB, title, run.version, day_of(mark.at), percent))
    return (*found, *_tests_of(enrolment, states=states))


def _tests_of(enrolment: Enrolment, *, states: bool) -> Iterator[Marked]:
    """A trainee's tests whose results are released; they were marked when they were over.

    The title of one that came with the course says that it was practice.
    """
    for test in tests_of(enrolment.training_class):
        if test.released_at is None:
            continue
        for result in results_of(test, clock.now()):
            sitting = result.sitting
            if sitting.person_id == enrolment.person_id:
                percent = int(result.share * 100) if states else None
                title = render(f"name.marked-form-{test.form}")
                day = day_of(sitting.submitted_at or sitting.due_at)
                yield Marked(MarkedKind.TEST, title, test.version, day, percent)


def lab_name(lab: str) -> str:
    """What a lab is called on paper; its word of the command line where it has no name."""
    for key in (f"name.lab-{lab}", f"name.lab-code-{lab}"):
        if has(key):
            return render(key)
    return lab


def consents(enrolment: Enrolment) -> bool:
    """Whether the trainee wants the points stated."""
    return MarksConsent.objects.filter(enrolment=enrolment, is_given=True).exists()


def class_facts(training_class: TrainingClass) -> ClassFacts:
    """What a package of a class is made of; no name leaves this function."""
    joined = Enrolment.objects.filter(training_class=training_class)
    joined = joined.exclude(person_id__in=waiting_in(training_class))
    shares = _shares(training_class)
    tally = ClassTally.objects.filter(training_class=training_class).first()
    sheets = EvaluationSheet.objects.filter(training_class=training_class, form="reaction")
    counts: Mapping[str, Mapping[str, int]] = tally.counts if tally else {}
    return ClassFacts(
        training_class.course,
        tuple(_trained(each, shares) for each in joined.select_related("person")),
        counts,
        points_of(each.answers for each in sheets),
    )


def _shares(training_class: TrainingClass) -> Mapping[str, Mapping[int, Fraction]]:
    """What each person earned, by which of the two tests; of sittings that are over."""
    return {
        test.form: {each.sitting.person_id: each.share for each in results_of(test, clock.now())}
        for test in tests_of(training_class)
    }


def _trained(enrolment: Enrolment, shares: Mapping[str, Mapping[int, Fraction]]) -> TrainedPerson:
    given = IssuedCertificate.objects.filter(enrolment=enrolment)
    was_given = given.exists()
    stands = given.filter(revoked_on=None).exists()
    labs: dict[str, Fraction | None] = {}
    for attempt in _attempts(enrolment):
        known = lab_share(attempt)
        lab = attempt.variant.run.lab
        labs[lab] = labs.get(lab) if known is None else known[0]
    before, after = (
        shares.get(form, {}).get(enrolment.person_id) for form in (WhichTest.PRE, WhichTest.POST)
    )
    return TrainedPerson(was_given, was_given and not stands, before, after, labs)


def _attempts(enrolment: Enrolment) -> list[Attempt]:
    found = Attempt.objects.filter(variant__enrolment=enrolment).order_by("started_at", "id")
    return list(found.select_related("variant__run"))
