"""MLflow's own server keeps a model: the code of the README, word for word."""

import contextlib
import io
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from coppice import DynamicSparseALS
from test_documents import PACKAGE, code_of

mlflow = pytest.importorskip("mlflow", reason="MLflow is not installed beside this PySpark")
pd = pytest.importorskip("pandas", reason="pandas is not installed beside this PySpark")


@pytest.fixture
def server(tmp_path):
    """The address of a tracking server with a database and artifacts of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--backend-store-uri", f"sqlite:///{tmp_path}/runs.db", "--workers", "1"]
    command += ["--artifacts-destination", str(tmp_path / "artifacts")]
    with open(tmp_path / "server.log", "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=tmp_path)
    address = f"http://127.0.0.1:{port}"
    try:
        limit = time.monotonic() + 180
        while True:
            assert process.poll() is None and time.monotonic() < limit, (tmp_path / "server.log").read_text()
            with contextlib.suppress(urllib.error.URLError, ConnectionError):
                urllib.request.urlopen(address + "/health").close()
                break
            time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait()


def rows(frame):
    return sorted(map(tuple, frame.collect()))


def test_a_model_is_logged_with_its_signature_and_loaded(spark, plays, server):
    pairs = plays.select("user", "item")
    model = DynamicSparseALS(rank=8, density=0.5, maxIter=2, numBlocks=2).fit(pairs)
    mlflow.set_tracking_uri(server)
    (block,) = code_of(PACKAGE / "README.md", mlflow=True)
    names = {"plays": pairs, "model": model, "spark": spark}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(block, "README.md", "exec"), names)

    signature = mlflow.models.get_model_info(names["logged"].model_uri).signature
    assert signature.inputs.input_names() == ["user", "item"]
    assert rows(names["again"].transform(pairs)) == rows(model.transform(pairs))

    local = mlflow.pyfunc.load_model(names["logged"].model_uri)
    asked = pd.DataFrame({"user": ["u1", "u2"], "item": [4, 8]})
    expected = model.transform(spark.createDataFrame(asked)).toPandas()["prediction"].tolist()
    assert sorted(local.predict(asked)) == pytest.approx(sorted(expected))
