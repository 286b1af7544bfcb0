/** What JSON files of this library have in common (docs/design.md section 2). */
package dev.coppice.spark.json;
