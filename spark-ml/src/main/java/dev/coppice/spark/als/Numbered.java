package dev.coppice.spark.als;

import java.io.Serializable;

/**
 * Something that belongs to one logical block.
 *
 * @param block number of the block, 0 to numBlocks - 1
 * @param value what belongs to it
 */
record Numbered<T>(int block, T value) implements Serializable {}
