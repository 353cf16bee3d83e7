"""The files of the repository, as a reader of it sees them."""

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_NOT_OURS = {".git", ".venv", "var", "node_modules", "test-results", "__pycache__", "staticfiles"}


def files(*suffixes: str) -> Iterator[Path]:
    """Every file of the project, or those that end so; caches, environments and local data left out."""
    for folder, names, found in os.walk(ROOT):
        names[:] = sorted(n for n in names if n not in _NOT_OURS and not n.endswith("_cache") and n != ".hypothesis")
        for name in sorted(found):
            if name != ".env" and (not suffixes or name.endswith(suffixes)):
                yield Path(folder, name)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
