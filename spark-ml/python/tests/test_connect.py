"""Through a server of Spark Connect, which is a process of its own."""

import importlib.util
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import coppice
import pyspark
import pytest

LINE = tuple(int(part) for part in pyspark.__version__.split(".")[:2])
CLIENT = Path(__file__).with_name("connect_client.py")

pytestmark = [
    pytest.mark.skipif(LINE < (4, 1), reason="stages need Spark Connect of 4.1 or newer"),
    pytest.mark.skipif(
        importlib.util.find_spec("grpc") is None,
        reason='no grpc here: pip install "pyspark[connect]"',
    ),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Address of a server that has the library's jar, started as the README says."""
    work = tmp_path_factory.mktemp("server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        **coppice.spark_config(),
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": port,
        "spark.driver.memory": "1g",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        "spark.sql.shuffle.partitions": 2,
        "spark.ui.enabled": "false",
    }
    command = [
        str(Path(pyspark.__file__).parent / "bin" / "spark-submit"),
        *("--master", "local[2]"),
        *("--class", "org.apache.spark.sql.connect.service.SparkConnectServer"),
        *(f"--conf={name}={value}" for name, value in settings.items()),
        "spark-internal",
    ]
    log = work / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=work,
            env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1"},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        end = time.monotonic() + 120
        while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
            assert process.poll() is None and time.monotonic() < end, log.read_text()
            time.sleep(0.2)
        yield f"sc://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


def test_stages_work_through_a_server(server, tmp_path):
    """A process without a JVM trains, predicts, measures, saves and loads."""
    environment = {
        name: value for name, value in os.environ.items() if name != "JAVA_HOME"
    }
    client = subprocess.run(
        [sys.executable, str(CLIENT), server, str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert client.returncode == 0, client.stderr
    assert client.stdout.splitlines()[-1] == "all is well"
