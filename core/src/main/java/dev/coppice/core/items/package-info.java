/**
 * The neighbours of items: a sparse item-item table of a fixed number of weights, whose columns are
 * solved in closed form (docs/design.md section 5, "Neighbours").
 */
package dev.coppice.core.items;
