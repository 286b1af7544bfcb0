package dev.coppice.report;

/** Escaping for HTML, and tables put together cell by cell. */
final class Html {
  private Html() {}

  /** The text, safe as element content and inside a quoted attribute. */
  static String text(String value) {
    StringBuilder out = new StringBuilder(value.length() + 16);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c < ' ' && c != '\n' && c != '\t' ? '\uFFFD' : c);
      }
    }
    return out.toString();
  }

  /** A table with a caption for screen readers, one header cell per column and per row. */
  static final class Table {
    private final StringBuilder html = new StringBuilder();
    private boolean body;

    Table(String caption, String... columns) {
      html.append("<div class=\"scroll\"><table><caption>")
          .append(text(caption))
          .append("</caption>\n<thead><tr>");
      for (String column : columns) {
        html.append("<th scope=\"col\">").append(text(column)).append("</th>");
      }
      html.append("</tr></thead>\n<tbody>\n");
      body = true;
    }

    Table row(String name, Iterable<String> cells) {
      return row("", name, cells);
    }

    Table row(String style, String name, Iterable<String> cells) {
      html.append(style.isEmpty() ? "<tr>" : "<tr class=\"" + style + "\">");
      html.append("<th scope=\"row\">").append(text(name)).append("</th>");
      for (String cell : cells) {
        html.append("<td>").append(text(cell)).append("</td>");
      }
      html.append("</tr>\n");
      return this;
    }

    /** Rows added from here on are the table's foot. */
    Table foot() {
      html.append("</tbody>\n<tfoot>\n");
      body = false;
      return this;
    }

    String html() {
      return html + (body ? "</tbody>" : "</tfoot>") + "</table></div>";
    }
  }
}
