package dev.coppice.job.serve;

import dev.coppice.core.config.ConfigSchema;
import dev.coppice.core.config.ConfigValues;
import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.job.frame.CommonKeys;
import dev.coppice.job.frame.Job;
import dev.coppice.job.frame.JobContext;
import dev.coppice.job.frame.JobSummary;
import dev.coppice.publish.Registry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.hadoop.conf.Configuration;

/** Answers over HTTP from a serving file, until the process is ended. */
public final class ServeJob implements Job {
  private static final String RUN_ID = "{runId}";

  @Override
  public String name() {
    return "serve";
  }

  @Override
  public String summary() {
    return "Answers over HTTP from a serving file, and takes up new ones; needs no Spark.";
  }

  @Override
  public ConfigSchema schema() {
    return ConfigSchema.declaredIn(ServeKeys.class).and(CommonKeys.schema());
  }

  @Override
  public boolean needsSpark() {
    return false;
  }

  @Override
  public void check(ConfigValues values) {
    boolean named = values.get(ServeKeys.FILE).contains(RUN_ID);
    if (named != values.find(ServeKeys.REGISTRY).isPresent()) {
      throw new UsageException(
          named
              ? "file has {runId} in it, but registry is not set: set it to the registry whose"
                  + " published run is meant."
              : "registry is set, but file has no {runId} in it for the published run: write it"
                  + " where its id belongs, or leave registry out.");
    }
  }

  @Override
  public JobSummary run(JobContext context, ConfigValues values) throws Exception {
    LiveModel model = live(context.hadoop(), values);
    InetSocketAddress address =
        new InetSocketAddress(values.get(ServeKeys.HOST), values.get(ServeKeys.PORT));
    if (address.isUnresolved()) {
      throw new UsageException(
          "host = \""
              + values.get(ServeKeys.HOST)
              + "\" is not known. Give an address of this"
              + " machine.");
    }
    int threads = values.get(ServeKeys.THREADS);
    CountDownLatch ended = new CountDownLatch(1);
    try (ModelServer server =
        new ModelServer(
            model,
            address,
            threads > 0 ? threads : Runtime.getRuntime().availableProcessors(),
            values.get(ServeKeys.RELOAD_SECONDS),
            values.get(ServeKeys.MAX_BATCH))) {
      // Lets answers under way end, when the process is asked to.
      Thread closing = new Thread(server::close, "coppice-serve-close");
      Runtime.getRuntime().addShutdownHook(closing);
      context.say("serves " + model.now().path() + " at " + server.address());
      ended.await();
    }
    return new JobSummary(List.of());
  }

  private static LiveModel live(Configuration hadoop, ConfigValues values) throws IOException {
    String file = values.get(ServeKeys.FILE);
    try {
      if (values.find(ServeKeys.REGISTRY).isEmpty()) {
        Path path = Path.of(file);
        return new LiveModel(() -> path);
      }
      Registry registry = Registry.at(hadoop, values.get(ServeKeys.REGISTRY));
      registry.require();
      return new LiveModel(() -> Path.of(file.replace(RUN_ID, published(registry))));
    } catch (NoSuchFileException e) {
      throw new BadInputException(
          "there is no serving file \""
              + e.getMessage()
              + "\"; write it with export, or correct"
              + " file",
          e);
    }
  }

  private static String published(Registry registry) throws IOException {
    return registry
        .latest()
        .orElseThrow(() -> new BadInputException("the registry has no published model yet"))
        .runId();
  }
}
