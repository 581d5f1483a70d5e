"""Which of the kernel's calls a confined process may not make, and their numbers by machine.

Names are those of `asm/unistd.h`; numbers of x86_64 and of aarch64, None where a machine has not
that call. What is not named here is allowed: a list of all that Python, Arrow and Numba need would
break with each of their releases, and what reads or writes files is Landlock's to judge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_NUMBERS: dict[str, tuple[int | None, int | None]] = {
    # network, and whatever else leads to another process
    "socket": (41, 198), "connect": (42, 203), "accept": (43, 202), "accept4": (288, 242),
    "bind": (49, 200), "listen": (50, 201), "socketpair": (53, 199),
    "shmget": (29, 194), "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180),
    # other programs and processes
    "execve": (59, 221), "execveat": (322, 281), "fork": (57, None), "vfork": (58, None),
    "clone": (56, 220), "clone3": (435, 435),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424), "kcmp": (312, 272), "kill": (62, 129), "tkill": (200, 130),
    "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "prlimit64": (302, 261), "setpriority": (141, 140),
    # who it is
    "setuid": (105, 146), "setgid": (106, 144), "setreuid": (113, 145), "setregid": (114, 143),
    "setresuid": (117, 147), "setresgid": (119, 149), "setgroups": (116, 159),
    "setfsuid": (122, 151), "setfsgid": (123, 152), "capset": (126, 91), "personality": (135, 92),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    # where it is
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "unshare": (272, 97), "setns": (308, 268), "open_tree": (428, 428), "move_mount": (429, 429),
    "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264),
    # who may read a file, which Landlock does not judge
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "setxattrat": (463, 463),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "removexattrat": (466, 466), "utime": (132, None), "utimes": (235, None),
    "futimesat": (261, None), "utimensat": (280, 88), "mknod": (133, None), "mknodat": (259, 33),
    # parts of the kernel that faults were often found in, and the machine itself
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "fanotify_init": (300, 262), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89),
    "quotactl": (179, 60), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "sethostname": (170, 161), "setdomainname": (171, 162), "iopl": (172, None),
    "ioperm": (173, None),
}  # fmt: skip

CONDITIONAL: dict[str, tuple[str, int | None]] = {
    "clone": ("has", 0x00010000),  # CLONE_THREAD: a thread of its own
    "socketpair": ("is", 1),  # AF_UNIX: two ends within the process, as an event loop has them
    "kill": ("is", None),
    "tgkill": ("is", None),
    "prlimit64": ("is", 0),
}
"""Calls whose first argument decides: it must have the bit, or be the value. None: the process's
own number."""
ENDED_QUIETLY = ("clone3",)
"""Told to be unknown: glibc then does with `clone`, whose flags a filter can see."""
REFUSED = tuple(name for name in _NUMBERS if name not in (*CONDITIONAL, *ENDED_QUIETLY))
"""Calls that a confined process may never make."""


@dataclass(frozen=True, slots=True)
class Machine:
    """One kind of machine."""

    architecture: int
    """AUDIT_ARCH_… (`linux/audit.h`)."""
    numbers: Mapping[str, int]
    """Number of each call that it has, and of `seccomp` itself."""


def _machine(architecture: int, place: int, seccomp: int) -> Machine:
    numbers = {name: pair[place] for name, pair in _NUMBERS.items()}
    known = {name: number for name, number in numbers.items() if number is not None}
    return Machine(architecture, {**known, "seccomp": seccomp})


MACHINES = {
    "x86_64": _machine(0xC000003E, 0, 317),
    "aarch64": _machine(0xC00000B7, 1, 277),
}
"""By the name that the system gives of itself (uname)."""
