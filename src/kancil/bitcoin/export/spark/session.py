"""Start Spark, and end it whatever happens; the only module that knows PySpark.

Spark itself talks over the network with the machines of its master; with a `local` master on
loopback alone.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kancil.bitcoin.export.check import Checked
from kancil.bitcoin.export.errors import SparkFailed, SparkMissing
from kancil.bitcoin.export.schema import SCHEMAS
from kancil.ground.errors import FileExists, OptionNotUsable
from kancil.ground.phrase import Phrase

LOCAL_MASTER = "local[*]"
LEAST_JAVA = 17
"""Spark 4 starts on no older one."""
_MASTERS = re.compile(
    r"local(-cluster)?(\[[0-9*, ]+\])?|(spark|k8s)://[^\s,]+(,[^\s,]+)*|yarn", re.ASCII
)
_LONGEST_WHY = 300
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # a number that does not fit is an error, never a null
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
_LOOPBACK = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}


def java_path() -> str | None:
    """Find the Java that Spark would start."""
    home = os.environ.get("JAVA_HOME")
    if home:
        path = Path(home, "bin", "java")
        return str(path) if path.is_file() else None
    return shutil.which("java")


def java_version(java: str) -> int:
    """Ask a Java which it is: 17; 0 for one that does not say."""
    try:
        told = subprocess.run([java, "-version"], capture_output=True, timeout=60, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(rb'version "(\d+)', told.stderr)
    return int(found[1]) if found else 0


@contextmanager
def spark_session(master: str = LOCAL_MASTER, *, shuffle_parts: int | None = None) -> Iterator[Any]:
    """Start Spark for one job.

    Raises OptionNotUsable, SparkMissing, and SparkFailed, also for what fails inside.

    `shuffle_parts`: into how many pieces rows are dealt out; None: Spark's own choice.
    """
    if _MASTERS.fullmatch(master) is None:
        why = Phrase("why.spark-master")
        raise OptionNotUsable(option="--master", value=master[:80], why=why)
    if find_spec("pyspark") is None:
        raise SparkMissing(what="PySpark")
    java = java_path()
    if java is None:
        raise SparkMissing(what="Java")
    if java_version(java) < LEAST_JAVA:
        raise SparkMissing(what=f"Java {LEAST_JAVA}")
    from py4j.protocol import Py4JError  # only there with the extra
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("kancil")
    is_local = master.startswith("local")
    settings = _SETTINGS | (_LOOPBACK if is_local else {})
    if shuffle_parts is not None:
        settings["spark.sql.shuffle.partitions"] = str(shuffle_parts)
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = None
    try:
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        yield session
    except (Py4JError, PySparkException, RuntimeError) as error:
        raise SparkFailed(why=_first_line(error)) from error
    finally:
        if session is not None:
            session.stop()


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    causes = [line for line in lines if "Exception" in line or "Error" in line]
    return (causes or lines or [type(error).__name__])[0][:_LONGEST_WHY]


def open_tables(session: Any, export: Checked) -> None:
    """Make each table of a checked export a view of its name."""
    for name, kinds in SCHEMAS.items():
        paths = [f"file://{path}" for path in export.paths(name)]
        if not paths:
            continue
        frame = session.read.parquet(*paths)
        frame.select(*kinds.names).createOrReplaceTempView(name)


def write_rows(frame: Any, folder: Path) -> None:
    """Write a result as Parquet into a new folder. Raises FileExists."""
    refuse_existing(folder)
    frame.write.parquet(f"file://{folder.absolute()}")


def refuse_existing(folder: Path | None) -> None:
    """Refuse a folder that is there already, before any work. Raises FileExists."""
    if folder is not None and (folder.exists() or folder.is_symlink()):
        raise FileExists(path=str(folder))


def rows_of(session: Any, query: str) -> list[dict[str, Any]]:
    """Run a query whose answer is short."""
    return [row.asDict() for row in session.sql(query).collect()]


def one_row(session: Any, query: str) -> dict[str, Any]:
    """Run a query whose answer is one row."""
    return rows_of(session, query)[0]
