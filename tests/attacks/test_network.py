"""Nobody outside is reached: the host listens at every place that the attacks try, and hears nothing."""

import os
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.attacks.attempts import attack, outcomes
from tests.attacks.listening import bound, listening, reading
from tests.tools.interpreter.bench import Bench

REFUSED = {"ECONNREFUSED", "ENETUNREACH", "EADDRNOTAVAIL", "ENOENT", "EACCES", "EAFNOSUPPORT", "EPERM", "gaierror"}


@dataclass
class Host:
    """Where the host listens, and what it heard there."""

    places: dict[str, object] = field(default_factory=dict)
    heard: dict[str, list[str]] = field(default_factory=dict)

    def expect_silence(self) -> None:
        """Nobody came, also not a little later."""
        time.sleep(0.15)
        assert {name: said for name, said in self.heard.items() if said} == {}


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """Listeners on all that has an address, opened before the jail; each is heard from the host itself."""
    workspace = tmp_path_factory.mktemp("workspace")
    (workspace / "deep/er").mkdir(parents=True)
    (workspace / ".git").mkdir()
    made = Host({"workspace": str(workspace), "abstract": f"\0commander-attack-{os.getpid()}"})
    with ExitStack() as stack:
        outside = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for name, family, address in (("tcp4", socket.AF_INET, "127.0.0.1"), ("tcp6", socket.AF_INET6, "::1")):
            server = socket.create_server((address, 0), family=family)
            made.places[name] = server.getsockname()[1]
            made.heard[name] = stack.enter_context(listening(server))
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagrams.bind(("127.0.0.1", 0))
        made.places["udp"] = datagrams.getsockname()[1]
        made.heard["udp"] = stack.enter_context(listening(datagrams))
        hidden = socket.socket(socket.AF_UNIX)
        hidden.bind(str(made.places["abstract"]))
        made.heard["abstract"] = stack.enter_context(listening(hidden))
        for name, place in {
            "outside": outside / "socket",
            "inside": workspace / "socket",
            "deep": workspace / "deep/er/socket",
            "git": workspace / ".git/fsmonitor--daemon.ipc",
        }.items():
            made.places[name] = str(place)
            made.heard[name] = stack.enter_context(bound(place))
        made.heard["datagram"] = stack.enter_context(bound(workspace / "datagram", socket.SOCK_DGRAM))
        made.heard["fifo"] = stack.enter_context(reading(workspace / "fifo"))
        yield made


@pytest.fixture(scope="module")
def bench(host: Host) -> Iterator[Bench]:
    """A box whose workspace holds the host's sockets."""
    with Bench(Path(str(host.places["workspace"]))) as made:
        yield made


ATTACKS = {
    "tcp": """
attempt("loopback", lambda: socket.create_connection(("127.0.0.1", tcp4), 2))
attempt("name", lambda: socket.create_connection(("localhost", tcp4), 2))
attempt("loopback 6", lambda: socket.create_connection(("::1", tcp6), 2))
attempt("any", lambda: socket.create_connection(("0.0.0.0", tcp4), 2))
attempt("far away", lambda: socket.create_connection(("192.0.2.1", 80), 2))
""",
    "dns": """
attempt("name", lambda: socket.getaddrinfo("example.org", 80))
attempt("address", lambda: socket.gethostbyaddr("192.0.2.1"))
""",
    "abstract socket": """
attempt("connect", lambda: socket.socket(socket.AF_UNIX).connect(abstract))
""",
    "socket outside": """
attempt("connect", lambda: socket.socket(socket.AF_UNIX).connect(outside))
for pid in ("self", "1", os.getppid()):
    attempt(f"by way of {pid}", lambda: socket.socket(socket.AF_UNIX).connect(f"/proc/{pid}/root{outside}"))
""",
    "socket in the workspace": """
for place in ("socket", "deep/er/socket", ".git/fsmonitor--daemon.ipc"):
    attempt(place, lambda: socket.socket(socket.AF_UNIX).connect(place))
attempt("datagram", lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"x", "datagram"))
""",
    "docker.sock": """
run = ["docker.sock", "podman/podman.sock", "containerd/containerd.sock", "dbus/system_bus_socket", "systemd/private",
       "user/0/bus", "user/1000/bus", "snapd.socket", "nscd/socket", "crio/crio.sock", "libvirt/libvirt-sock"]
for place in [*("/run/" + name for name in run), *("/var/run/" + name for name in run), "/tmp/.X11-unix/X0"]:
    attempt(place, lambda: socket.socket(socket.AF_UNIX).connect(place))
""",
    "odd families": """
for name, family, kind in [("packet", 17, 3), ("vsock", 40, 1), ("raw", 2, 3), ("raw 6", 10, 3), ("alg", 38, 5),
                           ("bluetooth", 31, 3), ("can", 29, 3), ("key", 15, 3), ("tipc", 30, 1), ("xdp", 44, 3)]:
    attempt(name, lambda: socket.socket(family, kind, 1))
attempt("pair", lambda: call(libc.socketpair, 40, 1, 0, (ctypes.c_int * 2)()))
attempt("high bits", lambda: call(libc.socket, ctypes.c_long((1 << 32) | 40), 1, 0))
""",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_nobody_outside_is_reached(bench: Bench, host: Host, name: str) -> None:
    found = attack(bench, ATTACKS[name], **host.places)
    assert {each: outcome for each, outcome in found.items() if outcome not in REFUSED} == {}
    host.expect_silence()


def test_datagrams_reach_nobody(bench: Bench, host: Host) -> None:
    """The jail's own loopback takes them, and has nobody to hand them to."""
    code = """
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    for address in [("127.0.0.1", udp), ("localhost", udp), ("192.0.2.1", 53), ("255.255.255.255", udp)]:
        attempt(address[0], lambda: s.sendto(b"x" * 50, address))
"""
    found = attack(bench, code, **host.places)
    assert len(found) == 4 and found["192.0.2.1"] == "ENETUNREACH"
    host.expect_silence()


def test_a_fifo_in_the_workspace_leads_nowhere(bench: Bench, host: Host) -> None:
    found = attack(bench, 'attempt("write", lambda: open("fifo", "w").write("x"))')
    assert found["write"] in {"done 1", "EACCES", "EROFS", "EPERM"}  # what stands in its place may swallow it
    host.expect_silence()


@pytest.mark.parametrize("language", ["shell", "javascript"])
def test_other_languages_reach_nobody(bench: Bench, host: Host, language: str) -> None:
    if language not in bench.box.languages:
        pytest.skip("no node here")
    url = f"http://127.0.0.1:{host.places['tcp4']}/"
    tell = "console.log('TRIED fetch -> ' + error.cause.code)"
    code = {
        "shell": f"(exec 3<>/dev/tcp/127.0.0.1/{host.places['tcp4']}) 2>&1; echo TRIED shell '->' $?\n"
        f"curl -s -m 2 {url}; echo TRIED curl '->' $?",
        "javascript": f"try {{ await fetch({url!r}); console.log('TRIED fetch -> 0') }} catch (error) {{ {tell} }}",
    }[language]
    assert "0" not in outcomes(bench.run(language, code)).values()
    host.expect_silence()


def test_a_socket_in_the_workspace_cannot_be_uncovered(bench: Bench, host: Host) -> None:
    code = """
attempt("unlink", lambda: os.unlink("socket"))
attempt("rename", lambda: os.rename("deep/er/socket", "mine"))
attempt("link", lambda: os.link("socket", "mine"))
attempt("umount", lambda: call(libc.umount2, b"socket", 2))
attempt("move the folder", lambda: os.rename("deep", "moved"))
attempt("connect", lambda: socket.socket(socket.AF_UNIX).connect("moved/er/socket"))
attempt("move back", lambda: os.rename("moved", "deep"))
"""
    found = attack(bench, code)
    assert set(found.values()) <= {"EBUSY", "EXDEV", "EPERM", "EROFS", "done None", "ECONNREFUSED"}, found
    assert found["connect"] == "ECONNREFUSED"
    host.expect_silence()
    assert all((bench.workspace / name).is_socket() for name in ("socket", "deep/er/socket", "datagram"))


def test_the_host_hears_what_the_host_says(host: Host) -> None:
    """What listens is no dummy: each socket hears who may speak to it."""
    for name, family, address in (("tcp4", socket.AF_INET, "127.0.0.1"), ("tcp6", socket.AF_INET6, "::1")):
        with socket.socket(family) as client:
            client.connect((address, host.places[name]))
    for name in ("abstract", "outside"):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(host.places[name]))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(b"x", ("127.0.0.1", int(str(host.places["udp"]))))
    Path(str(host.places["workspace"]), "fifo").write_text("x", encoding="ascii")
    time.sleep(0.3)
    assert [name for name, said in host.heard.items() if said] == ["tcp4", "tcp6", "udp", "abstract", "outside", "fifo"]
    for said in host.heard.values():
        said.clear()
