"""Users folded in as their interactions come."""

from __future__ import annotations

from typing import Dict, Optional, cast

from pyspark.sql import DataFrame
from pyspark.sql.streaming import DataStreamWriter

from coppice._stage import java_class
from coppice.models import DynamicSparseALSModel

_CLASS = "dev.coppice.spark.FoldInStream"


class FoldInStream:
    """Keeps the rows of users up to date from a stream of interactions.

    Each micro-batch folds in the users it mentions, from all that they have had so far,
    and becomes the directory ``batch=N`` of a place, whole and once: ``users`` (their
    rows), ``lists``, ``rejected`` (rows that could not be used, with the reason),
    ``histories`` and ``batch.json``.

    >>> stream = FoldInStream(model, "folded", listLength=20)  # doctest: +SKIP
    >>> query = stream.writer(plays).trigger(availableNow=True).start()  # doctest: +SKIP

    Parameters
    ----------
    model
        Users are solved with its item rows. The stream has its ``userCol`` and
        ``itemCol``.
    place
        Directory of the batches; it belongs to one model and one checkpoint.
    weightCol
        Column of weights or ratings; by default a pair weighs 1 however often it comes.
    latest
        Whether the weight of a pair that comes again replaces the earlier one, instead
        of being added; of several in one batch the greatest counts.
    listLength
        Most items of the list of each of these users, without those the user has; 0
        for no lists.
    historyLength
        Most pairs that are kept of a user. Those that came last longest ago fall out,
        and are counted.
    past
        What users had before the stream, with its columns, as what the model was
        trained on; batch 0 writes it as their histories.
    """

    def __init__(
        self,
        model: DynamicSparseALSModel,
        place: str,
        *,
        weightCol: Optional[str] = None,
        latest: bool = False,
        listLength: int = 0,
        historyLength: Optional[int] = None,
        past: Optional[DataFrame] = None,
    ) -> None:
        java_model = model._in_jvm("a stream of users")
        model._transfer_params_to_java()
        stream = java_class(_CLASS)(java_model, place).withLists(listLength)
        if weightCol is not None:
            stream = stream.withWeights(weightCol, latest)
        if historyLength is not None:
            stream = stream.withHistory(historyLength)
        if past is not None:
            stream = stream.withPast(past._jdf)
        self._java = stream
        self._place = place
        self._spark = model.itemFactors.sparkSession

    def writer(self, interactions: DataFrame) -> DataStreamWriter:
        """A query that is yet to be started, its checkpoint in ``_checkpoint`` of the place.

        Parameters
        ----------
        interactions
            A streaming DataFrame.
        """
        writer = interactions.writeStream.option(
            "checkpointLocation", f"{self._place}/_checkpoint"
        )
        return writer.foreachBatch(self._each)

    def _each(self, batch: DataFrame, number: int) -> None:
        self.fold(batch, number)

    def fold(self, batch: DataFrame, number: int) -> Dict[str, int]:
        """Folds in the users of one batch; for ``foreachBatch``.

        A batch that is there already is left as it is.

        Returns
        -------
        dict
            ``rows``, ``rejected``, ``users``, ``newUsers``, ``allUsers``, ``pairs`` and
            ``forgotten`` of the batch.
        """
        folded = self._java.fold(batch._jdf, number)
        return {
            "rows": folded.rows(),
            "rejected": folded.rejectedRows(),
            "users": folded.users(),
            "newUsers": folded.newUsers(),
            "allUsers": folded.allUsers(),
            "pairs": folded.pairs(),
            "forgotten": folded.forgotten(),
        }

    def histories(self) -> DataFrame:
        """What all users have after the newest batch: ``userCol``, ``itemCol``, weight."""
        return DataFrame(self._java.histories(), self._spark)

    def folded(self) -> DynamicSparseALSModel:
        """A model whose users are those of the stream, to rank, save or export."""
        return cast(DynamicSparseALSModel, DynamicSparseALSModel._of(self._java.folded()))
