package io.logboom.net.stream;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** A {@link Loop} on one of Netty's. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails is reported by the task itself
final class NettyLoop implements Loop {
  private final EventLoop loop;

  NettyLoop(EventLoop loop) {
    this.loop = loop;
  }

  @Override
  public void execute(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // The thread has ended, and with it all that the task could be about.
    }
  }

  @Override
  public void after(long nanos, Runnable task) {
    try {
      loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // As above.
    }
  }
}
