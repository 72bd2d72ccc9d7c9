package io.logboom.core.assembly;

import io.logboom.api.batch.Batch;
import io.logboom.api.config.Option;
import io.logboom.api.meter.Counter;
import io.logboom.api.meter.MeterId;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.OutputPlugin;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An output that notes which numbers of each input it got, and how often twice. */
final class Collect implements OutputPlugin<Collect.Config> {
  /** How many of its outputs are open. */
  final AtomicInteger open = new AtomicInteger();

  /** How many outputs it has made. */
  final AtomicInteger made = new AtomicInteger();

  /** Whether nothing is taken, whatever the options say. */
  volatile boolean down;

  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  /** What each of its outputs measures. */
  enum Measure implements MeterId {
    SENDS(Kind.COUNTER),
    LABEL_LENGTH(Kind.GAUGE);

    private final Kind kind;

    Measure(Kind kind) {
      this.kind = kind;
    }

    @Override
    public String metric() {
      return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Kind kind() {
      return kind;
    }

    @Override
    public String unit() {
      return "";
    }

    @Override
    public String text() {
      return "For a test.";
    }
  }

  record Config(
      @Option(text = "The name of what it collects.", preset = "main") String into,
      @Option(text = "Tells configurations apart.", preset = "one") String label,
      @Option(text = "Whether nobody listens.", preset = "off") boolean dead) {}

  /** What has come. */
  static final class Seen {
    private final Map<String, BitSet> numbers = new ConcurrentHashMap<>();
    private long twice;

    private synchronized void add(String input, int number) {
      BitSet known = numbers.computeIfAbsent(input, _ -> new BitSet());
      if (known.get(number)) {
        twice++;
      }
      known.set(number);
    }

    /** How many records came a second time. */
    synchronized long twice() {
      return twice;
    }

    /** How many different records of the input came. */
    synchronized int count(String input) {
      return numbers.getOrDefault(input, new BitSet()).cardinality();
    }

    /** The first number of the input that has not come. */
    synchronized int firstMissing(String input) {
      return numbers.getOrDefault(input, new BitSet()).nextClearBit(0);
    }
  }

  Seen into(String name) {
    return seen.computeIfAbsent(name, _ -> new Seen());
  }

  @Override
  public String type() {
    return "collect";
  }

  @Override
  public String text() {
    return "Collects.";
  }

  @Override
  public Class<Config> config() {
    return Config.class;
  }

  @Override
  public Output create(Config config, Context context) {
    made.incrementAndGet();
    open.incrementAndGet();
    Counter sends = context.meters().counter(Measure.SENDS);
    context.meters().gauge(Measure.LABEL_LENGTH, () -> config.label().length());
    return new Output() {
      private boolean closed;

      @Override
      public Outcome send(List<Batch> batches) {
        sends.add(1);
        if (config.dead() || down) {
          return new Outcome.Retry("nobody listens");
        }
        batches.forEach(batch -> take(batch, into(config.into())));
        return Outcome.DELIVERED;
      }

      @Override
      public void close() {
        if (!closed) {
          closed = true;
          open.decrementAndGet();
          context.meters().remove(Measure.LABEL_LENGTH);
        }
      }
    };
  }

  private static void take(Batch batch, Seen seen) {
    for (int i = 0; i < batch.size(); i++) {
      if (!batch.isDropped(i)) {
        String body =
            new String(batch.bytes(), batch.offset(i), batch.length(i), StandardCharsets.UTF_8);
        int blank = body.indexOf(' ');
        seen.add(body.substring(0, blank), Integer.parseInt(body.substring(blank + 1)));
      }
    }
  }
}
