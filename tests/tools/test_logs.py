"""Logs of known forms are named, and the lines that are offered take a real line apart."""

import re
import time
from typing import Any

import pytest

from tools.logs import log_lines

LOGS = {
    "combined log format of nginx and Apache": (
        '10.0.0.1 - ana [03/Jun/2025:22:41:07 +0000] "GET /a?b=1 HTTP/1.1" 200 512 "http://x/" "Mozilla 5"',
        {
            "address": "10.0.0.1",
            "user": "ana",
            "method": "GET",
            "path": "/a?b=1",
            "status": "200",
            "agent": "Mozilla 5",
        },
    ),
    "common log format of Apache": (
        'host.example - - [03/Jun/2025:22:41:07 +0000] "POST /x HTTP/1.0" 404 -',
        {"address": "host.example", "path": "/x", "status": "404", "size": "-", "when": "03/Jun/2025:22:41:07 +0000"},
    ),
    "syslog": (
        "Jun  3 22:41:07 host sshd[4171]: Failed password for root",
        {"when": "Jun  3 22:41:07", "host": "host", "program": "sshd", "process": "4171"},
    ),
    "syslog (RFC 5424)": (
        "<34>1 2025-06-03T22:41:07Z host su - ID47 - failed",
        {"priority": "34", "host": "host", "program": "su", "kind": "ID47"},
    ),
    "time, level, message": (
        "2025-06-03 22:41:07,123 ERROR cannot open",
        {"when": "2025-06-03 22:41:07,123", "level": "ERROR", "message": "cannot open"},
    ),
    "time, name, level, message": (
        "2025-06-03 22:41:07,123 - shop.cart - WARNING - slow",
        {"name": "shop.cart", "level": "WARNING", "message": "slow"},
    ),
    "level, time, message": (
        "[INFO] 2025-06-03T22:41:07Z started",
        {"level": "INFO", "when": "2025-06-03T22:41:07Z", "message": "started"},
    ),
    "time, message": (
        "2025-06-03 22:41:07 worker-1 job 17 started",
        {"when": "2025-06-03 22:41:07", "message": "worker-1 job 17 started"},
    ),
}


@pytest.mark.parametrize("name", LOGS)
def test_the_lines_that_are_offered_take_it_apart(name: str) -> None:
    line, wanted = LOGS[name]
    title, *code = [each.strip() for each in log_lines([line, "", line])]
    assert title.startswith(f"each line: {name};")
    scope: dict[str, Any] = {"re": re, "line": line}
    exec("\n".join(code), scope)
    assert {key: scope[key] for key in wanted} == wanted


def test_levels_and_lines_of_another_form_are_told() -> None:
    log = [f"2025-06-03 22:41:07 {level} x" for level in ("INFO", "ERROR", "INFO", "WARN")] * 3
    assert "; levels INFO, ERROR, WARN; take it apart with:" in log_lines(log)[0]
    assert "some lines are not of this form" not in log_lines(log)[0]
    assert "some lines are not of this form" in log_lines([*log, "Traceback (most recent call last):"])[0]


@pytest.mark.parametrize("lines", [[], [""], ["2025-06-03 22:41:07 x"], ["Dear Ana,", "see you"], ["a"] * 9 + ["<1>1"]])
def test_other_texts_are_no_logs(lines: list[str]) -> None:
    assert log_lines(lines) == []


def test_no_line_takes_long() -> None:
    start = time.process_time()
    for line in ("2025-06-03 22:41:07" + " " * 100_000, '1 - - [x] "' + "a " * 50_000, "[" * 100_000, "a" * 100_000):
        log_lines([line] * 500)
    assert time.process_time() - start < 3
