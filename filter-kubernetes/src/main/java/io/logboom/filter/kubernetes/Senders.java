package io.logboom.filter.kubernetes;

import io.logboom.api.meter.Counter;
import io.logboom.api.meter.Meters;
import io.logboom.filter.kubernetes.Feed.Hope;
import io.logboom.filter.kubernetes.KubernetesConfig.SenderIdentity;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Decides which pod a sender is: by its address, which it cannot choose, and by what its tags say.
 * Serves one thread.
 */
final class Senders {
  private static final int MOST_STRANGERS = 1024;
  private static final long STRANGE_NANOS = 300_000_000_000L;

  private final SenderIdentity identity;
  private final Knowledge knowledge;
  private final Complaints complaints;
  private final Counter refused;
  private final LongSupplier nanos;
  private final Map<InetAddress, Long> strangers =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Long> eldest) {
          return size() > MOST_STRANGERS;
        }
      };

  Senders(
      SenderIdentity identity, Knowledge knowledge, Meters meters, Logger log, LongSupplier nanos) {
    this.identity = identity;
    this.knowledge = knowledge;
    this.complaints = new Complaints(log, nanos);
    this.refused = meters.counter(KubernetesMeter.CLAIMS_REFUSED);
    this.nanos = nanos;
  }

  /**
   * Says by its lineage what the sender is, as far as is known by now: {@link Lineage#known} where
   * its pod is certain; else {@link Lineage#log} is what it claims to be, which may be nothing.
   *
   * @return what may be hoped for of its address
   */
  Hope identify(Lineage lineage, InetAddress sender) {
    LogName claim = identity == SenderIdentity.ADDRESS ? null : lineage.claim;
    if (claim != null && identity == SenderIdentity.TAG) {
      lineage.log = claim;
      return Hope.NONE;
    }
    Pod pod = knowledge.store().at(sender);
    if (pod == null) {
      if (lineage.known) {
        // The last records of a pod that has ended.
        return Hope.NONE;
      }
      lineage.log = claim;
      return lineage.gaveUp ? Hope.NONE : hope(sender);
    }
    boolean agrees = claim != null && pod.isCalled(claim);
    if (claim != null && !agrees) {
      refuse(lineage, sender, claim, pod);
    }
    lineage.log = claim != null && agrees ? claim.in(pod) : LogName.ofPod(pod);
    lineage.pod = pod;
    lineage.known = true;
    return Hope.NONE;
  }

  /** Whether the pod may be known in a moment: one that has just begun, and has sent at once. */
  private Hope hope(InetAddress sender) {
    long now = nanos.getAsLong();
    Long until = strangers.get(sender);
    boolean strange = until != null && now - until < 0;
    if (!strange && knowledge.asksKubelet()) {
      strangers.put(sender, now + STRANGE_NANOS);
    }
    return knowledge.missing(strange);
  }

  private void refuse(Lineage lineage, InetAddress sender, LogName claim, Pod pod) {
    if (lineage.told) {
      return;
    }
    lineage.told = true;
    refused.add(1);
    complaints.say(
        Level.WARN,
        sender.getHostAddress()
            + " sends records as those of "
            + claim.namespace()
            + "/"
            + claim.pod()
            + ", but the address is that of "
            + pod.namespace()
            + "/"
            + pod.name()
            + ", whose metadata they get; where it passes on the records of others, set"
            + " sender_identity: tag");
  }
}
