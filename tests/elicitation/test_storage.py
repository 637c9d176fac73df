"""Stored draws that are missing, damaged, stale or something else are refused in one line: what, and what to do."""

from __future__ import annotations

import io
import json
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.elicitation.cells import Cells
from model.errors import StorageError
from model.network import storage
from model.network.parameters import Parameters
from model.network.storage import default_path, draws_digest, load_parameters, load_record, save_parameters
from priors import load_knowledge_base
from tests.support.invented import one_of_each, write_invented


@pytest.fixture
def folder(tmp_path):
    """Invented tables with stored draws."""
    write_invented(tmp_path, one_of_each())
    save_parameters(invented_parameters(tmp_path), {"seed": 1}, default_path(tmp_path))
    return tmp_path


def invented_parameters(folder, seed=1):
    """Seven random draws that fit the tables of a folder."""
    knowledge, rng = load_knowledge_base(folder), np.random.default_rng(seed)
    cells = Cells(knowledge)
    log_weights = cells.leaf_log_weights(rng.normal(size=(7, cells.size)))
    n_bins = len(knowledge.variables["age_years"].states)
    return Parameters(
        log_weights={**log_weights, "age_years": rng.normal(size=(7, len(knowledge.leaves), n_bins))},
        shifts=rng.normal(size=(7, len(knowledge.links))),
        roots={
            name: rng.normal(size=(7, len(v.states)))
            for name, v in knowledge.of_role("context", "protocol").items()
        },
        odds_ratios={},
        prior_weights=rng.normal(size=(7, len(knowledge.prior_weights))),
        digest=knowledge.digest,
    )


def rewrite(folder, **changes):
    """Store the file anew with some arrays replaced; None leaves one out."""
    path = default_path(folder)
    with np.load(path) as archive:
        arrays = {name: archive[name] for name in archive.files} | changes
    np.savez_compressed(path, **{name: array for name, array in arrays.items() if array is not None})


def refusal(folder):
    """The one line of the refusal."""
    with pytest.raises(StorageError) as caught:
        load_parameters(load_knowledge_base(folder), folder)
    [line] = str(caught.value).splitlines()
    assert line.startswith("parameters.npz")
    assert line.endswith(f"run `millet elicit {folder}`")
    return line


def test_what_was_stored_comes_back(folder):
    stored = load_parameters(load_knowledge_base(folder), folder)
    given = invented_parameters(folder)
    assert stored.n_draws == 7
    for name, array in given.log_weights.items():
        np.testing.assert_allclose(
            stored.log_weights[name], array, rtol=0, atol=1 / 128
        )  # half of `storage.STEP`
    assert draws_digest(stored) == draws_digest(given) == load_record(folder)["draws_digest"]
    assert draws_digest(invented_parameters(folder, seed=2)) != draws_digest(given)


def test_a_missing_file(folder):
    default_path(folder).unlink()
    assert "no stored draws" in refusal(folder)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_file_that_is_cut_off(folder, share):
    path = default_path(folder)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    assert "cannot be read" in refusal(folder)


def test_a_file_with_changed_bytes(folder):
    path = default_path(folder)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("shifts.npy").header_offset + 60
    content[start : start + 40] = bytes(255 - byte for byte in content[start : start + 40])
    path.write_bytes(bytes(content))
    assert "cannot be read" in refusal(folder)


@pytest.mark.parametrize("content", [b"no archive at all", b"PK\x03\x04", b"\x80\x04K\x01."])
def test_a_file_that_is_something_else(folder, content):
    default_path(folder).write_bytes(content)
    assert "cannot be read" in refusal(folder)


def test_an_array_instead_of_an_archive(folder):
    with default_path(folder).open("wb") as file:
        np.save(file, np.zeros(3))
    assert "cannot be read" in refusal(folder)


def test_objects_are_never_unpickled(folder):
    rewrite(folder, shifts=np.array([{"a": 1}], dtype=object))
    assert "cannot be read" in refusal(folder)


def test_an_archive_member_that_is_no_array(folder):
    with zipfile.ZipFile(default_path(folder)) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if name != "shifts.npy"}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in {**members, "shifts": b"text"}.items():
            archive.writestr(name, content)
    default_path(folder).write_bytes(buffer.getvalue())
    assert "array shifts: missing" in refusal(folder)


@pytest.mark.parametrize("record", ["{", "[1]", "3"])
def test_a_record_that_is_no_object(folder, record):
    rewrite(folder, record=np.array(record))
    assert "record" in refusal(folder) or "cannot be read" in refusal(folder)


def test_stale_draws(folder):
    rewrite(folder, record=np.array(json.dumps({"digest": "0" * 64})))
    assert "drawn from other tables (digest 000000000000)" in refusal(folder)


def test_tables_that_changed(folder):
    facts = one_of_each()
    facts[0]["low"] = 31
    write_invented(folder, facts)
    assert "drawn from other tables" in refusal(folder)


@pytest.mark.parametrize("array", [np.zeros((7, 2)), np.zeros((0, 1)), np.zeros(7), np.float32(1)])
def test_an_array_of_the_wrong_shape(folder, array):
    rewrite(folder, shifts=array.astype(np.float32))
    assert "array shifts: shape" in refusal(folder)


def test_a_missing_array(folder):
    rewrite(folder, **{"log_weights/finding_0": None})
    assert "array log_weights/finding_0: missing" in refusal(folder)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_none(folder, value):
    rewrite(folder, shifts=np.full((7, 1), value, dtype=np.float32))
    assert "finite" in refusal(folder)


@pytest.mark.parametrize("value", [0.0, -1.0])
def test_an_odds_ratio_that_is_not_above_zero(value, monkeypatch):
    """Of the shipped draws: invented tables have no mechanism."""
    arrays, record = storage._read(default_path(), "cure")
    name = next(name for name in arrays if name.startswith("odds_ratios/"))
    arrays[name] = np.where(np.arange(len(arrays[name])) == 3, np.float32(value), arrays[name])
    monkeypatch.setattr(storage, "_read", lambda *_: (arrays, record))
    with pytest.raises(StorageError, match="not all are above 0"):
        load_parameters(load_knowledge_base())


def test_a_bomb_is_refused_before_it_is_unpacked(folder, monkeypatch):
    with zipfile.ZipFile(default_path(folder), "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.npy", bytes(30_000_000))
    monkeypatch.setattr(storage, "MAX_BYTES", 20_000_000)
    monkeypatch.setattr(np, "load", lambda *_, **__: pytest.fail("it was unpacked"))
    assert "unpacks to 30," in refusal(folder)


def test_an_array_that_says_it_is_larger_than_memory(folder):
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f4", "fortran_order": False, "shape": (7, 10**12)}
    )
    rewrite(folder, shifts=None)
    with zipfile.ZipFile(default_path(folder), "a") as archive:
        archive.writestr("shifts.npy", header.getvalue())
    assert "cannot be read" in refusal(folder)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1), bytes_=st.binary(min_size=1, max_size=40))
def test_bytes_overwritten_anywhere_are_refused_or_change_nothing(folder, place, bytes_):
    path = default_path(folder)
    whole = path.read_bytes()
    at = int(place * (len(whole) - 1))
    try:
        path.write_bytes(whole[:at] + bytes_ + whole[at + len(bytes_) :])
        try:
            parameters = load_parameters(load_knowledge_base(folder), folder)
        except StorageError:
            return
        assert draws_digest(parameters) == draws_digest(invented_parameters(folder))
    finally:
        path.write_bytes(whole)


def test_another_precision(folder):
    rewrite(folder, shifts=np.zeros((7, 1)))
    assert "single-precision" in refusal(folder)


def test_arrays_with_different_numbers_of_draws(folder):
    rewrite(folder, shifts=np.zeros((6, 1), dtype=np.float32))
    assert "[6, 7] draws" in refusal(folder)


def test_an_interrupted_run_leaves_the_old_file(folder, monkeypatch):
    before = default_path(folder).read_bytes()

    def interrupted(file, *_, **__):
        file.write(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(np.lib.format, "write_array", interrupted)
    with pytest.raises(KeyboardInterrupt):
        save_parameters(invented_parameters(folder, seed=2), {}, default_path(folder))
    assert default_path(folder).read_bytes() == before
    assert [path.name for path in default_path(folder).parent.iterdir()] == ["parameters.npz"]


def test_another_reading_of_words_has_a_file_of_its_own(folder):
    other = default_path(folder, "hpo")
    save_parameters(invented_parameters(folder, seed=2), {"mapping": "hpo"}, other)
    knowledge = load_knowledge_base(folder)
    assert other != default_path(folder)
    assert not np.array_equal(
        load_parameters(knowledge, folder, "hpo").shifts, load_parameters(knowledge, folder).shifts
    )
    other.unlink()
    with pytest.raises(StorageError, match=r"run `millet elicit .* --mapping hpo`"):
        load_parameters(knowledge, folder, "hpo")
