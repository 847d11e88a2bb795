"""States of a workspace: taken, compared, and put back.

A snapshot covers files, links and folders, ignored files too. Not covered, and named in `Snapshot.uncovered` so that
the caller can have them read-only: folders of tools (`NOISE`: `.git`, `.venv`, `node_modules`, ...), files that are too
big, FIFOs and the like, what cannot be read, folders with too many entries, and the file that our own output goes to.
Of files among those, size and time are compared. Restoring brings back contents, links and the permissions of files,
but no times. Contents lie in a store outside of the workspace; each snapshot is one manifest in it, so its id is all
that a later process needs, and the caller prunes by removing the store.
"""

import difflib
import json
import os
import re
import stat
import threading
import time
from collections import defaultdict
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from tools.changes import NOTHING, Changes, Saved, Snapshot, diff
from tools.contents import Contents, name_of
from tools.folder import Folder, kind_of
from tools.workspace import Found, Workspace, shown, unshown

__all__ = ["NOTHING", "Changes", "Saved", "Snapshot", "Snapshots", "diff"]

FILE_BYTES = 50_000_000
TOTAL_BYTES = 500_000_000
"""A file of more bytes, and files beyond so many bytes in one snapshot, are not covered."""
_SETTLED = 2_000_000_000  # ns; FAT's clock: a file that is younger may change once more without a trace
_COMPARED = 1_000_000
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_SOME = 1000


class Snapshots:
    """The snapshots of one workspace; `store` and `seed` are folders outside of it, the user's own: see Contents."""

    def __init__(self, workspace: Path, store: Path, seed: Path | None = None) -> None:
        self.workspace = Workspace(workspace)
        self._contents = Contents(store, seed)
        self._known: dict[str, tuple[tuple[int, ...], Saved]] = {}
        self._last: Collection[str] = ()
        self._lock = threading.RLock()  # a run that is ended meets the thread of its last look

    def take(self) -> Snapshot:
        """The state now; a file that vanishes meanwhile counts as absent, unchanged ones are not read again.

        Raises:
            OSError: the workspace is gone, or the store cannot be written.
        """
        with self._lock:
            return self._take()

    def _take(self) -> Snapshot:
        saved: dict[str, Saved] = {}
        odd: dict[str, str] = {}
        folders, left = set(), TOTAL_BYTES
        for found in self.workspace.walk():
            if found.kind == "folder":
                folders.add(found.path)
                continue
            room = FILE_BYTES if found.path in self._last else min(left, FILE_BYTES)  # what was covered stays so
            plain = found.kind in {"file", "link"} and not _ours(found.stat)
            entry = self._saved(found) if plain and found.stat.st_size <= room else None
            if entry:
                saved[found.path] = entry
                left -= found.stat.st_size
            elif _is_there(found):
                odd[found.path] = _trace(found)
        self._known = {path: known for path, known in self._known.items() if path in saved}
        self._last = saved
        manifest = json.dumps({"saved": saved, "folders": sorted(folders), "odd": odd})
        return Snapshot(self._contents.put(manifest.encode("ascii")), saved, frozenset(folders), odd)

    def load(self, identity: str) -> Snapshot:
        """The snapshot of that id, also of an earlier process.

        Raises:
            KeyError: the store does not have it.
        """
        manifest = json.loads(self._contents.get(identity))
        saved = {path: Saved(*entry) for path, entry in manifest["saved"].items()}
        return Snapshot(identity, saved, frozenset(manifest["folders"]), manifest["odd"])

    def diff(self, before: Snapshot, after: Snapshot) -> Changes:
        """The changes from one to the other; nothing is said of places that one of them could not see."""
        return diff(before, after)

    def size(self, snapshot: Snapshot, path: str) -> int | None:
        """The bytes of a file or link; None where it is not covered."""
        return len(self._contents.get(snapshot.saved[path].content)) if path in snapshot.saved else None

    def unified(self, before: Snapshot, after: Snapshot, path: str) -> str:
        """The difference of one text file, as it is; one line where it is no text, too large or uncovered."""
        old, new = self._text(before, path), self._text(after, path)
        if old is None or new is None:
            sizes = [
                f"{size:,} bytes" if size is not None else "none"
                for size in (self.size(before, path), self.size(after, path))
            ]
            return f"{path}: no text, or too large to compare ({' -> '.join(sizes)})\n"
        was = f"a/{path}" if path in before.saved else "(none)"
        now = f"b/{path}" if path in after.saved else "(none)"
        lines = difflib.unified_diff(_LINE.findall(old), _LINE.findall(new), was, now)
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)

    def restore(self, snapshot: Snapshot) -> list[str]:
        """Put the workspace back; the paths where that failed, or could not be done, are returned, sorted.

        Raises:
            OSError: the workspace itself is gone.
            KeyError: the snapshot is of another store.
        """
        if "." in snapshot.odd:
            return ["."]
        with self._lock:
            return self._put_back(snapshot)

    def _put_back(self, snapshot: Snapshot) -> list[str]:
        children = defaultdict(set)
        for path in (*snapshot.saved, *snapshot.folders, *snapshot.odd):
            above, _, name = path.rpartition("/")
            children[above].add(name)
        failed: set[str] = set()
        with Folder.at(self.workspace.root) as root:
            self._restore(root, "", snapshot, children, failed)
        now = self.take().odd if snapshot.odd else {}
        return sorted(failed | {path for path, trace in snapshot.odd.items() if now.get(path) != trace})

    def _restore(
        self, folder: Folder, above: str, snapshot: Snapshot, children: dict[str, set[str]], failed: set[str]
    ) -> None:
        names = children[above.rstrip("/")]
        failed |= {above + name for name in _cleared(folder, names)}
        for name in sorted(names):
            path = above + name
            try:
                if path in snapshot.saved:
                    self._bring_back(folder, path, snapshot.saved[path])
                elif path in snapshot.folders:
                    with _made(folder, unshown(name)) as inner:
                        self._restore(inner, f"{path}/", snapshot, children, failed)
            except OSError:
                failed.add(path)

    def _bring_back(self, folder: Folder, path: str, saved: Saved) -> None:
        name = unshown(path.rpartition("/")[2])
        if self._is(folder, path, name, saved):
            return
        if _kind(folder, name) == "folder":
            folder.remove(name)
        data = self._contents.get(saved.content)
        if stat.S_ISLNK(saved.mode):
            folder.link(name, os.fsdecode(data))
        else:
            folder.write(name, data, saved.mode & 0o777)

    def _is(self, folder: Folder, path: str, name: str, saved: Saved) -> bool:
        """Whether the file or link is there as it was."""
        try:
            found = folder.stat(name)
            known = self._known.get(path)
            if known and known[0] == _signature(found):
                return known[1] == saved
            mode, data = _read(Found(path, kind_of(found), found, folder, name))
        except OSError:
            return False
        return Saved(mode, name_of(data)) == saved

    def _saved(self, found: Found) -> Saved | None:
        """The entry with its content in the store; None where it cannot be read, or is too big."""
        known = self._known.get(found.path)
        if known and known[0] == _signature(found.stat):
            return known[1]
        try:
            mode, data = _read(found)
        except OSError:
            return None
        if len(data) > FILE_BYTES:
            return None
        saved = Saved(mode, self._contents.put(data))
        if found.stat.st_ctime_ns < time.time_ns() - _SETTLED:
            self._known[found.path] = (_signature(found.stat), saved)
        return saved

    def _text(self, snapshot: Snapshot, path: str) -> str | None:
        if path not in snapshot.saved:
            return None if path in snapshot.odd or not snapshot.sees(path) else ""
        data = self._contents.get(snapshot.saved[path].content)
        return None if len(data) > _COMPARED or b"\0" in data else data.decode("utf-8", "replace")


def _signature(found: os.stat_result) -> tuple[int, ...]:
    return found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _trace(found: Found) -> str:
    if found.kind in {"noise", "cut"}:
        return "folder"
    if _ours(found.stat):
        return "ours"
    return f"{found.kind} {found.stat.st_size} {found.stat.st_mtime_ns} {found.stat.st_ino}"


def _ours(found: os.stat_result) -> bool:
    """Whether our own output goes there, as with `commander ... > log.txt`: put back, it would lose the rest."""
    for number in (1, 2):
        with suppress(OSError):
            if os.path.samestat(found, os.fstat(number)):
                return True
    return False


def _is_there(found: Found) -> bool:
    return _kind(found.folder, found.name) is not None or found.path == "."


def _kind(folder: Folder, name: str) -> str | None:
    try:
        return kind_of(folder.stat(name))
    except OSError:
        return None


def _read(found: Found) -> tuple[int, bytes]:
    """Mode and content of a file or link, one byte more than we cover at most; raises OSError."""
    if found.kind == "link":
        return stat.S_IFLNK, os.fsencode(found.folder.target(found.name))
    with found.folder.file(found.name) as file:
        return found.stat.st_mode, file.read(FILE_BYTES + 1)


def _made(folder: Folder, name: str) -> Folder:
    """The folder of that name, open; made where there is none."""
    kind = _kind(folder, name)
    if kind != "folder":
        if kind:
            folder.remove(name)
        folder.make(name)
    return folder.folder(name)


def _cleared(folder: Folder, wanted: set[str]) -> set[str]:
    """Remove what is not wanted, however much it is; what could not be removed is returned."""
    failed: set[str] = set()
    while names := {shown(name) for name in folder.names(len(wanted) + len(failed) + _SOME)} - wanted - failed:
        for name in names:
            try:
                folder.remove(unshown(name))
            except OSError:
                failed.add(name)
    return {name for name in failed if _kind(folder, unshown(name))}
