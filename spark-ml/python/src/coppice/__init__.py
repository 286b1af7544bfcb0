"""Coppice for PySpark: sparse recommenders whose number of weights is fixed in advance.

>>> import coppice
>>> from pyspark.sql import SparkSession
>>> spark = coppice.configure(SparkSession.builder).getOrCreate()  # doctest: +SKIP

The estimators are :class:`SparseRecommender`, which is the one to begin with,
:class:`DynamicSparseALS` (latent rows alone), :class:`DynamicSparseItems` (neighbours
of items alone) and :class:`GatedFederation` (one model a client).
:class:`SparseRankingEvaluator` measures rankings in ``CrossValidator`` and
``TrainValidationSplit``, and :class:`FoldInStream` folds in users from a stream. They
drive the Java classes of the same names.
"""

import sys

from coppice._session import configure, jar, spark_config
from coppice.estimators import (
    DynamicSparseALS,
    DynamicSparseItems,
    GatedFederation,
    SparseRecommender,
)
from coppice.evaluation import SparseRankingEvaluator
from coppice.models import DynamicSparseALSModel, GatedFederationModel
from coppice.streaming import FoldInStream

__all__ = [
    "DynamicSparseALS",
    "DynamicSparseALSModel",
    "DynamicSparseItems",
    "FoldInStream",
    "GatedFederation",
    "GatedFederationModel",
    "SparseRankingEvaluator",
    "SparseRecommender",
    "configure",
    "jar",
    "spark_config",
]

# Where PySpark looks for the class of a saved stage: see dev/coppice/spark.py. Set here,
# too, because a user's own package "dev" would hide that file.
sys.modules["dev.coppice.spark"] = sys.modules[__name__]
