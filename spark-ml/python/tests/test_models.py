"""What models tell and recommend."""

import math
from dataclasses import fields

import pytest

import coppice
from coppice import summaries


@pytest.fixture(scope="module")
def model(spark, plays):
    estimator = coppice.SparseRecommender(
        rank=16,
        density=0.25,
        maxIter=3,
        numBlocks=4,
        neighbours=5,
        family="hybrid",
        neighbourScale=2,
        validationCol="held",
        metric="recall@5",
        seed=7,
    )
    return estimator.fit(plays)


def lists(frame, column="recommendations"):
    return {row[0]: row[column] for row in frame.collect()}


def pairs(plays):
    return {(row.user, row.item) for row in plays.collect()}


def test_lists_without_and_with_seen(model, plays):
    known = pairs(plays)
    whole = lists(model.recommendForAllUsers(20))
    unseen = lists(model.recommendForAllUsers(20, seen=plays))
    assert len(whole) == len(unseen) == 60
    for user, best in whole.items():
        assert len(best) == 20
        ratings = [entry.rating for entry in best]
        assert ratings == sorted(ratings, reverse=True)
    assert any((user, entry.item) in known for user in whole for entry in whole[user])
    assert not any((user, entry.item) in known for user in unseen for entry in unseen[user])


def test_lists_under_rules(model, spark, plays):
    stock = spark.createDataFrame([(i,) for i in range(0, 40, 2)], "item long")
    gone = spark.createDataFrame([("u3", 4), ("u3", 8)], "user string, item long")
    kinds = spark.createDataFrame([(i, i % 4) for i in range(40)], "item long, kind long")
    some = lists(model.recommendForAllUsers(20, allow=stock, deny=gone))
    assert {entry.item for best in some.values() for entry in best} <= set(range(0, 40, 2))
    assert {len(some["u3"]), len(some["u7"])} == {18, 20}
    for best in lists(
        model.recommendForAllUsers(
            6, plays, groups=kinds, groupCol="kind", mostPerGroup=2
        )
    ).values():
        found = [entry.item % 4 for entry in best]
        assert len(found) == 6 and max(found.count(kind) for kind in range(4)) == 2
    strongest = {
        row.id: max(zip(map(abs, row.weights), row.dims), key=lambda pair: pair[0])[1]
        for row in model.itemFactors.collect()
        if row.weights
    }
    for best in lists(model.recommendForAllUsers(6, plays, mostPerDimension=2)).values():
        found = [strongest[entry.item] for entry in best if entry.item in strongest]
        assert max(found.count(dimension) for dimension in found) <= 2
    own = spark.createDataFrame([("u3", 5), ("u3", 9)], "user string, item long")
    only = lists(
        model.recommendForUserSubset(
            spark.createDataFrame([("u3",), ("u7",)], "user string"), 6, allow=own
        )
    )
    assert sorted(entry.item for entry in only["u3"]) == [5, 9] and only["u7"] == []
    with pytest.raises(ValueError, match="mostPerGroup"):
        model.recommendForAllUsers(6, groups=kinds)


def test_subsets_and_items(model, spark, plays):
    some = spark.createDataFrame([("u3",), ("u7",), ("nobody",)], "user string")
    everyone = lists(model.recommendForAllUsers(5, plays))
    assert lists(model.recommendForUserSubset(some, 5, plays)) == {
        user: everyone[user] for user in ("u3", "u7")
    }
    assert len(lists(model.recommendForUserSubset(some, 5))) == 2
    items = lists(model.recommendForAllItems(4))
    assert len(items) == 40 and all(len(best) == 4 for best in items.values())
    known = pairs(plays)
    unseen = lists(model.recommendForAllItems(4, seen=plays))
    assert not any((entry.user, item) in known for item in unseen for entry in unseen[item])
    some = spark.createDataFrame([(4,)], "item long")
    assert lists(model.recommendForItemSubset(some, 4)) == {4: items[4]}
    assert lists(model.recommendForItemSubset(some, 4, plays)) == {4: unseen[4]}


def test_similar_items_are_of_the_same_group(model, spark):
    alike = lists(model.similarItems(3), "similar")
    assert len(alike) == 40 and 8 not in [entry.item for entry in alike[8]]
    same = sum(entry.item % 4 == item % 4 for item in alike for entry in alike[item])
    assert same > 0.8 * 120
    some = spark.createDataFrame([(8,)], "item long")
    assert lists(model.similarItems(3, some), "similar") == {8: alike[8]}


def test_new_users_are_folded_in(model, spark):
    new = spark.createDataFrame(
        [("fresh", item) for item in (0, 4, 8, 12)], "user string, item long"
    )
    folded = model.foldIn(new)
    assert folded.rank == 16
    assert [row.id for row in folded.userFactors.collect()] == ["fresh"]
    best = lists(folded.recommendForAllUsers(3, new))["fresh"]
    assert [entry.item % 4 for entry in best] == [0, 0, 0]
    assert lists(model.recommendForNewUsers(new, 3)) == {"fresh": best}
    weighted = model.foldIn(new.selectExpr("*", "2.0 AS stars"), "stars")
    assert weighted.userFactors.count() == 1


def test_a_score_is_what_factors_and_neighbours_say(model, plays):
    users = {row.id: row for row in model.userFactors.collect()}
    items = {row.id: row for row in model.itemFactors.collect()}
    near = {(row.item, row.neighbour): row.weight for row in model.neighbours.collect()}
    histories = {}
    codes = {row.code: item for item, row in items.items()}
    for user, row in users.items():
        histories[user] = [codes[code] for code in row.links or []]
        assert histories[user]
    assert near
    rows = model.transform(plays.drop("held")).collect()
    for row in rows:
        own = dict(zip(users[row.user].dims, users[row.user].weights))
        other = dict(zip(items[row.item].dims, items[row.item].weights))
        score = sum(weight * other.get(dim, 0.0) for dim, weight in own.items())
        score += sum(near.get((row.item, item), 0.0) for item in histories[row.user])
        assert math.isclose(row.prediction, score, rel_tol=1e-4, abs_tol=1e-6)


def test_what_a_model_tells(model):
    assert (model.rank, model.family, model.hasSummary) == (16, "hybrid", True)
    summary = model.summary
    assert [sweep.sweep for sweep in summary.sweeps] == [1, 2, 3]
    assert summary.objectiveHistory == [sweep.loss for sweep in summary.sweeps]
    assert summary.userBudget.weights == 60 * 16 // 4
    assert summary.userBytes.stored == summary.userBudget.weights
    assert set(summary.sweeps[0].metrics) >= {"recall@5"}
    assert 0 < model.metrics["recall@5"] <= 1
    assert set(summary.popularity) == set(model.metrics)
    assert (model.configuration["rank"], model.configuration["seed"]) == ("16", "7")
    assert summary.start == {}
    assert model.neighbourSummary.items == 40
    assert model.neighbourSummary.weights == model.neighbours.count()
    chosen = {choice.name: choice for choice in model.choices}
    assert chosen["unobservedWeight"].reason == "there are 60 users and 40 items"
    assert str(chosen["userDebias"]).startswith("userDebias = 0.3: ")


def test_the_other_families(plays):
    items = coppice.DynamicSparseItems(neighbours=5).fit(plays)
    assert items.family == "items" and not items.hasSummary
    assert items.neighbourSummary.users == 60
    with pytest.raises(RuntimeError, match="has no summary"):
        items.summary
    latent = coppice.DynamicSparseALS(rank=8, density=0.5, maxIter=2, numBlocks=4).fit(plays)
    assert latent.family == "latent" and latent.neighbourSummary is None
    assert latent.neighbours.count() == 0
    again = coppice.DynamicSparseALS(
        rank=8, density=0.5, maxIter=1, numBlocks=4
    ).fitFrom(plays, latent)
    assert again.summary.start["users"].known == 60
    assert again.summary.start["items"] == summaries.InitialCounts(40, 0, 0, 0, 0)
    for each in (items, latent, again):
        each.unpersist()


def test_a_param_map_and_a_list_of_them(plays):
    als = coppice.DynamicSparseALS(rank=8, density=0.5, maxIter=1, numBlocks=4)
    assert als.fit(plays, {als.rank: 4}).rank == 4
    models = als.fit(plays, [{als.rank: 4}, {als.predictionCol: "score"}])
    assert [model.rank for model in models] == [4, 8]
    assert "score" in models[1].transform(plays).columns
    # Setters of a model count at once, in lists too.
    renamed = models[0].setUserCol("listener").recommendForAllUsers(2)
    assert renamed.columns == ["listener", "recommendations"]


def test_federation(spark, plays):
    federation = coppice.GatedFederation(
        clientCol="market",
        rank=8,
        density=0.5,
        maxIter=2,
        rounds=2,
        finalSteps=1,
        capacity=0.8,
        itemBuckets=2,
        dimBlocks=2,
        validationCol="held",
    )
    model = federation.fit(plays)
    assert model.clients == ["north", "south"]
    assert [fact.name for fact in model.clientFacts] == model.clients
    assert [fact.users for fact in model.clientFacts] == [40, 20]
    assert len(model.clientFacts[0].kept) == 4 and True in model.clientFacts[0].kept
    assert model.globalModel.userFactors.count() == 60
    north = model.client("north")
    assert north.userFactors.count() == 40
    with pytest.raises(ValueError, match="no client 'east'; clients are .'north', 'south'"):
        model.client("east")
    found = model.recommendForAllUsers(3, seen=plays)
    assert found.columns == ["market", "user", "recommendations"]
    assert found.count() == 60
    summary = model.summary
    assert [each.round for each in summary.rounds] == [1, 2]
    assert summary.rounds[0].asked == ["north", "south"] and summary.rounds[0].failures == {}
    assert [each.users for each in summary.clients] == [40, 20]
    assert summary.limits.capacities == [0.8, 0.8]
    assert summary.limits.limits == [2**63 - 1] * 2
    # One client's rows as those of a new one.
    new = plays.where("market = 'south'").selectExpr(
        "concat('new ', user) AS user", "item", "'west' AS market", "held"
    )
    joined = federation.copy({federation.cuts: 1}).join(model, new)
    assert joined.clients == ["west"] and joined.clientFacts[0].joined
    model.write().overwrite().save("federation")
    loaded = coppice.GatedFederationModel.load("federation")
    assert loaded.clients == model.clients and loaded.getClientCol() == "market"
    assert not loaded.hasSummary
    assert loaded.transform(plays).where("prediction IS NOT NULL").count() == plays.count()
    joined.unpersist()
    model.unpersist()


@pytest.mark.parametrize(
    "kind, name",
    [
        (summaries.Choice, "dev.coppice.spark.Choice"),
        (summaries.SweepRecord, "dev.coppice.core.als.SweepRecord"),
        (summaries.Budget, "dev.coppice.core.table.Budget"),
        (summaries.ByteAccount, "dev.coppice.core.table.ByteAccount"),
        (summaries.InitialCounts, "dev.coppice.spark.als.InitialCounts"),
        (summaries.TrainingSummary, "dev.coppice.spark.als.TrainingSummary"),
        (summaries.NeighbourSummary, "dev.coppice.spark.items.NeighbourSummary"),
        (summaries.Round, "dev.coppice.spark.FederationSummary$Round"),
        (summaries.ClientMetrics, "dev.coppice.spark.federate.ClientMetrics"),
        (summaries.ClientShares, "dev.coppice.spark.federate.ClientShares"),
        (summaries.FederationSummary, "dev.coppice.spark.FederationSummary"),
        (summaries.GatedClient, "dev.coppice.spark.store.GatedClient"),
    ],
)
def test_data_classes_have_the_components_of_the_records(spark, kind, name):
    loader = spark._jvm.java.lang.Thread.currentThread().getContextClassLoader()
    record = spark._jvm.java.lang.Class.forName(name, True, loader)
    components = [each.getName() for each in record.getRecordComponents()]
    assert [field.name for field in fields(kind)] == components
