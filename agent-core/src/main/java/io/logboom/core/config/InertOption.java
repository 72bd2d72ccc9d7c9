package io.logboom.core.config;

import io.logboom.api.config.ByteSize;
import io.logboom.api.config.Option.Unit;
import java.time.Duration;
import java.util.List;

/**
 * An option of Fluent Bit that has no meaning here, and is accepted so that a configuration need
 * not be changed. Its value is checked all the same. One that differs from Fluent Bit's default is
 * mentioned once; where no default is given, any is.
 *
 * @param preset Fluent Bit's default; empty for none
 * @param why why it has no meaning, as a clause
 */
record InertOption(String name, ValueType type, String preset, String why) {
  private static final String ONE_BUDGET =
      "buffer.memory in the service section bounds the memory of all records, and inputs wait when"
          + " it is used up";
  private static final String SPOOLED =
      "the spool is on by default and bounded by buffer.spool_limit";
  private static final String ALWAYS_SPOOLED =
      "what an output cannot take waits in memory first, then on disk, whatever the input;"
          + " buffer.spool off in the service section keeps it in memory, and"
          + " storage.total_limit_size of an output bounds what it has on disk";
  private static final String SYNCED =
      "a record counts as kept only when the disk has flushed it, which is what full asks for";
  private static final String SPOOL_SAFE =
      "the spool always has checksums and is flushed before a record counts as kept";
  private static final String READ_AHEAD = "what is read back from the spool is bounded";
  private static final String NO_ENGINE_THREAD = "the thread model is another one";
  private static final String UTF_8 = "JSON is written as UTF-8";
  private static final String ONE_LEVEL =
      "the service's log_level holds for all, and a repeated message is logged once";
  private static final String REPEATS = "a repeated message is logged once and then counted";

  static final List<InertOption> SERVICE =
      List.of(
          bool("daemon", "false", "the agent stays in the foreground; let the init system run it"),
          text("plugins_file", "", "shared objects cannot be loaded; all plugins are built in"),
          bool("flush.adaptive", "false", "flush is a bound; a full unit is sent at once"),
          number("flush.adaptive.min_interval", "0.5", "there is no flush.adaptive"),
          number("flush.adaptive.max_interval", "2.0", "there is no flush.adaptive"),
          number("flush.adaptive.low_pressure", "25", "there is no flush.adaptive"),
          number("flush.adaptive.medium_pressure", "50", "there is no flush.adaptive"),
          number("flush.adaptive.high_pressure", "75", "there is no flush.adaptive"),
          number("flush.adaptive.up_steps", "2", "there is no flush.adaptive"),
          number("flush.adaptive.down_steps", "3", "there is no flush.adaptive"),
          bool("hot_reload.ensure_thread_safety", "true", "a reload is always safe"),
          of(StorageSync.class, "storage.sync", "normal", SYNCED),
          bool("storage.checksum", "false", SPOOL_SAFE),
          bool("storage.metrics", "true", "metrics are always on"),
          number("storage.max_chunks_up", "128", ONE_BUDGET),
          size("storage.backlog.mem_limit", "100M", READ_AHEAD),
          bool(
              "storage.backlog.flush_on_shutdown",
              "false",
              "a stop delivers what it can within grace"),
          bool(
              "storage.delete_irrecoverable_chunks",
              "false",
              "damaged parts of the spool are put aside and counted"),
          bool("storage.trim_files", "false", SPOOLED),
          of(StorageType.class, "storage.type", "", ALWAYS_SPOOLED),
          bool("storage.inherit", "false", SPOOLED),
          text("dns.mode", "", "names are resolved by the platform"),
          text("dns.resolver", "", "names are resolved by the platform"),
          bool("dns.prefer_ipv4", "false", "names are resolved by the platform"),
          bool("dns.prefer_ipv6", "false", "names are resolved by the platform"),
          bool("json.convert_nan_to_null", "false", "JSON has no NaN and none is written"),
          bool("json.escape_unicode", "true", UTF_8),
          binary("multiline_buffer_limit", "2M", ONE_BUDGET),
          bool("enable_chunk_trace", "false", "there are no chunks"),
          size("coro_stack_size", "24576", "there are no coroutines"),
          bool("sp.convert_from_str_to_num", "true", "there is no stream processor"),
          bool("security.fips_mode", "false", "the platform's security providers decide"));

  static final List<InertOption> INPUT =
      List.of(
          of(LogLevel.class, "log_level", "", ONE_LEVEL),
          text("log_suppress_interval", "0", REPEATS),
          bool("routable", "true", "records go where a match takes them"),
          size("mem_buf_limit", "0", ONE_BUDGET),
          of(StorageType.class, "storage.type", "", ALWAYS_SPOOLED),
          bool("storage.pause_on_chunks_overlimit", "false", ONE_BUDGET),
          bool("threaded", "false", NO_ENGINE_THREAD),
          number("thread.ring_buffer.capacity", "1024", NO_ENGINE_THREAD),
          number("thread.ring_buffer.window", "5", NO_ENGINE_THREAD),
          duration("rate_window", "1s", "there is no rate_gate yet"),
          bool("rate_gate", "false", "there is no rate_gate yet"),
          size("rate_gate.max_bytes", "0", "there is no rate_gate yet"),
          number("rate_gate.max_records", "0", "there is no rate_gate yet"),
          bool("rate_gate.backpressure", "true", "there is no rate_gate yet"),
          number("rate_gate.resume_ratio", "0.80", "there is no rate_gate yet"),
          bool("active", "true", "Fluent Bit does not use it either"),
          text("condition", "", "Fluent Bit does not use it either"));

  static final List<InertOption> FILTER =
      List.of(
          of(LogLevel.class, "log_level", "", ONE_LEVEL),
          text("log_suppress_interval", "0", REPEATS),
          bool("active", "true", "Fluent Bit does not use it either"),
          text("condition", "", "Fluent Bit does not use it either"));

  static final List<InertOption> OUTPUT =
      List.of(
          of(LogLevel.class, "log_level", "", ONE_LEVEL),
          text("log_suppress_interval", "0", REPEATS),
          bool("active", "true", "Fluent Bit does not use it either"),
          text("condition", "", "Fluent Bit does not use it either"));

  private static InertOption of(Class<?> type, String name, String preset, String why) {
    return new InertOption(name, ValueType.of(type), preset, why);
  }

  private static InertOption bool(String name, String preset, String why) {
    return of(boolean.class, name, preset, why);
  }

  private static InertOption number(String name, String preset, String why) {
    return of(double.class, name, preset, why);
  }

  private static InertOption text(String name, String preset, String why) {
    return of(String.class, name, preset, why);
  }

  private static InertOption size(String name, String preset, String why) {
    return of(ByteSize.class, name, preset, why);
  }

  private static InertOption duration(String name, String preset, String why) {
    return of(Duration.class, name, preset, why);
  }

  private static InertOption binary(String name, String preset, String why) {
    ValueType binary =
        new ValueType(ByteSize.class, "size", List.of(), (t, _) -> Quantities.size(t, Unit.BINARY));
    return new InertOption(name, binary, preset, why);
  }

  /** How Fluent Bit's inputs keep what waits. */
  enum StorageType {
    MEMORY,
    FILESYSTEM,
    MEMRB
  }

  /** How Fluent Bit flushes what it keeps on disk. */
  enum StorageSync {
    NORMAL,
    FULL
  }

  /**
   * Whether the value says something else than Fluent Bit's default.
   *
   * @throws BadValueException where it is against the syntax
   */
  boolean differs(String text) {
    Object value = type.reader().apply(text, Unit.DEFAULT);
    return preset.isEmpty() || !type.reader().apply(preset, Unit.DEFAULT).equals(value);
  }
}
