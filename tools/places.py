"""Which folders of a workspace a task is about, by how it speaks of them, in English and Portuguese."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

_FOLDER = r"(?:sub-?)?(?:folders?|director(?:y|ies)|dirs?|pastas?|direc?t[óo]rios?|diretorias?)"
_BELOW = r"under(?:neath)?|below|beneath|inside|within|dentro d[aeo]s?|sob|abaixo d[aeo]s?|debaixo d[aeo]s?"
_IN = r"in|into|from|em|n[ao]s?|(?:files|images|photos|ficheiros|arquivos|imagens|everything|all|tudo) (?:of|d[aeo]s?)"
_ARTICLE = r"(?:(?:the|my|our|this|a|o|as|os|minhas?|meus?)\s+)?"
_CALLED = r"(?:(?:named|called|chamad[ao]s?|de nome)\s+)?"
_OPEN, _CLOSE = r"[\"'`“«(]?", r"[\"'`”»)]?"
_OTHERS = rf"(?:{_OPEN}[\w./-]+{_CLOSE}(?:,\s*|\s+(?:and|or|e|ou)\s+)){{0,6}}"
_END = r"(?![\w-]|\.\w|/\w)"
_IDIOMS = frozenset(
    "order case place total general turn detail full part short addition fact all any each which that there here this "
    "python bash shell javascript english portuguese csv json html xml yaml text scratch todo todos vez geral seguida "
    "the and".split()
)
"""What stands after "in" and "from" without being a place."""
_VAGUE = frozenset({"data", "files", "output", "results", "file", "test", "new", "old", "dados", "ficheiros"})
_NAMES = re.compile(
    r"\b(?:rename\w*|mov(?:e|es|ed|ing)|cop(?:y|ies|ied)|duplicat\w+|identical|organi[sz]\w+|tid(?:y|ies)|"
    r"sort\w* (?:\w+ ){0,2}(?:files|photos|images)|(?:largest|biggest|smallest|newest|oldest) (?:\w+ )?files?|"
    r"file sizes?|sizes of|extensions?|archive|zip\w*|packs?|packed|tar|back(?: ?up|s up)|empty (?:files|folders)|"
    r"(?:delete|remove|erase)s? (?:\w+ ){0,4}(?:files?|folders?)|(?:how many|count|number of|list) (?:\w+ ){0,3}files|"
    r"renome\w+|mov(?:e|er|am|a)|copi[ae]\w*|c[óo]pias?|duplicad\w+|repetid\w+|organi[zs]\w+|arrum\w+|"
    r"maior(?:es)? ficheiros?|ficheiros? maior(?:es)?|tamanhos?|extens(?:ão|ões)|comprim\w+|"
    r"(?:apag|elimin|remov)\w+ (?:\w+ ){0,4}(?:ficheiros?|arquivos?|pastas?)|"
    r"quant[oa]s (?:\w+ )?(?:ficheiros|arquivos|fotos|imagens|pastas))\b",
    re.IGNORECASE,
)
_CONTENTS = re.compile(r"\b(?:columns?|rows?|tables?|csvs?|json|colunas?|tabelas?)\b", re.IGNORECASE)
_PATH = re.compile(r"\S*/\S*")
_FEW = 5
_END_OF_TASK = 4000
"""Characters: of a longer task, what it begins and ends with is looked at."""


def about_names(task: str) -> bool:
    """Whether names, sizes and copies of files matter to the task, not what stands in them."""
    return bool(_NAMES.search(_PATH.sub(" ", task))) and not _CONTENTS.search(task)


def endings(task: str) -> set[str]:
    """The endings that the task writes as such: `.md`, `*.csv`."""
    return set(re.findall(r"(?<![\w/.])\*?(\.[a-z]\w{0,7})\b", task.lower()))


def folders(task: str, paths: Iterable[str], loosely: str = "") -> list[str]:
    """The folders that the task is about; in the text `loosely` a mere word is enough for one with several files."""
    held = Counter(above for path in paths for above in _above(path))
    ends = task if len(task) <= 2 * _END_OF_TASK else f"{task[:_END_OF_TASK]}\n{task[-_END_OF_TASK:]}"
    text = ends.replace("\\", "/")
    seen = text.lower()
    likely = [place for place in held if place.rpartition("/")[2].lower() in seen]
    names = list(dict.fromkeys(place.rpartition("/")[2] for place in likely))
    found = [place for place in likely if re.search(_whole(place), text, re.IGNORECASE)]
    found += [place for name in names if _is_place(name, text) for place in _of(name, likely)]
    if not found:
        words = [name for name in names if _is_word(name, loosely)]
        found = [place for name in words for place in _of(name, likely) if held[place] > 1]
    return sorted(_outermost(set(found)))


def _above(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _of(name: str, places: list[str]) -> list[str]:
    """The folders of that name: the one at the top, else some below others."""
    return [name] if name in places else [place for place in places if place.endswith(f"/{name}")][:_FEW]


def _whole(place: str) -> str:
    """A path of several names, or one with a slash behind it."""
    return rf"(?<![\w/.-])(?:\./)?{re.escape(place)}{'' if '/' in place else '(?=/)'}{_END}"


def _is_place(name: str, text: str) -> bool:
    word = f"{_OPEN}{re.escape(name)}/?{_CLOSE}{_END}"
    strong = [rf"\b{_FOLDER}:?\s+{_CALLED}{_OTHERS}{word}", rf"(?<![\w/.-]){word}\s+{_FOLDER}\b"]
    if len(name) > 2:
        strong.append(rf"\b(?:{_BELOW})\s+{_ARTICLE}{_OTHERS}{word}")
    if any(re.search(pattern, text, re.IGNORECASE) for pattern in strong):
        return True
    weak = rf"\b(?i:{_IN})\s+(?i:{_ARTICLE}){word}"
    return len(name) > 2 and name.lower() not in _IDIOMS and bool(re.search(weak, text))


def _is_word(name: str, text: str) -> bool:
    plain = len(name) > 3 and name.lower() not in _IDIOMS | _VAGUE
    return plain and bool(re.search(rf"(?<![\w/.-]){re.escape(name)}{_END}", text, re.IGNORECASE))


def _outermost(places: set[str]) -> Iterator[str]:
    return (place for place in places if not any(place.startswith(f"{other}/") for other in places))
