"""Confining a process for good: how much it may use, which files it sees, what it may ask for.

Called in a fresh process with one thread, before it reads bytes of others (`child`). Limits are
the system's own (setrlimit(2)). Files are shut off by Landlock (Linux 5.13, landlock(7)), calls by
a seccomp filter (seccomp(2)); `missing` names those of the two that this kernel has not. Both
need *no new privileges* (prctl(2), PR_SET_NO_NEW_PRIVS), which every Linux of today has. Nothing
that is taken away here can be had again.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import stat
import sys
import sysconfig
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .syscalls import CONDITIONAL, ENDED_QUIETLY, MACHINES, REFUSED, Machine

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _PR_SET_DUMPABLE = 38, 22, 4
_SECCOMP_MODE_FILTER, _SECCOMP_GET_ACTION_AVAIL = 2, 2
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_ASKED, _PATH_BENEATH = 1, 1

_READ = 1 << 2 | 1 << 3
"""LANDLOCK_ACCESS_FS_READ_FILE and _READ_DIR."""
_WRITE = sum(1 << bit for bit in (1, 4, 5, 7, 8, 13, 14))
"""_WRITE_FILE, _REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG, _REFER, _TRUNCATE."""
_OF_A_FILE = sum(1 << bit for bit in (0, 1, 2, 14, 15))
"""Rights that a rule about a single file may name."""
_FILE_BITS_OF_VERSION = {1: 13, 2: 14, 3: 15, 4: 15}
"""How many kinds of access to files a version of Landlock knows; from version 5 on sixteen."""
_MORE_CPU_SECONDS = 5
_LEAST_ROOM = 16 << 20
_ENDING_SECONDS, _LOOK_SECONDS = 10, 0.01
"""How long a thread that has ended may still be told by the kernel."""
_LEAST_ADDRESS_BYTES = 4 << 30

_SYSTEM_FILES = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo",
    "/etc/ld.so.cache", "/etc/localtime", "/etc/timezone", "/dev/null", "/dev/urandom",
    "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu",
)  # fmt: skip
"""What libraries are loaded from, and what they ask of the machine."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process may use."""

    memory_bytes: int
    """Private memory (RLIMIT_DATA); mapped files do not count."""
    cpu_seconds: int
    """Processor time (RLIMIT_CPU)."""
    wall_seconds: int | None = None
    """Time on the clock, kept by the parent; None: as long as it takes."""
    still_seconds: int = 300
    """How long it may wait without using a processor, kept by the parent."""
    answer_bytes: int = 128 << 20
    """How long its answer may be, kept by the parent."""


@dataclass(frozen=True, slots=True)
class Grants:
    """Which files a process may see beside its own program: files, or folders with all in them."""

    reads: Sequence[str] = ()
    writes: Sequence[str] = ()
    """Folders in which it may also make, change and remove files."""


def missing() -> tuple[str, ...]:
    """Name what this kernel has not: `landlock`, `seccomp`; empty where nothing is missing."""
    lacking = []
    if _landlock_version() < 1:
        lacking.append("landlock")
    if _machine() is None or not _has_filters():
        lacking.append("seccomp")
    return tuple(lacking)


def confine(limits: Limits, grants: Grants) -> None:
    """Up all but the limits and grants.

    Raises OSError where the kernel refuses what it has, or with more than one thread, since the
    others would keep what this one gives up; MemoryError where no room is left of the limit.
    """
    ends = time.monotonic() + _ENDING_SECONDS
    while _threads() != 1:  # one that was waited for may still be on its way out
        if time.monotonic() > ends:
            raise OSError(errno.EBUSY, "confined with more than one thread")
        time.sleep(_LOOK_SECONDS)
    os.umask(0o077)
    _limit(limits, is_writer=bool(grants.writes))
    _control(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _shut_files(grants)
    _shut_calls()
    _here.is_confined = True


class _Here:
    """What is so of this process."""

    is_confined = False


_here = _Here()


def is_confined() -> bool:
    """Whether this process has given up all but what it was granted."""
    return _here.is_confined


def _threads() -> int:
    try:
        return sum(1 for _ in Path("/proc/self/task").iterdir())
    except OSError:  # no /proc here
        return 1


# --- limits ---------------------------------------------------------------------------------------


def _limit(limits: Limits, *, is_writer: bool) -> None:
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_DATA, limits.memory_bytes)
    _lower(resource.RLIMIT_CPU, limits.cpu_seconds, _MORE_CPU_SECONDS)
    if not is_writer:  # who writes also maps whole folders of blocks
        _lower(resource.RLIMIT_AS, max(4 * limits.memory_bytes, _LEAST_ADDRESS_BYTES))
        _lower(resource.RLIMIT_NOFILE, 256)
        _lower(resource.RLIMIT_FSIZE, 1 << 20)  # its last words to the parent
    # With less, a thread may begin and not come to its first line, and whoever waits for it waits.
    bytearray(_LEAST_ROOM)


def _lower(kind: int, amount: int, more: int = 0) -> None:
    """Set both limits, which then cannot be raised again; `more`: of the second over the first."""
    hard = resource.getrlimit(kind)[1]
    most = amount + more if hard == resource.RLIM_INFINITY else min(amount + more, hard)
    resource.setrlimit(kind, (min(amount, most), most))


# --- Landlock -------------------------------------------------------------------------------------


class _Ruleset(ctypes.Structure):
    """`struct landlock_ruleset_attr`."""

    _fields_ = (
        ("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64),
    )  # fmt: skip


class _Beneath(ctypes.Structure):
    """`struct landlock_path_beneath_attr`, which is packed."""

    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def _landlock_version() -> int:
    """The version of Landlock, 0 where the kernel has none or does not use it."""
    answer = _libc().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION_ASKED)
    return max(0, int(answer))


def _shut_files(grants: Grants) -> None:
    version = _landlock_version()
    if version < 1:
        return
    handled = (1 << _FILE_BITS_OF_VERSION.get(version, 16)) - 1
    # From version 4 on TCP, from 6 on abstract sockets and signals to those outside.
    asked = _Ruleset(handled, 3 if version >= 4 else 0, 3 if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _call(_CREATE_RULESET, ctypes.byref(asked), ctypes.c_size_t(size), 0)
    try:
        for path in (*_own_program(), *grants.reads):
            _allow(ruleset, path, _READ & handled)
        for path in grants.writes:
            _allow(ruleset, path, (_READ | _WRITE) & handled)
        _call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, access: int) -> None:
    """Allow access to a file, or to all beneath a folder; what is not there needs no rule."""
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(handle).st_mode):
            access &= _OF_A_FILE
        rule = _Beneath(access, handle)
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(handle)


def _own_program() -> Iterable[str]:
    """List where Python, its libraries and this package lie."""
    paths = sysconfig.get_paths()
    libraries = os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)
    return dict.fromkeys(
        (
            *sys.path,
            *(paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")),
            str(Path(sys.base_prefix) / "lib"),
            *filter(None, libraries),
            *_SYSTEM_FILES,
        )
    )


# --- seccomp --------------------------------------------------------------------------------------


class _Instruction(ctypes.Structure):
    """`struct sock_filter`."""

    _fields_ = (
        ("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )  # fmt: skip


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_uint16), ("filter", ctypes.POINTER(_Instruction)))


_LOAD, _EQUAL, _ABOVE, _HAS_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
"""BPF: load a word of the call; compare it; test its bits; end with an answer."""
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_AT = 0, 4, 16
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_FOREIGN_CALLS = 0x40000000
"""From here on numbers are of x32, another way into the same kernel."""


def filter_program(machine: Machine, pid: int) -> list[tuple[int, int, int, int]]:
    """Write the filter: (operation, skip if so, skip if not, value) by (linux/bpf_common.h).

    What is refused ends with EPERM, except for what a library tries and does without (ENOSYS).
    """
    refuse, unknown = _ERROR | errno.EPERM, _ERROR | errno.ENOSYS
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_EQUAL, 1, 0, machine.architecture),
        (_RETURN, 0, 0, refuse),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_ABOVE, 0, 1, _FOREIGN_CALLS),
        (_RETURN, 0, 0, refuse),
    ]
    for name in (*REFUSED, *ENDED_QUIETLY):
        number = machine.numbers.get(name)
        if number is not None:
            answer = unknown if name in ENDED_QUIETLY else refuse
            program += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, answer)]
    for name, (test, value) in CONDITIONAL.items():
        # The first argument, its lower half: allowed where it passes the test.
        wanted = pid if value is None else value
        comparing = _HAS_BIT if test == "has" else _EQUAL
        program += [
            (_EQUAL, 0, 4, machine.numbers[name]),
            (_LOAD, 0, 0, _FIRST_AT),
            (comparing, 1, 0, wanted),
            (_RETURN, 0, 0, refuse),
            (_RETURN, 0, 0, _ALLOW),
        ]
    return [*program, (_RETURN, 0, 0, _ALLOW)]


def _shut_calls() -> None:
    machine = _machine()
    if machine is None or not _has_filters():
        return
    steps = filter_program(machine, os.getpid())
    written = (_Instruction * len(steps))(*(_Instruction(*step) for step in steps))
    program = _Program(len(steps), written)
    _control(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(program), 0, 0)


def _machine() -> Machine | None:
    """The numbers of this machine's calls; None for a machine that has no table here."""
    known = MACHINES.get(platform.machine())
    return known if known is not None and sys.maxsize > 1 << 32 else None


def _has_filters() -> bool:
    machine = _machine()
    if machine is None:
        return False
    answer = ctypes.c_uint32(_ERROR)
    number = machine.numbers["seccomp"]
    return bool(_libc().syscall(number, _SECCOMP_GET_ACTION_AVAIL, 0, ctypes.byref(answer)) == 0)


# --- the system -----------------------------------------------------------------------------------


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(number: int, *arguments: object) -> int:
    result = int(_libc().syscall(number, *arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _control(option: int, *arguments: int) -> None:
    if _libc().prctl(option, *(ctypes.c_ulong(each) for each in arguments)):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
