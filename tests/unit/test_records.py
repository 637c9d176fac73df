"""Every public record is made by asking, goes through pickle, copy and another process, and equals itself afterwards."""

import copy
import importlib
import json
import pickle
import pkgutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from itertools import islice

import numpy as np
import pytest

import model
import priors
from model import encode, load_network, read_cases, read_patients
from model.diagnosis.batch_files import answer_file
from model.exchange import from_phenopacket, to_phenopacket
from model.exchange.hpoa import Annotations
from model.figures.base import share_bars
from model.intake.table_file import Chunk
from model.network.address import places
from model.network.answer import Answer
from model.network.cell_evidence import frequencies
from model.network.hierarchy import hierarchy
from model.network.origin import Origin
from model.next_step.order import outlooks
from model.next_step.pattern import listed
from model.next_step.policy import Situation
from model.next_step.stopping import DecidingResult
from model.next_step.survey import survey
from model.next_step.target import target_of
from model.pages.patient import Report
from model.pages.worksheet import Block, Sheet
from model.patient.normal import normal_rest
from model.patient.search import search
from model.patient.source import source_of
from model.reading.reading import read_text
from model.reading.record import Unlisted
from model.robustness.constraint import parse
from model.robustness.number import numbers_of
from model.robustness.regression import basis_of
from model.teaching.first_patients import first_patients
from model.teaching.own_case import OwnCase, Picture
from model.teaching.roster import roster
from model.validation.assessment import assess
from model.why.conflict import Hypothesis
from model.why.counterfactual import counterfactuals
from model.why.reliance import reliance
from model.why.subset import subset_beliefs
from model.why.surprise import surprise
from model.why.weight import coalitions, weigh
from priors.codes import load_codes
from priors.frozen import Frozen
from priors.reading_rules import load_reading_rules
from priors.shown import LINES, WIDTH
from tests.support.source import ROOT

NETWORK = load_network().thinned(8)
MEAN = NETWORK.at_mean()
TABLES = NETWORK.knowledge
PATIENT = encode(NETWORK, {"age_years": 39, "sex": "male", "pvs_pattern": "present", "headache": "present"})
ANSWER = model.posterior(NETWORK, PATIENT)
ROWS = hierarchy(TABLES, "row")
CASES = read_cases(ROOT / "priors" / "cases" / "published.json")[:4]

PAPER = tuple(f"model.figures.{name}" for name in ("flow", "ink", "markup", "paper", "vector"))
INSIDE = (
    "model.inference",
    "model.elicitation",
    "model.commands",
    "model.reading",
    "model.patient.search_names",
)
NOT_PUBLIC = (*INSIDE, *PAPER)
"""The array core, the sampler, the command line, the index of the search and what lays figures out give a user no records;
of `reading` its `record` does."""


RECORDS = "model.reading.record"


def of_patients(tmp_path):
    """The patient, the network, files, the answer and why it is so."""
    table = tmp_path / "in.csv"
    table.write_text("id,sex\nA,male\n", encoding="utf-8")
    yield from (NETWORK, PATIENT, ANSWER, ROWS, model.simulate(MEAN, 4, seed=1))
    yield from (answer_file(table, tmp_path / "out.csv", MEAN), from_phenopacket({"subject": {}}, TABLES))
    yield from (to_phenopacket(CASES[0], TABLES, created="2026-01-31T12:00:00Z"), load_codes(TABLES))
    yield from (
        read_patients(b"id;sex\nA;male\n", TABLES),
        source_of(b""),
        Chunk(None, ("A",), (2,), "in.csv, line", 1.0),
    )
    yield from (
        search(TABLES, "headache"),
        read_text("No fever. Headache?", TABLES),
        Unlisted(0, 1, "x", "y"),
        load_reading_rules(TABLES),
    )
    known = coalitions(NETWORK, PATIENT)
    first = ROWS.membership[:, 0] > 0
    yield model.explain(NETWORK, PATIENT, contrast=("nmosd", "cns_lymphoma"))
    yield from (known, weigh(known, first, ~first), counterfactuals(NETWORK, PATIENT, known))
    yield from (surprise(NETWORK, PATIENT, n_simulated=20), Hypothesis("nmosd", "NMOSD", 1.0, 0.5))
    yield from (reliance(NETWORK, PATIENT), *first_patients(NETWORK, [], CASES), *roster(MEAN, CASES))
    yield subset_beliefs(NETWORK, PATIENT, known.findings, np.eye(4, dtype=bool))
    yield model.most_probable_explanation(MEAN, PATIENT)
    yield from (
        share_bars(dict.fromkeys(TABLES.rows, 0.05), colour="red"),
        Report(ANSWER, "Flat", (), None, {}, {}, {}),
    )
    yield from (Annotations("#description\n", 0, {}), normal_rest(TABLES, {}, ["fever"]))


def of_next_steps():
    """Findings, orders, plans, decisions."""
    orders = ["history", "examination", "lumbar_puncture"]
    outlook, _ = outlooks(MEAN, PATIENT)
    yield from (outlook, target_of(MEAN, "row", outlook.hub), listed(outlook, ["fever"]))
    yield model.Decision(("treat", "wait"), {"default": (1.0, 0.5)})
    surveyed = survey(MEAN, {"history": ("fever",)}, n_per_leaf=2)
    yield Situation(ANSWER.mean, np.ones((1, 1), dtype=bool), np.ones(1), np.full(1, np.inf), surveyed)
    yield model.value_of_information(MEAN, PATIENT)
    yield model.information_of_orders(MEAN, PATIENT, orders=orders)
    yield from (surveyed, model.plan_orders(MEAN, PATIENT, budget=3))
    yield model.compare_policies(MEAN, model.simulate(MEAN, 4, seed=1), policies=("fixed",))
    yield model.same_decision(MEAN, PATIENT, orders=orders)
    yield model.biopsy_avoidance(MEAN, PATIENT, orders=orders)
    yield DecidingResult("fever", "present", "history", 0.1, "nmosd", 0.95)


def of_the_model():
    """Sensitivity, validation, teaching, knowledge."""
    beliefs, parameters = model.believed(NETWORK), model.parameters_of(MEAN)
    yield model.parameters_of(MEAN, unit="row")
    cells = frequencies(NETWORK)
    yield Answer()
    yield places(MEAN, {"fever=present | diagnosis=nmosd": 0.2})[0][0]
    yield from (cells, model.evidence_of(cells, "fever", "neurotuberculosis"))
    yield from (beliefs, beliefs.of("fever", "nmosd"), parameters, numbers_of(NETWORK), basis_of(60))
    yield from (parse("nmosd >= 0.5"), model.smallest_changes(MEAN, PATIENT, "nmosd >= 0.5"))
    sensitivity = model.sensitivity(MEAN, PATIENT)
    yield from (
        sensitivity,
        model.sensitivity(MEAN, PATIENT, unit="row").function(0),
        model.two_way(parameters, PATIENT, 0, 1, n=3),
    )
    yield model.value_of_knowing(load_network().thinned(60), PATIENT)
    yield model.switches(MEAN, PATIENT, mappings=["literature"], n_draws=2)
    yield model.rank_drivers(load_network().thinned(40), PATIENT, top=2, n_samples=32)
    yield model.prior_sweep(MEAN, PATIENT, "nmosd", before=(0.1, 0.5))
    told = model.stages(MEAN, CASES[0])
    own = OwnCase(CASES[0], "At the door", pictures=(Picture("a.png", "image/png", b""),))
    yield from (*told, Sheet(own, told, TABLES, format, {}), Block("Points"))
    p = ANSWER.mean_by("row")[0]
    q = np.full_like(p, 1 / len(p))
    yield from (model.feedback(TABLES, q, p, before=(p, q), truth="nmosd"), model.separation(MEAN, n=20))
    tested = model.reliability(load_network(), n=4, n_draws=20)
    yield assess(model.score(MEAN, CASES), TABLES, reveal=model.reveal(MEAN, CASES), reliability=tested)


def public_records():
    """Every dataclass that a module names as its own."""
    found = set()
    for package in (model, priors):
        for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not one.name.endswith("__main__") and (
                one.name == RECORDS or not one.name.startswith(NOT_PUBLIC)
            ):
                module = importlib.import_module(one.name)
                named = [getattr(module, name) for name in getattr(module, "__all__", ())]
                found |= {thing for thing in named if is_record(thing)}
    return found


def is_record(thing):
    """Whether a name is a class whose objects do not change; a room full of ballots is none."""
    return isinstance(thing, type) and is_dataclass(thing) and thing.__dataclass_params__.frozen


def gather(value, found, seen):
    """One record of each class inside a value."""
    if id(value) in seen:
        return
    seen[id(value)] = value
    if is_dataclass(value):
        found.setdefault(type(value), value)
        inside = [getattr(value, field.name) for field in fields(value)]
    elif isinstance(value, Mapping):
        inside = value.values()
    else:
        inside = value if isinstance(value, (list, tuple)) else ()
    for one in islice(inside, 50):
        gather(one, found, seen)


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    found, seen = {}, {}
    for answer in (*of_patients(tmp_path_factory.mktemp("records")), *of_next_steps(), *of_the_model()):
        gather(answer, found, seen)
    return found


def test_every_public_record_travels_and_equals_itself_afterwards(records):
    public = public_records()
    assert len(public) > 60
    missing = sorted(f"{one.__module__}.{one.__name__}" for one in public - records.keys())
    assert missing == [], "ask for them above"
    failed = []
    for way in (lambda r: pickle.loads(pickle.dumps(r)), copy.deepcopy):
        for kind, again in travelled({kind: records[kind] for kind in public}, way).items():
            record = records[kind]
            if isinstance(again, Exception):
                failed.append(f"{kind.__module__}.{kind.__name__}: {type(again).__name__}: {again}")
            elif not (again == record and record == again and type(again) is kind):
                failed.append(f"{kind.__module__}.{kind.__name__}: not equal")
    assert failed == []


def travelled(records, way):
    """Every record after a journey: all in one, for they share their tables; where that fails each alone, to name it."""

    def alone(record):
        try:
            return way(record)
        except Exception as error:  # noqa: BLE001  # whatever goes wrong, all offenders are named
            return error

    together = alone(records)
    return (
        {kind: alone(one) for kind, one in records.items()} if isinstance(together, Exception) else together
    )


def test_the_example_with_a_process_pool_gives_the_answers_of_one_process(tmp_path):
    example = ROOT / "docs" / "examples" / "process_pool.py"
    path = tmp_path / "cases.json"
    cases = [
        {"id": "A", "findings": {"fever": "present"}},
        {"id": "B", "findings": {"age_years": 39, "sex": "male"}},
    ]
    path.write_text(json.dumps(cases), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, example, path], cwd=ROOT, capture_output=True, text=True, check=True
    )
    network = load_network().thinned(50)
    expected = [str(model.explain(network, encode(network, [case]))) for case in cases]
    assert done.stdout == "".join(f"{one}\n\n" for one in expected)


def test_a_frozen_mapping_cannot_be_changed():
    states = Frozen({"a": 1})
    for change in (
        lambda: states.__setitem__("b", 2),
        lambda: states.__delitem__("a"),
        lambda: states.__ior__({"b": 2}),
        lambda: states.update(b=2),
        lambda: states.setdefault("b", 2),
        lambda: states.pop("a"),
        states.popitem,
        states.clear,
    ):
        with pytest.raises(TypeError, match="cannot be changed"):
            change()
    assert states == {"a": 1}


def test_records_with_other_numbers_are_not_equal():
    other = model.posterior(NETWORK, encode(NETWORK, {"fever": "present"}))
    assert other != ANSWER
    assert other != "text"
    assert encode(NETWORK, {"fever": "present"}) != PATIENT
    assert NETWORK != MEAN


def unsound(record):
    """The same answer of a network whose draws have not converged."""
    return replace(record, origin=Origin(problems=("elicitation, level: R-hat 1.300; must be below 1.01",)))


def test_every_public_object_prints_a_few_lines_and_shows_itself_in_a_notebook(records):
    offenders = []
    for kind in public_records():
        lines = repr(records[kind]).splitlines()
        n = sum(max(1, -(-len(line) // WIDTH)) for line in lines)
        if n > LINES or (hasattr(kind, "summary") and not records[kind]._repr_html_()):
            offenders.append(f"{kind.__module__}.{kind.__name__}: {n} lines; make it a Shown")
    assert sorted(offenders) == []


def summaries(records):
    """Everything with a summary, and what it says."""
    found = {kind: record for kind, record in records.items() if hasattr(kind, "summary")}
    assert len(found) > 20
    return found


def test_every_summary_fits_a_hundred_columns(records):
    wide = {
        f"{kind.__module__}.{kind.__name__}": max(map(len, record.summary().splitlines()))
        for kind, record in summaries(records).items()
    }
    assert {name: n for name, n in wide.items() if n > WIDTH} == {}


def test_every_summary_says_that_draws_have_not_converged(records):
    """Of the network's own answers all do; a batch tells of files, and its provenance stands in them."""
    silent = []
    for kind, record in summaries(records).items():
        if not issubclass(kind, Answer):
            silent.append(kind.__name__)
        elif "Not to be relied on" not in unsound(record).summary():
            silent.append(f"{kind.__name__}: {unsound(record).summary()}")
    assert silent == []


def test_every_question_hands_on_what_is_unusual_about_the_network(tmp_path):
    """Each answer of an unsound network knows it, down to those inside others."""
    network = replace(NETWORK, origin=Origin(problems=("R-hat 1.3",)))
    found, seen = {}, {}
    patient = encode(network, {"sex": "male", "pvs_pattern": "present"})
    numbers = model.parameters_of(network)
    cases = CASES[:2]
    scored = model.score(network, cases)
    for answer in (
        model.posterior(network, patient),
        model.explain(network, patient, contrast=("nmosd", "cns_lymphoma"), n_simulated=5),
        model.value_of_information(network, patient),
        model.information_of_orders(network, patient, orders=["history"]),
        model.plan_orders(network, patient, budget=1),
        model.compare_policies(network, model.simulate(network, 2, seed=1), policies=("fixed",)),
        model.same_decision(network, patient, orders=["history"]),
        model.biopsy_avoidance(network, patient, orders=["history"]),
        model.sensitivity(network, patient),
        model.smallest_changes(network, patient, "nmosd >= 0.5"),
        model.two_way(numbers, patient, 0, 1, n=3),
        model.prior_sweep(network, patient, "nmosd", before=(0.1, 0.5)),
        model.most_probable_explanation(network, patient),
        model.evidence_of(network, "fever", "neurotuberculosis"),
        model.separation(network, n=2),
        model.reveal(network, cases),
        assess(scored, TABLES),
        model.simulate(network, 2, seed=1),
        *many(network, patient),
    ):
        gather(answer, found, seen)
    answers = {kind: one for kind, one in found.items() if issubclass(kind, Answer)}
    asked = {kind for kind in public_records() if issubclass(kind, Answer)} - {Answer}
    assert sorted(kind.__name__ for kind in asked - answers.keys()) == [], "ask for them here"
    unaware = [kind.__name__ for kind, one in answers.items() if not one.origin.problems]
    assert unaware == []


def many(network, patient):
    """What needs more draws than the others."""
    more = replace(load_network().thinned(60), origin=network.origin)
    yield model.value_of_knowing(more, patient)
    yield model.rank_drivers(more, patient, top=1, n_samples=32)
    yield model.switches(network, patient, mappings=["literature"], n_draws=2)
    yield model.reliability(more, n=2, n_draws=20)
