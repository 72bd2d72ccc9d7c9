package io.logboom.aws;

import io.logboom.api.meter.Counter;
import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.StartException;

/**
 * An output's hold on its credentials. All outputs of one identity share one source, which is asked
 * once for all of them, ahead of the session's end; the last one to close ends it. Safe for all
 * threads.
 *
 * <pre>
 * Credentials used = credentials.current();
 * ... signer.sign(request, host, Payload.of(body), used) ...
 * if (AwsError.of(response, text).isExpired()) {
 *   credentials.rejected(used);
 * }
 * </pre>
 */
public final class AwsCredentials implements AutoCloseable {
  private final SharedSource source;
  private final Meters meters;
  private final Counter rejected;
  private final SharedSource.Listener listener;
  private boolean closed;

  private AwsCredentials(SharedSource source, Meters meters) {
    this.source = source;
    this.meters = meters;
    this.rejected = meters.counter(AwsMeter.REJECTED);
    Counter refreshes = meters.counter(AwsMeter.REFRESHES);
    Counter failures = meters.counter(AwsMeter.FAILURES);
    this.listener =
        new SharedSource.Listener() {
          @Override
          public void fetched() {
            refreshes.add(1);
          }

          @Override
          public void failed() {
            failures.add(1);
          }
        };
    source.listen(listener);
    meters.gauge(AwsMeter.AGE, source::ageSeconds);
    meters.gauge(AwsMeter.LEFT, source::leftSeconds);
  }

  /**
   * Takes hold of the source for these options. Asks nobody yet, and starts no thread.
   *
   * @param meters those of the output, which get the source's
   * @throws StartException where the options cannot work: an endpoint that is no URL, no region
   *     where one is needed
   */
  public static AwsCredentials acquire(AwsOptions options, Meters meters) throws StartException {
    return new AwsCredentials(SharedSource.acquire(SharedSource.Identity.of(options)), meters);
  }

  /**
   * What to sign with now. Waits only where there are none yet, or where those that there are have
   * ended or were {@link #rejected}.
   *
   * @throws CredentialsFailure where there are none now: nothing was sent, and is sent again later
   */
  public Credentials current() throws CredentialsFailure, InterruptedException {
    return source.current();
  }

  /**
   * A service said that these have expired or are none that it knows: the source is asked at once
   * for others, and once, however many outputs say so. {@link #current} waits for them.
   */
  public void rejected(Credentials used) {
    rejected.add(1);
    source.rejected(used);
  }

  /** Lets go. Safe when repeated. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    meters.remove(AwsMeter.AGE);
    meters.remove(AwsMeter.LEFT);
    source.forget(listener);
    SharedSource.release(source);
  }
}
