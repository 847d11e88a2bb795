"""Memory, disk, output and time of the host do not run out."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.attacks.attempts import beside, outcomes, program
from tests.tools.interpreter.bench import SLACK, Bench, find_processes, wait_until
from tests.tools.interpreter.test_limits import BOMBS
from tools.interpreter.box import BlockResult, Limits
from tools.interpreter.seccomp import NoFilter, find_filter
from tools.interpreter.watchdog import machine_memory

TELL = "import time\nprint('TRIED it -> now', flush=True)\ntime.sleep(0.3)\n"
"""The pause lets the word through before the end, which may come at once."""


def play(workspace: Path, limits: Limits, code: str, language: str = "python") -> BlockResult:
    """What comes of the attack; the box is as good as new afterwards, and nothing is left of it."""
    before = psutil.Process().memory_info().rss
    with Bench(workspace, limits) as bench:
        bench.run(language, "")
        result = bench.run(language, code)
        assert bench.run("python", "print(1)").output.endswith("1\n")
        assert psutil.Process().memory_info().rss - before < 50e6
    assert find_processes(str(workspace)) == []
    return result


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_of_processes(tmp_path: Path, name: str) -> None:
    before, most = len(psutil.pids()), [0]
    language, code = BOMBS[name]
    with Bench(tmp_path, Limits(processes=100, block_seconds=5)) as bench:
        bench.run(language, "")
        begin = time.monotonic()
        if language == "python":
            result = beside(bench, TELL + code, lambda: most.append(max(most.pop(), len(psutil.pids()))))
        else:
            result = bench.run(language, "echo TRIED it '->' now\n" + code)
        assert time.monotonic() - begin < 6.5 * SLACK
    assert result.exit_code is None and "process limit of 100" in result.reason, result
    assert most[0] < before + 400
    assert wait_until(lambda: len(psutil.pids()) < before + 20)


MEMORY = {
    "one process": "data = []\nwhile True: data.append(b'x' * 10_000_000)",
    "many processes": "for _ in range(30):\n    if not os.fork(): break\ndata = b'x' * 100_000_000\ntime.sleep(9)",
    "shared pages": """
import mmap
maps = [mmap.mmap(-1, 100_000_000) for _ in range(20)]
for each in maps: each.write(b"x" * 100_000_000)
time.sleep(9)
""",
    "files in memory": """
files = [os.memfd_create(str(number)) for number in range(20)]
for file in files:
    for _ in range(100): os.write(file, b"x" * 1_000_000)
time.sleep(9)
""",
    "files in memory without an owner": """
left, right = socket.socketpair()
for number in range(20):
    file = os.memfd_create(str(number))
    for _ in range(100): os.write(file, b"x" * 1_000_000)
    socket.send_fds(left, [b"x"], [file])
    os.close(file)
time.sleep(9)
""",
}


@pytest.mark.parametrize("name", MEMORY)
def test_a_bomb_of_memory(tmp_path: Path, name: str) -> None:
    begin, shared = time.monotonic(), machine_memory().shared
    result = play(tmp_path, Limits(memory_mb=600, processes=100), program(TELL + MEMORY[name]))
    assert outcomes(result) == {"it": "now"}
    refused = name == "one process" and result.exit_code == 1 and "MemoryError" in result.output
    assert refused or result.reason == "memory limit of 600 MB; all variables are lost", result
    assert time.monotonic() - begin < 6 * SLACK
    assert wait_until(lambda: machine_memory().shared < shared + 300e6)


@pytest.mark.skipif(isinstance(find_filter(), NoFilter), reason="no filter of system calls here")
def test_memory_of_system_v_is_not_there(bench: Bench) -> None:
    code = 'attempt("shmget", lambda: call(libc.shmget, 0, 1 << 30, 0o1600))'
    assert outcomes(bench.run("python", program(code))) == {"shmget": "ENOSYS"}


def test_a_filled_tmp(tmp_path: Path) -> None:
    code = """
def fill(folder):
    for number in range(100):
        with open(f"{folder}/{number}", "wb") as file: file.write(bytes(1_000_000))
for folder in ("/tmp", "/dev/shm", "/run/home", "/var/tmp"):
    attempt(folder, lambda: fill(folder))
"""
    result = play(tmp_path, Limits(tmp_mb=20), program(code))
    assert outcomes(result) == dict.fromkeys(("/tmp", "/dev/shm", "/run/home", "/var/tmp"), "ENOSPC")


def test_some_of_the_machines_memory_stays_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit that this machine has broken already stands for a machine that is full."""
    with Bench(tmp_path) as bench:
        bench.python("1")
        assert bench.box._worker
        monkeypatch.setattr(bench.box._worker._watchdog, "_least", psutil.virtual_memory().total)
        result = bench.run("python", TELL + "import time; time.sleep(9)")
        assert outcomes(result) == {"it": "now"}
        assert result.reason.startswith("the machine has less than ") and result.seconds < 2 * SLACK
        assert bench.run("python", "print(1)").output.endswith("1\n")


DISK = {
    "one file": "with open('big', 'wb') as file:\n    while True: file.write(bytes(1_000_000))",
    "one file at once": "os.posix_fallocate(os.open('big', os.O_CREAT | os.O_RDWR), 0, 1_000_000_000)",
    "many files": """
for number in range(1_000_000):
    with open(f"{number}", "wb") as file: file.write(bytes(1_000_000))
""",
    "files without a name": """
kept = []
for number in range(1_000):
    kept.append(open("x", "wb")); os.unlink("x")
    kept[-1].write(bytes(1_000_000)); kept[-1].flush()
time.sleep(9)
""",
    "hidden deep": """
for number in range(1_000):
    folder = ".git/" + "/".join("node_modules" for _ in range(number % 40))
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/{number}", "wb") as file: file.write(bytes(1_000_000))
time.sleep(9)
""",
    "deeper than a path": """
for number in range(1_000):
    if number < 100:
        os.mkdir("d" * 200); os.chdir("d" * 200)
    with open(f"{number}", "wb") as file: file.write(bytes(1_000_000))
time.sleep(9)
""",
    "closed folder": """
os.mkdir("closed")
closed = os.open("closed", os.O_RDONLY)
os.chmod("closed", 0o300)
for number in range(1_000):
    with open(os.open(f"{number}", os.O_CREAT | os.O_WRONLY, dir_fd=closed), "wb") as file: file.write(bytes(1_000_000))
time.sleep(9)
""",
    "old files": """
for number in range(1_000):
    with open(f"{number}", "wb") as file: file.write(bytes(1_000_000))
    os.utime(f"{number}", (0, 0))
time.sleep(9)
""",
    "in the background": """
subprocess.Popen(["setsid", "bash", "-c", "for n in $(seq 1000); do head -c 1000000 /dev/zero > $n; done; sleep 9"])
time.sleep(9)
""",
}


@pytest.mark.parametrize("name", DISK)
def test_a_filled_disk(tmp_path: Path, name: str) -> None:
    os.sync()  # what the last test has removed is free only then, and would stand against what this one writes
    result = play(tmp_path, Limits(growth_mb=100, block_seconds=20), program(TELL + DISK[name]))
    assert outcomes(result) == {"it": "now"}
    assert result.reason == "the workspace grew by more than 100 MB; all variables are lost"
    subprocess.run(["chmod", "-R", "u+rwx", str(tmp_path)], check=True)
    told = subprocess.run(["du", "-sm", str(tmp_path)], capture_output=True, check=True).stdout
    assert int(told.split()[0]) < (1000 if name == "one file at once" else 900)


def test_too_many_files(tmp_path: Path) -> None:
    code = TELL + "for number in range(1_000_000): os.mkdir(f'{number}')"
    result = play(tmp_path, Limits(growth_files=2000), program(code))
    assert outcomes(result) == {"it": "now"}
    assert result.reason == "the workspace grew by more than 2000 files; all variables are lost"


def test_what_is_too_much_can_be_taken_away_again_but_not_added_to(tmp_path: Path) -> None:
    fill = "import time\nfor n in range(500):\n    with open(f'{n}-%s', 'wb') as file: file.write(bytes(1_000_000))\n"
    with Bench(tmp_path, Limits(growth_mb=100)) as bench:
        assert "the workspace grew" in bench.run("python", fill % "a" + "time.sleep(9)").reason
        assert "the workspace grew" in bench.run("python", fill % "b" + "time.sleep(9)").reason
        bench.shell("rm -f *-a *-b; sleep 0.5; echo x > small")
    assert [path.name for path in tmp_path.iterdir()] == ["small"]


def test_files_that_were_there_and_what_others_write_are_no_growth(tmp_path: Path) -> None:
    workspace = tmp_path / "w"
    workspace.mkdir()
    (workspace / "data").write_bytes(bytes(200_000_000))
    time.sleep(2.5)
    with Bench(workspace, Limits(growth_mb=100)) as bench:
        bench.python("1")
        (tmp_path / "other").write_bytes(bytes(300_000_000))
        assert bench.python("import time; time.sleep(1); print(1)") == "1\n"
        (workspace / "data").unlink()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 300 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300m,nr_inodes=30000", "tmpfs", str(place)]
    if os.getuid() or subprocess.run(mount, check=False).returncode:
        pytest.skip("no right to mount a small disk here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_some_of_the_disk_stays_free(small_disk: Path) -> None:
    result = play(small_disk, Limits(free_mb=100), program(TELL + DISK["many files"]))
    assert outcomes(result) == {"it": "now"}
    assert result.reason.startswith("the disk has less than 100 MB left"), result


def test_some_names_of_the_disk_stay_free(small_disk: Path) -> None:
    code = TELL + "for number in range(1_000_000): os.mkdir(f'{number}')"
    result = play(small_disk, Limits(growth_files=10**9), program(code))
    assert outcomes(result) == {"it": "now"}
    assert "room for less than 10000 files" in result.reason, result


FLOODS = {
    "output": ("python", TELL + "for _ in range(10_000): print('x' * 100_000)"),
    "errors": ("python", TELL + "for _ in range(10_000): print('x' * 100_000, file=__import__('sys').stderr)"),
    "no line end": ("shell", "echo TRIED it '->' now; head -c 1G /dev/zero"),
    "children": ("shell", "echo TRIED it '->' now; for n in 1 2 3 4; do (yes | head -c 300M) & done; wait"),
    "node": (
        "javascript",
        "console.log('TRIED it -> now'); const fs = require('fs'); let n = 0;\n"
        "while (n < 1e9) try { n += fs.writeSync(1, 'x'.repeat(100000)) } catch { }",
    ),
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_of_a_gigabyte_is_cut(tmp_path: Path, name: str) -> None:
    language, code = FLOODS[name]
    begin = time.monotonic()
    result = play(tmp_path, Limits(output_bytes=100_000), code, language)
    assert outcomes(result) == {"it": "now"}
    assert result.reason.startswith("output limit of 64 MB"), result
    assert "bytes of output are cut out here" in result.output and len(result.output) < 101_000
    assert time.monotonic() - begin < 8 * SLACK


def names() -> set[str]:
    """What runs in the jail."""
    return {process.name() for process in psutil.Process().children(recursive=True)}


def test_a_flood_between_blocks_costs_nothing(tmp_path: Path) -> None:
    with Bench(tmp_path) as bench:
        result = bench.run("shell", "echo TRIED flood '->' now; (sleep 0.3; exec yes) &")
        assert outcomes(result) == {"flood": "now"} and result.exit_code == 0
        assert wait_until(lambda: "yes" in names())
        before = psutil.Process().memory_info().rss
        time.sleep(2)
        assert psutil.Process().memory_info().rss - before < 20e6
        assert bench.run("python", "print('still here')").exit_code in {0, None}
    assert "yes" not in names()
