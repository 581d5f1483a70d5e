"""Compile Numba's kernels once, so that nobody waits for it at their first ingest.

    python -m tools.compile_kernels

`make` runs it when Kancil is installed, and again when the text of a kernel has changed. Kernels
are compiled for the types that they meet, so commands of an officer are run over the sample's
blocks, in a workspace that is thrown away, a small chain is generated, as each lab of a classroom
does, and the finder of selectors is run on a few bytes; each process keeps what it compiles, and
every later one takes it from there (`kancil.bitcoin.compiled.memory`). What these do not reach is
compiled when it is first used: some of what few ask for.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import kancil.bitcoin
from kancil.evidence.selectors.ready_kernels import ready_to_find
from tools.tree import ROOT

BLOCKS = ROOT / "sample" / "blocks" / "blk00000.dat"
"""The first blocks of Bitcoin."""
COIN = "0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9:0"
KEY = (
    "0411db93e1dcdb8a016b49840f8c53bc1eb68a382e97b1482ecad7b148a6909a5cb2e0eaddfb84ccf9744464f82e160b"
    "fa9b8b64f9d4c03f999b8643f656b412a3"
)
"""To whom block 9 pays, and who made the first payment."""
COMMANDS = (
    ("cluster", KEY),
    ("patterns",),
    ("exposure", KEY),
    ("trace", COIN),
    ("spread", COIN),
    ("change", "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16"),
)
"""What is asked of each chain: commands with what follows its name."""
PLANTED = (
    "--transactions", "3000", "--pattern", "peel-chain=0.02", "--pattern", "fan-in=0.02",
    "--coinjoin", "wasabi-1=0.02",
)  # fmt: skip
"""What is generated."""
EVERY_S = 0.5
"""How often the count is shown."""


def kernels() -> list[Any]:
    """Import every module of the room, and give its kernels that Numba keeps on disk."""
    from numba.core.caching import FunctionCache
    from numba.core.registry import CPUDispatcher

    found: dict[int, Any] = {}
    for module in pkgutil.walk_packages(kancil.bitcoin.__path__, "kancil.bitcoin."):
        if module.name.startswith("kancil.bitcoin.export.spark"):
            continue  # it asks for PySpark
        for one in vars(importlib.import_module(module.name)).values():
            if isinstance(one, CPUDispatcher) and isinstance(
                getattr(one, "_cache", None), FunctionCache
            ):
                found[id(one)] = one
    return list(found.values())


def is_kept(kernel: Any) -> bool:
    """Whether a kernel stands on disk, compiled since its module was last written."""
    module = sys.modules[kernel.py_func.__module__]
    written = Path(str(module.__file__)).stat().st_mtime
    name = f"{module.__name__.rpartition('.')[2]}.{kernel.__qualname__}-*.nbi"
    kept = Path(kernel.stats.cache_path).glob(name)
    return any(path.stat().st_mtime >= written for path in kept)


def run(folder: Path, *words: str) -> str:
    """Run a command in the workspace of a folder; ends with its errors if it fails."""
    environment = {**os.environ, "KANCIL_HOME": str(folder / "unit"), "KANCIL_OFFICER": "O1"}
    done = subprocess.run(
        [sys.executable, "-m", "kancil.cli", *words],
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{done.stderr}\nkancil {' '.join(words)} ended with {done.returncode}")
    return done.stdout


def use(folder: Path) -> Iterator[str]:
    """Run the commands that need kernels, on a chain in memory and on a whole one; names each."""
    yield "selectors"
    ready_to_find()
    run(folder, "init", str(folder / "unit"), "--name", "Kernels", "--country", "ZZ", "--zone",
        "UTC", "--officer", "Nobody", "--disk-exception", "thrown away")  # fmt: skip
    with ThreadPoolExecutor(1) as beside:  # the rooms share few kernels, and there are two cores
        made = beside.submit(
            run, folder, "bitcoin", "generate", str(folder / "made"), "--seed", "7", *PLANTED
        )
        for chain, more in (("part", ()), ("whole", ("--whole",))):
            yield f"ingest ({chain} chain)"
            run(folder, "bitcoin", "ingest", chain, str(BLOCKS), *more)
            for words in COMMANDS:
                yield f"{words[0]} ({chain} chain)"
                run(folder, "bitcoin", words[0], chain, *words[1:])
        yield "verify"
        run(folder, "bitcoin", "verify", "whole")
        yield "generate"
        made.result()


def main() -> int:
    """Compile, and show how far it is."""
    every = kernels()
    before = sum(map(is_kept, every))
    print(f"Compiling kernels, once: {before} of {len(every)} are here", flush=True)
    stage, ended = ["…"], threading.Event()
    watch = threading.Thread(target=_show, args=(every, stage, ended), daemon=True)
    started = time.monotonic()
    watch.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            for name in use(Path(folder)):
                stage[0] = name
    finally:
        ended.set()
        watch.join()
    kept = sum(map(is_kept, every))
    print(f"{kept} of {len(every)} kernels are compiled ({time.monotonic() - started:.0f} s); "
          "the others will be when they are first used")  # fmt: skip
    return 0


def _show(every: list[Any], stage: list[str], ended: threading.Event) -> None:
    last = ""
    while not ended.wait(EVERY_S):
        line = f"{sum(map(is_kept, every))} of {len(every)}: {stage[0]}"
        if line != last:
            print(line, flush=True)
        last = line


if __name__ == "__main__":
    sys.exit(main())
