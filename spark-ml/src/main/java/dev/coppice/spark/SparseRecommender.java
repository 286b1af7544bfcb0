package dev.coppice.spark;

import dev.coppice.core.als.InteractionCounts;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;

/**
 * The recommender to begin with, as a Spark ML estimator: latent rows ({@link DynamicSparseALS})
 * and neighbours of items ({@link DynamicSparseItems}) in one model, whose score is the latent
 * product plus the weights of those neighbours that the user has. Param {@link #family} says which
 * parts the model has; by default the validation part decides, and without one it has both.
 *
 * <p>All Params but the columns may be left alone: what depends on the data is chosen from them,
 * and {@link DynamicSparseALSModel#choices} tells what and why.
 *
 * <p>Memory and ids are as in {@link DynamicSparseALS}; an item's neighbour takes 8 bytes.
 *
 * @since 0.1.0
 */
public final class SparseRecommender extends AlsEstimator<SparseRecommender>
    implements NeighbourParams<SparseRecommender> {
  private static final long serialVersionUID = 1L;

  /** Which parts the model has. */
  public final Param<String> family = declared.text(NeighbourKeys.FAMILY);

  /** Neighbours an item on the mean. */
  public final DoubleParam neighbours = declared.number(NeighbourKeys.NEIGHBOURS);

  /** Most bytes of latent rows and neighbours together. */
  public final LongParam maxBytes = declared.whole(NeighbourKeys.MAX_BYTES);

  /** What the neighbours' part of a score is multiplied with beside latent rows. */
  public final DoubleParam neighbourScale = declared.number(NeighbourKeys.NEIGHBOUR_SCALE);

  /** L2 strength of the neighbours' weights. */
  public final DoubleParam neighbourReg = declared.number(NeighbourKeys.NEIGHBOUR_REG);

  /** How much less the co-occurrences in a long history count. */
  public final DoubleParam historyDebias = declared.number(NeighbourKeys.HISTORY_DEBIAS);

  /** Most items of a user that co-occurrences are counted of. */
  public final IntParam maxHistory = declared.integer(NeighbourKeys.MAX_HISTORY);

  /** An estimator with a fresh uid and all Params at their defaults. */
  public SparseRecommender() {
    this(Identifiable.randomUID("sparseRecommender"));
  }

  /** An estimator with a given uid and all Params at their defaults. */
  public SparseRecommender(String uid) {
    super(uid);
  }

  @Override
  Optional<AlsConfig.Neighbours> linked() {
    Family parts = Family.of(getFamily());
    if (!getImplicitPrefs()) {
      if (parts == Family.ITEMS || parts == Family.HYBRID) {
        throw new IllegalArgumentException(
            "family is "
                + getFamily()
                + ", but implicitPrefs is false: neighbours have a meaning for implicit feedback"
                + " only; set family to latent");
      }
      return Optional.empty();
    }
    return parts.hasNeighbours()
        ? Optional.of(
            new AlsConfig.Neighbours(
                parts,
                AlsConfig.spec(this),
                isSet(neighbourScale)
                    ? OptionalDouble.of(getNeighbourScale())
                    : OptionalDouble.empty()))
        : Optional.empty();
  }

  /**
   * Returns a copy whose density and neighbours are those that {@code fit} would choose for so many
   * rows, if they follow from {@link #maxBytes}.
   *
   * @throws dev.coppice.core.error.BadInputException if {@link #maxBytes} is too small for them
   */
  public SparseRecommender sized(long users, long items) {
    SparseRecommender sized = copy(new ParamMap());
    sized.fitInto(new InteractionCounts(users, items, users + items, 0));
    return sized;
  }

  /** Returns the limit that a Param follows from, if it does. */
  private OptionalLong byteLimit(Param<?> following) {
    return isSet(maxBytes) && !isSet(following)
        ? OptionalLong.of(getMaxBytes())
        : OptionalLong.empty();
  }

  @Override
  boolean dependsOnCounts() {
    return super.dependsOnCounts() || isSet(maxBytes);
  }

  @Override
  List<Choice> fitInto(InteractionCounts counts) {
    if (!isSet(maxBytes)) {
      return List.of();
    }
    if (!counts.equals(InteractionCounts.NONE)) {
      return ByteSplit.of(this, counts).applied(this);
    }
    if (!isSet(density)) {
      // Any will do for checks before there are data, but that of another rank.
      setDensity(1);
    }
    return List.of();
  }

  @Override
  OptionalLong aloneBytes() {
    return Family.of(getFamily()) == Family.AUTO ? byteLimit(neighbours) : OptionalLong.empty();
  }

  /** Latent rows with all the bytes, where they carry the score although they have a part only. */
  @Override
  Optional<SparseRecommender> alternative(DynamicSparseALSModel trained) {
    boolean chosen =
        Family.of(getFamily()) == Family.AUTO
            && getImplicitPrefs()
            && byteLimit(density).isPresent()
            && !trained.info().metrics().isEmpty();
    return chosen && leansOnRows(trained)
        ? Optional.of(copy(new ParamMap()).setFamily(Family.LATENT.word()))
        : Optional.empty();
  }

  private static boolean leansOnRows(DynamicSparseALSModel trained) {
    return switch (Family.of(trained.family())) {
      case LATENT -> true;
      case HYBRID ->
          Double.parseDouble(
                  trained.info().configuration().get(NeighbourKeys.NEIGHBOUR_SCALE.name()))
              <= 1;
      default -> false;
    };
  }

  @Override
  public SparseRecommender copy(ParamMap extra) {
    return copied(extra);
  }

  /** Reads saved estimators. */
  public static MLReader<SparseRecommender> read() {
    return new DefaultParamsReader<>();
  }

  /** Loads an estimator saved with {@code write()} or {@code save()}. */
  public static SparseRecommender load(String path) {
    return read().load(path);
  }

  /** Sets {@link #family}. */
  public SparseRecommender setFamily(String value) {
    return put(family, value);
  }

  /** Returns the value of {@link #family}. */
  public String getFamily() {
    return getOrDefault(family);
  }

  /** Sets {@link #maxBytes}. */
  public SparseRecommender setMaxBytes(long value) {
    return put(maxBytes, value);
  }

  /**
   * Returns the value of {@link #maxBytes}.
   *
   * @throws java.util.NoSuchElementException if it is not set, and so not limited
   */
  public long getMaxBytes() {
    return (Long) getOrDefault(maxBytes);
  }

  /** Sets {@link #neighbourScale}. */
  public SparseRecommender setNeighbourScale(double value) {
    return put(neighbourScale, value);
  }

  /**
   * Returns the value of {@link #neighbourScale}.
   *
   * @throws java.util.NoSuchElementException if it is not set, and so chosen by {@code fit}
   */
  public double getNeighbourScale() {
    return (Double) getOrDefault(neighbourScale);
  }
}
