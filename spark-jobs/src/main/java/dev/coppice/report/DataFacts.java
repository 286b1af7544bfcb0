package dev.coppice.report;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The data a run read.
 *
 * @param path where the data set lies
 * @param fingerprint the data set's fingerprint, from its manifest
 * @param users number of users
 * @param items number of items
 * @param interactions number of observed pairs
 */
public record DataFacts(
    String path, String fingerprint, long users, long items, long interactions) {

  ObjectNode toJson() {
    return Json.object()
        .put("path", path)
        .put("fingerprint", fingerprint)
        .put("users", users)
        .put("items", items)
        .put("interactions", interactions);
  }
}
