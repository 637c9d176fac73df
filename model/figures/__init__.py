"""
Results -> figures: HTML and SVG text, for the app, notebooks and reports alike.

Every figure is a function of a result with the keyword `words` (English by default, see `WORDS`). None needs colour to be
read. Knows: results, colours, shapes. Must not know: Streamlit, how anything was computed.
"""

from model.figures.base import GROUP_COLOURS, Figure, bar, group_colour, legend, share_bars, shift_text
from model.figures.curves import sensitivity_curve, surface_map, sweep_curves
from model.figures.differential import differential_table, more_often_text, rank_table
from model.figures.drawings import DRAWINGS, drawing
from model.figures.evidence import contrast_bars, waterfall, weight_text
from model.figures.footing import footing_table, ground_squares
from model.figures.forest import forest_plot
from model.figures.information import information_bars, order_bars
from model.figures.knowledge_map import knowledge_map
from model.figures.look_for import look_for_table
from model.figures.network_drawing import network_drawing
from model.figures.people import people_dots
from model.figures.plan import pattern_text, plan_tree
from model.figures.robustness import (
    changes_table,
    drivers_bars,
    knowing_bars,
    number_label,
    switch_label,
    switch_table,
    tornado,
)
from model.figures.shift import answer_table, leading_rows, shift_table
from model.figures.style import STYLE
from model.figures.trajectory import trajectory
from model.figures.validation import calibration_plot, rank_histogram, reveal_curves
from model.figures.words import WORDS, age_text, placed, state_text
from model.inference.graph import FloatArray

__all__ = [
    "DRAWINGS",
    "GROUP_COLOURS",
    "STYLE",
    "WORDS",
    "Figure",
    "FloatArray",
    "age_text",
    "answer_table",
    "bar",
    "calibration_plot",
    "changes_table",
    "contrast_bars",
    "differential_table",
    "drawing",
    "drivers_bars",
    "footing_table",
    "forest_plot",
    "ground_squares",
    "group_colour",
    "information_bars",
    "knowing_bars",
    "knowledge_map",
    "leading_rows",
    "legend",
    "look_for_table",
    "more_often_text",
    "network_drawing",
    "number_label",
    "order_bars",
    "pattern_text",
    "people_dots",
    "placed",
    "plan_tree",
    "rank_histogram",
    "rank_table",
    "reveal_curves",
    "sensitivity_curve",
    "share_bars",
    "shift_table",
    "shift_text",
    "state_text",
    "surface_map",
    "sweep_curves",
    "switch_label",
    "switch_table",
    "tornado",
    "trajectory",
    "waterfall",
    "weight_text",
]
