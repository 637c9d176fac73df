"""Read the project's own source: its tracked files, its modules and what they import."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Import:
    """One import: who imports what, where, and whether it happens when the module is loaded, or ever."""

    importer: str
    imported: str
    line: int
    at_load: bool
    for_types: bool = False

    @property
    def top(self) -> str:
        """Distribution or package that is imported, such as `numpy`."""
        return self.imported.split(".")[0]

    @property
    def is_standard(self) -> bool:
        """Whether the standard library provides it."""
        return self.top in sys.stdlib_module_names

    def __str__(self) -> str:
        """Importer, line and imported, as a failing test shows them."""
        return f"{self.importer}:{self.line} imports {self.imported}"


@cache
def tracked_files() -> tuple[Path, ...]:
    """Files that git tracks or would track, without those that are deleted."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    output = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(path for name in sorted(filter(None, output.split("\0"))) if (path := ROOT / name).is_file())


def sources(*tops: str) -> tuple[Path, ...]:
    """Python files below these folders (or these files themselves)."""
    return tuple(
        path for path in tracked_files() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in tops
    )


def module_name(path: Path) -> str:
    """Dotted name of a source file: `model.inference.engine`."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(path: Path) -> ast.Module:
    """Syntax tree of a source file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def imports(path: Path) -> tuple[Import, ...]:
    """Every import of a source file, those inside functions and for type checkers (`if TYPE_CHECKING`) included."""
    package = module_name(path) if path.name == "__init__.py" else module_name(path).rpartition(".")[0]
    found = []
    for node, at_load, for_types in _walk(tree(path), at_load=True, for_types=False):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            names = [_resolve(stem, alias.name) for alias in node.names]
        importer = module_name(path)
        found += [Import(importer, name, node.lineno, at_load, for_types) for name in dict.fromkeys(names)]
    return tuple(found)


def _resolve(stem: str, name: str) -> str:
    """`from model import network` imports the module `model.network.network`, as `import model.network.network` does."""
    as_path = ROOT.joinpath(*stem.split("."), name)
    is_module = as_path.with_suffix(".py").is_file() or (as_path / "__init__.py").is_file()
    return f"{stem}.{name}" if is_module else stem


def _walk(node: ast.AST, *, at_load: bool, for_types: bool) -> Iterator[tuple[ast.AST, bool, bool]]:
    """Every statement below, with whether it runs when the module is loaded, and whether it is for type checkers alone."""
    is_types = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):  # holds no statement
            continue
        types = for_types or (is_types and child in node.body)
        inside = at_load and not types and not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        yield child, inside, types
        yield from _walk(child, at_load=inside, for_types=types)
