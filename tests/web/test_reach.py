"""Who can reach the site: nobody on a network without TLS, and no word of a proxy from others."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kancil.desk.studies.errors import OptionMissing
from kancil.ground.errors import OptionNotUsable
from kancil.web.errors import NetworkWithoutTls
from kancil.web.reach import Reach, forwarded, reach_of, take_up
from kancil.web.tls import read_tls
from tests.cli.running import Unit
from tests.web.certificates import NOW, pair
from tests.web.site import Site

PROXY = "10.0.0.2"


def test_this_machine_alone_needs_no_certificate() -> None:
    for host in ("127.0.0.1", "127.0.0.2", "::1", "localhost"):
        reach = reach_of(host, 8000, [], None, [])
        assert reach.is_loopback
        assert not reach.is_secure
        assert reach.url(8001) == "http://localhost:8001"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.10", "::", "fe80::1", "8.8.8.8"])
def test_a_network_needs_tls_or_a_declared_proxy(host: str, tmp_path: Path) -> None:
    with pytest.raises(NetworkWithoutTls):
        reach_of(host, 8000, ["kancil.unit.lan"], None, [])
    tls = read_tls(*pair(tmp_path, "kancil.unit.lan", "*.unit.lan"), at=NOW)
    direct = reach_of(host, 8000, [], tls, [])
    assert direct.names == ("kancil.unit.lan",), "those of the certificate that are no wildcard"
    assert direct.url(8000) == "https://kancil.unit.lan:8000"
    behind = reach_of(host, 8000, ["Kancil.Unit.lan."], None, [PROXY])
    assert behind.url(8000) == "https://kancil.unit.lan"
    assert direct.is_secure
    assert behind.is_secure


def test_names_are_declared_and_held_by_the_certificate(tmp_path: Path) -> None:
    with pytest.raises(OptionMissing):
        reach_of("127.0.0.1", 8000, [], None, [PROXY])
    tls = read_tls(*pair(tmp_path, "*.unit.lan"), at=NOW)
    with pytest.raises(OptionMissing):
        reach_of("127.0.0.1", 8000, [], tls, [])
    with pytest.raises(OptionNotUsable):
        reach_of("127.0.0.1", 8000, ["kancil.lan"], tls, [])


@pytest.mark.parametrize(
    ("host", "names", "proxies"),
    [
        ("kancil.unit.lan", [], []),
        ("", [], []),
        ("127.0.0.1", ["https://a.lan"], []),
        ("127.0.0.1", ["a.lan:8000"], []),
        ("127.0.0.1", ["*"], []),
        ("127.0.0.1", ["*.a.lan"], []),
        ("127.0.0.1", [".a.lan"], []),
        ("127.0.0.1", ["a..lan"], []),
        ("127.0.0.1", ["-a.lan"], []),
        ("127.0.0.1", [""], []),
        ("127.0.0.1", ["a." * 127 + "a"], []),
        ("127.0.0.1", ["a.lan"], ["nginx"]),
        ("127.0.0.1", ["a.lan"], ["10.0.0.0/8"]),
        ("127.0.0.1", ["a.lan"], ["*"]),
    ],
)
def test_what_is_no_address_and_no_name_is_refused(
    host: str, names: list[str], proxies: list[str]
) -> None:
    with pytest.raises(OptionNotUsable):
        reach_of(host, 8000, names, None, proxies)


def test_the_command_says_in_one_sentence_what_a_network_needs(unit: Unit) -> None:
    error = unit.refused("serve", "--host", "0.0.0.0", "--port", "0")
    assert error["code"] == "network-without-tls"
    assert "--behind-proxy" in error["next"]
    assert unit.refused("serve", "--tls-key", "a.key")["code"] == "option-not-usable"
    assert unit.refused("serve", "--own-certificate")["code"] == "option-missing"
    words = ("serve", "--port", "0", "--host", "192.0.2.1")  # RFC 5737: nobody's
    error = unit.refused(*words, "--name", "a.lan", "--behind-proxy", PROXY)
    assert (error["code"], error["params"]["value"]) == ("option-not-usable", "192.0.2.1")


# --- what a proxy says ---


def heard(environ: dict[str, Any], *proxies: str) -> dict[str, Any]:
    """Pass a request on; give what the application hears, and the status if it hears nothing."""
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        seen.update(environ)
        return []

    def start(status: str, headers: list[tuple[str, str]]) -> None:
        seen["status"] = status

    asked = {"wsgi.url_scheme": "http", **environ}
    list(forwarded(application, tuple(ip_address(each) for each in proxies))(asked, start))
    return seen


SAID = {"HTTP_X_FORWARDED_FOR": "1.2.3.4", "HTTP_X_FORWARDED_PROTO": "https"}


def test_without_a_declared_proxy_nothing_it_could_say_is_heard() -> None:
    seen = heard({"REMOTE_ADDR": PROXY, "HTTP_X_FORWARDED_HOST": "evil.example", **SAID})
    assert seen == {"REMOTE_ADDR": PROXY, "wsgi.url_scheme": "http"}


def test_with_a_declared_proxy_nobody_else_is_answered() -> None:
    for other in ("10.0.0.3", "127.0.0.1", "::1", "", "unknown"):
        assert heard({"REMOTE_ADDR": other, **SAID}, PROXY) == {"status": "403 Forbidden"}


def test_the_proxy_says_who_the_browser_is_and_whether_it_came_by_tls() -> None:
    for proxy in (PROXY, f"::ffff:{PROXY}"):
        seen = heard({"REMOTE_ADDR": proxy, **SAID, "HTTP_X_FORWARDED_HOST": "evil"}, PROXY)
        assert seen == {"REMOTE_ADDR": "1.2.3.4", "wsgi.url_scheme": "https"}
    assert heard({"REMOTE_ADDR": PROXY}, PROXY)["wsgi.url_scheme"] == "http"


def test_an_address_that_the_browser_made_up_is_not_taken() -> None:
    said = {"HTTP_X_FORWARDED_FOR": "9.9.9.9, 1.2.3.4"}
    assert heard({"REMOTE_ADDR": PROXY, **said}, PROXY)["REMOTE_ADDR"] == "1.2.3.4"


@given(st.text(max_size=60), st.text(max_size=20))
def test_whatever_a_proxy_says_the_address_is_one_and_the_scheme_too(by: str, scheme: str) -> None:
    said = {"HTTP_X_FORWARDED_FOR": by, "HTTP_X_FORWARDED_PROTO": scheme}
    seen = heard({"REMOTE_ADDR": PROXY, **said}, PROXY)
    assert str(ip_address(seen["REMOTE_ADDR"])) == seen["REMOTE_ADDR"]
    assert seen["wsgi.url_scheme"] in ("http", "https")


def test_behind_a_proxy_cookies_are_secure_and_what_came_without_tls_is_sent_there(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.test import RequestFactory

    reach = Reach(names=("kancil.unit.lan",), proxies=(ip_address(PROXY),))
    for name in (
        "ALLOWED_HOSTS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS",
        "SECURE_SSL_REDIRECT", "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN",
        "ACCOUNT_DEFAULT_HTTP_PROTOCOL",
    ):  # fmt: skip
        monkeypatch.setattr(settings, name, getattr(settings, name, None))
    take_up(reach)
    application = forwarded(get_wsgi_application(), reach.proxies)

    def ask(**said: str) -> tuple[str, dict[str, str]]:
        found: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
            found.update(status=status, headers=headers)

        asked = RequestFactory().get("/sign-in/").environ
        asked |= {"REMOTE_ADDR": PROXY, "HTTP_HOST": "kancil.unit.lan", **said}
        b"".join(application(asked, start))
        return found["status"][:3], dict(found["headers"])

    status, headers = ask(HTTP_X_FORWARDED_PROTO="https")
    assert status == "200"
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "; Secure" in headers["Set-Cookie"]
    status, headers = ask()
    assert (status, headers["Location"]) == ("301", "https://kancil.unit.lan/sign-in/")
    status, _ = ask(HTTP_X_FORWARDED_PROTO="https", HTTP_HOST="evil.example")
    assert status == "400"
