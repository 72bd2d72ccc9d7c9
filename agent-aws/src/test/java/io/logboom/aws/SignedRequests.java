package io.logboom.aws;

import io.logboom.net.HostPort;
import io.logboom.net.http.HttpRequest;
import io.logboom.testkit.http.ScriptedServer.Received;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Signed requests as a service would receive them. */
final class SignedRequests {
  private SignedRequests() {}

  static Received received(Credentials credentials) {
    HttpRequest signed =
        new AwsSigner("eu-west-1", "es", InstantSource.system())
            .sign(
                new HttpRequest("POST", "/_bulk", List.of("Content-Type", "x"), null),
                new HostPort("localhost", 9200),
                Payload.of(null),
                credentials);
    Map<String, String> headers = new TreeMap<>();
    for (int i = 0; i < signed.headers().size(); i += 2) {
      headers.put(signed.headers().get(i).toLowerCase(Locale.ROOT), signed.headers().get(i + 1));
    }
    return new Received(0, signed.method(), signed.path(), headers, new byte[0]);
  }
}
