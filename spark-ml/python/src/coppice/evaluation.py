"""The evaluator."""

from pyspark.ml.evaluation import JavaEvaluator

from coppice._params import SparseRankingEvaluatorParams
from coppice._stage import Stage


class SparseRankingEvaluator(SparseRankingEvaluatorParams, Stage, JavaEvaluator):
    """A ranking metric over the whole catalogue, for ``CrossValidator`` and
    ``TrainValidationSplit``.

    Set ``positionCol`` on the estimator: its model then writes, beside the score of each
    held-out pair, where the item stands in the ranking of all items that its user did
    not have in training. From these positions the metric is taken, user by user. Leave
    ``coldStartStrategy`` at ``nan``: rows that are dropped cannot be counted as missed.

    >>> als = DynamicSparseALS(positionCol="position")  # doctest: +SKIP
    >>> evaluator = SparseRankingEvaluator(metric="ndcg@20")  # doctest: +SKIP
    """
