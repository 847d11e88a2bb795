"""What a task's own words let us check without a model, and what a look at disk and output says of a try."""

import ast
import csv
import hashlib
import json
import re
import warnings
from collections.abc import Iterator

from agents import checks
from agents.amounts import decimals_wanted, most_wanted
from agents.bounds import strays
from agents.essence import SAYS, essence, numbers
from agents.expectation import Expectation, means, suffix
from agents.headings import misnamed
from agents.imports import names
from agents.naming import lies_in
from agents.ordering import joined, mentioned, misordered, orders, resorted, shuffled
from agents.parsing import parsed
from agents.probe import BEHAVES, UNDONE
from agents.structure import misformed
from agents.wording import ALTERS, APPENDS, COPIES, CUTS, EVERY, ISO, LINE_ENDS, LOWERED, ORDERED, demands
from tools.interpreter.box import BlockResult
from tools.places import endings
from tools.snapshot import Changes
from tools.workspace import Workspace

READ = 20_000_000
"""Bytes of a file that are looked at."""
MANY = 200
"""Files of which it is looked at whether another one is made of them."""
OTHER_DATE = re.compile(r"\b\d{1,2}[/-]\d{1,2}[/-]\d{4}\b")
BROKEN = re.compile(
    r"^(?:\S*(?:bash|\.sh): line \d+: .*|(?:cat|cp|cut|find|g?awk|grep|g?zip|head|join|ls|mv|paste|rename|sed|sort|"
    r"stat|tail|tar|tr|uniq|unzip|wc|xargs): (?!.*(?:File exists|warning)).*(?:No such file|missing|extra operand|"
    r"invalid|unrecognized|unknown|cannot|not found|unexpected|syntax error|unterminated|Try '[a-z]+ --help').*)$",
    re.MULTILINE,
)
"""What a command of a shell program says that did not do its work, in a program that ends well nevertheless."""
HOLLOW = re.compile(r"\b(?:nan|NaN)\b|\bNone\s*$")
"""A value that Python or pandas has not got; `none` at the end is a word."""
BEHIND = {".gz", ".bz2", ".xz", ".zst", ".zip", ".bak", ".old", ".orig", ".enc"}
"""Endings that stand behind another one."""


def problems(expects: Expectation, result: BlockResult, changes: Changes, workspace: Workspace, task: str) -> list[str]:
    """Why this try does not count as done, in words for the model; empty when the evidence holds."""
    if result.reason:
        return [f"The program was ended: {result.reason}."]
    if result.exit_code:
        return [f"It failed with exit code {result.exit_code}."]
    touched = set(changes.added) | set(changes.changed)
    found = [
        *_files(expects, touched, workspace, task),
        *_examples(expects, changes),
        *_alterations(expects, touched | set(changes.removed), changes, task),
        *(told for _, told in strays(task, expects, changes)),
        *_doubled(expects, changes, task),
        *_emptied(expects, changes, workspace, task),
    ]
    if expects.language == "shell":
        found += [f"A command in it failed: {line}" for line in BROKEN.findall(result.output)[:1]]
    if expects.answer and not result.output.strip():
        found.append("It printed nothing: the answer must be printed.")
    if expects.file.endswith(".py"):
        text = checks.text(workspace, expects.file)
        found += misformed(task, expects.source, text) or _unbound(text)
        found += UNDONE.findall(result.output)[:1]
    if not found:
        found += _places(expects, result, workspace, task)
    if HOLLOW.search(result.output):
        found.append("It printed a missing value (nan or None): read the data differently.")
    if not result.output.strip() and not touched and not changes.removed:
        found.append("Nothing happened: no output, and no file was changed.")
    return found


def _files(expects: Expectation, touched: set[str], workspace: Workspace, task: str) -> list[str]:
    found = []
    for name in expects.creates:
        written = touched | {name} if name in expects.again else touched
        path = next((path for path in sorted(written) if means(name, path)), None)
        data = workspace.read(path, READ) if path else None
        if path is None:
            found.append(f"The file {name} was not written.")
        elif not data:
            found.append(f"The file {name} is empty.")
        elif len(data) < READ:  # a part of a larger file would not be valid
            found += _content(name, data, expects, task) or _copied(name, data, expects, workspace, task)
            found += _resorted(name, data, expects, workspace, task)
            found += _capital(name, data, expects, workspace, task)
            found += _joined(name, data, touched, workspace, task)
    return found


def _copied(name: str, data: bytes, expects: Expectation, workspace: Workspace, task: str) -> list[str]:
    if COPIES.search(task):
        return []
    alike = bytes if LINE_ENDS.search(task) else bytes.splitlines
    same = (read for read in expects.reads if alike(workspace.read(read, READ) or b"") == alike(data))
    return [f"The file {name} says the same as {read}: nothing was done to it." for read in same]


def _capital(name: str, data: bytes, expects: Expectation, workspace: Workspace, task: str) -> list[str]:
    """Lines that were to be written in lower case, and stand there as in the file that they come from."""
    if not LOWERED.search(task):
        return []
    read = {line.strip() for each in expects.reads for line in (workspace.read(each, READ) or b"").splitlines()}
    wrong = (line for line in map(bytes.strip, data.splitlines()) if line != line.lower() and line in read)
    return [f"In {name} not all is in lower case: {line.decode('utf-8', 'replace')[:80]}" for line in wrong][:1]


def _resorted(name: str, data: bytes, expects: Expectation, workspace: Workspace, task: str) -> Iterator[str]:
    """Tables whose rows the program has sorted, though that was not asked for."""
    made = _rows(data) if name.endswith(".csv") else []
    for read in expects.reads:
        if made and read.endswith(".csv") and resorted(task, made, _rows(workspace.read(read, READ) or b"")):
            yield f"Keep the order that the rows have in {read}: do not sort those of {name}."


def _rows(data: bytes) -> list[list[str]]:
    lines = data.decode("utf-8-sig", "replace").splitlines()
    try:
        return list(csv.reader(lines, delimiter=_mark("".join(lines[:1]))))
    except csv.Error:
        return []


def _mark(line: str) -> str:
    """What stands between the values of a table, by its first line."""
    return next((mark for mark in ",;\t" if mark in line), ",")


def _joined(name: str, data: bytes, touched: set[str], workspace: Workspace, task: str) -> list[str]:
    """Files that were put together in another order than that of their names."""
    ending, size = suffix(name), len(data)
    others = [path for path in workspace.files() if path not in touched and suffix(path) == ending][:MANY]
    if len(others) < 3:
        return []
    texts = {path: (workspace.read(path, size) or b"").decode("utf-8", "replace") for path in others}
    made = data.decode("utf-8", "replace")
    if (pair := shuffled(task, made, texts)) is None:
        return []
    order = "in which the task names them" if mentioned(task, joined(made, texts)) else "of their names"
    return [f"Join the files in the order {order}: in {name}, {pair[0]} comes before {pair[1]}."]


def _content(name: str, data: bytes, expects: Expectation, task: str) -> list[str]:
    lines = dict(expects.lines).get(name)
    text = data.decode("utf-8", "replace")
    if (
        (form := ISO.search(task))
        and (other := OTHER_DATE.search(text))
        and not re.search(r"\b\d{4}-\d\d-\d\d\b", text)
    ):
        return [f"In {name} the date {other[0]} has not the form that is asked for, {form[0]}."]
    count = len(text.splitlines())
    spare = 1 if name.endswith((".csv", ".tsv")) else 0  # a table may have a header
    if lines and not lines <= count <= lines + spare:
        head = "\n".join(line[:80] for line in text.splitlines()[:3])
        return [f"The file {name} has {count} lines, but the task asks for {lines}. It begins:\n{head}"]
    try:
        if name.endswith(".json"):
            return _keys(name, json.loads(text, parse_constant=_refused))
        if name.endswith(".csv") and text.lstrip()[:1] in {"[", "{"} and _is_json(text):
            return [f"The file {name} holds JSON, not lines of values with commas."]
        if name.endswith(".csv"):
            header, *rows = csv.reader(text.splitlines(), delimiter=_mark(text.partition("\n")[0]))
            if len(header) > 1 and not rows:
                return [f"The file {name} has only its header: find the rows, as the lines above show them."]
            if len(header) > 1 and header in rows:
                return [f"In {name} a row repeats the header: write the values."]
            wrong = misnamed(name, dict(expects.headings).get(name, ()), header)
            alone = sum(each.endswith(".csv") for each in expects.creates) == 1
            most = most_wanted(task, name) if alone else None
            if most and len(rows) > most:
                return [f"The file {name} has {len(rows)} rows, but the task asks for {most}."]
            return list(filter(None, [wrong or (misordered(task, name, [header, *rows]) if alone else "")]))
        if name.endswith(".py") and len(data) < 500_000:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(data)  # with its mark of UTF-8, or the encoding that it says
    except (ValueError, csv.Error, SyntaxError, RecursionError, MemoryError) as error:
        return [f"The file {name} is not valid: {error}."]
    return []


def _places(expects: Expectation, result: BlockResult, workspace: Workspace, task: str) -> Iterator[str]:
    """Numbers with more decimal places than the task asks for."""
    most = decimals_wanted(task)
    if most is None:
        return
    texts = [(name, workspace.read(name, READ) or b"") for name in expects.creates if not name.endswith(".py")]
    told = [("the output", result.output.encode())] if expects.answer and not texts else texts
    long = re.compile(rf"(?<![\w.:])-?\d+\.\d{{{most + 1},}}(?![\w.]|,\d)")
    for name, text in told:
        found = long.findall(text.decode("utf-8", "replace"))
        reads = [workspace.read(each, READ) or b"" for each in expects.reads if found]
        given = {number for read in reads for number in long.findall(read.decode("utf-8", "replace"))}
        if rest := [number for number in found if number not in given]:
            yield f"In {name} {rest[0]} has more than {most} decimal places: round it."


def _examples(expects: Expectation, changes: Changes) -> list[str]:
    there = changes.added
    found = [
        f"By the task's own example there must be a file {name} in the end."
        for name in expects.becomes
        if not any(means(name, path) for path in there)
    ]
    files = [path for path in there if not path.endswith("/")]
    other = next((path.rpartition("/")[0] for path in files if "/" in path), "")
    return found + [
        f"Call the folder exactly {name}{f', not {other}' if other else ''}, and put the files into it."
        for name in expects.folders
        if not any(lies_in(path, name) for path in files)
    ]


def _refused(constant: str) -> None:
    """Raises ValueError: Python reads NaN and Infinity, JSON has no such values (RFC 8259)."""
    raise ValueError(f"JSON has no {constant}; null stands for a value that is missing")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _keys(name: str, value: object) -> list[str]:
    odd = [key for key in value if key != key.strip() or not key] if isinstance(value, dict) else []
    return [f"The file {name} has a key that is empty or has spaces around it: {json.dumps(odd[0])}."] if odd else []


def _alterations(expects: Expectation, touched: set[str], changes: Changes, task: str) -> list[str]:
    if expects.alters:
        # Of several present files that the task names, some may only be read: one change is enough.
        hit = any(means(name, path) for path in touched for name in expects.alters)
        return [] if hit else [f"The file {' or '.join(expects.alters)} was not changed."]
    if expects.deletes and not changes.removed:
        return ["No file was deleted."]
    if expects.moves and not changes.removed:
        return ["No file was renamed or moved."]
    cut = expects.place and not expects.answer and CUTS.search(task)
    if (cut or ALTERS.search(demands(task))) and not expects.creates and not touched:
        return ["No file was changed."]
    return []


def _doubled(expects: Expectation, changes: Changes, task: str) -> list[str]:
    """Renamed files whose new ending stands behind the old one."""
    doubled = [path for path in changes.added if any(path.startswith(f"{old}.") for old in changes.removed)]
    meant = any(means(name, path) for path in doubled for name in expects.creates) or APPENDS.search(task)
    told = [path for path in doubled if suffix(path) not in BEHIND]
    return [f"{told[0]} has the old ending still in its name."] if told and not meant else []


def _unbound(source: str) -> list[str]:
    tree = parsed(source)
    unbound = names(list(ast.walk(tree)))[0] if tree else set()
    unbound -= {"__file__", "__name__", "__doc__", "__builtins__"}
    return [f"{min(unbound)} is used in it and defined nowhere."] if unbound else []


def _emptied(expects: Expectation, changes: Changes, workspace: Workspace, task: str) -> list[str]:
    """A folder of which nothing is left, though not all was to be deleted."""
    if not (expects.deletes and changes.removed) or EVERY.search(task):
        return []
    if any(lies_in(path, expects.place) for path in workspace.files()):
        return []
    meant = tuple(endings(task))
    if all(path.lower().endswith(meant) for path in changes.removed):
        return []  # all of an ending, as the task names it
    return [f"All files of {expects.place} were deleted: only some are meant."]


def outcome(expects: Expectation, result: BlockResult, changes: Changes, workspace: Workspace, task: str) -> str:
    """A fingerprint of a try: files that it left and values that it printed, or how a module behaves that it wrote.

    Equal: two tries agree.
    """
    if expects.file and (behaviour := BEHAVES.search(result.output)):
        return behaviour[0]
    parts, ordered = [], orders(task)
    for path in sorted({*changes.added, *changes.changed}):
        data = workspace.read(path, 50_000_000) or b""
        asked = any(means(name, path) for name in expects.creates)
        parts.append(f"{path}:{hashlib.sha256(essence(path, data, asked=asked, ordered=ordered)).hexdigest()}")
    parts += [f"-{path}" for path in sorted(changes.removed)]
    if (expects.answer and (ORDERED.search(task) or not parts)) or not parts:
        said = set(numbers(task))
        values = [value for value in numbers(result.output) if value not in said]
        words = " ".join(sorted(set(re.findall(r"\w+", result.output.lower()))))
        parts.append(f"{SAYS}{' '.join(values)}" if values else words)
    return "\n".join(parts)
