package io.logboom.input.http;

import io.logboom.api.record.Accessor;
import io.logboom.net.ingest.Answer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the lanes go by.
 *
 * @param mostBytes of a body, when it is decompressed
 * @param addressKey the member that tells the client's address; null for none
 * @param credentials who may send; null for everybody
 */
record Rules(
    int mostBytes,
    int maxConnections,
    long roomNanos,
    String tag,
    @Nullable Accessor tagKey,
    @Nullable String addressKey,
    @Nullable Credentials credentials,
    boolean health,
    Answer success,
    Said said) {

  static Rules of(HttpConfig config, String name, int mostBytes) {
    HttpConfig.Answers answers = config.answers();
    HttpConfig.Records records = config.records();
    int connections = config.connections().maxConnections();
    List<String> headers = answers.successHeader().stream().map(HttpCheck::line).toList();
    return new Rules(
        mostBytes,
        connections == 0 ? Integer.MAX_VALUE : connections,
        answers.roomTimeout().toNanos(),
        config.tag() == null ? name : config.tag(),
        records.tagKey(),
        records.addRemoteAddr() ? records.remoteAddrKey() : null,
        Credentials.of(config.security()),
        answers.enableHealthEndpoint(),
        Answer.done(answers.successfulResponseCode(), headers),
        new Said());
  }
}
