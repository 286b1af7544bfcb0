/**
 * Top-K retrieval over a sparse item table: {@link dev.coppice.core.topk.ItemIndex} holds the
 * table, {@link dev.coppice.core.topk.Scorer} scores users against it, {@link
 * dev.coppice.core.topk.TopK} keeps the best. Results do not depend on the order of visits: equal
 * scores go to the smaller item index (docs/design.md section 7). Knows the kernels alone.
 */
package dev.coppice.core.topk;
