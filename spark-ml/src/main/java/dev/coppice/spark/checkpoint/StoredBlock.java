package dev.coppice.spark.checkpoint;

import java.io.Serializable;

/**
 * Where the rows of one block lie.
 *
 * @param file name of the file, within the directory of the checkpoint's rows
 * @param offset first byte
 * @param length bytes
 * @param checksum CRC-32C of these bytes
 */
public record StoredBlock(int block, String file, long offset, long length, int checksum)
    implements Serializable {}
