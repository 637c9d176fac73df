"""Every format is read back by independent programs, with the same answers; names come back, nothing is renamed silently."""

import json
import re
import subprocess
import sys

import numpy as np
import pyagrum as gum
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pgmpy.inference import VariableElimination
from pgmpy.readwrite import BIFReader, XDSLReader, XMLBIFReader

from model import encode, load_network, posterior
from model.cli import main
from model.errors import EvidenceError, UnknownNameError
from model.exchange import FORMATS, exported
from model.exchange.content import identifier, nodes, original
from tests.support.small_network import small_network

SMALL = small_network()
WHOLE = load_network()
PATIENT = {"sex": "female", "enhancement_pattern": "miliary", "pvs_pattern": "present"}
MANY = {
    **PATIENT,
    "brain_mri_field_strength": "7T",
    "central_vein_sign": "absent",
    "immune_status": "compromised",
}
SUFFIX = {"bif": "bif", "xmlbif": "bifxml", "xdsl": "xdsl", "net": "net", "uai": "uai"}
PRECISION = {"bif": 1e-6, "xmlbif": 1e-10, "net": 1e-6}
"""pyAgrum reads BIF and NET in single precision, XMLBIF in double; in UAI and XDSL it mistakes the order of parents."""


def ours(network, findings):
    mean = network.at_mean()
    return posterior(mean, encode(mean, findings)).mean[0]


def by_pyagrum(path, network, findings):
    engine = gum.LazyPropagation(gum.loadBN(str(path)))
    engine.setTargets({"diagnosis"})
    engine.setEvidence({name: identifier(state) for name, state in findings.items()})
    engine.makeInference()
    return engine.posterior("diagnosis").toarray()


def by_pgmpy(model, network, findings):
    answer = VariableElimination(model).query(
        ["diagnosis"], evidence={n: identifier(s) for n, s in findings.items()}, show_progress=False
    )
    names = answer.state_names["diagnosis"]
    return np.array([answer.values[names.index(identifier(leaf))] for leaf in network.states["diagnosis"]])


@pytest.mark.parametrize("format_", sorted(PRECISION))
@pytest.mark.parametrize(("network", "findings"), [(SMALL, PATIENT), (WHOLE, MANY)], ids=["small", "whole"])
def test_pyagrum_reads_it_with_the_same_answer(format_, network, findings, tmp_path):
    findings = {name: state for name, state in findings.items() if name in network.states}
    path = tmp_path / f"net.{SUFFIX[format_]}"
    path.write_text(exported(network, format_), encoding="utf-8")
    found = by_pyagrum(path, network, findings)
    np.testing.assert_allclose(found, ours(network, findings), rtol=0, atol=PRECISION[format_])


READERS = {
    "bif": lambda path: BIFReader(path=str(path)).get_model(),
    "xmlbif": lambda path: XMLBIFReader(path=str(path)).get_model(),
    "xdsl": lambda path: XDSLReader(path=str(path)).get_model(),
}


@pytest.mark.parametrize("format_", READERS)
@pytest.mark.parametrize(("network", "findings"), [(SMALL, PATIENT), (WHOLE, MANY)], ids=["small", "whole"])
def test_pgmpy_reads_it_with_the_same_answer(format_, network, findings, tmp_path):
    findings = {name: state for name, state in findings.items() if name in network.states}
    path = tmp_path / f"net.{SUFFIX[format_]}"
    path.write_text(exported(network, format_), encoding="utf-8")
    found = by_pgmpy(READERS[format_](path), network, findings)
    np.testing.assert_allclose(found, ours(network, findings), rtol=0, atol=1e-10)


BY_PYGMS = """
import json, sys
import pygms
evidence, target = json.loads(sys.argv[2])
evidence = {int(number): state for number, state in evidence.items()}
model = pygms.GraphModel(pygms.readUai(sys.argv[1]))
order = pygms.eliminationOrder(model, "minfill")[0]
model.condition(evidence)
model.eliminate([v for v in order if int(v) != target and int(v) not in evidence], "sum")
print(json.dumps(model.joint().marginal([model.X[target]]).t.tolist()))
"""
"""P(target, evidence), in a process of its own: pyGMs warns while it is loaded and used."""


@pytest.mark.parametrize(("network", "findings"), [(SMALL, PATIENT), (WHOLE, MANY)], ids=["small", "whole"])
def test_pygms_reads_uai_with_the_same_answer(network, findings, tmp_path):
    """Only pyGMs reads UAI right: pyAgrum takes the first parent as the fastest, pgmpy mixes its columns."""
    path = tmp_path / "net.uai"
    path.write_text(exported(network, "uai"), encoding="utf-8")
    order = [original(node.name) for node in nodes(network.at_mean())]
    findings = {name: state for name, state in findings.items() if name in network.states}
    evidence = {order.index(name): network.states[name].index(state) for name, state in findings.items()}
    target = order.index("diagnosis")
    command = [sys.executable, "-W", "ignore", "-c", BY_PYGMS, str(path), json.dumps([evidence, target])]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = np.array(json.loads(done.stdout))
    np.testing.assert_allclose(found / found.sum(), ours(network, findings), rtol=0, atol=1e-10)


@pytest.mark.parametrize("network", [SMALL, WHOLE], ids=["small", "whole"])
def test_uai_is_read_as_its_specification_says(network):
    """By a reader of a few lines made from the format's page: row after row, the last variable of a scope fastest."""
    order = [original(node.name) for node in nodes(network.at_mean())]
    words = iter(exported(network, "uai").split())
    assert next(words) == "BAYES"
    cards = [int(next(words)) for _ in range(int(next(words)))]
    assert cards == [len(network.states[name]) for name in order]
    scopes = [[int(next(words)) for _ in range(int(next(words)))] for _ in range(int(next(words)))]
    for name, scope in zip(order, scopes, strict=True):
        assert [order[i] for i in scope] == [*network.parents[name], name]
        values = np.array([float(next(words)) for _ in range(int(next(words)))])
        table = network.at_mean().tables[name][0]
        np.testing.assert_allclose(values.reshape([cards[i] for i in scope]), table, rtol=1e-6)
    assert next(words, None) is None


def test_xdsl_has_the_order_of_parents_of_genies_own_example():
    """Asia, node dysp with the parents `either bronc`: P(yes) = 0.1, 0.8, 0.7, 0.9, the last parent fastest."""
    text = exported(SMALL, "xdsl")
    for node in nodes(SMALL.at_mean()):
        found = re.search(rf'<cpt id="{node.name}".*?<probabilities>(.*?)</probabilities>', text)
        values = np.array(found[1].split(), dtype=float)
        table = SMALL.at_mean().tables[original(node.name)][0]
        np.testing.assert_allclose(values, table.ravel() / 1.0, rtol=1e-6)
        if len(node.parents) > 1:
            steps = [len(SMALL.states[original(p)]) for p in node.parents]
            last = values.reshape(*steps, -1)[(0,) * (len(steps) - 1) + (1,)]
            np.testing.assert_allclose(last, values[len(node.states) : 2 * len(node.states)])


def test_xdsl_carries_roles_labels_costs_and_a_layout():
    text = exported(WHOLE, "xdsl")
    assert text.count('diagtype="target"') == 1
    assert text.count(' fault="true"') == len(WHOLE.states["diagnosis"])
    seen = WHOLE.knowledge.of_role("finding", "context", "protocol")
    assert text.count('diagtype="observation" ranked="true"') == len(seen)
    assert "<name>Perivascular (PVS) pattern</name>" in text
    assert '<property id="cost">' in text
    boxes = re.findall(r"<position>([\d ]+)</position>", text)
    assert len(set(boxes)) == len(boxes) == len(WHOLE.names)


@pytest.mark.parametrize("format_", sorted(set(FORMATS) - {"uai"}))
def test_a_file_says_where_it_comes_from(format_):
    text = exported(WHOLE, format_, draw=3)
    assert WHOLE.digest[:16] in text
    assert "draw 3" in text
    assert "not a medical device" in text


def test_a_draw_is_that_draw(tmp_path):
    path = tmp_path / "net.bifxml"
    path.write_text(exported(WHOLE, "xmlbif", draw=7), encoding="utf-8")
    at = WHOLE.at_draw(7)
    expected = posterior(at, encode(at, PATIENT)).mean[0]
    np.testing.assert_allclose(by_pyagrum(path, WHOLE, PATIENT), expected, rtol=0, atol=1e-10)


@given(st.text(min_size=1, max_size=30))
def test_every_name_comes_back_and_is_legal(name):
    changed = identifier(name)
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", changed)
    assert original(changed) == name


@given(st.lists(st.text(min_size=1, max_size=12), unique=True, min_size=2))
def test_no_two_names_become_one(names):
    assert len({identifier(name) for name in names}) == len(names)


class TestCommand:
    @pytest.mark.parametrize("format_", FORMATS)
    def test_it_writes_the_file_and_names_what_it_changed(self, format_, tmp_path, capsys):
        out = tmp_path / "deep" / "out.net"
        assert main(["export", str(out), "--format", format_, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert out.read_text(encoding="utf-8") == exported(WHOLE, format_)
        assert told["renamed"]["x__7T"] == "7T"
        assert [path.name for path in out.parent.iterdir()] == ["out.net"]

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--draw", "x"], "allowed is mean"),
            (["--draw", "500"], "0 to 499"),
            (["--prior", "nope"], "nope"),
        ],
    )
    def test_bad_input_is_one_line_and_writes_nothing(self, arguments, said, tmp_path, capsys):
        out = tmp_path / "out.bif"
        assert main(["export", str(out), "--format", "bif", *arguments]) == 2
        complaint = capsys.readouterr().err
        assert said in complaint
        assert len(complaint.splitlines()) == 1
        assert list(tmp_path.iterdir()) == []

    def test_an_unknown_format_and_draw_are_refused(self):
        with pytest.raises(UnknownNameError, match="xdsl"):
            exported(SMALL, "xdls")
        with pytest.raises(EvidenceError, match="allowed is 0 to"):
            exported(SMALL, "bif", draw=10**6)
