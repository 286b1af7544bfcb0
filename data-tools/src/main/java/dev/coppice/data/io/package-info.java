/** Files on whatever file system Hadoop knows: listing inputs, publishing outputs whole. */
package dev.coppice.data.io;
