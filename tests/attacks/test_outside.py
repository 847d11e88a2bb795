"""Nothing outside of the workspace is written, and nothing of the user's is read."""

import ctypes
import importlib.util
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import folders
from tests.attacks.attempts import SECRET, attack
from tests.tools.interpreter.bench import Bench

KINDS = {
    "OPENAI_API_KEY": "sk-",
    "ANTHROPIC_API_KEY": "sk-ant-",
    "HF_TOKEN": "hf_",
    "GITHUB_TOKEN": "ghp_",
    "AWS_SECRET_ACCESS_KEY": "wJal",
    "GOOGLE_APPLICATION_CREDENTIALS": "/keys/",
    "DATABASE_URL": "postgres://me:",
    "NPM_TOKEN": "npm_",
    "SSH_AUTH_SOCK": "/run/agent-",
    "http_proxy": "http://me:",
}
PANDAS = str(importlib.util.find_spec("pandas").origin)  # type: ignore[union-attr]  # a dependency
SYSTEM = """core_pattern modprobe hostname hotplug randomize_va_space pid_max""".split()


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A box that is started by a user who has secrets in the environment, and left a file open for all children."""
    with pytest.MonkeyPatch.context() as patch:
        for name, prefix in KINDS.items():
            patch.setenv(name, f"{prefix}{SECRET}-{name}")
        file = tmp_path_factory.mktemp("open") / "secret"
        file.write_text(SECRET, encoding="utf-8")
        descriptor = os.open(file, os.O_RDWR)
        os.set_inheritable(descriptor, True)
        try:
            with Bench(tmp_path_factory.mktemp("workspace")) as made:
                made.python("1")
                yield made
        finally:
            os.close(descriptor)


def fingerprint(outside: Path) -> dict[str, object]:
    """What an attack might change: the folder, the workspace's neighbours, the system, the program."""
    places = [outside, outside.parent, Path("/"), Path("/etc"), Path("/usr/bin"), Path("/dev"), folders.ROOT / "tools"]
    places += [Path(PANDAS).parent, Path(sys.executable).parent]
    files = ["/etc/passwd", "/etc/hosts", os.__file__, PANDAS, str(outside / "secret.txt")]
    settings = [path for path in (Path("/proc/sys/kernel", name) for name in SYSTEM) if path.exists()]
    return {
        **{str(place): sorted(each.name for each in place.iterdir()) for place in places},
        **{file: Path(file).read_bytes() for file in files},
        **{str(path): path.read_text(encoding="utf-8") for path in settings},
    }


WRITES = {
    "absolute path": """
for path in (outside + "/owned", outside + "/secret.txt", "/usr/bin/owned", "/etc/passwd", "/etc/owned", "/owned",
             "/root/.bashrc", "/home/owned", "/var/owned", "/boot/owned", "/opt/owned", "/srv/owned", "/lib/owned"):
    attempt(path, lambda: open(path, "w").write("owned"))
""",
    "path upwards": """
attempt("up", lambda: open(os.path.relpath(outside) + "/owned", "w").write("owned"))
attempt("by root", lambda: open("../" * 40 + outside + "/secret.txt", "r+").write("owned"))
attempt("by descriptor", lambda: os.open("../" * 40 + outside + "/owned", os.O_CREAT | os.O_RDWR,
                                         dir_fd=os.open("/", os.O_RDONLY)))
""",
    "link": """
os.symlink(outside, "door"); os.symlink(outside + "/secret.txt", "window"); os.symlink("/etc", "system")
attempt("folder", lambda: open("door/owned", "w").write("owned"))
attempt("file", lambda: open("window", "r+").write("owned"))
attempt("truncate", lambda: os.truncate("window", 0))
attempt("system", lambda: open("system/owned", "w").write("owned"))
attempt("permissions", lambda: os.chmod("window", 0o777))
attempt("times", lambda: os.utime("window"))
""",
    "hard link and rename": """
for path in ("/etc/passwd", "/usr/bin/env", sys.executable, "/run/home", "/proc/1/status"):
    attempt("link " + path, lambda: os.link(path, "stolen"))
    attempt("rename " + path, lambda: os.rename(path, "stolen"))
    attempt("onto " + path, lambda: os.rename(".", path))
attempt("out", lambda: (open("mine", "w").close(), os.rename("mine", outside + "/owned")))
""",
    "race of names": """
os.mkdir("f"); os.symlink(outside, "l")
swaps = threading.Thread(target=lambda: [libc.renameat2(-100, b"f", -100, b"l", 2) for _ in range(200_000)])
swaps.start()
def race():
    for _ in range(20_000):
        try: open("f/owned", "w").close()
        except OSError: pass
    swaps.join()
    return os.path.exists(outside)
attempt("race", race)
""",
    "/proc/*/root": """
for pid in ("self", "thread-self", "1", "2", str(os.getppid())):
    for way in ("root", "cwd/../../../../..", "task/1/root"):
        attempt(f"{pid}/{way}", lambda: open(f"/proc/{pid}/{way}{outside}/owned", "w").write("owned"))
""",
    "/proc/sys": """
for path in ("kernel/core_pattern", "kernel/modprobe", "kernel/hostname", "vm/drop_caches", "vm/overcommit_memory",
             "fs/suid_dumpable", "kernel/randomize_va_space", "net/ipv4/ip_forward", "kernel/pid_max"):
    attempt(path, lambda: open("/proc/sys/" + path, "w").write("1"))
for path in ("/proc/sysrq-trigger", "/proc/1/oom_score_adj", "/proc/self/oom_score_adj", "/proc/1/uid_map",
             "/proc/self/timerslack_ns", "/sys/kernel/mm/ksm/run", "/sys/fs/cgroup/owned", "/sys/power/state"):
    attempt(path, lambda: open(path, "w").write("1"))
attempt("cgroup", lambda: os.mkdir("/sys/fs/cgroup/owned"))
""",
    "devices": """
for path in ("mem", "kmsg", "port", "vda", "sda", "nvme0n1", "loop-control", "loop0", "fuse", "net/tun", "kvm",
             "uinput", "console", "tty1", "owned", "dri/card0", "nvidia0", "vhost-net"):
    attempt(path, lambda: os.open("/dev/" + path, os.O_RDWR | os.O_CREAT))
""",
    "program and environment": """
import json, pandas
for path in (sys.executable, json.__file__, pandas.__file__, os.path.dirname(pandas.__file__) + "/owned.py", program,
             program + "/owned.py", sys.prefix + "/pyvenv.cfg", sys.prefix + "/bin/owned", "/usr/bin/python3"):
    attempt(path, lambda: os.open(path, os.O_RDWR | os.O_CREAT))
    attempt("remove " + path, lambda: os.unlink(path))
    attempt("permissions of " + path, lambda: os.chmod(path, 0o777))
attempt("own worker", lambda: open(f"/proc/{os.getppid()}/mem", "r+b"))
""",
}


@pytest.mark.parametrize("name", WRITES)
def test_nothing_outside_is_written(bench: Bench, here: Path, outside: Path, name: str) -> None:
    before = fingerprint(outside)
    found = attack(bench, WRITES[name], outside=str(outside), program=str(folders.ROOT / "tools"))
    assert fingerprint(outside) == before
    in_its_own = {"race", "up"}  # in the jail a path upwards ends in a folder of the jail's own
    tools = folders.ROOT / "tools"
    if tools.is_relative_to(tempfile.gettempdir()):  # so does a checkout below /tmp
        in_its_own |= {each for each in found if str(tools) in each}
    assert {each for each, outcome in found.items() if outcome.startswith("done")} <= in_its_own, found
    assert not (tools / "owned.py").exists()
    assert found.get("race", "done False") == "done False"


def plant_home(user: Path) -> list[str]:
    """Files of a home folder that attackers look for."""
    names = ".ssh/id_ed25519 .ssh/config .aws/credentials .netrc .git-credentials .bash_history .config/gh/hosts.yml"
    names += " .kube/config .docker/config.json .pypirc .mozilla/profile/cookies.sqlite Documents/tax.txt .env"
    for name in names.split():
        (user / name).parent.mkdir(parents=True, exist_ok=True)
        (user / name).write_text(SECRET, encoding="utf-8")
    return [str(user / name) for name in names.split()]


READS = {
    "home and keys": """
for path in files:
    attempt(path, lambda: open(path).read())
for place in ("~", "~root", "~user"):
    home = os.path.expanduser(place)
    attempt("list " + place, lambda: sorted(set(os.listdir(home)) & {".ssh", ".netrc", "Documents", ".bashrc"}))
""",
    "other users": """
for place in ("/root", "/home", "/var/mail", "/var/lib", "/var/log", "/etc/shadow", "/etc/sudoers", "/etc/ssh",
              "/etc/machine-id", "/mnt", "/media", "/srv", "/opt", "/boot", "/sys", "/proc/1/root/root"):
    def take():
        names = [place] if os.path.isfile(place) else [f"{place}/{name}" for name in os.listdir(place)]
        return sum(len(open(name, "rb").read(1)) for name in names if os.path.isfile(name))
    attempt(place, take)
""",
    "search of the disk": """
def search():
    found = 0
    for top, folders, files in os.walk("/"):
        left_out = ("/proc", "/dev", "/usr", sys.prefix, sys.base_prefix)
        folders[:] = [f for f in folders if os.path.join(top, f) not in left_out]
        for file in files:
            try: found += open(os.path.join(top, file), "rb").read(100_000).count(b"PLANTED-" + b"SECRET")
            except OSError: pass
    return found
attempt("search", search)
""",
    "open descriptors": """
def look():
    found = []
    for pid in ("self", os.getppid(), 1, 2):
        for number in range(0, 64):
            try: found.append(os.pread(os.open(f"/proc/{pid}/fd/{number}", os.O_RDONLY | os.O_NONBLOCK), 99, 0))
            except OSError: pass
    return sorted(text for text in found if text)
attempt("look", look)
""",
    "memory": """
import glob
def read(path):
    with open(path, "rb") as memory:
        return len(memory.read(1))
for pid in (1, 2, os.getppid()):
    for name in ("mem", "environ", "maps", "syscall", "stack", "auxv"):
        attempt(f"{pid}/{name}", lambda: read(f"/proc/{pid}/{name}"))
for name in ("/proc/kcore", "/proc/kmsg", "/proc/keys", "/dev/mem"):
    attempt(name, lambda: read(name))
""",
}


@pytest.mark.parametrize("name", READS)
def test_nothing_of_the_users_is_read(bench: Bench, outside: Path, user: Path, name: str) -> None:
    files = [*plant_home(user), str(outside / "secret.txt")]
    found = attack(bench, READS[name], files=files)
    assert SECRET not in repr(found)
    allowed = {
        "list ~": "done []",  # the jail's own
        "list ~user": "done []",
        "search": "done 0",
        "look": "done []",
    }
    got = {each: outcome for each, outcome in found.items() if outcome.startswith("done")}
    assert {each: outcome for each, outcome in got.items() if allowed.get(each, "done 0") != outcome} == {}, found


@pytest.mark.parametrize("name", KINDS)
def test_no_secret_of_the_environment_is_read(bench: Bench, name: str) -> None:
    code = """
import glob
def look():
    texts = [repr(sorted(os.environ.items())).encode()]
    for path in [*glob.glob("/proc/*/environ"), *glob.glob("/proc/*/cmdline"), *glob.glob("/proc/*/task/*/environ")]:
        try: texts.append(open(path, "rb").read())
        except OSError: pass
    for language in ("bash -c env", "node -p process.env"):
        texts.append(subprocess.run(language, shell=True, capture_output=True).stdout)
    return [name.encode() in b"".join(texts), b"PATH" in b"".join(texts)]
attempt("look", look)
"""
    assert attack(bench, code, name=name) == {"look": "done [False, True]"}


def test_the_users_keyring_is_not_read(tmp_path: Path) -> None:
    """Children inherit the keyring of a session, also into a jail."""
    libc, numbers = ctypes.CDLL(None, use_errno=True), {"x86_64": (248, 250), "aarch64": (217, 219)}
    add_key, keyctl = numbers.get(os.uname().machine, (0, 0))
    if not add_key or libc.syscall(keyctl, 1, None) == -1:
        pytest.skip("no keyrings here")
    assert libc.syscall(add_key, b"user", b"commander-attack", SECRET.encode(), len(SECRET), -3) != -1
    code = """
buffer = ctypes.create_string_buffer(100)
attempt("request", lambda: call(libc.syscall, request_key, b"user", b"commander-attack", None, 0))
attempt("search", lambda: call(libc.syscall, keyctl, 10, -3, b"user", b"commander-attack", 0))
attempt("add", lambda: call(libc.syscall, add_key, b"user", b"mine", b"x", 1, -3))
attempt("read", lambda: (call(libc.syscall, keyctl, 11, -3, buffer, 100), buffer.raw))
"""
    with Bench(tmp_path) as bench:
        found = attack(bench, code, add_key=add_key, keyctl=keyctl, request_key=add_key + 1)
    assert set(found.values()) == {"EPERM"} and len(found) == 4, found
