package io.logboom.filter.kubernetes;

import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.StandardHttpClientBuilder;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * fabric8's {@code HttpClient} over the event loop that the agent's clients share: the JDK's client
 * would bring 18 MiB of its own.
 */
final class TransportFactory implements HttpClient.Factory {
  @Override
  public TransportBuilder newBuilder() {
    return new TransportBuilder(this);
  }

  /** Builds {@link Transport}s. */
  static final class TransportBuilder
      extends StandardHttpClientBuilder<Transport, TransportFactory, TransportBuilder> {
    private boolean anyHostname;

    TransportBuilder(TransportFactory factory) {
      super(factory);
    }

    /** Takes a certificate for any host, as long as its issuer is trusted. */
    TransportBuilder anyHostname(boolean value) {
      anyHostname = value;
      return this;
    }

    boolean anyHostname() {
      return anyHostname;
    }

    @Override
    public Transport build() {
      @Nullable Transport other = client;
      return other == null
          ? new Transport(this, new AtomicBoolean(), new Connections(this))
          : new Transport(this, other.getClosed(), other.connections());
    }

    @Override
    protected TransportBuilder newInstance(TransportFactory factory) {
      return new TransportBuilder(factory).anyHostname(anyHostname);
    }
  }
}
