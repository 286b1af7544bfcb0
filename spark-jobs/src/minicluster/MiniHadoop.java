import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonConfigurationKeysPublic;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * A real HDFS with one data node and a real YARN with two node managers in one process, for YarnIT.
 * Compiled by the java command that starts it, so that Hadoop's test classes are on no class path
 * of the build.
 *
 * <p>Usage: MiniHadoop DIR. Writes the clients' configuration below DIR/conf, then the file
 * DIR/ready, and ends when its standard input does, so that it never outlives whoever started it.
 */
public final class MiniHadoop {
  private static final int NODES = 2;
  private static final int NODE_MEGABYTES = 3072;

  private MiniHadoop() {}

  /** Runs the clusters and ends the process, whatever threads they leave behind. */
  public static void main(String[] arguments) {
    int code = 0;
    try {
      run(Path.of(arguments[0]).toAbsolutePath());
    } catch (Exception | LinkageError e) {
      e.printStackTrace();
      code = 1;
    }
    System.exit(code);
  }

  private static void run(Path directory) throws Exception {
    Configuration hdfs = new Configuration();
    hdfs.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.resolve("hdfs").toString());
    MiniDFSCluster files = new MiniDFSCluster.Builder(hdfs).numDataNodes(1).build();
    files.waitActive();
    MiniYARNCluster nodes = new MiniYARNCluster("coppice", NODES, 1, 1);
    nodes.init(yarn(files.getURI().toString()));
    nodes.start();
    if (!nodes.waitForNodeManagersToConnect(120_000)) {
      throw new IOException("the node managers have not joined");
    }
    writeConfiguration(nodes.getConfig(), Files.createDirectories(directory.resolve("conf")));
    Files.createFile(directory.resolve("ready"));
    while (System.in.read() >= 0) {
      // Only its end is waited for.
    }
    nodes.stop();
    files.shutdown();
  }

  private static Configuration yarn(String fileSystem) {
    Configuration conf = new YarnConfiguration();
    conf.set(CommonConfigurationKeysPublic.FS_DEFAULT_NAME_KEY, fileSystem);
    conf.setInt(YarnConfiguration.NM_PMEM_MB, NODE_MEGABYTES);
    conf.setInt(YarnConfiguration.YARN_MINICLUSTER_NM_PMEM_MB, NODE_MEGABYTES);
    conf.setInt(YarnConfiguration.NM_VCORES, 4);
    conf.setInt(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, 128);
    conf.setInt(YarnConfiguration.RM_SCHEDULER_MAXIMUM_ALLOCATION_MB, NODE_MEGABYTES);
    conf.setBoolean(YarnConfiguration.NM_VMEM_CHECK_ENABLED, false);
    conf.setBoolean(YarnConfiguration.NM_PMEM_CHECK_ENABLED, false);
    conf.setBoolean(YarnConfiguration.YARN_MINICLUSTER_FIXED_PORTS, false);
    // A machine whose disk is nearly full still has to run tests.
    conf.setFloat(YarnConfiguration.NM_MAX_PER_DISK_UTILIZATION_PERCENTAGE, 99.9f);
    conf.set(YarnConfiguration.YARN_APPLICATION_CLASSPATH, "");
    conf.set(YarnConfiguration.NM_ENV_WHITELIST, "JAVA_HOME,SPARK_LOCAL_IP");
    conf.set("yarn.scheduler.capacity.maximum-am-resource-percent", "0.9");
    conf.set("yarn.scheduler.capacity.root.queues", "default");
    conf.set("yarn.scheduler.capacity.root.default.capacity", "100");
    return conf;
  }

  private static void writeConfiguration(Configuration running, Path to) throws IOException {
    Configuration conf = new Configuration(running);
    // HDFS of this kind names a class here that clients do not have.
    conf.set(
        "net.topology.node.switch.mapping.impl", "org.apache.hadoop.net.ScriptBasedMapping");
    for (String name : new String[] {"core-site.xml", "yarn-site.xml"}) {
      try (Writer writer = Files.newBufferedWriter(to.resolve(name), StandardCharsets.UTF_8)) {
        conf.writeXml(writer);
      }
    }
  }
}
