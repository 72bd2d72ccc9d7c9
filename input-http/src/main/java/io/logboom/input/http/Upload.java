package io.logboom.input.http;

import io.logboom.api.batch.Origin;
import io.logboom.api.plugin.Settlement;
import io.logboom.net.ingest.Answer;
import io.logboom.net.ingest.Exchange;
import io.logboom.net.ingest.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A request whose records are on their way: it is answered when all batches with records of it are
 * done. Its lane's alone.
 */
final class Upload {
  private final Lane lane;
  private final Exchange exchange;
  private final ContentCoding coding;
  private final BodyType type;
  private final Origins.Client client;
  private final byte[] path;
  private final long nanos;
  private @Nullable Origin pathOrigin;
  private boolean begun;
  private boolean holdsRecord;
  private int pending;
  private boolean ended;
  private boolean failed;
  private boolean over;

  /**
   * @param path the request's, behind its first slash
   * @param nanos the records' time
   */
  Upload(
      Lane lane,
      Exchange exchange,
      ContentCoding coding,
      BodyType type,
      Origins.Client client,
      byte[] path,
      long nanos) {
    this.lane = lane;
    this.exchange = exchange;
    this.coding = coding;
    this.type = type;
    this.client = client;
    this.path = path;
    this.nanos = nanos;
  }

  /** Whether it waits for longer than so long, in vain if nobody asks for it. */
  boolean isOverdue(long now, long nanosToWait) {
    return exchange.isAnswered() || now - exchange.sinceNanos() > nanosToWait;
  }

  /**
   * Puts its records into batches; again where there was no room before.
   *
   * @return whether that is over
   */
  boolean proceed() {
    if (exchange.isAnswered()) {
      giveUp(null);
      return true;
    }
    Bodies bodies = lane.bodies();
    if (begun) {
      bodies.resume(exchange);
    } else {
      begun = true;
      Answer refusal = bodies.begin(exchange, coding, type);
      if (refusal != null) {
        giveUp(refusal);
        return true;
      }
    }
    while (holdsRecord || bodies.next()) {
      holdsRecord = true;
      if (!lane.add(bodies, origin(bodies), bodies.nanos(nanos), this)) {
        return false;
      }
      holdsRecord = false;
    }
    bodies.end();
    exchange.dropBody();
    ended = true;
    conclude();
    lane.awaited();
    return true;
  }

  private Origin origin(Bodies bodies) {
    Origin own = lane.tagged(bodies, client);
    if (own != null) {
      return own;
    }
    Origin known = pathOrigin;
    if (known == null) {
      Origins origins = lane.origins();
      known = path.length == 0 ? origins.plain(client) : origins.of(path, 0, path.length, client);
      pathOrigin = known;
    }
    return known;
  }

  /**
   * Takes no further record of it.
   *
   * @param answer what the client is told; null where nobody is there
   */
  void giveUp(@Nullable Answer answer) {
    if (begun && !ended) {
      lane.bodies().end();
    }
    ended = true;
    if (answer != null) {
      exchange.answer(answer);
    }
    conclude();
  }

  /** A batch with records of it will be given away. */
  void enters() {
    pending++;
  }

  /** One of the batches that it entered is settled. */
  void settled(Settlement settlement) {
    pending--;
    failed |= settlement == Settlement.AGAIN;
    conclude();
  }

  private void conclude() {
    if (ended && pending == 0 && !over) {
      over = true;
      lane.over();
      exchange.answer(
          failed
              ? Answer.later(Reason.NOT_DELIVERED, "records were not delivered; send them again")
              : lane.success());
    }
  }
}
