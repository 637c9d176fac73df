"""All that the app shows, screen by screen and view by view, in memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape

from google.protobuf.json_format import MessageToDict
from streamlit.testing.v1 import AppTest

VIEWS = {
    "next_step": ("view", ("findings", "orders", "stop")),
    "why": ("why_view", ("evidence", "contrast", "fit", "sources")),
    "robustness": ("robust_view", ("ranks", "numbers", "goal", "prior", "switches", "lookup")),
    "knowledge": ("knowledge_view", ("map", "network", "facts", "unknown", "pairs")),
}
"""Screen -> key of its switch, and the views that it has."""

PLAIN = ("case", "compare", "about", "teach")
READ = {"body", "caption", "content", "help", "label", "options", "placeholder", "text"}
"""Fields of an element that somebody reads; the others are addresses, keys and layout."""


def walked(open_app: Callable[..., AppTest], **query: str) -> Iterator[tuple[str, list[str]]]:
    """Where something is shown, and all its texts: screens, views, a lesson to its end, a plan, a comparison."""
    for screen in PLAIN:
        yield screen, list(texts(open_app(screen, **query)))
    for screen, (key, views) in VIEWS.items():
        app = open_app(screen, **query)
        for view in views:
            app.segmented_control(key=key).set_value(view).run()
            assert not app.exception, f"{screen}, {view}"
            yield f"{screen}, {view}", list(texts(app))
    yield "plan", list(texts(planned(open_app("next_step", **query))))
    yield "comparison", list(texts(open_app("compare", g="sex.female", **query)))
    for stage, app in enumerate(lesson(open_app("teach", t="p.H010", **query))):
        yield f"lesson, stage {stage}", list(texts(app))


def planned(app: AppTest) -> AppTest:
    """A plan on the screen "Next step"."""
    app.segmented_control(key="view").set_value("orders").run()
    app.number_input(key="budget").set_value(4.0).run()
    return app.button(key="make_plan").click().run()


def lesson(app: AppTest) -> Iterator[AppTest]:
    """A lesson, stage by stage, each after it was committed to; the drills at its end."""
    app.multiselect(key="points_rows").set_value(["multiple_sclerosis", "other"]).run()
    while True:
        for box in app.selectbox:
            if box.key.startswith("teach_order_"):
                box.set_value("stop").run()
        yield app.button(key="commit").click().run()
        if not [one for one in app.button if one.key == "reveal_next"]:
            break
        app.button(key="reveal_next").click().run()
    for drill in ("closure", "withheld", "base_rate"):
        yield app.segmented_control(key="drill_kind").set_value(drill).run()


def texts(app: AppTest) -> Iterator[str]:
    """Every text of the screen: labels, answers to choose from, help, sentences, figures and tables."""
    for element in app:
        if element.type == "dataframe":
            yield from map(str, [*element.value.columns, *element.value.to_numpy().ravel()])
        elif getattr(element, "proto", None) is not None and element.type != "code":
            yield from strings(MessageToDict(element.proto))


def strings(value: object) -> Iterator[str]:
    """Every text inside an element."""
    if isinstance(value, str):
        yield words(value)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name in READ or isinstance(one, dict):
                yield from strings(one)


def words(body: str) -> str:
    """What is read of a piece of HTML: without style, with the texts that a pointer or a reader is told."""
    body = re.sub(r"<style.*?</style>", " ", body, flags=re.DOTALL)
    told = re.findall(r'(?:title|aria-label)="([^"]*)"', body)
    return unescape(" ".join([re.sub(r"<[^>]*>", " ", body), *told]))
