package io.logboom.input.forward;

import io.logboom.api.meter.Counter;
import io.logboom.api.meter.Meters;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The counters, looked up once. */
final class ForwardCounters {
  final Counter accepted;
  final Counter bytes;
  final Counter records;
  final Counter acks;
  final Counter notAcked;
  final Counter lost;
  final Counter metrics;
  final Counter traces;
  final Counter otherSignals;
  final Counter repaired;
  final Counter base64;
  final Counter pauses;
  final Counter faults;
  final AtomicInteger open = new AtomicInteger();
  final AtomicInteger paused = new AtomicInteger();
  final AtomicLong unfinished = new AtomicLong();
  private final Map<Fault, Counter> closed = new EnumMap<>(Fault.class);

  ForwardCounters(Meters meters) {
    accepted = meters.counter(ForwardMeter.ACCEPTED);
    bytes = meters.counter(ForwardMeter.RECEIVED_BYTES);
    records = meters.counter(ForwardMeter.RECEIVED_RECORDS);
    acks = meters.counter(ForwardMeter.ACKS);
    notAcked = meters.counter(ForwardMeter.NOT_ACKED);
    lost = meters.counter(ForwardMeter.LOST);
    metrics = meters.counter(ForwardMeter.REFUSED, "signal", "metrics");
    traces = meters.counter(ForwardMeter.REFUSED, "signal", "traces");
    otherSignals = meters.counter(ForwardMeter.REFUSED, "signal", "other");
    repaired = meters.counter(ForwardMeter.REPAIRED);
    base64 = meters.counter(ForwardMeter.BASE64);
    faults = meters.counter(ForwardMeter.FAULTS);
    pauses = meters.counter(ForwardMeter.PAUSES);
    for (Fault fault : Fault.values()) {
      closed.put(fault, meters.counter(ForwardMeter.CLOSED, "reason", fault.label));
    }
    meters.gauge(ForwardMeter.CONNECTIONS, open::get);
    meters.gauge(ForwardMeter.PAUSED, paused::get);
    meters.gauge(ForwardMeter.UNFINISHED, unfinished::get);
  }

  void closed(Fault fault) {
    Counter counter = closed.get(fault);
    if (counter != null) {
      counter.add(1);
    }
  }
}
