/**
 * The work of the job {@code generate}: seeded synthetic interactions with a planted structure.
 * Knows the keyed draws of {@link dev.coppice.data.prepare} and files (docs/design.md section 2).
 */
package dev.coppice.data.synthetic;
