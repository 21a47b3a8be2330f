"""Rasa's own validation of the project."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.conftest import ROOT
from weiquan.settings import quiet_environment


def test_rasa_data_validate_has_no_warning():
    done = subprocess.run(
        [sys.executable, "-m", "rasa", "data", "validate", "--fail-on-warnings"],
        cwd=ROOT,
        env=quiet_environment(os.environ),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "UserWarning" not in done.stdout + done.stderr
