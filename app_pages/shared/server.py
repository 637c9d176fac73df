"""
The web server of ``millet app``: the app of `app.py`, quicker to start and quiet when a link names a screen.

``streamlit run app.py`` gives the same app. This server reads the network while the browser still loads its scripts,
and tells the page where the server is: left to itself, Streamlit's page looks for it beneath each screen's name first,
and a browser complains of every miss.

Knows: the web server. Must not know: what a screen shows.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from threading import Thread

import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route
from streamlit.starlette import App

from model.errors import USER_ERRORS

PAGES = Path(__file__).resolve().parents[1]
# In a wheel the script lies among the screens, in a clone beside them.
SCRIPT = next(path for path in (PAGES / "app.py", PAGES.parent / "app.py") if path.exists())
SCREENS = sorted(path.parent.name for path in PAGES.glob("*/page.py"))
PAGE = Path(streamlit.__file__).parent / "static" / "index.html"
# A screen's address has one part: what it is relative to is the address of the server, behind any prefix.
WHERE = '<head><script>window.__streamlit={BACKEND_BASE_URL:new URL(".",location.href).href}</script>'


async def screen(_: Request) -> HTMLResponse:
    """The page of any screen: Streamlit's own, told where the server is."""
    page = PAGE.read_text(encoding="utf-8").replace("<head>", WHERE, 1)
    return HTMLResponse(page, headers={"Cache-Control": "no-cache"})


def read_ahead() -> None:
    """Read and compile the network that every session begins with."""
    from model import load_network

    with suppress(*USER_ERRORS):
        _ = load_network().plan


@asynccontextmanager
async def lifespan(_: App) -> AsyncIterator[None]:
    """Read the network aside while the server starts; a failure is told on the page, when a session reads it again."""
    Thread(target=read_ahead, daemon=True).start()
    yield


app = App(SCRIPT, lifespan=lifespan, routes=[Route(f"/{name}", screen) for name in SCREENS])
