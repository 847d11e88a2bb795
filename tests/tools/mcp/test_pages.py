"""A web page as a model reads it."""

import json

from tools.mcp.pages import markdown, page

HTML = """<html><head><title>Shop</title><style>p {color: red}</style></head><body>
<script>track("visitor")</script><h1>Fruit</h1><p>Fresh <b>every</b> day.</p>
<table><tr><th>name</th><th>price</th></tr><tr><td>apple</td><td>3</td></tr></table>
<ul><li>one</li><li>two</li></ul><template>hidden</template><svg><text>drawn</text></svg></body></html>"""


def test_the_text_keeps_headings_tables_and_lists_and_nothing_that_is_not_seen() -> None:
    text = markdown(HTML)
    assert text.startswith("# Fruit\n\nFresh **every** day.")
    assert "| name | price |\n| --- | --- |\n| apple | 3 |" in text
    assert "* one\n* two" in text
    assert not any(word in text for word in ("track", "color", "hidden", "drawn", "Shop"))


def test_what_can_be_used_has_its_index_and_its_label() -> None:
    elements = [
        {"index": 1, "tag": "label", "text": "Your\n name"},
        {"index": 2, "tag": "input", "text": "", "placeholder": "Ana"},
        {"index": 3, "tag": "td", "text": "a cell"},
        {"index": 4, "tag": "button", "text": "Send"},
        {"index": 5, "tag": "a", "text": "Menu", "href": "/menu"},
    ]
    text = page(json.dumps({"url": "http://127.0.0.1/", "interactive_elements": elements}), HTML)
    assert text.splitlines()[0] == "The page http://127.0.0.1/:"
    assert text.splitlines()[-4:] == [
        "What can be used, by its index:",
        "[2] input Your name (Ana)",
        "[4] button Send",
        "[5] a Menu -> /menu",
    ]


def test_many_elements_are_counted() -> None:
    links = [{"index": n, "tag": "a", "text": f"link {n}"} for n in range(100)]
    text = page(json.dumps({"interactive_elements": links}), "<p>x</p>")
    assert text.endswith("[59] a link 59\nand 40 more")


def test_what_is_no_state_is_left_as_it_is() -> None:
    assert page("Error: no page", HTML) == "Error: no page"
