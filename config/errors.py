"""Errors that a user can cause, each one line that ends with what to type next.

CommanderError            exit 1, the task was not done
├── DiskError             exit 1, a disk is full, or a folder is gone or closed
├── WindowError           exit 1, a prompt does not fit in the model's context window
├── UsageError            exit 2, arguments or settings are wrong
└── MissingError          exit 3, something that the run needs is not there
    ├── ServerError       no model server answers, or it answers nonsense
    ├── ModelError        the model is missing, unfit, or its weights cannot be had
    └── JailError         generated code cannot be confined here
"""

import errno


class CommanderError(Exception):
    """What failed, with the value, and the next command to type; raised anywhere, caught in `__main__` alone."""

    exit_code = 1

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(f"{what}; next: {remedy}" if remedy else what)
        self.what = what
        self.remedy = remedy

    def __reduce__(self) -> tuple[type["CommanderError"], tuple[str, str]]:
        return type(self), (self.what, self.remedy)


class WindowError(CommanderError):
    """A prompt does not fit in the model's context window."""


class DiskError(CommanderError):
    """A disk is full, or a folder is gone or closed to us."""

    @classmethod
    def of(cls, error: OSError) -> "DiskError":
        """What the system said, as one line."""
        place = f": {error.filename}" if error.filename else ""
        remedy = _REMEDIES.get(error.errno or 0, "look at the disk and the permissions")
        return cls(f"{error.strerror or error}{place}", f"{remedy}, then commander resume")


_REMEDIES = {errno.ENOSPC: "free some space (df -h)", errno.ENOENT: "bring it back"}


class UsageError(CommanderError):
    """Arguments or settings are wrong."""

    exit_code = 2


class MissingError(CommanderError):
    """Something that the run needs is not there."""

    exit_code = 3


class ServerError(MissingError):
    """No model server answers, or it answers nonsense."""


class ModelError(MissingError):
    """The model is missing or unfit, or its weights cannot be had."""


class JailError(MissingError):
    """Generated code cannot be confined here."""
