"""In a browser: passkeys, codes, and what is typed when a session ends in the middle of it.

Chromium's virtual authenticator stands in for a key; it needs the host `localhost`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from tests.cli.running import Unit
from tests.cli.sample_unit import copied
from tests.ground.test_private_keys import WIF
from tests.web.codes import code_now
from tests.web.look import serving
from tests.web.signing import PASSPHRASE, PASSWORD, with_key
from tests.web.site import Site, site_of
from tests.web.watching import follow

pytestmark = [pytest.mark.browser, pytest.mark.thorough]


@pytest.fixture(scope="module")
def live(sample: Unit, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    """Serve one unit from this process for all tests of this file."""
    site = site_of(copied(sample, tmp_path_factory.mktemp("live")))
    for name in ("officer", "examiner", "supervisor", "administrator"):
        with_key(site, name)
    from django.core.wsgi import get_wsgi_application

    with pytest.MonkeyPatch.context() as patch:
        # Playwright leaves an event loop in this thread, in which Django would refuse its tables.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with serving(get_wsgi_application()) as address:
            yield site, address


@contextmanager
def opened(browser: Browser, address: str, *, width: int = 1280) -> Iterator[Page]:
    """Open a window of its own, in which nothing may go wrong."""
    context = browser.new_context(viewport={"width": width, "height": 900}, base_url=address)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda said: (
            faults.append(said.text) if said.type == "error" and "409" not in said.text else None
        ),
    )
    try:
        yield page
        assert not faults, faults
    finally:
        context.close()


def sign_in(page: Page, name: str) -> None:
    """Type name and password on the page of sign-in."""
    if "/sign-in/" not in page.url:
        page.goto("/sign-in/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("main button.main")


def confirm(page: Page) -> None:
    """Show by password who is there."""
    page.wait_for_url("**/account/confirm/**")
    page.fill("[name=password]", PASSWORD)
    page.click("main button.main")


def with_authenticator(page: Page) -> None:
    """The window a key that needs no hand."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def end_sessions(site: Site, name: str) -> None:
    """End a person's sessions, as time does."""
    from django.contrib.sessions.models import Session

    from kancil.desk.people.queries import session_keys_of

    keys = session_keys_of(site.people[name])
    assert keys
    Session.objects.filter(session_key__in=keys).delete()


def test_a_passkey_is_made_signs_in_alone_and_shows_who_is_there(
    browser: Browser, live: tuple[Site, str]
) -> None:
    site, address = live
    with opened(browser, address) as page:
        with_authenticator(page)
        sign_in(page, "officer")
        page.goto("/account/factors/")
        page.click("a[href='/account/passkeys/add/']")
        confirm(page)
        assert "Passkey 1" in page.input_value("[name=name]")
        page.check("[name=passwordless]")
        page.click("#passkey_add")
        page.wait_for_url(re.compile("/account/(codes/|passkeys/$)"))
        page.goto("/account/passkeys/")
        assert page.locator("main tbody tr").count() == 1
        page.click("details.menu summary")
        page.click("[data-signs-out] button")
        page.goto("/sign-in/")
        page.click("#passkey_login")
        page.wait_for_url(f"{address}/")
        page.goto("/cases/1/money/1/finding/?row=1")
        assert page.locator("main .notice a[href*='/account/confirm/']").count() == 0, (
            "whoever signed in just now has shown who they are"
        )
        page.goto("/account/confirm/?next=/cases/1/money/1/finding/%3Frow%3D1")
        page.click("main a[href*='/account/confirm/passkey/']")
        page.click("#passkey_confirm")
        page.wait_for_url("**/cases/1/money/1/finding/?row=1")
        assert page.locator("main .notice a[href*='/account/confirm/']").count() == 0
        page.locator("main label:has(.sentence)").nth(1).click()
        page.fill("[name=passphrase]", PASSPHRASE)
        page.click("main form button.main")
        page.wait_for_url("**/cases/1/findings/")
    entered = [each.body["on_behalf"] for each in site.entries("case.entered")]
    assert entered[-1]["authenticated_by"] == "passkey"


def test_a_refused_passkey_is_said_in_words(browser: Browser, live: tuple[Site, str]) -> None:
    _, address = live
    with opened(browser, address) as page:
        with_authenticator(page)
        page.goto("/sign-in/")
        page.click("#passkey_login")
        page.wait_for_selector("#notices .notice.warn")
        assert "The passkey was not used" in page.inner_text("#notices")


def test_whoever_must_have_a_second_factor_sets_codes_up_and_signs_in_with_one(
    browser: Browser, live: tuple[Site, str]
) -> None:
    from django.core.cache import cache

    site, address = live
    person = site.people["supervisor"]
    person.needs_second_factor = True
    person.save()
    with opened(browser, address, width=390) as page:
        sign_in(page, "supervisor")
        page.wait_for_url("**/account/factors/")
        assert "Your unit requires" in page.inner_text("main")
        page.goto("/cases/1/")
        page.wait_for_url("**/account/factors/")
        page.click("a[href='/account/code/on/']")
        confirm(page)
        page.wait_for_url("**/account/code/on/")
        assert page.locator("main .scan svg").count() == 1
        secret = page.get_attribute("main [data-copy]", "data-copy") or ""
        page.fill("[name=code]", "000000")
        page.click("main form button.main")
        page.wait_for_selector("text=This code is wrong")
        page.fill("[name=code]", code_now(secret))
        page.click("main form button.main")
        page.wait_for_url("**/account/codes/**")
        codes = page.locator("main .codes li").all_inner_texts()
        assert len(codes) == 10
        page.goto("/")
        assert page.url == f"{address}/"
        page.context.clear_cookies()
        cache.clear()  # it keeps which codes were used
        sign_in(page, "supervisor")
        page.wait_for_url("**/sign-in/code/")
        page.fill("[name=code]", codes[0])
        page.click("main form button.main")
        page.wait_for_url(f"{address}/")
        page.goto("/cases/1/")
    last = site.entries("case.entered")[-1].body["on_behalf"]
    assert last["authenticated_by"] == "password and recovery code"


FORMS = {
    "/cases/new/": {"case_title": "A long title", "authority": "The court", "scope": "two\nlines"},
    "/cases/1/money/1/finding/?row=1": {"remark": 'what I "saw" <there>\n\nand what not'},
    "/cases/1/intake/": {"exhibit_title": "A seized disk", "stated_source": "from the desk"},
}


@pytest.mark.parametrize("path", FORMS)
def test_nothing_typed_is_lost_when_the_session_ends(
    browser: Browser, live: tuple[Site, str], path: str
) -> None:
    site, address = live
    with opened(browser, address) as page:
        sign_in(page, "examiner")
        page.goto(path)
        for name, value in FORMS[path].items():
            page.fill(f"[name={name}]", value)
        end_sessions(site, "examiner")
        if path.endswith("/intake/"):  # its script sends files itself, and stays where it is
            page.on("dialog", lambda dialog: dialog.accept())
            page.reload()
        else:
            page.evaluate(
                """() => {
                  const form = document.querySelector('main form[data-keep]');
                  form.noValidate = true;
                  form.requestSubmit();
                }"""
            )
        page.wait_for_url("**/sign-in/**")
        sign_in(page, "examiner")
        page.wait_for_url(f"**{path.partition('?')[0]}*")
        for name, value in FORMS[path].items():
            assert page.input_value(f"[name={name}]") == value
        assert page.locator("[data-discard]").count() == 1


def test_a_session_that_ends_does_not_hide_that_somebody_else_saved_meanwhile(
    browser: Browser, live: tuple[Site, str]
) -> None:
    site, address = live
    new = {"finding_class": "chain-fact", "row": "1", "remark": "first", "do": "keep"}
    draft = site.client("officer").post("/cases/1/money/1/finding/?row=1", new)
    path = draft.headers["Location"]
    with opened(browser, address) as page:
        sign_in(page, "examiner")
        page.goto(path)
        page.fill("[name=remark]", "what I typed")
        end_sessions(site, "examiner")
        kept = site.client("officer").post(path, new | {"remark": "hers", "version": "1"})
        assert kept.status_code == 302
        page.click("main form button[name=do]")
        page.wait_for_url("**/sign-in/**")
        sign_in(page, "examiner")
        page.wait_for_url(f"**{path}")
        assert page.input_value("[name=remark]") == "what I typed"
        assert page.input_value("[name=version]") == "1"
        page.click("main form button[name=do]")
        page.wait_for_selector("text=Both side by side")
        assert page.input_value("[name=version]") == "2"
        assert page.input_value("[name=remark]") == "what I typed"


def test_a_private_key_is_not_kept_in_the_browser_and_the_rest_of_the_form_is(
    browser: Browser, live: tuple[Site, str]
) -> None:
    _, address = live
    context = browser.new_context(base_url=address)
    page = context.new_page()
    sign_in(page, "examiner")
    page.goto("/cases/new/")
    page.fill("[name=case_title]", "A long title")
    page.fill("[name=scope]", f"found on paper: {WIF}")
    assert WIF in page.evaluate("JSON.stringify(sessionStorage)")
    page.evaluate(
        """() => {
          const form = document.querySelector('main form[data-keep]');
          form.noValidate = true;
          form.requestSubmit();
        }"""
    )
    page.wait_for_selector("[data-forgotten]")
    assert WIF not in page.content()
    assert WIF not in page.evaluate("JSON.stringify(sessionStorage)")
    page.click("text=Back to the form")
    page.wait_for_selector("[name=case_title]")
    assert page.input_value("[name=case_title]") == "A long title"
    assert page.input_value("[name=scope]") == ""
    context.close()


LOOKED_AT = {
    "examiner": (
        "/cases/1/findings/", "/cases/1/findings/drafts/1/", "/cases/1/money/1/finding/?row=1",
        "/cases/1/people/", "/account/factors/", "/account/passkeys/", "/account/password/",
        "/account/code/on/", "/account/passkeys/add/",
    ),
    "administrator": (
        "/audit/", "/audit/sign-ins/", "/people/", "/people/1/", "/people/new/",
        "/people/second-factor/",
    ),
}  # fmt: skip


NARROW = pytest.param(390, "dark", marks=pytest.mark.thorough)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), NARROW])
@pytest.mark.parametrize("name", LOOKED_AT)
def test_no_page_puts_a_barrier_up_or_sticks_out(
    browser: Browser, live: tuple[Site, str], name: str, width: int, scheme: str
) -> None:
    site, address = live
    if name == "examiner":
        new = {"finding_class": "chain-fact", "row": "1", "remark": "first", "do": "keep"}
        site.client("officer").post("/cases/1/money/1/finding/?row=1", new)
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        base_url=address,
    )
    watched = follow(context.new_page())
    page = watched.page
    sign_in(page, name)
    page.goto(f"/account/confirm/?next={LOOKED_AT[name][0]}")
    confirm(page)
    page.wait_for_url(f"**{LOOKED_AT[name][0]}")
    faults = {}
    for path in LOOKED_AT[name]:
        page.goto(path)
        found = [*watched.faults(), *watched.barriers(), *watched.sticks_out()]
        if found:
            faults[path] = found
    context.close()
    assert not faults
