/**
 * Small helpers without a subject of their own: keyed random streams (docs/design.md section 6,
 * "Why results do not depend on the cluster"), and the annotation that lets a method call what is
 * banned elsewhere. Knows nothing else of Coppice.
 */
package dev.coppice.core.util;
