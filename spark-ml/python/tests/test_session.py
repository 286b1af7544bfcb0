"""How a session gets the jar, and what is said where it has not."""

import subprocess
import sys
import textwrap
from importlib.metadata import version
from pathlib import Path

import pyspark
import pytest
from pyspark import SparkContext

import coppice


def test_the_jar_is_that_of_the_line_and_version():
    jar = Path(coppice.jar())
    line = "3.5" if pyspark.__version__.startswith("3.5") else "4.1"
    assert jar.is_file()
    assert jar.name == f"coppice-ml-{version('coppice-spark')}-spark-{line}_2.13.jar"
    assert coppice.jar("4.0.2") == coppice.jar("4.1.0") != coppice.jar("3.5.1")
    with pytest.raises(RuntimeError, match="not made for Spark 3.4.1; it is for 3.5, 4.0, 4.1"):
        coppice.jar("3.4.1")


def test_the_version_is_that_of_the_pom():
    pom = Path(__file__).parents[3].joinpath("pom.xml").read_text(encoding="utf-8")
    assert f"<version>{version('coppice-spark')}</version>" in pom


def test_the_settings_reach_the_session(spark):
    conf = spark.sparkContext.getConf()
    for name, value in coppice.spark_config().items():
        assert conf.get(name) == value
    more = coppice.spark_config(jars=["other.jar"])["spark.jars"]
    assert more == coppice.jar() + ",other.jar"
    java = spark._jvm.java.lang.ModuleLayer.boot()
    assert java.findModule("jdk.incubator.vector").isPresent()


def test_a_missing_session_is_told(spark, monkeypatch):
    monkeypatch.setattr(SparkContext, "_active_spark_context", None)
    with pytest.raises(RuntimeError, match="no Spark session.*coppice.configure"):
        coppice.DynamicSparseALS()


def test_a_session_without_the_jar_is_told(spark, monkeypatch):
    monkeypatch.setattr(coppice.DynamicSparseALS, "_java_class", "dev.coppice.spark.None")
    with pytest.raises(RuntimeError, match="cannot load dev.coppice.spark.None.*coppice.jar"):
        coppice.DynamicSparseALS()
    with pytest.raises(RuntimeError, match="cannot load dev.coppice.spark.None.*coppice.jar"):
        coppice.DynamicSparseALS.load("anywhere")


def imported(directory, code):
    script = textwrap.dedent(code) + "\nprint(found.__module__, found.__name__)"
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=directory,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()


def test_pyspark_finds_classes_by_their_java_names(tmp_path):
    # As JavaParams._from_java does it.
    find = """
        module = __import__("dev.coppice.spark", fromlist=["SparseRecommender"])
        found = module.SparseRecommender
    """
    expected = ["coppice.estimators", "SparseRecommender"]
    assert imported(tmp_path, find) == expected
    # A package "dev" of the user's own hides the file, but not the module.
    tmp_path.joinpath("dev").mkdir()
    tmp_path.joinpath("dev", "__init__.py").touch()
    assert imported(tmp_path, "import coppice, dev" + find.replace("\n        ", "\n")) == expected
