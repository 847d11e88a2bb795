"""Logs of known forms: the fields of a line, and the expression that takes it apart."""

import re
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

_LEVEL = r"TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|SEVERE|CRITICAL|FATAL"
_REQUEST = r'(\S+) \S+ (\S+) \[([^\]]+)\] "(\S+) (\S+)[^"]*" (\d{3}) (\d+|-)'
_ISO = r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\S*)"
_LEAST = 0.8
_LOOKED_AT = 500
_LONG = 4000


class Form(NamedTuple):
    """A form that lines may have: its name, its fields, and the expression with a group for each of them."""

    name: str
    fields: str
    pattern: re.Pattern[str]


_REQUESTED = "address, user, when, method, path, status, size"
_FORMS = [
    Form(
        "combined log format of nginx and Apache",
        f"{_REQUESTED}, referer, agent",
        re.compile(rf'{_REQUEST} "([^"]*)" "([^"]*)"'),
    ),
    Form("common log format of Apache", _REQUESTED, re.compile(rf"{_REQUEST}\s*$")),
    Form(
        "syslog",
        "when, host, program, process, message",
        re.compile(r"(\w{3} [ \d]\d \d\d:\d\d:\d\d) (\S+) ([^\s:\[]+)(?:\[(\d+)\])?: (.*)"),
    ),
    Form(
        "syslog (RFC 5424)",
        "priority, when, host, program, process, kind, rest",
        re.compile(r"<(\d+)>1 (\S+) (\S+) (\S+) (\S+) (\S+) (.*)"),
    ),
    Form("time, level, message", "when, level, message", re.compile(rf"{_ISO} +\[?({_LEVEL})\b\]?:? *(.*)")),
    Form(
        "time, name, level, message",
        "when, name, level, message",
        re.compile(rf"{_ISO} +(?:- )?(\S+) +(?:- )?({_LEVEL})\b:? *(?:- )?(.*)"),
    ),
    Form("level, time, message", "level, when, message", re.compile(rf"\[?({_LEVEL})\]?:? +{_ISO} *(.*)")),
    Form("time, message", "when, message", re.compile(rf"\[?{_ISO}\]? +(.*)")),
]


def log_lines(lines: Sequence[str]) -> list[str]:
    """What is to be known of a log of a known form: its fields, how to take a line apart, whether all are so."""
    some = [line[:_LONG] for line in islice(filter(str.strip, lines), _LOOKED_AT)]
    for form in _FORMS:
        matched = [match for match in map(form.pattern.match, some) if match]
        if len(some) > 1 and len(matched) >= _LEAST * len(some):
            shown = form.pattern.pattern.replace(_LEVEL, "[A-Z]+")
            all_so = all(form.pattern.match(line[:_LONG]) for line in lines if line.strip())
            others = "" if all_so else "; some lines are not of this form: skip them where match is None"
            return [
                f"  each line: {form.name}{_levels(form, matched)}{others}; take it apart with:",
                f"    match = re.match(r'{shown}', line)",
                f"    {form.fields} = match.groups()",
            ]
    return []


def _levels(form: Form, matched: Sequence[re.Match[str]]) -> str:
    """The levels that occur, as they are written."""
    fields = form.fields.split(", ")
    if "level" not in fields:
        return ""
    found = dict.fromkeys(str(match[fields.index("level") + 1]) for match in matched)
    return f"; levels {', '.join(found)}"
