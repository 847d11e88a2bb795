"""System calls that the jail refuses, for what namespaces and missing capabilities leave open.

An ordinary program notices nothing: what is refused is the kernel's newest and least tried ground (io_uring, bpf,
userfaultfd), what has no namespace (the keyring, the clock, vsock), other processes' memory, and the bits by which a
file in the workspace would later run as its owner, which is the user who started us.
"""

import errno
import functools
import os
import stat
import sys
import tempfile
from dataclasses import dataclass
from typing import Any, BinaryIO

REFUSED = tuple(
    "io_uring_setup io_uring_enter io_uring_register"
    " add_key keyctl request_key"
    " bpf perf_event_open userfaultfd fanotify_init lookup_dcookie"
    " ptrace process_vm_readv process_vm_writev process_madvise pidfd_getfd kcmp"
    " mount umount2 pivot_root chroot unshare setns"
    " move_mount open_tree open_tree_attr fsopen fsconfig fsmount fspick mount_setattr"
    " name_to_handle_at open_by_handle_at quotactl quotactl_fd acct swapon swapoff"
    " kexec_load kexec_file_load init_module finit_module delete_module reboot"
    " settimeofday clock_settime clock_settime64 iopl ioperm vhangup syslog"
    " uselib ustat sysfs _sysctl nfsservctl".split()
)
ABSENT = ("clone3", "openat2", "shmget", "semget", "msgget")
"""As if the kernel had them not. The first two take arguments in memory, where no filter looks, and programs fall back
on `clone` and `openat`; the memory of System V belongs to no process, so that nobody would count it."""
NEWER = {"quotactl_fd": 443, "fchmodat2": 452, "open_tree_attr": 467}
"""What an older libseccomp has no name for; from 424 on, the numbers are the same on all machines."""
FAMILIES = (0, 1, 2, 10, 16)
"""Unix, IPv4, IPv6, netlink (`getaddrinfo` asks it); vsock (40) reaches the machine that hosts this one."""
TERMINAL = (0x5412, 0x541C)
"""TIOCSTI and TIOCLINUX type into the terminal as the user would."""
CLONE_NEWUSER, O_TMPFILE = 0x10000000, 0o20000000
RUNS_AS_OWNER = (stat.S_ISUID, stat.S_ISGID)
MODES = {"chmod": 1, "fchmod": 1, "fchmodat": 2, "fchmodat2": 2, "creat": 1, "mknod": 1, "mknodat": 2}
"""Calls that set permissions, with the position of the mode."""
OPENS = {"open": (1, 2), "openat": (2, 3)}
"""The same where flags tell whether there is a mode."""


@dataclass(frozen=True)
class NoFilter:
    """Why there is no filter here, and what to do about it; the jail works without."""

    what: str
    remedy: str


@functools.cache
def find_filter() -> bytes | NoFilter:
    """The filter as a program for the kernel, made once: bubblewrap's `--seccomp` takes it."""
    if sys.platform != "linux":
        return NoFilter(f"{sys.platform} has no filter of system calls", "run the program on Linux")
    try:
        import pyseccomp
    except ImportError:
        return NoFilter("pyseccomp, for the filter of system calls, is not here", "uv sync")
    except (RuntimeError, OSError):
        return NoFilter("libseccomp, for the filter of system calls, is not here", "sudo apt install libseccomp2")
    try:
        return make_filter(pyseccomp)
    except (OSError, AttributeError) as error:
        return NoFilter(f"libseccomp cannot make a filter of system calls: {error}", "sudo apt install libseccomp2")


def make_filter(seccomp: Any) -> bytes:
    """Everything is allowed that no rule names; programs for another kind of processor are ended."""
    made = seccomp.SyscallFilter(seccomp.ALLOW)
    made.set_attr(seccomp.Attr.ACT_BADARCH, seccomp.KILL_PROCESS)
    rules = Rules(seccomp, made)
    for name in REFUSED:
        rules.refuse(name)
    for name in ABSENT:
        rules.refuse(name, error=errno.ENOSYS)
    rules.refuse("clone", rules.has(0, CLONE_NEWUSER))
    refuse_families(rules)
    for request in TERMINAL:
        rules.refuse("ioctl", seccomp.Arg(1, seccomp.MASKED_EQ, 0xFFFFFFFF, request))
    refuse_modes(rules)
    with tempfile.TemporaryFile() as file:
        made.export_bpf(file)
        file.seek(0)
        return file.read()


def readable(made: bytes) -> BinaryIO:
    """A file to read the filter from, once; a pipe takes it whole."""
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as file:
        file.write(made)
    return os.fdopen(reader, "rb")


class Rules:
    """Adds rules to a filter; calls that this kind of processor does not have are passed over."""

    def __init__(self, seccomp: Any, made: Any) -> None:
        self._seccomp = seccomp
        self._made = made

    def refuse(self, name: str, *conditions: Any, error: int = errno.EPERM) -> None:
        """Makes the call fail, where all conditions on its arguments hold."""
        number = self._seccomp.resolve_syscall(self._seccomp.Arch.NATIVE, name)
        if number == -1:
            number = NEWER.get(name, -1)
        if number >= 0:
            self._made.add_rule(self._seccomp.ERRNO(error), number, *conditions)

    def has(self, position: int, bits: int) -> Any:
        """A condition: the argument has these bits."""
        return self._seccomp.Arg(position, self._seccomp.MASKED_EQ, bits, bits)

    def above(self, position: int, value: int) -> Any:
        """A condition: the argument is greater, as all of its 64 bits."""
        return self._seccomp.Arg(position, self._seccomp.GT, value)

    def equals(self, position: int, value: int) -> Any:
        """A condition: the argument is that value."""
        return self._seccomp.Arg(position, self._seccomp.EQ, value)


def refuse_families(rules: Rules) -> None:
    """Sockets of no other family than those that ordinary programs have."""
    for call in ("socket", "socketpair"):
        for family in sorted(set(range(max(FAMILIES))) - set(FAMILIES)):
            rules.refuse(call, rules.equals(0, family), error=errno.EAFNOSUPPORT)
        rules.refuse(call, rules.above(0, max(FAMILIES)), error=errno.EAFNOSUPPORT)


def refuse_modes(rules: Rules) -> None:
    """No file that runs as its owner or group, whoever starts it."""
    for bit in RUNS_AS_OWNER:
        for call, mode in MODES.items():
            rules.refuse(call, rules.has(mode, bit))
        for call, (flags, mode) in OPENS.items():
            for makes in (os.O_CREAT, O_TMPFILE):
                rules.refuse(call, rules.has(flags, makes), rules.has(mode, bit))
