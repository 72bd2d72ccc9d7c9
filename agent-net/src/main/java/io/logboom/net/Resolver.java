package io.logboom.net;

import io.logboom.api.meter.Counter;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Names to addresses. A lookup runs on a thread of its own, one at a time for each name, since the
 * system's resolver may hang; who asks waits no longer than it wants to. What was found counts for
 * {@link #FRESH}, and beyond that for as long as nothing newer can be found.
 */
public final class Resolver {
  /** How long an answer is not asked for again. */
  static final Duration FRESH = Duration.ofSeconds(5);

  /** Asks the system; may block. */
  public interface Lookup {
    InetAddress[] lookup(String host) throws UnknownHostException;
  }

  /**
   * The system's resolver, asked each time: the JDK's own memory of answers, which would hide a
   * change for half a minute, is off.
   */
  public static final Lookup SYSTEM = system();

  private static Lookup system() {
    // Looked at by the JDK when it looks up its first name.
    Security.setProperty("networkaddress.cache.ttl", "0");
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
    return InetAddress::getAllByName;
  }

  private record Known(List<InetAddress> addresses, long atNanos) {}

  private final Lookup lookup;
  private final NetOptions.Dns options;
  private final Counter failures;
  private final Map<String, Known> known = new HashMap<>();
  private final Map<String, CompletableFuture<List<InetAddress>>> running = new HashMap<>();

  public Resolver(Lookup lookup, NetOptions.Dns options, Counter failures) {
    this.lookup = lookup;
    this.options = options;
    this.failures = failures;
  }

  /**
   * The host's addresses, at least one, the preferred ones first.
   *
   * @throws UnknownHostException where there are none, or none came in time and none are known
   */
  public List<InetAddress> resolve(String host, Duration patience)
      throws UnknownHostException, InterruptedException {
    CompletableFuture<List<InetAddress>> answer;
    Known last;
    synchronized (known) {
      last = known.get(host);
      if (last != null && System.nanoTime() - last.atNanos < FRESH.toNanos()) {
        return last.addresses;
      }
      CompletableFuture<List<InetAddress>> now = running.get(host);
      if (now == null) {
        now = new CompletableFuture<>();
        running.put(host, now);
        ask(host, now);
      }
      answer = now;
    }
    try {
      return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return stale(last, "no answer within " + patience.toMillis() + " ms", host);
    } catch (ExecutionException e) {
      return stale(last, "unknown host", host);
    }
  }

  private List<InetAddress> stale(@Nullable Known last, String why, String host)
      throws UnknownHostException {
    failures.add(1);
    if (last != null) {
      return last.addresses;
    }
    throw new UnknownHostException(host + ": " + why);
  }

  private void ask(String host, CompletableFuture<List<InetAddress>> answer) {
    Thread.ofPlatform()
        .daemon()
        .name("dns " + host)
        .start(
            () -> {
              try {
                List<InetAddress> found = ordered(lookup.lookup(host));
                synchronized (known) {
                  known.put(host, new Known(found, System.nanoTime()));
                  running.remove(host);
                }
                answer.complete(found);
              } catch (UnknownHostException | RuntimeException e) {
                synchronized (known) {
                  running.remove(host);
                }
                answer.completeExceptionally(e);
              }
            });
  }

  private List<InetAddress> ordered(InetAddress[] found) throws UnknownHostException {
    if (found.length == 0) {
      throw new UnknownHostException("no address");
    }
    List<InetAddress> list = new ArrayList<>(Arrays.asList(found));
    Comparator<InetAddress> v4First =
        Comparator.comparing(a -> a instanceof Inet4Address ? 0 : 1, Integer::compare);
    if (options.preferIpv4()) {
      list.sort(v4First);
    } else if (options.preferIpv6()) {
      list.sort(v4First.reversed());
    }
    return List.copyOf(list);
  }
}
