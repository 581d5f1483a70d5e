"""The words that the programme's books, pages, reports and files share.

The name of each is `programme.<kind>.<value>` (`records.described.named`), such as
`programme.activity-kind.training`.
"""

from __future__ import annotations

from enum import StrEnum


class ActivityKind(StrEnum):
    """What is done."""

    TRAINING = "training"
    WORKSHOP = "workshop"
    CONFERENCE = "conference"
    STUDY = "study"
    MISSION = "mission"
    """Advisory mission."""
    MENTORING = "mentoring"
    EQUIPMENT = "equipment"
    AWARENESS = "awareness"
    LEGISLATIVE = "legislative"
    """Legislative advice."""


class ActivityState(StrEnum):
    """How far an activity is; *done* once its report stands."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    DONE = "done"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class OrganisationKind(StrEnum):
    """What an organisation is."""

    POLICE = "police"
    PROSECUTION = "prosecution"
    JUDICIARY = "judiciary"
    MINISTRY = "ministry"
    REGULATOR = "regulator"
    CIVIL_SOCIETY = "civil-society"
    INDUSTRY = "industry"
    ACADEMIA = "academia"
    INTERNATIONAL = "international"
    OTHER = "other"


class Profession(StrEnum):
    """As what somebody takes part: their work, which counts are split by."""

    POLICE = "police"
    EXAMINER = "examiner"
    PROSECUTOR = "prosecutor"
    JUDGE = "judge"
    POLICY = "policy"
    """Ministries and regulators."""
    TEACHER = "teacher"
    SOCIAL_WORKER = "social-worker"
    CIVIL_SOCIETY = "civil-society"
    INDUSTRY = "industry"
    ACADEMIC = "academic"
    OTHER = "other"


class Sex(StrEnum):
    """As people say it of themselves."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    NOT_STATED = "not-stated"


class AgeBand(StrEnum):
    """Of a participant: an adult."""

    YOUNG = "18-29"
    MIDDLE = "30-44"
    OLDER = "45-59"
    OLDEST = "60-over"
    NOT_STATED = "not-stated"


class AudienceAge(StrEnum):
    """Of people who are counted and not listed."""

    UNDER_10 = "under-10"
    TEN_TO_17 = "10-17"
    ADULT = "adult"
    NOT_STATED = "not-stated"


class Audience(StrEnum):
    """Whom awareness reaches; head counts alone."""

    CHILDREN = "children"
    PARENTS = "parents"
    TEACHERS = "teachers"
    OFFICIALS = "officials"
    BUSINESSES = "businesses"
    PUBLIC = "public"


class Part(StrEnum):
    """What somebody does in an activity."""

    PARTICIPANT = "participant"
    DELEGATE = "delegate"
    SPEAKER = "speaker"
    TRAINER = "trainer"
    MENTOR = "mentor"
    OBSERVER = "observer"


class RegistrationState(StrEnum):
    """How far a registration is."""

    INVITED = "invited"
    REGISTERED = "registered"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    """On the waiting list."""
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class JoinReason(StrEnum):
    """Why two rows are taken for one person."""

    EMAIL = "email"
    NAME = "name"
    KNOWN = "known"
    """Neither: the officer knows."""


class DocumentKind(StrEnum):
    """What a file of an activity is."""

    MATERIAL = "material"
    REPORT = "report"
    OUTCOME = "outcome"
    """Outcome statement."""
    PAPER = "paper"
    """A paper before a conference."""
    PICTURE = "picture"
    OTHER = "other"


class InvitationAnswer(StrEnum):
    """What a delegation answered."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class Progress(StrEnum):
    """How far an aim of a mentorship is."""

    NONE = "none"
    SOME = "some"
    REACHED = "reached"


class BudgetClass(StrEnum):
    """The UN's harmonised budget classes (UNDG standard, 2012), by which donors are reported to."""

    STAFF = "staff"
    SUPPLIES = "supplies"
    EQUIPMENT = "equipment"
    CONTRACTS = "contracts"
    TRAVEL = "travel"
    TRANSFERS = "transfers"
    """Transfers and grants to counterparts."""
    OPERATING = "operating"
    SUPPORT = "support"
    """Programme support costs: indirect."""


class Moment(StrEnum):
    """When an evaluation is asked."""

    AT_ONCE = "at-once"
    AFTER_3 = "3-months"
    AFTER_6 = "6-months"


class ResultKind(StrEnum):
    """The place of a statement in the results framework."""

    IMPACT = "impact"
    OUTCOME = "outcome"
    OUTPUT = "output"


class DonorType(StrEnum):
    """Codes of IATI's list OrganisationType."""

    GOVERNMENT = "10"
    LOCAL_GOVERNMENT = "11"
    OTHER_PUBLIC = "15"
    INTERNATIONAL_NGO = "21"
    NATIONAL_NGO = "22"
    REGIONAL_NGO = "23"
    PARTNER_COUNTRY_NGO = "24"
    PARTNERSHIP = "30"
    MULTILATERAL = "40"
    FOUNDATION = "60"
    PRIVATE = "70"
    PRIVATE_IN_PROVIDER_COUNTRY = "71"
    PRIVATE_IN_RECIPIENT_COUNTRY = "72"
    PRIVATE_IN_THIRD_COUNTRY = "73"
    ACADEMIC = "80"
    OTHER = "90"
