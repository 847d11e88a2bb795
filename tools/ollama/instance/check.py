"""One thing that was looked at, and what no look from outside can tell."""

from dataclasses import dataclass

LIMITS = (
    "/api/ps has no process id and no count of clients, and `ollama ps` has never had a CLIENTS column: that one "
    "process serves both roles follows from the digest, the window, expires_at and the load times together.",
    "It holds for the time of this check: another program may ask for another window or another model a moment later, "
    "and the server then loads or unloads as it likes.",
    "A server on another machine, in a container or under another user does not show its processes; then the process "
    "that holds the model is judged by times and /api/ps alone.",
)
"""What the checks cannot prove."""


@dataclass(frozen=True)
class Check:
    """What was looked at, whether it is as it should be, the evidence in words, and what to type where it is not."""

    name: str
    holds: bool
    evidence: str
    remedy: str = ""
