"""What a text says that calls give, as in `f(2) == 4` or a doctest: assertions that cost no model call."""

import ast
import builtins
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from agents.asserted import asserted
from agents.parsing import parsed

REACH = 400
"""Characters behind a call in which its value is looked for."""
_CALL = re.compile(r"(?<![\w.])(?<!def )(?<!class )([A-Za-z_]\w*)\(")
_SHOULD = r"(?:should|must|has to|deveria|devia|deve|tem de|tinha de)\s+(?:have\s+|ter\s+)?"
_VERB = (
    r"(?:give[sn]?|gave|return(?:s|ed)?|be|yields?|produces?|evaluates? to|results? in|"
    r"dar|dado|devolver|devolvido|devolve|ser|d[áa])"
)
_WANTED = re.compile(
    rf"\W{{0,3}}\s*(?:and |but |it |e |mas )*(?:{_SHOULD}{_VERB}|instead of|em vez de)\s*:?\s*`?", re.I
)
_GIVEN = re.compile(
    rf"`?\s*(?:==>|==|=>|->|➞|→|⇒|=|# ?(?:=?>|returns?)?|(?:is|é|{_VERB})\b|(?P<should>{_SHOULD}{_VERB}))\s*:?\s*`?",
    re.I,
)
_CONTINUED = re.compile(r"[ \t]*(?:[-+*/%=<>&|^@\[])|\w|\(")
"""What may not stand behind a value on its line: it would be a part of a longer one."""
_WORKED = re.compile(r"[\d .()]+[-+*/][-+*/\d .()]+= ?")
"""What is said of how a value comes about, as in `f(2) -> 3 - 1 = 2`."""
_SUMMAND = re.compile(r"[\w)\]][ \t]*[-+*/%][ \t]*\Z")
"""Before a call: the value behind it is that of all that stands there."""
_QUOTES = re.compile(r"\"{3}|'{3}|`{3}")
_AIM = re.compile(r"\b(?:so that|such that|until|expect\w*|para que|de (?:modo|forma) que|até)\b[^.]*$", re.I)
"""Before a call: what it gives there is what is wanted."""
_SIGNATURE = re.compile(r"^[ \t]*def (\w+)\((.*?)\)(?: *->[^\n]*)?:", re.M | re.S)
_TYPED = re.compile(r"\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\]")
_RETURNS = re.compile(r"\b(?:returns?|output|result|devolve|resultado)\b\s*[=:]?\s*(?:is |should be )?", re.I)
_INPUT = re.compile(r"\b(?:input|entrada)s?\s*:(.{1,800}?)\b(?:output|sa[íi]da)s?\s*:\s*", re.I | re.S)
_ASSIGNED = re.compile(r"[\s,;]*(?:[A-Za-z_]\w*\s*[=:]\s*)?")
_REFUSES = re.compile(
    r"\b(?:any(?:thing| other \w+)|everything|all) else\b[^.]{0,60}\brais(?:es?|ing)\b[^.]{0,20}\bValueError|"
    r"\b(?:tudo o (?:mais|resto)|qualquer outr[oa]|o resto)\b[^.]{0,60}\bValueError",
    re.I,
)
"""What a text is said to be is all that it may be."""
REFUSED = "ValueError"
"""What stands for a result where a call must not have one."""
STRANGE = "§"
"""A character that no form of a text has in it."""
_PLAIN = re.compile(r"[-+]?\d+(?:_\d+)*(?:\.\d+)?(?:e[-+]?\d+)?|(?:True|False|None)\b")
_CLOSED = {"[": "]", "(": ")", "{": "}", '"': '"', "'": "'"}


@dataclass(frozen=True)
class Example:
    """A call with literal arguments, and the literal that it gives, or the error that it ends with.

    Not `right`: it gives that now, and is wrong.
    """

    call: str
    wanted: str
    right: bool = True

    @property
    def name(self) -> str:
        """The function that is called, inside of calls of Python's own."""
        called = re.findall(r"([A-Za-z_]\w*)\(", self.call)
        return next((name for name in called if not hasattr(builtins, name)), self.call.partition("(")[0])


def examples(text: str, *, faulty: bool = False) -> list[Example]:
    """The examples in `text`, once each; `faulty`: what a call `gives` there is what it gives by mistake."""
    found = [*_doctests(text), *_sentences(text, faulty), *_assigned(text), *_shown(text)]
    known = {example.call for example in found}
    found += [Example(call, wanted) for call, wanted in asserted(text) if call not in known]
    found = _tuples(_named(found, text))
    found += _refused(text, found)
    right = {example.call for example in found if example.right}
    return [example for example in dict.fromkeys(found) if example.right or example.call not in right]


def _tuples(found: list[Example]) -> list[Example]:
    """Where other calls of a function give tuples, `("a")` is one as well, written as people write it."""
    plural = {example.name for example in found if isinstance(_read(example), tuple)}
    return [_tuple(example) if example.name in plural else example for example in found]


def _tuple(example: Example) -> Example:
    told = example.wanted
    bare = told.startswith("(") and told.endswith(")") and not isinstance(_read(example), tuple)
    return replace(example, wanted=f"{told[:-1]},)") if bare else example


def _read(example: Example) -> object:
    try:
        return ast.literal_eval(example.wanted)
    except ValueError:  # an error, or a call of Python's own
        return None


def _named(found: list[Example], text: str) -> list[Example]:
    """Examples that all call the one function of the text by another name, by its own."""
    function, names = _only(text)
    others = {example.name for example in found}
    if not names or len(others) != 1 or function in others:
        return found
    (other,) = others
    return [replace(example, call=re.sub(rf"\b{other}\(", f"{function}(", example.call)) for example in found]


def calls(text: str) -> list[str]:
    """The calls with literal arguments in `text`, whatever they give."""
    found = ((match.start(), _call(text, match.start())) for match in _CALL.finditer(text))
    return [text[start:end] for start, end in found if end]


def docstrings(source: str) -> list[str]:
    """The docstrings of a module, of its classes and functions; none where the source is not valid."""
    tree = parsed(source)
    nodes = list(ast.walk(tree)) if tree else []
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return [text for node in nodes if isinstance(node, kinds) and (text := ast.get_docstring(node))]


def _doctests(text: str) -> Iterator[Example]:
    if ">>>" not in text:
        return
    import doctest  # it brings pdb and unittest along: 30 ms that most runs need not wait for

    try:
        parsed = doctest.DocTestParser().get_examples(_QUOTES.sub("\n", text))
    except ValueError:  # prompts that do not line up
        return
    for each in parsed:
        end, wanted = _call(each.source, 0), each.want.strip()
        said = each.source[end:].strip()
        if end and (not said or said.startswith("#")) and wanted and _literal(wanted) == len(wanted):
            yield Example(each.source[:end], wanted)


def _sentences(text: str, faulty: bool) -> Iterator[Example]:
    for match in _CALL.finditer(text):
        end = _call(text, match.start())
        if (
            not end
            or hasattr(builtins, match.group(1))
            or _SUMMAND.search(text, max(0, match.start() - 9), match.start())
        ):
            continue
        rest = text[end : end + REACH]
        given = _GIVEN.match(rest)
        if not given:
            continue
        value, after = _value(rest[given.end() :])
        wanted = _WANTED.match(after) if value else None
        corrected = _value(after[wanted.end() :])[0] if wanted else ""
        call = " ".join(text[match.start() : end].split("\n"))
        if corrected or value:
            told = faulty and not given["should"] and given.group().strip(" `:").isalpha()
            aimed = _AIM.search(text[max(0, match.start() - REACH) : match.start()])
            yield Example(call, corrected or value, right=bool(corrected or not told or aimed))


def _assigned(text: str) -> Iterator[Example]:
    """Examples that give the parameters of the one function of the text values: `items = [1, 2] ... returns 3`."""
    function, names = _only(text)
    if not names:
        return
    starts = [match.start() for match in re.finditer(rf"\b{names[0]}\s*[=:]\s*(?=\S)", text)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=False):
        part, values = text[start : min(end, start + 2 * REACH)], []
        for name in names:
            match = re.search(rf"\b{name}\s*[=:]\s*", part)
            value, after = _value(part[match.end() :]) if match else ("", "")
            values += [value] if value else []
            part = after or part
        told = _RETURNS.search(part)
        wanted = _value(part[told.end() :])[0] if told and len(values) == len(names) else ""
        if wanted:
            yield Example(f"{function}({', '.join(values)})", wanted)


def _shown(text: str) -> Iterator[Example]:
    """Examples of the one function of the text in the form `Input: 3 Output: (1, 2)`, the parameters in their order."""
    function, names = _only(text)
    for match in _INPUT.finditer(text) if names else []:
        rest, values = match[1], list[str]()
        while (told := _ASSIGNED.match(rest)) and (found := _value(rest[told.end() :]))[0]:
            values, rest = [*values, found[0]], found[1]
        wanted = _value(text[match.end() :])[0]
        if wanted and len(values) == len(names) and not rest.strip():
            yield Example(f"{function}({', '.join(values)})", wanted)


def _only(text: str) -> tuple[str, list[str]]:
    """The one function that the text gives the first line of, and its parameters; nothing where there are others."""
    functions = _SIGNATURE.findall(text)
    if len(functions) != 1:
        return "", []
    function, signature = functions[0]
    names = [part.partition(":")[0].partition("=")[0].strip() for part in _TYPED.sub("", signature).split(",")]
    return (function, names) if all(name.isidentifier() for name in names) else ("", [])


def _refused(text: str, told: list[Example]) -> Iterator[Example]:
    """Where all that is of another form is refused: the first example with one text, and what does not belong there."""
    for example in told if _REFUSES.search(text) else []:
        argument = re.fullmatch(r"\w+\(\s*((['\"]).*)\2\s*\)", example.call)
        if argument and example.right and isinstance(ast.literal_eval(argument[1] + argument[2]), str):
            yield Example(f"{example.name}({argument[1]}{STRANGE}{argument[2]})", REFUSED)
            return


def _value(text: str) -> tuple[str, str]:
    """The literal that `text` begins with, and what follows it; nothing where it goes on as something else."""
    if worked := _WORKED.match(text):
        text = text[worked.end() :]
    end = _literal(text)
    return (text[:end], text[end:]) if end and not _CONTINUED.match(text[end:]) else ("", text)


def _literal(text: str) -> int:
    """The length of the literal that `text` begins with; 0 if there is none."""
    if plain := _PLAIN.match(text):
        return plain.end()
    if text[:1] not in _CLOSED:
        return 0
    for match in re.finditer(re.escape(_CLOSED[text[0]]), text[1:REACH]):
        end = 1 + match.end()
        try:
            ast.literal_eval(text[:end])
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            continue
        return end
    return 0


def _call(text: str, start: int) -> int:
    """Where the call that begins at `start` ends, if all that it is given is literals and such calls; else 0."""
    for match in re.finditer(r"\)", text[start : start + REACH]):
        end = start + match.end()
        try:
            node = ast.parse(text[start:end], mode="eval").body
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                _literals(node)
                return end
        except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
            continue
    return 0


def _literals(node: ast.expr) -> None:
    """Raises ValueError unless a value is a literal, or a call that is given such values alone."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        ast.literal_eval(node)
        return
    for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
        _literals(argument)
