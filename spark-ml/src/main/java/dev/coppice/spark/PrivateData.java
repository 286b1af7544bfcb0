package dev.coppice.spark;

import dev.coppice.spark.federate.RowWords;
import dev.coppice.spark.table.IdType;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a private federation learns from and is measured on, by the ids that the data have.
 *
 * @param rows columns in this order: {@code name} (of the client), {@code user}, {@code item}
 *     string, {@code weight} float, {@code heldOut} boolean: measured on, not learnt from
 * @param userType type of the ids of users in the model
 * @param itemType type of the ids of items in the model
 * @param measured whether there may be rows that are held out
 * @param words how rows are called in messages
 * @param fingerprint of the data, for the model; empty where it is unknown
 * @param configuration the settings that the model tells; null for the Params
 */
record PrivateData(
    Dataset<Row> rows,
    IdType userType,
    IdType itemType,
    boolean measured,
    RowWords words,
    String fingerprint,
    Map<String, String> configuration) {}
