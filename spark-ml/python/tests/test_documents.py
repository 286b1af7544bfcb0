"""What the documents show: the code of the READMEs, and the notebooks with their outputs.

``COPPICE_DOCS_WRITE=true`` writes the outputs of the notebooks anew.
"""

import contextlib
import io
import json
import os
import re
from pathlib import Path

import pytest

from coppice._stage import Stage

PACKAGE = Path(__file__).parents[1]
ROOT = PACKAGE.parents[1]


@pytest.fixture
def few_sweeps(monkeypatch):
    """Makes every estimator train for a moment only, whatever it is told."""
    create = Stage._create

    def create_small(self, **params):
        create(self, **params)
        for name, value in ("maxIter", 2), ("numBlocks", 2), ("finalSteps", 1):
            if self.hasParam(name):
                self._set(**{name: value})

    monkeypatch.setattr(Stage, "_create", create_small)


def lines(text):
    """Lines that are not blank: Spark 3.5 ends a cut table with one more of those than 4."""
    return [line for line in text.splitlines() if line]


def code_of(document, mlflow=False):
    """The blocks of code; those that need MLflow's server (test_mlflow.py), or the others."""
    blocks = re.findall(r"^```python\n(.*?)^```", document.read_text(encoding="utf-8"), re.M | re.S)
    return [block for block in blocks if ("mlflow" in block) == mlflow]


@pytest.mark.parametrize("document", [ROOT / "README.md", PACKAGE / "README.md"], ids=["project", "package"])
def test_the_code_of_a_readme_runs(spark, plays, few_sweeps, document):
    blocks = code_of(document)
    assert blocks
    # The session's directory, to which the paths in the documents are relative.
    plays.select("user", "item").write.mode("overwrite").parquet("plays")
    plays.selectExpr("concat('new ', user) AS user", "item").where("item % 3 = 0").write.mode(
        "overwrite"
    ).parquet("new_plays")
    plays.select("user", "item", "market").write.mode("overwrite").parquet("market_plays")
    names = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for block in blocks:
            exec(compile(block, str(document), "exec"), names)


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("notebooks/*.ipynb")), ids=lambda path: path.name)
def test_a_notebook_prints_what_it_shows(spark, path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    back = os.getcwd()
    os.chdir(path.parent)
    names = {}
    outputs = []
    try:
        for number, cell in enumerate(notebook["cells"]):
            if cell["cell_type"] != "code":
                continue
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile("".join(cell["source"]), f"{path.name}, cell {number}", "exec"), names)
            outputs.append((cell, printed.getvalue()))
    finally:
        os.chdir(back)
    assert outputs
    if os.environ.get("COPPICE_DOCS_WRITE") == "true":
        for cell, text in outputs:
            shown = {"name": "stdout", "output_type": "stream", "text": text.splitlines(True)}
            cell["outputs"] = [shown] if text else []
        path.write_text(
            json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    for cell, text in outputs:
        shown = "".join("".join(output["text"]) for output in cell["outputs"])
        assert lines(text) == lines(shown), "".join(cell["source"])
