package dev.coppice.spark;

import com.esotericsoftware.kryo.KryoException;
import dev.coppice.core.items.SentPairs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.serializer.DeserializationStream;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.storage.ShuffleBlockId;
import scala.Option;
import scala.Tuple2;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Keeps all bytes that Spark would send between processes, of a session that is one process: what
 * its two serialisers write (tasks, results of tasks with their accumulators, failures, broadcasts,
 * the keys and values of shuffles of RDDs), and the files of all shuffles.
 */
final class Wire implements AutoCloseable {
  private static final ClassTag<Object> ANY = ClassTag$.MODULE$.apply(Object.class);

  private static final Pattern SHUFFLE = Pattern.compile("shuffle_(\\d+)_(\\d+)_0\\.data");

  /** Serialisers are sent in tasks, so that they can only refer to what is static. */
  private static volatile Wire on;

  private final List<byte[]> written = Collections.synchronizedList(new ArrayList<>());
  private final Set<Class<?>> classes = Collections.synchronizedSet(new HashSet<>());
  private final SparkContext context;
  private final Set<String> before;
  private final Map<Field, Object> replaced = new LinkedHashMap<>();

  private Wire(SparkContext context) {
    this.context = context;
    before = new TreeSet<>(shuffleFiles().keySet());
    SparkEnv env = SparkEnv.get();
    replace(env, "serializer", new Tap(env.serializer()));
    replace(env, "closureSerializer", new Tap(env.closureSerializer()));
    // Or files of shuffles were gone before they are looked at.
    replace(context, "_cleaner", Option.empty());
    on = this;
  }

  static Wire of(SparkContext context) {
    return new Wire(context);
  }

  private void replace(Object owner, String name, Object value) {
    try {
      Field field = owner.getClass().getDeclaredField(name);
      field.setAccessible(true);
      replaced.put(field, field.get(owner));
      field.set(owner, value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    on = null;
    replaced.forEach(
        (field, value) -> {
          try {
            field.set(
                field.getDeclaringClass() == SparkEnv.class ? SparkEnv.get() : context, value);
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static Map<String, Path> shuffleFiles() {
    Map<String, Path> files = new TreeMap<>();
    scala.collection.Iterator<File> all =
        SparkEnv.get().blockManager().diskBlockManager().getAllFiles().iterator();
    while (all.hasNext()) {
      Path file = all.next().toPath();
      if (SHUFFLE.matcher(file.getFileName().toString()).matches()) {
        files.put(file.getFileName().toString(), file);
      }
    }
    return files;
  }

  /** Returns the bytes of each shuffle by its number, as they are read. */
  Map<Integer, byte[]> shuffles() {
    Map<Integer, ByteArrayOutputStream> bytes = new TreeMap<>();
    shuffleFiles()
        .forEach(
            (name, file) -> {
              if (!before.contains(name)) {
                Matcher parts = SHUFFLE.matcher(name);
                parts.matches();
                int shuffle = Integer.parseInt(parts.group(1));
                read(
                    file,
                    shuffle,
                    Long.parseLong(parts.group(2)),
                    bytes.computeIfAbsent(shuffle, s -> new ByteArrayOutputStream()));
              }
            });
    Map<Integer, byte[]> all = new TreeMap<>();
    bytes.forEach((shuffle, stream) -> all.put(shuffle, stream.toByteArray()));
    return all;
  }

  private static void read(Path file, int shuffle, long map, OutputStream to) {
    try {
      byte[] data = Files.readAllBytes(file);
      Path indexFile = file.resolveSibling("shuffle_" + shuffle + "_" + map + "_0.index");
      Path index =
          Files.exists(indexFile)
              ? indexFile
              : SparkEnv.get()
                  .blockManager()
                  .diskBlockManager()
                  .getFile(indexFile.getFileName().toString())
                  .toPath();
      ByteBuffer offsets = ByteBuffer.wrap(Files.readAllBytes(index));
      long begin = offsets.getLong();
      for (int part = 0; offsets.hasRemaining(); part++) {
        long end = offsets.getLong();
        if (end > begin) {
          try (InputStream block =
              SparkEnv.get()
                  .serializerManager()
                  .wrapStream(
                      new ShuffleBlockId(shuffle, map, part),
                      new ByteArrayInputStream(Arrays.copyOfRange(data, (int) begin, (int) end)))) {
            block.transferTo(to);
          }
        }
        begin = end;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns all that serialisers wrote, of shuffles too. */
  List<byte[]> written() {
    synchronized (written) {
      return List.copyOf(written);
    }
  }

  /**
   * Returns the classes of the objects that serialisers wrote, of the parts of arrays and pairs.
   */
  Set<Class<?>> classes() {
    synchronized (classes) {
      return Set.copyOf(classes);
    }
  }

  /** Returns the sums of pairs that clients sent, read from the files of the shuffles. */
  List<SentPairs> sent() {
    List<SentPairs> sent = new ArrayList<>();
    shuffles()
        .values()
        .forEach(
            bytes -> {
              DeserializationStream objects =
                  SparkEnv.get()
                      .serializer()
                      .newInstance()
                      .deserializeStream(new ByteArrayInputStream(bytes));
              try {
                while (objects.readObject(ANY) instanceof Integer
                    && objects.readObject(ANY) instanceof SentPairs pairs) {
                  sent.add(pairs);
                }
              } catch (Exception e) {
                // The end, which Spark does not declare; or SQL's rows, which are no objects.
                if (!(e instanceof EOFException || e instanceof KryoException)) {
                  throw e;
                }
              }
            });
    return sent;
  }

  /** Texts and numbers that are looked for, all in one pass over the bytes. */
  static final class Marks {
    private final Map<Integer, Map<String, byte[]>> byBeginning = new HashMap<>();

    /** Adds a text of ASCII of five letters or more. */
    Marks text(String text) {
      // Kryo marks the last letter.
      return add(text, text.substring(0, text.length() - 1).getBytes(StandardCharsets.US_ASCII));
    }

    /** Adds a number, in either order of its bytes. */
    Marks number(float value) {
      ByteBuffer big = ByteBuffer.allocate(Float.BYTES).putFloat(0, value);
      ByteBuffer little =
          ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, value);
      return add(value + ", big end first", big.array())
          .add(value + ", little end first", little.array());
    }

    private Marks add(String name, byte[] bytes) {
      byBeginning
          .computeIfAbsent(ByteBuffer.wrap(bytes).getInt(), i -> new HashMap<>())
          .put(name, bytes);
      return this;
    }

    /** Returns which of them are in the bytes. */
    Set<String> in(byte[] bytes) {
      Set<String> found = new TreeSet<>();
      int window = 0;
      for (int i = 0; i < bytes.length; i++) {
        window = (window << 8) | (bytes[i] & 0xff);
        int begin = i - 3;
        Map<String, byte[]> wanted = begin < 0 ? null : byBeginning.get(window);
        if (wanted != null) {
          wanted.forEach(
              (name, mark) -> {
                int end = begin + mark.length;
                if (end <= bytes.length && Arrays.equals(bytes, begin, end, mark, 0, mark.length)) {
                  found.add(name);
                }
              });
        }
      }
      return found;
    }
  }

  private static void note(Object object) {
    Wire wire = on;
    if (wire == null || object == null) {
      return;
    }
    wire.classes.add(object.getClass());
    if (object instanceof Object[] parts) {
      Arrays.stream(parts).forEach(Wire::note);
    } else if (object instanceof Tuple2<?, ?> pair) {
      note(pair._1());
      note(pair._2());
    }
  }

  /** A serialiser whose output is kept. */
  private static final class Tap extends Serializer implements Serializable {
    private static final long serialVersionUID = 1L;
    private final Serializer real;

    Tap(Serializer real) {
      this.real = real;
    }

    @Override
    public SerializerInstance newInstance() {
      return new TapInstance(real.newInstance());
    }
  }

  private static final class TapInstance extends SerializerInstance {
    private final SerializerInstance real;

    TapInstance(SerializerInstance real) {
      this.real = real;
    }

    @Override
    public <T> ByteBuffer serialize(T value, ClassTag<T> type) {
      note(value);
      ByteBuffer bytes = real.serialize(value, type);
      Wire wire = on;
      if (wire != null) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        wire.written.add(copy);
      }
      return bytes;
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassTag<T> type) {
      return real.deserialize(bytes, type);
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassLoader loader, ClassTag<T> type) {
      return real.deserialize(bytes, loader, type);
    }

    @Override
    public SerializationStream serializeStream(OutputStream to) {
      ByteArrayOutputStream copy = new ByteArrayOutputStream();
      return new TapStream(real.serializeStream(new Tee(to, copy)), copy);
    }

    @Override
    public DeserializationStream deserializeStream(InputStream from) {
      return real.deserializeStream(from);
    }
  }

  private static final class TapStream extends SerializationStream {
    private final SerializationStream real;
    private final ByteArrayOutputStream copy;

    TapStream(SerializationStream real, ByteArrayOutputStream copy) {
      this.real = real;
      this.copy = copy;
    }

    @Override
    public <T> SerializationStream writeObject(T value, ClassTag<T> type) {
      note(value);
      real.writeObject(value, type);
      return this;
    }

    @Override
    public void flush() {
      real.flush();
    }

    @Override
    public void close() {
      real.close();
      Wire wire = on;
      if (wire != null) {
        wire.written.add(copy.toByteArray());
      }
    }
  }

  /** Writes twice. */
  private static final class Tee extends OutputStream {
    private final OutputStream to;
    private final ByteArrayOutputStream copy;

    Tee(OutputStream to, ByteArrayOutputStream copy) {
      this.to = to;
      this.copy = copy;
    }

    @Override
    public void write(int b) throws IOException {
      to.write(b);
      copy.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      to.write(bytes, offset, length);
      copy.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      to.flush();
    }

    @Override
    public void close() throws IOException {
      to.close();
    }
  }
}
