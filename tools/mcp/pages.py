"""A web page as a model reads it: its text as Markdown, then what can be clicked or filled, one a line."""

import json
import re
from collections.abc import Iterator
from typing import Any

STATE, HTML = "browser_get_state", "browser_get_html"
"""Browser-Use's tools that tell what a page holds (0.13.14)."""
SAME = {"browser_type"}
"""After these the text of the page is as it was."""
_USED = {"a", "button", "input", "select", "textarea", "option", "summary"}
_DEAD = ["script", "style", "noscript", "svg", "template", "head", "iframe"]
_MANY = 60
_BLANK = re.compile(r"\s*\n\s*\n\s*")


def page(state: str, html: str) -> str:
    """The page from what the two tools said, without its text where `html` is empty; what is no JSON is left alone."""
    try:
        data = json.loads(state)
    except ValueError:
        return state
    elements = list(_elements(data.get("interactive_elements") or []))
    more = [f"and {len(elements) - _MANY} more"] if len(elements) > _MANY else []
    usable = ["What can be used, by its index:", *elements[:_MANY], *more] if elements else []
    told = [f"The page {data.get('url', '')}:", markdown(html)] if html else []
    return "\n".join([*told, *usable])


def markdown(html: str) -> str:
    """The visible text of a page; tables and headings keep their form."""
    from bs4 import BeautifulSoup  # a fifth of a second: only where a page is read
    from markdownify import MarkdownConverter

    soup = BeautifulSoup(html, "html.parser")
    for dead in soup(_DEAD):
        dead.decompose()
    text = MarkdownConverter(heading_style="ATX", strip=["img", "a"]).convert_soup(soup)
    return _BLANK.sub("\n\n", text).strip()


def _elements(found: list[dict[str, Any]]) -> Iterator[str]:
    label = ""
    for each in found:
        tag, text = each.get("tag", ""), " ".join(str(each.get("text", "")).split())[:80]
        if tag == "label":
            label = text
        if tag not in _USED:
            continue
        hint = [f"({each['placeholder']})"] if each.get("placeholder") else []
        where = [f"-> {each['href']}"] if each.get("href") else []
        yield " ".join([f"[{each.get('index')}] {tag}", text or label, *hint, *where])
        label = ""
