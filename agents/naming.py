"""Files and folders that a task speaks of in ways of their own: names with spaces, examples, new folders."""

import re
from collections.abc import Iterable, Iterator

JOINT = "ǁ"
"""Stands for a space in the name of a file, where names are looked for."""
_PATH = rf"[\w{JOINT}./-]*[\w{JOINT}-]"
EXAMPLE = re.compile(
    rf"\b(?:like|such as|tal como|nomes? como)[,:]?\s+{_PATH}|"
    rf"\b(?:e\.g\.?|for (?:example|instance)|por exemplo)[,:]?\s+(?:(?:to|into|para|em)\s+)?{_PATH}|"
    rf"\b(?:so that|para que)\s+{_PATH} (?:ends up|becomes|is (?:named|called|moved|renamed)|fica|passa a)\b|"
    rf"(?<![\w{JOINT}./-]){_PATH}(?:(?:, (?:and |e )?| and | e ){_PATH})+"
    r",? *(?:and |e )?(?:\betc\b|\bso on\b|\bassim por diante\b|\.\.\.|…)",
    re.I,
)
"""A file that is named only to show a form."""
_QUOTED = re.compile(
    r"([\"'`])(?! )[\w ()&+,-]+\.[A-Za-z]\w{0,7}(?=\1)|(?<=[«“])(?! )[\w ()&+,-]+\.[A-Za-z]\w{0,7}(?=[»”])"
)
"""The name of a file in quotes, which may have spaces."""
_BECOMES = re.compile(
    rf"\b(?:so that|para que|e\.g\.?|for (?:example|instance)|por exemplo)[,:]?\s+(?:o ficheiro |the file )?({_PATH}) "
    rf"(?:ends up (?:as|in)|becomes|is (?:named|called|moved to|renamed to)|goes to|fica(?: como| em)?|"
    rf"passa a(?: ser| chamar-se)?|->)\s+({_PATH})",
    re.I,
)
_GOES = re.compile(rf"\b(?:e\.g\.?|for (?:example|instance)|por exemplo)[,:]?\s+(?:to|into|para|em)\s+({_PATH})", re.I)
_MADE = re.compile(
    r"\b(?:new|nova|novo)\s+(?:sub-?)?(?:folder|directory|pasta|direc?t[óo]rio)\s+(?:called |named |chamad[ao] )?"
    r"[\"'`]?([\w./-]*\w)|"
    r"\b(?:sub)?(?:pasta|direc?t[óo]rio)\s+nov[ao]\s+(?:chamad[ao] )?[\"'`]?([\w./-]*\w)|"
    r"\b(?:sub-?)?(?:folder|directory|pasta|direc?t[óo]rio)\s+(?:called|named|chamad[ao])\s+[\"'`]?([\w./-]*\w)",
    re.I,
)
_NO_NAMES = frozenset(
    "and after for from in inside of on that the to where which with called named "
    "e com de do da dentro em na no onde para por que chamada chamado".split()
)


def joined(task: str, files: Iterable[str]) -> str:
    """The task with names of files that have spaces as one word each: of those that are there, or stand in quotes."""
    for path in sorted((path for path in files if " " in path), key=len, reverse=True):
        for name in (path, path.rpartition("/")[2]):
            if " " in name:
                task = task.replace(name, name.replace(" ", JOINT))
    return _QUOTED.sub(lambda found: found[0].replace(" ", JOINT), task)


def apart(name: str) -> str:
    """A name as it is, its spaces back in it."""
    return name.replace(JOINT, " ")


def becomes(task: str, files: Iterable[str]) -> Iterator[str]:
    """Where, by the task's own example, a file that is there will be: `so that a.PDF ends up as pdf/a.PDF`."""
    have = set(files)
    names = {path.rpartition("/")[2] for path in have}
    for before, after in _BECOMES.findall(joined(task, have)):
        known = {apart(before), apart(before).rpartition("/")[2]} & (have | names)
        if known and apart(after) not in have and "." in after:
            yield apart(after)
    for match in _GOES.finditer(joined(task, have)):
        name = apart(match[1])
        if name not in have and name.rpartition("/")[2] in names and "/" in name:
            yield name


def made_folders(task: str, files: Iterable[str]) -> tuple[str, ...]:
    """Folders that the task names and that are to be made."""
    have = {path.rpartition("/")[0] for path in files}
    found = (next(filter(None, match)) for match in _MADE.findall(task))
    return tuple(
        dict.fromkeys(
            name
            for name in found
            if name.lower() not in _NO_NAMES and not any(lies_in(f"{each}/", name) for each in have)
        )
    )


def lies_in(path: str, folder: str) -> bool:
    """Whether a path leads through a folder of that name, wherever that is."""
    return f"/{folder}/" in f"/{path}"
