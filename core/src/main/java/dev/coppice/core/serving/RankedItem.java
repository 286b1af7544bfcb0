package dev.coppice.core.serving;

/**
 * One entry of a list.
 *
 * @param id the item; a number in decimal where ids are numbers
 * @param row the item's row in the file
 * @param score product of the two rows, or their cosine for similar items
 */
public record RankedItem(String id, int row, float score) {}
