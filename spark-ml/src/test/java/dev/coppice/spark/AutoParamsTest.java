package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.coppice.core.als.InteractionCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class AutoParamsTest {
  private static Dataset<Row> pairs() {
    List<Row> rows = new ArrayList<>();
    for (int u = 0; u < 40; u++) {
      for (int i = 0; i < 50; i++) {
        if ((u * 7 + i * i) % 5 == 0) {
          rows.add(RowFactory.create("u" + u, i));
        }
      }
    }
    return TestSpark.session()
        .createDataFrame(rows, new StructType().add("user", "string").add("item", "int"));
  }

  private static DynamicSparseALS als() {
    return new DynamicSparseALS().setRank(8).setDensity(0.25).setMaxIter(1).setNumBlocks(2);
  }

  @Test
  void whatIsNotSetIsChosenFromTheDataAndTold() {
    DynamicSparseALSModel model = als().fit(pairs());
    assertThat(model.choices())
        .extracting(Choice::name, Choice::value)
        .containsExactly(
            tuple("unobservedWeight", "1.0"),
            tuple("userDebias", "0.3"),
            tuple("itemDebias", "0.0"));
    assertThat(model.info().objective().unobservedWeight()).isEqualTo(1);
    assertThat(model.info().objective().userDebias()).isEqualTo(0.3);
    assertThat(model.info().objective().itemDebias()).isZero();
    assertThat(model.info().configuration()).containsEntry("unobservedWeight", "1.0");
    assertThat(model.choices().get(0).reason()).isEqualTo("there are 24 users and 50 items");
    assertThat(model.choices().get(2).reason()).startsWith("the 20 most popular items hold ");
  }

  @Test
  void whatIsSetWins() {
    DynamicSparseALSModel model =
        als().setUnobservedWeight(0.2).setUserDebias(0.7).setItemDebias(0.1).fit(pairs());
    assertThat(model.choices()).isEmpty();
    assertThat(model.info().objective().unobservedWeight()).isEqualTo(0.2);
    assertThat(model.info().objective().userDebias()).isEqualTo(0.7);
    assertThat(model.info().objective().itemDebias()).isEqualTo(0.1);
  }

  /** The same numbers, chosen or given, make the same model. */
  @Test
  void aChoiceIsAsGoodAsASetting() {
    DynamicSparseALSModel chosen = als().fit(pairs());
    DynamicSparseALSModel given =
        als().setUnobservedWeight(1).setUserDebias(0.3).setItemDebias(0).fit(pairs());
    assertThat(chosen.itemRows().orderBy("id").collectAsList())
        .isEqualTo(given.itemRows().orderBy("id").collectAsList());
  }

  @Test
  void nothingIsChosenWhereUnobservedPairsHaveNoSuchWeight() {
    for (DynamicSparseALS stage :
        List.of(als().setAlpha(40), als().setImplicitPrefs(false).setRatingCol("item"))) {
      DynamicSparseALSModel model = stage.fit(pairs());
      assertThat(model.choices()).isEmpty();
      assertThat(model.info().objective().userDebias()).isZero();
      assertThat(model.info().objective().itemDebias()).isZero();
    }
  }

  @Test
  void theStageItselfIsLeftAlone() {
    DynamicSparseALS stage = als();
    AutoParams.of(stage, InteractionCounts.NONE);
    assertThatThrownBy(stage::getUnobservedWeight).isInstanceOf(NoSuchElementException.class);
    assertThat(stage.explainParams())
        .contains("unobservedWeight: ")
        .contains("not set: auto")
        .contains("undefined");
  }

  @Test
  void rowsAreCounted() {
    Dataset<Row> pairs = pairs();
    long popular =
        pairs
            .groupBy("item")
            .count()
            .orderBy(functions.desc("count"))
            .limit(20)
            .agg(functions.sum("count"))
            .head()
            .getLong(0);
    assertThat(AutoParams.counts(pairs))
        .isEqualTo(
            new InteractionCounts(
                pairs.select("user").distinct().count(),
                pairs.select("item").distinct().count(),
                pairs.count(),
                popular));
  }
}
