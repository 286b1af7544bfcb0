/**
 * Small helpers without a subject of their own: keyed random streams (docs/design.md section 6,
 * "Why results do not depend on the cluster"), the order of texts by their bytes, numbers out of
 * their boxes, and the annotation that lets a method call what is banned elsewhere. Knows nothing
 * else of Coppice.
 */
package dev.coppice.core.util;
