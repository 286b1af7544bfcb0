"""Saving, loading, pipelines and tuning."""

import pytest

from pyspark.ml import Pipeline, PipelineModel, Transformer
from pyspark.ml.feature import SQLTransformer
from pyspark.ml.tuning import (
    CrossValidator,
    CrossValidatorModel,
    ParamGridBuilder,
    TrainValidationSplit,
    TrainValidationSplitModel,
)
from pyspark.ml.util import DefaultParamsReadable, DefaultParamsWritable

import coppice


def als():
    return coppice.DynamicSparseALS(rank=8, density=0.5, maxIter=2, numBlocks=4, seed=3)


def scores(frame):
    return sorted((row.user, row.item, row.prediction) for row in frame.collect())


@pytest.mark.parametrize(
    "stage",
    [
        coppice.DynamicSparseALS,
        coppice.DynamicSparseItems,
        coppice.SparseRecommender,
        coppice.GatedFederation,
        coppice.SparseRankingEvaluator,
    ],
)
def test_stages_round_trip(spark, stage):
    made = stage(userCol="listener")
    path = f"stage-{stage.__name__}"
    made.save(path)
    loaded = stage.load(path)
    assert type(loaded) is stage and loaded.uid == made.uid
    assert loaded.extractParamMap() == made.extractParamMap()
    assert loaded.isSet(loaded.userCol) and not loaded.isSet(loaded.itemCol)
    with pytest.raises(Exception, match="already exists|exists"):
        made.save(path)
    made.write().overwrite().save(path)
    assert stage.read().load(path).getUserCol() == "listener"


def test_a_model_round_trips(spark, plays):
    model = als().setPredictionCol("prediction").fit(plays)
    model.write().overwrite().save("model")
    loaded = coppice.DynamicSparseALSModel.load("model")
    assert loaded.uid == model.uid and not loaded.hasSummary
    assert scores(loaded.transform(plays)) == scores(model.transform(plays))
    loaded.setPositionCol("position")
    with pytest.raises(Exception, match="withSeen"):
        loaded.transform(plays)
    assert "position" in loaded.withSeen(plays).transform(plays).columns


class Lower(Transformer, DefaultParamsReadable, DefaultParamsWritable):
    """A stage that there is in Python alone, which a pipeline saves in another way."""


    def _transform(self, dataset):
        return dataset.selectExpr("lower(user) AS user", "item")


# PySpark saves the name of the class.
Lower.__module__ = "__main__"


@pytest.mark.parametrize("python_only", [False, True])
def test_pipelines_round_trip(spark, plays, python_only, monkeypatch):
    monkeypatch.setattr("__main__.Lower", Lower, raising=False)
    first = (
        Lower()
        if python_only
        else SQLTransformer(statement="SELECT lower(user) AS user, item FROM __THIS__")
    )
    pipeline = Pipeline(stages=[first, als()])
    path = f"pipeline-{python_only}"
    pipeline.write().overwrite().save(path)
    loaded = Pipeline.load(path)
    stage = loaded.getStages()[1]
    assert type(stage) is coppice.DynamicSparseALS and stage.getRank() == 8
    fitted = loaded.fit(plays)
    fitted.write().overwrite().save(path + "-model")
    again = PipelineModel.load(path + "-model")
    assert type(again.stages[1]) is coppice.DynamicSparseALSModel
    assert again.stages[1].rank == 8
    assert scores(again.transform(plays)) == scores(fitted.transform(plays))
    assert again.stages[1].recommendForAllUsers(2).count() == 60


def test_cross_validation_and_split(spark, plays):
    estimator = als().setPositionCol("position")
    grid = ParamGridBuilder().addGrid(estimator.density, [0.125, 1]).build()
    evaluator = coppice.SparseRankingEvaluator(metric="recall@5")
    assert evaluator.isLargerBetter()
    validator = CrossValidator(
        estimator=estimator,
        evaluator=evaluator,
        estimatorParamMaps=grid,
        numFolds=2,
        seed=5,
        parallelism=2,
    )
    best = validator.fit(plays)
    assert len(best.avgMetrics) == 2 and all(0 < value < 1 for value in best.avgMetrics)
    kept = best.bestModel
    assert type(kept) is coppice.DynamicSparseALSModel
    best.write().overwrite().save("validated")
    loaded = CrossValidatorModel.load("validated")
    assert type(loaded.bestModel) is coppice.DynamicSparseALSModel
    assert loaded.avgMetrics == pytest.approx(best.avgMetrics)
    assert type(loaded.getEvaluator()) is coppice.SparseRankingEvaluator
    assert [list(each.values()) for each in loaded.getEstimatorParamMaps()] == [[0.125], [1.0]]

    split = TrainValidationSplit(
        estimator=estimator, evaluator=evaluator, estimatorParamMaps=grid[:1], seed=5
    )
    split.save("split")
    chosen = TrainValidationSplit.load("split").fit(plays)
    assert 0 < chosen.validationMetrics[0] < 1
    chosen.save("split-model")
    assert TrainValidationSplitModel.load("split-model").bestModel.rank == 8
    # The evaluator by itself.
    ranked = kept.transform(plays.limit(0))
    assert evaluator.evaluate(ranked) == 0.0
    with pytest.raises(Exception, match="positionCol"):
        evaluator.evaluate(plays)
