"""
A table of patients as a frame: one row a patient, one column a finding, and `id` if wanted.

A cell is a state, ``a|b`` or a list of possible states, weights of all states, an age, or missing. Every different cell of
a column is handed on once, so that a million patients take minutes.

Knows: frames, which names can be columns. Must not know: files, what a cell means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from model.errors import EvidenceError, MilletError, UnknownNameError, plain, shown, together, unknown
from model.patient.naming import observable
from model.patient.no_finding import no_finding
from model.patient.weights import weights

if TYPE_CHECKING:
    import pandas as pd

    from model.inference.graph import FloatArray
    from priors.schema import KnowledgeBase

ID: Final = "id"
"""Column that names the patients; rows are numbered where it is missing or empty."""

NAMES_PATIENTS: Final = frozenset(
    {"id", "patient", "patient_id", "case", "case_id", "subject", "subject_id", "identifier", "name", "fall"}
)
"""What others call that column, in lower case; it is asked whether it is meant."""

MAX_PROBLEMS: Final = 20
"""So many cells that cannot be read are named before a table is refused."""

AT: Final = "cell"
"""Stands for the place of a cell until it is known that the place is needed."""

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
        _no_column(f"{name}, header, column {plain(column)}", column, named, knowledge)
        for column in named
        if column != ID and column not in allowed
    ]
    if wrong:
        raise together(wrong)
    twice = sorted({column for column in named if named.count(column) > 1})
    if twice:
        raise EvidenceError(f"{name}, header: given twice: {', '.join(map(plain, twice))}; keep one of them")
    if not set(named) - {ID}:
        raise EvidenceError(f"{name}, header: no finding; give at least one column with a finding's name")


def _no_column(where: str, column: str, columns: Sequence[str], knowledge: KnowledgeBase) -> EvidenceError:
    if ID not in columns and column.casefold().replace(" ", "_").replace("-", "_") in NAMES_PATIENTS:
        return UnknownNameError(
            f"{unknown(where, 'finding', column)}; if it names the patients, call it {ID}"
        )
    return no_finding(where, column, knowledge)


def with_index(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """
    The table with what its index says as columns: levels with a name, and labels that name the patients.

    Numbers that pandas gave by itself, and those of which some repeat, say nothing.

    Raises
    ------
    EvidenceError
        If a level without a name stands beside others; `name` is what messages call the table.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"sex": ["male"]}, index=["A"])
    >>> list(with_index(table, "a").columns), list(with_index(table.rename_axis("region"), "a").columns)
    (['id', 'sex'], ['region', 'sex'])
    """
    import pandas as pd

    index = table.index
    names = list(index.names)
    if names == [None]:
        is_plain = isinstance(index, pd.RangeIndex) or (
            pd.api.types.is_number(index[0]) if len(index) else True
        )
        is_plain = is_plain and (isinstance(index, pd.RangeIndex) or not index.is_unique)
        if is_plain or ID in table.columns:
            return table
        names = [ID]
    if None in names:
        raise unnamed_levels(name, names.count(None))
    levels = pd.DataFrame({level: index.get_level_values(i) for i, level in enumerate(names)})
    return pd.concat([levels, table.reset_index(drop=True)], axis=1)


def unnamed_levels(name: str, n: int) -> EvidenceError:
    """The error for levels of an index of which nobody can say what they hold."""
    return EvidenceError(
        f"{name}, index: {n} {'levels' if n > 1 else 'level'} without a name; name them (id names patients) or drop them"
    )


def identifiers(table: pd.DataFrame, lines: Sequence[object], where: str) -> list[str]:
    """
    Identifier of every patient: the cell of the column `id`, or the number of the line where there is none.

    Raises
    ------
    EvidenceError
        If one is no text, number or date; `where` begins the place of a line.
    """
    if ID not in table.columns:
        return [str(line) for line in lines]
    codes, different = coded(table[ID])
    for code, given in enumerate(different):
        if isinstance(given, bool) or not isinstance(given, (str, int, float, date)):
            line = lines[int((codes == code).argmax())]
            raise EvidenceError(
                f"{where} {line}, column {ID}: found {shown(given)}; allowed is a text or a number; change it"
            )
    names = [str(one) for one in different]
    return [names[code] or str(line) for code, line in zip(codes.tolist(), lines, strict=True)]


def findings(table: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Finding -> value of each patient, without what is missing."""
    columns = {str(name): coded(table[name]) for name in table.columns if name != ID}
    for row in range(len(table)):
        found = {name: different[codes[row]] for name, (codes, different) in columns.items()}
        yield {name: value for name, value in found.items() if value != ""}


def weighed(
    table: pd.DataFrame, knowledge: KnowledgeBase, lines: Sequence[int], where: str
) -> dict[str, tuple[NDArray[np.intp], FloatArray]]:
    """
    Finding -> number of the content of every cell, shape (n_patients,), and weights of each, shape (n_contents, n_states).

    Parameters
    ----------
    table
        With columns that `check_columns` allows.
    knowledge
        Gives the states.
    lines, where
        Number of each row, and how the place of one begins.

    Raises
    ------
    EvidenceError
        If a cell cannot be read; a line for each different content of a column, `MAX_PROBLEMS` at most.
    """
    found: dict[str, tuple[NDArray[np.intp], FloatArray]] = {}
    wrong: list[MilletError] = []
    for column in (str(one) for one in table.columns if one != ID):
        codes, different = coded(table[column])
        variable = knowledge.variables[column]
        of_content = np.ones((len(different), len(variable.states)))
        for code, value in enumerate(different):
            if value != "":
                try:
                    of_content[code] = weights(value, variable, AT)
                except MilletError as error:
                    at = f"{where} {lines[int((codes == code).argmax())]}, column {column}"
                    wrong.append(type(error)(*(problem.replace(AT, at, 1) for problem in error.problems)))
        found[column] = codes, of_content
    if more := len(wrong[MAX_PROBLEMS:]):
        wrong[MAX_PROBLEMS:] = [EvidenceError(f"{where.rpartition(', ')[0]}: and {more} more cells")]
    if wrong:
        raise together(wrong)
    return found


def refuse_repeated(ids: Iterable[str], lines: Iterable[int], where: str) -> None:
    """
    Refuse a patient whose identifier was there before.

    Parameters
    ----------
    ids, lines
        Identifier and line of each patient.
    where
        How a message begins, such as ``table.csv, line``.

    Raises
    ------
    EvidenceError
        One line for the first that is repeated.
    """
    known: dict[str, int] = {}
    for one, line in zip(ids, lines, strict=True):
        before = known.setdefault(one, line)
        if before != line:
            raise repeated(one, where, line, before)


def repeated(one: str, where: str, line: int, before: int) -> EvidenceError:
    """The error for an identifier that stands on a line and stood on an earlier one; `where` begins the place of both."""
    kind = where.rpartition(" ")[2]
    return EvidenceError(
        f"{where} {line}, column {ID}: {plain(one)} is there before, at {kind} {before}; give each patient its own"
    )


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
    if isinstance(whole.dtype, pd.StringDtype) or pd.api.types.infer_dtype(whole, skipna=True) in UNIFORM:
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
    "MAX_PROBLEMS",
    "check_columns",
    "coded",
    "content",
    "findings",
    "identifiers",
    "refuse_repeated",
    "repeated",
    "unnamed_levels",
    "weighed",
    "with_index",
]
