package dev.coppice.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Renders the report page: {@code page.html} with its marks {@code {{name}}} filled in. The page
 * holds its style, its script, the chart library and the data; its content security policy lets it
 * load nothing and run only these scripts.
 */
public final class ReportPage {
  private static final Pattern MARK = Pattern.compile("\\{\\{([a-zA-Z]+)}}");

  private ReportPage() {}

  /** The page as text, to be written as UTF-8. */
  public static String render(TrainReport report) {
    String library = resource("charts.min.js");
    String script = resource("page.js");
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("policy", "'" + hash(library) + "' '" + hash(script) + "'");
    parts.put("style", resource("page.css"));
    parts.put("library", library);
    parts.put("script", script);
    parts.put("data", Json.writeForScript(report.tree()));
    parts.putAll(PageParts.of(report));
    return fill(resource("page.html"), parts);
  }

  /** Fills every mark once: a mark inside a value stays as it is. */
  static String fill(String template, Map<String, String> parts) {
    StringBuilder page = new StringBuilder(template.length() + (1 << 20));
    Matcher mark = MARK.matcher(template);
    while (mark.find()) {
      String part = parts.get(mark.group(1));
      if (part == null) {
        throw new IllegalStateException("the page names an unknown part: " + mark.group());
      }
      mark.appendReplacement(page, Matcher.quoteReplacement(part));
    }
    return mark.appendTail(page).toString();
  }

  private static String hash(String script) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] sum = digest.digest(script.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(sum);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static String resource(String name) {
    try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks the resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("resource " + name + " could not be read", e);
    }
  }
}
