"""Users folded in from a stream."""

import coppice
import pytest


def test_batches_of_files_are_folded_in_once(spark, plays, tmp_path):
    model = coppice.DynamicSparseALS(
        rank=8, density=0.5, maxIter=2, numBlocks=2, seed=7
    ).fit(plays)
    came = tmp_path / "came"
    new = spark.createDataFrame(
        [("new", 3), ("new", 9), ("other", 4), (None, 4), ("new", 4711)],
        "user string, item long",
    )
    new.coalesce(1).write.parquet(str(came))
    stream = coppice.FoldInStream(model, str(tmp_path / "folded"), listLength=5)
    for _ in range(2):
        query = stream.writer(
            spark.readStream.schema(new.schema).parquet(str(came))
        ).trigger(availableNow=True)
        query.start().awaitTermination()
    batch = tmp_path / "folded" / "batch=0"
    assert sorted(path.name for path in (tmp_path / "folded").iterdir()) == [
        "_checkpoint",
        "batch=0",
    ]
    rejected = spark.read.parquet(str(batch / "rejected")).collect()
    assert sorted(row.reason for row in rejected) == ["missingUser", "unknownItem"]
    known = new.where("user is not null and item < 4711")
    expected = model.foldIn(known)
    assert sorted(stream.folded().userFactors.collect()) == sorted(
        expected.userFactors.collect()
    )
    lists = spark.read.parquet(str(batch / "lists"))
    assert sorted(lists.collect()) == sorted(
        expected.recommendForAllUsers(5, known).collect()
    )
    assert stream.histories().count() == 3
    counts = stream.fold(new, 0)
    assert counts["users"] == 2 and counts["rejected"] == 2
    with pytest.raises(Exception, match="batch 2 is next"):
        stream.fold(new, 2)
