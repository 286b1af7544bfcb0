"""Estimators: what trains models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Type, TypeVar

from pyspark.ml.wrapper import JavaEstimator
from pyspark.sql import DataFrame

from coppice._params import (
    DynamicSparseALSParams,
    DynamicSparseItemsParams,
    GatedFederationParams,
    SparseRecommenderParams,
)
from coppice._stage import Stage
from coppice.models import DynamicSparseALSModel, GatedFederationModel, _Model

if TYPE_CHECKING:
    from py4j.java_gateway import JavaObject

M = TypeVar("M", bound=_Model)


class _Estimator(Stage, JavaEstimator[M]):
    """An estimator whose models are of ``_model``."""

    _model: Type[M]

    def _create_model(self, java_model: JavaObject) -> M:
        return self._model._of(java_model)


class _LatentEstimator(_Estimator[M]):
    """An estimator of latent rows, which may start from those of another model."""

    def fitFrom(self, dataset: DataFrame, initial: DynamicSparseALSModel) -> M:
        """Trains a model that starts from the rows of another one.

        Parameters
        ----------
        dataset
            As for ``fit``.
        initial
            A model of the same rank and type of ids; the Param ``initialModel`` does the
            same with a saved one.
        """
        estimator = self._in_jvm("fitFrom")
        self._transfer_params_to_java()
        return self._model._of(estimator.fit(dataset._jdf, initial._to_java()))


class DynamicSparseALS(DynamicSparseALSParams, _LatentEstimator[DynamicSparseALSModel]):
    """Dynamic sparse alternating least squares: latent rows alone.

    A matrix factorisation whose tables store ``density * rank`` weights a row on
    average, at positions learnt by pruning and regrowing while training runs. It takes
    the place of MLlib's ``ALS``. Ids are strings or whole numbers.

    >>> als = DynamicSparseALS(rank=256, density=0.05, seed=7)  # doctest: +SKIP
    >>> model = als.fit(plays)  # doctest: +SKIP
    >>> model.recommendForAllUsers(20, seen=plays).show()  # doctest: +SKIP
    """

    _model = DynamicSparseALSModel


class DynamicSparseItems(DynamicSparseItemsParams, _Estimator[DynamicSparseALSModel]):
    """Neighbours of items alone: a sparse item-item table, solved in closed form.

    A user's score of an item is the sum of the weights of those of its neighbours that
    the user has, so that no user needs a row. Interactions count once, whatever their
    weight.
    """

    _model = DynamicSparseALSModel


class SparseRecommender(SparseRecommenderParams, _LatentEstimator[DynamicSparseALSModel]):
    """The recommender to begin with: latent rows and neighbours of items in one model.

    ``family`` says which parts the model has; by default the validation part
    (``validationCol``) decides, and without one it has both. All Params but the columns
    may be left alone: what depends on the data is chosen from them, and ``model.choices``
    tells what and why.
    """

    _model = DynamicSparseALSModel


class GatedFederation(GatedFederationParams, _LatentEstimator[GatedFederationModel]):
    """Gated sparse local models: one model a client (a market, a tenant) beside a global one.

    Each client's part of the global item table is chosen by a gate within the client's
    own limit, and adapted to its interactions, which stay in its partition. With
    ``family = "items"`` clients have neighbours of items instead, learnt from their own
    pairs of items and a share of what the others sent, without rounds.
    """

    _model = GatedFederationModel

    def join(
        self, model: GatedFederationModel, dataset: DataFrame
    ) -> GatedFederationModel:
        """Trains the gates of new clients on the frozen global table of a model.

        Of clients with neighbours, from the pairs of items that the others sent, and with
        ``joinItems`` from their own too.

        Parameters
        ----------
        model
            What the clients join; it stays as it is.
        dataset
            Interactions of the new clients; those with items that the model does not
            know are left out.

        Returns
        -------
        A model of the new clients alone
        """
        estimator = self._in_jvm("join")
        self._transfer_params_to_java()
        joined = estimator.join(model._to_java(), dataset._jdf)
        return GatedFederationModel._of(joined)
