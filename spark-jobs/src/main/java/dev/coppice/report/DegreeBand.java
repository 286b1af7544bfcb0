package dev.coppice.report;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How many weights the rows of one range of degrees hold.
 *
 * @param degreeFrom smallest degree (observations of a row) of the band
 * @param degreeTo largest degree of the band, itself included
 * @param rows rows in the band
 * @param meanWeights their mean number of stored weights
 * @param p10 weights that a tenth of the rows do not exceed
 * @param p50 the median
 * @param p90 weights that nine tenths of the rows do not exceed
 */
public record DegreeBand(
    long degreeFrom, long degreeTo, long rows, double meanWeights, int p10, int p50, int p90) {

  ObjectNode toJson() {
    ObjectNode node =
        Json.object().put("degreeFrom", degreeFrom).put("degreeTo", degreeTo).put("rows", rows);
    node.set("meanWeights", Json.number(meanWeights));
    return node.put("p10", p10).put("p50", p50).put("p90", p90);
  }
}
