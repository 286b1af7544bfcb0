"""Params: what Python declares is what the JVM does, and how they are set and refused."""

import pytest

import coppice
from coppice._stage import java_class

STAGES = [
    coppice.DynamicSparseALS,
    coppice.DynamicSparseItems,
    coppice.SparseRecommender,
    coppice.GatedFederation,
    coppice.SparseRankingEvaluator,
    coppice.DynamicSparseALSModel,
    coppice.GatedFederationModel,
]
TRAINED = STAGES[:5]


def capital(name):
    return name[0].upper() + name[1:]


@pytest.mark.parametrize("stage", STAGES)
def test_params_are_those_of_the_jvm(spark, stage):
    java = java_class(stage._java_class)()
    docs = {param.name(): param.doc() for param in java.params()}
    assert {param.name: param.doc for param in stage().params} == docs
    for name in docs:
        assert getattr(stage, "get" + capital(name)).__doc__
        assert docs[name] in " ".join(getattr(stage, "set" + capital(name)).__doc__.split())


@pytest.mark.parametrize("stage", TRAINED)
def test_defaults_are_those_of_the_jvm(spark, stage):
    made = stage()
    java = java_class(stage._java_class)()
    for param in made.params:
        other = java.getParam(param.name)
        assert made.hasDefault(param) == java.hasDefault(other), param.name
        if made.hasDefault(param):
            value = java.getDefault(other).get()
            expected = value if isinstance(value, (str, int, float)) else list(value)
            assert made.getOrDefault(param) == expected
            assert type(made.getOrDefault(param)) is type(expected)


@pytest.mark.parametrize("stage", TRAINED)
def test_every_param_reaches_the_jvm(spark, stage):
    made = stage()
    assert made._java_obj.uid() == made.uid
    for param in made.params:
        value = made.getOrDefault(param) if made.hasDefault(param) else 1
        assert getattr(made, "set" + capital(param.name))(value) is made
        assert getattr(made, "get" + capital(param.name))() == value
    java = made._to_java()
    for param in made.params:
        assert java.isSet(java.getParam(param.name)), param.name
    made.clear(made.userCol)
    assert not made.isSet(made.userCol) and not java.isSet(java.getParam("userCol"))


def test_keyword_arguments_and_set_params(spark):
    als = coppice.DynamicSparseALS(rank=16, density=1, seed=2**40, broadcastLimit=5)
    assert (als.getRank(), als.getDensity(), als.getSeed()) == (16, 1.0, 2**40)
    assert als.setParams(rank=8, maxIter=3) is als
    java = als._to_java()
    assert (java.getRank(), java.getMaxIter(), java.getDensity()) == (8, 3, 1.0)
    assert (java.getSeed(), java.getBroadcastLimit()) == (2**40, 5)
    federation = coppice.GatedFederation(capacities=["north=0.5", "south=0.25"])
    assert list(federation._to_java().getCapacities()) == ["north=0.5", "south=0.25"]
    assert "rank: width of an embedding row" in als.explainParams()
    with pytest.raises(TypeError, match="colour"):
        coppice.DynamicSparseALS(colour=1)
    with pytest.raises(TypeError, match="positional|keyword"):
        coppice.DynamicSparseALS(16)


@pytest.mark.parametrize(
    "name, value, allowed",
    [
        ("rank", 0, "1 to 65535"),
        ("rank", 2**40, "1 to 65535"),
        ("density", 1.5, "above 0 and at most 1"),
        ("metric", "ndgc@20", "recall, ndcg"),
        ("growth", "fast", "gradient, momentum"),
    ],
)
def test_a_refused_value_is_told_with_what_is_allowed(spark, plays, name, value, allowed):
    als = coppice.DynamicSparseALS(**{name: value})
    with pytest.raises(ValueError) as told:
        als.fit(plays)
    assert f"{name} is {value!r}; " in str(told.value)
    assert allowed in str(told.value)


def test_a_wrong_type_is_refused_at_once(spark):
    with pytest.raises(TypeError, match="rank"):
        coppice.DynamicSparseALS(rank="many")
    with pytest.raises(TypeError, match="density"):
        coppice.DynamicSparseALS().setDensity("half")


def test_copies_are_their_own(spark):
    als = coppice.DynamicSparseALS(rank=16)
    copy = als.copy({als.rank: 8})
    assert (als.getRank(), copy.getRank(), copy.uid) == (16, 8, als.uid)
    assert (als._to_java().getRank(), copy._to_java().getRank()) == (16, 8)
