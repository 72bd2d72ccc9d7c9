package io.logboom.output.cloudwatch;

import io.logboom.api.json.ByteSink;
import io.logboom.net.body.SegmentPool;
import io.logboom.net.body.Segments;
import io.logboom.output.cloudwatch.Answer.Kind;
import io.logboom.output.cloudwatch.Api.Action;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Creates streams, and their groups where the configuration says so, with what it says of them. One
 * worker at a time does; that it was there already is as good. Safe for all threads.
 */
final class Creator {
  /** What is created. */
  interface Listener {
    void streamCreated(Destination destination);

    void groupCreated(String group);

    /** The group is there, but keeps its events as long as it did before. */
    void retentionRefused(String group, String why);
  }

  private final Api api;
  private final CloudWatchConfig.Groups config;
  private final Listener listener;
  private final ReentrantLock lock = new ReentrantLock();
  private final Segments body = new Segments(new SegmentPool(4096, 1));
  // Groups that are there and have not got their retention yet.
  private final Set<String> unretained = new HashSet<>();

  Creator(Api api, CloudWatchConfig.Groups config, Listener listener) {
    this.api = api;
    this.config = config;
    this.listener = listener;
  }

  /** Has the stream be there: {@link Kind#OK}, or why it is not. */
  Answer create(Destination destination) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Answer answer = retain(destination.group());
      if (answer != null) {
        return answer;
      }
      answer = stream(destination);
      if (answer.kind() != Kind.NOT_FOUND) {
        return answer;
      }
      if (!config.autoCreateGroup()) {
        return Answer.of(
            Kind.NO_GROUP,
            "group '"
                + destination.group()
                + "' does not exist; create it, or set auto_create_group: on ("
                + answer.why()
                + ")");
      }
      answer = group(destination.group());
      return answer != null ? answer : stream(destination);
    } finally {
      body.clear();
      lock.unlock();
    }
  }

  private Answer stream(Destination destination) throws InterruptedException {
    ByteSink out = begin();
    out.put((byte) '{');
    out.put(destination.json(), 0, destination.json().length);
    Answer answer = call(Action.CREATE_LOG_STREAM, out);
    if (answer.kind() == Kind.OK) {
      listener.streamCreated(destination);
    }
    return found(answer);
  }

  /** Tells why it is not there; null where it is. */
  private @Nullable Answer group(String name) throws InterruptedException {
    ByteSink out = begin();
    out.putAscii("{\"logGroupName\":\"");
    Destination.put(name, out);
    out.put((byte) '"');
    CloudWatchConfig.GroupClass kind = config.logGroupClass();
    if (kind != null) {
      out.putAscii(",\"logGroupClass\":\"" + kind.name().toUpperCase(Locale.ROOT) + '"');
    }
    Answer answer = call(Action.CREATE_LOG_GROUP, out);
    if (answer.kind() == Kind.OK) {
      listener.groupCreated(name);
    } else if (answer.kind() != Kind.EXISTS) {
      return answer;
    }
    // Where it is there by now another one made it at this moment, and may not say how long it
    // keeps its events.
    if (config.logRetentionDays() > 0) {
      unretained.add(name);
    }
    return retain(name);
  }

  /** Tells why a new group's retention could not be set, where that may be tried again. */
  private @Nullable Answer retain(String group) throws InterruptedException {
    if (!unretained.contains(group)) {
      return null;
    }
    ByteSink out = begin();
    out.putAscii("{\"logGroupName\":\"");
    Destination.put(group, out);
    out.putAscii("\",\"retentionInDays\":");
    out.putDecimal(config.logRetentionDays());
    Answer answer = call(Action.PUT_RETENTION_POLICY, out);
    if (answer.kind() == Kind.BUSY || answer.kind() == Kind.AWAY) {
      return answer;
    }
    unretained.remove(group);
    if (answer.kind() != Kind.OK) {
      listener.retentionRefused(group, answer.why());
    }
    return null;
  }

  private ByteSink begin() {
    body.clear();
    return body.sink();
  }

  private Answer call(Action action, ByteSink out) throws InterruptedException {
    out.put((byte) '}');
    body.seal();
    return api.call(action, body);
  }

  private static Answer found(Answer answer) {
    return answer.kind() == Kind.EXISTS ? Answer.of(Kind.OK, "") : answer;
  }
}
