"""Print the first-turn figures of the messages kept out of training (`make first-turn`).

What is counted: scripts/evaluation/first_turn.py. `--errors N` prints N complaints of
the set that thresholds were chosen on which were not right; of the fresh set none are
shown, so that it stays fresh.
"""

from __future__ import annotations

import argparse
import sys

from scripts.evaluation import fine_questions, within_case
from scripts.evaluation.first_turn import SETS, score, shares
from weiquan.facts.knowledge import knowledge
from weiquan.places import MODEL


def main() -> int:
    """Print the figures."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--errors", type=int, default=0)
    errors = options.parse_args().errors
    for folder, what in SETS.items():
        scores = score(folder, knowledge())
        print(f"{folder or 'kept out'} ({what})")
        for name, counts in sorted({**scores.by_kind, **scores.by_danger}.items()):
            outcomes = sorted(counts)
            pairs = zip(outcomes, shares(counts, outcomes), strict=True)
            print(f"  {name} ({sum(counts.values())}): " + "; ".join(f"{what} {share}" for what, share in pairs))
        for misread in [] if folder else scores.misread[:errors]:
            print(*misread, sep="\t")
    print(within_case.section(within_case.score(MODEL)))
    print(fine_questions.section(fine_questions.score(MODEL)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
