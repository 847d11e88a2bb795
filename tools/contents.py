"""Contents by their names, in a git object store that survives whatever ends its writer."""

import os
import zlib
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from dulwich.errors import FileFormatException
from dulwich.object_store import DiskObjectStore
from dulwich.objects import Blob, ObjectID


def name_of(data: bytes) -> str:
    """The name of a content: equal ones have equal names."""
    return Blob.from_string(data).id.decode("ascii")


class Contents:
    """A folder of contents; what the folder `seed` has as well is linked, not copied, and stays when that one goes."""

    def __init__(self, place: Path, seed: Path | None = None) -> None:
        self._place, self._seed = place, seed

    @cached_property
    def _store(self) -> DiskObjectStore:
        if not (self._place / "pack").is_dir():
            self._place.mkdir(mode=0o700, parents=True, exist_ok=True)
            DiskObjectStore.init(self._place)
        return DiskObjectStore(self._place)

    def put(self, data: bytes) -> str:
        """Keep a content; its name.

        Raises:
            OSError: it cannot be written.
        """
        blob = Blob.from_string(data)
        name = blob.id.decode("ascii")
        place = Path(self._store.path) / name[:2] / name[2:]
        if not (place.exists() or self._linked(place)):
            new = place.with_suffix(f".{os.getpid()}")  # not dulwich's own way: its locks outlive a killed process
            new.touch(0o600)
            new.write_bytes(blob.as_legacy_object(compression_level=1))
            new.replace(place)
        return name

    def _linked(self, place: Path) -> bool:
        """Whether the content could be had from the seed."""
        place.parent.mkdir(mode=0o700, exist_ok=True)
        if self._seed is not None:
            with suppress(OSError):  # not there, or links are not possible here
                os.link(self._seed / place.parent.name / place.name, place)
                return True
        return False

    def get(self, name: str) -> bytes:
        """The content of that name.

        Raises:
            KeyError: it is not here, or a power cut has spoilt it.
        """
        try:
            return self._store.get_raw(ObjectID(name.encode("ascii")))[1]
        except (FileFormatException, zlib.error):
            raise KeyError(name) from None
