"""Run `rasa shell` together with the action server."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from scripts.database.sqlite import DatabaseError
from scripts.serve import actions_command, is_up, prepare, write_endpoints
from weiquan.facts.record_reader import KnowledgeError
from weiquan.places import LOGS, MODEL, ROOT
from weiquan.settings import SettingsError, quiet_environment


def main() -> int:
    """Run the shell in the foreground, and stop the action server with it; return the shell's exit code."""
    try:
        settings = prepare(dict(os.environ))
    except (SettingsError, KnowledgeError, DatabaseError) as error:
        print(error, file=sys.stderr)
        return 1
    environment = quiet_environment(os.environ)
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / "shell-actions.log").open("a", encoding="utf-8") as log:
        actions = subprocess.Popen(actions_command(settings), cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            while not is_up(f"http://127.0.0.1:{settings.actions_port}/health"):
                if actions.poll() is not None:
                    print(f"The action server stopped (exit {actions.returncode}); see {log.name}.", file=sys.stderr)
                    return 1
                time.sleep(0.3)
            shell = [sys.executable, "-m", "rasa", "shell", "--quiet", "--model", str(MODEL)]
            shell += ["--endpoints", write_endpoints(settings), "--port", str(settings.port)]
            shell += ["--interface", "127.0.0.1"]
            return subprocess.call(shell, cwd=ROOT, env=environment)
        except KeyboardInterrupt:
            return 0
        finally:
            actions.terminate()
            actions.wait(timeout=10)


if __name__ == "__main__":
    sys.exit(main())
