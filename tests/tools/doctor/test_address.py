"""The way to the server: addresses, `OLLAMA_HOST`, proxies, WSL2."""

import sys
from pathlib import Path

import pytest

from tools.doctor.address import address, default_gateway, host, host_url, proxy, wsl
from tools.doctor.check import Check
from tools.embedded.scripted import scripted
from tools.ollama.server import Server

NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
ROUTES = """Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
lo\t0000007F\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0
eth0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0
eth0\t00000000\t{}\t0003\t0\t0\t0\t00000000\t0\t0\t0
"""
WSL2 = "5.15.153.1-microsoft-standard-WSL2"

little = pytest.mark.skipif(sys.byteorder == "big", reason="the kernel writes addresses as the processor does")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's own proxies are none of the tests'."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(
    ("url", "better"),
    [
        ("http://localhost:11434/v1", "http://localhost:11434"),
        ("localhost:11434/v1/", "http://localhost:11434"),
        ("http://gpu-box:11434/api", "http://gpu-box:11434"),
        ("http://0.0.0.0:11434", "http://127.0.0.1:11434"),
        ("http://localhost", "http://localhost:11434"),
        ("https://127.0.0.1:11434", "http://127.0.0.1:11434"),
    ],
)
def test_an_address_that_means_another(url: str, better: str) -> None:
    (found,) = address(url)
    assert (found.name, found.state, found.next) == ("address", "warning", f"OLLAMA_BASE_URL={better}")


def test_addresses() -> None:
    for url in ("", "http://localhost:11434", "gpu-box:11500", "https://ollama.example.com", "http://host/ollama"):
        assert [*address(url)] == []
    (found,) = address("http://:11434")
    assert (found.state, found.next) == ("broken", "OLLAMA_BASE_URL=http://localhost:11434")


@pytest.mark.parametrize(
    ("said", "url"),
    [
        ("0.0.0.0:11500", "http://127.0.0.1:11500"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        (":11500", "http://127.0.0.1:11500"),
        ("gpu-box", "http://gpu-box:11434"),
        ('"gpu-box:1234"', "http://gpu-box:1234"),
        ("http://gpu-box", "http://gpu-box:80"),
        ("https://gpu-box/", "https://gpu-box:443"),
        ("[::]:11434", "http://127.0.0.1:11434"),
        ("::1", "http://127.0.0.1:11434"),
        ("[fd00::1]", "http://[fd00::1]:11434"),
    ],
)
def test_ollama_host_is_read_as_ollama_reads_it(said: str, url: str) -> None:
    assert host_url(said) == url


def test_ollama_host_and_base_url_that_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [*host("")] == []
    monkeypatch.setenv("OLLAMA_HOST", "0.0.0.0:11500")
    (found,) = host("http://localhost:11434/v1")
    assert (found.name, found.state) == ("OLLAMA_HOST", "warning")
    assert "OLLAMA_HOST=0.0.0.0:11500 sends Ollama's own programs to http://127.0.0.1:11500" in found.seen
    assert found.next.startswith("OLLAMA_BASE_URL=http://127.0.0.1:11500 ")
    assert [check.state for check in host("")] == ["warning"]
    assert [check.state for check in host("localhost:11500")] == ["ok"]
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1")
    assert [check.state for check in host("")] == ["ok"]


def test_a_proxy_is_left_out_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert proxy("http://gpu-box:11434") == Check("proxy", "ok", "none is set")
    monkeypatch.setenv("http_proxy", "http://ana:secret@proxy:3128")
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    for url in ("", "http://localhost:11434"):
        found = proxy(url)
        assert found.state == "ok"
        assert found.seen.startswith("HTTP_PROXY=http://***@proxy:3128, ALL_PROXY=socks5://127.0.0.1:1080: not used")


def test_a_proxy_on_the_way_to_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    url = "http://gpu.lan:11434"
    assert (proxy(url).state, proxy(url).next) == ("warning", "export NO_PROXY=gpu.lan")
    monkeypatch.setenv("no_proxy", "example.com, .lan")
    assert proxy(url).state == "ok"
    monkeypatch.setenv("all_proxy", "socks://127.0.0.1:1080")
    assert (proxy(url).state, proxy(url).next) == ("broken", "unset all_proxy")


def proc(folder: Path, release: str, gateway: str) -> Path:
    """A /proc as the kernel of that release has it."""
    (folder / "sys" / "kernel").mkdir(parents=True)
    (folder / "net").mkdir()
    (folder / "sys" / "kernel" / "osrelease").write_text(f"{release}\n", encoding="ascii")
    (folder / "net" / "route").write_text(ROUTES.format(gateway), encoding="ascii")
    return folder


@little
def test_wsl2_without_an_ollama_names_the_windows_around_it(tmp_path: Path) -> None:
    there = proc(tmp_path, WSL2, "0100007F")  # 127.0.0.1, where none answers at the default port, or one does
    assert default_gateway(there) == "127.0.0.1"
    (found,) = wsl("", None, there)
    assert (found.name, found.state) == ("WSL", "warning")
    assert "OLLAMA_BASE_URL=http://127.0.0.1:11434 commander doctor" in found.next
    assert "Windows" in found.seen
    (tmp_path / "net" / "route").write_text(ROUTES.format("01A01DAC"), encoding="ascii")
    assert default_gateway(there) == "172.29.160.1"


@little
def test_wsl2_with_a_server_has_nothing_to_add(tmp_path: Path) -> None:
    there = proc(tmp_path, WSL2, "0100007F")
    with scripted([]) as (url, _):
        assert [check.state for check in wsl("", Server(url), there)] == ["ok"]
    assert [check.state for check in wsl("http://gpu:11434", None, there)] == ["ok"]
    (tmp_path / "net" / "route").unlink()
    assert [check.state for check in wsl("", None, there)] == ["ok"]


def test_wsl1_and_plain_linux(tmp_path: Path) -> None:
    (first,) = wsl("", None, proc(tmp_path / "1", "4.4.0-19041-Microsoft", "0100007F"))
    assert (first.state, first.next) == ("broken", "wsl --set-version NAME 2   (in Windows)")
    assert [*wsl("", None, proc(tmp_path / "plain", "6.8.0-45-generic", "0100007F"))] == []
    assert [*wsl("", None, tmp_path / "missing")] == []
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "version").write_text("Linux version 4.19.128-microsoft-standard (oe-user)", encoding="ascii")
    assert [check.state for check in wsl("", None, tmp_path / "old")] == ["ok"]
