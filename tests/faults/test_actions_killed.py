"""Every action, broken off at each of its statements and at its commit: what was to be done stands whole or not at all."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from own_home import OwnHome, first_home, own_home

__all__ = ["first_home", "own_home"]


def test_no_action_is_half_done_wherever_it_is_broken_off(own_home: OwnHome) -> None:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("action_deaths.py"))],
        env=own_home.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["untried"] == []
    assert {name: one["wrong"] for name, one in found["told"].items() if one["wrong"]} == {}
    # A record and its event at least, for nearly all of them.
    assert sum(one["deaths"] for one in found["told"].values()) > 3 * len(found["told"])
