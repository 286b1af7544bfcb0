package dev.coppice.bench;

import dev.coppice.core.error.BadInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringTokenizer;
import java.util.zip.GZIPInputStream;

/**
 * Pairs of user and item, by user: {@code items[offsets[u] .. offsets[u + 1] - 1]}, ascending.
 *
 * @param offsets {@code int[users + 1]}
 * @param items {@code int[pairs]}
 */
record Interactions(int[] offsets, int[] items) {

  /**
   * Reads LightGCN's form, {@code user item item ...} a line, ids from 0.
   *
   * @param maxUsers users with an id from here on are left out
   * @throws BadInputException if the file is not there or of another form
   */
  static Interactions read(Path file, int maxUsers) {
    List<int[]> rows = new ArrayList<>();
    int number = 0;
    try (BufferedReader lines = open(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        StringTokenizer words = new StringTokenizer(line);
        if (!words.hasMoreTokens()) {
          continue;
        }
        int user = Integer.parseInt(words.nextToken());
        if (user < maxUsers) {
          int[] items = new int[words.countTokens()];
          for (int i = 0; i < items.length; i++) {
            items[i] = Integer.parseInt(words.nextToken());
          }
          while (rows.size() <= user) {
            rows.add(new int[0]);
          }
          rows.set(user, items);
        }
      }
    } catch (IOException | NumberFormatException e) {
      throw new BadInputException(
          file + ", line " + number + ": not of the form 'user item item ...': " + e.getMessage(),
          e);
    }
    return of(rows);
  }

  /** Sorts each user's items and drops repeated ones. */
  static Interactions of(List<int[]> rows) {
    int[] offsets = new int[rows.size() + 1];
    List<int[]> sorted = new ArrayList<>(rows.size());
    for (int u = 0; u < rows.size(); u++) {
      int[] items = Arrays.stream(rows.get(u)).sorted().distinct().toArray();
      sorted.add(items);
      offsets[u + 1] = Math.addExact(offsets[u], items.length);
    }
    int[] all = new int[offsets[rows.size()]];
    for (int u = 0; u < rows.size(); u++) {
      System.arraycopy(sorted.get(u), 0, all, offsets[u], sorted.get(u).length);
    }
    return new Interactions(offsets, all);
  }

  private static BufferedReader open(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    InputStream text = file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
    return new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8));
  }

  /** Returns these pairs without those of another set. */
  Interactions minus(Interactions other) {
    List<int[]> rows = new ArrayList<>();
    for (int u = 0; u < users(); u++) {
      int[] without = u < other.users() ? other.of(u) : new int[0];
      rows.add(
          Arrays.stream(of(u)).filter(item -> Arrays.binarySearch(without, item) < 0).toArray());
    }
    return of(rows);
  }

  /** Returns the number of users, those without pairs included. */
  int users() {
    return offsets.length - 1;
  }

  /** Returns one user's items, ascending; none for a user beyond the last. */
  int[] of(int user) {
    return user < users()
        ? Arrays.copyOfRange(items, offsets[user], offsets[user + 1])
        : new int[0];
  }

  /** Returns the number of pairs. */
  int pairs() {
    return items.length;
  }

  /** Returns one more than the largest item. */
  int itemBound() {
    return Arrays.stream(items).max().orElse(-1) + 1;
  }
}
