package io.logboom.output.cloudwatch;

import io.logboom.api.batch.Batch;
import io.logboom.api.meter.Counter;
import io.logboom.api.meter.Meters;
import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.api.record.Accessor;
import io.logboom.aws.AwsCredentials;
import io.logboom.net.body.Arena;
import io.logboom.net.body.Body;
import io.logboom.net.body.SegmentPool;
import io.logboom.net.http.HttpClient;
import io.logboom.net.http.StatusCounters;
import io.logboom.net.send.Receiver;
import io.logboom.net.send.Senders;
import io.logboom.output.cloudwatch.CloudWatchConfig.Compress;
import io.logboom.output.cloudwatch.CloudWatchConfig.Oversize;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers to CloudWatch Logs. */
final class CloudWatch implements Output {
  private static final Logger LOG = LoggerFactory.getLogger(CloudWatch.class);
  private static final int SEGMENT = 64 * 1024;

  /** Segments of a worker that do not count towards the memory budget: 1.5 MiB. */
  private static final int MOST_KEPT = 24;

  /** What becomes of an event. */
  enum Result {
    ACCEPTED,
    TOO_OLD,
    TOO_NEW,
    EXPIRED,
    REFUSED,
    OVERSIZE,
    NO_LOG_KEY,
    NO_GROUP,
    EMPTY
  }

  private final CloudWatchConfig config;
  private final Context context;
  private final HttpClient client;
  private final AwsCredentials credentials;
  private final Api api;
  private final Creator creator;
  private final SegmentPool pool;
  private final Receiver receiver;
  private final Senders senders;
  private final StatusCounters requests;
  private final Map<Result, Counter> events = new EnumMap<>(Result.class);
  private final Counter cut;
  private final Counter repaired;
  private final Counter throttled;
  private final Counter streams;
  private final Counter groups;
  private final Counter renamed;
  private final Counter encoded;
  private final Counter sent;

  /** Makes the API that the output calls. */
  interface ApiMaker {
    Api make(Api.Listener listener);
  }

  CloudWatch(
      CloudWatchConfig config,
      Context context,
      HttpClient client,
      AwsCredentials credentials,
      ApiMaker apis) {
    this.config = config;
    this.context = context;
    this.client = client;
    this.credentials = credentials;
    this.pool =
        new SegmentPool(
            SEGMENT,
            Math.max(1, context.workers()) * MOST_KEPT,
            context.batches()::charge,
            context.batches()::isShort);
    Meters meters = context.meters();
    this.requests = new StatusCounters(meters, CloudWatchMeter.REQUESTS);
    for (Result result : Result.values()) {
      String word = result.name().toLowerCase(Locale.ROOT);
      events.put(result, meters.counter(CloudWatchMeter.EVENTS, "result", word));
    }
    this.cut = meters.counter(CloudWatchMeter.CUT);
    this.repaired = meters.counter(CloudWatchMeter.REPAIRED);
    this.throttled = meters.counter(CloudWatchMeter.THROTTLED);
    this.streams = meters.counter(CloudWatchMeter.CREATED, "what", "stream");
    this.groups = meters.counter(CloudWatchMeter.CREATED, "what", "group");
    this.renamed = meters.counter(CloudWatchMeter.RENAMED);
    this.encoded = meters.counter(CloudWatchMeter.ENCODED);
    this.sent = meters.counter(CloudWatchMeter.SENT);
    this.api = apis.make(new Answers());
    this.creator = new Creator(api, config.groups(), new Creations());
    this.receiver = new Receiver(LOG, context.name(), RequestRules.MOST_BYTES);
    this.senders = new Senders(this::newPut);
  }

  @Override
  public Outcome send(List<Batch> batches) throws InterruptedException {
    return senders.send(batches);
  }

  private Put newPut() {
    CloudWatchConfig.Event event = config.event();
    long most = Math.max(SEGMENT, 2L * context.batches().largest());
    return new Put(
        this,
        new Destinations(config.names(), context.names(), () -> renamed.add(1)),
        new EventText(
            event.logKey(),
            context.names(),
            Math.min(RequestRules.MOST_BYTES, event.maxEventSize().clampedToInt())
                - RequestRules.EVENT_BYTES,
            event.oversize() == Oversize.CUT,
            new Arena(SEGMENT, most, context.batches()::charge)),
        new Body(pool, Long.MAX_VALUE, config.requests().compress() == Compress.GZIP));
  }

  // ---- for Put

  Api api() {
    return api;
  }

  Creator creator() {
    return creator;
  }

  Receiver receiver() {
    return receiver;
  }

  /** Whether it is the records that name their groups. */
  boolean hasManyGroups() {
    return config.names().logGroupTemplate() != null;
  }

  String hasNoLogKey() {
    Accessor key = config.event().logKey();
    return "the record has no value at log_key, " + key;
  }

  void count(Result result, int count) {
    if (count > 0) {
      Objects.requireNonNull(events.get(result)).add(count);
    }
  }

  void encoded(boolean wasCut, boolean hasRepaired) {
    if (wasCut) {
      cut.add(1);
    }
    if (hasRepaired) {
      repaired.add(1);
    }
  }

  void sending(long plainBytes, long bytes) {
    encoded.add(plainBytes);
    sent.add(bytes);
  }

  private final class Answers implements Api.Listener {
    @Override
    public void answered(int status) {
      requests.answered(status);
    }

    @Override
    public void throttled() {
      throttled.add(1);
    }
  }

  private final class Creations implements Creator.Listener {
    @Override
    public void streamCreated(Destination destination) {
      streams.add(1);
      LOG.debug("[{}] created {}", context.name(), destination);
    }

    @Override
    public void groupCreated(String group) {
      groups.add(1);
      LOG.info("[{}] created group '{}'", context.name(), group);
    }

    @Override
    public void retentionRefused(String group, String why) {
      LOG.warn(
          "[{}] group '{}' keeps its events as long as it did before, for log_retention_days could"
              + " not be set: {}",
          context.name(),
          group,
          why);
    }
  }

  @Override
  public void close() {
    senders.close();
    pool.close();
    client.close();
    credentials.close();
  }
}
