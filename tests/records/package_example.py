"""The package of docs/formats/package.md, made again; run as a module, it writes the kept file."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kancil.ground.signing import MemorySigner
from kancil.legal.figures import RequestFacts, cooperation_figures
from kancil.records.package import Package, Period, Review, SiteKind, SiteNamed, write_package
from tools.tree import ROOT

PATH = ROOT / "tests" / "data" / "package" / "example.kancil-package"
SIGNER = MemorySigner(Ed25519PrivateKey.from_private_bytes(b"an invented unit's invented key."))
AT = datetime(2026, 7, 6, 2, 30, tzinfo=UTC)
BEGIN = date(2026, 1, 12)


def requests() -> list[RequestFacts]:
    """Thirty invented requests: twelve freezes answered, eight refused, two in part, eight open."""

    def sent(number: int, country: str, kind: str, outcome: str = "open") -> RequestFacts:
        drafted = BEGIN + timedelta(days=3 * number)
        at = drafted + timedelta(days=number % 3)
        return RequestFacts(
            kind, country, drafted, at,
            None if outcome == "open" else at + timedelta(days=1 + number % 9), outcome,
            "too-broad" if outcome == "refused" else "",
            frozenset({"vague"}) if outcome == "refused" else frozenset(),
            {"THB": Decimal("25000.50")} if outcome == "answered" else {},
            {"THB": Decimal(9000)} if outcome == "answered" and number < 7 else {},
        )  # fmt: skip

    return [
        *(sent(n, "TH", "freeze", "answered") for n in range(12)),
        *(sent(n, "VN", "subscriber", "refused") for n in range(8)),
        *(sent(n, "TH", "freeze", "answered-in-part") for n in range(2)),
        *(sent(n, "TH", "mutual-assistance") for n in range(8)),
    ]


def package() -> Package:
    """What the example says."""
    return Package(
        id="019bfc2a-5a00-7abc-8def-0123456789ab",
        schema="cooperation-figures/1",
        site=SiteNamed("Cybercrime Unit of an invented country", SiteKind.UNIT, "LA"),
        to="Regional programme (invented)",
        period=Period(date(2026, 1, 1), date(2026, 6, 30)),
        made_at=AT,
        review=Review("Boun S. (invented)", "supervisor", AT + timedelta(hours=1)),
        supersedes=None,
        tables=cooperation_figures(requests()),
    )


if __name__ == "__main__":
    PATH.write_bytes(write_package(package(), SIGNER))
