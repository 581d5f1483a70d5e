"""Tables of assessments. Nothing that was said is changed or removed: what is newer stands after.

Times are aware UTC. Lists that nobody asks the database about are JSON. Digests are SHA-256 in
lower-case hex.
"""

from .answers import Answer, EvidenceItem, Settlement
from .law import (
    ComparedProvision,
    InstrumentStatus,
    LegalSignature,
    OfficialArticle,
    OfficialText,
    RoadStep,
    StatuteExtract,
)
from .leaving import Act, KnownKey, Release
from .plan import Body, CostLine, DueDiligence, GapWish, Matter, PlanItem
from .rounds import (
    Country,
    FocalCountry,
    Interview,
    Part,
    ProtocolFile,
    Respondent,
    Round,
    TeamMember,
)
from .voice import Comment, CommentReply, CommentTerm, Narrative, SignOff

__all__ = [
    "Act",
    "Answer",
    "Body",
    "Comment",
    "CommentReply",
    "CommentTerm",
    "ComparedProvision",
    "CostLine",
    "Country",
    "DueDiligence",
    "EvidenceItem",
    "FocalCountry",
    "GapWish",
    "InstrumentStatus",
    "Interview",
    "KnownKey",
    "LegalSignature",
    "Matter",
    "Narrative",
    "OfficialArticle",
    "OfficialText",
    "Part",
    "PlanItem",
    "ProtocolFile",
    "Release",
    "Respondent",
    "RoadStep",
    "Round",
    "Settlement",
    "SignOff",
    "StatuteExtract",
    "TeamMember",
]
