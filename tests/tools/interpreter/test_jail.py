"""Attacks on the jail, each judged from outside."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from config.errors import UsageError
from tests.tools.interpreter.bench import Bench, find_processes, wait_until
from tools.interpreter.box import Box, Limits
from tools.interpreter.jail import probe

pytestmark = pytest.mark.skipif(bool(probe()), reason=probe() or "")


@contextmanager
def listener() -> Iterator[tuple[int, list[str]]]:
    """A port on the host's loopback, and who came."""
    came: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        open_ = True

        def accept() -> None:
            while open_:
                try:
                    connection, address = server.accept()
                except TimeoutError:
                    continue
                came.append(str(address))
                connection.close()

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield server.getsockname()[1], came
        finally:
            open_ = False
            thread.join()


def test_no_network_not_even_the_hosts_loopback(bench: Bench) -> None:
    with listener() as (port, came):
        code = f"""
import socket
for family, kind, address in [
    (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", {port})),
    (socket.AF_INET, socket.SOCK_STREAM, ("8.8.8.8", 53)),
    (socket.AF_INET, socket.SOCK_DGRAM, ("8.8.8.8", 53)),
    (socket.AF_INET6, socket.SOCK_STREAM, ("::1", {port})),
]:
    with socket.socket(family, kind) as s:
        s.settimeout(2)
        try: s.connect(address); print("CONNECTED", address)
        except OSError as e: print("refused")
try: socket.getaddrinfo("example.com", 80); print("CONNECTED DNS")
except OSError: print("refused")
"""
        assert "CONNECTED" not in bench.python(code)
        bench.run("shell", f"(echo > /dev/tcp/127.0.0.1/{port}) 2>/dev/null; curl -s -m 2 http://127.0.0.1:{port}/")
    assert came == []


def test_an_abstract_socket_of_the_host_is_not_there(bench: Bench) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0commander-test-abstract")
        server.listen()
        code = "import socket\ns = socket.socket(socket.AF_UNIX)\ns.connect('\\0commander-test-abstract')"
        assert bench.run("python", code).exit_code == 1


def test_with_network_the_loopback_is_reached(tmp_path: Path) -> None:
    with listener() as (port, came), Bench(tmp_path, options={"network": True}) as bench:
        bench.python(f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 5).close()")
    assert len(came) == 1


def test_nothing_is_written_outside(bench: Bench, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    core_pattern = Path("/proc/sys/kernel/core_pattern").read_text(encoding="utf-8")
    target = outside / "owned"
    code = f"""
import os
target, workspace = {str(target)!r}, os.getcwd()
up = os.path.relpath(target, workspace)
os.symlink({str(outside)!r}, "door")
tries = [target, up, "door/owned", "/usr/owned", "/etc/owned", "/owned", "/root/owned", "/home/owned", "/proc/owned",
         "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/dev/owned",
         "/proc/sys/vm/overcommit_memory", "/proc/bus/x", "/proc/1/oom_score_adj", "/bin/owned", "/etc/passwd"]
tries += [f"/proc/{{pid}}/root{{target}}" for pid in ("self", 1, 2, os.getppid())]
tries += ["/proc/self/cwd/../owned"]
for path in tries:
    try:
        with open(path, "w") as file: file.write("owned")
        print("WRITTEN", path)
    except OSError: pass
for folder in (os.path.dirname(target), "/work", "/srv/x", "/var/lib/x"):
    try: os.makedirs(folder + "/made"); print("MADE", folder)
    except OSError: pass
for make in (os.link, os.rename):
    try: make("/etc/passwd", "stolen"); print("MOVED")
    except OSError: pass
try: os.mknod("disk", 0o60666, os.makedev(8, 0)); print("NODE")
except OSError: pass
"""
    output = bench.python(code)
    # In the jail /tmp is its own: what lands there is nothing to the host.
    landed = {line for line in output.splitlines() if line.split()[1].startswith(("/tmp/", "../", "/proc/self/cwd/"))}
    assert set(output.splitlines()) - landed == set()
    assert list(outside.iterdir()) == []
    assert not (bench.workspace.parent / "owned").exists()
    assert Path("/proc/sys/kernel/core_pattern").read_text(encoding="utf-8") == core_pattern
    bench.shell("rm -f door")


def test_program_and_environment_are_read_only(bench: Bench) -> None:
    code = """
import os, sys, pandas
for path in (sys.executable, pandas.__file__, os.__file__):
    print(os.access(path, os.W_OK), os.access(os.path.dirname(path), os.W_OK))
"""
    assert bench.python(code) == "False False\n" * 3


def test_only_the_workers_files_of_the_program_are_there(bench: Bench) -> None:
    root = Path(__file__).resolve().parents[3]
    found = bench.python(
        f"import os\nfor top, dirs, files in os.walk({str(root)!r}):\n"
        "    dirs[:] = [d for d in dirs if d != '.venv']\n    print(*files, sep='\\n')"
    )
    assert "worker" not in found
    assert set(found.split()) <= {file.name for file in (root / "tools/interpreter/worker").rglob("*")}


def test_home_secrets_and_environment_are_not_read(tmp_path: Path, user: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (user / ".ssh").mkdir()
    (user / ".ssh" / "id_ed25519").write_text("PLANTED-KEY", encoding="utf-8")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "PLANTED-VARIABLE")
    workspace = tmp_path / "w"
    workspace.mkdir()
    with Bench(workspace) as bench:
        code = f"""
import glob, os
print(dict(os.environ))
for path in [*glob.glob("/proc/*/environ"), {str(user / ".ssh/id_ed25519")!r}, "/etc/shadow", "/root/.bashrc"]:
    try: print(open(path, "rb").read())
    except OSError as error: print(type(error).__name__)
print(os.path.expanduser("~"))
"""
        output = bench.python(code) + bench.shell("env; cat /proc/*/environ | tr '\\0' '\\n'")
        if "javascript" in bench.box.languages:
            output += bench.good("javascript", "console.log(process.env)")
    assert "PLANTED" not in output
    assert "root:" not in output
    assert "/run/home" in output


def test_other_processes_are_neither_seen_nor_killed(bench: Bench) -> None:
    me = os.getpid()
    code = f"""
import os, signal
print(sorted(int(p) for p in os.listdir("/proc") if p.isdigit())[-1] < {max(me, 1000)} or "many")
for pid in ({me}, {os.getppid()}):
    try: os.kill(pid, signal.SIGKILL); print("KILLED", pid)
    except OSError as error: print(type(error).__name__)
"""
    output = bench.python(code)
    assert "KILLED" not in output and output.count("ProcessLookupError") == 2
    bench.run("shell", "kill -9 -1")  # everything that it can reach: the worker and itself
    assert psutil.pid_exists(me)
    assert bench.run("python", "print(1)").output.endswith("1\n")


def test_the_worker_is_closed_to_the_blocks(bench: Bench) -> None:
    code = """
import glob, os
worker = os.getppid()
for path in (f"/proc/{worker}/mem", f"/proc/{worker}/environ", f"/proc/{worker}/fd/0"):
    try: open(path, "rb+"); print("OPEN", path)
    except OSError: pass
"""
    assert "OPEN" not in bench.python(code)


def test_no_capability_mount_namespace_or_trace(bench: Bench) -> None:
    code = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
print([line.split()[1] for line in open("/proc/self/status") if line.startswith("Cap")])
print("unshare", libc.unshare(0x10000000))
print("mount", libc.mount(b"none", b"/tmp", b"tmpfs", 0, None))
print("remount", libc.mount(None, b"/usr", None, 32 | 4096, None))
print("umount", libc.umount2(b"/usr", 2))
print("ptrace", libc.ptrace(16, os.getppid(), 0, 0))
print("setuid", libc.setuid(0))
print("chroot", libc.chroot(b"/"))
"""
    lines = bench.python(code).splitlines()
    assert set(eval(lines[0])) == {"0000000000000000"}
    assert [line.split()[1] for line in lines[1:]] == ["-1"] * 7, lines


def test_limits_of_the_system_cannot_be_raised(bench: Bench) -> None:
    code = "import resource\nresource.setrlimit(resource.RLIMIT_DATA, (-1, -1))"
    assert bench.run("python", code).exit_code == 1


def test_files_belong_to_the_user_who_started_it(bench: Bench) -> None:
    bench.shell("mkdir -p d && echo x > d/mine && chmod 640 d/mine")
    assert (bench.workspace / "d/mine").stat().st_uid == os.getuid()
    assert (bench.workspace / "d/mine").stat().st_gid == os.getgid()


def test_readonly_paths_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("KEY=1", encoding="utf-8")
    (tmp_path / ".git/hooks").mkdir(parents=True)
    (tmp_path / ".git/config").write_text("", encoding="utf-8")
    paths = [tmp_path / ".env", tmp_path / ".git/hooks", tmp_path / "absent"]
    with Bench(tmp_path, options={"readonly": paths}) as bench:
        for code in (
            "echo x > .env",
            "rm .env",
            "mv .env e",
            "echo x > .git/hooks/pre-commit",
            "rm -r .git",
            "mv .git g",
        ):
            assert bench.run("shell", code).exit_code, code
        bench.shell("echo y > free; cat .env")
    assert (tmp_path / ".env").read_text(encoding="utf-8") == "KEY=1"
    assert (tmp_path / ".git/hooks").is_dir() and list((tmp_path / ".git/hooks").iterdir()) == []


def test_tmp_has_a_size(tmp_path: Path) -> None:
    with Bench(tmp_path, Limits(tmp_mb=20, file_mb=50)) as bench:
        for place in ("/tmp/big", "/dev/shm/big", "big"):
            result = bench.run("python", f"open({place!r}, 'wb').write(bytes(60_000_000))")
            assert result.exit_code == 1 and "OSError" in result.output, result
    assert not (tmp_path / "big").exists() or (tmp_path / "big").stat().st_size <= 50 << 20


def test_a_daemon_dies_with_the_box(tmp_path: Path) -> None:
    mark = f"commander-daemon-{os.getpid()}"
    with Bench(tmp_path) as bench:
        bench.shell(
            f"setsid nohup bash -c 'trap \"\" TERM HUP INT; while :; do sleep 1; done' {mark} >/dev/null 2>&1 &"
        )
        bench.python(f"""
import os
if not os.fork():
    os.setsid()
    os.execvp("python", ["python", "-c", "import time; time.sleep(99)", {mark!r}])
""")
        assert wait_until(lambda: len(find_processes(mark)) >= 2)
    assert find_processes(mark) == []


def test_a_workspace_in_tmp_and_one_with_odd_characters(tmp_path: Path) -> None:
    folder = tmp_path / "ein Ordner 'mit' \"ü\" $HOME"
    folder.mkdir()
    with Bench(folder) as bench:
        assert bench.python("open('a.txt', 'w').write('ä')") == "1\n"
        assert bench.shell("cat a.txt; pwd") == f"ä{folder.resolve()}\n"
    assert (folder / "a.txt").exists()


@pytest.mark.parametrize("folder", ["/", "/usr", "/home", "/proc"])
def test_a_workspace_that_would_undo_the_jail_is_refused(folder: str) -> None:
    with pytest.raises(UsageError, match="--workspace"):
        Box(Path(folder), Limits())


def test_a_workspace_may_lie_where_temporary_files_do() -> None:
    with TemporaryDirectory(dir="/var/tmp") as folder, Bench(Path(folder)) as bench:
        bench.shell("echo here > a.txt; echo away > /var/tmp/b.txt")
        assert Path(folder, "a.txt").read_text(encoding="utf-8") == "here\n"
    assert not Path("/var/tmp/b.txt").exists()
