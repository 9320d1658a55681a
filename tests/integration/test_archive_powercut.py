"""A few power cuts; `tests.benchmarks.archive_powercut` makes hundreds."""

import random
import shutil
from pathlib import Path

import pytest

from tests.benchmarks.archive_powercut import campaign
from tests.campaigns.powercut import Call, Disk

CUTS = 20


def test_what_was_synced_survives_and_only_that_surely() -> None:
    disk = Disk()
    disk.run(
        [
            Call(name="openat", path="/d/a"),
            Call(name="pwrite64", path="/d/a", data=b"safe"),
            Call(name="sync", path="/d/a"),
            Call(name="sync", path="/d"),
            Call(name="pwrite64", path="/d/a", data=b"lost", offset=600),
            Call(name="openat", path="/d/b"),
        ]
    )
    outcomes = [disk.after_cut(random.Random(seed)) for seed in range(40)]
    assert all(files["/d/a"][:4] == b"safe" for files in outcomes)
    assert {files["/d/a"][600:] for files in outcomes} == {b"", b"lost"}
    assert {"/d/b" in files for files in outcomes} == {True, False}


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
@pytest.mark.parametrize("kind", ["ours", "unsynced"])
def test_a_power_cut_loses_nothing_acknowledged(tmp_path: Path, kind: str) -> None:
    tally = campaign(kind, tmp_path, cuts=CUTS, snapshots=8, seed=3)
    assert tally["cuts"] == CUTS
    assert tally["cuts in a commit"] > CUTS // 2
    assert (tally["acknowledged lost"] == 0) is (kind == "ours")
