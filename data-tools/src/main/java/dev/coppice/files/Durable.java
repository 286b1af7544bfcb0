package dev.coppice.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Sees to it that what was written to a local disk survives a loss of power: the file system may
 * otherwise keep a rename and lose the bytes of what was renamed. Distributed file systems and
 * object stores answer only when they hold what they were given.
 */
final class Durable {
  private Durable() {}

  /** Returns whether a place is on this host's disks; it names its file system. */
  static boolean concerns(org.apache.hadoop.fs.Path place) {
    return place.toUri().getScheme().equals("file");
  }

  /** Returns a place on this host's disks as the JDK names it. */
  static Path local(org.apache.hadoop.fs.Path place) {
    return Path.of(place.toUri().getPath());
  }

  /** Writes out everything below a path, and then the directories that name it. */
  static void tree(Path path) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(path)) {
      all = walk.toList();
    }
    // Deepest first: a directory is whole when what it names is.
    for (int i = all.size() - 1; i >= 0; i--) {
      if (Files.isDirectory(all.get(i))) {
        directory(all.get(i));
      } else {
        try (FileChannel file = FileChannel.open(all.get(i), StandardOpenOption.READ)) {
          file.force(true);
        }
      }
    }
  }

  /** Writes out which names a directory has, where the system can. */
  static void directory(Path path) throws IOException {
    FileChannel opened;
    try {
      opened = FileChannel.open(path, StandardOpenOption.READ);
    } catch (IOException e) {
      // Windows opens no directories; it keeps their names by itself.
      return;
    }
    try (FileChannel channel = opened) {
      channel.force(true);
    }
  }
}
