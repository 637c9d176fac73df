"""
What is said of a name that is no finding: what may have been meant, or that the model does not have it.

Knows: the search. Must not know: patients, probabilities.
"""

from __future__ import annotations

from model.errors import N_SHOWN, EvidenceError, UnknownNameError, near_names, unknown
from model.patient.cases import CASE_KEYS
from model.patient.naming import observable
from model.patient.search import search
from priors.schema import KnowledgeBase

N_MEANT = 3
"""So many findings are offered for a name that does not exist."""


def no_finding(where: str, name: str, knowledge: KnowledgeBase) -> EvidenceError:
    """The error for a name that is none of `observable`."""
    if name == "diagnosis" or name in knowledge.diagnoses:
        return EvidenceError(
            f"{where}: a diagnosis is what is asked for, no finding; weigh it with the prior instead"
        )
    if name in knowledge.variables:
        return EvidenceError(
            f"{where}: a mechanism is what findings share, and is never seen; give the findings instead"
        )
    return UnknownNameError(unknown_finding(where, name, knowledge))


def unknown_finding(where: str, name: str, knowledge: KnowledgeBase) -> str:
    """
    The line for a finding that does not exist: what may have been meant, or that the model does not have it.

    Examples
    --------
    >>> from priors import load_knowledge_base
    >>> tables = load_knowledge_base()
    >>> unknown_finding("case A, finding pvs_patern", "pvs_patern", tables)
    'case A, finding pvs_patern: unknown finding; did you mean pvs_pattern?'
    >>> unknown_finding("case A, finding smoker", "smoker", tables).partition(";")[0]
    'case A, finding smoker: unknown finding, known not to be modelled: Smoking'
    >>> unknown_finding("case A, finding CADASIL", "CADASIL", tables)
    'case A, finding CADASIL: unknown finding; other is a diagnosis, which is inferred, no finding; leave it out'
    >>> unknown_finding("header", "shoe size", tables)
    "header: unknown finding 'shoe size'; it is not in the model; `millet find WORDS` searches what is"
    """
    said = unknown(where, "finding", name)
    if name in CASE_KEYS:
        return f"{said}; in a case file it stands beside the findings, and a table has no column for it; move or remove it"
    found = search(knowledge, str(name)[:N_SHOWN])
    meant: tuple[str, ...] = found.findings[:N_MEANT]
    if found.not_modelled:
        term = knowledge.not_modelled[found.not_modelled[0]]
        said += f", known not to be modelled: {term.label}; {term.note.rstrip('.')}"
        meant = meant or term.instead[:N_MEANT]
        return f"{said}; leave it out" + (f" or give {' or '.join(meant)}" if meant else "")
    if not meant and (names := (*found.diagnoses, *found.others)):
        counted = names[0] if found.diagnoses else "other"
        return f"{said}; {counted} is a diagnosis, which is inferred, no finding; leave it out"
    if meant := meant or near_names(name, observable(knowledge)):
        return f"{said}; did you mean {' or '.join(meant)}?"
    return f"{said}; it is not in the model; `millet find WORDS` searches what is"


__all__ = ["no_finding", "unknown_finding"]
