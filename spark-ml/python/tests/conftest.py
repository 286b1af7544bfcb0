"""One session for all tests, and one small data set."""

import os

import coppice
import pytest
from pyspark.sql import SparkSession

USERS = 60
ITEMS = 40


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    # Relative paths are those of the JVM, which starts in the directory of this process.
    os.chdir(tmp_path_factory.mktemp("work"))
    session = (
        coppice.configure(SparkSession.builder.master("local[2]").appName("coppice"))
        .config("spark.driver.memory", "1g")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1")
        .config("spark.sql.shuffle.partitions", 2)
        .config("spark.ui.enabled", False)
        # Many small jobs: generated code is kept, and buffers are as small as the data.
        .config("spark.sql.codegen.cache.maxEntries", 2000)
        .config("spark.buffer.pageSize", "1m")
        .config("spark.broadcast.blockSize", "64k")
        .config("spark.shuffle.sort.bypassMergeThreshold", 1)
        .config("spark.log.level", "ERROR")
        .getOrCreate()
    )
    yield session
    session.stop()


def items_of(user):
    """Eight items a user: six of its group of ten, and two of others."""
    own = {4 * ((3 * user + step) % 10) + user % 4 for step in range(6)}
    return sorted(own | {(7 * user + 1) % ITEMS, (11 * user + 2) % ITEMS})


@pytest.fixture(scope="session")
def plays(spark):
    """Columns user (string), item (long), market (string), held (boolean)."""
    rows = [
        (f"u{user}", item, "north" if user % 3 else "south", place == user % 6)
        for user in range(USERS)
        for place, item in enumerate(items_of(user))
    ]
    return spark.createDataFrame(
        rows, "user string, item long, market string, held boolean"
    ).cache()
