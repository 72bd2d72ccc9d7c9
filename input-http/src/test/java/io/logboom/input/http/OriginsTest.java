package io.logboom.input.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class OriginsTest {
  private final Origins origins = new Origins(new Names(), "http.0", null);

  private Origin plain(String address) {
    return origins.plain(Origins.Client.of(address, InetAddress.ofLiteral(address), address));
  }

  @Test
  void anOriginKnowsItsSender() {
    assertThat(plain("10.1.2.3").sender()).isEqualTo(InetAddress.ofLiteral("10.1.2.3"));
  }

  @Test
  void whoeverHasTheAddressNextIsSomebodyElse() {
    origins.connected("10.1.2.3");
    origins.connected("10.1.2.3");
    Origin first = plain("10.1.2.3");
    Origin other = plain("10.1.2.30");
    origins.left("10.1.2.3");
    assertThat(plain("10.1.2.3")).as("it has another connection").isSameAs(first);
    origins.left("10.1.2.3");
    assertThat(plain("10.1.2.3")).isNotSameAs(first);
    assertThat(plain("10.1.2.30")).isSameAs(other);
  }
}
