package dev.coppice.files;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Local files as {@code far:/path}, some of which cannot be reached for a while. */
public final class Unreachable extends RawLocalFileSystem {
  /** Files whose names end like this cannot be opened; null for none. */
  public static volatile String suffix;

  /** Makes the scheme known. */
  public static void register(Configuration configuration) {
    configuration.set("fs.far.impl", Unreachable.class.getName());
  }

  /** The path of a local file. */
  public static String path(java.nio.file.Path file) {
    return "far:" + file;
  }

  @Override
  public URI getUri() {
    return URI.create("far:///");
  }

  /** Without owner and permissions, which older releases of Hadoop ask of {@code file:} alone. */
  @Override
  public FileStatus getFileStatus(Path file) throws IOException {
    FileStatus local = super.getFileStatus(file);
    return new FileStatus(
        local.getLen(),
        local.isDirectory(),
        local.getReplication(),
        local.getBlockSize(),
        local.getModificationTime(),
        local.getPath());
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    if (suffix != null && file.getName().endsWith(suffix)) {
      throw new ConnectException("connect timed out");
    }
    return super.open(file, bufferSize);
  }
}
