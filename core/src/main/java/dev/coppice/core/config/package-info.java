/**
 * Declared configuration: keys with type, range, default and documentation ({@link
 * dev.coppice.core.config.ConfigKey}), the keys of one job ({@link
 * dev.coppice.core.config.ConfigSchema}) and the checked, immutable values ({@link
 * dev.coppice.core.config.ConfigValues}). Reads no files: a job's settings arrive as a flat map
 * (docs/design.md section 9).
 */
package dev.coppice.core.config;
