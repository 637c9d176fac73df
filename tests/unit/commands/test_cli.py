"""Commands: what they print, the keys of their JSON, and one line instead of a traceback."""

from __future__ import annotations

import io
import json
import math
import sys

import pytest

from model import __version__
from model.network import shipped
from model.text import SCOPE
from tests.support.small_network import N_DRAWS, small_network

ROWS = {"cns_lymphoma", "nmosd", "susac_syndrome", "multiple_sclerosis", "other"}
CASES = [
    {
        "id": "A",
        "findings": {"serum_aqp4_igg": "positive"},
        "truth": "nmosd",
        "confirmatory": ["serum_aqp4_igg"],
    },
    {"id": "B", "findings": {"pvs_pattern": "present"}, "truth": "cns_lymphoma"},
]
PROVENANCE = {"version", "digest", "setting", "knowledge", "protocol", "n_draws", "scope"} | {
    *("weights", "mechanisms", "draws", "changed", "problems", "fingerprint")
}


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """The small network instead of the shipped one; the keywords it was asked for."""
    keywords = {}

    def load_network(**given):
        keywords.update(given)
        return small_network()

    monkeypatch.setattr(shipped, "load_network", load_network)
    return keywords


@pytest.fixture
def file(tmp_path):
    """A file with two cases."""
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(CASES))
    return str(path)


@pytest.fixture
def answer(run):
    """Runs a command with --json; its answer, after checking that it succeeded."""

    def run_command(*arguments):
        status, out, err = run(*arguments, "--json")
        assert (status, err) == (0, "")
        return json.loads(out, parse_constant=pytest.fail)

    return run_command


@pytest.mark.parametrize("command", ["diagnose", "next", "explain", "score"])
class TestEveryCommand:
    def test_text_ends_with_the_scope(self, run, file, command):
        status, out, err = run(command, file)
        assert (status, err) == (0, "")
        assert out.endswith(f"\n{SCOPE}\n")

    def test_json_says_where_it_comes_from(self, answer, file, command):
        found = answer(command, file)
        assert found.keys() >= PROVENANCE
        assert (found["version"], found["setting"], found["n_draws"]) == (__version__, "documents", N_DRAWS)
        assert found["scope"] == SCOPE
        assert [case.get("id", case.get("case")) for case in found["cases"]] == ["A", "B"]

    def test_cases_may_come_from_standard_input(self, answer, monkeypatch, command):
        monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(CASES)))
        assert len(answer(command, "-")["cases"]) == 2

    def test_prior_and_weights_reach_the_network(self, run, file, asked, tmp_path, command):
        (tmp_path / "weights.json").write_text('{"nmosd": 3}')
        run(command, file, "--prior", "flat")
        assert asked == {"setting": "flat", "weights": None, "knowledge": "full", "folder": None}
        run(command, file, "--weights", str(tmp_path / "weights.json"), "--weights", "other=0.5")
        assert asked == {
            "setting": "custom",
            "weights": {"nmosd": 3.0, "other": 0.5},
            "knowledge": "full",
            "folder": None,
        }

    def test_the_mean_of_the_parameters_can_be_asked_for(self, answer, file, command):
        assert answer(command, file, "--at-mean")["n_draws"] == 1

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ('{"findings": {"serum_aqp4_ig": "positive"}}', "did you mean serum_aqp4_igg?"),
            ('{"findings": {"age_years": -3}}', "allowed is an age in years from 0 to 120"),
            ('{"findings": {"pvs_pattern": "present", "enhancement_pattern": "none"}}', "excludes"),
            ('{"findings": {"ms_course": "not_applicable", "ms_variant": "classic"}}', "no diagnosis allows"),
            ("{", "not JSON"),
            ("[]", "the list of cases is empty"),
        ],
    )
    def test_bad_cases_are_one_line_and_status_2(self, run, tmp_path, command, content, said):
        (tmp_path / "bad.json").write_text(content.replace('"findings"', '"truth": "nmosd", "findings"'))
        status, out, err = run(command, str(tmp_path / "bad.json"))
        assert (status, out) == (2, "")
        assert err.startswith(f"millet {command}: ")
        assert said in err
        assert err.count("\n") == 1

    @pytest.mark.parametrize(
        "arguments",
        [
            ("no/such/file.json",),
            ("FILE", "--weights", "nmosd=x"),
            ("FILE", "--weights", "nmosd=-1"),
            ("FILE", "--weights", "nmosd=0"),
            ("FILE", "--weights", "nmosd=inf"),
            ("FILE", "--weights", "nmosd=1", "--weights", "nmosd=2"),
            ("FILE", "--weights", "nmosd=1", "--prior", "flat"),
            ("FILE", "--weights", "no/such/file.json"),
            ("FILE", "--unknown-option"),
            ("FILE", "FILE"),
            (),
        ],
        ids=str,
    )
    def test_bad_options_are_one_line_and_status_2(self, run, file, command, arguments):
        status, out, err = run(command, *(file if word == "FILE" else word for word in arguments))
        assert (status, out) == (2, "")
        assert err.startswith("millet")
        assert err.count("\n") == 1

    def test_an_interrupt_has_no_traceback(self, run, file, monkeypatch, command):
        monkeypatch.setattr(shipped, "load_network", lambda **_: (_ for _ in ()).throw(KeyboardInterrupt))
        assert run(command, file) == (130, "", "millet: interrupted\n")


class TestDiagnose:
    def test_every_level_adds_up_to_one(self, answer, file):
        case, _ = answer("diagnose", file)["cases"]
        for key in ("posterior", "rows", "groups", "ms_course", "ms_variant"):
            assert sum(case[key].values()) == pytest.approx(1)
        assert case["rows"].keys() == ROWS
        assert next(iter(case["rows"])) == "nmosd"
        assert case["n_findings"] == 1

    def test_intervals_enclose_each_other_and_ranks_are_shares(self, answer, file):
        case, _ = answer("diagnose", file)["cases"]
        assert case["intervals"].keys() == ROWS
        for found in case["intervals"].values():
            assert found["95"][0] <= found["90"][0] <= found["50"][0] <= found["50"][1] <= found["90"][1]
        assert sum(case["p_top1"].values()) == pytest.approx(1)
        assert sum(case["p_top3"].values()) == pytest.approx(3)

    def test_one_set_of_parameters_has_no_intervals(self, answer, file):
        case, _ = answer("diagnose", file, "--at-mean")["cases"]
        assert (case["intervals"], case["p_top1"], case["p_top3"]) == (None, None, None)

    def test_findings_can_be_given_as_options(self, answer):
        plain = answer(
            "diagnose", "--finding", "optic_neuritis=unilateral|bilateral", "--finding", "age_years=39"
        )
        weights = answer(
            "diagnose",
            "--finding",
            'optic_neuritis={"absent": 0, "unilateral": 2, "bilateral": 2}',
            "--finding",
            "age_years=39.9",
        )
        assert plain["cases"][0]["rows"] == pytest.approx(weights["cases"][0]["rows"])
        assert plain["cases"][0]["id"] == "command_line"

    @pytest.mark.parametrize(
        "finding", ["sex", "sex=", "=male", "sex={", "sex=[1", "sex=male=x", "sexx=male"]
    )
    def test_a_broken_finding_is_one_line(self, run, finding):
        status, out, err = run("diagnose", "--finding", finding)
        assert (status, out, err.count("\n")) == (2, "", 1)

    def test_a_finding_given_twice_or_with_a_file_is_refused(self, run, file):
        assert "given twice" in run("diagnose", "--finding", "sex=male", "--finding", "sex=female")[2]
        assert "give one of them" in run("diagnose", file, "--finding", "sex=male")[2]

    def test_a_case_without_findings_gets_the_prior_and_is_told_so(self, run, monkeypatch):
        monkeypatch.setattr(sys, "stdin", io.StringIO('{"findings": {}}'))
        assert "no finding given, so this is the prior" in run("diagnose", "-")[1]

    def test_many_patients_are_answered_in_groups(self, answer, monkeypatch, file):
        together = answer("diagnose", file)["cases"]
        monkeypatch.setattr("model.commands.diagnose.N_AT_A_TIME", 1)
        alone = answer("diagnose", file)["cases"]
        assert [case["id"] for case in alone] == [case["id"] for case in together]
        assert alone[1]["rows"] == pytest.approx(together[1]["rows"])

    def test_top_and_level_choose_the_lines(self, run, file):
        out = run("diagnose", file, "--top", "1", "--by", "leaf")[1]
        assert "5 further diagnoses" in out
        assert "If it is multiple sclerosis, course: " in out

    @pytest.mark.parametrize("top", ["0", "-1", "x", "1.5"])
    def test_top_is_a_whole_number_from_one(self, run, file, top):
        status, _, err = run("diagnose", file, "--top", top)
        assert (status, err.count("\n")) == (2, 1)
        assert "whole numbers from 1" in err

    def test_strange_identifiers_are_printed_safely(self, run, monkeypatch):
        content = json.dumps({"id": "a\nb\u001b[31m", "findings": {}})
        monkeypatch.setattr(sys, "stdin", io.StringIO(content))
        status, out, _ = run("diagnose", "-")
        assert status == 0
        assert "\u001b" not in out


class TestNext:
    def test_findings_are_ranked_and_show_their_answers(self, answer, file):
        found = answer("next", file, "--top", "3", "--target", "row")
        assert found["target"] == "row"
        for case in found["cases"]:
            bits = [finding["bits"] for finding in case["findings"]]
            assert len(bits) == 3
            assert bits == sorted(bits, reverse=True)
            for finding in case["findings"]:
                states = finding["states"]
                for row, now in case["rows"].items():
                    later = math.fsum(state["predicted"] * state["rows"][row] for state in states)
                    assert later == pytest.approx(now)

    def test_intervals_are_printed_where_they_are_asked_for(self, answer, file):
        [first, *_] = answer("next", file, "--top", "1", "--intervals")["cases"]
        [finding] = first["findings"]
        low, high = finding["interval"]
        assert 0 <= low < high
        assert "interval" not in answer("next", file, "--top", "1")["cases"][0]["findings"][0]


class TestExplain:
    def test_contributions_carry_their_facts(self, answer, file):
        case, _ = answer("explain", file, "--diagnosis", "nmosd")["cases"]
        [contribution] = case["contributions"]
        assert case["decisive"] == contribution["finding"] == "serum_aqp4_igg"
        assert contribution["facts"][0].keys() == {
            "fact",
            "diagnosis",
            "statement",
            "document",
            "location",
            "address",
        }
        assert case["total"] == pytest.approx(contribution["in_sequence"])

    def test_an_unknown_diagnosis_is_one_line(self, run, file):
        status, _, err = run("explain", file, "--diagnosis", "nmsod")
        assert (status, err) == (
            2,
            "millet explain: diagnosis to explain: unknown diagnosis nmsod; did you mean nmosd?\n",
        )


class TestScore:
    def test_totals_stand_beside_the_cases_and_the_baselines(self, answer, file):
        found = answer("score", file)
        assert found.keys() - PROVENANCE == {
            "mask_confirmatory", "n", "top1", "top3", "top1_interval", "top3_interval", "log_score", "brier",
            "baselines", "cases",
        }  # fmt: skip
        assert (found["n"], found["top1"]) == (2, 1.0)
        assert found["baselines"].keys() == {"prior", "naive_bayes"}
        for case in found["cases"]:
            assert case.keys() == {"id", "truth", "posterior", "rows", "ms_course", "ms_variant", "rank"}
            assert case["rows"].keys() == ROWS

    def test_masking_changes_the_scores(self, answer, file):
        masked = answer("score", file, "--mask-confirmatory")
        assert masked["mask_confirmatory"] is True
        assert masked["log_score"] < answer("score", file)["log_score"]

    def test_a_case_without_truth_is_listed_and_not_scored(self, answer, tmp_path):
        (tmp_path / "x.json").write_text(json.dumps([*CASES, {"id": "C", "findings": {}}]))
        found = answer("score", str(tmp_path / "x.json"))
        assert (found["n"], len(found["cases"]), found["cases"][2]["rank"]) == (2, 3, None)

    def test_an_unknown_truth_is_one_line(self, run, tmp_path):
        (tmp_path / "x.json").write_text('{"findings": {}, "truth": "nmsod"}')
        status, _, err = run("score", str(tmp_path / "x.json"))
        assert status == 2
        assert err == "millet score: case case_1, truth: unknown diagnosis nmsod; did you mean nmosd?\n"


class TestCheck:
    def test_the_shipped_tables_have_no_errors(self, run, answer):
        status, out, _ = run("check")
        assert status == 0
        assert SCOPE in out
        assert answer("check")["errors"] == 0

    def test_broken_tables_give_status_1(self, run, small_tables):
        (small_tables / "findings.csv").write_text("id,label\n")
        status, out, err = run("check", str(small_tables), "--json")
        assert (status, err) == (1, "")
        problem = json.loads(out)["problems"][0]
        assert problem.keys() == {"level", "file", "line", "message", "remedy"}

    def test_a_missing_folder_is_one_line(self, run):
        status, out, err = run("check", "no/such/folder")
        assert (status, out, err.count("\n")) == (2, "", 1)


class TestProgram:
    def test_no_command_is_one_line(self, run):
        status, out, err = run()
        assert (status, out, err.count("\n")) == (2, "", 1)

    @pytest.mark.parametrize("word", ["--help", "--version"])
    def test_help_and_version_succeed(self, run, word):
        status, out, _ = run(word)
        assert status == 0
        assert "millet" in out

    @pytest.mark.parametrize("command", ["check", "diagnose", "next", "explain", "score"])
    def test_every_command_has_help(self, run, command):
        status, out, _ = run(command, "--help")
        assert status == 0
        assert SCOPE in " ".join(out.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("sensitivity", "FILE", "--diagnosis", "nosuch"), "--diagnosis: unknown diagnosis"),
        (("sensitivity", "FILE", "--constraint", "nosuch >= 0.5"), "constraint, nosuch"),
        (("sensitivity", "FILE", "--knowing", "--at-mean"), "value of knowing: 1 draws"),
        (("sensitivity", "FILE", "--csv", "FOLDER"), "cannot be written"),
        (("explain", "FILE", "--diagnosis", "nosuch"), "diagnosis to explain"),
        (("explain", "FILE", "--contrast", "nmosd", "nosuch"), "diagnosis to contrast"),
        (("explain", "FILE", "--contrast", "cns_lymphoma", "primary_cns_lymphoma"), "they share a leaf"),
        (("next", "FILE", "--orders", "--cost", "nosuch=3"), "costs: unknown order nosuch"),
        (("next", "FILE", "--orders", "--cost", "brain_mri=-3"), "costs, brain_mri: found -3"),
        (("next", "FILE", "--orders", "--budget", "nan"), "--budget: found 'nan'"),
        (("next", "FILE", "--decision", "no/such.json"), "decision no/such.json"),
        (("score", "FILE", "--report", "FOLDER"), "cannot be written"),
        (("batch", "FILE", "--out", "answers.txt"), "ends in .txt"),
        (("batch", "FILE", "--out", "FOLDER"), "cannot be written"),
        (("convert", "FILE", "--to", "case", "--out", "FOLDER"), "cannot be written"),
    ],
    ids=str,
)
def test_a_wrong_option_is_told_before_patients_are_read(run, tmp_path, arguments, said):
    """The file of patients is not even there."""
    named = {"FILE": str(tmp_path / "none.json"), "FOLDER": str(tmp_path)}
    status, out, err = run(*(named.get(word, word) for word in arguments))
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert "none.json" not in err


def test_a_weight_of_zero_is_refused_as_the_library_refuses_it(run, file):
    assert "before the findings nothing is impossible" in run("diagnose", file, "--weights", "nmosd=0")[2]
