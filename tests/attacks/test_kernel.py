"""The kernel is asked for what no ordinary program asks for, and refuses."""

import os
from pathlib import Path

import psutil
import pytest

from tests.attacks.attempts import attack, outcomes, program
from tests.tools.interpreter.bench import Bench
from tools.interpreter import launch
from tools.interpreter.seccomp import ABSENT, NEWER, REFUSED, NoFilter, find_filter

pytestmark = pytest.mark.skipif(isinstance(find_filter(), NoFilter), reason=str(find_filter())[:100])
KERNEL = {
    "io_uring": {"io_uring_setup": "8, buffer", "io_uring_enter": "0, 0, 0, 0, 0", "io_uring_register": "0, 0, 0, 0"},
    "keyctl": {"keyctl": "0, -3, 0", "add_key": "b'user', b'x', b'y', 1, -3", "request_key": "b'user', b'x', 0, 0"},
    "mount": {
        "mount": "b'none', b'/tmp', b'tmpfs', 0, 0",
        "umount2": "b'/usr', 2",
        "pivot_root": "b'/tmp', b'/tmp'",
        "chroot": "b'/tmp'",
        "fsopen": "b'tmpfs', 0",
        "fsmount": "0, 0, 0",
        "fsconfig": "0, 0, 0, 0, 0",
        "fspick": "-100, b'/usr', 0",
        "open_tree": "-100, b'/usr', 1",
        "open_tree_attr": "-100, b'/usr', 1, buffer, 32",
        "move_mount": "0, b'', -100, b'/tmp', 4",
        "mount_setattr": "-100, b'/usr', 0, buffer, 32",
        "swapon": "b'swap', 0",
        "quotactl": "0, 0, 0, 0",
    },
    "user namespace": {
        "unshare": "0x10000000",
        "clone": "0x10000000 | 17, 0, 0, 0, 0",
        "clone3": "clone_args, 88",
        "setns": "0, 0",
    },
    "files of all": {"open_by_handle_at": "-100, buffer, 0", "name_to_handle_at": "-100, b'.', buffer, buffer, 0"},
    "ptrace": {
        "ptrace": "16, parent, 0, 0",
        "process_vm_readv": "parent, buffer, 1, buffer, 1, 0",
        "process_vm_writev": "parent, buffer, 1, buffer, 1, 0",
        "pidfd_getfd": "os.pidfd_open(parent), 0, 0",
        "kcmp": "parent, parent, 0, 0, 0",
        "process_madvise": "0, buffer, 1, 4, 0",
    },
    "bpf": {"bpf": "0, buffer, 48", "perf_event_open": "buffer, 0, -1, -1, 0", "userfaultfd": "1"},
    "modules": {
        "init_module": "buffer, 8, b''",
        "finit_module": "0, b'', 0",
        "delete_module": "b'x', 0",
        "kexec_load": "0, 0, 0, 0",
        "kexec_file_load": "0, 0, 0, b'', 0",
        "reboot": "1, 2, 3, 0",
    },
    "clock": {"settimeofday": "buffer, 0", "clock_settime": "0, buffer"},
    "memory of nobody": {"shmget": "0, 4096, 0o1600", "semget": "0, 1, 0o1600", "msgget": "0, 0o1600"},
    "kernel log": {"syslog": "3, buffer, 100"},
    "watching": {"fanotify_init": "0x200, 0", "acct": "b'x'", "vhangup": ""},
}
"""Each call with arguments that do no harm where it is let through."""
OPEN = {"io_uring_setup", "keyctl", "add_key", "clone3", "shmget", "semget", "msgget"}
"""What the kernel would let through, were there no filter."""


def make(calls: dict[str, str]) -> tuple[str, dict[str, int]]:
    """A program that tries these calls, and their numbers."""
    import pyseccomp

    numbers = {name: pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) for name in calls}
    numbers = {name: NEWER.get(name, number) if number == -1 else number for name, number in numbers.items()}
    lines = ["buffer, parent = ctypes.create_string_buffer(4096), os.getppid()"]
    lines += ["clone_args = (ctypes.c_uint64 * 11)(0x10000000, 0, 0, 0, 17)", "me = os.getpid()"]
    for name, arguments in calls.items():
        if numbers[name] >= 0:
            words = ", ".join(filter(None, [f"numbers[{name!r}]", arguments]))
            lines.append(f"attempt({name!r}, lambda: call(libc.syscall, {words}))")
            lines.append("if os.getpid() != me: os._exit(0)")  # what clone has made
    return "\n".join(lines), numbers


@pytest.mark.parametrize("name", KERNEL)
def test_the_kernel_refuses(bench: Bench, name: str) -> None:
    code, numbers = make(KERNEL[name])
    found = attack(bench, code, numbers=numbers)
    assert set(found) == {each for each, number in numbers.items() if number >= 0}
    assert found == {each: "ENOSYS" if each in ABSENT else "EPERM" for each in found}


def test_it_is_the_filter_that_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the jail works too, says so, and the same calls go through, or fail for another reason."""
    monkeypatch.setattr(launch, "find_filter", lambda: NoFilter("no libseccomp", "sudo apt install libseccomp2"))
    code, numbers = make({name: arguments for calls in KERNEL.values() for name, arguments in calls.items()})
    with Bench(tmp_path) as bench:
        assert bench.box.notes == ["no libseccomp; the jail works without; next: sudo apt install libseccomp2"]
        found = outcomes(bench.run("python", program(code, numbers=numbers)))
    let_through = {name for name, outcome in found.items() if outcome not in {"EPERM", "ENOSYS"}}
    assert found.keys() & OPEN <= let_through, found
    assert len(found) > 40


def test_every_process_of_the_jail_is_filtered(bench: Bench) -> None:
    bench.shell("sleep 60 & bash -c 'sleep 60 & exec sleep 60' & node -e 'setTimeout(() => 0, 60000)' &")
    (head,) = [p for p in psutil.Process().children() if p.name() == "bwrap"]
    inside = head.children(recursive=True)
    assert len(inside) >= 5
    for process in inside:
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
        told = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        assert (told["Seccomp"], told["NoNewPrivs"]) == ("2", "1")
        assert {told[f"Cap{kind}"] for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {"0000000000000000"}
        assert Path(f"/proc/{process.pid}/oom_score_adj").read_text(encoding="ascii") == "1000\n"
    bench.run("shell", "kill -9 -1")


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="the machine code is of x86-64")
def test_programs_for_another_processor_are_ended(bench: Bench) -> None:
    code = r"""
import mmap
def run(machine_code):
    if not (child := os.fork()):
        page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        page.write(machine_code)
        address = ctypes.addressof(ctypes.c_char.from_buffer(page))
        os._exit(ctypes.CFUNCTYPE(ctypes.c_int)(address)() != 0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
attempt("of 64 bits", lambda: run(b"\xb8\x27\0\0\0\x0f\x05\x31\xc0\xc3"))
attempt("of 32 bits", lambda: run(b"\xb8\x14\0\0\0\xcd\x80\x31\xc0\xc3"))
attempt("x32", lambda: run(b"\xb8\x27\0\0\x40\x0f\x05\x31\xc0\xc3"))
"""
    assert attack(bench, code) == {"of 64 bits": "done 0", "of 32 bits": "done -31", "x32": "done -31"}


def test_each_refused_call_is_known_here() -> None:
    import pyseccomp

    numbers = [pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) for name in REFUSED]
    unknown = {name for name, number in zip(REFUSED, numbers, strict=True) if number == -1} - NEWER.keys()
    assert unknown == set()
