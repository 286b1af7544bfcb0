package dev.coppice.spark.als;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** Kills the first attempt of every task of every second stage; Spark then tries them again. */
final class TaskKiller extends SparkListener {
  private final SparkContext context;
  private final AtomicInteger killed = new AtomicInteger();

  TaskKiller(SparkContext context) {
    this.context = context;
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart start) {
    if (start.taskInfo().attemptNumber() == 0 && start.stageId() % 2 == 0) {
      context.killTaskAttempt(start.taskInfo().taskId(), true, "by the test");
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.reason() instanceof TaskKilled) {
      killed.incrementAndGet();
    }
  }

  /** Returns how many attempts ended by a kill: some are done before it reaches them. */
  int killed() {
    return killed.get();
  }
}
