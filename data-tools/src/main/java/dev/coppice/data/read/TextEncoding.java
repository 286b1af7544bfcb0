package dev.coppice.data.read;

import dev.coppice.core.error.BadInputException;
import dev.coppice.files.FileHeads.FileHead;
import dev.coppice.files.FileKind;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How characters are written as bytes. Strict: bytes that the encoding does not have are told,
 * since a character that stood for all of them would make one id of several.
 */
final class TextEncoding implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final byte[] UTF8_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  // Charsets cannot be written.
  private final String name;
  private final boolean wide;
  private transient CharsetDecoder decoder;

  private TextEncoding(String name) {
    this.name = name;
    wide = isWide(name);
  }

  /** Whether text in this encoding can be read: this JVM has it, and lines can be told in it. */
  static boolean isSupported(String name) {
    try {
      return Charset.isSupported(name) && (isWide(name) || holdsAscii(Charset.forName(name)));
    } catch (IllegalCharsetNameException e) {
      return false;
    }
  }

  /** Whether every ASCII character is its own byte, so that line breaks can be found unread. */
  private static boolean holdsAscii(Charset charset) {
    String ascii =
        IntStream.range(1, 127).mapToObj(Character::toString).collect(Collectors.joining());
    return charset.canEncode()
        && Arrays.equals(ascii.getBytes(charset), ascii.getBytes(StandardCharsets.US_ASCII));
  }

  private static boolean isWide(String name) {
    String canonical = Charset.forName(name).name();
    return canonical.startsWith("UTF-16") || canonical.startsWith("UTF-32");
  }

  /** Of UTF-8. */
  static TextEncoding utf8() {
    return new TextEncoding(StandardCharsets.UTF_8.name());
  }

  /**
   * The encoding of one file.
   *
   * @param name the encoding that was set; UTF-16 and UTF-32 leave the order of bytes to the file
   * @throws BadInputException if the file is no text, or says itself that it has another encoding
   */
  static TextEncoding of(String name, FileHead head) {
    Charset charset = Charset.forName(name);
    Optional<FileKind> kind = head.kind();
    if (kind.isPresent()) {
      String seen = kind.get().name().replace('_', '-');
      boolean fits =
          kind.get().isWideText()
              && (charset.name().equals(seen) || charset.name().equals(seen.substring(0, 6)));
      if (!fits) {
        throw new BadInputException(
            head.file() + " is " + kind.get().what() + ". " + kind.get().remedy());
      }
      return new TextEncoding(seen);
    }
    boolean marked = Arrays.equals(Arrays.copyOf(head.bytes(), UTF8_MARK.length), UTF8_MARK);
    if (marked && !charset.equals(StandardCharsets.UTF_8)) {
      throw new BadInputException(
          head.file()
              + " begins with the mark of UTF-8, and encoding = "
              + name
              + ". Set encoding = UTF-8.");
    }
    if (charset.name().equals("UTF-16") || charset.name().equals("UTF-32")) {
      throw new BadInputException(
          head.file()
              + " does not say in which order its bytes are. Set encoding = "
              + name
              + "LE, or "
              + name
              + "BE.");
    }
    return new TextEncoding(charset.name());
  }

  /** Whether a line break is more than one byte. */
  boolean isWide() {
    return wide;
  }

  /** The name of the character set. */
  String name() {
    return name;
  }

  /** The text that {@code bytes} are, or null if they are none in this encoding. */
  String decode(byte[] bytes) {
    Charset charset = Charset.forName(name);
    String text = new String(bytes, charset);
    return text.indexOf('\uFFFD') < 0 || isExact(bytes) ? text : null;
  }

  private boolean isExact(byte[] bytes) {
    if (decoder == null) {
      decoder =
          Charset.forName(name)
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT);
    }
    try {
      decoder.decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** The text for people, with a substitute for what cannot be read. */
  String show(byte[] bytes) {
    return new String(bytes, Charset.forName(name));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TextEncoding encoding && name.equals(encoding.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
