package dev.coppice.spark.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names of clients as names of directories: any text becomes a short one that is safe anywhere. */
public final class ClientNames {
  private static final int LONGEST = 48;
  private static final int DIGEST = 16;

  private ClientNames() {}

  /** Returns a plain name as it is, and a digest behind what is left of any other. */
  public static String directory(String client) {
    String safe = client.substring(0, Math.min(LONGEST, client.length()));
    safe = safe.replaceAll("[^A-Za-z0-9-]", "_");
    boolean plain = safe.equals(client) && client.matches("[a-z0-9][a-z0-9-]*");
    return plain ? client : "c_" + safe + "_" + digest(client);
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, DIGEST);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every Java", e);
    }
  }
}
