package io.logboom.core.deadletter;

import io.logboom.api.batch.Batch;
import io.logboom.core.codec.BatchCodec;
import io.logboom.core.codec.DamagedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What commands have asked for. A request's file stays until all that it asks for is done, so that
 * a process that ends in between goes on where it was. Used under the lock of {@link DeadLetters}.
 */
final class Replays {
  private static final Logger LOG = LoggerFactory.getLogger(Replays.class);

  private final LetterStore store;
  private final Requests requests;
  private final BatchCodec codec;
  private final LetterFile reader = new LetterFile();
  private final Map<String, Wanted> active = new TreeMap<>();
  private final Set<Long> underway = new HashSet<>();

  Replays(LetterStore store, Requests requests, BatchCodec codec) {
    this.store = store;
    this.requests = requests;
    this.codec = codec;
  }

  /** A letter on its way. */
  record Taken(
      Wanted request, String output, Wanted.@Nullable Line line, Wanted.Place place, Batch batch) {
    long id() {
      return place.id();
    }
  }

  /** Does what takes no output: drops. Requests for a replay stay for an agent. */
  void drop() throws IOException {
    takeUp(false);
  }

  /** Takes up new requests and ends those that are done. */
  void look(Collection<String> outputs) throws IOException {
    takeUp(true);
    for (Wanted wanted : active.values()) {
      wanted.outputs(outputs);
      if (wanted.isHungry()) {
        lookUp(wanted);
      }
    }
    // Before the requests go: what they removed must not come back.
    store.sweep();
    for (String name : new ArrayList<>(active.keySet())) {
      Wanted wanted = active.get(name);
      if (wanted != null && wanted.isDone()) {
        requests.done(name);
        active.remove(name);
      }
    }
  }

  private void takeUp(boolean inAgent) throws IOException {
    for (String name : requests.names()) {
      Request request = active.containsKey(name) ? null : read(name);
      if (request == null) {
        continue;
      }
      switch (request.action()) {
        case DROP -> {
          if (inAgent) {
            LOG.info("an operator drops dead letters {}", request.ids().toShortText());
          }
          drop(request.ids());
          store.sweep();
          requests.done(name);
        }
        case REPLAY -> {
          if (inAgent) {
            LOG.info("an operator has dead letters {} sent again", request.ids().toShortText());
            active.put(name, new Wanted(request.ids()));
          }
        }
      }
    }
  }

  private @Nullable Request read(String name) throws IOException {
    try {
      return requests.read(name);
    } catch (IllegalArgumentException e) {
      LOG.warn("{} is put aside, it is no request: {}", name, e.getMessage());
      requests.refuse(name);
      return null;
    }
  }

  private void drop(IdSet ids) throws IOException {
    for (Segment segment : store.segments()) {
      for (long id = segment.name().first(); id < segment.next(); id++) {
        if (segment.has(id) && ids.contains(id)) {
          segment.remove(id);
        }
      }
    }
  }

  /** Finds the letters that come next. */
  private void lookUp(Wanted wanted) throws IOException {
    Collection<Wanted.Line> hungry = wanted.hungry();
    long from = wanted.from(hungry);
    for (Segment segment : store.segments()) {
      if (segment.next() > from && wants(wanted, segment)) {
        LetterScan scan = new LetterScan(segment.letters(), segment.name());
        while (scan.next()) {
          if (wanted.isFull(hungry)) {
            return;
          }
          if (scan.id() >= from && segment.has(scan.id()) && wanted.wants(scan.id())) {
            found(wanted, segment, scan, hungry);
          }
        }
      }
    }
    wanted.lookedUpAll(hungry);
  }

  private static boolean wants(Wanted wanted, Segment segment) {
    for (long id = segment.name().first(); id < segment.next(); id++) {
      if (segment.has(id) && wanted.wants(id)) {
        return true;
      }
    }
    return false;
  }

  private void found(
      Wanted wanted, Segment segment, LetterScan scan, Collection<Wanted.Line> hungry)
      throws IOException {
    boolean first = wanted.isNew(scan.id());
    String output;
    try {
      output = reader.envelope(segment.letters(), scan.offset()).output();
    } catch (DamagedException e) {
      if (first) {
        damaged(scan.id(), e);
      }
      return;
    }
    Wanted.Place place = new Wanted.Place(scan.id(), segment.name(), scan.offset());
    if (!wanted.found(output, place, hungry)) {
      LOG.warn("dead letters of {} cannot be replayed: there is no such output now", output);
    }
  }

  private void damaged(long id, DamagedException e) {
    store.countDamaged();
    LOG.error("dead letter {} cannot be read: {}", id, e.getMessage());
  }

  /** The letter of the output that comes next; null where there is none, or no memory now. */
  @Nullable Taken next(String output, ReplayMemory memory) throws IOException {
    for (Wanted wanted : active.values()) {
      Wanted.Line line = wanted.line(output);
      for (Wanted.Place place = wanted.next(output); place != null; place = wanted.next(output)) {
        Segment segment = store.find(place.id());
        if (segment == null || underway.contains(place.id())) {
          wanted.settled(line);
          continue;
        }
        boolean comesAgain = true;
        try {
          Batch batch = reader.record(segment.letters(), place.offset(), codec, memory);
          if (batch == null) {
            return null;
          }
          comesAgain = false;
          underway.add(place.id());
          return new Taken(wanted, output, line, place, batch);
        } catch (DamagedException e) {
          comesAgain = false;
          damaged(place.id(), e);
          wanted.settled(line);
        } catch (IllegalArgumentException e) {
          comesAgain = false;
          LOG.error("dead letter {} cannot be replayed: {}", place.id(), e.getMessage());
          wanted.settled(line);
        } finally {
          if (comesAgain) {
            wanted.giveBack(output, line, place);
          }
        }
      }
    }
    return null;
  }

  void settle(Taken taken, boolean arrived) throws IOException {
    underway.remove(taken.id());
    if (arrived) {
      taken.request().settled(taken.line());
      store.countReplayed();
      store.remove(taken.id());
    } else {
      taken.request().giveBack(taken.output(), taken.line(), taken.place());
    }
  }
}
