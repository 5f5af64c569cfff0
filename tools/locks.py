"""One at a time: several people and runs share a machine's caches, server and templates."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def only_one(path: Path, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the lock ``path``; call ``waiting`` once when another run holds it.

    The kernel frees it when the process ends, however it ends, so no stale lock is left.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting:
                waiting()
            fcntl.flock(stream, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(stream, fcntl.LOCK_UN)  # also when a child still has the file open
