"""Limits that this process puts on itself, and that all it starts inherits."""

import contextlib
import ctypes
import platform
import sys

PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER = 4, 36


def restrain(*, memory_mb: int, processes: int, file_mb: int, jailed: bool) -> None:
    """Bounds memory and file size a process, and the processes of an ordinary user."""
    if sys.platform != "win32":
        import resource

        # RLIMIT_DATA, not RLIMIT_AS: node reserves far more address space than it ever uses.
        limits = {resource.RLIMIT_DATA: memory_mb << 20, resource.RLIMIT_FSIZE: file_mb << 20, resource.RLIMIT_CORE: 0}
        if jailed and counts_by_namespace():
            # Above the watchdog's limit, so that it sees the breach and ends all of it.
            limits[resource.RLIMIT_NPROC] = processes + 64
        for which, value in limits.items():
            hard = resource.getrlimit(which)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(which, (value, value))
    if sys.platform == "linux":
        seclude(jailed=jailed)


def counts_by_namespace() -> bool:
    """Whether RLIMIT_NPROC counts the jail alone; before Linux 5.14 it counted all that the user runs."""
    release = platform.release().split("-")[0].split(".")
    return [int(part) for part in release[:2]] >= [5, 14]


def seclude(*, jailed: bool) -> None:
    """Keeps the blocks out of this process's memory and descriptors, and out of a jail keeps their orphans near."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    if not jailed:
        prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
