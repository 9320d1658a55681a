"""The floor of a page: an app that sends a page's own elements as constants, and does no more.

It has the same Streamlit with the same options and style, no gate before it and no script worth
the name. As in ours, what Streamlit loads is frozen: it collects garbage after every run.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from urllib.error import URLError
from urllib.request import urlopen

from dashboard.serving import streamlit_flags
from tests.campaigns.page_viewer import Answer
from tests.campaigns.served import Served
from tests.campaigns.server import free_port

SCRIPT = """
import gc
import pickle
from pathlib import Path

import altair, pandas, pyarrow
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx

gc.freeze()
for payload in pickle.loads(Path({constants!r}).read_bytes()):
    get_script_run_ctx().enqueue(ForwardMsg.FromString(payload))
"""
APP = """
import streamlit
from starlette.middleware import Middleware

from dashboard.styled import Styled

app = streamlit.App({script!r}, middleware=[Middleware(Styled)])
"""
TRIES = 300


@contextmanager
def floor_of(answer: Answer, folder: Path) -> Iterator[Served]:
    """An app that draws what the answer drew, until the block ends."""
    constants, script, port = folder / "constants", folder / "constants.py", free_port()
    app = folder / "floor.py"
    constants.write_bytes(pickle.dumps(list(_constants(answer))))
    script.write_text(SCRIPT.format(constants=str(constants)), encoding="utf-8")
    app.write_text(APP.format(script=str(script)), encoding="utf-8")
    flags = streamlit_flags(host="127.0.0.1", port=port)
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(app), *flags],
        env={**os.environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield Served(port=port, process=process)
    finally:
        process.terminate()
        process.wait(20)


def _constants(answer: Answer) -> Iterator[bytes]:
    """The messages that draw, without what belongs to the run that made them."""
    for message in answer.messages:
        if message.WhichOneof("type") in ("delta", "page_config_changed"):
            path = list(message.metadata.delta_path)
            message.ClearField("metadata")
            message.ClearField("hash")
            message.metadata.delta_path.extend(path)
            if message.HasField("delta"):
                message.delta.ClearField("fragment_id")
            yield message.SerializeToString()


def _wait_for(address: str) -> None:
    for _ in range(TRIES):
        try:
            urlopen(address, timeout=5).close()
        except URLError:
            sleep(0.1)
        else:
            return
    raise TimeoutError(f"nobody answers at {address}")
