"""Errors of the classroom's books."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotFound, Refused


class JoinCodeWrong(Refused):
    """No open class has this join code."""

    code = "join-code-wrong"


class ClassEnded(Refused):
    """The class has ended. Params: `title`."""

    code = "class-ended"


class EnrolledAlready(Refused):
    """The person belongs to the class already. Params: `title`."""

    code = "enrolled-already"


class TraineeHasWork(Refused):
    """A trainee who began a lab or a test, or has a certificate, stays in the class."""

    code = "trainee-has-work"


class ClassDaysBackwards(Refused):
    """A class or lab that would end before it begins. Params: `since`, `until`."""

    code = "class-days-backwards"


class LabNotOpen(Refused):
    """The lab opens later. Params: `opens`."""

    code = "lab-not-open"


class LabOver(Refused):
    """The time of the lab is over. Params: `ended`."""

    code = "lab-over"


class VariantNotMade(NotFound):
    """The person's variant is not made yet."""

    code = "variant-not-made"


class AttemptBegun(Refused):
    """The attempt was begun already."""

    code = "attempt-begun"


class AttemptSubmitted(Refused):
    """The attempt was handed in. Params: `at`."""

    code = "attempt-submitted"


class AnswerNotUsable(Refused):
    """A value is no answer to the question. Params: `why`, a phrase."""

    code = "answer-not-usable"


class QuestionNotFound(NotFound):
    """The lab has no such question, or no further hint to it."""

    code = "question-not-found"


class ClockSetBack(Refused):
    """The machine's clock is behind what was saved. Params: `saved`, `minutes`."""

    code = "clock-set-back"


class NotMarkedYet(Refused):
    """Marks are released, corrected or completed before there are any."""

    code = "not-marked-yet"


class RubricNotFilled(Refused):
    """Points of a rubric that it does not have. Params: `criterion`, `most`."""

    code = "rubric-not-filled"


class LabFilesChanged(IntegrityBroken):
    """A variant's manifest is not the one that was made. Params: `name`."""

    code = "lab-files-changed"


class AttemptsUnmarked(Refused):
    """Marks are released while some attempts are not marked. Params: `count`."""

    code = "attempts-unmarked"


class TrainingNotYours(Refused):
    """An act of a trainer, asked for by somebody who is none."""

    code = "training-not-yours"


class StepUnknown(IntegrityBroken):
    """A lab's script has an act that this version does not know. Params: `act`."""

    code = "step-unknown"


class CourseTestGiven(Refused):
    """The class has that test already. Params: `form`."""

    code = "course-test-given"


class OwnItemsMissing(Refused):
    """The trainer's own test was given without a file of its items, or a file with another test."""

    code = "own-items-missing"


class CourseTestNotOpen(Refused):
    """The test opens later. Params: `opens`."""

    code = "course-test-not-open"


class CourseTestOver(Refused):
    """The time of the test is over. Params: `ended`."""

    code = "course-test-over"


class CourseTestStillOpen(Refused):
    """Right answers are shown only after the test has closed. Params: `closes`."""

    code = "course-test-still-open"


class SittingBegun(Refused):
    """The person has begun that test."""

    code = "sitting-begun"


class SittingSubmitted(Refused):
    """The test was handed in. Params: `at`."""

    code = "sitting-submitted"


class ItemNotFound(NotFound):
    """The test has no such item."""

    code = "item-not-found"


class ItemAnswerNotUsable(Refused):
    """What was sent is no answer of the item's kind."""

    code = "item-answer-not-usable"


class ClassWithoutCourse(Refused):
    """No course was chosen for the class. Params: `title`."""

    code = "class-without-course"


class CertificateNotFound(NotFound):
    """No certificate of this classroom has this id. Params: `certificate`."""

    code = "certificate-not-found"


class NobodyToCertify(Refused):
    """Nobody of the class has released marks and no certificate. Params: `title`."""

    code = "nobody-to-certify"


class FormNotDue(Refused):
    """An evaluation form before its day. Params: `due`."""

    code = "form-not-due"


class SheetHandedIn(Refused):
    """A trainee's second sheet of the same form."""

    code = "sheet-handed-in"


class TallyNotWhole(Refused):
    """Counts that are not of all trainees. Params: `what`, `counted`, `size`."""

    code = "tally-not-whole"


class ClassNotEnded(Refused):
    """Results of a class leave only once it has ended. Params: `title`."""

    code = "class-not-ended"


class ClassPackageNotFound(NotFound):
    """No draft of a package has this id. Params: `package`."""

    code = "class-package-not-found"


class MadeItself(Refused):
    """Who made a package does not review it. Params: `name`."""

    code = "made-itself"


class ClassMovedOn(Refused):
    """The counts of a class are other ones than the draft shows."""

    code = "class-moved-on"


class ClassNotFound(NotFound):
    """No class has this title or id. Params: `name`."""

    code = "class-not-found"


class ActNeedsReason(Refused):
    """An act that needs its reason was given none."""

    code = "act-needs-reason"


class ClassCertified(Refused):
    """A class cannot go on once certificates were issued on its end. Params: `title`."""

    code = "class-certified"


class MarksSeen(Refused):
    """Work cannot go on once the trainee has seen the marks, which tell the answers."""

    code = "marks-seen"


class ListNotUsable(Refused):
    """A pasted list of trainees cannot be taken as it is. Params: `line`."""

    code = "list-not-usable"


class NamesakeUndecided(Refused):
    """A name of a list may be a trainee who is there already. Params: `name`."""

    code = "namesake-undecided"
