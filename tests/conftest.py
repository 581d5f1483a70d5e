"""What every test may ask for: the wider test data, and how property tests are run."""

from __future__ import annotations

import gc
import json
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import django
import pytest
from django.conf import settings as django_settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from hypothesis import HealthCheck, settings

from kancil.custody import keys
from kancil.desk.base import settings as desk_settings
from kancil.ground.child import child_environment
from tests.nursery import Nursery
from tools.again import REPORT
from tools.both_sites import settings_of_both
from tools.thorough import QUICK, UNTIL

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"

# A kernel's first call compiles it, so no example has a deadline. In CI the examples are the same
# each time, so that a red run is red again on the next machine.
# Playwright keeps an event loop on the main thread, where Django then sees "async" code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# A password is slow to hash by intent, which tests of other things need not wait for;
# tests/desk/test_passwords.py looks at what is kept for real.
REAL_PASSWORD_ROUNDS = PBKDF2PasswordHasher.iterations
PBKDF2PasswordHasher.iterations = 1_000
# So is the passphrase of an own key; tests/custody/test_keys.py has the real rounds.
REAL_PASSPHRASE_ROUNDS = keys.PASSPHRASE_ROUNDS
keys.PASSPHRASE_ROUNDS = 70_000

# One process tries both sites: it has the tables of both, whichever of its tests comes first.
django_settings.configure(**settings_of_both())
django.setup()

# No machine loses power during a test, so nothing of this process waits for its disk.
os.fsync = lambda fd: None
desk_settings._PRAGMAS = desk_settings._PRAGMAS.replace("synchronous=FULL", "synchronous=OFF")

settings.register_profile(
    "whole",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("quick", settings.get_profile("whole"), max_examples=20)
settings.load_profile("whole")

LONG = (
    "evidence/triage/test_triage.py", "evidence/validation/test_validate.py",
    "house/test_commands.py", "page/test_page_answers.py", "web/test_permissions.py",
    "evidence/selectors/test_kernels.py", "reports/test_prosecutor.py",
    "flows/test_from_blocks_to_bundle.py",
    "web/programme/test_plan_pages.py", "web/test_reported.py",
    "web/test_every_page.py", "web/programme/test_every_programme_page.py",
    "flows/test_assessment_in_a_browser.py", "desk/test_locks.py", "desk/test_killed.py",
    "desk/test_any_sequence.py", "flows/test_guided_case.py",
    "flows/test_intake_flow.py", "work/test_workers.py", "desk/test_backup.py",
    "web/test_work.py", "bitcoin/test_mutation.py", "web/test_api_schema.py",
    "flows/test_upload_killed.py", "desk/test_upgrade.py", "cli/test_commands.py",
    "flows/test_assessment_by_command.py", "web/test_text_everywhere.py", "web/test_serving.py",
    "web/test_live_people.py", "web/test_graph_page.py", "web/test_look.py",
    "web/programme/test_who_may.py", "house/test_house_rules.py", "bitcoin/test_change_evaluate.py",
)  # fmt: skip
"""Files below this folder that begin first, so that no core waits for the last: one that builds the
sample programme and one that builds the sample unit, and those that take longest."""


def pytest_configure(config: pytest.Config) -> None:
    """In `make test`, try a fifth of the examples, and begin children warm."""
    if config.getoption("markexpr") == QUICK:
        settings.load_profile("quick")
        config.add_cleanup(Nursery().begin().end)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Keep what collecting makes out of all searches for garbage: it stays to the end.

    Else Python looks through sixteen thousand tests and all modules again and again. After it,
    garbage is looked for every 20,000 objects, not every 700: that takes 3 % of the time away.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(20_000)
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest before all others; within a file the order stays.

    Not where time may end: then they would begin first each time, and others never.
    """
    if os.environ.get(UNTIL):
        return
    place = {ROOT / "tests" / name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path, len(LONG)))


_TIME_IS_OVER = "the time for thorough tests is over: NOT run"


def pytest_runtest_setup() -> None:
    """Begin no test after the moment that tools/thorough.py names; who is left out is named."""
    until = os.environ.get(UNTIL)
    if until and time.time() > float(until):
        pytest.skip(_TIME_IS_OVER)


_REPORT = os.environ.pop(REPORT, "")
"""Taken out here, before workers begin: a test that runs pytest itself would write to it too."""
_SECONDS: defaultdict[str, float] = defaultdict(float)
"""How long the tests of each file took, with all they set up; counted where the run is reported."""
SLOWEST = 10


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add a test, or a part of it, to its file's seconds."""
    _SECONDS[report.nodeid.partition("::")[0]] += report.duration


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: pytest.ExitCode
) -> None:
    """Name the files that took longest, how many tests were left for time; say what failed.

    Not for one test alone: a worker that died, a file that cannot be collected, an end before time.
    """
    stats = terminalreporter.stats
    failed = [each for name in ("failed", "error") for each in stats.get(name, ())]
    single = [
        each for each in failed if getattr(each, "when", None) in ("setup", "call", "teardown")
    ]
    passed = len(stats.get("passed", ()))
    if _REPORT:
        names = sorted({each.nodeid for each in single})
        broken = exitstatus > pytest.ExitCode.TESTS_FAILED or len(failed) > len(single)
        told = {"failed": names, "passed": passed, "broken": broken}
        Path(_REPORT).write_text(json.dumps(told), encoding="utf-8")
    if os.environ.get(UNTIL):
        left = sum(_TIME_IS_OVER in str(each.longrepr) for each in stats.get("skipped", ()))
        ran = passed + len({each.nodeid for each in failed})
        terminalreporter.write_line(
            f"thorough: {ran} tests ran, {left} did not for time, of {ran + left}"
        )
    if len(_SECONDS) > 1:
        terminalreporter.section(f"slowest {SLOWEST} files of {len(_SECONDS)}")
        for name in sorted(_SECONDS, key=lambda name: -_SECONDS[name])[:SLOWEST]:
            terminalreporter.write_line(f"{_SECONDS[name]:7.1f} s  {name}")
        total = sum(_SECONDS.values())
        terminalreporter.write_line(f"{total:7.1f} s  all files, by all workers together")


@pytest.fixture(autouse=True)
def _environment_stays() -> Iterator[None]:
    """Refuse a test that leaves another zone, language or path to all that follow.

    Their children would begin cold too, since `tests/nursery.py` begins no others warm.
    """
    before = child_environment()
    yield
    assert child_environment() == before, "a test leaves another environment behind"


@pytest.fixture(autouse=True)
def _no_workspace_from_outside(_environment_stays: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a developer's own workspace and officer out of every test."""
    for name in ("KANCIL_HOME", "KANCIL_OFFICER"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of wider test data that stands beside the checkout, where there is one."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"no wider test data beside this checkout ({SHARED_DATA})")
    return SHARED_DATA


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of the session; Playwright bears no second one beside it."""
    from playwright.sync_api import expect

    from tests.page.browser import open_browser

    # What is awaited comes; how soon is no test's matter, and a machine may have other work.
    expect.set_options(timeout=30_000)
    with open_browser() as opened:
        yield opened
