"""Tables of the classroom.

Times are aware UTC; days are days. What is read from a lab's manifest or key is JSON as the craft
writes it. No table holds a seed, and none holds a key before its lab was marked.
"""

from .certificates import (
    ClassPackage,
    ClassTally,
    EvaluationSheet,
    IssuedCertificate,
    MarksConsent,
    MentoringNote,
    RevocationList,
    SheetDone,
)
from .classes import ClassState, Enrolment, JoinSlip, TrainingClass
from .labs import AdmittedFile, LabRun, Variant
from .marks import Correction, Mark, TextMark
from .sittings import CourseTest, Sitting, SittingAnswer, WhichTest
from .work import Answer, Attempt, Reopening

__all__ = [
    "AdmittedFile", "Answer", "Attempt", "ClassPackage", "ClassState", "ClassTally", "Correction",
    "CourseTest", "Enrolment", "EvaluationSheet", "IssuedCertificate", "JoinSlip", "LabRun",
    "Mark", "MarksConsent", "MentoringNote", "Reopening", "RevocationList", "SheetDone",
    "Sitting", "SittingAnswer", "TextMark", "TrainingClass", "Variant", "WhichTest",
]  # fmt: skip
