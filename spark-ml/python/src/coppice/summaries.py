"""What a training run did: plain values, copied from the JVM when they are asked for."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import (
    TYPE_CHECKING,
    Any,
    Dict,
    List,
    Tuple,
    Type,
    TypeVar,
    get_type_hints,
)

from py4j.java_collections import JavaArray, JavaList, JavaMap
from pyspark import SparkContext
from pyspark.ml.common import _java2py

if TYPE_CHECKING:
    from py4j.java_gateway import JavaObject

R = TypeVar("R")


@dataclass(frozen=True)
class Choice:
    """A setting that was chosen from the data, because it was not given."""

    name: str
    """Of the Param."""
    value: str
    """As text."""
    reason: str
    """Why, in words."""

    def __str__(self) -> str:
        return f"{self.name} = {self.value}: {self.reason}"


@dataclass(frozen=True)
class SweepRecord:
    """What one sweep over both sides did."""

    sweep: int
    """Number of the sweep, from 1."""
    seconds: float
    """Wall-clock time, validation left out."""
    loss: float
    """The objective after the sweep, L2 terms included."""
    updateRatio: float
    """Share of the weights that was to be moved; 0 without an exploration."""
    userMoved: int
    """Weights pruned and grown in the user table."""
    itemMoved: int
    """Weights pruned and grown in the item table."""
    userExplorationBytes: int
    """Bytes that the exploration of the user side held beside the table."""
    itemExplorationBytes: int
    """The same of the item side."""
    metrics: Dict[str, float]
    """Validation metrics of the latent rows by name; empty without validation."""


@dataclass(frozen=True)
class Budget:
    """How many weights a table may store."""

    rank: int
    """Width of a row."""
    rows: int
    """Rows of the table."""
    weights: int
    """The budget."""


@dataclass(frozen=True)
class ByteAccount:
    """What a table takes in memory, in bytes."""

    rows: int
    """Number of rows."""
    stored: int
    """Number of stored weights."""
    weightBytes: int
    """The values: 4 bytes each."""
    positionBytes: int
    """The dimensions: 2 bytes each."""
    offsetBytes: int
    """Where each row begins: 4 bytes a row."""
    explorationBytes: int
    """The most that one exploration held beside the table."""
    importanceBytes: int
    """How important weights are, one byte each, where the model carries it."""


@dataclass(frozen=True)
class InitialCounts:
    """How one table of an initial model became the start of a run."""

    known: int
    """Rows that the model had."""
    added: int
    """Rows that are new."""
    vanished: int
    """Rows of the model without interactions, dropped or kept."""
    pruned: int
    """Weights of known rows that were pruned to meet the budget."""
    grown: int
    """Weights that rows were lengthened by to meet the budget."""


@dataclass(frozen=True)
class TrainingSummary:
    """What a training run did."""

    sweeps: List[SweepRecord]
    """One record a sweep; none where there are neighbours alone."""
    bestSweep: int
    """The sweep whose rows are the model."""
    interactions: int
    """Training interactions."""
    meanUserDegree: float
    """Training interactions a user, of those that have any."""
    meanItemDegree: float
    """Training interactions an item, of those that have any."""
    userBudget: Budget
    """Budget of the user table."""
    itemBudget: Budget
    """Budget of the item table."""
    userBytes: ByteAccount
    """Bytes of the user table, and of its explorations at their peak."""
    itemBytes: ByteAccount
    """The same of the item table."""
    start: Dict[str, InitialCounts]
    """By side, ``users`` and ``items``, what became of the rows of the initial model; empty
    for none."""
    exchange: str
    """How rows travelled: broadcast or shuffle."""
    partitions: int
    """Partitions that held the blocks."""
    popularity: Dict[str, float]
    """Validation metrics of the popularity baseline; empty without validation."""
    seconds: Dict[str, float]
    """Wall-clock time of each phase."""

    @property
    def objectiveHistory(self) -> List[float]:
        """The loss after each sweep."""
        return [sweep.loss for sweep in self.sweeps]


@dataclass(frozen=True)
class NeighbourSummary:
    """What the training of neighbours did."""

    users: int
    """Users with a history."""
    items: int
    """Items."""
    interactions: int
    """Distinct pairs of both."""
    weights: int
    """Stored weights."""
    budget: int
    """Weights that were allowed."""
    lonelyItems: int
    """Items without a neighbour."""
    cutHistories: int
    """Histories that were longer than ``maxHistory``."""
    seconds: Dict[str, float]
    """Seconds of each phase."""


@dataclass(frozen=True)
class Round:
    """One round of a federation; clients by name."""

    round: int
    """From 1."""
    seconds: float
    """Wall-clock time."""
    bytesReceived: int
    """Bytes of all updates."""
    largestUpdate: int
    """Bytes of the largest one."""
    asked: List[str]
    """Clients that were sampled."""
    answered: List[str]
    """Clients whose updates were applied."""
    failures: Dict[str, str]
    """By client, what failed twice."""


@dataclass(frozen=True)
class ClientMetrics:
    """What the models of one client reach on held-out pairs; NaN where nothing was
    measured."""

    client: int
    """Number of the client: its place in ``model.clients``."""
    users: int
    """Users of the client."""
    measured: int
    """Those of them with something to find."""
    interactions: int
    """Learnt from."""
    kept: List[bool]
    """The gate blocks of the client's own model."""
    gate: str
    """How the gate got its values, as the Param ``gate`` names it."""
    itemWeights: int
    """Weights of the client's own item rows."""
    localNdcg: float
    """Mean NDCG@20 of the client's own model."""
    localRecall: float
    """Mean Recall@20 of it."""
    globalNdcg: float
    """Mean NDCG@20 of the global table with the client's users solved on it."""
    globalRecall: float
    """Mean Recall@20 of it."""
    aloneNdcg: float
    """Mean NDCG@20 of a model trained on the client alone."""
    aloneRecall: float
    """Mean Recall@20 of it."""
    prunedNdcg: float
    """Mean NDCG@20 of the global table pruned to the same bytes and trained as long."""
    prunedRecall: float
    """Mean Recall@20 of it."""
    ownItemsNdcg: float
    """Mean NDCG@20 of the global model among the client's own items."""
    ownItemsRecall: float
    """Mean Recall@20 of it."""
    othersWeight: float
    """What the others' pairs weighed in the client's neighbours; NaN if it has none."""
    sentBytes: int
    """Bytes of the sums of pairs that the client sent."""


@dataclass(frozen=True)
class ClientShares:
    """How much each client may hold, by number."""

    capacities: List[float]
    """Shares of the global item table's weights."""
    limits: List[int]
    """Bytes that the model may take; the largest long for any."""


@dataclass(frozen=True)
class FederationSummary:
    """What a federation did."""

    rounds: List[Round]
    """In order."""
    clients: List[ClientMetrics]
    """What the clients' models reach, in the order of ``model.clients``."""
    itemBuckets: int
    """Item buckets of the block layout."""
    dimBlocks: int
    """Dimension groups of it."""
    globalWeights: int
    """Stored weights of the global item table."""
    interactions: int
    """Learnt from."""
    leftOut: int
    """Interactions whose items the table that the clients joined does not have."""
    limits: ClientShares
    """What each client may hold."""


@dataclass(frozen=True)
class GatedClient:
    """What is known of one client of a gated model."""

    name: str
    """As the client column has it."""
    directory: str
    """Of its saved model, under ``clients/``."""
    capacity: float
    """Share of the global item table's weights that it may hold."""
    joined: bool
    """Whether only its gate was trained."""
    interactions: int
    """Learnt from."""
    users: int
    """Rows of its user table."""
    userWeights: int
    """Stored in them."""
    items: int
    """Rows of its item table."""
    itemWeights: int
    """Stored in them."""
    kept: List[bool]
    """The gate blocks that it holds."""


def of_record(kind: Type[R], record: JavaObject) -> R:
    """Copies a Java record into the data class of the same components."""
    types = get_type_hints(kind)
    return kind(
        **{
            field.name: _value(types[field.name], getattr(record, field.name)())
            for field in fields(kind)  # type: ignore[arg-type]
        }
    )


def _value(kind: Any, value: Any) -> Any:
    if isinstance(kind, type) and is_dataclass(kind):
        return of_record(kind, value)
    parts: Tuple[Any, ...] = getattr(kind, "__args__", ())
    if isinstance(value, JavaMap):
        # A key that is no text is a constant of an enum.
        return {
            key if isinstance(key, str) else key.name().lower(): _value(parts[1], value[key])
            for key in value
        }
    if isinstance(value, JavaArray):
        # One array at once, not number by number.
        return list(_java2py(SparkContext.getOrCreate(), value))
    if isinstance(value, JavaList):
        return [_value(parts[0], each) for each in value]
    return value
