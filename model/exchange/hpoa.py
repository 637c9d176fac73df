"""
Published frequencies as annotations of the Human Phenotype Ontology: the columns of its `phenotype.hpoa`.

One line for each figure of a cohort (evidence ``PCS``) and for each statement of a document (``TAS``) that can be said in
that form without changing its meaning. So both the disease and the finding need a code that means the same: a share of
patients with neurosarcoidosis is none of patients with sarcoidosis, and a share with any cranial nerve palsy is none with
an abducens palsy. Judgement is never written. Knows: facts, codes, the columns. Must not know: networks, draws.

References
----------
Human Phenotype Ontology, "HPO annotations": https://obophenotype.github.io/human-phenotype-ontology/annotations/phenotype_hpoa/
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from model.text import SCOPE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from priors.codes import Code
    from priors.schema import Fact, KnowledgeBase

COLUMNS: Final = (
    *("database_id", "disease_name", "qualifier", "hpo_id", "reference", "evidence"),
    *("onset", "frequency", "sex", "modifier", "aspect", "biocuration"),
)

HPO_RELEASE: Final = "http://purl.obolibrary.org/obo/hp/releases/2025-01-16/hp.json"
"""Release of the ontology in which the codes were looked up."""

CURATED: Final = "2026-11-21"
"""Date of the release of Millet, for the column biocuration: the tables do not say when a row was written."""

FREQUENCIES: Final = (
    (0.80, "HP:0040281"),
    (0.30, "HP:0040282"),
    (0.05, "HP:0040283"),
    (0.01, "HP:0040284"),
)
"""Lower end of a class of frequency -> its term: very frequent, frequent, occasional, very rare (1 to 4 %)."""

DATABASES: Final = ("OMIM", "ORPHA", "MONDO")
"""Whose code stands for a disease: the first that has one."""

ANOTHER_DENOMINATOR: Final = frozenset({"parent_disease", "denominator_uncertain", "unit_not_patient"})
"""Tags of cohorts whose k of n is none of patients with the disease."""

NO_DISEASE: Final = "no code means the same disease"
NO_FINDING: Final = "no code means the same finding"
NO_MATCH: Final = "the publication's term is wider or narrower"
NO_PATIENTS: Final = "not counted in patients with the disease"
CONDITION: Final = "holds under a condition only"
NO_REFERENCE: Final = "neither PMID nor DOI is known"
NO_FREQUENCY: Final = "no frequency that the format can say"
SAID: Final = "the same line is there already"

_FIGURES: Final = frozenset({"count", "percentage", "range"})
_SEXES: Final = {"": "", "sex=male": "MALE", "sex=female": "FEMALE"}


@dataclass(frozen=True, slots=True)
class Annotations:
    """
    The file, and what of the knowledge it does not hold.

    Parameters
    ----------
    text
        The file: lines that begin with ``#``, the header, one line for each annotation, columns split by tabs.
    n_lines
        Number of annotations.
    left_out
        Reason -> number of figures and words about a finding in a disease that are not in the file.
    """

    text: str
    n_lines: int
    left_out: Mapping[str, int]


class _UnsaidError(Exception):
    """A fact that the format cannot say; the message is the reason."""


def hpo_annotations(knowledge: KnowledgeBase, codes: Sequence[Code]) -> Annotations:
    r"""
    Figures of cohorts and statements of documents in the format of `phenotype.hpoa`.

    Parameters
    ----------
    knowledge
        Down to any layer; ``documents`` has no cohorts, and of ``full`` no judgement is written.
    codes
        Of findings and diagnoses.

    Examples
    --------
    >>> from priors import load_knowledge_base
    >>> from priors.codes import load_codes
    >>> knowledge = load_knowledge_base()
    >>> lines = hpo_annotations(knowledge, load_codes(knowledge)).text.splitlines()
    >>> next(line for line in lines if not line.startswith("#")).split("\t")[:4]
    ['database_id', 'disease_name', 'qualifier', 'hpo_id']
    """
    sayer = _Sayer(knowledge, codes)
    lines: dict[tuple[str, ...], None] = {}
    left_out = Counter[str]()
    for fact in knowledge.facts.values():
        is_word = fact.kind == "word" and not fact.is_cohort
        if fact.diagnosis and fact.finding and (is_word or fact.kind in _FIGURES):
            try:
                line = sayer.line(fact)
            except _UnsaidError as reason:
                left_out[str(reason)] += 1
            else:
                left_out[SAID] += line in lines
                lines[line] = None
    table = "".join("\t".join(line) + "\n" for line in (COLUMNS, *sorted(lines)))
    diseases = len({line[0] for line in lines})
    return Annotations(
        _head(knowledge, diseases) + table,
        len(lines),
        {reason: n for reason, n in left_out.most_common() if n},
    )


def _head(knowledge: KnowledgeBase, n_diseases: int) -> str:
    from model import __version__

    about = (
        f"Millet: HPO annotations of {n_diseases} diseases, from published cohorts (PCS) and statements of documents, "
        f"reviews and pooled figures (TAS); no judgement. {SCOPE}"
    )
    return (
        f'#description: "{about}"\n#version: {__version__} ({knowledge.layer}, tables {knowledge.digest[:16]})\n'
        f"#hpo-version: {HPO_RELEASE}\n"
    )


class _Sayer:
    """Says facts as lines of the file."""

    def __init__(self, knowledge: KnowledgeBase, codes: Sequence[Code]) -> None:
        self.knowledge = knowledge
        exact = [code for code in codes if code.match == "exact"]
        self.findings = {(c.id, frozenset(c.states)): c.code for c in exact if c.kind == "finding"}
        self.diseases: dict[str, Code] = {}
        for database in DATABASES:
            for code in exact:
                if code.kind == "diagnosis" and code.code.startswith(f"{database}:"):
                    self.diseases.setdefault(code.id, code)
        self.words = {s.term: s.median for s in knowledge.scales if (s.scale, s.mapping) == ("word", "hpo")}

    def line(self, fact: Fact) -> tuple[str, ...]:
        """One line, as cells; raises `_UnsaidError` if the fact cannot be said."""
        disease = self.diseases.get(fact.diagnosis)
        if disease is None:
            raise _UnsaidError(NO_DISEASE)
        term, is_absence = self._term(fact)
        if fact.match != "exact":
            raise _UnsaidError(NO_MATCH)
        if ANOTHER_DENOMINATOR & set(fact.tags):
            raise _UnsaidError(NO_PATIENTS)
        if fact.given not in _SEXES:
            raise _UnsaidError(CONDITION)
        frequency = self._frequency(fact, is_absence)
        is_never = frequency == "0%" or frequency.startswith("0/")
        is_first_hand = fact.is_cohort and "secondary" not in fact.tags
        return (
            *(disease.code, disease.label, "NOT" if is_never else "", term, self._reference(fact)),
            *("PCS" if is_first_hand else "TAS", "", frequency, _SEXES[fact.given], "", "P"),
            f"Millet:authors[{CURATED}]",
        )

    def _term(self, fact: Fact) -> tuple[str, bool]:
        """The term that means the states of a fact, or all other states; and whether it is the latter."""
        states = frozenset(fact.state.split("|"))
        others = frozenset(self.knowledge.variables[fact.finding].state_ids) - states
        for asked, is_absence in ((states, False), (others, True)):
            if code := self.findings.get((fact.finding, asked)):
                return code, is_absence
        raise _UnsaidError(NO_FINDING)

    def _frequency(self, fact: Fact, is_absence: bool) -> str:
        """``k/n``, ``p%``, or a term; of what the code means."""
        if fact.kind == "count" and fact.low is not None and fact.n is not None:
            k = int(fact.low)
            return f"{fact.n - k if is_absence else k}/{fact.n}"
        if fact.kind == "word":
            ends = [self.words.get(fact.term)]
        else:
            ends = [fact.low] if fact.kind == "percentage" else [fact.low, fact.high]
        shares = [1 - end if is_absence else end for end in ends if end is not None]
        if fact.kind == "percentage" and shares:
            return f"{100 * shares[0]:.4g}%"
        classes = {_class(share) for share in shares}
        if len(classes) != 1 or len(shares) < len(ends):
            raise _UnsaidError(NO_FREQUENCY)
        return classes.pop()

    def _reference(self, fact: Fact) -> str:
        source = self.knowledge.source(fact.source)
        if source.pmid:
            return f"PMID:{source.pmid}"
        if source.doi:
            return f"DOI:{source.doi}"
        raise _UnsaidError(NO_REFERENCE)


def _class(share: float) -> str:
    """
    Term of a class of frequency; there is none for below 1 %, and none for all patients.

    Examples
    --------
    >>> _class(0.45)
    'HP:0040282'
    """
    for low, term in FREQUENCIES:
        if low <= share < 1:
            return term
    raise _UnsaidError(NO_FREQUENCY)


__all__ = ["Annotations", "hpo_annotations"]
