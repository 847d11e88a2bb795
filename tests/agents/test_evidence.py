"""What a task's words let us check, and what disk and output say."""

from pathlib import Path

import pytest

from agents.evidence import outcome, problems
from agents.expectation import expectation, file_names
from tools.interpreter.box import BlockResult
from tools.snapshot import Changes
from tools.workspace import Workspace

PRIMES = "Write the first 20 prime numbers to primes.csv, one per line, and tell me their sum"


def ran(output: str = "ok", exit_code: int | None = 0, reason: str = "") -> BlockResult:
    return BlockResult(exit_code, output, 0.1, reason)


def changes(added: tuple[str, ...] = (), changed: tuple[str, ...] = (), removed: tuple[str, ...] = ()) -> Changes:
    return Changes(added=added, changed=changed, removed=removed)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Fix stats.py, please.", ["stats.py"]),
        ("Convert data/people.json to people.csv.", ["data/people.json", "people.csv"]),
        ("Pi is 3.14, e.g. roughly", []),
        ("See https://example.com/a.html and node.js", []),
        ("rename a.txt to b.txt, then read a.txt", ["a.txt", "b.txt"]),
        ("Use os.path and json.dumps, not re.sub, at 9 a.m.", []),
        ("Fix math.py and write json.txt", ["math.py", "json.txt"]),
    ],
)
def test_file_names(text: str, names: list[str]) -> None:
    assert file_names(text) == names


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ("Count the words in a.txt with JavaScript", "javascript"),
        ("Use bash to list the largest files", "shell"),
        ("With a shell command, count the files", "shell"),
        ("Write a table of shells", "python"),
    ],
)
def test_language(task: str, expected: str) -> None:
    assert expectation(task, []).language == expected


def test_expectation_of_a_new_file_with_its_number_of_lines() -> None:
    found = expectation(PRIMES, ["notes.txt"])
    assert found.creates == ("primes.csv",)
    assert found.lines == (("primes.csv", 20),)
    assert found.answer
    assert not found.file


def test_expectation_of_a_fix_asks_for_the_whole_file() -> None:
    found = expectation("Fix the bug in stats.py", ["stats.py"])
    assert found.alters == ("stats.py",)
    assert found.file == "stats.py"


def test_expectation_of_a_question_about_a_file_creates_nothing() -> None:
    found = expectation("How many rows does sales.csv have?", ["sales.csv"])
    assert (found.creates, found.alters, found.answer) == ((), (), True)


def test_missing_file_and_wrong_line_count_are_problems(tmp_path: Path) -> None:
    workspace, expects = Workspace(tmp_path), expectation(PRIMES, [])
    assert problems(expects, ran("639"), changes(), workspace, PRIMES) == ["The file primes.csv was not written."]
    (tmp_path / "primes.csv").write_text("2\n3\n", encoding="utf-8")
    found = problems(expects, ran("639"), changes(added=("primes.csv",)), workspace, PRIMES)
    assert found == ["The file primes.csv has 2 lines, but the task asks for 20. It begins:\n2\n3"]


def test_failure_time_limit_silence_and_nan_are_problems(tmp_path: Path) -> None:
    workspace, expects = Workspace(tmp_path), expectation("What is the average age?", [])

    def told(result: BlockResult) -> str:
        return " ".join(problems(expects, result, changes(), workspace, "What is the average age?"))

    assert "exit code 1" in told(ran(exit_code=1))
    assert "time limit" in told(ran(exit_code=None, reason="time limit of 5 s"))
    assert "printed nothing" in told(ran(""))
    assert "nan" in told(ran("The average is nan"))
    assert told(ran("The average is 41.5")) == ""


def test_a_fix_that_changes_nothing_is_a_problem(tmp_path: Path) -> None:
    task = "Fix the bug in stats.py"
    expects, workspace = expectation(task, ["stats.py"]), Workspace(tmp_path)
    (tmp_path / "stats.py").write_text("def f(:\n", encoding="utf-8")
    assert problems(expects, ran(), changes(), workspace, task) == ["The file stats.py was not changed."]
    assert problems(expects, ran(), changes(changed=("stats.py",)), workspace, task) == []


def test_invalid_json_and_python_are_problems(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    for name, text in (("a.json", "{'x': 1}"), ("a.py", "def f(:")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        task = f"Create {name}"
        found = problems(expectation(task, []), ran(), changes(added=(name,)), workspace, task)
        assert "not valid" in found[0]


def test_rename_needs_a_removal(tmp_path: Path) -> None:
    task = "Rename all .txt files to .md"
    expects, workspace = expectation(task, ["a.txt"]), Workspace(tmp_path)
    assert problems(expects, ran(), changes(added=("a.md",)), workspace, task) == ["No file was renamed or moved."]
    assert problems(expects, ran(), changes(added=("a.md",), removed=("a.txt",)), workspace, task) == []


def test_outcomes_agree_on_values_and_files_not_on_words(tmp_path: Path) -> None:
    workspace, expects = Workspace(tmp_path), expectation(PRIMES, [])
    (tmp_path / "primes.csv").write_text("2\n3\n", encoding="utf-8")
    left = changes(added=("primes.csv",))
    first = outcome(expects, ran("Sum: 639"), left, workspace, PRIMES)
    assert first == outcome(expects, ran("The sum of the first 20 primes is 639."), left, workspace, PRIMES)
    assert first != outcome(expects, ran("Sum: 568"), left, workspace, PRIMES)
    (tmp_path / "primes.csv").write_text("2\n5\n", encoding="utf-8")
    assert first != outcome(expects, ran("Sum: 639"), left, workspace, PRIMES)


def test_a_file_that_is_there_may_be_written_again(tmp_path: Path) -> None:
    found = expectation(PRIMES, ["primes.csv"])
    assert (found.creates, found.again, found.reads) == (("primes.csv",), ("primes.csv",), ())
    workspace = Workspace(tmp_path)
    assert problems(found, ran("639"), changes(), workspace, PRIMES) == ["The file primes.csv is empty."]
    (tmp_path / "primes.csv").write_text("2\n" * 20, encoding="utf-8")
    assert problems(found, ran("639"), changes(), workspace, PRIMES) == []


def test_keys_with_spaces_and_repeated_headers_are_problems(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    for name, text in (("a.json", '{"": 1}'), ("b.json", '{"\\nthe": 1}'), ("c.csv", "a,b\na,b\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        task = f"Create {name}"
        assert len(problems(expectation(task, []), ran(), changes(added=(name,)), workspace, task)) == 1


def test_an_absent_file_is_to_be_made_unless_the_task_asks_about_it() -> None:
    assert expectation("I need the twenty smallest primes in primes.csv. Report the total.", []).creates
    assert not expectation("How many rows does sales.csv have?", []).creates


def test_a_change_on_disk_needs_no_words(tmp_path: Path) -> None:
    task = "My photos end in .jpeg, I want them to end in .jpg instead."
    moved = Changes(added=("a.jpg",), removed=("a.jpeg",), renamed=(("a.jpeg", "a.jpg"),))
    assert problems(expectation(task, ["a.jpeg"]), ran(""), moved, Workspace(tmp_path), task) == []


def test_a_file_that_is_too_large_to_be_looked_at_is_not_called_invalid(tmp_path: Path) -> None:
    task = "Write big.json"
    (tmp_path / "big.json").write_text('["' + "x" * 21_000_000 + '"]', encoding="utf-8")
    found = problems(expectation(task, []), ran(), changes(added=("big.json",)), Workspace(tmp_path), task)
    assert found == []


def test_a_file_named_as_an_example_of_a_form_is_not_read(tmp_path: Path) -> None:
    task = "Write the three largest files under data to largest.txt, one per line: size and path (like data/labels.txt)"
    found = expectation(task, ["data/labels.txt"])
    assert (found.reads, found.creates, found.lines) == ((), ("largest.txt",), (("largest.txt", 3),))
    (tmp_path / "largest.txt").write_text("largest files\n1 a\n2 b\n3 c\n", encoding="utf-8")
    (problem,) = problems(found, ran(), changes(added=("largest.txt",)), Workspace(tmp_path), task)
    assert problem.startswith("The file largest.txt has 4 lines, but the task asks for 3.")


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        ("Count how many files there are of each kind and save it as kinds.txt", False),
        ("Count how many files there are of each kind", True),
        ("Write the first 20 primes to p.csv. What do they add up to?", True),
        ("Write the total of a.csv to b.txt and tell me which row is the largest", True),
    ],
)
def test_a_task_that_wants_a_file_wants_words_only_where_it_says_so(task: str, answer: bool) -> None:
    assert expectation(task, ["a.csv"]).answer == answer


def test_json_in_a_csv_file_is_a_problem(tmp_path: Path) -> None:
    task, workspace = "Turn a.json into a.csv", Workspace(tmp_path)
    for text, problem in (('[{"a": 1}]', "holds JSON"), ("a\n1\n", ""), ("[a],b\n1,2\n", "")):
        Path(tmp_path, "a.csv").write_text(text, encoding="utf-8")
        found = problems(expectation(task, ["a.json"]), ran(), changes(added=("a.csv",)), workspace, task)
        assert problem in "".join(found)
        assert bool(found) == bool(problem)


def test_a_new_ending_behind_the_old_one_is_a_problem(tmp_path: Path) -> None:
    for task, new, problem in (
        ("Give each .jpeg photo the ending .jpg", "a.jpeg.jpg", "old ending"),
        ("Give each .jpeg photo the ending .jpg", "a.jpg", ""),
        ("Rename a.jpeg to a.jpeg.bak", "a.jpeg.bak", ""),
        ("Compress each photo", "a.jpeg.gz", ""),
        ("Append .old1 to the name of each photo", "a.jpeg.old1", ""),
    ):
        moved = changes(added=(new,), removed=("a.jpeg",))
        found = problems(expectation(task, ["a.jpeg"]), ran("moved"), moved, Workspace(tmp_path), task)
        assert problem in "".join(found)
        assert any("old ending" in each for each in found) == bool(problem)


@pytest.mark.parametrize(
    ("task", "output", "written", "word"),
    [
        ("What is the mean of a.csv? Two decimals.", "12.3456", "", "more than 2"),
        ("What is the mean of a.csv? Two decimals.", "12.34", "", ""),
        ("Qual é a média de a.csv, com duas casas decimais?", "1.234,56", "", ""),
        ("Write the means to b.csv, rounded to one decimal place", "3.456", "n,v\na,1.25\n", "In b.csv 1.25"),
        ("Write the means to b.csv, rounded to one decimal place", "3.456", "n,v\na,1.2\n10.0.0.77,2\n", ""),
        ("Write the means to b.csv", "3.456", "n,v\na,1.23456\n", ""),
    ],
)
def test_numbers_have_the_decimal_places_asked_for(
    task: str, output: str, written: str, word: str, tmp_path: Path
) -> None:
    (tmp_path / "b.csv").write_text(written, encoding="utf-8")
    made = changes(added=("b.csv",) * bool(written))
    found = problems(expectation(task, ["a.csv"]), ran(output), made, Workspace(tmp_path), task)
    assert word in " ".join(found) if word else not found


def test_a_file_that_says_what_another_says_is_no_work(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("07/03/2025 Rui\n", encoding="utf-8")
    made = changes(added=("b.txt",))
    for task, word in (
        ("Put the dates of a.txt in the form 2025-03-07 and save it as b.txt", "has not the form"),
        ("Turn a.txt into capital letters, as b.txt", "says the same as a.txt"),
        ("Write a copy of a.txt to b.txt", ""),
        ("Convert a.txt to Windows line endings, as b.txt", "says the same as a.txt"),
    ):
        found = problems(expectation(task, ["a.txt"]), ran("done"), made, Workspace(tmp_path), task)
        assert word in " ".join(found) if word else not found
    (tmp_path / "b.txt").write_bytes(b"07/03/2025 Rui\r\n")
    for task, word in (
        ("Convert a.txt to Windows line endings, as b.txt", ""),
        ("Turn a.txt into capital letters, as b.txt", "says the same as a.txt"),
    ):
        found = problems(expectation(task, ["a.txt"]), ran("done"), made, Workspace(tmp_path), task)
        assert word in " ".join(found) if word else not found


def test_files_go_where_the_task_says(tmp_path: Path) -> None:
    task = "Copy the files of list.txt to a new folder selected"
    expects = expectation(task, ["list.txt"])
    for added, word in (
        (("selected/a.txt",), ""),
        (("selected_folder/a.txt",), "exactly selected, not selected_folder"),
        (("selected/",), "exactly selected,"),
    ):
        found = problems(expects, ran("done"), changes(added=added), Workspace(tmp_path), task)
        assert word in " ".join(found) if word else not found
    task = "Sort the files into folders by ending, so that a.PDF ends up as pdf/a.PDF"
    expects = expectation(task, ["a.PDF"])
    moved = Changes(added=("PDF/a.PDF",), removed=("a.PDF",), renamed=(("a.PDF", "PDF/a.PDF"),))
    assert "there must be a file pdf/a.PDF" in " ".join(problems(expects, ran(""), moved, Workspace(tmp_path), task))


def test_a_folder_is_not_emptied_where_only_some_files_are_to_go(tmp_path: Path) -> None:
    files = ["fotos/a.jpg", "fotos/b.jpg"]
    gone = changes(removed=tuple(files))
    for task, right in (
        ("Delete the duplicates in the folder fotos", False),
        ("Delete all files in the folder fotos", True),
        ("Delete the .jpg files in the folder fotos", True),
        ("Delete the .png files in the folder fotos", False),
    ):
        assert (problems(expectation(task, files), ran("ok"), gone, Workspace(tmp_path), task) == []) == right


def test_a_module_that_uses_what_nothing_defines_is_not_done(tmp_path: Path) -> None:
    task = "Write prices.py with a function total(items)"
    for source, word in (
        ("def total(items):\n    return sum(known[item] for item in items)\n", "known is used"),
        ("import os\nHERE = os.path.dirname(__file__)\ndef total(items):\n    return sum(items)\n", ""),
    ):
        (tmp_path / "prices.py").write_text(source, encoding="utf-8")
        found = problems(expectation(task, []), ran("ok"), changes(added=("prices.py",)), Workspace(tmp_path), task)
        assert word in " ".join(found) if word else not found


def test_lines_that_kept_their_capitals_are_told(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("Ana\nbruno\n", encoding="utf-8")
    task = "Write clean.txt with all lines of names.txt in lower case."
    expects = expectation(task, ["names.txt"])
    for text, wrong in (("Ana\nbruno\n", True), ("ana\nbruno\n", False), ("Names:\nana\nbruno\n", False)):
        (tmp_path / "clean.txt").write_text(text, encoding="utf-8")
        told = problems(expects, ran(), changes(("clean.txt",)), Workspace(tmp_path), task)
        assert ("In clean.txt not all is in lower case: Ana" in told) == wrong
    other = task.replace(" in lower case", "")
    (tmp_path / "clean.txt").write_text("Ana\n", encoding="utf-8")
    assert problems(expects, ran(), changes(("clean.txt",)), Workspace(tmp_path), other) == []


def test_files_joined_in_no_order_are_told(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        (tmp_path / f"chapter{number}.txt").write_text(f"This is chapter {number}.\n", encoding="utf-8")
    (tmp_path / "book.txt").write_text("This is chapter 3.\nThis is chapter 1.\nThis is chapter 2.\n", encoding="utf-8")
    task = "Join all .txt files of this folder into book.txt"
    workspace, expects = Workspace(tmp_path), expectation(task, ["chapter1.txt", "chapter2.txt", "chapter3.txt"])
    (told,) = problems(expects, ran(), changes(("book.txt",)), workspace, task)
    assert told == "Join the files in the order of their names: in book.txt, chapter1.txt comes before chapter3.txt."


def test_files_joined_in_another_order_than_they_are_named_are_told(tmp_path: Path) -> None:
    names = ["intro.md", "body.md", "end.md"]
    for name in names:
        (tmp_path / name).write_text(f"This is all of {name}.\n", encoding="utf-8")
    for task, order, told in (
        (
            "Join intro.md, body.md and end.md into all.md",
            "body intro end",
            "in which the task names them: in all.md, in",
        ),
        ("Join intro.md, body.md and the rest into all.md", "intro body end", "of their names: in all.md, body.md"),
    ):
        text = "".join(f"This is all of {name}.md.\n" for name in order.split())
        (tmp_path / "all.md").write_text(text, encoding="utf-8")
        found = problems(expectation(task, names), ran(), changes(("all.md",)), Workspace(tmp_path), task)
        assert f"Join the files in the order {told}" in " ".join(found)


def test_more_rows_than_the_task_asks_for_are_told(tmp_path: Path) -> None:
    task = "Which two names occur most often in names.txt? Save them as top.csv with the columns name and count."
    workspace, expects = Workspace(tmp_path), expectation(task, ["names.txt"])
    for rows, told in (("Ana,3\nRui,2\nEva,1\n", 1), ("Ana,3\nRui,2\n", 0)):
        (tmp_path / "top.csv").write_text(f"name,count\n{rows}", encoding="utf-8")
        found = problems(expects, ran("Ana and Rui"), changes(("top.csv",)), workspace, task)
        assert found == ["The file top.csv has 3 rows, but the task asks for 2."][:told]


def test_rows_that_nobody_wanted_sorted_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("item,price\nnail,2\nbolt,10\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("item,price,gross\nbolt,10,12\nnail,2,2.4\n", encoding="utf-8")
    task = "Make b.csv from a.csv with one more column gross: price times 1.2."
    workspace, expects = Workspace(tmp_path), expectation(task, ["a.csv"])
    (told,) = problems(expects, ran(), changes(("b.csv",)), workspace, task)
    assert told == "Keep the order that the rows have in a.csv: do not sort those of b.csv."


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("join: extra operand 'c.txt'\nTry 'join --help' for more information.\njoined", True),
        ("find: missing argument to `-exec'\ndone", True),
        ("/tmp/.shell-1/block1.sh: line 2: foo: command not found\ndone", True),
        ("cp: cannot stat 'a/b.txt': No such file or directory", True),
        ("mkdir: cannot create directory 'out': File exists\n3", False),
        ("server: user not found\napp.log: line 3: unknown", False),
    ],
)
def test_a_command_that_failed_before_the_last_one_is_told(tmp_path: Path, said: str, wrong: bool) -> None:
    expects = expectation("Use bash to count the files", [])
    found = problems(expects, ran(said), changes(), Workspace(tmp_path), "Use bash to count the files")
    assert found == ([f"A command in it failed: {said.splitlines()[0]}"] if wrong else [])


def test_rows_in_another_order_agree_where_the_task_names_none(tmp_path: Path) -> None:
    def did(task: str, text: str) -> str:
        (tmp_path / "c.csv").write_text(text, encoding="utf-8")
        return outcome(expectation(task, ["a.txt"]), ran(), changes(("c.csv",)), Workspace(tmp_path), task)

    task = "Count the words of a.txt and write c.csv with the columns word and count"
    one, other = "word,count\na,1\nb,2\n", "word,count\nb,2\na,1\n"
    assert did(task, one) == did(task, other)
    assert did(task, one) != did(task, "word,count\nb,1\na,2\n")
    assert did(f"{task}, sorted by word", one) != did(f"{task}, sorted by word", other)


@pytest.mark.parametrize(
    ("written", "word"),
    [
        (b'\xef\xbb\xbf{"a": 1}', "BOM"),
        (b'{"a": NaN}', "JSON has no NaN"),
        (b'{"a": -Infinity}', "JSON has no -Infinity"),
        (b'{"a": null, "b": "NaN"}', ""),
    ],
)
def test_json_is_what_others_can_read(tmp_path: Path, written: bytes, word: str) -> None:
    (tmp_path / "a.json").write_bytes(written)
    task = "Write the values to a.json"
    found = problems(expectation(task, []), ran("done"), changes(("a.json",)), Workspace(tmp_path), task)
    assert word in " ".join(found) if word else not found


@pytest.mark.parametrize(
    ("said", "hollow"), [("mean: nan", True), ("NaN", True), ("None", True), ("broken: none", False)]
)
def test_a_missing_value_is_told_and_the_word_none_is_not(tmp_path: Path, said: str, hollow: bool) -> None:
    found = problems(expectation("How many links are broken?", []), ran(said), changes(), Workspace(tmp_path), "")
    assert any("missing value" in each for each in found) == hollow


def test_a_number_that_stands_in_the_file_that_is_read_keeps_its_places(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("code,price\n7.12345,2.333333\n", encoding="utf-8")
    task = "Copy a.csv to b.csv with a column double, two decimal places"
    for row, right in (("7.12345,2.333333,4.67", True), ("7.12345,2.333333,4.66667", False)):
        (tmp_path / "b.csv").write_text(f"code,price,double\n{row}\n", encoding="utf-8")
        found = problems(expectation(task, ["a.csv"]), ran("done"), changes(("b.csv",)), Workspace(tmp_path), task)
        assert (not found) == right
