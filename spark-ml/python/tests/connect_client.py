"""What test_connect.py runs as a client: ``connect_client.py ADDRESS DIRECTORY``."""

import sys
import warnings

from pyspark.ml import Pipeline, PipelineModel
from pyspark.sql import SparkSession

import coppice

address, directory = sys.argv[1:]
warnings.simplefilter("error", ResourceWarning)
spark = SparkSession.builder.remote(address).getOrCreate()
pairs = [
    (f"u{user}", item, (3 * user + item) % 7 == 0)
    for user in range(40)
    for item in range(30)
    if item % 3 == user % 3
]
plays = spark.createDataFrame(pairs, "user string, item long, held boolean")


def rows(model):
    """Predictions of all pairs."""
    return model.transform(plays).orderBy("user", "item").collect()


def settings(stage):
    """Values of all Params, by name."""
    return {param.name: value for param, value in stage.extractParamMap().items()}


estimators = [
    coppice.DynamicSparseALS(rank=8, density=0.5, maxIter=2, seed=7),
    coppice.DynamicSparseItems(neighbours=5),
    coppice.SparseRecommender(rank=8, density=0.5, maxIter=2, seed=7),
]
for number, estimator in enumerate(estimators):
    model = estimator.fit(plays)
    assert str(model) == estimator.uid == model.uid
    predicted = rows(model)
    assert len(predicted) == len(pairs)
    assert all(row.prediction == row.prediction for row in predicted)
    place = f"{directory}/{number}"
    model.save(place)
    loaded = coppice.DynamicSparseALSModel.load(place)
    assert rows(loaded) == predicted
    estimator.save(f"{place}-estimator")
    again = type(estimator).load(f"{place}-estimator")
    assert type(again) is type(estimator)
    assert settings(again) == settings(estimator)
    assert rows(again.fit(plays)) == predicted
    # Lists, which a server gives through transform alone.
    lists = loaded.setListLength(3).transform(plays).orderBy("user").collect()
    assert [row.user for row in lists] == sorted({row[0] for row in pairs})
    had = {(user, item) for user, item, _ in pairs}
    listed = [(row.user, entry.item) for row in lists for entry in row.recommendations]
    assert len(listed) == 3 * len(lists) and not had.intersection(listed)
    everything = model.copy({model.listLength: 3}).transform(plays.select("user"))
    assert had.intersection(
        (row.user, entry.item) for row in everything.collect() for entry in row.recommendations
    )
    for refused in (lambda: model.recommendForAllUsers(3), lambda: model.family):
        try:
            refused()
        except RuntimeError as error:
            assert "save the model, and load it in a session without remote()" in str(
                error
            )
        else:
            raise AssertionError("a server cannot run this")

# A setting that is not allowed is the server's to refuse, with the reason.
try:
    coppice.DynamicSparseALS(density=2.0).fit(plays)
except Exception as error:
    assert "density" in str(error), error
else:
    raise AssertionError("density 2 was taken")

als = coppice.DynamicSparseALS(
    rank=8, density=0.5, maxIter=3, seed=7, positionCol="position"
)
model = Pipeline(stages=[als]).fit(plays.where("not held"))
ranked = model.transform(plays.where("held"))
value = coppice.SparseRankingEvaluator(metric="ndcg@20").evaluate(ranked)
assert 0.3 < value <= 1, value
model.save(f"{directory}/pipeline")
stage = PipelineModel.load(f"{directory}/pipeline").stages[0]
assert type(stage) is coppice.DynamicSparseALSModel
spark.stop()
print("all is well")
