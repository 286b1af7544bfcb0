"""The Params of all stages, with types, documentation and defaults.

Made by PythonParamsTest of spark-ml from the declarations of the Java stages: see
"The Python package" in CONTRIBUTING.md. Not to be edited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, List, Optional

from pyspark import keyword_only
from pyspark.ml.param import Param, Params, TypeConverters

from coppice._stage import Stage

if TYPE_CHECKING:
    from typing_extensions import Self


class IdParams(Params):
    """The columns of ids."""

    itemCol: Param[str] = Param(
        Params._dummy(),
        "itemCol",
        "column of item ids: string, long, int, short or byte; allowed: any text that "
        "is not blank",
        TypeConverters.toString,
    )

    userCol: Param[str] = Param(
        Params._dummy(),
        "userCol",
        "column of user ids: string, long, int, short or byte; allowed: any text that "
        "is not blank",
        TypeConverters.toString,
    )

    def getItemCol(self) -> str:
        """Returns the value of itemCol, or its default."""
        return self.getOrDefault(self.itemCol)

    def setItemCol(self, value: str) -> Self:
        """Sets itemCol: column of item ids: string, long, int, short or byte; allowed:
        any text that is not blank."""
        return self._set(itemCol=value)

    def getUserCol(self) -> str:
        """Returns the value of userCol, or its default."""
        return self.getOrDefault(self.userCol)

    def setUserCol(self, value: str) -> Self:
        """Sets userCol: column of user ids: string, long, int, short or byte; allowed:
        any text that is not blank."""
        return self._set(userCol=value)


class ScoringParams(Params):
    """How predictions are made."""

    coldStartStrategy: Param[str] = Param(
        Params._dummy(),
        "coldStartStrategy",
        "what transform does with a user or item (or client) unknown to the model: nan "
        "(a prediction that is not a number) or drop (the row is left out); allowed: "
        "one of nan, drop",
        TypeConverters.toString,
    )

    numPartitions: Param[int] = Param(
        Params._dummy(),
        "numPartitions",
        "partitions of a step; 0 chooses by the cores there are; no result depends on "
        "it; allowed: a whole number of at least 0",
        TypeConverters.toInt,
    )

    predictionCol: Param[str] = Param(
        Params._dummy(),
        "predictionCol",
        "column that receives the score, float; allowed: any text that is not blank; "
        "empty: none",
        TypeConverters.toString,
    )

    def getColdStartStrategy(self) -> str:
        """Returns the value of coldStartStrategy, or its default."""
        return self.getOrDefault(self.coldStartStrategy)

    def setColdStartStrategy(self, value: str) -> Self:
        """Sets coldStartStrategy: what transform does with a user or item (or client)
        unknown to the model: nan (a prediction that is not a number) or drop (the row
        is left out); allowed: one of nan, drop."""
        return self._set(coldStartStrategy=value)

    def getNumPartitions(self) -> int:
        """Returns the value of numPartitions, or its default."""
        return self.getOrDefault(self.numPartitions)

    def setNumPartitions(self, value: int) -> Self:
        """Sets numPartitions: partitions of a step; 0 chooses by the cores there are;
        no result depends on it; allowed: a whole number of at least 0."""
        return self._set(numPartitions=value)

    def getPredictionCol(self) -> str:
        """Returns the value of predictionCol, or its default."""
        return self.getOrDefault(self.predictionCol)

    def setPredictionCol(self, value: str) -> Self:
        """Sets predictionCol: column that receives the score, float; allowed: any text
        that is not blank; empty: none."""
        return self._set(predictionCol=value)


class RankingParams(Params):
    """How lists and positions are made."""

    blockSize: Param[int] = Param(
        Params._dummy(),
        "blockSize",
        "rows that are scored together; no result depends on it; allowed: a whole "
        "number of at least 1",
        TypeConverters.toInt,
    )

    broadcastLimit: Param[int] = Param(
        Params._dummy(),
        "broadcastLimit",
        "largest table, in bytes, that is sent to every executor as a whole; a larger "
        "one is sent block by block; no result depends on it; allowed: a whole number "
        "of at least 0",
        TypeConverters.toInt,
    )

    positionCol: Param[str] = Param(
        Params._dummy(),
        "positionCol",
        "column that receives the position, from 1, of the row's item in its user's "
        "ranking of all items but the training pairs, int, null beyond positionDepth; "
        "allowed: any text that is not blank; empty: none",
        TypeConverters.toString,
    )

    positionDepth: Param[int] = Param(
        Params._dummy(),
        "positionDepth",
        "how far down a ranking positions are looked for; allowed: a whole number of "
        "at least 1",
        TypeConverters.toInt,
    )

    def getBlockSize(self) -> int:
        """Returns the value of blockSize, or its default."""
        return self.getOrDefault(self.blockSize)

    def setBlockSize(self, value: int) -> Self:
        """Sets blockSize: rows that are scored together; no result depends on it;
        allowed: a whole number of at least 1."""
        return self._set(blockSize=value)

    def getBroadcastLimit(self) -> int:
        """Returns the value of broadcastLimit, or its default."""
        return self.getOrDefault(self.broadcastLimit)

    def setBroadcastLimit(self, value: int) -> Self:
        """Sets broadcastLimit: largest table, in bytes, that is sent to every executor
        as a whole; a larger one is sent block by block; no result depends on it;
        allowed: a whole number of at least 0."""
        return self._set(broadcastLimit=value)

    def getPositionCol(self) -> str:
        """Returns the value of positionCol, or its default."""
        return self.getOrDefault(self.positionCol)

    def setPositionCol(self, value: str) -> Self:
        """Sets positionCol: column that receives the position, from 1, of the row's
        item in its user's ranking of all items but the training pairs, int, null beyond
        positionDepth; allowed: any text that is not blank; empty: none."""
        return self._set(positionCol=value)

    def getPositionDepth(self) -> int:
        """Returns the value of positionDepth, or its default."""
        return self.getOrDefault(self.positionDepth)

    def setPositionDepth(self, value: int) -> Self:
        """Sets positionDepth: how far down a ranking positions are looked for; allowed:
        a whole number of at least 1."""
        return self._set(positionDepth=value)


class LatentParams(Params):
    """What all that train latent rows are told."""

    density: Param[float] = Param(
        Params._dummy(),
        "density",
        "stored weights of a table as a share of rank * rows, fixed for the whole run; "
        "1 trains a dense model; allowed: a number above 0 and at most 1",
        TypeConverters.toFloat,
    )

    initialModel: Param[str] = Param(
        Params._dummy(),
        "initialModel",
        "path of a saved model that training starts from, of the same rank and type of "
        "ids: its rows keep weights and positions as far as the budget allows, new ids "
        "get rows; without one, rows are random; allowed: a path or URI; empty: none",
        TypeConverters.toString,
    )

    itemDebias: Param[float] = Param(
        Params._dummy(),
        "itemDebias",
        "how much less an interaction with a popular item counts: (degree / "
        "mean)^-itemDebias; auto: 0.3, but 0 where the 20 most popular items hold 5 % "
        "of the interactions, for explicit feedback and with alpha; not set: auto; "
        "allowed: a number from 0 to 2",
        TypeConverters.toFloat,
    )

    maxIter: Param[int] = Param(
        Params._dummy(),
        "maxIter",
        "sweeps at most: passes over both sides; allowed: a whole number of at least 1",
        TypeConverters.toInt,
    )

    rank: Param[int] = Param(
        Params._dummy(),
        "rank",
        "width of an embedding row, in dimensions, stored or not; allowed: a whole "
        "number from 1 to 65535",
        TypeConverters.toInt,
    )

    ratingCol: Param[str] = Param(
        Params._dummy(),
        "ratingCol",
        "column of weights (implicit, at least 0) or ratings (explicit), any number "
        "type; without one every interaction weighs 1; allowed: any text that is not "
        "blank; empty: none",
        TypeConverters.toString,
    )

    regExponent: Param[float] = Param(
        Params._dummy(),
        "regExponent",
        "exponent nu of a row's observations in its L2 strength; 0 gives every row the "
        "same; allowed: a number from 0 to 2",
        TypeConverters.toFloat,
    )

    regParam: Param[float] = Param(
        Params._dummy(),
        "regParam",
        "L2 strength lambda; allowed: a number of at least 0",
        TypeConverters.toFloat,
    )

    seed: Param[int] = Param(
        Params._dummy(),
        "seed",
        "seed of every random draw; same seed and data, same model; allowed: a whole "
        "number",
        TypeConverters.toInt,
    )

    unobservedWeight: Param[float] = Param(
        Params._dummy(),
        "unobservedWeight",
        "weight alpha_0 in the loss of every pair that was not observed (implicit "
        "feedback); auto: 400 / sqrt(users * items), at most 1; not set: auto; "
        "allowed: a number of at least 0",
        TypeConverters.toFloat,
    )

    userDebias: Param[float] = Param(
        Params._dummy(),
        "userDebias",
        "how much less an interaction of a busy user counts: (degree / "
        "mean)^-userDebias; auto: 0.3, and 0 for explicit feedback and with alpha; not "
        "set: auto; allowed: a number from 0 to 2",
        TypeConverters.toFloat,
    )

    def getDensity(self) -> float:
        """Returns the value of density, or its default."""
        return self.getOrDefault(self.density)

    def setDensity(self, value: float) -> Self:
        """Sets density: stored weights of a table as a share of rank * rows, fixed for
        the whole run; 1 trains a dense model; allowed: a number above 0 and at most
        1."""
        return self._set(density=value)

    def getInitialModel(self) -> str:
        """Returns the value of initialModel, or its default."""
        return self.getOrDefault(self.initialModel)

    def setInitialModel(self, value: str) -> Self:
        """Sets initialModel: path of a saved model that training starts from, of the
        same rank and type of ids: its rows keep weights and positions as far as the
        budget allows, new ids get rows; without one, rows are random; allowed: a path
        or URI; empty: none."""
        return self._set(initialModel=value)

    def getItemDebias(self) -> float:
        """Returns the value of itemDebias, or its default."""
        return self.getOrDefault(self.itemDebias)

    def setItemDebias(self, value: float) -> Self:
        """Sets itemDebias: how much less an interaction with a popular item counts:
        (degree / mean)^-itemDebias; auto: 0.3, but 0 where the 20 most popular items
        hold 5 % of the interactions, for explicit feedback and with alpha; not set:
        auto; allowed: a number from 0 to 2."""
        return self._set(itemDebias=value)

    def getMaxIter(self) -> int:
        """Returns the value of maxIter, or its default."""
        return self.getOrDefault(self.maxIter)

    def setMaxIter(self, value: int) -> Self:
        """Sets maxIter: sweeps at most: passes over both sides; allowed: a whole number
        of at least 1."""
        return self._set(maxIter=value)

    def getRank(self) -> int:
        """Returns the value of rank, or its default."""
        return self.getOrDefault(self.rank)

    def setRank(self, value: int) -> Self:
        """Sets rank: width of an embedding row, in dimensions, stored or not; allowed:
        a whole number from 1 to 65535."""
        return self._set(rank=value)

    def getRatingCol(self) -> str:
        """Returns the value of ratingCol, or its default."""
        return self.getOrDefault(self.ratingCol)

    def setRatingCol(self, value: str) -> Self:
        """Sets ratingCol: column of weights (implicit, at least 0) or ratings
        (explicit), any number type; without one every interaction weighs 1; allowed:
        any text that is not blank; empty: none."""
        return self._set(ratingCol=value)

    def getRegExponent(self) -> float:
        """Returns the value of regExponent, or its default."""
        return self.getOrDefault(self.regExponent)

    def setRegExponent(self, value: float) -> Self:
        """Sets regExponent: exponent nu of a row's observations in its L2 strength; 0
        gives every row the same; allowed: a number from 0 to 2."""
        return self._set(regExponent=value)

    def getRegParam(self) -> float:
        """Returns the value of regParam, or its default."""
        return self.getOrDefault(self.regParam)

    def setRegParam(self, value: float) -> Self:
        """Sets regParam: L2 strength lambda; allowed: a number of at least 0."""
        return self._set(regParam=value)

    def getSeed(self) -> int:
        """Returns the value of seed, or its default."""
        return self.getOrDefault(self.seed)

    def setSeed(self, value: int) -> Self:
        """Sets seed: seed of every random draw; same seed and data, same model;
        allowed: a whole number."""
        return self._set(seed=value)

    def getUnobservedWeight(self) -> float:
        """Returns the value of unobservedWeight, or its default."""
        return self.getOrDefault(self.unobservedWeight)

    def setUnobservedWeight(self, value: float) -> Self:
        """Sets unobservedWeight: weight alpha_0 in the loss of every pair that was not
        observed (implicit feedback); auto: 400 / sqrt(users * items), at most 1; not
        set: auto; allowed: a number of at least 0."""
        return self._set(unobservedWeight=value)

    def getUserDebias(self) -> float:
        """Returns the value of userDebias, or its default."""
        return self.getOrDefault(self.userDebias)

    def setUserDebias(self, value: float) -> Self:
        """Sets userDebias: how much less an interaction of a busy user counts: (degree
        / mean)^-userDebias; auto: 0.3, and 0 for explicit feedback and with alpha; not
        set: auto; allowed: a number from 0 to 2."""
        return self._set(userDebias=value)


class AlsParams(Params):
    """What else the training of one model of latent rows is told."""

    alpha: Param[float] = Param(
        Params._dummy(),
        "alpha",
        "how confidence grows with the weight of an interaction, as in MLlib's ALS: 1 "
        "+ alpha * weight over 1 for unobserved pairs; if set, it is used instead of "
        "unobservedWeight; allowed: a number above 0",
        TypeConverters.toFloat,
    )

    budget: Param[str] = Param(
        Params._dummy(),
        "budget",
        "weights that a run from an initial model may store: grow, density * rank * "
        "rows, or keep, as many as the initial model; allowed: one of grow, keep",
        TypeConverters.toString,
    )

    checkpointInterval: Param[int] = Param(
        Params._dummy(),
        "checkpointInterval",
        "sweeps between checkpoints; allowed: -1 for none, or a whole number of at "
        "least 1",
        TypeConverters.toInt,
    )

    growth: Param[str] = Param(
        Params._dummy(),
        "growth",
        "which empty positions an exploration grows: those of the largest gain "
        "(gradient) or the largest running mean of gradients (momentum), any (random), "
        "or any that held no weight in the run yet (unfired); allowed: one of "
        "gradient, momentum, random, unfired",
        TypeConverters.toString,
    )

    history: Param[str] = Param(
        Params._dummy(),
        "history",
        "what stands for the interactions that the initial model was trained on: read, "
        "they are in the data again, or scores, the data are new ones alone and the "
        "initial model's scores are kept in the place of the others; keeps vanished "
        "rows; allowed: one of read, scores",
        TypeConverters.toString,
    )

    implicitPrefs: Param[bool] = Param(
        Params._dummy(),
        "implicitPrefs",
        "true: every interaction is a positive, its weight is confidence, and "
        "unobserved pairs are in the loss; false: the weight is a rating to predict, "
        "over observed pairs alone; allowed: true or false",
        TypeConverters.toBoolean,
    )

    intermediateStorageLevel: Param[str] = Param(
        Params._dummy(),
        "intermediateStorageLevel",
        "Spark storage level of what lives between half-sweeps; allowed: a storage "
        "level of Spark but NONE",
        TypeConverters.toString,
    )

    itemBias: Param[bool] = Param(
        Params._dummy(),
        "itemBias",
        "learn a bias of every item with the rows: dimension 0 holds it, and 1 in "
        "every user's row, both counted in density; for data on which popularity is "
        "hard to beat; allowed: true or false",
        TypeConverters.toBoolean,
    )

    keepScores: Param[float] = Param(
        Params._dummy(),
        "keepScores",
        "with history = scores, what an earlier interaction weighs in keeping the "
        "initial model's scores, a new one of weight 1 weighing 1; allowed: a number "
        "from 0 to 1000000",
        TypeConverters.toFloat,
    )

    metric: Param[str] = Param(
        Params._dummy(),
        "metric",
        "what early stopping looks at, such as ndcg@20 or recall@50; allowed: recall, "
        "ndcg, precision, hitrate, map or mrr, and @ with a length of at least 1",
        TypeConverters.toString,
    )

    minWeightsPerRow: Param[int] = Param(
        Params._dummy(),
        "minWeightsPerRow",
        "weights that an exploration leaves to every row, at most density * rank; "
        "allowed: a whole number from 0 to 65535",
        TypeConverters.toInt,
    )

    newRows: Param[str] = Param(
        Params._dummy(),
        "newRows",
        "how rows that the initial model does not have begin: fold, on positions that "
        "their interactions with known rows choose, or random; allowed: one of fold, "
        "random",
        TypeConverters.toString,
    )

    nonnegative: Param[bool] = Param(
        Params._dummy(),
        "nonnegative",
        "keep every weight of the latent rows, item biases too, at 0 or above, so that "
        "rows can be the documents and queries of a search engine; allowed: true or "
        "false",
        TypeConverters.toBoolean,
    )

    numBlocks: Param[int] = Param(
        Params._dummy(),
        "numBlocks",
        "logical blocks that the rows of each side are kept in, over which sums run in "
        "a fixed order; the last bits of a result depend on it, never on partitions; "
        "allowed: a whole number from 1 to 65536",
        TypeConverters.toInt,
    )

    patience: Param[int] = Param(
        Params._dummy(),
        "patience",
        "sweeps without a better validation metric before training stops and keeps the "
        "best sweep's model; 0 never stops; allowed: a whole number of at least 0",
        TypeConverters.toInt,
    )

    protect: Param[float] = Param(
        Params._dummy(),
        "protect",
        "weight of the importance that a weight had in earlier periods beside its "
        "present saliency when an exploration prunes; above 0 importances are saved "
        "with the model, one byte a weight; allowed: a number from 0 to 1000000000",
        TypeConverters.toFloat,
    )

    protectDecay: Param[float] = Param(
        Params._dummy(),
        "protectDecay",
        "share of an earlier importance that is left a period later; allowed: a number "
        "from 0 to 1",
        TypeConverters.toFloat,
    )

    scoresLimit: Param[int] = Param(
        Params._dummy(),
        "scoresLimit",
        "how many periods in a row may be trained with history = scores; the model "
        "counts them, and a training with history = read begins anew; allowed: a whole "
        "number of at least 1",
        TypeConverters.toInt,
    )

    solveShare: Param[float] = Param(
        Params._dummy(),
        "solveShare",
        "share of the rows that a run from an initial model solves and explores from "
        "its second sweep on, those with the largest gain; allowed: a number above 0 "
        "and at most 1",
        TypeConverters.toFloat,
    )

    start: Param[str] = Param(
        Params._dummy(),
        "start",
        "how the two tables share out the weights of both: at the same density "
        "(uniform), or in proportion to rows + rank, the smaller one denser (er); "
        "allowed: one of uniform, er",
        TypeConverters.toString,
    )

    updateInterval: Param[int] = Param(
        Params._dummy(),
        "updateInterval",
        "sweeps between explorations; allowed: a whole number of at least 1",
        TypeConverters.toInt,
    )

    updateRatio: Param[float] = Param(
        Params._dummy(),
        "updateRatio",
        "share of the stored weights that the first exploration prunes and regrows; "
        "allowed: a number from 0 to 1",
        TypeConverters.toFloat,
    )

    updateSchedule: Param[str] = Param(
        Params._dummy(),
        "updateSchedule",
        "how updateRatio falls from sweep to sweep; allowed: one of cosine, linear, "
        "constant",
        TypeConverters.toString,
    )

    validationCol: Param[str] = Param(
        Params._dummy(),
        "validationCol",
        "boolean column; rows where it is true are validated on instead of trained on; "
        "allowed: any text that is not blank; empty: none",
        TypeConverters.toString,
    )

    vanishedRows: Param[str] = Param(
        Params._dummy(),
        "vanishedRows",
        "what becomes of rows of the initial model that have no interactions any more: "
        "drop, or keep, unchanged and counted in the budget; allowed: one of drop, "
        "keep",
        TypeConverters.toString,
    )

    def getAlpha(self) -> float:
        """Returns the value of alpha, or its default."""
        return self.getOrDefault(self.alpha)

    def setAlpha(self, value: float) -> Self:
        """Sets alpha: how confidence grows with the weight of an interaction, as in
        MLlib's ALS: 1 + alpha * weight over 1 for unobserved pairs; if set, it is used
        instead of unobservedWeight; allowed: a number above 0."""
        return self._set(alpha=value)

    def getBudget(self) -> str:
        """Returns the value of budget, or its default."""
        return self.getOrDefault(self.budget)

    def setBudget(self, value: str) -> Self:
        """Sets budget: weights that a run from an initial model may store: grow,
        density * rank * rows, or keep, as many as the initial model; allowed: one of
        grow, keep."""
        return self._set(budget=value)

    def getCheckpointInterval(self) -> int:
        """Returns the value of checkpointInterval, or its default."""
        return self.getOrDefault(self.checkpointInterval)

    def setCheckpointInterval(self, value: int) -> Self:
        """Sets checkpointInterval: sweeps between checkpoints; allowed: -1 for none, or
        a whole number of at least 1."""
        return self._set(checkpointInterval=value)

    def getGrowth(self) -> str:
        """Returns the value of growth, or its default."""
        return self.getOrDefault(self.growth)

    def setGrowth(self, value: str) -> Self:
        """Sets growth: which empty positions an exploration grows: those of the largest
        gain (gradient) or the largest running mean of gradients (momentum), any
        (random), or any that held no weight in the run yet (unfired); allowed: one of
        gradient, momentum, random, unfired."""
        return self._set(growth=value)

    def getHistory(self) -> str:
        """Returns the value of history, or its default."""
        return self.getOrDefault(self.history)

    def setHistory(self, value: str) -> Self:
        """Sets history: what stands for the interactions that the initial model was
        trained on: read, they are in the data again, or scores, the data are new ones
        alone and the initial model's scores are kept in the place of the others; keeps
        vanished rows; allowed: one of read, scores."""
        return self._set(history=value)

    def getImplicitPrefs(self) -> bool:
        """Returns the value of implicitPrefs, or its default."""
        return self.getOrDefault(self.implicitPrefs)

    def setImplicitPrefs(self, value: bool) -> Self:
        """Sets implicitPrefs: true: every interaction is a positive, its weight is
        confidence, and unobserved pairs are in the loss; false: the weight is a rating
        to predict, over observed pairs alone; allowed: true or false."""
        return self._set(implicitPrefs=value)

    def getIntermediateStorageLevel(self) -> str:
        """Returns the value of intermediateStorageLevel, or its default."""
        return self.getOrDefault(self.intermediateStorageLevel)

    def setIntermediateStorageLevel(self, value: str) -> Self:
        """Sets intermediateStorageLevel: Spark storage level of what lives between
        half-sweeps; allowed: a storage level of Spark but NONE."""
        return self._set(intermediateStorageLevel=value)

    def getItemBias(self) -> bool:
        """Returns the value of itemBias, or its default."""
        return self.getOrDefault(self.itemBias)

    def setItemBias(self, value: bool) -> Self:
        """Sets itemBias: learn a bias of every item with the rows: dimension 0 holds
        it, and 1 in every user's row, both counted in density; for data on which
        popularity is hard to beat; allowed: true or false."""
        return self._set(itemBias=value)

    def getKeepScores(self) -> float:
        """Returns the value of keepScores, or its default."""
        return self.getOrDefault(self.keepScores)

    def setKeepScores(self, value: float) -> Self:
        """Sets keepScores: with history = scores, what an earlier interaction weighs in
        keeping the initial model's scores, a new one of weight 1 weighing 1; allowed: a
        number from 0 to 1000000."""
        return self._set(keepScores=value)

    def getMetric(self) -> str:
        """Returns the value of metric, or its default."""
        return self.getOrDefault(self.metric)

    def setMetric(self, value: str) -> Self:
        """Sets metric: what early stopping looks at, such as ndcg@20 or recall@50;
        allowed: recall, ndcg, precision, hitrate, map or mrr, and @ with a length of at
        least 1."""
        return self._set(metric=value)

    def getMinWeightsPerRow(self) -> int:
        """Returns the value of minWeightsPerRow, or its default."""
        return self.getOrDefault(self.minWeightsPerRow)

    def setMinWeightsPerRow(self, value: int) -> Self:
        """Sets minWeightsPerRow: weights that an exploration leaves to every row, at
        most density * rank; allowed: a whole number from 0 to 65535."""
        return self._set(minWeightsPerRow=value)

    def getNewRows(self) -> str:
        """Returns the value of newRows, or its default."""
        return self.getOrDefault(self.newRows)

    def setNewRows(self, value: str) -> Self:
        """Sets newRows: how rows that the initial model does not have begin: fold, on
        positions that their interactions with known rows choose, or random; allowed:
        one of fold, random."""
        return self._set(newRows=value)

    def getNonnegative(self) -> bool:
        """Returns the value of nonnegative, or its default."""
        return self.getOrDefault(self.nonnegative)

    def setNonnegative(self, value: bool) -> Self:
        """Sets nonnegative: keep every weight of the latent rows, item biases too, at 0
        or above, so that rows can be the documents and queries of a search engine;
        allowed: true or false."""
        return self._set(nonnegative=value)

    def getNumBlocks(self) -> int:
        """Returns the value of numBlocks, or its default."""
        return self.getOrDefault(self.numBlocks)

    def setNumBlocks(self, value: int) -> Self:
        """Sets numBlocks: logical blocks that the rows of each side are kept in, over
        which sums run in a fixed order; the last bits of a result depend on it, never
        on partitions; allowed: a whole number from 1 to 65536."""
        return self._set(numBlocks=value)

    def getPatience(self) -> int:
        """Returns the value of patience, or its default."""
        return self.getOrDefault(self.patience)

    def setPatience(self, value: int) -> Self:
        """Sets patience: sweeps without a better validation metric before training
        stops and keeps the best sweep's model; 0 never stops; allowed: a whole number
        of at least 0."""
        return self._set(patience=value)

    def getProtect(self) -> float:
        """Returns the value of protect, or its default."""
        return self.getOrDefault(self.protect)

    def setProtect(self, value: float) -> Self:
        """Sets protect: weight of the importance that a weight had in earlier periods
        beside its present saliency when an exploration prunes; above 0 importances are
        saved with the model, one byte a weight; allowed: a number from 0 to
        1000000000."""
        return self._set(protect=value)

    def getProtectDecay(self) -> float:
        """Returns the value of protectDecay, or its default."""
        return self.getOrDefault(self.protectDecay)

    def setProtectDecay(self, value: float) -> Self:
        """Sets protectDecay: share of an earlier importance that is left a period
        later; allowed: a number from 0 to 1."""
        return self._set(protectDecay=value)

    def getScoresLimit(self) -> int:
        """Returns the value of scoresLimit, or its default."""
        return self.getOrDefault(self.scoresLimit)

    def setScoresLimit(self, value: int) -> Self:
        """Sets scoresLimit: how many periods in a row may be trained with history =
        scores; the model counts them, and a training with history = read begins anew;
        allowed: a whole number of at least 1."""
        return self._set(scoresLimit=value)

    def getSolveShare(self) -> float:
        """Returns the value of solveShare, or its default."""
        return self.getOrDefault(self.solveShare)

    def setSolveShare(self, value: float) -> Self:
        """Sets solveShare: share of the rows that a run from an initial model solves
        and explores from its second sweep on, those with the largest gain; allowed: a
        number above 0 and at most 1."""
        return self._set(solveShare=value)

    def getStart(self) -> str:
        """Returns the value of start, or its default."""
        return self.getOrDefault(self.start)

    def setStart(self, value: str) -> Self:
        """Sets start: how the two tables share out the weights of both: at the same
        density (uniform), or in proportion to rows + rank, the smaller one denser (er);
        allowed: one of uniform, er."""
        return self._set(start=value)

    def getUpdateInterval(self) -> int:
        """Returns the value of updateInterval, or its default."""
        return self.getOrDefault(self.updateInterval)

    def setUpdateInterval(self, value: int) -> Self:
        """Sets updateInterval: sweeps between explorations; allowed: a whole number of
        at least 1."""
        return self._set(updateInterval=value)

    def getUpdateRatio(self) -> float:
        """Returns the value of updateRatio, or its default."""
        return self.getOrDefault(self.updateRatio)

    def setUpdateRatio(self, value: float) -> Self:
        """Sets updateRatio: share of the stored weights that the first exploration
        prunes and regrows; allowed: a number from 0 to 1."""
        return self._set(updateRatio=value)

    def getUpdateSchedule(self) -> str:
        """Returns the value of updateSchedule, or its default."""
        return self.getOrDefault(self.updateSchedule)

    def setUpdateSchedule(self, value: str) -> Self:
        """Sets updateSchedule: how updateRatio falls from sweep to sweep; allowed: one
        of cosine, linear, constant."""
        return self._set(updateSchedule=value)

    def getValidationCol(self) -> str:
        """Returns the value of validationCol, or its default."""
        return self.getOrDefault(self.validationCol)

    def setValidationCol(self, value: str) -> Self:
        """Sets validationCol: boolean column; rows where it is true are validated on
        instead of trained on; allowed: any text that is not blank; empty: none."""
        return self._set(validationCol=value)

    def getVanishedRows(self) -> str:
        """Returns the value of vanishedRows, or its default."""
        return self.getOrDefault(self.vanishedRows)

    def setVanishedRows(self, value: str) -> Self:
        """Sets vanishedRows: what becomes of rows of the initial model that have no
        interactions any more: drop, or keep, unchanged and counted in the budget;
        allowed: one of drop, keep."""
        return self._set(vanishedRows=value)


class StorageParams(Params):
    """Where the tables of a model are kept."""

    finalStorageLevel: Param[str] = Param(
        Params._dummy(),
        "finalStorageLevel",
        "Spark storage level of the model's tables; allowed: a storage level of Spark "
        "but NONE",
        TypeConverters.toString,
    )

    def getFinalStorageLevel(self) -> str:
        """Returns the value of finalStorageLevel, or its default."""
        return self.getOrDefault(self.finalStorageLevel)

    def setFinalStorageLevel(self, value: str) -> Self:
        """Sets finalStorageLevel: Spark storage level of the model's tables; allowed: a
        storage level of Spark but NONE."""
        return self._set(finalStorageLevel=value)


class NeighbourParams(Params):
    """What the training of neighbours is told."""

    historyDebias: Param[float] = Param(
        Params._dummy(),
        "historyDebias",
        "how much less the co-occurrences in a long history count: "
        "(items)^-historyDebias; allowed: a number from 0 to 2",
        TypeConverters.toFloat,
    )

    maxHistory: Param[int] = Param(
        Params._dummy(),
        "maxHistory",
        "most items of a user that co-occurrences are counted of; of a longer history "
        "so many are drawn, and the run says of how many users; allowed: a whole "
        "number from 2 to 1048576",
        TypeConverters.toInt,
    )

    neighbourReg: Param[float] = Param(
        Params._dummy(),
        "neighbourReg",
        "L2 strength of the neighbours' weights, in co-occurrences in histories of "
        "mean length; allowed: a number above 0",
        TypeConverters.toFloat,
    )

    neighbours: Param[float] = Param(
        Params._dummy(),
        "neighbours",
        "neighbours an item on the mean, the budget of the item-item weights; allowed: "
        "a number above 0 and at most 1000000",
        TypeConverters.toFloat,
    )

    def getHistoryDebias(self) -> float:
        """Returns the value of historyDebias, or its default."""
        return self.getOrDefault(self.historyDebias)

    def setHistoryDebias(self, value: float) -> Self:
        """Sets historyDebias: how much less the co-occurrences in a long history count:
        (items)^-historyDebias; allowed: a number from 0 to 2."""
        return self._set(historyDebias=value)

    def getMaxHistory(self) -> int:
        """Returns the value of maxHistory, or its default."""
        return self.getOrDefault(self.maxHistory)

    def setMaxHistory(self, value: int) -> Self:
        """Sets maxHistory: most items of a user that co-occurrences are counted of; of
        a longer history so many are drawn, and the run says of how many users; allowed:
        a whole number from 2 to 1048576."""
        return self._set(maxHistory=value)

    def getNeighbourReg(self) -> float:
        """Returns the value of neighbourReg, or its default."""
        return self.getOrDefault(self.neighbourReg)

    def setNeighbourReg(self, value: float) -> Self:
        """Sets neighbourReg: L2 strength of the neighbours' weights, in co-occurrences
        in histories of mean length; allowed: a number above 0."""
        return self._set(neighbourReg=value)

    def getNeighbours(self) -> float:
        """Returns the value of neighbours, or its default."""
        return self.getOrDefault(self.neighbours)

    def setNeighbours(self, value: float) -> Self:
        """Sets neighbours: neighbours an item on the mean, the budget of the item-item
        weights; allowed: a number above 0 and at most 1000000."""
        return self._set(neighbours=value)


class FamilyParams(Params):
    """Which parts a model has."""

    family: Param[str] = Param(
        Params._dummy(),
        "family",
        "which parts the model has: latent rows, neighbours of items, both (hybrid), "
        "or those that are best on the validation part (auto; without one it is "
        "hybrid); allowed: one of latent, items, hybrid, auto",
        TypeConverters.toString,
    )

    maxBytes: Param[int] = Param(
        Params._dummy(),
        "maxBytes",
        "most bytes of the latent rows and neighbours together, by the byte account; "
        "density and neighbours, where they are not set, follow from it; allowed: a "
        "whole number of at least 1",
        TypeConverters.toInt,
    )

    neighbourScale: Param[float] = Param(
        Params._dummy(),
        "neighbourScale",
        "what the neighbours' part of a score is multiplied with beside the latent "
        "part; auto: what is best on the validation part, by doubling or halving from "
        "4 as long as a step gains 1 %; 4 without one; not set: auto; allowed: a "
        "number above 0",
        TypeConverters.toFloat,
    )

    def getFamily(self) -> str:
        """Returns the value of family, or its default."""
        return self.getOrDefault(self.family)

    def setFamily(self, value: str) -> Self:
        """Sets family: which parts the model has: latent rows, neighbours of items,
        both (hybrid), or those that are best on the validation part (auto; without one
        it is hybrid); allowed: one of latent, items, hybrid, auto."""
        return self._set(family=value)

    def getMaxBytes(self) -> int:
        """Returns the value of maxBytes, or its default."""
        return self.getOrDefault(self.maxBytes)

    def setMaxBytes(self, value: int) -> Self:
        """Sets maxBytes: most bytes of the latent rows and neighbours together, by the
        byte account; density and neighbours, where they are not set, follow from it;
        allowed: a whole number of at least 1."""
        return self._set(maxBytes=value)

    def getNeighbourScale(self) -> float:
        """Returns the value of neighbourScale, or its default."""
        return self.getOrDefault(self.neighbourScale)

    def setNeighbourScale(self, value: float) -> Self:
        """Sets neighbourScale: what the neighbours' part of a score is multiplied with
        beside the latent part; auto: what is best on the validation part, by doubling
        or halving from 4 as long as a step gains 1 %; 4 without one; not set: auto;
        allowed: a number above 0."""
        return self._set(neighbourScale=value)


class ClientParams(Params):
    """The column of clients."""

    clientCol: Param[str] = Param(
        Params._dummy(),
        "clientCol",
        "column that says which client a row belongs to; its values are read as text; "
        "allowed: any text that is not blank",
        TypeConverters.toString,
    )

    def getClientCol(self) -> str:
        """Returns the value of clientCol, or its default."""
        return self.getOrDefault(self.clientCol)

    def setClientCol(self, value: str) -> Self:
        """Sets clientCol: column that says which client a row belongs to; its values
        are read as text; allowed: any text that is not blank."""
        return self._set(clientCol=value)


class FederationParams(Params):
    """What is told of clients, gates and rounds."""

    alone: Param[bool] = Param(
        Params._dummy(),
        "alone",
        "whether each client is also trained without the others, as long and as dense "
        "as the global table, and on the global table pruned to the same bytes, so "
        "that the summary says which client is better off so; without effect where "
        "nothing is measured; allowed: true or false",
        TypeConverters.toBoolean,
    )

    anchorWeight: Param[float] = Param(
        Params._dummy(),
        "anchorWeight",
        "how strongly a client's item rows are pulled towards the global ones; "
        "allowed: a number of at least 0",
        TypeConverters.toFloat,
    )

    buckets: Param[str] = Param(
        Params._dummy(),
        "buckets",
        "by what items are put into the buckets of the block layout; allowed: one of "
        "availability, popularity, cooccurrence, hash",
        TypeConverters.toString,
    )

    capacities: Param[List[str]] = Param(
        Params._dummy(),
        "capacities",
        "CLIENT=SHARE for clients whose share differs from capacity; allowed: a "
        "comma-separated list of words",
        TypeConverters.toListString,
    )

    capacity: Param[float] = Param(
        Params._dummy(),
        "capacity",
        "share of the global item table's weights that a client may hold; allowed: a "
        "number above 0 and at most 1",
        TypeConverters.toFloat,
    )

    capacityTable: Param[str] = Param(
        Params._dummy(),
        "capacityTable",
        "comma-separated file with a header: client, and capacity (a share), bytes (a "
        "limit as memoryLimit, for this client) or both; capacities goes before it; "
        "allowed: a path or URI; empty: none",
        TypeConverters.toString,
    )

    checkpointInterval: Param[int] = Param(
        Params._dummy(),
        "checkpointInterval",
        "rounds between cuts of the lineage, where Spark has a checkpoint directory "
        "(spark.checkpoint.dir); without effect otherwise; allowed: a whole number of "
        "at least 1",
        TypeConverters.toInt,
    )

    cuts: Param[int] = Param(
        Params._dummy(),
        "cuts",
        "steps in which a learnt gate shrinks a client to its capacity at first; "
        "allowed: a whole number of at least 1",
        TypeConverters.toInt,
    )

    dimBlocks: Param[int] = Param(
        Params._dummy(),
        "dimBlocks",
        "dimension groups of the block layout, at most the rank; 0 chooses 32, or what "
        "a smaller table allows; allowed: a whole number of at least 0",
        TypeConverters.toInt,
    )

    family: Param[str] = Param(
        Params._dummy(),
        "family",
        "what the clients' models are made of: gated latent rows, or neighbours of "
        "items, learnt from the client's own pairs and what the others sent, without "
        "rounds; allowed: one of latent, items",
        TypeConverters.toString,
    )

    finalSteps: Param[int] = Param(
        Params._dummy(),
        "finalSteps",
        "passes over a client's items and users that make its own model, after the "
        "last round; allowed: a whole number of at least 0",
        TypeConverters.toInt,
    )

    gate: Param[str] = Param(
        Params._dummy(),
        "gate",
        "how a gate gets its values; chosen: each client takes the learnt or the "
        "untrained one, by interactions it holds back; allowed: one of chosen, learnt, "
        "saliency, sensitivity, magnitude, random",
        TypeConverters.toString,
    )

    gateBatch: Param[int] = Param(
        Params._dummy(),
        "gateBatch",
        "users in a batch; allowed: a whole number of at least 1",
        TypeConverters.toInt,
    )

    gateFeatures: Param[int] = Param(
        Params._dummy(),
        "gateFeatures",
        "length of the profile of a batch of users that the gate reads; allowed: a "
        "whole number of at least 0",
        TypeConverters.toInt,
    )

    gateRate: Param[float] = Param(
        Params._dummy(),
        "gateRate",
        "size of a step of the gate; allowed: a number of at least 0",
        TypeConverters.toFloat,
    )

    gateSteps: Param[int] = Param(
        Params._dummy(),
        "gateSteps",
        "steps of the gate's training for each local step; allowed: a whole number of "
        "at least 0",
        TypeConverters.toInt,
    )

    itemBuckets: Param[int] = Param(
        Params._dummy(),
        "itemBuckets",
        "item buckets of the block layout, at most the number of items; 0 chooses 240, "
        "or what a smaller table allows; allowed: a whole number of at least 0",
        TypeConverters.toInt,
    )

    itemRatio: Param[float] = Param(
        Params._dummy(),
        "itemRatio",
        "share of the positions of an own model's rows that move in the first of the "
        "final steps, falling to none; 0 keeps the positions of the global table; "
        "allowed: a number from 0 to 1",
        TypeConverters.toFloat,
    )

    joinItems: Param[bool] = Param(
        Params._dummy(),
        "joinItems",
        "whether the models of clients that join are trained in the final steps too, "
        "once their gates are; the global table stays as it is; allowed: true or false",
        TypeConverters.toBoolean,
    )

    joins: Param[List[str]] = Param(
        Params._dummy(),
        "joins",
        "clients that take no part in the start table and the rounds: only their gates "
        "are trained, on the final global table; allowed: a comma-separated list of "
        "words",
        TypeConverters.toListString,
    )

    localSteps: Param[int] = Param(
        Params._dummy(),
        "localSteps",
        "passes over a client's items and users in a round; allowed: a whole number of "
        "at least 0",
        TypeConverters.toInt,
    )

    maskInterval: Param[int] = Param(
        Params._dummy(),
        "maskInterval",
        "rounds between explorations of the global mask; 0 never; allowed: a whole "
        "number of at least 0",
        TypeConverters.toInt,
    )

    maskRatio: Param[float] = Param(
        Params._dummy(),
        "maskRatio",
        "share of the global weights that the first exploration moves; allowed: a "
        "number from 0 to 1",
        TypeConverters.toFloat,
    )

    maxClientInteractions: Param[int] = Param(
        Params._dummy(),
        "maxClientInteractions",
        "interactions above which a client is refused: it is trained in one task; "
        "allowed: a whole number from 1 to 2147483647",
        TypeConverters.toInt,
    )

    memoryLimit: Param[int] = Param(
        Params._dummy(),
        "memoryLimit",
        "largest model of a client, in bytes, in memory and on disk; lowers the shares "
        "of clients that would be larger; 0 for no limit; allowed: a whole number of "
        "at least 0",
        TypeConverters.toInt,
    )

    minGate: Param[float] = Param(
        Params._dummy(),
        "minGate",
        "the least value of a gate; allowed: a number above 0 and at most 0.999",
        TypeConverters.toFloat,
    )

    minPairUsers: Param[int] = Param(
        Params._dummy(),
        "minPairUsers",
        "users of a client that have both items of a pair, below which the client does "
        "not send the pair; allowed: a whole number of at least 1",
        TypeConverters.toInt,
    )

    othersWeight: Param[float] = Param(
        Params._dummy(),
        "othersWeight",
        "what the pairs of items of the other clients weigh beside the client's own, "
        "in its neighbours; auto: each client takes 0.1, or of 0, 0.3 and 1 what "
        "serves the interactions that it holds back better by more than a standard "
        "error; not set: auto; allowed: a number from 0 to 1",
        TypeConverters.toFloat,
    )

    ownItems: Param[bool] = Param(
        Params._dummy(),
        "ownItems",
        "whether a client's model has rows of the items alone that the client has "
        "interactions with; else of any item, so that it can recommend what only "
        "others have; allowed: true or false",
        TypeConverters.toBoolean,
    )

    participation: Param[float] = Param(
        Params._dummy(),
        "participation",
        "share of the clients that is asked in a round; allowed: a number above 0 and "
        "at most 1",
        TypeConverters.toFloat,
    )

    private: Param[bool] = Param(
        Params._dummy(),
        "private",
        "whether the rows of a client stay in its partition: no shuffle, result of a "
        "task or broadcast has a user's id, interaction or row once the rows of each "
        "client are together; refuses startTable = pooled, and the global model has no "
        "user rows; allowed: true or false",
        TypeConverters.toBoolean,
    )

    rounds: Param[int] = Param(
        Params._dummy(),
        "rounds",
        "rounds: each sends the global table to the clients, and changes back; "
        "allowed: a whole number of at least 0",
        TypeConverters.toInt,
    )

    scoreWeight: Param[float] = Param(
        Params._dummy(),
        "scoreWeight",
        "how strongly a client's item rows keep the scores that the whole global table "
        "gives its users; allowed: a number of at least 0",
        TypeConverters.toFloat,
    )

    serverRate: Param[float] = Param(
        Params._dummy(),
        "serverRate",
        "share of the clients' mean change that the global table takes; allowed: a "
        "number from 0 to 1",
        TypeConverters.toFloat,
    )

    sharedUsers: Param[str] = Param(
        Params._dummy(),
        "sharedUsers",
        "what becomes of a user with interactions in several clients: all of them "
        "count for the client that has most (home; of equal ones the first by name), "
        "or the run is refused; with private = true it is a user in each; allowed: one "
        "of home, refuse",
        TypeConverters.toString,
    )

    startTable: Param[str] = Param(
        Params._dummy(),
        "startTable",
        "what the rounds start from without initialModel: a table trained on all "
        "clients' interactions together, which therefore must be in one place, or a "
        "random one that the clients alone train; allowed: one of pooled, random",
        TypeConverters.toString,
    )

    userRatio: Param[float] = Param(
        Params._dummy(),
        "userRatio",
        "share of a user row's positions that move when blocks have gone; allowed: a "
        "number from 0 to 1",
        TypeConverters.toFloat,
    )

    validationCol: Param[str] = Param(
        Params._dummy(),
        "validationCol",
        "boolean column; rows where it is true are not learnt from: the models are "
        "measured on them; allowed: any text that is not blank; empty: none",
        TypeConverters.toString,
    )

    def getAlone(self) -> bool:
        """Returns the value of alone, or its default."""
        return self.getOrDefault(self.alone)

    def setAlone(self, value: bool) -> Self:
        """Sets alone: whether each client is also trained without the others, as long
        and as dense as the global table, and on the global table pruned to the same
        bytes, so that the summary says which client is better off so; without effect
        where nothing is measured; allowed: true or false."""
        return self._set(alone=value)

    def getAnchorWeight(self) -> float:
        """Returns the value of anchorWeight, or its default."""
        return self.getOrDefault(self.anchorWeight)

    def setAnchorWeight(self, value: float) -> Self:
        """Sets anchorWeight: how strongly a client's item rows are pulled towards the
        global ones; allowed: a number of at least 0."""
        return self._set(anchorWeight=value)

    def getBuckets(self) -> str:
        """Returns the value of buckets, or its default."""
        return self.getOrDefault(self.buckets)

    def setBuckets(self, value: str) -> Self:
        """Sets buckets: by what items are put into the buckets of the block layout;
        allowed: one of availability, popularity, cooccurrence, hash."""
        return self._set(buckets=value)

    def getCapacities(self) -> List[str]:
        """Returns the value of capacities, or its default."""
        return self.getOrDefault(self.capacities)

    def setCapacities(self, value: List[str]) -> Self:
        """Sets capacities: CLIENT=SHARE for clients whose share differs from capacity;
        allowed: a comma-separated list of words."""
        return self._set(capacities=value)

    def getCapacity(self) -> float:
        """Returns the value of capacity, or its default."""
        return self.getOrDefault(self.capacity)

    def setCapacity(self, value: float) -> Self:
        """Sets capacity: share of the global item table's weights that a client may
        hold; allowed: a number above 0 and at most 1."""
        return self._set(capacity=value)

    def getCapacityTable(self) -> str:
        """Returns the value of capacityTable, or its default."""
        return self.getOrDefault(self.capacityTable)

    def setCapacityTable(self, value: str) -> Self:
        """Sets capacityTable: comma-separated file with a header: client, and capacity
        (a share), bytes (a limit as memoryLimit, for this client) or both; capacities
        goes before it; allowed: a path or URI; empty: none."""
        return self._set(capacityTable=value)

    def getCheckpointInterval(self) -> int:
        """Returns the value of checkpointInterval, or its default."""
        return self.getOrDefault(self.checkpointInterval)

    def setCheckpointInterval(self, value: int) -> Self:
        """Sets checkpointInterval: rounds between cuts of the lineage, where Spark has
        a checkpoint directory (spark.checkpoint.dir); without effect otherwise;
        allowed: a whole number of at least 1."""
        return self._set(checkpointInterval=value)

    def getCuts(self) -> int:
        """Returns the value of cuts, or its default."""
        return self.getOrDefault(self.cuts)

    def setCuts(self, value: int) -> Self:
        """Sets cuts: steps in which a learnt gate shrinks a client to its capacity at
        first; allowed: a whole number of at least 1."""
        return self._set(cuts=value)

    def getDimBlocks(self) -> int:
        """Returns the value of dimBlocks, or its default."""
        return self.getOrDefault(self.dimBlocks)

    def setDimBlocks(self, value: int) -> Self:
        """Sets dimBlocks: dimension groups of the block layout, at most the rank; 0
        chooses 32, or what a smaller table allows; allowed: a whole number of at least
        0."""
        return self._set(dimBlocks=value)

    def getFamily(self) -> str:
        """Returns the value of family, or its default."""
        return self.getOrDefault(self.family)

    def setFamily(self, value: str) -> Self:
        """Sets family: what the clients' models are made of: gated latent rows, or
        neighbours of items, learnt from the client's own pairs and what the others
        sent, without rounds; allowed: one of latent, items."""
        return self._set(family=value)

    def getFinalSteps(self) -> int:
        """Returns the value of finalSteps, or its default."""
        return self.getOrDefault(self.finalSteps)

    def setFinalSteps(self, value: int) -> Self:
        """Sets finalSteps: passes over a client's items and users that make its own
        model, after the last round; allowed: a whole number of at least 0."""
        return self._set(finalSteps=value)

    def getGate(self) -> str:
        """Returns the value of gate, or its default."""
        return self.getOrDefault(self.gate)

    def setGate(self, value: str) -> Self:
        """Sets gate: how a gate gets its values; chosen: each client takes the learnt
        or the untrained one, by interactions it holds back; allowed: one of chosen,
        learnt, saliency, sensitivity, magnitude, random."""
        return self._set(gate=value)

    def getGateBatch(self) -> int:
        """Returns the value of gateBatch, or its default."""
        return self.getOrDefault(self.gateBatch)

    def setGateBatch(self, value: int) -> Self:
        """Sets gateBatch: users in a batch; allowed: a whole number of at least 1."""
        return self._set(gateBatch=value)

    def getGateFeatures(self) -> int:
        """Returns the value of gateFeatures, or its default."""
        return self.getOrDefault(self.gateFeatures)

    def setGateFeatures(self, value: int) -> Self:
        """Sets gateFeatures: length of the profile of a batch of users that the gate
        reads; allowed: a whole number of at least 0."""
        return self._set(gateFeatures=value)

    def getGateRate(self) -> float:
        """Returns the value of gateRate, or its default."""
        return self.getOrDefault(self.gateRate)

    def setGateRate(self, value: float) -> Self:
        """Sets gateRate: size of a step of the gate; allowed: a number of at least
        0."""
        return self._set(gateRate=value)

    def getGateSteps(self) -> int:
        """Returns the value of gateSteps, or its default."""
        return self.getOrDefault(self.gateSteps)

    def setGateSteps(self, value: int) -> Self:
        """Sets gateSteps: steps of the gate's training for each local step; allowed: a
        whole number of at least 0."""
        return self._set(gateSteps=value)

    def getItemBuckets(self) -> int:
        """Returns the value of itemBuckets, or its default."""
        return self.getOrDefault(self.itemBuckets)

    def setItemBuckets(self, value: int) -> Self:
        """Sets itemBuckets: item buckets of the block layout, at most the number of
        items; 0 chooses 240, or what a smaller table allows; allowed: a whole number of
        at least 0."""
        return self._set(itemBuckets=value)

    def getItemRatio(self) -> float:
        """Returns the value of itemRatio, or its default."""
        return self.getOrDefault(self.itemRatio)

    def setItemRatio(self, value: float) -> Self:
        """Sets itemRatio: share of the positions of an own model's rows that move in
        the first of the final steps, falling to none; 0 keeps the positions of the
        global table; allowed: a number from 0 to 1."""
        return self._set(itemRatio=value)

    def getJoinItems(self) -> bool:
        """Returns the value of joinItems, or its default."""
        return self.getOrDefault(self.joinItems)

    def setJoinItems(self, value: bool) -> Self:
        """Sets joinItems: whether the models of clients that join are trained in the
        final steps too, once their gates are; the global table stays as it is; allowed:
        true or false."""
        return self._set(joinItems=value)

    def getJoins(self) -> List[str]:
        """Returns the value of joins, or its default."""
        return self.getOrDefault(self.joins)

    def setJoins(self, value: List[str]) -> Self:
        """Sets joins: clients that take no part in the start table and the rounds: only
        their gates are trained, on the final global table; allowed: a comma-separated
        list of words."""
        return self._set(joins=value)

    def getLocalSteps(self) -> int:
        """Returns the value of localSteps, or its default."""
        return self.getOrDefault(self.localSteps)

    def setLocalSteps(self, value: int) -> Self:
        """Sets localSteps: passes over a client's items and users in a round; allowed:
        a whole number of at least 0."""
        return self._set(localSteps=value)

    def getMaskInterval(self) -> int:
        """Returns the value of maskInterval, or its default."""
        return self.getOrDefault(self.maskInterval)

    def setMaskInterval(self, value: int) -> Self:
        """Sets maskInterval: rounds between explorations of the global mask; 0 never;
        allowed: a whole number of at least 0."""
        return self._set(maskInterval=value)

    def getMaskRatio(self) -> float:
        """Returns the value of maskRatio, or its default."""
        return self.getOrDefault(self.maskRatio)

    def setMaskRatio(self, value: float) -> Self:
        """Sets maskRatio: share of the global weights that the first exploration moves;
        allowed: a number from 0 to 1."""
        return self._set(maskRatio=value)

    def getMaxClientInteractions(self) -> int:
        """Returns the value of maxClientInteractions, or its default."""
        return self.getOrDefault(self.maxClientInteractions)

    def setMaxClientInteractions(self, value: int) -> Self:
        """Sets maxClientInteractions: interactions above which a client is refused: it
        is trained in one task; allowed: a whole number from 1 to 2147483647."""
        return self._set(maxClientInteractions=value)

    def getMemoryLimit(self) -> int:
        """Returns the value of memoryLimit, or its default."""
        return self.getOrDefault(self.memoryLimit)

    def setMemoryLimit(self, value: int) -> Self:
        """Sets memoryLimit: largest model of a client, in bytes, in memory and on disk;
        lowers the shares of clients that would be larger; 0 for no limit; allowed: a
        whole number of at least 0."""
        return self._set(memoryLimit=value)

    def getMinGate(self) -> float:
        """Returns the value of minGate, or its default."""
        return self.getOrDefault(self.minGate)

    def setMinGate(self, value: float) -> Self:
        """Sets minGate: the least value of a gate; allowed: a number above 0 and at
        most 0.999."""
        return self._set(minGate=value)

    def getMinPairUsers(self) -> int:
        """Returns the value of minPairUsers, or its default."""
        return self.getOrDefault(self.minPairUsers)

    def setMinPairUsers(self, value: int) -> Self:
        """Sets minPairUsers: users of a client that have both items of a pair, below
        which the client does not send the pair; allowed: a whole number of at least
        1."""
        return self._set(minPairUsers=value)

    def getOthersWeight(self) -> float:
        """Returns the value of othersWeight, or its default."""
        return self.getOrDefault(self.othersWeight)

    def setOthersWeight(self, value: float) -> Self:
        """Sets othersWeight: what the pairs of items of the other clients weigh beside
        the client's own, in its neighbours; auto: each client takes 0.1, or of 0, 0.3
        and 1 what serves the interactions that it holds back better by more than a
        standard error; not set: auto; allowed: a number from 0 to 1."""
        return self._set(othersWeight=value)

    def getOwnItems(self) -> bool:
        """Returns the value of ownItems, or its default."""
        return self.getOrDefault(self.ownItems)

    def setOwnItems(self, value: bool) -> Self:
        """Sets ownItems: whether a client's model has rows of the items alone that the
        client has interactions with; else of any item, so that it can recommend what
        only others have; allowed: true or false."""
        return self._set(ownItems=value)

    def getParticipation(self) -> float:
        """Returns the value of participation, or its default."""
        return self.getOrDefault(self.participation)

    def setParticipation(self, value: float) -> Self:
        """Sets participation: share of the clients that is asked in a round; allowed: a
        number above 0 and at most 1."""
        return self._set(participation=value)

    def getPrivate(self) -> bool:
        """Returns the value of private, or its default."""
        return self.getOrDefault(self.private)

    def setPrivate(self, value: bool) -> Self:
        """Sets private: whether the rows of a client stay in its partition: no shuffle,
        result of a task or broadcast has a user's id, interaction or row once the rows
        of each client are together; refuses startTable = pooled, and the global model
        has no user rows; allowed: true or false."""
        return self._set(private=value)

    def getRounds(self) -> int:
        """Returns the value of rounds, or its default."""
        return self.getOrDefault(self.rounds)

    def setRounds(self, value: int) -> Self:
        """Sets rounds: rounds: each sends the global table to the clients, and changes
        back; allowed: a whole number of at least 0."""
        return self._set(rounds=value)

    def getScoreWeight(self) -> float:
        """Returns the value of scoreWeight, or its default."""
        return self.getOrDefault(self.scoreWeight)

    def setScoreWeight(self, value: float) -> Self:
        """Sets scoreWeight: how strongly a client's item rows keep the scores that the
        whole global table gives its users; allowed: a number of at least 0."""
        return self._set(scoreWeight=value)

    def getServerRate(self) -> float:
        """Returns the value of serverRate, or its default."""
        return self.getOrDefault(self.serverRate)

    def setServerRate(self, value: float) -> Self:
        """Sets serverRate: share of the clients' mean change that the global table
        takes; allowed: a number from 0 to 1."""
        return self._set(serverRate=value)

    def getSharedUsers(self) -> str:
        """Returns the value of sharedUsers, or its default."""
        return self.getOrDefault(self.sharedUsers)

    def setSharedUsers(self, value: str) -> Self:
        """Sets sharedUsers: what becomes of a user with interactions in several
        clients: all of them count for the client that has most (home; of equal ones the
        first by name), or the run is refused; with private = true it is a user in each;
        allowed: one of home, refuse."""
        return self._set(sharedUsers=value)

    def getStartTable(self) -> str:
        """Returns the value of startTable, or its default."""
        return self.getOrDefault(self.startTable)

    def setStartTable(self, value: str) -> Self:
        """Sets startTable: what the rounds start from without initialModel: a table
        trained on all clients' interactions together, which therefore must be in one
        place, or a random one that the clients alone train; allowed: one of pooled,
        random."""
        return self._set(startTable=value)

    def getUserRatio(self) -> float:
        """Returns the value of userRatio, or its default."""
        return self.getOrDefault(self.userRatio)

    def setUserRatio(self, value: float) -> Self:
        """Sets userRatio: share of a user row's positions that move when blocks have
        gone; allowed: a number from 0 to 1."""
        return self._set(userRatio=value)

    def getValidationCol(self) -> str:
        """Returns the value of validationCol, or its default."""
        return self.getOrDefault(self.validationCol)

    def setValidationCol(self, value: str) -> Self:
        """Sets validationCol: boolean column; rows where it is true are not learnt
        from: the models are measured on them; allowed: any text that is not blank;
        empty: none."""
        return self._set(validationCol=value)


class ListParams(Params):
    """What transform makes lists of."""

    listLength: Param[int] = Param(
        Params._dummy(),
        "listLength",
        "more than 0: transform lists so many items for each user of the rows, without "
        "those that the rows name, instead of scoring the rows; allowed: a whole "
        "number of at least 0",
        TypeConverters.toInt,
    )

    def getListLength(self) -> int:
        """Returns the value of listLength, or its default."""
        return self.getOrDefault(self.listLength)

    def setListLength(self, value: int) -> Self:
        """Sets listLength: more than 0: transform lists so many items for each user of
        the rows, without those that the rows name, instead of scoring the rows;
        allowed: a whole number of at least 0."""
        return self._set(listLength=value)


class MetricParams(Params):
    """What is measured."""

    metric: Param[str] = Param(
        Params._dummy(),
        "metric",
        "metric and length, such as ndcg@20; the length is at most positionDepth; "
        "allowed: recall, ndcg, precision, hitrate, map or mrr, and @ with a length of "
        "at least 1",
        TypeConverters.toString,
    )

    positionCol: Param[str] = Param(
        Params._dummy(),
        "positionCol",
        "column of positions, as the model's positionCol; allowed: any text that is "
        "not blank",
        TypeConverters.toString,
    )

    def getMetric(self) -> str:
        """Returns the value of metric, or its default."""
        return self.getOrDefault(self.metric)

    def setMetric(self, value: str) -> Self:
        """Sets metric: metric and length, such as ndcg@20; the length is at most
        positionDepth; allowed: recall, ndcg, precision, hitrate, map or mrr, and @ with
        a length of at least 1."""
        return self._set(metric=value)

    def getPositionCol(self) -> str:
        """Returns the value of positionCol, or its default."""
        return self.getOrDefault(self.positionCol)

    def setPositionCol(self, value: str) -> Self:
        """Sets positionCol: column of positions, as the model's positionCol; allowed:
        any text that is not blank."""
        return self._set(positionCol=value)


class SparseRecommenderParams(
    IdParams, ScoringParams, RankingParams, LatentParams, AlsParams, StorageParams,
    NeighbourParams, FamilyParams, Stage
):
    """The Params of SparseRecommender."""

    _java_class = "dev.coppice.spark.SparseRecommender"

    @keyword_only
    def __init__(
        self,
        *,
        alpha: Optional[float] = None, blockSize: int = 1024,
        broadcastLimit: int = 268435456, budget: str = "grow",
        checkpointInterval: int = 5, coldStartStrategy: str = "nan",
        density: float = 0.05, family: str = "auto",
        finalStorageLevel: str = "MEMORY_AND_DISK", growth: str = "gradient",
        history: str = "read", historyDebias: float = 0.5, implicitPrefs: bool = True,
        initialModel: str = "", intermediateStorageLevel: str = "MEMORY_AND_DISK",
        itemBias: bool = False, itemCol: str = "item",
        itemDebias: Optional[float] = None, keepScores: float = 1.0,
        maxBytes: Optional[int] = None, maxHistory: int = 5000, maxIter: int = 10,
        metric: str = "ndcg@20", minWeightsPerRow: int = 1, neighbourReg: float = 30.0,
        neighbourScale: Optional[float] = None, neighbours: float = 50.0,
        newRows: str = "fold", nonnegative: bool = False, numBlocks: int = 64,
        numPartitions: int = 0, patience: int = 0, positionCol: str = "",
        positionDepth: int = 100, predictionCol: str = "prediction",
        protect: float = 0.0, protectDecay: float = 0.5, rank: int = 256,
        ratingCol: str = "", regExponent: float = 1.0, regParam: float = 0.008,
        scoresLimit: int = 7, seed: int = 42, solveShare: float = 1.0,
        start: str = "uniform", unobservedWeight: Optional[float] = None,
        updateInterval: int = 1, updateRatio: float = 0.5,
        updateSchedule: str = "cosine", userCol: str = "user",
        userDebias: Optional[float] = None, validationCol: str = "",
        vanishedRows: str = "drop",
    ) -> None:
        super().__init__()
        self._setDefault(
            blockSize=1024, broadcastLimit=268435456, budget="grow",
            checkpointInterval=5, coldStartStrategy="nan", density=0.05, family="auto",
            finalStorageLevel="MEMORY_AND_DISK", growth="gradient", history="read",
            historyDebias=0.5, implicitPrefs=True, initialModel="",
            intermediateStorageLevel="MEMORY_AND_DISK", itemBias=False, itemCol="item",
            keepScores=1.0, maxHistory=5000, maxIter=10, metric="ndcg@20",
            minWeightsPerRow=1, neighbourReg=30.0, neighbours=50.0, newRows="fold",
            nonnegative=False, numBlocks=64, numPartitions=0, patience=0,
            positionCol="", positionDepth=100, predictionCol="prediction", protect=0.0,
            protectDecay=0.5, rank=256, ratingCol="", regExponent=1.0, regParam=0.008,
            scoresLimit=7, seed=42, solveShare=1.0, start="uniform", updateInterval=1,
            updateRatio=0.5, updateSchedule="cosine", userCol="user", validationCol="",
            vanishedRows="drop",
        )
        self._create(**self._input_kwargs)


class DynamicSparseALSParams(
    IdParams, ScoringParams, RankingParams, LatentParams, AlsParams, StorageParams,
    Stage
):
    """The Params of DynamicSparseALS."""

    _java_class = "dev.coppice.spark.DynamicSparseALS"

    @keyword_only
    def __init__(
        self,
        *,
        alpha: Optional[float] = None, blockSize: int = 1024,
        broadcastLimit: int = 268435456, budget: str = "grow",
        checkpointInterval: int = 5, coldStartStrategy: str = "nan",
        density: float = 0.05, finalStorageLevel: str = "MEMORY_AND_DISK",
        growth: str = "gradient", history: str = "read", implicitPrefs: bool = True,
        initialModel: str = "", intermediateStorageLevel: str = "MEMORY_AND_DISK",
        itemBias: bool = False, itemCol: str = "item",
        itemDebias: Optional[float] = None, keepScores: float = 1.0, maxIter: int = 10,
        metric: str = "ndcg@20", minWeightsPerRow: int = 1, newRows: str = "fold",
        nonnegative: bool = False, numBlocks: int = 64, numPartitions: int = 0,
        patience: int = 0, positionCol: str = "", positionDepth: int = 100,
        predictionCol: str = "prediction", protect: float = 0.0,
        protectDecay: float = 0.5, rank: int = 256, ratingCol: str = "",
        regExponent: float = 1.0, regParam: float = 0.008, scoresLimit: int = 7,
        seed: int = 42, solveShare: float = 1.0, start: str = "uniform",
        unobservedWeight: Optional[float] = None, updateInterval: int = 1,
        updateRatio: float = 0.5, updateSchedule: str = "cosine", userCol: str = "user",
        userDebias: Optional[float] = None, validationCol: str = "",
        vanishedRows: str = "drop",
    ) -> None:
        super().__init__()
        self._setDefault(
            blockSize=1024, broadcastLimit=268435456, budget="grow",
            checkpointInterval=5, coldStartStrategy="nan", density=0.05,
            finalStorageLevel="MEMORY_AND_DISK", growth="gradient", history="read",
            implicitPrefs=True, initialModel="",
            intermediateStorageLevel="MEMORY_AND_DISK", itemBias=False, itemCol="item",
            keepScores=1.0, maxIter=10, metric="ndcg@20", minWeightsPerRow=1,
            newRows="fold", nonnegative=False, numBlocks=64, numPartitions=0,
            patience=0, positionCol="", positionDepth=100, predictionCol="prediction",
            protect=0.0, protectDecay=0.5, rank=256, ratingCol="", regExponent=1.0,
            regParam=0.008, scoresLimit=7, seed=42, solveShare=1.0, start="uniform",
            updateInterval=1, updateRatio=0.5, updateSchedule="cosine", userCol="user",
            validationCol="", vanishedRows="drop",
        )
        self._create(**self._input_kwargs)


class DynamicSparseItemsParams(
    IdParams, ScoringParams, RankingParams, StorageParams, NeighbourParams, Stage
):
    """The Params of DynamicSparseItems."""

    _java_class = "dev.coppice.spark.DynamicSparseItems"

    @keyword_only
    def __init__(
        self,
        *,
        blockSize: int = 1024, broadcastLimit: int = 268435456,
        coldStartStrategy: str = "nan", finalStorageLevel: str = "MEMORY_AND_DISK",
        historyDebias: float = 0.5, itemCol: str = "item", maxHistory: int = 5000,
        neighbourReg: float = 30.0, neighbours: float = 50.0, numPartitions: int = 0,
        positionCol: str = "", positionDepth: int = 100,
        predictionCol: str = "prediction", userCol: str = "user",
    ) -> None:
        super().__init__()
        self._setDefault(
            blockSize=1024, broadcastLimit=268435456, coldStartStrategy="nan",
            finalStorageLevel="MEMORY_AND_DISK", historyDebias=0.5, itemCol="item",
            maxHistory=5000, neighbourReg=30.0, neighbours=50.0, numPartitions=0,
            positionCol="", positionDepth=100, predictionCol="prediction",
            userCol="user",
        )
        self._create(**self._input_kwargs)


class GatedFederationParams(
    IdParams, ScoringParams, LatentParams, NeighbourParams, ClientParams,
    FederationParams, Stage
):
    """The Params of GatedFederation."""

    _java_class = "dev.coppice.spark.GatedFederation"

    @keyword_only
    def __init__(
        self,
        *,
        alone: bool = True, anchorWeight: float = 0.1, buckets: str = "availability",
        capacities: Optional[List[str]] = None, capacity: float = 0.5,
        capacityTable: str = "", checkpointInterval: int = 10,
        clientCol: str = "client", coldStartStrategy: str = "nan", cuts: int = 8,
        density: float = 0.05, dimBlocks: int = 0, family: str = "latent",
        finalSteps: int = 8, gate: str = "chosen", gateBatch: int = 1000000,
        gateFeatures: int = 0, gateRate: float = 0.5, gateSteps: int = 1,
        historyDebias: float = 0.5, initialModel: str = "", itemBuckets: int = 0,
        itemCol: str = "item", itemDebias: Optional[float] = None,
        itemRatio: float = 0.3, joinItems: bool = False,
        joins: Optional[List[str]] = None, localSteps: int = 2, maskInterval: int = 0,
        maskRatio: float = 0.1, maxClientInteractions: int = 50000000,
        maxHistory: int = 5000, maxIter: int = 10, memoryLimit: int = 0,
        minGate: float = 0.01, minPairUsers: int = 5, neighbourReg: float = 30.0,
        neighbours: float = 50.0, numPartitions: int = 0,
        othersWeight: Optional[float] = None, ownItems: bool = True,
        participation: float = 1.0, predictionCol: str = "prediction",
        private: bool = False, rank: int = 256, ratingCol: str = "",
        regExponent: float = 1.0, regParam: float = 0.008, rounds: int = 2,
        scoreWeight: float = 1.0, seed: int = 42, serverRate: float = 0.3,
        sharedUsers: str = "home", startTable: str = "pooled",
        unobservedWeight: Optional[float] = None, userCol: str = "user",
        userDebias: Optional[float] = None, userRatio: float = 0.3,
        validationCol: str = "",
    ) -> None:
        super().__init__()
        self._setDefault(
            alone=True, anchorWeight=0.1, buckets="availability", capacities=[],
            capacity=0.5, capacityTable="", checkpointInterval=10, clientCol="client",
            coldStartStrategy="nan", cuts=8, density=0.05, dimBlocks=0, family="latent",
            finalSteps=8, gate="chosen", gateBatch=1000000, gateFeatures=0,
            gateRate=0.5, gateSteps=1, historyDebias=0.5, initialModel="",
            itemBuckets=0, itemCol="item", itemRatio=0.3, joinItems=False, joins=[],
            localSteps=2, maskInterval=0, maskRatio=0.1, maxClientInteractions=50000000,
            maxHistory=5000, maxIter=10, memoryLimit=0, minGate=0.01, minPairUsers=5,
            neighbourReg=30.0, neighbours=50.0, numPartitions=0, ownItems=True,
            participation=1.0, predictionCol="prediction", private=False, rank=256,
            ratingCol="", regExponent=1.0, regParam=0.008, rounds=2, scoreWeight=1.0,
            seed=42, serverRate=0.3, sharedUsers="home", startTable="pooled",
            userCol="user", userRatio=0.3, validationCol="",
        )
        self._create(**self._input_kwargs)


class DynamicSparseALSModelParams(
    IdParams, ScoringParams, RankingParams, ListParams, Stage
):
    """The Params of DynamicSparseALSModel."""

    _java_class = "dev.coppice.spark.DynamicSparseALSModel"


class GatedFederationModelParams(
    IdParams, ScoringParams, ClientParams, Stage
):
    """The Params of GatedFederationModel."""

    _java_class = "dev.coppice.spark.GatedFederationModel"


class SparseRankingEvaluatorParams(
    IdParams, MetricParams, Stage
):
    """The Params of SparseRankingEvaluator."""

    _java_class = "dev.coppice.spark.SparseRankingEvaluator"

    @keyword_only
    def __init__(
        self,
        *,
        itemCol: str = "item", metric: str = "ndcg@20", positionCol: str = "position",
        userCol: str = "user",
    ) -> None:
        super().__init__()
        self._setDefault(
            itemCol="item", metric="ndcg@20", positionCol="position", userCol="user",
        )
        self._create(**self._input_kwargs)
