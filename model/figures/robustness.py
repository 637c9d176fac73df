"""
How far the answer hangs on single numbers and assumptions of the model: tornado, switches, what to look up.

All of it is about "if this number in the model were wrong", never "if this finding were present", and says so.

Knows: sensitivity results. Must not know: how they were computed, Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from model.figures.base import Figure, bar, cell, group_colour, table
from model.figures.words import WORDS, placed, state_text
from model.network.address import split
from model.network.assembly import NOT_APPLICABLE
from model.network.beliefs import JUDGED
from model.network.network import DIAGNOSIS
from model.robustness.drivers import Drivers
from model.robustness.inverse import Changes
from model.robustness.knowing import Knowing
from model.robustness.number import ODDS_RATIO
from model.robustness.number_list import NumberList
from model.robustness.parameter import ParameterList
from model.robustness.results import Sensitivity, influence
from model.robustness.switch import Position, Switches
from model.text import decimals, filled, localised, percent, span
from priors.schema import KnowledgeBase


def number_label(
    knowledge: KnowledgeBase,
    node: str,
    state: str,
    given: Mapping[str, str],
    words: Mapping[str, str] = WORDS,
) -> str:
    """
    What a number of the model says, in the labels of the tables.

    Examples
    --------
    >>> from priors import load_knowledge_base
    >>> number_label(load_knowledge_base(), "tick_bite", "present", {"diagnosis": "nmosd"})
    'Tick bite: present, in neuromyelitis optica spectrum disorder'
    """
    conditions = [
        _said(knowledge, name, value, words)
        for name, value in given.items()
        if name != DIAGNOSIS and value != NOT_APPLICABLE
    ]
    behind = f" ({'; '.join(conditions)})" if conditions else ""
    if node == DIAGNOSIS:
        return (
            filled(words["number_prior"], words, label=placed(knowledge.diagnoses[state].label, words))
            + behind
        )
    if state == ODDS_RATIO:
        return filled(words["number_odds_ratio"], words, label=knowledge.variables[node].label)
    said = _said(knowledge, node, state, words)
    if DIAGNOSIS in given:
        label = knowledge.diagnoses[given[DIAGNOSIS]].label
        said = filled(words["number_in"], words, said=said, label=placed(label, words))
    return said + behind


def _said(knowledge: KnowledgeBase, name: str, state: str, words: Mapping[str, str]) -> str:
    variable = knowledge.variables[name]
    labels = {one.id: one.label for one in variable.states}
    label = labels.get(state, state.replace("_", " "))
    return state_text(variable.label, label, words)


def tornado(
    sensitivity: Sensitivity, *, patient: int = 0, n: int = 12, words: Mapping[str, str] = WORDS
) -> Figure:
    """
    The most influential numbers of the model: what the answer would be at the ends of each one's plausible range.

    Parameters
    ----------
    sensitivity
        What `model.sensitivity` gave.
    patient
        Whose.
    n
        How many numbers to show.
    words
        What the figure says; see `WORDS`.
    """
    one, parameters = sensitivity.select(patient), sensitivity.parameters
    present = float(one.present[0, 0])
    low, high = one.at(parameters.low)[0], one.at(parameters.high)[0]
    rows = [_head(words["number"], words["probability"])]
    for i in influence(one)[:n]:
        node, given, state = parameters.addresses[i]
        ends = sorted((float(low[i]), float(high[i])))
        start, end = one.admissible[0, i]
        flips = start > parameters.low[i] or end < parameters.high[i]
        name = number_label(parameters.network.knowledge, node, state, given, words)
        value = _plausible(parameters, int(i), words)
        note = _sources(parameters.facts(int(i)), words)
        flip = f'\N{NO-BREAK SPACE}<b title="{escape(words["flips"])}">⚑</b>' if flips else ""
        rows.append(
            cell("name", f"<span>{escape(name)}{flip}<small>{escape(value)} · {escape(note)}</small></span>")
            + cell("bar", _swing(ends[0], ends[1], present))
            + cell("p", f"{percent(ends[0], words)} – {percent(ends[1], words)}")
        )
    label = one.classes.labels[int(one.target[0])]
    title = filled(words["tornado"], words, label=placed(label, words))
    caption = filled(
        words["tornado_caption"], words, label=placed(label, words), present=percent(present, words)
    )
    return Figure(table("tornado", *rows, label=title), title, caption)


def _plausible(parameters: NumberList | ParameterList, i: int, words: Mapping[str, str]) -> str:
    """A number at mean parameters and its plausible range, in words."""
    ends = {"value": parameters.value[i], "low": parameters.low[i], "high": parameters.high[i]}
    return filled(
        words["number_value"], words, **{name: percent(float(p), words) for name, p in ends.items()}
    )


def _sources(facts: Sequence[str], words: Mapping[str, str]) -> str:
    """What a number rests on: facts, judgement alone, or nothing."""
    if tuple(facts) == (JUDGED,):
        return words["ground_judgement"]
    return filled(words["facts"], words, n=len(facts)) if facts else words["no_source"]


def _head(name: str, last: str) -> str:
    """The row of headings, with the scale of a probability in the middle."""
    marks = "".join(f'<small style="left:{p}%">{p} %</small>' for p in (0, 50, 100))
    return (
        cell("name", f"<small>{escape(name)}</small>")
        + cell("bar", f'<span class="mf-scale">{marks}</span>')
        + cell("p", f"<small>{escape(last)}</small>")
    )


def _swing(low: float, high: float, present: float) -> str:
    """A bar from the lowest to the highest answer, with a tick at the present one."""
    style = f"margin-left:{100 * low:.1f}%;width:{max(100 * (high - low), 0.4):.1f}%;--bar:#0072b2"
    return (
        f'<span class="mf-track" aria-hidden="true"><span class="mf-for" style="{style}"></span>'
        f'<b style="left:{100 * present:.1f}%"></b></span>'
    )


def changes_table(
    changes: Changes, parameters: NumberList, title: str, *, n: int = 8, words: Mapping[str, str] = WORDS
) -> Figure:
    """
    The single numbers that would do by themselves: what each is, what it plausibly is, and what it would have to be.

    Parameters
    ----------
    changes
        What `model.smallest_changes` gave.
    parameters
        The numbers that it looked at.
    title
        What is wanted, in words.
    n
        How many numbers at most, the smallest change first.
    words
        What the figure says; see `WORDS`.
    """
    rows = [_head(words["number"], words["goal_needed"])]
    for change in changes.parameters[:n]:
        i = change.index
        node, given, state = parameters.addresses[i]
        name = number_label(parameters.network.knowledge, node, state, given, words)
        low, high = float(parameters.low[i]), float(parameters.high[i])
        value = _plausible(parameters, i, words)
        note = words["goal_within" if change.within else "goal_outside"]
        rows.append(
            cell("name", f"<span>{escape(name)}<small>{escape(value)} · {escape(note)}</small></span>")
            + cell("bar", _reach(low, high, change.value, change.needed))
            + cell("p", percent(change.needed, words))
        )
    return Figure(table("goal", *rows, label=title), title, words["goal_caption"])


def _reach(low: float, high: float, value: float, needed: float) -> str:
    """A line for the plausible range, a tick at the present value, and a mark at the needed one."""
    return (
        f'<span class="mf-track" aria-hidden="true"><em style="left:{100 * low:.1f}%;width:{100 * (high - low):.1f}%"></em>'
        f'<b style="left:{100 * value:.1f}%"></b><i class="mf-network" style="left:{100 * needed:.1f}%"></i></span>'
    )


def knowing_bars(
    knowing: Knowing, *, n: int = 10, open_bits: float | None = None, words: Mapping[str, str] = WORDS
) -> Figure:
    """
    The numbers of the literature that would be worth knowing exactly; those within noise are left out.

    Parameters
    ----------
    knowing
        What `model.value_of_knowing` gave.
    n
        How many at most.
    open_bits
        Entropy of the diagnosis: values are shares of it, instead of bits.
    words
        What the figure says; see `WORDS`.
    """

    def said(value: float) -> str:
        if open_bits:
            return percent(min(1.0, value / open_bits), words)
        return f"{localised(decimals(value), words)} {words['bits']}"

    knowledge = knowing.network.knowledge
    worth = [int(i) for i in knowing.order[:n] if knowing.bits[i] > knowing.noise[0]]
    widest = max((float(knowing.bits[i]) for i in worth), default=0.0) or 1.0
    settled = words["knowing_share" if open_bits else "bits"]
    rows = [
        cell("name", f"<small>{escape(words['number'])}</small>")
        + cell("bar", "")
        + cell("p", f"<small>{escape(settled)}</small>")
    ]
    for i in worth:
        number = knowing.numbers.of[i]
        given = {DIAGNOSIS: number.leaf} if number.leaf and number.node != DIAGNOSIS else {}
        name = number_label(knowledge, number.node, number.state, given, words)
        note = _sources(knowing.numbers.facts(knowing.network, i), words)
        share = filled(words["of_variance"], words, share=percent(float(knowing.share[i]), words))
        rows.append(
            cell("name", f"<span>{escape(name)}<small>{escape(note)} · {escape(share)}</small></span>")
            + cell("bar", bar(float(knowing.bits[i]) / widest, "#56b4e9"))
            + cell("p", escape(said(float(knowing.bits[i]))))
        )
    title = filled(words["knowing"], words, label=knowing.label)
    unit = "share" if open_bits else "bits"
    caption = filled(words[f"knowing_caption_{unit}"], words, noise=said(knowing.noise[0]))
    if worth:
        caption = f"{caption} {filled(words['knowing_scale'], words, longest=said(widest))}"
    body = (
        table("bits", *rows, label=title) if worth else f'<p class="mf">{escape(words["knowing_none"])}</p>'
    )
    return Figure(body, title, caption)


def drivers_bars(drivers: Drivers, knowledge: KnowledgeBase, *, words: Mapping[str, str] = WORDS) -> Figure:
    """
    The numbers that decide over the draws who leads, by total Sobol index with two standard errors on either side.

    Parameters
    ----------
    drivers
        What `model.rank_drivers` gave; numbers that cannot be told from none are left out.
    knowledge
        Gives labels.
    words
        What the figure says; see `WORDS`.
    """
    labels = {name: knowledge.diagnoses[name].label for name in (drivers.leader, drivers.rival)}
    rows = []
    for i, address in enumerate(drivers.names):
        total, error = float(drivers.total[i]), 2 * float(drivers.total_error[i])
        if total <= error:
            continue
        node, state, given = split(address)
        name = number_label(knowledge, node, state, given, words)
        favoured = drivers.leader if drivers.correlation[i] > 0 else drivers.rival
        note = filled(
            words["drivers_note"],
            words,
            label=placed(labels[favoured], words),
            alone=percent(min(total, 1.0, max(0.0, float(drivers.first[i]))), words),  # samples may say more
        )
        ends = (max(0.0, total - error), min(1.0, total + error))
        between = span(percent(ends[0], words), percent(ends[1], words), words)
        rows.append(
            cell("name", f"<span>{escape(name)}<small>{escape(note)}</small></span>")
            + cell("bar", bar(min(1.0, total), "#56b4e9", ends))
            + cell(
                "p", f'{percent(min(1.0, total), words)}<span class="mf-interval">{escape(between)}</span>'
            )
        )
    title = filled(words["drivers"], words, leader=labels[drivers.leader], rival=labels[drivers.rival])
    caption = filled(words["drivers_caption"], words, n=drivers.n_samples)
    body = table("bits", *rows, label=title) if rows else f'<p class="mf">{escape(words["drivers_none"])}</p>'
    return Figure(body, title, caption)


def switch_table(
    switches: Switches, knowledge: KnowledgeBase, *, patient: int = 0, words: Mapping[str, str] = WORDS
) -> Figure:
    """
    Each assumption switched alone, and every smallest combination after which another diagnosis leads.

    Parameters
    ----------
    switches
        What `model.switches` gave.
    knowledge
        Gives the groups of the diagnoses.
    patient
        Whose.
    words
        What the figure says; see `WORDS`.
    """
    base, flips = switches.positions[0], set(switches.flips(patient))
    leader = int(switches.probabilities[0, patient].argmax())
    rows = []
    for position, p in zip(switches.positions, switches.probabilities[:, patient], strict=True):
        moved = position.moved(base)
        if len(moved) > 1 and moved not in flips:
            continue
        top = int(p.argmax())
        label, share = switches.rows.labels[top], percent(float(p[top]), words)
        colour = group_colour(knowledge.diagnoses[switches.rows.names[top]].group)
        kept = float(p[leader])
        changed = f"<b>⚑ {escape(label)} {share}</b>" if top != leader else escape(words["same_leader"])
        rows.append(
            cell("name", escape(switch_label(position, base, words)))
            + cell("bar", bar(kept, colour if top == leader else group_colour("other")))
            + cell("p", percent(kept, words))
            + cell("shift", changed)
        )
    label = switches.rows.labels[leader]
    n, fewest = switches.n_draws[0], min(switches.n_draws)
    fewer = filled(words["fewer_draws"], words, n=fewest) if fewest < n else ""
    caption = filled(words["switches_caption"], words, label=label, n=n, fewer=fewer)
    title = filled(words["switches"], words, label=placed(label, words))
    return Figure(table("switches", *rows, label=title), title, caption)


def switch_label(position: Position, base: Position, words: Mapping[str, str] = WORDS) -> str:
    """What is switched, in words: by those of the figure where it has them, else as `Position.moved` says it."""
    moved = position.moved(base)
    return ", ".join(words.get(f"switch {one}", one) for one in moved) or words["as_it_is"]
