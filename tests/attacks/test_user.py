"""The attacks once more as an ordinary user, where root runs the tests: there no control group helps."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534
SOME = os.environ.get(
    "ATTACK_AS_USER",
    "tcp or workspace or inner or closed or door or race or keyring or parent or forged or"
    " threads or memory or deeper or descriptor or io_uring or SIGSTOP or swap or pandas or unreadable",
)
"""Which attacks, as pytest's -k takes it; `ATTACK_AS_USER=test` for all."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of that user's."""
    place = Path("/tmp") / f"commander-attack-{os.getpid()}"
    place.mkdir(mode=0o700)
    os.chown(place, NOBODY, NOBODY)
    yield place
    subprocess.run(["rm", "-rf", str(place)], check=True)


@pytest.mark.skipif(os.getuid() != 0, reason="this is an ordinary user already")
@pytest.mark.timeout(1800)
def test_the_attacks_as_an_ordinary_user(folder: Path, tmp_path: Path) -> None:
    base = Path(sys.base_prefix)
    tests = [str(file) for file in sorted(Path(__file__).parent.glob("test_*.py")) if file != Path(__file__)]
    # The interpreter may lie in root's home: shown to that user in a mount namespace of the test's own.
    commands = f"""
        set -e
        mkdir -p {tmp_path}/root && chmod 755 {tmp_path}/root
        if [ "{base.parts[1]}" = root ]; then
            mkdir -p {tmp_path}{base} && mount --bind {base} {tmp_path}{base} && mount --rbind {tmp_path}/root /root
        fi
        export HOME={folder} TMPDIR={folder}
        exec setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups {sys.executable} -B -m pytest "$@"
    """
    options = ["-q", "-p", "no:cacheprovider", f"--basetemp={folder / 'tests'}", "-k", SOME]
    told = subprocess.run(
        ["unshare", "-m", "sh", "-c", commands, "sh", *options, *tests],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "ATTACK_ROUNDS": "1"},
    )
    assert told.returncode == 0, told.stdout[-3000:]
