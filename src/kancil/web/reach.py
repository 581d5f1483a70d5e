"""Who can reach the site, and how: this machine alone, or a network under TLS.

A network is served only with a certificate, or behind a proxy that does TLS and is named. What a
proxy says of the browser (`X-Forwarded-For`, `X-Forwarded-Proto`) is taken from that proxy alone;
the name by which a browser came is the `Host` header, and only declared names are answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from django.conf import settings

from kancil.desk.studies.errors import OptionMissing
from kancil.ground.errors import OptionNotUsable
from kancil.ground.phrase import Phrase
from kancil.ground.words import render

from .errors import NetworkWithoutTls
from .tls import Tls, check_names

LOOPBACK = "127.0.0.1"
_OWN_NAMES = ("localhost", "127.0.0.1", "::1")
_YEAR_SECONDS = 365 * 86400
_LONGEST_NAME = 253
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Address = IPv4Address | IPv6Address


def leads_here_only(host: str) -> bool:
    """Whether a host as browsers send it is this machine's own, so that no telephone reaches it."""
    return host.startswith(("localhost", "127.", "[::1]"))


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the server listens, for whom, and what keeps the words on the way secret."""

    host: str = LOOPBACK
    """An address of this machine."""
    port: int = 8000
    names: tuple[str, ...] = ()
    """Hosts by which browsers come, in small letters; none: this machine's own."""
    tls: Tls | None = None
    proxies: tuple[Address, ...] = ()
    """Whose word about the browser is taken; then nobody else is answered."""

    @property
    def is_loopback(self) -> bool:
        """Whether this machine alone can connect."""
        return ip_address(self.host).is_loopback

    @property
    def is_secure(self) -> bool:
        """Whether browsers come by TLS."""
        return self.tls is not None or bool(self.proxies)

    @property
    def hosts(self) -> tuple[str, ...]:
        """What may stand in the `Host` header."""
        return self.names or _OWN_NAMES

    def url(self, port: int) -> str:
        """The address to open, when the server has this port."""
        name = bracketed(self.names[0] if self.names else "localhost")
        if self.proxies:
            return f"https://{name}"
        return f"{'https' if self.tls else 'http'}://{name}:{port}"


def reach_of(
    host: str, port: int, names: Iterable[str], tls: Tls | None, proxies: Iterable[str]
) -> Reach:
    """Read how the site is to be reached.

    A certificate's own names are taken where none is given. Raises NetworkWithoutTls,
    OptionMissing, OptionNotUsable.
    """
    address = _address(LOOPBACK if host == "localhost" else host, "--host")
    declared = tuple(dict.fromkeys(site_name(name) for name in names))
    trusted = tuple(_address(each, "--behind-proxy") for each in proxies)
    if not (address.is_loopback or tls or trusted):
        raise NetworkWithoutTls(host=host)
    if tls is not None:
        declared = declared or tuple(name for name in tls.names if "*" not in name)
        check_names(tls, declared)
    if not declared and (tls or trusted):
        raise OptionMissing(option="--name")
    return Reach(str(address), port, declared, tls, trusted)


def _address(text: str, option: str) -> Address:
    try:
        return ip_address(text)
    except ValueError as error:
        raise OptionNotUsable(option=option, value=text, why=Phrase("why.address")) from error


def site_name(text: str) -> str:
    """Read a host's name: letters, digits, hyphens and dots, or an address; no port."""
    name = text.lower().rstrip(".")
    try:
        return str(ip_address(name))
    except ValueError as error:
        if len(name) <= _LONGEST_NAME and all(map(_LABEL.fullmatch, name.split("."))):
            return name
        why = Phrase("why.site-name")
        raise OptionNotUsable(option="--name", value=text, why=why) from error


def bracketed(name: str) -> str:
    """Write a name as it stands in an address: IPv6 in brackets."""
    return f"[{name}]" if ":" in name else name


def take_up(reach: Reach) -> None:
    """Set Django to this reach; to be called before its application is made."""
    settings.ALLOWED_HOSTS = [bracketed(name) for name in reach.hosts]
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = reach.is_secure
    settings.SECURE_HSTS_SECONDS = _YEAR_SECONDS if reach.is_secure else 0
    settings.SECURE_SSL_REDIRECT = bool(reach.proxies)
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not reach.is_secure
    settings.ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if reach.is_secure else "http"


def forwarded(application: Application, proxies: tuple[Address, ...]) -> Application:
    """Take what the named proxies say of the browser, and answer nobody else.

    The last address of `X-Forwarded-For` is the one the proxy itself saw; what stands before it
    the browser may have made up.
    """

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        said_for = environ.pop("HTTP_X_FORWARDED_FOR", "")
        said_by = environ.pop("HTTP_X_FORWARDED_PROTO", "")
        for name in [name for name in environ if name.startswith("HTTP_X_FORWARDED")]:
            del environ[name]
        if not proxies:
            return application(environ, start)
        if _read(environ.get("REMOTE_ADDR", "")) not in proxies:
            told = render("web.not-through-proxy").encode()
            sort = ("Content-Type", "text/plain; charset=utf-8")
            start("403 Forbidden", [sort, ("Content-Length", str(len(told)))])
            return [told]
        environ["wsgi.url_scheme"] = "https" if said_by.strip().lower() == "https" else "http"
        browser = _read(said_for.rpartition(",")[2].strip())
        if browser is not None:
            environ["REMOTE_ADDR"] = str(browser)
        return application(environ, start)

    return answer


def _read(text: str) -> Address | None:
    """Read an address; one of IPv4 may come in the clothes of IPv6 (RFC 4291, 2.5.5.2)."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
