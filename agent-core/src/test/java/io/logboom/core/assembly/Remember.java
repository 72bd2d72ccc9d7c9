package io.logboom.core.assembly;

import io.logboom.api.batch.Batch;
import io.logboom.api.config.Option;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Filter;
import io.logboom.api.plugin.FilterPlugin;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A filter that keeps 256 KiB for each origin, and may drop everything. */
final class Remember implements FilterPlugin<Remember.Config> {
  /** How many of its filters are open. */
  final AtomicInteger open = new AtomicInteger();

  /** How many filters it has made. */
  final AtomicInteger made = new AtomicInteger();

  record Config(
      @Option(text = "Tells configurations apart.", preset = "one") String label,
      @Option(text = "Whether all is dropped.", preset = "off") boolean drop,
      @Option(text = "A parser.", refers = Option.Refers.PARSER) @Nullable String parser) {}

  @Override
  public String type() {
    return "remember";
  }

  @Override
  public String text() {
    return "Remembers.";
  }

  @Override
  public Class<Config> config() {
    return Config.class;
  }

  @Override
  public Filter create(Config config, Context context) {
    made.incrementAndGet();
    open.incrementAndGet();
    return new Filter() {
      private boolean closed;

      @Override
      public void apply(Batch batch, long origins) {
        for (int i = 0; i < batch.origins(); i++) {
          byte[] kept = batch.origin(i).memo(this, _ -> new byte[256 * 1024]);
          kept[0]++;
        }
        for (int i = 0; config.drop() && i < batch.size(); i++) {
          batch.drop(i);
        }
      }

      @Override
      public void close() {
        if (!closed) {
          closed = true;
          open.decrementAndGet();
        }
      }
    };
  }
}
