"""JSON: a list made a table, two settings changed, things counted."""

import json
from pathlib import Path
from typing import Any

from benchmarks.tasks.table import Cell, table_problems, write_table
from benchmarks.tasks.task import Task, dice, read, write

ALBUMS = [
    ("Night Ferry", "Rosa Lund", 2011),
    ("Paper Streets", "The Menders", 1998),
    ("Slow Harvest", "Otis Vane", 2020),
    ("Tin Roof", "Marlow", 1987),
    ("Sea Level", "Inga Holm", 2004),
    ("Borrowed Coats", "The Menders", 2002),
    ("Ash and Apple", "Petra Dias", 2016),
    ("Long Division", "Marlow", 1993),
]


def write_albums(folder: Path) -> None:
    """A list of objects."""
    found = [{"title": title, "artist": artist, "year": year} for title, artist, year in ALBUMS]
    write(folder, "albums.json", json.dumps(found, indent=2) + "\n")


def by_year() -> list[tuple[str, str, int]]:
    """The oldest first."""
    return sorted(ALBUMS, key=lambda album: album[2])


def write_album_table(folder: Path, body: list[tuple[str, str, int]]) -> str:
    """The result."""
    write_table(folder, "albums.csv", "title,artist,year", body)
    return "The albums are in albums.csv."


SETTINGS: dict[str, Any] = {
    "language": "en",
    "autosave": True,
    "editor": {"font": "Mono", "font_size": 12, "wrap": False},
    "recent": ["a.txt", "b.txt"],
}
EDITOR: dict[str, Any] = SETTINGS["editor"] | {"font_size": 14}


def settings_problems(folder: Path, answer: str) -> list[str]:
    """Two values are new, all others are as they were."""
    found, wanted = json.loads(read(folder, "settings.json")), SETTINGS | {"language": "pt", "editor": EDITOR}
    keys = sorted(found.keys() | wanted.keys())
    return [f"settings.json: {key} is {found.get(key)}" for key in keys if found.get(key) != wanted.get(key)]


def change_settings(folder: Path, **changes: Any) -> str:
    """These keys changed."""
    write(folder, "settings.json", json.dumps(SETTINGS | changes, indent=2))
    return "settings.json is changed."


DISHES = "Açorda Bolo Canja Empada Feijoada Gaspacho Migas Omelete Pudim Sopa Tarte".split()
LARDER = ["ovos", "farinha", "azeite", "alho", "cebola", "leite", "pão", "tomate"]


def recipes() -> list[dict[str, Any]]:
    """Recipes, with each ingredient once."""
    chance = dice(231)
    return [
        {
            "nome": dish,
            "minutos": 5 * chance.randint(2, 18),
            "ingredientes": chance.sample(LARDER, chance.randint(2, 5)),
        }
        for dish in DISHES
    ]


def used(most: int) -> dict[str, int]:
    """How many recipes have each ingredient among their first ones."""
    found = [each for recipe in recipes() for each in recipe["ingredientes"][:most]]
    return {each: found.count(each) for each in LARDER if each in found}


def recipe_problems(folder: Path, answer: str) -> list[str]:
    """The counts."""
    found = json.loads(read(folder, "ingredientes.json"))
    return [] if found == used(len(LARDER)) else [f"ingredientes.json: {found}"]


def write_used(folder: Path, most: int) -> str:
    """The result."""
    write(folder, "ingredientes.json", json.dumps(used(most), ensure_ascii=False))
    return "As contagens estão em ingredientes.json."


def write_recipes(folder: Path) -> None:
    """The recipes."""
    write(folder, "receitas.json", json.dumps(recipes(), ensure_ascii=False, indent=2) + "\n")


ALBUM_ROWS: list[list[Cell]] = [list(album) for album in by_year()]

TASKS = [
    Task(
        "albums-to-csv",
        "json",
        "albums.json is a JSON list of objects with the keys title, artist and year. Turn it into albums.csv with the "
        "columns title, artist, year, sorted by year, the oldest album first.",
        write_albums,
        lambda folder, answer: table_problems(folder, "albums.csv", ALBUM_ROWS),
        lambda folder: write_album_table(folder, by_year()),
        lambda folder: write_album_table(folder, ALBUMS),
    ),
    Task(
        "change-settings",
        "json",
        'Change two values in settings.json: the key "language" should be "pt", and the key "font_size" inside the '
        'object "editor" should be 14. Everything else in the file must stay as it is.',
        lambda folder: write(folder, "settings.json", json.dumps(SETTINGS, indent=2) + "\n"),
        settings_problems,
        lambda folder: change_settings(folder, language="pt", editor=EDITOR),
        lambda folder: change_settings(folder, language="pt", font_size=14),
    ),
    Task(
        "ingredientes",
        "json",
        'O ficheiro receitas.json é uma lista de objetos como {"nome": "Canja", "minutos": 40, "ingredientes": '
        '["alho", "cebola"]}. Conta em quantas receitas entra cada ingrediente e grava o resultado em '
        'ingredientes.json, um objeto JSON como {"alho": 3, "cebola": 5}.',
        write_recipes,
        recipe_problems,
        lambda folder: write_used(folder, len(LARDER)),
        lambda folder: write_used(folder, 1),
    ),
]
