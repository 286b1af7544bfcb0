package dev.coppice.job.tune;

import dev.coppice.spark.Family;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of settings to try.
 *
 * @param number place in the list of candidates, from 0
 * @param origin where it comes from, for people
 * @param family what the model consists of
 * @param settings searched settings by name, of a model of full size; what is not in it stays at
 *     its default
 */
record Candidate(int number, String origin, Family family, Map<String, String> settings) {
  Candidate {
    settings = Collections.unmodifiableMap(new TreeMap<>(settings));
  }
}
