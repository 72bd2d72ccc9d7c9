package io.logboom.net.dial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.logboom.net.HostPort;
import io.logboom.net.NetMeter;
import io.logboom.net.NetOptions;
import io.logboom.net.Resolver;
import io.logboom.testkit.TestMeters;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class TargetsTest {
  private static final long SECOND = 1_000_000_000L;

  /** Looked up again whenever it is asked for. */
  private static final NetOptions.Dns EAGER = new NetOptions.Dns(false, false, Duration.ZERO);

  private final Map<String, String> names = new ConcurrentHashMap<>();
  private final TestMeters meters = new TestMeters();

  private InetAddress[] lookup(String host) throws UnknownHostException {
    String addresses = names.get(host);
    if (addresses == null) {
      throw new UnknownHostException(host);
    }
    List<InetAddress> all = new ArrayList<>();
    for (String each : addresses.split(" ", -1)) {
      all.add(InetAddress.ofLiteral(each));
    }
    return all.toArray(InetAddress[]::new);
  }

  private Targets targets(NetOptions.Dns dns, Target... targets) {
    return new Targets(
        List.of(targets), new Resolver(this::lookup, dns, meters.counter(NetMeter.DNS_FAILURES)));
  }

  private static Target host(String name, int weight) {
    return new Target.Tcp(new HostPort(name, 9200), weight, null);
  }

  private static String address(Endpoint endpoint) {
    return endpoint.address() instanceof InetSocketAddress inet
        ? inet.getAddress().getHostAddress()
        : "none";
  }

  /** How often each address has its turn. */
  private static Map<String, Integer> turns(Targets targets, long now, int count) {
    Map<String, Integer> turns = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      turns.merge(address(targets.next(now)), 1, Integer::sum);
    }
    return turns;
  }

  @Test
  void hostsShareByWeightEvenlyMixed() {
    Targets targets = targets(NetOptions.Dns.DEFAULT, host("10.0.0.1", 3), host("10.0.0.2", 1));
    turns(targets, 0, 1);
    assertThat(turns(targets, 0, 400))
        .containsEntry("10.0.0.1", 300)
        .containsEntry("10.0.0.2", 100);
    for (int i = 0; i < 10; i++) {
      assertThat(turns(targets, 0, 4)).containsEntry("10.0.0.2", 1);
    }
  }

  @Test
  void theAddressesOfANameDivideItsShare() throws Exception {
    names.put("search", "10.0.0.1 10.0.0.2 10.0.0.3");
    Targets targets =
        targets(new NetOptions.Dns(false, false, Duration.ofHours(1)), host("search", 1));
    Endpoint first = targets.resolved(targets.next(0), Duration.ofSeconds(5));
    assertThat(turns(targets, 0, 300))
        .hasSize(3)
        .allSatisfy((_, n) -> assertThat(n).isEqualTo(100));
    targets.down(first, 0);
    Map<String, Integer> left = turns(targets, 0, 100);
    assertThat(left).hasSize(2).doesNotContainKey(address(first));
    left.values().forEach(n -> assertThat(n).isCloseTo(50, within(1)));
  }

  @Test
  void oneNameOfManyAddressesHasNoLargerShareThanAnother() throws Exception {
    names.put("a", "10.0.0.1 10.0.0.2 10.0.0.3");
    names.put("b", "10.0.1.1");
    Targets targets =
        targets(new NetOptions.Dns(false, false, Duration.ofHours(1)), host("a", 1), host("b", 1));
    Endpoint first = targets.next(0);
    for (Endpoint each : targets.others(first, 0)) {
      targets.resolved(each, Duration.ofSeconds(5));
    }
    targets.resolved(first, Duration.ofSeconds(5));
    assertThat(turns(targets, 0, 600))
        .containsEntry("10.0.1.1", 300)
        .containsEntry("10.0.0.1", 100);
  }

  @Test
  void theOtherFamilyIsUsedWhenThePreferredOneCannotBeReached() throws Exception {
    names.put("search", "10.0.0.1 fd00::1 10.0.0.2");
    NetOptions.Dns six = new NetOptions.Dns(false, true, Duration.ofHours(1));
    Targets targets = targets(six, host("search", 1));
    Endpoint first = targets.resolved(targets.next(0), Duration.ofSeconds(5));
    assertThat(turns(targets, 0, 10)).containsOnlyKeys("fd00:0:0:0:0:0:0:1");
    targets.down(first, 0);
    assertThat(turns(targets, 0, 10)).containsOnlyKeys("10.0.0.1", "10.0.0.2");
  }

  @Test
  void whatIsDownComesBackByATrialInTheBackgroundOnly() {
    Targets targets = targets(NetOptions.Dns.DEFAULT, host("10.0.0.1", 1), host("10.0.0.2", 1));
    Endpoint one = targets.next(0);
    targets.down(one, 0);
    assertThat(turns(targets, 60 * SECOND, 10)).doesNotContainKey(address(one));
    assertThat(targets.toProbe(SECOND / 2)).isNull();
    assertThat(targets.toProbe(SECOND + 1)).isSameAs(one);
    assertThat(targets.toProbe(SECOND + 1)).as("one trial at a time").isNull();
    targets.down(one, SECOND + 1);
    targets.tried(one);
    assertThat(targets.toProbe(2 * SECOND + 2)).as("rests twice as long").isNull();
    assertThat(targets.toProbe(3 * SECOND + 2)).isSameAs(one);
    targets.up(one);
    targets.tried(one);
    assertThat(turns(targets, 3 * SECOND + 2, 10)).containsEntry(address(one), 5);
    assertThat(targets.live()).isEqualTo(2);
  }

  @Test
  void whereAllAreDownTheOneThatRestedLongestIsTried() {
    Targets targets = targets(NetOptions.Dns.DEFAULT, host("10.0.0.1", 1), host("10.0.0.2", 1));
    Endpoint one = targets.next(0);
    Endpoint two = targets.others(one, 0).getFirst();
    targets.down(one, 0);
    targets.down(two, SECOND / 4);
    assertThat(targets.next(SECOND / 2)).isSameAs(one);
    assertThat(targets.others(one, SECOND / 2)).containsExactly(two);
    assertThat(targets.live()).isZero();
  }

  @Test
  void followsTheNameAndForgetsTheAddressesThatItHasNoMore() throws Exception {
    names.put("search", "10.0.0.1 10.0.0.2");
    Targets targets = targets(EAGER, host("search", 1));
    Endpoint old = targets.resolved(targets.next(0), Duration.ofSeconds(5));
    assertThat(old.isGone()).isFalse();
    names.put("search", "10.0.0.7 10.0.0.8");
    Awaitility.await().until(() -> turns(targets, System.nanoTime(), 10).containsKey("10.0.0.7"));
    assertThat(turns(targets, System.nanoTime(), 10)).containsOnlyKeys("10.0.0.7", "10.0.0.8");
    assertThat(old.isGone()).isTrue();
    assertThat(targets.resolved(old, Duration.ofSeconds(5))).isNotSameAs(old);
    names.remove("search");
    Awaitility.await()
        .until(
            () -> {
              turns(targets, System.nanoTime(), 1);
              return meters.count(NetMeter.DNS_FAILURES) > 0;
            });
    assertThat(turns(targets, System.nanoTime(), 10)).containsOnlyKeys("10.0.0.7", "10.0.0.8");
  }
}
