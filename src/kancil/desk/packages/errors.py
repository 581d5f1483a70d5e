"""Errors of packages that other sites sent."""

from __future__ import annotations

from kancil.ground.errors import IntegrityBroken, NotFound, NotPermitted, Refused


class SiteKeyUnknown(NotPermitted):
    """A package is signed by a key that is not trusted. Params: `path`, `name`, `fingerprint`."""

    code = "site-key-unknown"


class SiteKeyKnown(Refused):
    """The key of a site is trusted already, or was. Params: `fingerprint`."""

    code = "site-key-known"


class SiteKeyNotFound(NotFound):
    """No trusted key has this fingerprint. Params: `fingerprint`."""

    code = "site-key-not-found"


class PackageOfOtherSite(Refused):
    """A package names another kind of site or country than its key is trusted for.

    Params: `path`, `name`, `country`.
    """

    code = "package-of-other-site"


class PackageAltered(IntegrityBroken):
    """Another package was imported under the same id. Params: `path`, `package`."""

    code = "package-altered"


class PackageOlder(Refused):
    """A package was made before the one that it says it supersedes. Params: `path`, `package`."""

    code = "package-older"


class PackageOvertaken(Refused):
    """Another package has superseded the same one. Params: `path`, `package`."""

    code = "package-overtaken"


class PackageNotSameFigures(Refused):
    """A package supersedes one of another site, schema or period. Params: `path`, `package`."""

    code = "package-not-same-figures"


class ReceivedPackageNotFound(NotFound):
    """No package with this id was imported. Params: `package`."""

    code = "received-package-not-found"


class PackageWithdrawnAlready(Refused):
    """The package was withdrawn before."""

    code = "package-withdrawn-already"
