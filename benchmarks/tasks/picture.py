"""Pictures that somebody drew: what can be said of them without eyes."""

from pathlib import Path

from PIL import Image

SMALLEST, LARGEST = (200, 150), 8000


def picture_problems(folder: Path, name: str, inked: float = 0.004) -> list[str]:
    """Whether it is a PNG of sensible size with something on it: so large a part is not of the commonest grey."""
    if not (folder / name).is_file():
        return [f"{name}: is not there"]
    with Image.open(folder / name) as image:
        if image.format != "PNG":
            return [f"{name}: is no PNG"]
        if image.width < SMALLEST[0] or image.height < SMALLEST[1] or max(image.size) > LARGEST:
            return [f"{name}: {image.width} x {image.height} pixels"]
        flat = Image.new("RGB", image.size, "white")
        flat.paste(image.convert("RGBA"), mask=image.convert("RGBA").getchannel("A"))
    counts = flat.convert("L").histogram()
    share = 1 - max(counts) / sum(counts)
    return [f"{name}: {share:.1%} of it is drawn on"] * (share < inked)


def draw_bars(folder: Path, name: str, heights: list[float], ink: str = "navy") -> None:
    """A bar for each number, none of them below zero."""
    picture = Image.new("RGB", (640, 480), "white")
    width, highest = 600 // len(heights), max(heights)
    for place, height in enumerate(heights):
        left, top = 20 + place * width, 460 - round(440 * height / highest)
        picture.paste(ink, (left, top, left + width - 8, 460))
    picture.save(folder / name, format="PNG")
