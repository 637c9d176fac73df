"""A figure is written to a file without a browser: all that it says stands in it, inside its edges, the same each time."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from model import (
    believed,
    encode,
    evidence_of,
    explain,
    load_network,
    plan_orders,
    posterior,
    sensitivity,
    smallest_changes,
    value_of_information,
)
from model.errors import EvidenceError
from model.figures import (
    Figure,
    changes_table,
    contrast_bars,
    differential_table,
    drawing,
    footing_table,
    forest_plot,
    ground_squares,
    information_bars,
    knowledge_map,
    legend,
    look_for_table,
    network_drawing,
    people_dots,
    plan_tree,
    rank_table,
    sensitivity_curve,
    tornado,
    waterfall,
)
from model.figures.flow import Look, runs, wrapped
from model.figures.markup import Element, parsed
from model.figures.paper import block
from model.figures.vector import vector_ink
from model.text import unparted

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def figures() -> dict[str, Figure]:
    """One figure of each kind."""
    network = load_network().thinned(20)
    tables, patient = network.knowledge, encode(network, {"sex": "female", "pvs_pattern": "present"})
    answer, information = posterior(network, patient), value_of_information(network, patient)
    why = explain(network, patient, contrast=("neurosarcoidosis", "cns_lymphoma"), n_simulated=20)
    moved = sensitivity(network, patient)
    rows = answer.names("row")
    return {
        "differential": differential_table(answer, before=posterior(network, {}).mean_by("row")[0]),
        "ranks": rank_table(answer),
        "waterfall": waterfall(why),
        "contrast": contrast_bars(why.contrast),
        "footing": footing_table(why.footing),
        "ground": ground_squares({"cohorts": 1, "judgement": 2}, {"cohorts": 0.5, "judgement": 0.5}),
        "tornado": tornado(moved),
        "goal": changes_table(
            smallest_changes(network, patient, "susac_syndrome >= 0.5", parameters=moved.parameters),
            moved.parameters,
            "Susac syndrome at 50 %",
        ),
        "curve": sensitivity_curve(moved, 0),
        "people": people_dots(answer),
        "information": information_bars(information),
        "look": look_for_table(information, information.candidates[:3], tables),
        "forest": forest_plot(evidence_of(network, "fever", "neurotuberculosis"), tables),
        "legend": legend(tables),
        "network": network_drawing(network, ["fever", "pvs_pattern"]),
        "map": knowledge_map(believed(network), ["fever", "headache"], rows),
        "plan": plan_tree(plan_orders(network, patient, budget=6, depth=2, samples=10), tables),
        "drawing": drawing("miliary", title="Miliary"),
    }


def shown(element: Element) -> list[str]:
    """The words that a reader of the page sees on a wide screen."""
    words = []
    for child in element.children:
        if isinstance(child, str):
            words += child.split()
        elif child.tag not in ("details", "title", "desc") and not child.classes & {
            "mf-small",
            "mf-hidden",
            "mf-narrow",
        }:
            words += shown(child)
    return words


def words_of(path) -> list[str]:
    texts = (text.text for text in ET.parse(path).iter(f"{SVG}text"))
    return " ".join(filter(None, texts)).split()


def test_a_drawing_says_all_that_the_page_says(figures, tmp_path) -> None:
    unlike = []
    for name, figure in figures.items():
        figure.save(tmp_path / "a.svg")
        expected = [*figure.title.split(), *shown(parsed(figure.html)), *figure.caption.split()]
        if sorted("".join(words_of(tmp_path / "a.svg"))) != sorted("".join(expected)):
            unlike.append(name)
    assert unlike == []


def test_nothing_is_cut_off_at_the_edges(figures, tmp_path) -> None:
    from matplotlib.image import imread

    cut = []
    for name, figure in figures.items():
        figure.save(tmp_path / "a.png")
        picture = imread(tmp_path / "a.png")[:, :, :3]
        edges = (picture[:8], picture[-8:], picture[:, :8], picture[:, -8:])
        if picture.shape[1] != 1800 or picture.min() > 0.7 or any(edge.min() < 1 for edge in edges):
            cut.append(name)
    assert cut == []


def test_the_same_figure_gives_the_same_file(figures, tmp_path) -> None:
    for ending in ("svg", "png", "pdf"):
        for name in ("one", "two"):
            figures["tornado"].save(tmp_path / f"{name}.{ending}")
        assert (tmp_path / f"one.{ending}").read_bytes() == (tmp_path / f"two.{ending}").read_bytes(), ending


def test_bars_are_as_long_as_their_numbers() -> None:
    figure = Figure(
        '<div class="mf mf-shares" role="table"><div role="row"><div role="cell" class="mf-bar">'
        '<span class="mf-track"><span style="width:25.0%;background:#009e73"></span></span></div></div></div>'
    )
    inks, _ = block(parsed(figure.html), 400, Look())
    widths = [np.ptp(ink.outline.vertices[:, 0]) for ink in inks]
    assert widths == [400, 100]


def test_paths_words_and_turned_groups_of_a_drawing_stand_where_svg_puts_them() -> None:
    svg = parsed(
        '<svg viewBox="0 0 10 10"><g transform="translate(2 0)rotate(90)"><path d="M0 0h3"/></g>'
        '<text x="1" y="2" text-anchor="end">a</text></svg>'
    ).elements()[0]
    (path, word), height = vector_ink(svg, 20)
    np.testing.assert_allclose(path.outline.vertices, [[4, 0], [4, 6]], atol=1e-12)
    assert (word.x, word.y, word.anchor, height) == (2, 4, "right", 20)


def test_lines_are_wrapped_where_they_are_full_and_no_word_is_lost() -> None:
    text = "many tiny enhancing dots, each the size of a millet seed"
    lines = wrapped(runs(Element("p", {}, [text]), Look()), 150)
    assert len(lines) > 2
    assert "".join(run.text for line in lines for run in line).split() == text.split()
    assert all(sum(run.width for run in line if run.text.strip()) <= 150 for line in lines)


def test_a_page_carries_the_figure_as_it_is(figures, tmp_path) -> None:
    figures["ranks"].save(tmp_path / "a.html")
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert unparted(figures["ranks"].html) in text
    assert re.search(r"<title>[^<]+</title>", text)


def test_other_endings_and_narrow_paper_are_refused_in_one_line(figures, tmp_path) -> None:
    for name, how in (("a.gif", {}), ("a.svg", {"width": 100})):
        with pytest.raises(EvidenceError) as error:
            figures["legend"].save(tmp_path / name, **how)
        assert "\n" not in str(error.value)
    assert not list(tmp_path.iterdir())
