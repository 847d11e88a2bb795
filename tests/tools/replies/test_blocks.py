"""Code blocks as models write them, and mangled ones by the thousand."""

import random
import time

import pytest

from tools.replies import Block, code_blocks, prose

NESTED = 'text = """\n# Title\n```bash\nls\n```\n\n```\nbare\n```\n"""\nprint(text)\n'
HEREDOC = "cat > R.md <<'EOF'\n# T\n```python\nprint(1)\n```\nEOF\nls\n"


def only(text: str) -> Block:
    (block,) = code_blocks(text)
    return block


@pytest.mark.parametrize(
    ("info", "language"),
    [
        ("python", "python"),
        ("py", "python"),
        ("Python3", "python"),
        ("python3.11", "python"),
        ("sh", "shell"),
        ("bash", "shell"),
        ("console", "shell"),
        ("js", "javascript"),
        ("node", "javascript"),
        ("powershell", "powershell"),
        ("json", "json"),
        ("csv", "csv"),
        ("text", "text"),
        ("none", ""),
        ("", ""),
        ("{.python .numberLines}", "python"),
        ('py title="a.py"', "python"),
    ],
)
def test_info_strings_name_the_language(info: str, language: str) -> None:
    assert only(f"Here:\n```{info}\nx\n```\n").language == language


@pytest.mark.parametrize("mark", ["```", "````", "~~~", "~~~~~"])
@pytest.mark.parametrize("code", ["x = 1\n", "\n\n  x\t\n\n", "a\x0cb\u2028c\x85d\n", "é\U0001f600\x00\n"])
def test_code_survives_byte_for_byte(mark: str, code: str) -> None:
    assert only(f"before\n{mark}python\n{code}{mark}\nafter").code == code


def test_windows_line_ends_become_unix_ones() -> None:
    assert only("Hi\r\n```python\r\na\r\nb\r\n```\r\n").code == "a\nb\n"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (f"```python\n{NESTED}```\nbye", NESTED),
        (f"```bash\n{HEREDOC}```\nbye", HEREDOC),
        ("````md\n# T\n```python\nx\n```\n````\n", "# T\n```python\nx\n```\n"),
        ("```markdown\n# T\n```bash\nls\n```\nend\n```\n", "# T\n```bash\nls\n```\nend\n"),
        ("~~~python\na = 1\n```\n~~~\n", "a = 1\n```\n"),
    ],
)
def test_fences_inside_of_the_content_do_not_end_the_block(reply: str, code: str) -> None:
    assert only(reply).code == code
    assert only(reply).closed


def test_a_cut_program_does_not_let_its_inner_block_loose() -> None:
    block = only('```python\ntext = """\n# T\n```bash\nrm -r data\n```\n')
    assert (block.language, block.closed) == ("python", False)


def test_an_unfinished_string_does_not_swallow_the_reply() -> None:
    first, second = code_blocks("```python\nx = '''abc\n```\nNow:\n```bash\nls\n```")
    assert (first.code, second.code) == ("x = '''abc\n", "ls\n")


def test_a_forgotten_end_is_where_the_next_block_begins() -> None:
    first, second = code_blocks("```python\na\n```python\nb\n```")
    assert (first.code, first.closed, second.code, second.closed) == ("a\n", False, "b\n", True)


def test_an_end_behind_the_last_line_is_one() -> None:
    first, second = code_blocks("```python\nprint(1)```\n\nprose\n\n```js\nf()\n```")
    assert first == Block("python", "print(1)\n")
    assert second.code == "f()\n"


def test_a_cut_reply_gives_an_open_block() -> None:
    assert only("```python\nprint(1)\nprin") == Block("python", "print(1)\nprin", closed=False)


def test_an_indented_fence_takes_its_indent_from_the_code() -> None:
    assert only("1. Do:\n   ```sh\n   if x; then\n     y\n   fi\n   ```\n").code == "if x; then\n  y\nfi\n"
    assert only("- ```python\nif x:\n    y\n```").code == "if x:\n    y\n"


def test_prompts_and_outputs_of_a_transcript_are_dropped() -> None:
    assert only("```console\n$ ls\na b\n$ echo \\\n> hi\nhi\n```").code == "ls\necho \\\nhi\n"
    assert only("```bash\necho $HOME\n# $ x\n```").code == "echo $HOME\n# $ x\n"


@pytest.mark.parametrize(
    ("reply", "path"),
    [
        ("```python\n# file: src/a.py\nx\n```", "src/a.py"),
        ("```python\n# a.py\nx\n```", "a.py"),
        ("```js\n// filename: a.js\nx\n```", "a.js"),
        ("```html\n<!-- file: index.html -->\nx\n```", "index.html"),
        ("**a.py**\n```python\nx\n```", "a.py"),
        ("Text.\n\n`a.py`:\n\n```python\nx\n```", "a.py"),
        ("### `src\\a.py`\n```python\nx\n```", "src/a.py"),
        ("**File:** `a.py`\n```python\nx\n```", "a.py"),
        ("__init__.py\n```python\nx\n```", "__init__.py"),
        ("```python:a.py\nx\n```", "a.py"),
        ("```a.py\nx\n```", "a.py"),
        ('```python title="a.py"\nx\n```', "a.py"),
        ("```python\n# file: ../a.py\nx\n```", None),
        ("```python\n# file: /etc/a.py\nx\n```", None),
        ("```python\n# file: C:\\a.py\nx\n```", None),
        ("```python\n# data.csv\nx\n```", None),
        ("Read data.csv with `a.py`:\n```python\nx\n```", None),
        ("`json.loads`:\n```python\nx\n```", None),
        ("```python\n#!/usr/bin/python\nx\n```", None),
    ],
)
def test_a_path_is_taken_only_where_it_names_the_file(reply: str, path: str | None) -> None:
    assert only(reply).path == path


def test_a_marker_line_is_no_part_of_the_file() -> None:
    assert only("```json\n# file: a.json\n{}\n```") == Block("json", "{}\n", "a.json")
    assert only("```python\n# a.py\nx\n```").code == "# a.py\nx\n"


def test_thoughts_hold_no_code() -> None:
    assert code_blocks("<think>\n```python\nx\n```\n</think>\nok") == []
    assert prose("<think>\nhm\n</think>\nok") == "ok"
    assert code_blocks("<think>\n```python\nx\n```\n") == []


def test_prose_is_what_stands_around_blocks_and_calls() -> None:
    reply = 'One.\n\n```python\nx\n```\n\nTwo.\n<tool_call>\n{"name": "f"}\n</tool_call>\nThree.'
    assert prose(reply) == "One.\n\nTwo.\n\nThree."


def test_empty_blocks_are_left_out() -> None:
    assert code_blocks("```\n```\n```python\n\n```") == []
    assert only("**__init__.py**\n```python\n```").path == "__init__.py"


PIECES = [
    "```",
    "~~~",
    "````",
    "python",
    "bash",
    "\n",
    "\r\n",
    " ",
    "\t",
    "x = 1",
    "'''",
    '"""',
    "<<EOF",
    "EOF",
    "# file: a.py",
]
PIECES += [
    "<tool_call>",
    "</tool_call>",
    "<think>",
    "</think>",
    "- ",
    "1. ",
    "**a.py**",
    "$ ls",
    "\\",
    "'",
    '"',
    "\x00",
    "\ud800",
    "é",
]


def test_no_mangled_reply_raises() -> None:
    chance = random.Random(1)
    for _ in range(5000):
        text = "".join(chance.choices(PIECES, k=chance.randrange(40)))
        blocks = code_blocks(text)
        assert all(block.code in text.replace("\r\n", "\n") or block.code for block in blocks)
        assert isinstance(prose(text), str)


def test_well_formed_blocks_survive_among_noise() -> None:
    chance = random.Random(2)
    lines = ["x = 1", "    y", "", "# c", "s = '''a'''", 'print("``` hi")', "t = '```'", 'é = "it\'s"', "\tz"]
    for _ in range(2000):
        wanted = []
        text = "Sure."
        for _ in range(chance.randrange(1, 5)):
            mark = chance.choice(["```", "````", "~~~"])
            code = "".join(f"{chance.choice(lines)}\n" for _ in range(chance.randrange(1, 8))) + "end\n"
            text += f"\n\n{mark}{chance.choice(['python', 'js', 'csv', ''])}\n{code}{mark}\nIt's `done`; don't worry.\n"
            wanted.append(code)
        assert [block.code for block in code_blocks(text)] == wanted


def test_a_reply_cut_anywhere_lets_no_inner_block_loose() -> None:
    reply = f"Hi.\n\n```python\n{NESTED}```\nand\n```bash\n{HEREDOC}```\nbye"
    begins = reply.index("```bash\ncat") + len("```bash")
    for length in range(reply.index("```python") + len("```python"), len(reply)):
        named = [block for block in code_blocks(reply[:length] + "\nx") if block.language in {"python", "shell"}]
        assert [block.language for block in named] == ["python", "shell"][: 1 + (length >= begins)]


@pytest.mark.parametrize(
    "hostile",
    [
        "```\n",
        "```a\n",
        "```py\n",
        '```py\n"""\n',
        "<<E\n```sh\n",
        "<tool_call>\n",
        "x```\n",
        "```sh\ncat <<E\n",
        "9",
        "9" * 50_000 + "\n```\n",
    ],
    ids=lambda hostile: repr(hostile[:12]),
)
def test_a_hostile_reply_costs_little(hostile: str) -> None:
    start = time.process_time()
    code_blocks(hostile * (100_000 // len(hostile)))
    assert time.process_time() - start < 5
