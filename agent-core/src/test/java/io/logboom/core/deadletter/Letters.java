package io.logboom.core.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.logboom.api.batch.Batch;
import io.logboom.api.batch.Names;
import io.logboom.api.batch.Origin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Records for tests, and memory for those that come back. */
final class Letters implements ReplayMemory, Batch.Storage {
  private final Names names = new Names();
  private final Origin origin =
      Origin.builder(names, "kube.a").source("/var/log/a.log").sourceId("1:2").build();
  private int opened;

  Names names() {
    return names;
  }

  Batch batch(String... lines) {
    Batch batch = new Batch(this, new byte[0], 1);
    int index = batch.origin(origin);
    for (String line : lines) {
      byte[] bytes = line.getBytes(UTF_8);
      int at = batch.append(bytes, 0, bytes.length);
      batch.add(index, at, bytes.length, 1_000_000_000L * at, at);
    }
    return batch;
  }

  static BitSet all(Batch batch) {
    BitSet all = new BitSet();
    all.set(0, batch.size());
    return all;
  }

  static String line(Batch batch) {
    return new String(batch.bytes(), batch.offset(0), batch.length(0), UTF_8);
  }

  /** What a command sees: number, output, reason, line. */
  static List<String> seen(LetterBox box) throws java.io.IOException {
    List<String> seen = new ArrayList<>();
    box.read(
        letter ->
            seen.add(
                String.join(
                    " ",
                    Long.toString(letter.id()),
                    letter.output(),
                    letter.reason(),
                    letter.record() == null ? "?" : line(letter.record()))));
    return seen;
  }

  /** How many batches were opened and not given back. */
  int opened() {
    return opened;
  }

  @Override
  public Batch open(int bytes) {
    opened++;
    return new Batch(this, new byte[bytes], 1);
  }

  @Override
  public void release(Batch batch) {
    opened--;
  }

  @Override
  public byte[] grow(byte[] bytes, int used, int atLeast) {
    return Arrays.copyOf(bytes, atLeast);
  }
}
