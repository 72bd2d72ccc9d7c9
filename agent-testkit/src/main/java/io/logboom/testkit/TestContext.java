package io.logboom.testkit;

import io.logboom.api.batch.Batches;
import io.logboom.api.batch.Names;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Multilines;
import io.logboom.api.plugin.Parser;
import io.logboom.api.plugin.Parsers;
import io.logboom.api.text.Multiline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A context for a plugin that is tested alone. Parsers, clock and memory are what the test sets;
 * meters can be read.
 */
public final class TestContext implements Context {
  private final Path state;
  private final Names names = new Names();
  private final TestMeters meters = new TestMeters();
  private final TestBatches batches;
  private final Map<String, Supplier<Parser>> parsers = new LinkedHashMap<>();
  private final Map<String, Multiline> multilines = new LinkedHashMap<>();
  private InstantSource clock = InstantSource.system();
  private Duration flush = Duration.ofMillis(100);
  private int workers = 1;

  /**
   * @param state where {@link #stateDirectory} is, usually the test's temporary directory
   */
  public TestContext(Path state) {
    this(state, 256 * 1024, 64 << 20);
  }

  public TestContext(Path state, int slabBytes, int budgetBytes) {
    this.state = state;
    this.batches = new TestBatches(slabBytes, budgetBytes);
  }

  public TestContext parser(String name, Supplier<Parser> make) {
    parsers.put(name, make);
    return this;
  }

  public TestContext multiline(Multiline multiline) {
    multilines.put(multiline.name(), multiline);
    return this;
  }

  public TestContext clock(InstantSource value) {
    clock = value;
    return this;
  }

  public TestContext flush(Duration value) {
    flush = value;
    return this;
  }

  public TestContext workers(int value) {
    workers = value;
    return this;
  }

  @Override
  public String name() {
    return "test.0";
  }

  @Override
  public Path stateDirectory() {
    try {
      return Files.createDirectories(state);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Batches batches() {
    return batches;
  }

  /** The bytes that opened and not yet discarded batches hold; 0 when nothing leaks. */
  public TestBatches testBatches() {
    return batches;
  }

  @Override
  public Names names() {
    return names;
  }

  @Override
  public Parsers parsers() {
    return new Parsers() {
      @Override
      public @Nullable Parser find(String name) {
        Supplier<Parser> make = parsers.get(name);
        return make == null ? null : make.get();
      }

      @Override
      public Collection<String> names() {
        return parsers.keySet();
      }
    };
  }

  @Override
  public Multilines multilines() {
    return new Multilines() {
      @Override
      public @Nullable Multiline find(String name) {
        return multilines.get(name);
      }

      @Override
      public Collection<String> names() {
        return multilines.keySet();
      }
    };
  }

  @Override
  public TestMeters meters() {
    return meters;
  }

  @Override
  public InstantSource clock() {
    return clock;
  }

  @Override
  public Duration flush() {
    return flush;
  }

  @Override
  public int workers() {
    return workers;
  }
}
