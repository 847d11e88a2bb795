"""An answer that rests on tools: what it claims must come from somewhere."""

import json
import re
from collections.abc import Mapping

import pytest

from agents.claims import AGAIN, absent, at_hand, hopeless, invented, unfounded, unwritten
from agents.ledger import Ledger, Road, Used
from tools.mcp.marks import marked


def ledger(task: str, *calls: tuple[str, Mapping[str, object], str], survey: str = "") -> Ledger:
    """A ledger on the road of tools, after calls that went well."""
    used = [Used(name, json.dumps(dict(given)), text, wrong=False) for name, given, text in calls]
    return Ledger(task, Road("tools", ""), survey, calls=used)


HOURS = ("navigate", {"url": "http://127.0.0.1/"}, "Open Tuesday to Sunday, 8:30 to 17:45. Soup 6.40, fish 1,150.")


@pytest.mark.parametrize(
    "answer",
    [
        "From 8:30 to 17:45.",
        "From 08:30 until 5:45 in the afternoon.",
        "1. The soup is 6.40.\n2. The fish is 1150.",
        "The soup costs about 6.",
        "It is open.",
    ],
)
def test_values_of_results_are_no_inventions(answer: str) -> None:
    assert invented(ledger("When is http://127.0.0.1/ open?", HOURS), answer) == []


def test_the_marks_around_a_result_are_no_values() -> None:
    for _ in range(200):  # a mark is of six hexadecimal digits
        text = marked("warmth", "21.5 degrees")
        strange = next(iter(re.findall(r"\d+", text.rpartition("[end ")[2])), "")
        if strange and float(strange) != 22:  # 21.5, rounded
            assert invented(ledger("How warm is it?", ("warmth", {}, text)), f"{strange}, 21.5") == [strange]


def test_other_values_are() -> None:
    known = ledger("Is it open at 23:59?", HOURS, survey="sales.csv: 42 lines")
    assert invented(known, "It opens at 9, closes at 23:59; 42 lines, 7.10 euros.") == ["9", "7.10"]


def test_values_of_calls_that_went_wrong_count_for_nothing() -> None:
    known = ledger("How warm is it?")
    known.calls = [Used("warmth", "{}", "Error: 21 is no room", wrong=True)]
    assert invented(known, "It is 21.") == ["21"]
    assert unfounded(known, "It is 21.") == [
        "No tool has given anything yet. The last one said: Error: 21 is no room So make the call that the task needs."
    ]


def test_what_is_to_be_done_must_have_been_in_a_call() -> None:
    task = "Add a product named 'Stool' with price 25.5 and stock 7, and note it in log.txt."
    read = ledger(task, ("list_tables", {}, "products"))
    assert unfounded(read, "Stool was added.") == [
        "No call had Stool, log.txt, 25.5, 7 in it, so that is not done: make the call that does it"
        " (run_code writes files)."
    ]
    some = ledger(task, ("insert", {"sql": "INSERT INTO products VALUES ('Stool', 25.5, 7)"}, "1 row"))
    (fault,) = unfounded(some, "Done.")
    assert fault.startswith("No call had log.txt in it, so that is not done: make the call that does it")
    all_of_it = ledger(task, ("do", {"text": "stool 25.50 7 log.txt"}, "done"))
    assert unfounded(all_of_it, "Done.") == []


def test_what_is_only_asked_for_needs_no_value_in_a_call() -> None:
    known = ledger("Which products cost more than 50?", ("query", {"sql": "SELECT name"}, "Desk 189, Chair 74.5"))
    assert unfounded(known, "Desk (189) and Chair (74.5).") == []


def test_an_address_of_the_task_was_visited() -> None:
    task = "Open http://localhost:8000, then (localhost:9000/Menu)."
    elsewhere = ledger(task, ("tabs", {}, "one tab"), ("go", {"url": "http://localhost:8000/"}, "a shop"))
    assert unfounded(elsewhere, "Both were opened.") == [
        "No call had localhost:9000/Menu in it, so that is not done: make the call that does it."
    ]
    both = ledger(
        task, *((HOURS[0], {"url": url}, "a page") for url in ("localhost:8000", "http://localhost:9000/menu"))
    )
    assert unfounded(both, "Both were opened.") == []


@pytest.mark.parametrize("task", ["List the prices in a table.", "Lista os preços."])
def test_a_list_of_prices_has_prices(task: str) -> None:
    known = ledger(task, ("page", {}, "soup 6.40"))
    assert unfounded(known, "The prices were listed.") == ["It does not tell the number that is asked for."]
    assert unfounded(known, "soup: 6.40") == []


def test_which_ones_is_told_with_a_word_of_a_result() -> None:
    task = "Which tables does the shop database have, and how many rows has the table products?"
    known = ledger(task, ("list", {}, "['products', 'orders']"), survey="products: 4 rows")
    assert unfounded(known, "The database has 4 rows in the table products.") == ["It does not tell which tables."]
    known.fault("", ["It does not tell which tables."])
    assert at_hand(known)
    known.fault("", ["It does not tell which tables."])
    assert not at_hand(known), "another call may be what is missing"
    assert unfounded(known, "products and orders; products has 4 rows.") == []
    assert unfounded(ledger("Which was the last day?", ("day", {}, "3 May")), "The 3rd.") == []


def test_the_number_of_an_address_is_not_the_one_that_is_asked_for() -> None:
    known = ledger("List the prices.", ("page", {}, "http://localhost:80/1 soup"))
    known.fault("See http://localhost:8000.", found := unfounded(known, "See http://localhost:8000."))
    assert found == ["It does not tell the number that is asked for."]
    assert not at_hand(known)
    known.calls.append(Used("page", "{}", "soup 6.40", wrong=False))
    assert at_hand(known)


def test_what_the_task_asks_about_is_in_a_call_or_a_result() -> None:
    task = "What time is it in Tokyo, and in New York? Answer in English."
    elsewhere = ledger(task, ("time", {"zone": "UTC"}, "16:10"))
    assert unfounded(elsewhere, "16:10.") == ["No call was about Tokyo, New York: make the call that is."]
    there = ledger(task, ("time", {"zone": "America/New_York"}, "11:10"), ("times", {}, "tokyo 1:10"))
    assert unfounded(there, "1:10 and 11:10.") == []
    named = Ledger(
        "Make a square in After Effects.", Road("tools", "needs the tools of after-effects"), calls=there.calls
    )
    assert absent(named) == []


def test_a_number_that_is_asked_for_is_told() -> None:
    known = ledger("How many rows has the table?", ("count", {}, "12 rows"))
    assert unfounded(known, "The table has some rows.") == ["It does not tell the number that is asked for."]
    assert unfounded(known, "It has twelve rows.") == []
    assert unfounded(known, "It has 12 rows.") == []


def test_an_invention_is_sent_back_once() -> None:
    known = ledger("How many rows has the table?", ("count", {}, "12 rows"))
    (fault,) = unfounded(known, "It has 13 rows.")
    assert fault.startswith("13 stands in nothing")
    known.fault("It has 13 rows.", [fault])
    assert unfounded(known, "It has 13 rows.") == []


def test_a_call_that_nobody_can_make_is_no_answer() -> None:
    known = ledger("How many rows?", ("count", {}, "12 rows"))
    (fault,) = unfounded(known, '{"name": "rows", "arguments": {}}')
    assert "no tool rows" in fault


PANEL = "No panel is connected to the bridge (ws://127.0.0.1:9123). Open the program."


def errors(*calls: tuple[str, str]) -> Ledger:
    """A ledger after calls that went wrong."""
    return Ledger("In After Effects, do it", calls=[Used(name, "{}", text, wrong=True) for name, text in calls])


def test_the_same_obstacle_twice_is_the_end() -> None:
    one = ("ae_new", f"Error executing tool ae_new: ae_new: {PANEL}")
    other = ("ae_open", f"Error executing tool ae_open: ae_open: {PANEL}")
    assert hopeless(errors(one)) == ""
    assert hopeless(errors(one, other)) == PANEL
    good = errors(one, other)
    good.calls.append(Used("ae_list", "{}", "3 layers", wrong=False))
    assert hopeless(good) == ""


def test_one_call_again_and_again_is_the_end() -> None:
    again = ("ae_new", f"{AGAIN}give it other arguments: {PANEL}")
    assert hopeless(errors(("ae_new", PANEL), again)) == ""
    assert hopeless(errors(("ae_new", PANEL), again, again)) == PANEL


def test_what_a_model_can_mend_is_not_the_end() -> None:
    wrong = "Error: the arguments of a are wrong: it needs room (string, required)"
    assert hopeless(errors(("a", wrong), ("b", wrong), ("c", wrong))) == ""


def test_a_file_for_figures_has_figures() -> None:
    assert unwritten("Save the prices to menu.csv", {"menu.csv": "soup,\n"}) == [
        "menu.csv has no figures, and is to hold them: make the call that writes it anew."
    ]
    assert unwritten("Save the prices to menu.csv", {"menu.csv": "soup,6.40\n"}) == []
    assert unwritten("Save the names to menu.csv", {"menu.csv": "soup\n"}) == []
