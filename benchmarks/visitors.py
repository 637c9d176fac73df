"""
Many visitors at once, over the wire and without a browser: waiting for a page, for a change, and the server's memory.

Each visitor opens the screen Case with a patient of their own; then all of them record a finding in the same moment.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.app import ROOT, served

LINK = "f=age_years.{age}~sex.male~enhancement_pattern.miliary&prior=documents"
KEY = "finding_tick_bite"
NUMBERS = (1, 10, 60)
MIB = 2**20


@dataclass(frozen=True)
class Visit:
    """So many visitors: seconds until a page stands and until a change does, and the server's memory after it."""

    n_visitors: int
    open_median_s: float
    open_most_s: float
    change_median_s: float
    change_most_s: float
    memory_mib: float


def visits() -> Iterator[Visit]:
    """A server of its own for each number of visitors."""
    for n in NUMBERS:
        with served("app_pages/shared/server.py", ROOT) as address:
            asyncio.run(_seconds(address, 1))  # the first visitor waits for the network to be read
            opened, changed = asyncio.run(_seconds(address, n))
            yield Visit(n, median(opened), max(opened), median(changed), max(changed), _memory_mib(address))


async def _seconds(address: str, n: int) -> tuple[list[float], list[float]]:
    """Seconds of every visitor until the page stands, and until a change of all at once does."""
    all_open = asyncio.Barrier(n)

    async def visit(age: int) -> tuple[float, float]:
        stream = address.replace("http", "ws") + "/_stcore/stream"
        async with connect(stream, subprotocols=["streamlit"], max_size=None, ping_interval=None) as socket:
            query = LINK.format(age=age)
            opened, control = await _run(socket, query, {})
            await all_open.wait()
            changed, _ = await _run(socket, query, {control: "Present"})
            return opened, changed

    pairs = await asyncio.gather(*(visit(18 + i) for i in range(n)))
    return [opened for opened, _ in pairs], [changed for _, changed in pairs]


async def _run(socket: ClientConnection, query: str, chosen: dict[str, str]) -> tuple[float, str]:
    """Seconds of one run of the script, and the identifier of the control that is changed."""
    request = BackMsg()
    request.rerun_script.query_string = query
    for control, option in chosen.items():
        request.rerun_script.widget_states.widgets.add(id=control).string_array_value.data.append(option)
    started, control = time.perf_counter(), ""
    await socket.send(request.SerializeToString())
    while True:
        message = ForwardMsg.FromString(await socket.recv())
        if message.WhichOneof("type") == "script_finished":
            return time.perf_counter() - started, control
        found = message.delta.new_element.button_group.id
        control = found if found.endswith(KEY) else control


def _memory_mib(address: str) -> float:
    """Resident memory of the process that listens at an address."""
    port = int(address.rsplit(":", 1)[1])
    for process in psutil.Process().children():
        if any(one.laddr.port == port for one in process.net_connections() if one.laddr):
            return process.memory_info().rss / MIB
    raise RuntimeError(f"{address}: no process listens; is the server still running?")
