package io.logboom.app.monitor;

import java.util.Collection;

/** Lets other tests see which of our metrics have a name of Fluent Bit's. */
public final class FluentBitNames {
  private FluentBitNames() {}

  public static Collection<String> tailMetrics() {
    return FluentBitMetrics.TAIL.values();
  }
}
