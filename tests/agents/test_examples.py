"""What a text says that calls give."""

import ast

import pytest

from agents.examples import Example, docstrings, examples


@pytest.mark.parametrize(
    ("text", "call", "wanted"),
    [
        ("f(5) == [1, 2, 6]", "f(5)", "[1, 2, 6]"),
        ("is_nested('[[]]') ➞ True", "is_nested('[[]]')", "True"),
        ("* sort_array([5, 1]) => [1, 5]\n* sort_array([]) => []", "sort_array([5, 1])", "[1, 5]"),
        ("add(2, 3) returns 5.", "add(2, 3)", "5"),
        ("For instance, `h(2)` is `4`.", "h(2)", "4"),
        ('g("x") should return "y", not "z"', 'g("x")', '"y"'),
        ("k(1) gives 3 instead of 2", "k(1)", "2"),
        ("fruit('5 apples', 19) -> 19 - 5 - 6 = 8", "fruit('5 apples', 19)", "8"),
        ("f(2) = 2*(1 + 0.5)= 3.0\n3. go", "f(2)", "3.0"),
        ("average([1, 2], 2) gives [1.5] and should give [1.5, 3]", "average([1, 2], 2)", "[1.5, 3]"),
        ("m(3) deve devolver 9", "m(3)", "9"),
        ("n(-2.5, key='a') -> None", "n(-2.5, key='a')", "None"),
        ("name(15)  # returns 'db'", "name(15)", "'db'"),
        (">>> closest('10')\n10\n>>> x = closest('3')\n", "closest('10')", "10"),
        ('def f(x):\n    """Twice.\n    >>> f([1,\n    ...    2])\n    [2, 4]\n    """\n', "f([1,\n   2])", "[2, 4]"),
        ("split('a b')\n  gives [\n    'a',\n    'b',\n  ]", "split('a b')", "[\n    'a',\n    'b',\n  ]"),
    ],
)
def test_an_example_is_found(text: str, call: str, wanted: str) -> None:
    assert examples(text)[0] == Example(call, wanted)


@pytest.mark.parametrize(
    "text",
    [
        "f(x) returns the double of x",
        "print('a') == None",
        "basket.total() == 3",
        "def f(2) -> 3",
        "f(1) is odd",
        "f(1) gives 2 + 3",
        "f(1) gives 2 + 3 = x",
        "g(2) + f(1) = 2 + 3 = 5",
        "call f(1), then 2",
        "",
        "f(" * 500,
    ],
)
def test_what_is_no_example(text: str) -> None:
    assert examples(text) == []


def test_in_a_fix_what_a_call_gives_now_is_wrong_unless_it_is_the_aim() -> None:
    assert examples("merge([1]) gives [2]. Fix it.", faulty=True) == [Example("merge([1])", "[2]", right=False)]
    assert examples("Change it so that merge([1]) gives [2].", faulty=True) == [Example("merge([1])", "[2]")]
    assert examples("merge([1]) should give [2].", faulty=True) == [Example("merge([1])", "[2]")]
    assert examples("f(1) gives 2, and should give 3:\n\n>>> f(1)\n3", faulty=True) == [Example("f(1)", "3")]


def test_every_example_is_an_expression_and_a_literal() -> None:
    text = "f(1)==2 f([1]) => {'a': (1, 2)}, f('(') returns ')' and f() == -3.5e2; f(None)->True"
    found = examples(text)
    assert [example.wanted for example in found] == ["2", "{'a': (1, 2)}", "')'", "-3.5e2", "True"]
    for example in found:
        ast.parse(example.call, mode="eval")
        ast.literal_eval(example.wanted)


def test_docstrings_of_a_module() -> None:
    assert docstrings('"""a"""\nclass B:\n    """b"""\n    def c(self):\n        """c"""\n') == ["a", "b", "c"]
    assert docstrings("def (") == []


def test_values_of_parameters_and_what_is_returned() -> None:
    text = """def by_length(arr: list[int], most=9):
        For example:
          arr = [2, 1, 1]
                -> sort arr -> [1, 1, 2]
          return ["Two", "One", "One"]
          arr = []
          return []
    """
    assert [each.call for each in examples(text)] == []
    text = text.replace(", most=9", "")
    assert [(each.call, each.wanted) for each in examples(text)] == [
        ("by_length([2, 1, 1])", '["Two", "One", "One"]'),
        ("by_length([])", "[]"),
    ]
    text = "def add(a, b):\n  Input: a = 2, b = 3\n  Output: 5\n  Input: a = 1, b = x\n  Output: 5\n"
    assert [(each.call, each.wanted) for each in examples(text)] == [("add(2, 3)", "5")]
    assert examples("def f(n):\n    n = n + 1\n    return n") == []
    assert examples("def f(n):\n    total = 0\n    n = 5\n    return total") == []


def test_examples_of_the_form_input_and_output() -> None:
    text = """def fill(grid, most):
    Example 1:
        Input:
            rows : [[0, 1], [1, 1]]
            capacity : 2
        Output: 3
    Example 2: Input: grid = [], most = 1
        Output: 0
        Explanation: there is nothing.
    Example 3:
        Input: a grid of your own
        Output: 9
    """
    assert examples(text) == [Example("fill([], 1)", "0"), Example("fill([[0, 1], [1, 1]], 2)", "3")]


def test_examples_that_call_the_one_function_by_another_name() -> None:
    text = 'def longest(words):\n    """For example: most_letters(["a", "bb"]) => "bb" """'
    assert examples(text) == [Example('longest(["a", "bb"])', '"bb"')]
    assert [each.name for each in examples(f"{text}\nlongest([]) => None")] == ["most_letters", "longest"]


def test_an_example_inside_of_a_call_of_pythons_own() -> None:
    (found,) = examples("def root(xs):\n    >>> round(root([1, 2]), 2) # of 1 + 2x\n    -0.5\n")
    assert (found.call, found.wanted, found.name) == ("round(root([1, 2]), 2)", "-0.5", "root")


def test_a_tuple_of_one_among_tuples() -> None:
    text = 'f(1) ==> ("a", "b")\nf(2) ==> ("a")\nf(3) ==> ()\ng(2) ==> ("a")'
    wanted = {each.call: ast.literal_eval(each.wanted) for each in examples(text)}
    assert wanted == {"f(1)": ("a", "b"), "f(2)": ("a",), "f(3)": (), "g(2)": "a"}
