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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names to addresses. A look-up runs on a thread of its own, since the system's resolver may hang;
 * who asks waits no longer than it wants to. What was found counts for a while ({@code
 * net.dns.refresh}), and beyond that for as long as nothing newer can be found.
 */
public final class Resolver {
  private static final Logger LOG = LoggerFactory.getLogger(Resolver.class);

  /** A look-up without an answer for so long is joined by another one: the first may be lost. */
  private static final Duration HANGS = Duration.ofSeconds(3);

  /** The most look-ups of one name at a time. */
  private static final int MOST_AT_ONCE = 3;

  /** How old an answer must be before a connection that failed brings it into doubt. */
  private static final Duration DOUBTFUL = Duration.ofMillis(500);

  /** What is used of an answer. */
  private static final int MOST_ADDRESSES = 64;

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

  private final Lookup lookup;
  private final NetOptions.Dns options;
  private final Counter failures;

  public Resolver(Lookup lookup, NetOptions.Dns options, Counter failures) {
    this.lookup = lookup;
    this.options = options;
    this.failures = failures;
  }

  /** A host's name, to be looked up as long as it is used; an address stands for itself. */
  public Name name(String host) {
    try {
      return new Name(host, List.of(InetAddress.ofLiteral(host)));
    } catch (IllegalArgumentException e) {
      return new Name(host, null);
    }
  }

  /** One name and what is known of it. Safe for all threads. */
  public final class Name {
    private final String host;
    private final boolean fixed;
    private @Nullable List<InetAddress> addresses;
    private long answeredNanos;
    private boolean doubted;
    private @Nullable CompletableFuture<List<InetAddress>> running;
    private long lastAskedNanos;
    private int asking;
    private boolean failing;

    private Name(String host, @Nullable List<InetAddress> literal) {
      this.host = host;
      this.fixed = literal != null;
      this.addresses = literal;
    }

    public String host() {
      return host;
    }

    /**
     * The addresses as far as they are known, the same list until they change; null where none are:
     * {@link #await} looks then. Has them looked up where that was long ago, and does not wait.
     */
    public synchronized @Nullable List<InetAddress> known(long nowNanos) {
      if (!fixed && addresses != null && !isFresh(nowNanos)) {
        var _ = ask(nowNanos);
      }
      return addresses;
    }

    private boolean isFresh(long nowNanos) {
      if (addresses == null) {
        return false;
      }
      long age = nowNanos - answeredNanos;
      return age < options.refresh().toNanos() && (!doubted || age < DOUBTFUL.toNanos());
    }

    /** A connection to one of the addresses failed: the next one to ask has them looked up. */
    public synchronized void doubt() {
      doubted = true;
    }

    /**
     * Addresses that are known to be right now, at least one, the preferred ones first.
     *
     * @throws UnknownHostException where there are none, or none came in time and none are known
     */
    public List<InetAddress> await(Duration patience)
        throws UnknownHostException, InterruptedException {
      long deadline = System.nanoTime() + patience.toNanos();
      while (true) {
        CompletableFuture<List<InetAddress>> answer;
        long now = System.nanoTime();
        synchronized (this) {
          List<InetAddress> sure = addresses;
          if (sure != null && (fixed || isFresh(now))) {
            return sure;
          }
          answer = ask(now);
        }
        long left = deadline - now;
        try {
          return answer.get(Math.min(left, HANGS.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          if (left <= HANGS.toNanos()) {
            failures.add(1);
            return old("no answer within " + patience.toMillis() + " ms");
          }
        } catch (ExecutionException e) {
          return old("unknown host");
        }
      }
    }

    private synchronized List<InetAddress> old(String why) throws UnknownHostException {
      if (addresses != null) {
        return addresses;
      }
      throw new UnknownHostException(host + ": " + why);
    }

    /** The lock is held. */
    private CompletableFuture<List<InetAddress>> ask(long nowNanos) {
      CompletableFuture<List<InetAddress>> answer = running;
      boolean another =
          answer != null && asking < MOST_AT_ONCE && nowNanos - lastAskedNanos > HANGS.toNanos();
      if (answer == null) {
        answer = new CompletableFuture<>();
        running = answer;
        asking = 0;
        another = true;
      }
      if (another) {
        asking++;
        lastAskedNanos = nowNanos;
        start(answer, nowNanos);
      }
      return answer;
    }

    private void start(CompletableFuture<List<InetAddress>> answer, long nowNanos) {
      Thread.ofPlatform()
          .daemon()
          .name("dns " + host)
          .start(
              () -> {
                try {
                  answered(answer, ordered(lookup.lookup(host)), nowNanos);
                } catch (UnknownHostException | RuntimeException e) {
                  failed(answer, e);
                }
              });
    }

    @SuppressWarnings("ReferenceEquality") // whether it is the look-up that is waited for
    private void answered(
        CompletableFuture<List<InetAddress>> of, List<InetAddress> found, long askedNanos) {
      boolean again;
      synchronized (this) {
        if (running != of) {
          return; // another one was quicker
        }
        running = null;
        again = failing;
        failing = false;
        doubted = false;
        answeredNanos = askedNanos;
        if (!found.equals(addresses)) {
          addresses = found;
        }
      }
      if (again) {
        LOG.info("The name {} has an address again: {}", host, found.getFirst().getHostAddress());
      }
      of.complete(found);
    }

    @SuppressWarnings("ReferenceEquality") // whether it is the look-up that is waited for
    private void failed(CompletableFuture<List<InetAddress>> of, Exception why) {
      boolean goesOn;
      synchronized (this) {
        if (running != of) {
          return;
        }
        failures.add(1);
        asking--;
        if (asking > 0) {
          return; // another one is under way
        }
        running = null;
        goesOn = addresses != null && !failing;
        failing = true;
      }
      if (goesOn) {
        LOG.warn("The name {} cannot be looked up; its last addresses are used still", host);
      }
      of.completeExceptionally(why);
    }
  }

  /** The preferred family first; which of an answer's addresses is first counts for nothing. */
  private List<InetAddress> ordered(InetAddress[] found) throws UnknownHostException {
    if (found.length == 0) {
      throw new UnknownHostException("no address");
    }
    boolean v4First =
        options.preferIpv4() || (!options.preferIpv6() && found[0] instanceof Inet4Address);
    List<InetAddress> list = new ArrayList<>(Arrays.asList(found));
    list.sort(
        Comparator.<InetAddress>comparingInt(a -> a instanceof Inet4Address == v4First ? 0 : 1)
            .thenComparing(InetAddress::getAddress, Arrays::compareUnsigned));
    return List.copyOf(list.subList(0, Math.min(list.size(), MOST_ADDRESSES)));
  }
}
