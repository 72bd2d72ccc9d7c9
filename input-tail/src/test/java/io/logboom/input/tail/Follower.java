package io.logboom.input.tail;

import io.logboom.api.plugin.Backlog;
import io.logboom.api.plugin.StartException;
import io.logboom.core.config.Binder;
import io.logboom.core.config.MultilineDefinition;
import io.logboom.core.multiline.ConfiguredMultilines;
import io.logboom.testkit.TestContext;
import io.logboom.testkit.TestIntake;
import io.logboom.testkit.TestIntake.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A tail input without threads: it looks and reads when the test says so, and time passes when the
 * test says so. It can be stopped in order, or killed: then what was saved last is all that is
 * left.
 */
final class Follower {
  private static final Pattern LOG =
      Pattern.compile("\"(?:log|message)\":\"((?:[^\"\\\\]++|\\\\.)*+)\"");

  private final Path state;
  private final String[] options;
  private final int slab;
  private final boolean settleAtOnce;
  private final ConfiguredMultilines multilines;
  private final List<Entry> before = new ArrayList<>();
  private TestContext context;
  private TestIntake intake;
  private TailParts parts;
  private long now = TimeUnit.HOURS.toNanos(1);

  private Follower(
      Path state,
      int slab,
      boolean settleAtOnce,
      List<MultilineDefinition> multilines,
      String... options) {
    this.state = state;
    this.multilines = new ConfiguredMultilines(multilines);
    this.slab = slab;
    this.settleAtOnce = settleAtOnce;
    this.options = options;
  }

  /** A follower whose batches are settled at once. */
  static Follower start(Path state, String... options) {
    return new Follower(state, 256 * 1024, true, List.of(), options).begin();
  }

  /** A follower with small slabs, so that little text fills many. */
  static Follower small(Path state, int slab, String... options) {
    return new Follower(state, slab, true, List.of(), options).begin();
  }

  /** A follower whose batches the test settles. */
  static Follower holding(Path state, String... options) {
    return new Follower(state, 256 * 1024, false, List.of(), options).begin();
  }

  /** A follower with small slabs, whose batches the test settles. */
  static Follower smallHolding(Path state, int slab, String... options) {
    return new Follower(state, slab, false, List.of(), options).begin();
  }

  /** A follower with multiline parsers of the configuration. */
  static Follower joining(Path state, List<MultilineDefinition> multilines, String... options) {
    return new Follower(state, 256 * 1024, true, multilines, options).begin();
  }

  private Follower begin() {
    String[] all = new String[options.length + 2];
    System.arraycopy(options, 0, all, 0, options.length);
    all[options.length] = "inotify_watcher";
    all[options.length + 1] = "off";
    context = new TestContext(state, slab, 16 << 20);
    for (String name : multilines.names()) {
      context.multiline(Objects.requireNonNull(multilines.find(name)));
    }
    intake = new TestIntake(context, settleAtOnce);
    try {
      parts = TailParts.of(Binder.bind(TailConfig.class, all), context, Map.of("HOSTNAME", "me"));
    } catch (StartException e) {
      throw new AssertionError(e);
    }
    parts.begin(intake);
    return this;
  }

  TestIntake intake() {
    return intake;
  }

  TestContext context() {
    return context;
  }

  /** Looks at names once. */
  void look() {
    now += TimeUnit.MILLISECONDS.toNanos(300);
    try {
      parts.watch(1, now);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Reads all that there is, and gives it away. */
  void read() {
    try {
      for (int i = 0; i < 3; i++) {
        now += TimeUnit.MILLISECONDS.toNanos(300);
        while (parts.read(now) == 0) {
          now++;
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Lets time pass, then reads what there is. */
  Follower step(long millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
    try {
      parts.watch(0, now);
      while (parts.read(now) == 0) {
        now++;
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return this;
  }

  /** One turn for each file. */
  void round() {
    now += TimeUnit.MILLISECONDS.toNanos(60);
    try {
      parts.read(now);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Looks, reads, and looks and reads again for what only showed then. */
  Follower pass() {
    for (int i = 0; i < 3; i++) {
      look();
      read();
    }
    parts.checkpoint(now);
    return this;
  }

  void backlog(Backlog to) {
    parts.backlog(to, now);
  }

  void pause(long seconds) {
    now += TimeUnit.SECONDS.toNanos(seconds);
  }

  /** Writes down at once what is settled by now. */
  void journal() {
    parts.journal();
  }

  void checkpoint() {
    now += TimeUnit.SECONDS.toNanos(2);
    parts.checkpoint(now);
  }

  /** Takes in all that there is: the files will not grow any more. */
  void conclude() {
    parts.conclude();
    handOver();
  }

  /** Gives away what is open, as a stop does. */
  void handOver() {
    try {
      parts.finishReading(now);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** For how long nothing has happened at the files. */
  long quietMillis() {
    return TimeUnit.NANOSECONDS.toMillis(parts.quietNanos(now));
  }

  void undelivered(Backlog to) {
    parts.undelivered(to);
  }

  /** Stops in order. */
  void stop() {
    handOver();
    parts.close();
    before.addAll(intake.entries());
  }

  /** Stops as kill -9 does: nothing is handed over or saved any more. */
  void kill() throws IOException {
    Map<Path, byte[]> saved = new HashMap<>();
    for (Path each : saved()) {
      saved.put(each, Files.readAllBytes(each));
    }
    parts.close();
    for (Path each : saved()) {
      Files.delete(each);
    }
    for (Map.Entry<Path, byte[]> each : saved.entrySet()) {
      Files.write(each.getKey(), each.getValue());
    }
    before.addAll(intake.entries());
  }

  private List<Path> saved() throws IOException {
    try (Stream<Path> all = Files.list(state)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  Follower restart() {
    stop();
    return begin();
  }

  Follower crash() throws IOException {
    kill();
    return begin();
  }

  /** All that came, over restarts. */
  List<Entry> entries() {
    List<Entry> all = new ArrayList<>(before);
    all.addAll(intake.entries());
    return all;
  }

  /** The text of each record. */
  List<String> texts() {
    return entries().stream().map(e -> text(e.json())).toList();
  }

  static String text(String json) {
    Matcher found = LOG.matcher(json);
    if (!found.find()) {
      throw new AssertionError("no text in " + json);
    }
    return found.group(1);
  }

  long count(TailMeter meter, String... labels) {
    return context.meters().count(meter, labels);
  }

  double value(TailMeter meter) {
    return context.meters().value(meter);
  }
}
