/** The {@code generate} job: seeded synthetic interactions with a planted structure. */
package dev.coppice.data.synthetic;
