package io.logboom.input.http;

import io.logboom.api.meter.Counter;
import io.logboom.api.meter.Meters;
import io.logboom.net.ingest.Reason;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The counters, looked up once. */
final class HttpCounters {
  private static final List<Integer> STATUSES =
      List.of(200, 201, 204, 400, 401, 405, 408, 413, 414, 415, 417, 431, 500, 501, 503, 505);

  final Counter accepted;
  final Counter bytes;
  final Counter records;
  final Counter mended;
  final Counter pauses;
  final Counter faults;
  final AtomicInteger open = new AtomicInteger();
  final AtomicInteger underWay = new AtomicInteger();
  final AtomicInteger paused = new AtomicInteger();
  final AtomicLong held = new AtomicLong();
  private final Map<Reason, Counter> closed = new EnumMap<>(Reason.class);
  private final Map<Reason, Counter> rejected = new EnumMap<>(Reason.class);
  private final Map<Integer, Counter> requests = new HashMap<>();

  HttpCounters(Meters meters) {
    accepted = meters.counter(HttpMeter.ACCEPTED);
    bytes = meters.counter(HttpMeter.RECEIVED_BYTES);
    records = meters.counter(HttpMeter.RECEIVED_RECORDS);
    mended = meters.counter(HttpMeter.MENDED);
    pauses = meters.counter(HttpMeter.PAUSES);
    faults = meters.counter(HttpMeter.FAULTS);
    for (Reason each : Reason.values()) {
      closed.put(each, meters.counter(HttpMeter.CLOSED, "reason", each.label()));
      if (each != Reason.NONE) {
        rejected.put(each, meters.counter(HttpMeter.REJECTED, "reason", each.label()));
      }
    }
    for (int each : STATUSES) {
      requests.put(each, meters.counter(HttpMeter.REQUESTS, "status", Integer.toString(each)));
    }
    meters.gauge(HttpMeter.CONNECTIONS, open::get);
    meters.gauge(HttpMeter.UNDER_WAY, underWay::get);
    meters.gauge(HttpMeter.PAUSED, paused::get);
    meters.gauge(HttpMeter.HELD, held::get);
  }

  void closed(Reason reason) {
    add(closed.get(reason));
  }

  void answered(int status, Reason reason) {
    add(requests.get(status));
    add(rejected.get(reason));
  }

  private static void add(@Nullable Counter counter) {
    if (counter != null) {
      counter.add(1);
    }
  }
}
