/** Side-by-side measurements against MLlib ALS and JMH benchmarks of the kernels. */
package dev.coppice.bench;
