"""The journal's file: whole lines, for its owner alone, readable whatever ended its writer."""

import json
import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from tools.journal import Journal, mend, records
from tools.redaction import HIDDEN, redactor

posix = pytest.mark.skipif(sys.platform == "win32", reason="permissions and devices of POSIX")
NOTES = [{"kind": "notice", "text": f"número {n}\nand a line \x1b[31m \udcff"} for n in range(5)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def write(file: Path, *notes: dict[str, str]) -> None:
    journal = Journal(file, redactor([]))
    for note in notes:
        journal.write(note)
    journal.close()


def test_each_record_is_a_line_that_begins_with_its_kind(file: Path) -> None:
    write(file, *NOTES[:2])
    write(file, *NOTES[2:])
    found, broken = records(file)
    assert broken == 0
    assert [record["text"] for record in found] == [note["text"] for note in NOTES]
    assert all(record["at"] > 1e9 for record in found)
    assert all(line.startswith('{"kind": "notice"') for line in file.read_text(encoding="utf-8").splitlines())


def test_a_file_that_ends_anywhere_is_read_up_to_there_and_mended(file: Path) -> None:
    write(file, *NOTES)
    data = file.read_bytes()
    for end in range(len(data)):
        file.write_bytes(data[:end])
        whole = data[:end].count(b"\n")
        found, broken = records(file)
        torn = end > 0 and data[end - 1 : end] != b"\n"
        complete = torn and data[end : end + 1] == b"\n"  # all but its end
        assert (len(found), broken) == (whole + complete, torn and not complete), end
        assert mend(file) == torn
        write(file, NOTES[0])
        assert records(file) == ([*records(file)[0]], 0)
        assert len(records(file)[0]) == whole + 1


def test_what_is_no_record_is_counted_and_the_rest_is_read(file: Path) -> None:
    write(file, NOTES[0])
    with file.open("ab") as opened:
        opened.write(b"\0\0\0\n[1]\n{}\nnonsense\n\xff\n")
    write(file, NOTES[1])
    found, broken = records(file)
    assert (len(found), broken) == (2, 5)


@posix
def test_only_its_owner_can_read_it(file: Path) -> None:
    old = os.umask(0)
    try:
        write(file, NOTES[0])
    finally:
        os.umask(old)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_a_full_disk_is_an_error() -> None:
    journal = Journal(Path("/dev/full"), redactor([]))
    with pytest.raises(OSError, match="No space left"):
        journal.write(NOTES[0])
    journal.close()


def test_threads_do_not_mix_their_lines(file: Path) -> None:
    journal = Journal(file, redactor([]))
    big = {"kind": "output", "text": "x" * 30_000}

    def flood() -> None:
        for _ in range(20):
            journal.write(big)

    threads = [threading.Thread(target=flood) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    journal.close()
    found, broken = records(file)
    assert (len(found), broken) == (80, 0)


def test_secrets_are_hidden_at_any_depth(file: Path) -> None:
    journal = Journal(file, redactor(["correct horse battery"]))
    deep = {
        "kind": "state",
        "ledger": {"tries": [{"code": "x = 'correct horse battery'"}], "drafts": {1: "sk-" + "a" * 20}},
    }
    journal.write(deep)
    journal.close()
    text = file.read_text(encoding="utf-8")
    assert "horse" not in text and "aaaa" not in text
    assert json.loads(text)["ledger"]["tries"][0]["code"] == f"x = '{HIDDEN}'"
