"""
A table of patients as a frame: one row a patient, one column a finding, and `id` if wanted.

A cell is a state, ``a|b`` or a list of possible states, weights of all states, an age, or missing. Every different cell of
a column is handed on once, so that a million patients take minutes.

Knows: frames, which names can be columns. Must not know: files, what a cell means.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from model.errors import EvidenceError, plain
from model.patient.naming import observable
from model.patient.no_finding import no_finding

if TYPE_CHECKING:
    import pandas as pd

    from priors.schema import KnowledgeBase

ID: Final = "id"
"""Column that names the patients; rows are numbered where it is missing or empty."""

UNIFORM: Final = ("string", "integer", "floating", "integer-na", "empty")
"""Kinds of column, as pandas infers them, of which equal cells mean the same."""


def check_columns(columns: Sequence[object], knowledge: KnowledgeBase, name: str) -> None:
    """
    Refuse a table whose columns are not all findings.

    Raises
    ------
    EvidenceError
        If one is no finding (`UnknownNameError`, if there is no such name), one comes twice, or there is none.
    """
    allowed = observable(knowledge)
    named = [str(column) for column in columns]
    wrong = [
        no_finding(f"{name}, header, column {plain(column)}", column, knowledge)
        for column in named
        if column != ID and column not in allowed
    ]
    if wrong:
        kinds = {type(error) for error in wrong}
        kind = kinds.pop() if len(kinds) == 1 else EvidenceError
        raise kind(*(line for error in wrong for line in error.problems))
    twice = sorted({column for column in named if named.count(column) > 1})
    if twice:
        raise EvidenceError(f"{name}, header: given twice: {', '.join(map(plain, twice))}; keep one of them")
    if not set(named) - {ID}:
        raise EvidenceError(f"{name}, header: no finding; give at least one column with a finding's name")


def with_index(table: pd.DataFrame) -> pd.DataFrame:
    """
    The table with what its index says as columns: a level with a name, or labels that name the patients.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"sex": ["male"]}, index=["A"])
    >>> list(with_index(table).columns), list(with_index(table.rename_axis("region")).columns)
    (['id', 'sex'], ['region', 'sex'])
    """
    import pandas as pd

    index = table.index
    named = [level for level in index.names if level is not None]
    if named:
        levels = pd.DataFrame({level: index.get_level_values(str(level)) for level in named})
        return pd.concat([levels, table.reset_index(drop=True)], axis=1)
    is_plain = isinstance(index, pd.RangeIndex) or index.nlevels > 1 or not index.is_unique
    if is_plain or ID in table.columns:
        return table
    return table.reset_index(names=ID)


def identifiers(table: pd.DataFrame, lines: Sequence[int]) -> list[str]:
    """Identifier of every patient: the cell of the column `id`, or the number of the line where there is none."""
    given = texts(table[ID]) if ID in table.columns else [""] * len(table)
    return [one or str(line) for one, line in zip(given, lines, strict=True)]


def refuse_repeated(
    ids: Iterable[str], lines: Iterable[int], where: str, seen: dict[str, int] | None = None
) -> None:
    """
    Refuse a patient whose identifier was there before.

    Parameters
    ----------
    ids, lines
        Identifier and line of each patient.
    where
        How a message begins, such as ``table.csv, line``.
    seen
        Identifier -> line of the patients before; these are added.

    Raises
    ------
    EvidenceError
        One line for the first that is repeated.
    """
    known = {} if seen is None else seen
    for one, line in zip(ids, lines, strict=True):
        before = known.setdefault(one, line)
        if before != line:
            raise EvidenceError(
                f"{where} {line}, column {ID}: {plain(one)} is there before, at {before}; give each patient its own"
            )


def texts(column: pd.Series[str]) -> list[str]:
    """Cells as texts without surrounding blanks; empty where something is missing."""
    codes, different = coded(column)
    return [str(different[code]) for code in codes.tolist()]


def coded(column: pd.Series[str]) -> tuple[NDArray[np.intp], list[object]]:
    """
    Number of the content of every cell, and the different contents, of which the last is empty and stands for missing.

    Examples
    --------
    >>> import pandas as pd
    >>> coded(pd.Series([" a", None, ["a", "b"], "a"]))[1]
    ['a', ['a', 'b'], '']
    """
    import pandas as pd

    whole = column.astype(object) if isinstance(column.dtype, pd.CategoricalDtype) else column
    if pd.api.types.infer_dtype(whole, skipna=True) in UNIFORM:
        codes, different = pd.factorize(whole, use_na_sentinel=True)
        return codes, [*map(content, different), ""]
    # Lists have no hash, and 1, 1.0 and True have the same one: cells of several kinds are told apart by what they are.
    numbers: dict[str, int] = {}
    found: list[object] = []
    codes = np.empty(len(whole), dtype=np.intp)
    for row, cell in enumerate(whole):
        inside = content(cell)
        codes[row] = numbers.setdefault(repr(inside), len(numbers)) if inside != "" else -1
        if codes[row] == len(found):
            found.append(inside)
    return codes, [*found, ""]


def content(cell: object) -> object:
    """
    A cell as plain Python: text without surrounding blanks, whole numbers without a point, empty for missing.

    Examples
    --------
    >>> content(np.float64(3)), content(" x "), content(None), content(np.array(["a"])), content(True)
    (3, 'x', '', ['a'], True)
    """
    import pandas as pd

    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, (np.ndarray, np.generic)):
        return content(cell.tolist())
    if isinstance(cell, Decimal):
        return content(float(cell))
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, (list, tuple, set, frozenset, dict)):
        return cell
    return "" if cell is None or cell is pd.NA or cell is pd.NaT or cell != cell else cell  # noqa: PLR0124


__all__ = [
    "ID",
    "check_columns",
    "coded",
    "content",
    "identifiers",
    "refuse_repeated",
    "texts",
    "with_index",
]
