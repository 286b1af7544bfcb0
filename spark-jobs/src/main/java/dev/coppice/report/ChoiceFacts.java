package dev.coppice.report;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A setting that was not given and was chosen from the data.
 *
 * @param name of the setting
 * @param value as text
 * @param reason why, in words
 */
public record ChoiceFacts(String name, String value, String reason) {
  ObjectNode toJson() {
    return Json.object().put("name", name).put("value", value).put("reason", reason);
  }
}
