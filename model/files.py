"""
Files that are whole or not there: written aside under another name, then renamed.

Knows: the file system. Must not know: what is written.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from model.errors import StorageError, plain


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """
    A path to write to; what stands there when the block ends takes the place of `path`, else nothing changes.

    The file aside lies in the same folder, with the same ending, so that renaming it is one step and a run that is
    interrupted at any moment leaves the earlier file as it was. The folder is made if it is missing.

    Raises
    ------
    StorageError
        If the folder or the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     result = Path(folder) / "result.txt"
    ...     with replacing(result) as aside:
    ...         _ = aside.write_text("done", encoding="utf-8")
    ...     result.read_text(encoding="utf-8"), [p.name for p in Path(folder).iterdir()]
    ('done', ['result.txt'])
    """
    aside = path.with_name(f".{path.stem}.{os.getpid()}.partial{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield aside
        aside.replace(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StorageError(f"{plain(str(path))}: cannot be written ({reason}); give another path") from None
    finally:
        with suppress(OSError):
            aside.unlink()


def writable(path: Path) -> Path:
    """
    The path itself, if a file can be written there: asked before the work that is to be written.

    Raises
    ------
    StorageError
        If it is a folder, lies below a file, or in a folder that may not be written to.

    Examples
    --------
    >>> writable(Path("."))
    Traceback (most recent call last):
    model.errors.StorageError: .: cannot be written (Is a directory); give another path
    """
    above = next((one for one in (path.parent, *path.parent.parents) if one.exists()), path.parent)
    number = 0
    if path.is_dir():
        number = errno.EISDIR
    elif not above.is_dir():
        number = errno.ENOTDIR
    elif not os.access(above, os.W_OK | os.X_OK):
        number = errno.EACCES
    if number:
        raise StorageError(
            f"{plain(str(path))}: cannot be written ({os.strerror(number)}); give another path"
        )
    return path


__all__ = ["replacing", "writable"]
