/** Small helpers without a domain of their own: keyed random streams. */
package dev.coppice.core.util;
