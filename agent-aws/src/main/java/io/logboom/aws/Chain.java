package io.logboom.aws;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several places in order: the first that gives credentials is the one from then on, so that its
 * outage never turns an output into somebody else, such as the node. For the same reason a place
 * that is set up and merely out of reach is waited for; one that refuses for good is passed over.
 * One thread at a time.
 */
final class Chain implements CredentialSource {
  private static final Logger LOG = LoggerFactory.getLogger(Chain.class);

  private final List<CredentialSource> sources;
  private volatile @Nullable CredentialSource found;

  Chain(List<CredentialSource> sources) {
    this.sources = List.copyOf(sources);
  }

  @Override
  public String name() {
    return found == null ? "AWS's credential chain" : found.name();
  }

  @Override
  public Credentials fetch() throws SourceFailure, InterruptedException {
    List<String> tried = new ArrayList<>();
    CredentialSource known = found;
    for (CredentialSource source : known == null ? sources : List.of(known)) {
      try {
        Credentials credentials = source.fetch();
        if (credentials != null) {
          chosen(source, tried);
          return credentials;
        }
        tried.add(source.name() + ": not set up");
      } catch (SourceFailure e) {
        tried.add(source.name() + ": " + e.why());
        if (e.isPassing() || known != null) {
          throw new SourceFailure(String.join("; ", tried), e.isPassing(), e);
        }
      }
    }
    throw new SourceFailure(String.join("; ", tried), false, null);
  }

  private void chosen(CredentialSource source, List<String> tried) {
    if (found == null) {
      found = source;
      List<String> refused = tried.stream().filter(each -> !each.endsWith(": not set up")).toList();
      if (!refused.isEmpty()) {
        LOG.warn(
            "[aws] credentials are those of {}, since others that are set up gave none: {}",
            source.name(),
            String.join("; ", refused));
      }
    }
  }
}
