"""Words by which a task says what it wants: patterns, in English and Portuguese."""

import re

MAKES = re.compile(
    r"\b(write|create|make|save|turn|transform|generate|convert|export|produce|build|plot|draw|store|put|output|"
    r"escrev\w*|cri[ae]\w*|fa[zç]\w*|salv\w*|guard\w*|grav\w*|ger[ae]\w*|convert\w*|export\w*)\b",
    re.I,
)
ALTERS = re.compile(
    r"\b(fix|repair|correct|edit(?!or)\w*|change|modify|update|refactor|optimi[sz]e|debug|replace|append|rewrite|simplify|"
    r"corrig\w*|consert\w*|repar[ae]\w*|alter(?!nat|a[çc][õã])\w*|mud(?!an[çc])[ae]\w*|atuali[zs]\w*|refator\w*|otimi[zs]\w*|"
    r"substitu\w*|reescrev\w*|simplific\w*)\b|"
    r"\b(?:add|insert|adicion\w*|acrescent\w*|insere|insira|inserir|remov\w*|delete|drop|apag\w*|tir[ae]\w*) "
    r"(?:an?|the|another|one|two|three|\d+|new|all|any|uma?|as?|os?|mais|dois|duas|todas?|todos)\b[^.;:]{0,30}?"
    r"\b(?:columns?|rows?|lines?|entr(?:y|ies)|headers?|headings?|keys?|fields?|sections?|records?|duplicates?|"
    r"functions?|methods?|docstrings?|comments?|tests?|colunas?|linhas?|entradas?|cabe[çc]alhos?|chaves?|campos?|"
    r"sec[çc][õãoe]+s?|registos?|registros?|duplicad[oa]s|fun[çc][õãoe]+s?|m[ée]todos?|coment[áa]rios?|testes?)\b",
    re.I,
)
RENAMES = re.compile(
    r"\b(?:renam\w*|renome\w*|mov[ae]\w*)\b(?![^.]{1,40} (?:into|para) (?:a|an|one|its|uma?) "
    r"(?:\w+ )?(?:function|method|class|module|fun[çc][ãa]o|m[ée]todo|classe|m[óo]dulo)\b)",
    re.I,
)
"""Renames or moves files; code is moved into a function."""
ORDERED = re.compile(
    r"\b(tell me|let me know|give me|say|print|show|report|answer|"
    r"diga|diz|d[áa]-me|mostr\w*|imprim\w*|respond\w*)\b",
    re.I,
)
"""Orders words also where a file is to be made."""
TELLS = re.compile(rf"\?|{ORDERED.pattern}", re.I)
"""Wants words also where a file is to be made, if only by a question that the file may answer."""
POLITE = re.compile(
    r"(\b(?:(?:could|can|would|will) you|(?:is|would) it (?:be )?possible to|podes|pode|"
    r"poderias?|consegues?|d[áa] para|(?:é|seria) poss[íi]vel)\b(?:[^?.!]|\.(?=\w))*)\?",
    re.I,
)
"""Something that is to be done, in the form of a question."""
SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
"""What stands between two sentences."""
_QUESTIONS = re.compile(
    r"\W*(?:how|what(?! i\b| we\b)|which|who|quant\w*|qual|quais|quem)\b|"
    r"\W*(?:when|where|why|is|are|was|were|does|did|has|have|h[áa]|est[áa]|é|onde|quando|porqu[eê])\b.*\?\W*$",
    re.I,
)
"""A sentence that asks; `Which ...` also without its mark."""
ASKS = re.compile(r"\b(how many|how much|what|which|who|when|quant[oa]s?|qual|quais|quem|quando)\b", re.I)
COMMANDS = re.compile(
    r"\b(bash|shell|zsh|sh|powershell|terminal|consola?e?|command|comandos?|one-?liner|unix|linux|sed|awk|grep|find|sort|"
    r"uniq|wc|cut|tar|script)\b",
    re.I,
)
"""Speaks of commands at all."""
QUESTION = re.compile(r"^\W*(how|what|which|who|when|where|is|are|does|do|quant|qual|quem|onde|quando)\b|\?\W*$", re.I)
COUNTS = re.compile(
    r"\b(how (?:many|much|long)|count\w*|number of|sum|total|average|mean|most|least|longest|shortest|largest|"
    r"smallest|first|last|quant[oa]s?|cont[ae]\w*|n[úu]mero de|soma\w*|m[ée]di[ao]|mais|menos|maior|menor|"
    r"primeir\w+|[úu]ltim\w+)\b",
    re.I,
)
TIMES = re.compile(r"\b(?:times|multipl\w+|revenue|turnover|product of|vezes|receita|factura[çc][ãa]o)\b", re.I)
"""A sum of products is asked for."""
RESHAPES = re.compile(
    r"\b(?:split|extract|same (?:lines|code|loop)|repeated|duplicated?|into (?:a|one|its|smaller|several)|separ[ae]\w*|"
    r"divid[ae]\w*|mesm[oa]s? (?:linhas|c[óo]digo|ciclo)|repetid[oa]s?|duplicad[oa]s?)\b",
    re.I,
)
LOWERED = re.compile(r"\b(?:in|to|all|em) (?:lower[- ]?case|min[úu]sculas)\b|\blower-?cased\b", re.I)
"""What is written is to have no capital letters."""
ISO = re.compile(
    r"(?:YYYY|AAAA)-MM-DD|(?:into|to|in the form|na forma|no formato|para)(?: of)?(?: a)? \d{4}-\d\d-\d\d\b", re.I
)
"""A form of dates that the task asks for."""
EVERY = re.compile(r"\b(?:all|every(?:thing)?|empty|whole|entire|tod[oa]s?|tudo|esvazi\w+)\b", re.I)
COPIES = re.compile(r"\b(?:cop(?:y|ies|ied)|back(?: ?up|s up)|duplicate|same|c[óo]pia\w*|copi\w+|igual|mesmo)\b", re.I)
"""A file that is made may be as one that is read."""
LINE_ENDS = re.compile(
    r"\bline[- ](?:end|break|feed)\w*|\bnewlines?\b|\bCR?LF\b|\bdos2unix\b|\b(?:fi[mn]s?|quebras?|termina\w+) de "
    r"linha",
    re.I,
)
"""What a file's lines end with is to be changed."""
APPENDS = re.compile(r"\b(?:append\w*|add(?:s|ed|ing)?|suffix\w*|behind|adicion\w*|acrescent\w*|sufix\w*)\b", re.I)
"""An ending may be put behind the one that is there."""
GIT = re.compile(r"\bgit\b|\bcommit(?:s|ted)?\b", re.I)
CHANCE = re.compile(
    r"\b(?:random(?:ly)?|shuffle[ds]?|uuids?|dice|lottery|dummy|fake|made[- ]up|invent(?:ed|ad[oa]s?|[ae])?|simulat\w*|"
    r"current (?:time|date)|(?:generate|create|make) [^.]{0,30}passwords?|aleat[óo]ri\w*|baralha\w*|sortei\w*|"
    r"fict[íi]ci\w*|simul[ae]\w*|hora atual|(?:ger[ae]|cri[ae]) [^.]{0,30}(?:senhas?|palavras?-passe))\b",
    re.I,
)
"""What differs each time that a program runs."""
DELETES = re.compile(r"\b(delete|remove|erase|apag\w*|elimin\w*|exclu\w*)\b", re.I)
TARGET = (
    r"\b(?:to|into|as|write|create|make|save|generate|para|como|cri[ae]|escrev[ae]|ger[ae]|grav[ae]|guard[ae]|"
    r"(?:grav|guard|salv|escrev|export|convert|p[õo]e)\w*\b[^.;:]{0,40}\bem)\s+"
    r"(?:the |a |an |o |um )?(?:file |ficheiro |arquivo )?"
)
"""What stands before a file that is to be made."""
FORBIDS = re.compile(
    r"\b(?:don't|do not|never|nothing|not|without|n[ãa]o|nunca|nem|sem)\b[^.;:]*|"
    r"[^.;:]*\b(?:chang\w+|alter\w*) (?:nothing|none|nada)\b",
    re.I,
)
"""What is not to be done."""
CUTS = re.compile(
    r"\b(?:delete|remove|erase|apag\w*|elimin\w*|exclu\w*)\b"
    r"(?: (?!(?:files?|folders?|director\w*|ficheiros?|arquivos?|pastas?)\b)[\w-]+){0,4}? "
    r"(?:whitespace|spaces?|lines|rows|columns?|words?|comments?|statements?|prints?|headers?|accents?|characters?|tags?|"
    r"duplicates|espa[çc]os?|linhas|colunas?|palavras?|coment[áa]rios?|cabe[çc]alhos?|acentos?|caracteres)\b",
    re.I,
)
"""What is deleted stands in files; these stay."""
MANY = re.compile(
    r"\*\.|\b(?:all|every\w*|each|any|files|folders|pages|names|tod[oa]s|cada|qualquer|ficheiros|arquivos|p[áa]ginas|pastas|"
    r"nomes|one per|um[a]? por)\b",
    re.I,
)
"""Words by which files that are not named may be meant."""


def demands(task: str) -> str:
    """The task without what is not to be done, and without its questions, which order no change."""
    sentences = SENTENCE.split(FORBIDS.sub("", POLITE.sub(r"\1", task)))
    return "\n".join(sentence for sentence in sentences if not _QUESTIONS.match(sentence))
