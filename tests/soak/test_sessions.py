"""Fifty sessions of the app at the same time, over the wire: each sees its own patient, as one session would."""

import asyncio
import os
import re
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

from model import encode, load_network, posterior
from model.text import percent, unparted
from tests.app.conftest import serving
from tests.support.waiting import MAX_SECONDS

SECONDS = float(os.environ.get("MILLET_SOAK_SECONDS", "12"))
N_SESSIONS = 50
MAX_GROWTH = 400_000_000
"""Bytes that the server may grow by between its first third and its end: sessions that have left are kept for a while."""

LINK = "f=age_years.{age}~sex.male~enhancement_pattern.miliary&prior=documents"
AGES = range(18, 18 + N_SESSIONS)


@pytest.fixture(scope="module")
def server():
    """Address and process of an app of its own."""
    with serving() as (address, process):
        yield address, process


async def visit(address, query):
    """Texts and labels that a new session with a link is shown."""
    request = BackMsg()
    request.rerun_script.query_string = query
    seen = []
    async with connect(f"{address}/_stcore/stream", subprotocols=["streamlit"], max_size=None) as socket:
        await socket.send(request.SerializeToString())
        while True:
            message = ForwardMsg.FromString(await asyncio.wait_for(socket.recv(), MAX_SECONDS))
            if message.WhichOneof("type") == "script_finished":
                return " ".join(seen)
            element = message.delta.new_element
            seen += [element.html.body, element.button.label]


def expected(age):
    """The line of the leading diagnosis for one patient, asked alone."""
    network = load_network()
    findings = {"age_years": age, "sex": "male", "enhancement_pattern": "miliary"}
    answer = posterior(network, encode(network, findings))
    leader = answer.leader()
    share = percent(float(answer.mean_by("row")[0].max()))
    return f"{network.knowledge.diagnoses[leader].label} {share}"


def test_each_of_fifty_sessions_sees_its_own_patient(server):
    address, process = server
    wanted = {age: expected(age) for age in AGES}
    sizes, start = [], time.monotonic()
    counts = dict.fromkeys(AGES, 0)

    async def session(age):
        while time.monotonic() < start + SECONDS or not counts[age]:
            shown = await visit(address.replace("http", "ws"), LINK.format(age=age))
            assert re.findall(r"Age: (\d+)", shown) == [str(age)]
            assert f"Leading: {unparted(wanted[age])}" in shown
            counts[age] += 1
            sizes.append(psutil.Process(process.pid).memory_info().rss)

    async def all_sessions():
        await asyncio.gather(*(session(age) for age in AGES))

    with ThreadPoolExecutor(1) as thread:  # a loop of its own: Playwright's may run in this one
        thread.submit(lambda: asyncio.run(all_sessions())).result()
    assert process.poll() is None
    growth = max(sizes[len(sizes) // 3 :]) - sizes[len(sizes) // 3]
    n, seconds = sum(counts.values()), time.monotonic() - start
    print(f"{n} sessions, {N_SESSIONS} at a time, in {seconds:.0f} s; +{growth / 1e6:.0f} MB")
    assert growth < MAX_GROWTH
