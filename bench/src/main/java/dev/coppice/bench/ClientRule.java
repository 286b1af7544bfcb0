package dev.coppice.bench;

import dev.coppice.core.error.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Which client a user of a known data set belongs to. */
enum ClientRule {
  /** xmarket-wsdm22: the first two letters of the user's id. */
  MARKET("xmarket-wsdm22"),
  /** ml-1m: the user's occupation. */
  OCCUPATION("ml-1m"),
  /** ml-1m: the first digit of the user's zip code. */
  ZIP("ml-1m"),
  /** bookcrossing: the last part of the place; countries of fewer than 20 users are one client. */
  COUNTRY("bookcrossing-caserec");

  private static final int FEWEST = 20;

  private final String protocol;

  ClientRule(String protocol) {
    this.protocol = protocol;
  }

  /** Returns the name of the protocol the rule is for. */
  String protocol() {
    return protocol;
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  static ClientRule parse(String text) {
    for (ClientRule rule : values()) {
      if (rule.key().equals(text)) {
        return rule;
      }
    }
    throw new UsageException("--by is '" + text + "'; allowed: market, occupation, zip, country");
  }

  /** Returns the client of every user id. */
  Map<String, String> clients(Path data, List<String> users) throws IOException {
    Map<String, String> clients = new HashMap<>();
    switch (this) {
      case MARKET -> users.forEach(user -> clients.put(user, user.substring(0, 2)));
      case OCCUPATION, ZIP -> {
        for (String line : lines(data.resolve("users.dat"))) {
          String[] parts = line.split("::", -1);
          clients.put(parts[0], this == ZIP ? parts[4].substring(0, 1) : parts[3]);
        }
      }
      case COUNTRY -> {
        for (String line : lines(data.resolve("users_info.dat"))) {
          String[] place = line.split("\t", -1)[1].split(",", -1);
          clients.put(line.split("\t", -1)[0], place[place.length - 1].strip());
        }
        clients.keySet().retainAll(users);
        Map<String, Integer> counts = new HashMap<>();
        clients.values().forEach(country -> counts.merge(country, 1, Integer::sum));
        clients.replaceAll(
            (user, country) ->
                country.isEmpty() || counts.get(country) < FEWEST ? "other" : country);
      }
    }
    return clients;
  }

  private static List<String> lines(Path file) throws IOException {
    // Bytes outside of ASCII stand in names of places alone; this charset reads any of them.
    return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
  }
}
