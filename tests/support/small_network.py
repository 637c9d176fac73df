"""
A small network made by hand: 6 leaves, 5 rows, every kind of variable, tables to check on paper.

`small_network()` has `N_DRAWS` draws, whose mean are these tables: draw s moves probability between
the first state and the others, by an amount that rises with s and is zero in the middle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from model.network.network import Network
from priors.frozen import Frozen
from priors.schema import (
    Diagnosis,
    Exclusion,
    Fact,
    FactKind,
    KnowledgeBase,
    Order,
    PriorWeight,
    Role,
    Source,
    State,
    Variable,
    VariableKind,
)

N_DRAWS = 5
MS = "multiple_sclerosis"

_DIAGNOSES = (
    ("cns_lymphoma", "", "CNS lymphoma", "neoplastic", True),
    ("primary_cns_lymphoma", "cns_lymphoma", "Primary CNS lymphoma", "neoplastic", False),
    ("secondary_cns_lymphoma", "cns_lymphoma", "Secondary CNS lymphoma", "neoplastic", False),
    ("nmosd", "", "Neuromyelitis optica spectrum disorder", "demyelinating", True),
    ("susac_syndrome", "", "Susac syndrome", "inflammatory", True),
    (MS, "", "Multiple sclerosis", "demyelinating", False),
    ("other", "", "None of the listed diseases", "other", False),
)


def _variable(
    name: str,
    states: Sequence[str],
    kind: VariableKind = "binary",
    role: Role = "finding",
    order: str = "examination",
    synonyms: tuple[str, ...] = (),
) -> Variable:
    label = name.replace("_", " ").capitalize()
    records = tuple(State(s, s.replace("_", " ").capitalize(), s == states[0], "") for s in states)
    return Variable(name, label, kind, role, order, synonyms, "", records)


_VARIABLES = (
    _variable("age_years", ("age_0_20", "age_20_50", "age_50_121"), "age", order="history"),
    _variable("sex", ("female", "male"), "categorical", order="history", synonyms=("gender",)),
    _variable("region", ("north", "south"), "categorical", "context", "history"),
    _variable("fever", ("absent", "present")),
    _variable("optic_neuritis", ("absent", "unilateral", "bilateral"), "categorical"),
    _variable("enhancement_pattern", ("miliary", "ring", "none"), "categorical", order="brain_mri"),
    _variable("pvs_pattern", ("absent", "present"), order="brain_mri", synonyms=("Virchow-Robin",)),
    _variable("central_vein_sign", ("absent", "present"), order="brain_mri"),
    _variable("serum_aqp4_igg", ("negative", "positive"), order="blood_tests"),
    _variable("brain_mri_field_strength", ("3T", "7T"), "categorical", "protocol", "protocol"),
    _variable(
        "ms_course",
        ("not_applicable", "relapsing_remitting", "primary_progressive"),
        "categorical",
        "ms_axis",
    ),
    _variable("ms_variant", ("not_applicable", "classic", "tumefactive"), "categorical", "ms_axis"),
)


def _fact(number: int, diagnosis: str, finding: str, state: str, kind: FactKind, term: str) -> Fact:
    statement = f"{finding} in {diagnosis}: {term}"
    return Fact(
        id=f"001-{number:04d}",
        location=f"Table 3, {finding}",
        diagnosis=diagnosis,
        finding=finding,
        state=state,
        given="",
        kind=kind,
        low=None,
        high=None,
        n=None,
        term=term,
        denominator="patients",
        statement=statement,
        ledger=(),
        file="facts/001.csv",
        line=number + 1,
    )


_FACTS = (
    _fact(1, "cns_lymphoma", "pvs_pattern", "present", "symbol", "+"),
    _fact(2, "nmosd", "pvs_pattern", "present", "symbol", "rare"),
    _fact(3, "susac_syndrome", "pvs_pattern", "present", "symbol", "-"),
    _fact(4, "primary_cns_lymphoma", "pvs_pattern", "present", "word", "usual"),
    _fact(5, "nmosd", "serum_aqp4_igg", "positive", "specific", "specific"),
    _fact(6, "nmosd", "optic_neuritis", "bilateral", "listed", "characteristic"),
    _fact(7, "nmosd", "optic_neuritis", "unilateral", "word", "less_common"),
)


def small_knowledge() -> KnowledgeBase:
    """Diagnoses, variables, two exclusions, seven facts and one document."""
    diagnoses = {row[0]: Diagnosis(row[0], row[1], row[2], row[3], row[4], "") for row in _DIAGNOSES}
    orders = ("history", "examination", "brain_mri", "blood_tests", "protocol")
    return KnowledgeBase(
        diagnoses=Frozen(diagnoses),
        variables=Frozen({variable.id: variable for variable in _VARIABLES}),
        links=(),
        exclusions=(
            Exclusion("pvs_pattern", "present", "enhancement_pattern", "none", "it needs enhancement"),
            Exclusion("enhancement_pattern", "miliary", "fever", "present", "invented for the tests"),
        ),
        orders=Frozen({n: Order(n, n.capitalize(), i, 1, 0, 0, "", "") for i, n in enumerate(orders)}),
        scales=(),
        prior_weights=tuple(PriorWeight("flat", d, "", "", 1, 1, 1, (), "") for d in diagnoses),
        sources=Frozen({"001": Source("001", "Brain miliary enhancement", "Bot 2020", "", "", "")}),
        facts=Frozen({fact.id: fact for fact in _FACTS}),
        glossary=Frozen({}),
        not_modelled=Frozen({}),
        left_out=(),
        digest="0" * 64,
    )


# Leaves in order: primary and secondary lymphoma, nmosd, susac_syndrome, multiple_sclerosis, other.
_TABLES: Mapping[str, tuple[tuple[str, ...], object]] = {
    "region": ((), [0.6, 0.4]),
    "diagnosis": (("region",), [[0.10, 0.10, 0.05, 0.05, 0.50, 0.20], [0.15, 0.10, 0.15, 0.05, 0.25, 0.30]]),
    "age_years": (
        ("diagnosis",),
        [
            [0.1, 0.3, 0.6],
            [0.1, 0.3, 0.6],
            [0.2, 0.5, 0.3],
            [0.2, 0.7, 0.1],
            [0.2, 0.7, 0.1],
            [0.3, 0.3, 0.4],
        ],
    ),
    "sex": (("diagnosis",), [[0.4, 0.6], [0.4, 0.6], [0.9, 0.1], [0.75, 0.25], [0.7, 0.3], [0.5, 0.5]]),
    "fever": (("diagnosis",), [[0.8, 0.2], [0.6, 0.4], [0.9, 0.1], [0.95, 0.05], [0.98, 0.02], [0.7, 0.3]]),
    "optic_neuritis": (
        ("diagnosis",),
        [
            [0.98, 0.01, 0.01],
            [0.98, 0.01, 0.01],
            [0.3, 0.3, 0.4],
            [0.9, 0.08, 0.02],
            [0.6, 0.35, 0.05],
            [0.9, 0.06, 0.04],
        ],
    ),
    "enhancement_pattern": (
        ("diagnosis",),
        [
            [0.5, 0.3, 0.2],
            [0.4, 0.4, 0.2],
            [0.2, 0.2, 0.6],
            [0.4, 0.1, 0.5],
            [0.02, 0.28, 0.7],
            [0.1, 0.3, 0.6],
        ],
    ),
    "pvs_pattern": (
        ("diagnosis",),
        [[0.3, 0.7], [0.4, 0.6], [0.8, 0.2], [0.9, 0.1], [0.97, 0.03], [0.9, 0.1]],
    ),
    "serum_aqp4_igg": (
        ("diagnosis",),
        [[0.99, 0.01], [0.99, 0.01], [0.2, 0.8], [0.99, 0.01], [0.995, 0.005], [0.99, 0.01]],
    ),
    "brain_mri_field_strength": ((), [0.9, 0.1]),
    "central_vein_sign": (
        ("diagnosis", "brain_mri_field_strength"),
        [
            [[0.9, 0.1], [0.8, 0.2]],
            [[0.9, 0.1], [0.8, 0.2]],
            [[0.8, 0.2], [0.7, 0.3]],
            [[0.7, 0.3], [0.6, 0.4]],
            [[0.3, 0.7], [0.1, 0.9]],
            [[0.8, 0.2], [0.7, 0.3]],
        ],
    ),
    "ms_course": (
        ("diagnosis", "age_years"),
        [[[1, 0, 0]] * 3] * 4 + [[[0, 0.98, 0.02], [0, 0.85, 0.15], [0, 0.6, 0.4]]] + [[[1, 0, 0]] * 3],
    ),
    "ms_variant": (("diagnosis",), [[1, 0, 0]] * 4 + [[0, 0.9, 0.1]] + [[1, 0, 0]]),
}


def _draws(mean: object) -> np.ndarray:
    """`N_DRAWS` tables around a mean table: the first state gets -0.3 to 0.3 of its room for change."""
    table = np.asarray(mean, dtype=float)
    lean = np.linspace(-0.3, 0.3, N_DRAWS).reshape(-1, *(1,) * table.ndim)
    first = table[..., :1]
    moved = lean * first * (1 - first)
    rest = np.divide(table[..., 1:], 1 - first, out=np.zeros_like(table[..., 1:]), where=first < 1)
    return np.concatenate([first + moved, table[..., 1:] - moved * rest], axis=-1)


def small_network() -> Network:
    """The network of the tables above, with `N_DRAWS` draws whose mean they are."""
    knowledge = small_knowledge()
    states = {"diagnosis": knowledge.leaves} | {name: v.state_ids for name, v in knowledge.variables.items()}
    return Network(
        states=states,
        parents={name: _TABLES[name][0] for name in states},
        tables={name: _draws(_TABLES[name][1]) for name in states},
        knowledge=knowledge,
        setting="documents",
        digest="0" * 64,
    )
