package dev.coppice.core.serving;

/**
 * What one of a user's items adds to the score of another item.
 *
 * @param key of the user's item
 * @param item its row in the file, or -1 if the model does not hold the item
 * @param weight what it adds
 */
public record HistoryLink(int key, int item, float weight) {}
