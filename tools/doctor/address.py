"""The way to the server: its address, `OLLAMA_HOST`, proxies, and Windows around WSL2."""

import ipaddress
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from config.errors import UsageError
from config.settings import foreign
from tools.doctor.check import Check, broken, ok, warning
from tools.doctor.settings import masked
from tools.ollama.server import DEFAULT, LOOPBACK, Server, answers, normalized

PORT = 11434
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


def address(url: str) -> Iterator[Check]:
    """Whether OLLAMA_BASE_URL names what it means."""
    if not url:
        return
    try:
        root = normalized(url)
    except UsageError as error:
        yield broken("address", error.what, error.remedy)
        return
    parts = urlsplit(root)
    host = parts.hostname or ""
    if url.strip().rstrip("/").endswith(("/v1", "/api")):
        yield _rather(f"OLLAMA_BASE_URL={masked(url)} works: its end is left out, the server's root is asked", root)
    if unspecified(host):
        said = f"{host} is where a server listens, not where it is; some systems do not answer there"
        yield _rather(said, root.replace(host, "127.0.0.1", 1))
    if parts.port is None and parts.scheme == "http" and not parts.path:
        yield _rather(f"OLLAMA_BASE_URL={masked(url)} names no port, and is asked at 80", f"{root}:{PORT}")
    if parts.scheme == "https" and host in LOOPBACK:
        yield _rather("Ollama itself speaks http, not https", root.replace("https://", "http://", 1))


def _rather(seen: str, url: str) -> Check:
    return warning("address", seen, f"OLLAMA_BASE_URL={masked(url)}")


def host(base_url: str) -> Iterator[Check]:
    """Whether `OLLAMA_HOST`, which Ollama's own programs read, means the same server."""
    said = foreign("OLLAMA_HOST")
    if not said:
        return
    theirs, ours = host_url(said), _loopback(base_url or DEFAULT)
    if theirs == ours:
        yield ok("OLLAMA_HOST", f"{said}: Ollama's own programs and this one mean the same server")
        return
    mine = f"OLLAMA_BASE_URL={masked(base_url)}" if base_url else f"this program asks {DEFAULT}"
    seen = f"OLLAMA_HOST={said} sends Ollama's own programs to {theirs}, but {mine}"
    yield warning("OLLAMA_HOST", seen, f"OLLAMA_BASE_URL={theirs}   (or unset OLLAMA_HOST)")


def host_url(said: str) -> str:
    """Where a client finds the server of that `OLLAMA_HOST`, read as Ollama reads it (envconfig.Host)."""
    scheme, sign, rest = said.strip().strip("\"'").rpartition("://")
    port = {"http": 80, "https": 443}.get(scheme, PORT) if sign else PORT
    name, _, number = rest.partition("/")[0].rpartition(":")
    if not number.isdigit() or (":" in name and not name.endswith("]")):  # no port, or a bare IPv6 address
        name, number = rest.partition("/")[0], str(port)
    name = f"[{name}]" if name.count(":") > 1 and "[" not in name else name
    return _loopback(f"{scheme or 'http'}://{name or '127.0.0.1'}:{number}")


def unspecified(host: str) -> bool:
    """Whether it is an address that stands for all of a machine's own."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_unspecified
    except ValueError:
        return False


def _loopback(url: str) -> str:
    try:
        parts = urlsplit(normalized(url))
        port = parts.port
    except (UsageError, ValueError):
        return url
    name = parts.hostname or ""
    name = "127.0.0.1" if name in LOOPBACK or unspecified(name) else f"[{name}]" if ":" in name else name
    return f"{parts.scheme}://{name}:{port or {'https': 443}.get(parts.scheme, 80)}"


def proxy(base_url: str) -> Check:
    """Whether a proxy stands in the way; this machine's own server is asked without one, whatever is set."""
    found = {name: value for name in PROXIES if (value := foreign(name) or foreign(name.lower()))}
    told = ", ".join(f"{name}={masked(value)}" for name, value in found.items())
    if not found:
        return ok("proxy", "none is set")
    if Server(base_url or DEFAULT).local:
        return ok("proxy", f"{told}: not used for a server on this machine")
    # httpx makes the transports of all proxies at once, whether or not one is used.
    if socks := [name for name, value in found.items() if value.startswith("socks")]:
        seen = f"{told}: a SOCKS proxy cannot be used for {masked(base_url)}"
        return broken("proxy", seen, f"unset {' '.join(spelled(name) for name in socks)}")
    name = urlsplit(base_url).hostname or ""
    if _exempt(name, foreign("NO_PROXY") or foreign("no_proxy")):
        return ok("proxy", f"{told}: NO_PROXY leaves out {name}")
    return warning("proxy", f"{told}: requests to {name} go through it", f"export NO_PROXY={name}")


def spelled(name: str) -> str:
    """The variable's name as it is set: lower case is usual too."""
    return name if foreign(name) else name.lower()


def _exempt(host: str, entries: str) -> bool:
    names = [entry.strip().lstrip(".").lower() for entry in entries.split(",")]
    return any(entry and (entry == "*" or host == entry or host.endswith(f".{entry}")) for entry in names)


def wsl(base_url: str, found: Server | None, proc: Path = Path("/proc")) -> Iterator[Check]:
    """In WSL2: whether Windows around it may have the Ollama that is missing inside."""
    release = _line(proc / "sys/kernel/osrelease") or _line(proc / "version")
    if "microsoft" not in release.lower():
        return
    if "Microsoft" in release and "WSL2" not in release:
        yield broken(
            "WSL", f"WSL1 ({release}) has no jail for generated code", "wsl --set-version NAME 2   (in Windows)"
        )
        return
    gateway = default_gateway(proc)
    if base_url or (found and not found.embedded) or not gateway:
        yield ok("WSL", f"WSL2 ({release})")
        return
    url = f"http://{gateway}:{PORT}"
    if answers(Server(url), 1.0):
        seen = f"no Ollama in WSL2, but Windows has one at {url}"
        yield warning("WSL", seen, f"OLLAMA_BASE_URL={url} commander doctor   (then into .env)")
    else:
        seen = f"no Ollama in WSL2, and none of Windows answers at {url} (it listens there only when told to)"
        start = "setx OLLAMA_HOST 0.0.0.0   (in Windows, then start Ollama anew)"
        yield warning("WSL", seen, f"{start}, then: OLLAMA_BASE_URL={url} commander doctor")


def default_gateway(proc: Path) -> str:
    """The first gateway in the kernel's table of routes, where addresses stand with their bytes reversed."""
    try:
        rows = [line.split() for line in (proc / "net/route").read_text(encoding="ascii").splitlines()[1:]]
        found = next((row[2] for row in rows if len(row) > 2 and int(row[1], 16) == 0 != int(row[2], 16)), "")
        return str(ipaddress.IPv4Address(int(found, 16).to_bytes(4, sys.byteorder))) if found else ""
    except (OSError, ValueError):
        return ""


def _line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
