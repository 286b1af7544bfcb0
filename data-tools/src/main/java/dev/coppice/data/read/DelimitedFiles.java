package dev.coppice.data.read;

import dev.coppice.core.error.BadInputException;
import dev.coppice.core.error.UsageException;
import dev.coppice.data.read.DelimitedLineParser.Layout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The parsers of delimited files, each by its own header: files whose columns are in another order,
 * or that have more of them, are read by their names.
 */
final class DelimitedFiles implements FileParsers {
  private static final long serialVersionUID = 1L;

  private final FieldSplitter splitter;
  private final Layout usual;
  // By path; empty where all files are like the first.
  private final HashMap<String, Layout> others;
  private final Fields fields;
  private final PathColumns paths;

  private DelimitedFiles(
      FieldSplitter splitter,
      Layout usual,
      Map<String, Layout> others,
      Fields fields,
      PathColumns paths) {
    this.splitter = splitter;
    this.usual = usual;
    this.others = new HashMap<>(others);
    this.fields = fields;
    this.paths = paths;
  }

  @Override
  public LineParser of(String file) {
    Layout layout = others.isEmpty() ? usual : others.get(file);
    if (layout == null) {
      throw new BadInputException(file + " came while the input was read. Run the job again.");
    }
    return new DelimitedLineParser(splitter, layout, fields, paths.values(file));
  }

  /**
   * Resolves the columns in every file.
   *
   * @param looks files that have lines, at least one
   * @param remarks takes what the user should know
   * @throws UsageException if the first file does not have a column
   * @throws BadInputException if another does not
   */
  static DelimitedFiles resolve(
      ReadSettings settings, PathColumns paths, List<TextLook> looks, List<String> remarks) {
    FieldSplitter splitter = new FieldSplitter(settings.delimiter(), settings.quote());
    Resolver resolver = new Resolver(settings, splitter);
    Layout usual = resolver.layout(looks.get(0));
    Map<String, Layout> others = new HashMap<>();
    boolean alike = true;
    for (TextLook look : looks) {
      Layout layout = resolver.further(look, usual);
      alike &= layout.equals(usual);
      others.put(look.file().toString(), layout.equals(usual) ? usual : layout);
      if (!settings.header()) {
        resolver.refuseHeader(look, layout, remarks);
      }
    }
    return new DelimitedFiles(splitter, usual, alike ? Map.of() : others, settings.fields(), paths);
  }

  private record Resolver(ReadSettings settings, FieldSplitter splitter) {
    private Layout layout(TextLook look) {
      String first = look.lines().get(0);
      List<String> names = splitter.split(first);
      if (names == null) {
        throw new BadInputException(
            look.file()
                + ": a quote of the first line is not closed. Correct the file, or set quote (none"
                + " for no quotes)."
                + json(first));
      }
      if (settings.header() && first.indexOf('\uFFFD') >= 0) {
        throw new BadInputException(
            look.file()
                + ": its header is not text in "
                + settings.encoding()
                + ". Set encoding, such as windows-1252 or ISO-8859-1.");
      }
      List<String> header = settings.header() ? List.copyOf(names) : null;
      try {
        return new Layout(
            header,
            names.size(),
            settings
                .columns()
                .resolve(
                    header,
                    names.size(),
                    column -> PathColumns.has(look.file().toString(), column)));
      } catch (UsageException e) {
        throw new UsageException(
            e.getMessage()
                + " They are those of "
                + look.file()
                + "."
                + (settings.header()
                    ? " If its first line holds no names, set header = false and give positions."
                    : "")
                + json(first),
            e);
      }
    }

    private static String json(String first) {
      return first.stripLeading().startsWith("{") || first.stripLeading().startsWith("[")
          ? " The line looks like JSON: for JSON lines set format = jsonl."
          : "";
    }

    /** The layout of any file, which has to mean the same as the first one's. */
    private Layout further(TextLook look, Layout usual) {
      if (!settings.header()) {
        // Rows of another number of columns are bad rows.
        return usual;
      }
      Layout layout;
      try {
        layout = layout(look);
      } catch (UsageException e) {
        throw new BadInputException(
            look.file() + " has other columns than the first file: " + e.getMessage(), e);
      }
      for (int n = 0; n < Columns.KEYS.size(); n++) {
        int at = layout.positions().at(n);
        boolean byPosition = at >= 0 && !layout.names().get(at).equals(settings.columns().named(n));
        if (byPosition && !layout.names().get(at).equals(usual.names().get(at))) {
          throw new BadInputException(
              look.file()
                  + " has the column \""
                  + layout.names().get(at)
                  + "\" where the first file has \""
                  + usual.names().get(at)
                  + "\", and "
                  + Columns.KEYS.get(n)
                  + " = "
                  + settings.columns().named(n)
                  + " is a position. Give the column's name, or correct the file.");
        }
      }
      return layout;
    }

    private void refuseHeader(TextLook look, Layout layout, List<String> remarks) {
      int user = layout.positions().user();
      int item = layout.positions().item();
      if (user < 0 || item < 0) {
        return;
      }
      List<String[]> ids = new ArrayList<>();
      for (String line : look.lines()) {
        List<String> values = splitter.split(line);
        if (values != null && values.size() > Math.max(user, item)) {
          ids.add(new String[] {values.get(user), values.get(item)});
        }
      }
      look.refuseHeader(ids, settings.headerGiven(), "Set header = true", remarks);
    }
  }
}
