package dev.coppice.spark;

import dev.coppice.core.als.AlsObjective;
import dev.coppice.core.config.ConfigKey;
import dev.coppice.core.error.SettingException;
import dev.coppice.core.federate.BucketRule;
import dev.coppice.core.federate.FederationSettings;
import dev.coppice.core.federate.GateRule;
import dev.coppice.spark.federate.FederationPlan;
import dev.coppice.spark.federate.Hush;
import dev.coppice.spark.federate.StepFault;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The Params of a {@link GatedFederation}, read once, checked against each other, and typed.
 *
 * @param stage a copy, for what is not listed here
 * @param settings how the rounds run
 * @param buckets by what items are put into buckets
 * @param als the pooled training, of columns {@code user}, {@code item} and {@code weight}
 * @param asText every Param by name, for provenance; sorted
 */
record GatedConfig(
    GatedFederation stage,
    FederationSettings settings,
    BucketRule buckets,
    DynamicSparseALS als,
    Map<String, String> asText) {

  /** The table is trained on columns of its own, from random rows, and predicts nothing. */
  static final Set<ConfigKey<?>> NOT_OF_THE_POOLED =
      Set.of(
          ScoringKeys.USER_COL,
          ScoringKeys.ITEM_COL,
          ScoringKeys.PREDICTION_COL,
          ScoringKeys.COLD_START_STRATEGY,
          LatentKeys.RATING_COL,
          LatentKeys.INITIAL_MODEL);

  /**
   * Reads and checks the Params.
   *
   * @throws IllegalArgumentException naming Param, value, what is allowed and the remedy
   */
  static GatedConfig of(GatedFederation stage) {
    List<String> columns = List.of(stage.getUserCol(), stage.getItemCol(), stage.getClientCol());
    if (Set.copyOf(columns).size() < columns.size()) {
      throw new IllegalArgumentException(
          "userCol, itemCol and clientCol are " + columns + "; name three columns");
    }
    DynamicSparseALS als = pooled(stage);
    AlsObjective objective = AlsConfig.of(als).spec().objective();
    return new GatedConfig(
        stage.copy(new org.apache.spark.ml.param.ParamMap()),
        settings(stage, objective),
        BucketRule.parse(stage.getBuckets()),
        als,
        stage.texts());
  }

  /**
   * Returns the estimator of the pooled table. It is told what the federation was told, as far as
   * both stages have a Param of one declaration.
   */
  static DynamicSparseALS pooled(GatedFederation stage) {
    DynamicSparseALS als =
        new DynamicSparseALS().setUserCol("user").setItemCol("item").setRatingCol("weight");
    Set<ConfigKey<?>> known = Set.copyOf(als.keys());
    for (ConfigKey<?> key : stage.keys()) {
      if (known.contains(key)
          && !NOT_OF_THE_POOLED.contains(key)
          && stage.isDefined(stage.getParam(key.name()))) {
        als.put(als.getParam(key.name()), ParamSet.get(stage, key));
      }
    }
    return als;
  }

  /**
   * Checks that a federation that is to be private can be.
   *
   * @param fromModel whether the rounds start from a model, or a finished federation is joined
   * @throws SettingException if all clients' interactions would be brought together
   */
  static void requireStart(GatedFederation stage, boolean fromModel) {
    boolean latent = Family.of(stage.getFamily()) == Family.LATENT;
    if (latent && stage.getPrivate() && !fromModel && stage.getStartTable().equals("pooled")) {
      throw new SettingException(PrivateInput.REFUSAL, null);
    }
  }

  private static FederationSettings settings(GatedFederation stage, AlsObjective objective) {
    return new FederationSettings(
        objective,
        new FederationSettings.Rounds(
            stage.getRounds(),
            stage.getParticipation(),
            stage.getLocalSteps(),
            stage.getServerRate()),
        new FederationSettings.MaskMoves(stage.getMaskInterval(), stage.getMaskRatio()),
        new FederationSettings.GateTraining(
            GateRule.valueOf(stage.getGate().toUpperCase(Locale.ROOT)),
            stage.getGateFeatures(),
            stage.getGateBatch(),
            stage.getGateSteps(),
            stage.getGateRate(),
            stage.getMinGate(),
            stage.getCuts()),
        new FederationSettings.LocalRows(
            userWeights(stage.getDensity(), stage.getRank()),
            stage.getUserRatio(),
            stage.getAnchorWeight(),
            stage.getScoreWeight(),
            stage.getOwnItems()),
        new FederationSettings.OwnModel(
            stage.getFinalSteps(), stage.getItemRatio(), stage.getJoinItems()),
        stage.getSeed());
  }

  /** Returns how many weights a user's row has that is found from nothing. */
  static int userWeights(double density, int rank) {
    return (int) Math.max(1, Math.round(density * rank));
  }

  /** Returns the same with another objective: that of a model that clients join. */
  GatedConfig withObjective(AlsObjective objective) {
    return new GatedConfig(stage, settings(stage, objective), buckets, als, asText);
  }

  FederationPlan plan(double[] capacities, Set<Integer> joins, int partitions, StepFault fault) {
    return new FederationPlan(
        settings,
        buckets,
        stage.getItemBuckets(),
        stage.getDimBlocks(),
        capacities,
        joins,
        partitions,
        stage.getCheckpointInterval(),
        new Hush(stage.getPrivate()),
        fault);
  }
}
