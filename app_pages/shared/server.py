"""
The web server of ``millet app``: the app of `app.py`, quicker to start and quiet when a link names a screen.

``streamlit run app.py`` gives the same app. This server reads the network while the browser still loads its scripts,
and tells the page where the server is: left to itself, Streamlit's page looks for it beneath each screen's name first,
and a browser complains of every miss.

Knows: the web server. Must not know: what a screen shows.
"""

from __future__ import annotations

import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

# Two pictures are worked out at a time (`turns`), each by one thread: several wait for each other on the same cores, and
# twice the work goes into a visit. NumPy reads this when Streamlit loads it.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ.get("OPENBLAS_NUM_THREADS", "1")

import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.routing import Route
from streamlit.runtime.scriptrunner import script_runner
from streamlit.starlette import App

from app_pages.shared import ballot
from model.errors import USER_ERRORS

PAGES = Path(__file__).resolve().parents[1]
# In a wheel the script lies among the screens, in a clone beside them.
SCRIPT = next(path for path in (PAGES / "app.py", PAGES.parent / "app.py") if path.exists())
FIRST = "case"
SCREENS = sorted({path.parent.name for path in PAGES.glob("*/page.py")} - {FIRST})
PAGE = Path(streamlit.__file__).parent / "static" / "index.html"
# A screen's address has one part: what it is relative to is the address of the server, behind any prefix.
WHERE = '<head><script>window.__streamlit={BACKEND_BASE_URL:new URL(".",location.href).href}</script>'


async def screen(_: Request) -> HTMLResponse:
    """The page of any screen: Streamlit's own, told where the server is."""
    page = PAGE.read_text(encoding="utf-8").replace("<head>", WHERE, 1)
    return HTMLResponse(page, headers={"Cache-Control": "no-cache"})


async def first_screen(request: Request) -> RedirectResponse:
    """The screen that has no name of its own in an address, for who writes it all the same: Streamlit knows no such page."""
    return RedirectResponse(f"./?{request.url.query}")


async def ballot_page(request: Request) -> HTMLResponse:
    """The page on which a telephone votes; one that says so where the class is over."""
    accepted = request.headers.get("accept-language", "")
    page, is_under_way = ballot.page(request.path_params["code"], accepted)
    return HTMLResponse(page, 200 if is_under_way else 410, headers={"Cache-Control": "no-store"})


async def ballot_now(request: Request) -> JSONResponse:
    """What a telephone is asked now."""
    return JSONResponse(ballot.now(request.path_params["code"], request.query_params.get("ballot", "")))


async def ballot_vote(request: Request) -> JSONResponse:
    """A vote; of a body that is too long nothing is kept."""
    body = b""
    async for chunk in request.stream():
        body = (body + chunk)[: ballot.MAX_BYTES + 1]
    return JSONResponse(
        ballot.vote(request.path_params["code"], body if len(body) <= ballot.MAX_BYTES else b"")
    )


async def room_votes(request: Request) -> HTMLResponse:
    """The votes as they come, for the page of whoever leads the class."""
    query = request.query_params
    told = ballot.votes(request.path_params["code"], query.get("key", ""), query.get("spoken", ""))
    return HTMLResponse(told, 200 if told else 410, headers={"Cache-Control": "no-store"})


def read_ahead() -> None:
    """
    Read and compile the network that every session begins with, and ask it what the first screen asks.

    What is laid out at the first question is there then, while the browser still loads its scripts.

    Streamlit looks through all objects of Python for garbage after every run of the script; with sixty visitors that was a
    quarter of the work. What is here to stay, modules and tables, is taken out of that, and only what is young is looked
    through: Python itself does the rest when there is enough of it.
    """
    from model import encode, load_network, value_of_information
    from model.why.surprise import surprise

    with suppress(*USER_ERRORS):
        network = load_network()
        patient = encode(network, {"enhancement_pattern": "miliary"})
        value_of_information(network, patient, target="row")
        surprise(network, patient, n_simulated=1)
    gc.collect()
    gc.freeze()
    script_runner.gc = SimpleNamespace(collect=lambda _: gc.collect(1))  # type: ignore[attr-defined]


@asynccontextmanager
async def lifespan(_: App) -> AsyncIterator[None]:
    """Read the network aside while the server starts; a failure is told on the page, when a session reads it again."""
    ballot.served.add("ballots")
    Thread(target=read_ahead, daemon=True).start()
    yield


BALLOTS = [
    Route("/ballot/{code}", ballot_page),
    Route("/ballot/{code}", ballot_vote, methods=["POST"]),
    Route("/ballot/{code}/now", ballot_now),
    Route("/ballot/{code}/votes", room_votes),
]
PAGES_OF_SCREENS = [Route(f"/{FIRST}", first_screen), *(Route(f"/{name}", screen) for name in SCREENS)]
app = App(SCRIPT, lifespan=lifespan, routes=[*BALLOTS, *PAGES_OF_SCREENS])
