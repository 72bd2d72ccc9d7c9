package io.logboom.output.loki;

import io.logboom.api.batch.Batch;
import io.logboom.api.record.FieldKind;
import io.logboom.api.record.FieldReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who the records of a send belong to. One thread at a time; used again and again. */
final class Tenants {
  private static final int MOST_KNOWN = 256;

  private static final int MOST_LENGTH = 150;
  private static final String SIGNS = "!-_.*'()";

  /**
   * One tenant.
   *
   * @param headers of its requests
   */
  record Tenant(byte[] id, List<String> headers) {}

  private final @Nullable FieldReader key;
  private final List<String> headers;
  private final Tenant usual;
  private final List<Tenant> known = new ArrayList<>();
  private final List<Tenant> present = new ArrayList<>();
  private Tenant[] of = new Tenant[0];

  /**
   * @param key null where all records have the same tenant
   * @param id of records without one of their own; null for none
   */
  Tenants(@Nullable FieldReader key, @Nullable String id, List<String> headers) {
    this.key = key;
    this.headers = headers;
    this.usual = id == null ? new Tenant(new byte[0], headers) : tenant(id);
  }

  Tenant usual() {
    return usual;
  }

  void clear() {
    present.clear();
    if (key == null) {
      present.add(usual);
    } else if (known.size() > MOST_KNOWN) {
      known.clear();
    }
  }

  /** The send's {@code number}th record. */
  void add(Batch batch, int record, int number) {
    if (key == null) {
      return;
    }
    Tenant tenant = find(batch, record, key);
    if (!present.contains(tenant)) {
      present.add(tenant);
    }
    if (number >= of.length) {
      of = Arrays.copyOf(of, Math.max(1024, 2 * number));
    }
    of[number] = tenant;
  }

  private Tenant find(Batch batch, int record, FieldReader reader) {
    if (!reader.read(batch, record)
        || (reader.kind() != FieldKind.STRING && reader.kind() != FieldKind.NUMBER)
        || !isId(reader.bytes(), reader.from(), reader.to())) {
      return usual;
    }
    byte[] b = reader.bytes();
    for (Tenant each : known) {
      if (Arrays.equals(each.id, 0, each.id.length, b, reader.from(), reader.to())) {
        return each;
      }
    }
    Tenant tenant =
        tenant(
            new String(b, reader.from(), reader.to() - reader.from(), StandardCharsets.US_ASCII));
    known.add(tenant);
    return tenant;
  }

  private Tenant tenant(String id) {
    List<String> all = new ArrayList<>(headers);
    all.addAll(List.of("X-Scope-OrgID", id));
    return new Tenant(id.getBytes(StandardCharsets.US_ASCII), List.copyOf(all));
  }

  /**
   * Whether it is what Loki takes for a tenant. Other values of a record count as none: one of them
   * would be refused, again and again.
   */
  private static boolean isId(byte[] b, int from, int to) {
    if (from == to || to - from > MOST_LENGTH) {
      return false;
    }
    boolean dots = true;
    for (int i = from; i < to; i++) {
      byte c = b[i];
      boolean isOther = (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z');
      if (isOther && SIGNS.indexOf(c) < 0) {
        return false;
      }
      dots &= c == '.';
    }
    return !dots || to - from > 2;
  }

  /** The tenants of the send, in the order of their first records. */
  List<Tenant> present() {
    return present;
  }

  @SuppressWarnings("ReferenceEquality") // each is made once
  boolean isOf(Tenant tenant, int number) {
    return key == null || of[number] == tenant;
  }
}
