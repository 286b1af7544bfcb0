package dev.coppice.data.synthetic;

import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.UsageException;
import java.util.Map;

/**
 * The checked settings of one {@code generate}; see {@link GenerateKeys} for their meaning.
 * Immutable.
 */
public record GenerateSettings(
    String output,
    PlantedModel model,
    GenerateKeys.RawFormat format,
    boolean overwrite,
    Map<String, String> configuration) {

  /**
   * Resolves values that were checked one by one against {@link GenerateKeys#SCHEMA}.
   *
   * @throws UsageException if a combination is senseless
   */
  public static GenerateSettings of(ConfigValues values) {
    int users = values.get(GenerateKeys.USERS);
    int items = values.get(GenerateKeys.ITEMS);
    long interactions = values.get(GenerateKeys.INTERACTIONS);
    int communities = values.get(GenerateKeys.COMMUNITIES);
    if (communities > items) {
      throw new UsageException(
          "communities = "
              + communities
              + " are more than items = "
              + items
              + ". Lower communities or raise items, so that each community has an item.");
    }
    if (interactions > (long) users * items / 2) {
      throw new UsageException(
          "interactions = "
              + interactions
              + " are more than half of users * items = "
              + (long) users * items
              + ". Lower interactions or raise users or items.");
    }
    return new GenerateSettings(
        values.get(GenerateKeys.OUTPUT),
        new PlantedModel(
            users,
            items,
            interactions,
            communities,
            values.get(GenerateKeys.AFFINITY),
            values.get(GenerateKeys.ITEM_SKEW),
            values.get(GenerateKeys.USER_SKEW),
            values.get(GenerateKeys.SEED)),
        values.get(GenerateKeys.FORMAT),
        values.get(GenerateKeys.OVERWRITE),
        Map.copyOf(values.asMap()));
  }
}
