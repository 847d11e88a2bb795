"""Functions that are written anew are put into the module that has them."""

import pytest

from agents.edits import EditError
from agents.splice import spliced

SOURCE = '''"""A shop."""

import re

RATE = 2


def price(x):
    """In cents."""
    return x


@staticmethod
def other():
    return 1


class Basket:
    """Articles."""

    def __init__(self, articles=[]):
        self.articles = articles

    def remove(self, name):
        for each in self.articles:
            self.articles.remove(name)


if __name__ == "__main__":
    print(price(2))
'''


def test_what_is_left_out_stays() -> None:
    text = spliced(SOURCE, "def price(x):\n    return x * RATE\n\nprint(price(3))\n")
    assert text == SOURCE.replace('    """In cents."""\n    return x\n', "    return x * RATE\n")


def test_new_functions_constants_and_imports_are_added() -> None:
    code = "import re\nfrom math import floor\n\nRATE = 3\nTAX = 4\n\ndef taxed(x):\n    return x + TAX\n\n"
    code += "def price(x):\n    return floor(taxed(x))\n"
    text = spliced(SOURCE, code)
    found: dict[str, object] = {}
    exec(text.replace("@staticmethod\n", ""), found)
    assert (found["RATE"], found["TAX"], text.count("import re\n")) == (3, 4, 1)
    assert text.index("def taxed") < text.index("def price")
    assert text.startswith('"""A shop."""')
    assert text.endswith(SOURCE[SOURCE.index("if __name__") :])


@pytest.mark.parametrize(
    "code",
    [
        "class Basket:\n    def remove(self, name):\n        self.articles = []\n",
        "def remove(self, name):\n    self.articles = []\n",
        "    def remove(self, name):\n        self.articles = []\n",
    ],
)
def test_a_method_alone_is_put_into_its_class(code: str) -> None:
    old = "        for each in self.articles:\n            self.articles.remove(name)\n"
    if code.startswith(" "):  # not valid alone: the caller runs it and sees the error
        assert spliced(SOURCE, code) == code
    else:
        assert spliced(SOURCE, code) == SOURCE.replace(old, "        self.articles = []\n")


def test_a_new_method_and_a_decorated_function() -> None:
    text = spliced(SOURCE, "class Basket:\n    def total(self):\n        return 0\n\ndef other():\n    return 2\n")
    assert "    def total(self):\n        return 0\n" in text
    assert "def remove(self" in text
    assert "@staticmethod" not in text
    compile(text, "spliced", "exec")


def test_what_is_not_valid_or_defines_nothing_is_taken_as_it_is() -> None:
    assert spliced(SOURCE, "def (") == "def ("
    assert spliced("def (", "x = 1") == "x = 1"
    assert spliced("print(1)\n", "print(2)\n") == "print(2)\n"


@pytest.mark.parametrize("code", ["print(1)\n", "def unknown():\n    pass\n"])
def test_what_has_nothing_in_common_is_refused(code: str) -> None:
    with pytest.raises(EditError, match="price, other, Basket"):
        spliced(SOURCE, code)


def test_functions_of_a_file_that_does_not_parse_are_not_lost() -> None:
    source = "def one():\n    return 1\n\n\ndef two(:\n    return 2\n"
    with pytest.raises(EditError, match="one is missing"):
        spliced(source, "def two():\n    return 2\n")
    whole = "def one():\n    return 1\n\n\ndef two():\n    return 2\n"
    assert spliced(source, whole) == whole


def test_new_lines_stand_in_the_order_in_which_they_were_written() -> None:
    source = "def one():\n    return 1\n"
    code = "LOW = 1\nHIGH = LOW + 1\n\n\ndef two():\n    return 2\n\n\ndef three():\n    return 3\n\n\n"
    made = spliced(source, code + "def one():\n    return two()\n")
    places = [made.index(part) for part in ("LOW = 1", "HIGH", "def two", "def three", "def one")]
    assert places == sorted(places)
