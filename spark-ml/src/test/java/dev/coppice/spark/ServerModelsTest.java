package dev.coppice.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.evaluation.Evaluator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server of Spark Connect asks of stages; the Python tests run a real one. */
class ServerModelsTest {
  @TempDir private Path directory;

  @Test
  void aModelIsKeptAsLongAsItsDirectory() throws Exception {
    String first = directory.resolve("session/first").toString();
    String second = directory.resolve("session/second").toString();
    DynamicSparseALSModel model = new DynamicSparseALSModel();
    GatedFederationModel gated = new GatedFederationModel();
    ((ModelWriter) model.write()).saveToLocal(first);
    ((ModelWriter) gated.write()).saveToLocal(second);
    assertThat(Path.of(first)).isEmptyDirectory();
    assertThat(((ModelReader<?>) DynamicSparseALSModel.read()).loadFromLocal(first))
        .isSameAs(model);
    assertThat(((ModelReader<?>) GatedFederationModel.read()).loadFromLocal(second))
        .isSameAs(gated);

    Files.delete(Path.of(first));
    assertThatThrownBy(() -> ServerModels.kept(first))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(first, "load a saved one");
    assertThat(ServerModels.kept(second)).isSameAs(gated);

    // The place of a model that is gone is free, and nobody is taken for it.
    ServerModels.keep(first, gated);
    assertThat(ServerModels.kept(first)).isSameAs(gated);
  }

  @Test
  void stagesAreFoundByTheirNames() {
    assertThat(names(Estimator.class))
        .contains(
            DynamicSparseALS.class.getName(),
            DynamicSparseItems.class.getName(),
            SparseRecommender.class.getName(),
            GatedFederation.class.getName());
    assertThat(names(Transformer.class))
        .contains(DynamicSparseALSModel.class.getName(), GatedFederationModel.class.getName());
    assertThat(names(Evaluator.class)).contains(SparseRankingEvaluator.class.getName());
  }

  private static Stream<String> names(Class<?> kind) {
    return ServiceLoader.load(kind).stream().map(provider -> provider.type().getName());
  }
}
