"""JSON: values deep in a file, two files made one, a line for each event."""

import json
from pathlib import Path
from typing import Any

from benchmarks.tasks.answer import number_problems
from benchmarks.tasks.task import Task, dice, read, write


def inventory() -> dict[str, Any]:
    """Warehouses with items; some prices are texts."""
    chance = dice(51)
    items = [
        {
            "sku": f"K-{chance.randint(100, 999)}",
            "quantity": chance.randint(0, 60),
            "price": str(price) if number % 5 == 3 else price,
        }
        for number, price in enumerate(chance.randint(50, 9900) / 100 for _ in range(24))
    ]
    places = ["Porto", "Braga", "Faro"]
    return {"currency": "EUR", "warehouses": [{"city": c, "items": items[n::3]} for n, c in enumerate(places)]}


def stock_value(warehouses: int) -> float:
    """What lies in the first so many of them."""
    items = [item for warehouse in inventory()["warehouses"][:warehouses] for item in warehouse["items"]]
    return round(sum(int(item["quantity"]) * float(item["price"]) for item in items), 2)


DEFAULTS: dict[str, Any] = {
    "window": {"width": 1024, "height": 768, "panels": {"left": True, "right": True}},
    "editor": {"font": "Mono", "size": 12, "rulers": [80, 100], "spell": {"on": True, "language": "en"}},
    "plugins": ["git", "search"],
    "telemetry": True,
    "proxy": {"host": "none", "port": 8080},
}
OVERRIDE: dict[str, Any] = {
    "window": {"width": 1600, "panels": {"right": False}},
    "editor": {"size": 14, "rulers": [120], "spell": {"language": "pt", "words": ["Commander"]}},
    "plugins": [],
    "proxy": None,
    "theme": {"name": "dusk"},
}


def write_settings(folder: Path) -> None:
    """The two files."""
    write(folder, "defaults.json", json.dumps(DEFAULTS, indent=2))
    write(folder, "override.json", json.dumps(OVERRIDE, indent=2))


def merged(below: Any, above: Any) -> Any:
    """Objects merged at all levels; null removes."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    both = below | {key: merged(below.get(key), value) for key, value in above.items()}
    return {key: value for key, value in both.items() if value is not None}


def merge_problems(folder: Path, answer: str) -> list[str]:
    """The merged settings."""
    found, wanted = json.loads(read(folder, "merged.json")), merged(DEFAULTS, OVERRIDE)
    keys = sorted(found.keys() | wanted.keys())
    return [f"merged.json: {key} is {found.get(key)}" for key in keys if found.get(key) != wanted.get(key)]


def write_merged(folder: Path, settings: dict[str, Any]) -> str:
    """The result."""
    write(folder, "merged.json", json.dumps(settings, indent=2))
    return "merged.json has both."


USERS = ("ines", "joao", "kim", "lars", "mei")
BROKEN_LINES = ('{"user": "kim", "type": "purch', "", '{"user": "ines" "type": "purchase"}')


def events() -> list[dict[str, Any]]:
    """What users did; lars buys nothing."""
    chance, found = dice(61), []
    for number in range(160):
        user = chance.choice(USERS)
        kinds = ["view", "login", "refund"] if user == "lars" else ["view", "purchase", "purchase", "refund"]
        found.append({"id": number, "user": user, "type": chance.choice(kinds), "amount": chance.randint(3, 90)})
    return found


def write_events(folder: Path) -> None:
    """An object a line; some lines are broken."""
    texts = [json.dumps(event) for event in events()]
    for number, line in enumerate(BROKEN_LINES):
        texts.insert(30 * (number + 1), line)
    write(folder, "events.jsonl", "\n".join(texts) + "\n")


def purchases(kinds: tuple[str, ...]) -> dict[str, int]:
    """Events of these kinds by user."""
    buyers = [event["user"] for event in events() if event["type"] in kinds]
    return {user: buyers.count(user) for user in USERS if user in buyers}


def purchase_problems(folder: Path, answer: str) -> list[str]:
    """The counts; a user with none may be left out or have 0."""
    found = json.loads(read(folder, "purchases.json"))
    counted = {user: count for user, count in found.items() if count != 0 or user != "lars"}
    return [] if counted == purchases(("purchase",)) else [f"purchases.json: {found}"]


def write_purchases(folder: Path, kinds: tuple[str, ...]) -> str:
    """The result."""
    write(folder, "purchases.json", json.dumps(purchases(kinds)))
    return "purchases.json is done."


TASKS = [
    Task(
        "inventory",
        "json",
        'inventory.json looks like {"currency": "EUR", "warehouses": [{"city": "...", "items": [{"sku": "...", '
        '"quantity": 3, "price": 9.5}, ...]}, ...]}; a few prices are strings like "4.20". What is the value of '
        "everything in stock, i.e. quantity times price over all items of all warehouses? Two decimals.",
        lambda folder: write(folder, "inventory.json", json.dumps(inventory(), indent=1)),
        lambda folder, answer: number_problems(answer, stock_value(3)),
        lambda folder: f"The stock is worth {stock_value(3)} EUR.",
        lambda folder: f"The stock is worth {stock_value(2)} EUR.",
    ),
    Task(
        "merge-settings",
        "json",
        "Merge defaults.json and override.json into merged.json. Where both have a key, the value of override.json "
        "wins; if both values are objects, merge these in the same way, at any depth. Lists are not merged but "
        "replaced. A null in override.json removes the key.",
        write_settings,
        merge_problems,
        lambda folder: write_merged(folder, merged(DEFAULTS, OVERRIDE)),
        lambda folder: write_merged(folder, DEFAULTS | OVERRIDE),
    ),
    Task(
        "purchases",
        "json",
        "Each line of events.jsonl is a JSON object with the keys id, user, type and amount; a few lines are broken, "
        "skip those. Count the events of type purchase for each user and save the counts as one JSON object, user -> "
        "count, in purchases.json.",
        write_events,
        purchase_problems,
        lambda folder: write_purchases(folder, ("purchase",)),
        lambda folder: write_purchases(folder, ("purchase", "refund")),
    ),
]
