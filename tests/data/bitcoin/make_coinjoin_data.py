"""Make the sample of labelled CoinJoins beside this script from the wider test data.

    python -m tests.data.bitcoin.make_coinjoin_data FOLDER

FOLDER holds the Dumplings zips, `Wasabi2CoinJoins_first17.txt` and `wasabi2_false_cjtxs.json`. Of
each set the shortest lines are taken, two for each answer that the heuristics give together, so
that each rule and each reason for a no is met; of the list of false positives the ids that are
here and two others for each reason. `wasabi1_false_cjtxs_extract.json` is not made here: it holds
those ids of the list named in `SOURCES.md` that stand in the wider sets.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from kancil.bitcoin.coinjoins.heuristic import Shown
from kancil.bitcoin.coinjoins.heuristics import HEURISTICS
from kancil.bitcoin.evaluation.labelled import LabelledSet, open_labelled, shown_of_line

HERE = Path(__file__).parent / "coinjoin"
EACH = 2


def lines_of(one: LabelledSet) -> list[str]:
    with one.open_stream() as stream:
        return stream.read().decode("utf-8-sig").splitlines()


def answers(shown: Shown) -> tuple[tuple[str, str], ...]:
    """What every heuristic says of a transaction, and for which reason."""
    verdicts = [heuristic.judge(shown) for heuristic in HEURISTICS]
    return tuple((each.rule, each.why.key) for each in verdicts)


def main() -> int:
    """Write one text file a set, and the extract of the list."""
    folder = Path(sys.argv[1])
    paths = [*sorted(folder.glob("*.zip")), folder / "Wasabi2CoinJoins_first17.txt"]
    here: set[str] = set()
    for one in open_labelled(paths).sets:
        kept: dict[object, list[str]] = {}
        for line in sorted(filter(None, lines_of(one)), key=lambda line: (len(line), line)):
            shown = shown_of_line(line)
            if shown is None:
                continue
            group = kept.setdefault(answers(shown), [])
            if len(group) < EACH:
                group.append(line)
        lines = sorted(line for group in kept.values() for line in group)
        here |= {line[:64] for line in lines}
        (HERE / f"{one.name}.txt").write_text("\n".join(lines) + "\n", encoding="ascii")
    false = json.loads((folder / "wasabi2_false_cjtxs.json").read_text(encoding="utf-8"))
    extract = {
        reason: sorted({*(here & set(ids)), *sorted(ids)[:EACH]}) for reason, ids in false.items()
    }
    text = json.dumps(extract, indent=1) + "\n"
    (HERE / "wasabi2_false_cjtxs_extract.json").write_text(text, encoding="ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
