"""Models: what the estimators train."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List, Optional, cast

from pyspark.ml.wrapper import JavaModel
from pyspark.sql import DataFrame

from coppice._params import DynamicSparseALSModelParams, GatedFederationModelParams
from coppice._stage import Stage, connected, java_class
from coppice.summaries import (
    Choice,
    FederationSummary,
    GatedClient,
    NeighbourSummary,
    TrainingSummary,
    of_record,
)

if TYPE_CHECKING:
    from py4j.java_gateway import JavaObject
    from typing_extensions import Self


class _Model(Stage, JavaModel):
    """A model, made from that of the JVM."""

    @classmethod
    def _of(cls, java_model: JavaObject) -> Self:
        """Wraps a model of the JVM, and takes its Params over; those of a model that a
        server holds are the estimator's, which its ``fit`` takes over."""
        model = cls(java_model)
        if not connected():
            model._transfer_params_from_java()
        return model

    def _frame(self, method: str, *args: Any) -> DataFrame:
        """Calls a method that makes a DataFrame, without arguments that are None."""
        given = [arg for arg in args if arg is not None]
        return cast(DataFrame, self._call(method, *given))

    @property
    def hasSummary(self) -> bool:
        """Whether the model was trained in this session, so that it has a summary."""
        return bool(self._call_java("summary").isPresent())

    def _summary(self) -> JavaObject:
        found = self._call_java("summary")
        if not found.isPresent():
            raise RuntimeError(
                f"{self.uid} has no summary: it was not trained in this session, and"
                " summaries are not saved"
            )
        return found.get()


class DynamicSparseALSModel(DynamicSparseALSModelParams, _Model):
    """Two sparse tables, and what is recommended from them.

    Trained by :class:`~coppice.SparseRecommender`, :class:`~coppice.DynamicSparseALS`
    and :class:`~coppice.DynamicSparseItems`. Rankings are over all rows of the other
    table but the pairs given as ``seen``; equal scores are ordered by id. Lists have the
    form of MLlib's: an id, and ``recommendations``, an array of (id, ``rating``), best
    first.
    """

    @property
    def rank(self) -> int:
        """Width of the rows, in dimensions."""
        return int(self._call_java("rank"))

    @property
    def family(self) -> str:
        """Which parts the model has: ``latent``, ``items`` or ``hybrid``."""
        return str(self._call_java("family"))

    @property
    def metrics(self) -> Dict[str, float]:
        """What the model reached on the validation part, by name, such as ``ndcg@20``.

        Saved with the model; empty without a validation part.
        """
        return dict(self._in_jvm("metrics").info().metrics())

    @property
    def configuration(self) -> Dict[str, str]:
        """Every setting that the model was trained with, by name; saved with it."""
        return dict(self._in_jvm("configuration").info().configuration())

    @property
    def userFactors(self) -> DataFrame:
        """The rows of the users.

        ``id``; ``dims``, array of short, the positions of the weights, ascending (a
        dimension above 32,767 is stored less 65,536); ``weights``, array of float;
        ``degree``, int, training interactions. Where the model has neighbours also
        ``links``, array of int, the codes of the user's items.
        """
        return self._frame("userRows")

    @property
    def itemFactors(self) -> DataFrame:
        """The rows of the items.

        As :attr:`userFactors`; where the model has neighbours also ``code``, int, by
        which others link to the item, and ``links`` and ``linkWeights``, the codes and
        weights of its neighbours. :attr:`neighbours` has them by id.
        """
        return self._frame("itemRows")

    @property
    def neighbours(self) -> DataFrame:
        """A row for each neighbour of each item: ``itemCol``, ``neighbour``, ``weight``.

        An item is recommended to those who have its neighbours. Empty where the model
        has latent rows alone.
        """
        return self._frame("neighbours")

    @property
    def summary(self) -> TrainingSummary:
        """What the training did.

        Raises
        ------
        RuntimeError
            If the model was not trained in this session.
        """
        return of_record(TrainingSummary, self._summary())

    @property
    def neighbourSummary(self) -> Optional[NeighbourSummary]:
        """What the training of neighbours did; None without any, or where the model was
        not trained in this session."""
        found = self._call_java("neighbourSummary")
        return of_record(NeighbourSummary, found.get()) if found.isPresent() else None

    @property
    def choices(self) -> List[Choice]:
        """What was chosen from the data, if the model was trained in this session."""
        return [of_record(Choice, each) for each in self._in_jvm("choices").choices()]

    def recommendForAllUsers(
        self,
        numItems: int,
        seen: Optional[DataFrame] = None,
        *,
        allow: Optional[DataFrame] = None,
        deny: Optional[DataFrame] = None,
        groups: Optional[DataFrame] = None,
        groupCol: str = "group",
        mostPerGroup: Optional[int] = None,
        mostPerDimension: Optional[int] = None,
    ) -> DataFrame:
        """Recommends to all users.

        Parameters
        ----------
        numItems
            Most items a user.
        seen
            Pairs that are left out, with ``userCol`` and ``itemCol``.
        allow
            Has ``itemCol``: nothing else is ranked. With ``userCol`` too, each row
            allows the item to that user alone, and a user without a row gets an empty
            list.
        deny
            Has ``itemCol``: these are left out; with ``userCol`` too, for that user.
        groups
            Has ``itemCol`` and ``groupCol``: what items have in common.
        groupCol
            Column of the group.
        mostPerGroup
            Most items of one group in a list; goes with ``groups``.
        mostPerDimension
            Most items in a list whose largest weight is in one latent dimension.

        Raises
        ------
        ValueError
            If only one of ``groups`` and ``mostPerGroup`` is given.
        """
        rules = self._rules(
            seen, allow, deny, groups, groupCol, mostPerGroup, mostPerDimension
        )
        return self._frame("recommendForAllUsers", numItems, rules)

    def recommendForUserSubset(
        self,
        dataset: DataFrame,
        numItems: int,
        seen: Optional[DataFrame] = None,
        *,
        allow: Optional[DataFrame] = None,
        deny: Optional[DataFrame] = None,
        groups: Optional[DataFrame] = None,
        groupCol: str = "group",
        mostPerGroup: Optional[int] = None,
        mostPerDimension: Optional[int] = None,
    ) -> DataFrame:
        """Recommends to some users.

        Parameters
        ----------
        dataset
            Has ``userCol``; ids that the model does not know get no row.
        numItems
            Most items a user.
        seen, allow, deny, groups, groupCol, mostPerGroup, mostPerDimension
            As :meth:`recommendForAllUsers` takes them.
        """
        rules = self._rules(
            seen, allow, deny, groups, groupCol, mostPerGroup, mostPerDimension
        )
        return self._frame("recommendForUserSubset", dataset, numItems, rules)

    def _rules(
        self,
        seen: Optional[DataFrame],
        allow: Optional[DataFrame],
        deny: Optional[DataFrame],
        groups: Optional[DataFrame],
        group_col: str,
        most: Optional[int],
        most_per_dimension: Optional[int],
    ) -> JavaObject:
        """What lists may hold, as the JVM takes it."""
        self._in_jvm("the recommendation of lists")
        if (groups is None) != (most is None):
            raise ValueError("groups and mostPerGroup go together: give both or neither")
        rules = java_class("dev.coppice.spark.ListRules").any()
        if seen is not None:
            rules = rules.withoutSeen(seen._jdf)
        if allow is not None:
            rules = rules.allowing(allow._jdf)
        if deny is not None:
            rules = rules.denying(deny._jdf)
        if groups is not None:
            rules = rules.atMost(most, groups._jdf, group_col)
        if most_per_dimension is not None:
            rules = rules.atMostPerDimension(most_per_dimension)
        return rules

    def recommendForAllItems(
        self, numUsers: int, seen: Optional[DataFrame] = None
    ) -> DataFrame:
        """Finds the best users of every item.

        Parameters
        ----------
        numUsers
            Most users an item.
        seen
            Pairs that are left out, with ``userCol`` and ``itemCol``.
        """
        return self._frame("recommendForAllItems", numUsers, seen)

    def recommendForItemSubset(
        self, dataset: DataFrame, numUsers: int, seen: Optional[DataFrame] = None
    ) -> DataFrame:
        """Finds the best users of some items.

        Parameters
        ----------
        dataset
            Has ``itemCol``; ids that the model does not know get no row.
        numUsers
            Most users an item.
        seen
            Pairs that are left out, with ``userCol`` and ``itemCol``.
        """
        return self._frame("recommendForItemSubset", dataset, numUsers, seen)

    def similarItems(
        self, numItems: int, dataset: Optional[DataFrame] = None
    ) -> DataFrame:
        """Finds the items that are most like every item, or like some.

        Parameters
        ----------
        numItems
            Most items, the item itself left out.
        dataset
            Has ``itemCol``: the items whose likes are wanted. By default all.

        Returns
        -------
        ``itemCol``, and ``similar``, an array of (``itemCol``, ``similarity``)
        """
        return self._frame("similarItems", dataset, numItems)

    def foldIn(
        self, interactions: DataFrame, ratingCol: Optional[str] = None
    ) -> DynamicSparseALSModel:
        """Solves the rows of users that the model does not know, from their items.

        Parameters
        ----------
        interactions
            One row a pair, with ``userCol`` and ``itemCol``; items that the model does
            not know are left out.
        ratingCol
            Column of weights or ratings; by default every interaction weighs 1.

        Returns
        -------
        A model of these users alone, over the same items
        """
        return self._of(self._call("foldIn", interactions, ratingCol))

    def recommendForNewUsers(self, interactions: DataFrame, numItems: int) -> DataFrame:
        """Solves the rows of unknown users, and recommends what they do not have yet.

        Parameters
        ----------
        interactions
            One row a pair, with ``userCol`` and ``itemCol``.
        numItems
            Most items a user.
        """
        return self._frame("recommendForNewUsers", interactions, numItems)

    def withSeen(self, pairs: DataFrame) -> DynamicSparseALSModel:
        """Returns the same model with the pairs that it was trained on.

        A fitted model has them; a loaded one needs them where ``positionCol`` is set,
        because positions are among the items that a user does not have.
        """
        return self._of(self._call("withSeen", pairs))

    def unpersist(self) -> None:
        """Frees the tables, if they were trained in this session and are still held."""
        self._in_jvm("unpersist").unpersist()


class GatedFederationModel(GatedFederationModelParams, _Model):
    """One sparse model a client beside a global one, of :class:`~coppice.GatedFederation`.

    ``transform`` scores a row by the model of its client.
    """

    @property
    def clients(self) -> List[str]:
        """The names of the clients, ascending."""
        return list(self._in_jvm("clients").clients())

    @property
    def clientFacts(self) -> List[GatedClient]:
        """What is known of each client, in the order of :attr:`clients`."""
        return [of_record(GatedClient, each) for each in self._in_jvm("clientFacts").clientFacts()]

    @property
    def globalModel(self) -> DynamicSparseALSModel:
        """The global model: the whole item table, with the rows of all users on it."""
        return DynamicSparseALSModel._of(self._call("global"))

    def client(self, name: str) -> DynamicSparseALSModel:
        """Returns the own model of a client.

        Raises
        ------
        ValueError
            If there is no such client.
        """
        if name not in self.clients:
            raise ValueError(f"there is no client {name!r}; clients are {self.clients}")
        return DynamicSparseALSModel._of(self._call("client", name))

    @property
    def summary(self) -> FederationSummary:
        """What the federation did.

        Raises
        ------
        RuntimeError
            If the model was not trained in this session.
        """
        return of_record(FederationSummary, self._summary())

    def recommendForAllUsers(
        self, numItems: int, seen: Optional[DataFrame] = None
    ) -> DataFrame:
        """Recommends to all users from the own models of their clients.

        The plan grows with the clients: for many hundreds of them, ask for each
        :meth:`client`'s.

        Parameters
        ----------
        numItems
            Most items a user.
        seen
            Pairs that are left out, with ``userCol`` and ``itemCol``.

        Returns
        -------
        ``clientCol``, ``userCol``, ``recommendations``
        """
        return self._frame("recommendForAllUsers", numItems, seen)

    def unpersist(self) -> None:
        """Frees the tables, if they were trained in this session and are still held."""
        self._in_jvm("unpersist").unpersist()
