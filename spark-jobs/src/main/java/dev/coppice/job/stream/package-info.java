/**
 * The job {@code stream}: users folded in as their interactions come, from files or Kafka. Words in
 * docs/design.md section 3.
 */
package dev.coppice.job.stream;
