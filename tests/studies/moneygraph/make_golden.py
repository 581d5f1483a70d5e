"""Accept the sample's graphs as they are: `python -m tests.studies.moneygraph.make_golden`."""

from __future__ import annotations

from tests.studies.moneygraph.test_files import GOLDEN, QUERIES, files_of

if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for query in QUERIES:
        for name, data in files_of(query).items():
            (GOLDEN / name).write_bytes(data)
