"""
Many visitors at once, over the wire and without a browser: waiting for a page, for a change, and the server's memory.

Each visitor opens the screen Case with a patient of their own; then all of them record a finding in the same moment. The
answer is there with the table of the differential, which is looked at; the picture is complete with the last control.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.app import ROOT, served

LINK = "f=age_years.{age}~sex.male~enhancement_pattern.miliary&prior=documents"
KEY = "finding_tick_bite"
ANSWER = "mf-differential"
NUMBERS = (1, 10, 60)
MIB = 2**20


class Seconds(NamedTuple):
    """Of one picture."""

    answer: float
    complete: float


@dataclass(frozen=True)
class Visit:
    """
    So many visitors: seconds of each until the answer is there and until the picture is complete, and the server's memory.

    The seconds are of the page that is opened and of the change, in the order of the visitors.
    """

    n_visitors: int
    opened: tuple[Seconds, ...]
    changed: tuple[Seconds, ...]
    memory_mib: float


def visits() -> Iterator[Visit]:
    """A server of its own for each number of visitors."""
    for n in NUMBERS:
        with served("app_pages/shared/server.py", ROOT) as address:
            asyncio.run(_seconds(address, 1))  # the first visitor waits for the network to be read
            opened, changed = asyncio.run(_seconds(address, n))
            yield Visit(n, opened, changed, _memory_mib(address))


async def _seconds(address: str, n: int) -> tuple[tuple[Seconds, ...], tuple[Seconds, ...]]:
    """Seconds of every visitor for the page, and for a change of all at once."""
    all_open = asyncio.Barrier(n)

    async def visit(age: int) -> tuple[Seconds, Seconds]:
        stream = address.replace("http", "ws") + "/_stcore/stream"
        async with connect(stream, subprotocols=["streamlit"], max_size=None, ping_interval=None) as socket:
            query = LINK.format(age=age)
            opened, control = await _run(socket, query, {})
            await all_open.wait()
            changed, _ = await _run(socket, query, {control: "Present"})
            return opened, changed

    pairs = await asyncio.gather(*(visit(18 + i) for i in range(n)))
    return tuple(opened for opened, _ in pairs), tuple(changed for _, changed in pairs)


async def _run(socket: ClientConnection, query: str, chosen: dict[str, str]) -> tuple[Seconds, str]:
    """Seconds of one run of the script, and the identifier of the control that is changed."""
    request = BackMsg()
    request.rerun_script.query_string = query
    for control, option in chosen.items():
        request.rerun_script.widget_states.widgets.add(id=control).string_array_value.data.append(option)
    started, answer, control = time.perf_counter(), 0.0, ""
    await socket.send(request.SerializeToString())
    while True:
        message = ForwardMsg.FromString(await socket.recv())
        if message.WhichOneof("type") == "script_finished":
            return Seconds(answer, time.perf_counter() - started), control
        if not answer and ANSWER in message.delta.new_element.html.body:
            answer = time.perf_counter() - started
        found = message.delta.new_element.button_group.id
        control = found if found.endswith(KEY) else control


def _memory_mib(address: str) -> float:
    """Resident memory of the process that listens at an address."""
    port = int(address.rsplit(":", 1)[1])
    for process in psutil.Process().children():
        if any(one.laddr.port == port for one in process.net_connections() if one.laddr):
            return process.memory_info().rss / MIB
    raise RuntimeError(f"{address}: no process listens; is the server still running?")
