"""How a Spark session gets the library's jar, which is inside this package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Dict, Iterable

import pyspark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_JARS = Path(__file__).parent / "jars"

#: The Spark lines that there are jars of, and the PySpark versions that each is for.
_LINES = {"3.5": ("3.5",), "4.1": ("4.0", "4.1")}

_VECTOR = "--add-modules=jdk.incubator.vector"


def jar(spark_version: str = pyspark.__version__) -> str:
    """Returns the path of the library's jar.

    Parameters
    ----------
    spark_version
        Version of the Spark that will load it; by default that of the PySpark that is
        installed.

    Raises
    ------
    RuntimeError
        If Coppice is not made for this Spark, or the package has been installed without
        its jars.
    """
    minor = ".".join(spark_version.split(".")[:2])
    for line, versions in _LINES.items():
        if minor in versions:
            found = sorted(_JARS.glob(f"coppice-ml-*-spark-{line}_*.jar"))
            if len(found) == 1:
                return str(found[0])
            raise RuntimeError(
                f"{_JARS} holds {len(found)} jars for Spark {line}, and must hold one:"
                " build the wheel with spark-ml/python/bin/build, and install that"
            )
    known = ", ".join(version for versions in _LINES.values() for version in versions)
    raise RuntimeError(
        f"Coppice is not made for Spark {spark_version}; it is for {known}: install one"
        " of these, such as pyspark~=4.1.0"
    )


def spark_config(jars: Iterable[str] = ()) -> Dict[str, str]:
    """Returns the settings of a session that uses Coppice.

    ``spark.jars`` names the library's jar. The others make training faster and change
    no result: Kryo, with Coppice's classes registered, and the JVM's vector module.

    Parameters
    ----------
    jars
        Paths of further jars, which ``spark.jars`` is to name too.
    """
    return {
        "spark.jars": ",".join([jar(), *jars]),
        "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
        "spark.kryo.registrator": "dev.coppice.spark.CoppiceRegistrator",
        "spark.driver.defaultJavaOptions": _VECTOR,
        "spark.executor.defaultJavaOptions": _VECTOR,
    }


def configure(
    builder: SparkSession.Builder, jars: Iterable[str] = ()
) -> SparkSession.Builder:
    """Gives a builder of sessions the settings of :func:`spark_config`.

    >>> spark = coppice.configure(SparkSession.builder).getOrCreate()  # doctest: +SKIP

    A session that exists already has its settings: stop it first, or give the jar
    (:func:`jar`) where it is started.
    """
    for name, value in spark_config(jars).items():
        builder = builder.config(name, value)
    return builder
