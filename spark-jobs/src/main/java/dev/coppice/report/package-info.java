/**
 * What a run tells when it ends: {@code metrics.json} for programs and one self-contained {@code
 * report.html} for people.
 *
 * <p>{@link dev.coppice.report.TrainReport} and {@link dev.coppice.report.EvaluationReport} hold
 * the facts; {@link dev.coppice.report.ReportFiles} writes them. Nothing here touches Spark or
 * publishes: the job gathers the facts and hands them over (docs/design.md section 2). Words and
 * units follow docs/design.md section 3.
 */
package dev.coppice.report;
