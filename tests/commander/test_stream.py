"""However a stream is cut, its journal misses no text and holds no secret."""

import random

from commander.sessions.stream import Stream
from tools.events import Delta, Event, Notice, Output
from tools.redaction import HIDDEN, redactor

KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\nBgkqhkiG9w0B\n-----END PRIVATE KEY-----"
TEXT = f"first line\nthe key is correct-horse-battery, keep it\n{KEY}\ncafé\n\nlast line without an end"


def journalled(text: str, cuts: list[int], chance: random.Random) -> list[Event]:
    """The events that are written for the text in these pieces, of a program or of a model."""
    stream, found = Stream(), list[Event]()
    model = chance.random() < 0.5
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        piece = text[start:end]
        found += stream.ready(Delta("executor", piece) if model else Output(piece))
    return [*found, *stream.ready(Notice("then"))]


def test_no_cut_lets_a_secret_through_or_loses_text() -> None:
    hide = redactor(["correct-horse-battery"])
    chance = random.Random(1)
    for _ in range(500):
        cuts = sorted(chance.sample(range(1, len(TEXT)), chance.randint(0, 40)))
        *events, last = journalled(TEXT, cuts, chance)
        texts = [event.text for event in events if isinstance(event, Output | Delta)]
        assert "".join(texts) == TEXT and last == Notice("then")
        kept = "".join(map(hide, texts))
        assert "horse" not in kept and "MIIE" not in kept and "Bgkq" not in kept, cuts
        assert kept.count(HIDDEN) == 2


def test_two_streams_are_kept_apart() -> None:
    stream = Stream()
    assert stream.ready(Delta("commander", "a")) == []
    assert stream.ready(Delta("executor", "b\nc")) == [Delta("commander", "a"), Delta("executor", "b\n")]
    assert stream.ready(Output("d\n")) == [Delta("executor", "c"), Output("d\n")]
    assert stream.rest() == []


def test_what_never_ends_its_line_is_written_all_the_same() -> None:
    stream, written = Stream(), 0
    for _ in range(1000):
        written += sum(len(event.text) for event in stream.ready(Output("x" * 100)) if isinstance(event, Output))
    assert written > 70_000
