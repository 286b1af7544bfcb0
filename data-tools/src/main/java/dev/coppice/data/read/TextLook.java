package dev.coppice.data.read;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.files.FileHeads.FileHead;
import dev.coppice.files.InputFiles;
import java.util.List;
import org.apache.hadoop.fs.Path;

/**
 * What the driver learns from the head of a text file.
 *
 * @param encoding its encoding, or null for a file without a byte
 * @param lines its first lines that are not blank, none if there is none
 */
record TextLook(Path file, TextEncoding encoding, List<String> lines) {
  /** Enough to tell words from numbers, few enough to keep those of many files. */
  private static final int LINES = 10;

  private static final int SHOWN = 80;

  /**
   * Looks at a head.
   *
   * @throws BadInputException if the file is no text in this encoding
   */
  static TextLook of(FileHead head, ReadSettings settings) {
    if (head.bytes().length == 0) {
      return new TextLook(head.file(), null, List.of());
    }
    TextEncoding encoding = TextEncoding.of(settings.encoding(), head);
    String text = encoding.show(head.bytes());
    // The last line may be cut off; without a line break, it is all there is.
    int end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'));
    String complete = head.whole() || end < 0 ? text : text.substring(0, end);
    List<String> lines =
        complete
            .lines()
            .map(InputFiles::withoutMark)
            .filter(line -> !line.isBlank())
            .limit(settings.header() ? 1 : LINES)
            .toList();
    TextLook look = new TextLook(head.file(), encoding, lines);
    if (settings.format() == InputFormat.JSONL && !lines.isEmpty()) {
      look.refuseOtherJson();
    }
    return look;
  }

  private void refuseOtherJson() {
    String first = lines.get(0).strip();
    if (first.startsWith("[") || first.equals("{")) {
      throw new BadInputException(
          file
              + " holds "
              + (first.equals("{") ? "an object over several lines" : "a JSON array")
              + ", and format = jsonl is one object a line. Write it so, for example with jq -c"
              + (first.equals("{") ? "." : " '.[]'."));
    }
  }

  /**
   * Refuses a file whose first line is a header where none was expected, unless the user said that
   * there is none.
   *
   * @param ids pairs of user and item in the lines
   * @param said whether the user said that there is no header
   */
  void refuseHeader(List<String[]> ids, boolean said, String remedy, List<String> remarks) {
    if (!HeaderWords.startWithHeader(ids)) {
      return;
    }
    String first = lines.get(0);
    String seen =
        file
            + ": the first line looks like a header: "
            + (first.length() <= SHOWN ? first : first.substring(0, SHOWN) + "...");
    if (!said) {
      throw new UsageException(
          seen + "\nIt would be learnt as a user and an item. " + remedy + ".");
    }
    remarks.add(seen + ". It was taken for a row, since header = false");
  }
}
