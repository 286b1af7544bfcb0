/**
 * Why an item is recommended, and what a dimension stands for (docs/design.md section 7). A score
 * is a sum over the dimensions that a user and an item share, and over those of the item's
 * neighbours that the user has, so with sparse rows it can be read off: few dimensions and few own
 * items, each with its part.
 */
package dev.coppice.core.explain;
