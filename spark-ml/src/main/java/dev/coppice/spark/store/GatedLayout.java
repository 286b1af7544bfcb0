package dev.coppice.spark.store;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How the global item table is cut into blocks, and what was counted of the clients that trained
 * it.
 *
 * @param buckets number of item buckets
 * @param dimGroups number of dimension groups
 * @param groupOf {@code int[rank]}: the group of a dimension
 * @param items a row each: its number {@code index} (long), its {@code id}, and in which bucket it
 *     is (int)
 * @param users of the clients that trained
 * @param interactions of these clients
 * @param rounds that were run
 */
public record GatedLayout(
    int buckets,
    int dimGroups,
    int[] groupOf,
    Dataset<Row> items,
    long users,
    long interactions,
    int rounds) {}
