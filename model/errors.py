"""
Everything that can go wrong for a reason the user can mend.

::

    ValueError
    ├── MilletError
    │   ├── CaseFileError              the file or text cannot be read as cases
    │   ├── EvidenceError              what is said or asked of a patient cannot be used; lists every problem
    │   │   ├── UnknownNameError       a finding, state, diagnosis ... that the network does not have
    │   │   └── ContradictionError     two findings that cannot be true of one patient
    │   ├── ImpossibleFindingsError    as ImpossibleEvidenceError, naming the findings that clash
    │   ├── StorageError               stored parameter draws are missing, stale or damaged
    │   ├── ElicitationError           a run of the sampler did not converge
    │   └── MissingPackageError        a package that is not installed is needed for what was asked
    ├── ImpossibleEvidenceError        (model.inference) probability 0 under every diagnosis
    └── KnowledgeError                 (priors) the tables are broken

Every message has the form ``where: what was found; what is allowed; what to do``, one line a problem.
Knows: messages and the nearest names. Must not know: networks, files, probabilities.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from model.inference.errors import ImpossibleEvidenceError
from priors.schema import KnowledgeError

N_LISTED = 12
"""So many allowed names are written out when none is near; more would bury the message."""

N_SHOWN = 80
"""So many characters of a wrong value are repeated in a message."""


class MilletError(ValueError):
    """A problem that the user can mend; `problems` holds one line for each."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems: tuple[str, ...] = problems


class CaseFileError(MilletError):
    """The file or text cannot be read as a list of cases."""


class EvidenceError(MilletError):
    """What is said or asked of a patient cannot be used as it stands."""


class UnknownNameError(EvidenceError):
    """A name that the network does not have."""


class ContradictionError(EvidenceError):
    """Two findings that cannot both be true of one patient."""


class ImpossibleFindingsError(MilletError, ImpossibleEvidenceError):
    """Findings of a patient that no diagnosis allows together; `patients` holds the patient's row."""

    def __init__(self, problem: str, patient: int) -> None:
        ValueError.__init__(self, problem)  # the initialiser of the array core would write its own message
        self.problems = (problem,)
        self.patients = (patient,)

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        """Both arguments travel: a pool of processes hands errors on."""
        return type(self), (self.problems[0], self.patients[0])


class StorageError(MilletError):
    """Stored parameter draws are missing, stale or damaged."""


class ElicitationError(MilletError):
    """A run of the sampler did not converge; its draws are not kept."""


class MissingPackageError(MilletError):
    """A package that is not installed is needed for what was asked."""


class UnsoundWarning(UserWarning):
    """Stored draws that have not converged were loaded; every summary says so, too."""


USER_ERRORS: tuple[type[ValueError], ...] = (MilletError, ImpossibleEvidenceError, KnowledgeError)
"""What a program should show as a message instead of a traceback."""


def together(errors: Sequence[MilletError]) -> MilletError:
    r"""
    One error with every problem of several, of their class if they are of one, else an `EvidenceError`.

    Examples
    --------
    >>> together([UnknownNameError("a: unknown"), UnknownNameError("b: unknown")])
    UnknownNameError('a: unknown\nb: unknown')
    >>> type(together([UnknownNameError("a: unknown"), EvidenceError("b: wrong")])).__name__
    'EvidenceError'
    """
    kinds = {type(error) for error in errors}
    kind = kinds.pop() if len(kinds) == 1 else EvidenceError
    return kind(*(problem for error in errors for problem in error.problems))


def shown(value: object) -> str:
    r"""
    A wrong value as a message repeats it: quoted, on one line, cut off when long.

    Examples
    --------
    >>> shown("pvs\npattern")
    "'pvs\\npattern'"
    >>> len(shown("x" * 1000))
    80
    """
    try:
        text = repr(value) if isinstance(value, str) else " ".join(repr(value).split())
    except (RecursionError, ValueError):
        text = f"a {type(value).__name__}"
    return text if len(text) <= N_SHOWN else text[: N_SHOWN - 3] + "..."


def plain(name: object) -> str:
    """
    A name as a message repeats it: bare if it is a short identifier, else quoted by `shown`; of a long path, the end.

    Examples
    --------
    >>> plain("pvs_patern"), plain("two words"), plain(3)
    ('pvs_patern', "'two words'", '3')
    >>> plain("/folder" * 20 + "/in.csv")[-14:]
    '/folder/in.csv'
    """
    if isinstance(name, str) and len(name) > N_SHOWN and "/" in name:
        name = f"...{name[5 - N_SHOWN :]}"
    is_bare = isinstance(name, str) and name.isprintable() and 0 < len(name) <= N_SHOWN
    return str(name) if is_bare and " " not in str(name) else shown(name)


def near_names(name: object, allowed: Iterable[str]) -> tuple[str, ...]:
    """
    Up to three allowed names that resemble `name`, the nearest first.

    Parameters
    ----------
    name
        What was given.
    allowed
        The allowed names. Of a mapping the keys; but where its values are texts, each key is a way of saying
        the allowed name (label, synonym) that is its value.

    Examples
    --------
    >>> near_names("pvs_patern", ["sex", "pvs_pattern", "fever"])
    ('pvs_pattern',)
    >>> near_names("Gender", {"sex": "sex", "gender": "sex"})
    ('sex',)
    >>> near_names("sx", {"sex": ("female", "male")})
    ('sex',)
    """
    aliases = {_folded(key): target for key, target in _as_mapping(allowed).items()}
    matches = get_close_matches(_folded(str(name)[:N_SHOWN]), aliases, n=6, cutoff=0.7)
    return tuple(dict.fromkeys(aliases[match] for match in matches))[:3]


def nearest(name: object, allowed: Iterable[str]) -> str:
    """
    How a message about an unknown name ends: the nearest allowed names, or all of them if they are few.

    Parameters
    ----------
    name, allowed
        As `near_names`.

    Examples
    --------
    >>> nearest("pvs_patern", ["sex", "pvs_pattern", "fever"])
    'did you mean pvs_pattern?'
    >>> nearest("x", ["female", "male"])
    'allowed: female, male'
    """
    if near := near_names(name, allowed):
        return f"did you mean {' or '.join(near)}?"
    names = list(dict.fromkeys(_as_mapping(allowed).values()))
    more = f" and {len(names) - N_LISTED} more" if len(names) > N_LISTED else ""
    return f"allowed: {', '.join(names[:N_LISTED])}{more}"


def unknown_name(where: str, what: str, name: object, allowed: Iterable[str]) -> str:
    """
    The line for a name that does not exist: the nearest names, or all allowed ones if they are few.

    Examples
    --------
    >>> unknown_name("case H001, finding pvs_patern", "finding", "pvs_patern", ["pvs_pattern", "sex"])
    'case H001, finding pvs_patern: unknown finding; did you mean pvs_pattern?'
    >>> unknown_name("case H001, finding sex", "state", "x", ["female", "male"])
    'case H001, finding sex: unknown state x; allowed: female, male'
    """
    return f"{unknown(where, what, name)}; {nearest(name, allowed)}"


def unknown(where: str, what: str, name: object) -> str:
    """
    How the line for a name that does not exist begins; the name is not said twice.

    Examples
    --------
    >>> unknown("case H001, finding fevr", "finding", "fevr"), unknown("header", "finding", "fevr")
    ('case H001, finding fevr: unknown finding', 'header: unknown finding fevr')
    """
    return f"{where}: unknown {what}" + ("" if where.endswith(f" {name}") else f" {plain(name)}")


def _as_mapping(allowed: Iterable[str]) -> Mapping[str, str]:
    said = allowed if isinstance(allowed, Mapping) else {}
    return {name: said[name] if isinstance(said.get(name), str) else name for name in allowed}


def _folded(name: str) -> str:
    return name.casefold().replace(" ", "_").replace("-", "_")


__all__ = [
    "USER_ERRORS",
    "CaseFileError",
    "ContradictionError",
    "EvidenceError",
    "ImpossibleEvidenceError",
    "ImpossibleFindingsError",
    "KnowledgeError",
    "MilletError",
    "MissingPackageError",
    "StorageError",
    "UnknownNameError",
    "UnsoundWarning",
    "near_names",
    "nearest",
    "plain",
    "shown",
    "together",
    "unknown",
    "unknown_name",
]
