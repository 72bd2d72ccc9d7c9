package io.logboom.input.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OriginsTest {
  private final Origins origins = new Origins(new Names(), null, "sidecar.");

  private Origin of(String tag, String address) {
    byte[] bytes = tag.getBytes(StandardCharsets.UTF_8);
    return origins.of(bytes, 0, bytes.length, address, InetAddress.ofLiteral(address));
  }

  @Test
  void anOriginKnowsItsSender() {
    Origin origin = of("app", "10.1.2.3");
    assertThat(origin.tag()).isEqualTo("sidecar.app");
    assertThat(origin.source()).isEqualTo("10.1.2.3");
    assertThat(origin.sender()).isEqualTo(InetAddress.ofLiteral("10.1.2.3"));
  }

  @Test
  void whoeverHasTheAddressNextIsSomebodyElse() {
    origins.connected("10.1.2.3");
    origins.connected("10.1.2.3");
    origins.connected("10.1.2.30");
    Origin first = of("app", "10.1.2.3");
    Origin other = of("app", "10.1.2.30");
    origins.left("10.1.2.3");
    assertThat(of("app", "10.1.2.3")).as("it has another connection").isSameAs(first);
    origins.left("10.1.2.3");
    assertThat(of("app", "10.1.2.3")).isNotSameAs(first);
    assertThat(of("app", "10.1.2.30")).isSameAs(other);
  }

  @Test
  void theirNumberHasABound() {
    origins.connected("10.1.2.3");
    for (int i = 0; i < Origins.MOST + 10; i++) {
      of("app." + i, "10.1.2.3");
    }
    assertThat(origins.size()).isEqualTo(Origins.MOST);
  }
}
