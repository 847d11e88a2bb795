"""A model that writes the same thing again and again: small ones do until their window is full."""

_TAIL = 60
_SPAN = 600
"""Characters of repetition at least; a list of zeros or a ruled line is shorter."""


def looping(text: str) -> bool:
    """Whether the end of `text` is one passage over and over: three times a long one, more often a short one."""
    tail = text[-_TAIL:]
    before = text.rfind(tail, 0, len(text) - 1)
    if before < 0 or len(text) < _SPAN:
        return False
    period = len(text) - _TAIL - before
    times = max(3, -(-_SPAN // period))
    return text[-period * times :] == text[-period:] * times
