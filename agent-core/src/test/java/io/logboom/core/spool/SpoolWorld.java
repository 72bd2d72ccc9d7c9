package io.logboom.core.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.core.spool.Append.Appended;
import io.logboom.core.spool.FaultyDisk.Call;
import io.logboom.core.spool.FaultyDisk.Crash;
import io.logboom.core.spool.FaultyDisk.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A spool on a disk that fails, and beside it the model: a list of what was appended, each with
 * what has become of it. Every step is compared.
 */
final class SpoolWorld {
  private static final Path DIRECTORY = Path.of("/state/spool");

  private enum Act {
    APPEND(30),
    APPEND_HELD(8),
    SYNC(14),
    TAKE(24),
    SETTLE(20),
    GIVE_BACK(6),
    DROP(3),
    WAIT(4),
    RESTART(3),
    KILL(2),
    LOSE_POWER(2);

    private final int weight;

    Act(int weight) {
      this.weight = weight;
    }
  }

  private enum State {
    /** Not told to be durable. */
    APPENDED,
    DURABLE,
    /** Settled, or void. */
    DONE,
    /** The crash came in the middle of what was done with it. */
    UNSURE
  }

  private static final class Item {
    private final int id;
    private long sequence = -1;
    private State state = State.APPENDED;
    private boolean handed;

    Item(int id) {
      this.id = id;
    }

    byte[] payload() {
      byte[] bytes = new byte[id * 37 % 190 + (id % 23 == 0 ? 400 : 0)];
      new Random(id).nextBytes(bytes);
      return bytes;
    }

    int records() {
      return 1 + id % 5;
    }

    @Override
    public String toString() {
      return id + "@" + sequence + " " + state + (handed ? " handed" : "");
    }
  }

  private final Random random;
  private final FaultyDisk disk;
  private final TestClock clock = new TestClock();
  private final List<Item> items = new ArrayList<>();
  private final double faultRate;
  private final List<String> story = new ArrayList<>();
  private Spool spool;
  private SpoolBudget total = new SpoolBudget(1 << 20);
  private int nextId = 1;
  private boolean faulted;

  /**
   * @param faultRate how many of the calls that change the disk fail
   */
  SpoolWorld(long seed, double faultRate) throws IOException {
    this.random = new Random(seed);
    this.disk = new FaultyDisk(new Random(seed + 1));
    this.faultRate = faultRate;
    this.spool = open();
    disk.plan(this::fault);
  }

  FaultyDisk disk() {
    return disk;
  }

  List<String> story() {
    return story;
  }

  private Spool open() throws IOException {
    total = new SpoolBudget(1 << 20);
    return Spool.open(DIRECTORY, disk, new SpoolSettings(700, 6000, total, false, 1000), clock);
  }

  private Fault fault(int number, Call call, Path file) {
    boolean changes =
        switch (call) {
          case WRITE, TRUNCATE, FORCE, FORCE_DIRECTORY, CREATE, DELETE -> true;
          case READ, OPEN, RENAME, OTHER -> false;
        };
    if (!changes || faultRate == 0 || random.nextDouble() >= faultRate) {
      return Fault.NONE;
    }
    faulted = true;
    return random.nextBoolean() ? Fault.ERROR : Fault.FULL;
  }

  /**
   * Lives on for so many steps.
   *
   * @param crashAt the call to the disk at which everything stops, once; 0 for none
   * @param powerGone whether that is the power, or the process only
   */
  void live(int steps, int crashAt, boolean powerGone) throws IOException {
    if (crashAt > 0) {
      disk.plan((number, call, file) -> number == crashAt ? Fault.CRASH : Fault.NONE);
    }
    for (int i = 0; i < steps; i++) {
      Act act = choose();
      try {
        story.add(act + " " + items);
        act(act);
        assertSame();
      } catch (Crash crash) {
        restart(powerGone);
      }
    }
    disk.plan((number, call, file) -> Fault.NONE);
    if (!disk.isCrashed()) {
      restart(false);
    }
    end();
  }

  private Act choose() {
    int sum = 0;
    for (Act act : Act.values()) {
      sum += act.weight;
    }
    int at = random.nextInt(sum);
    for (Act act : Act.values()) {
      at -= act.weight;
      if (at < 0) {
        return act;
      }
    }
    throw new AssertionError();
  }

  private void act(Act act) throws IOException {
    switch (act) {
      case APPEND -> append(false);
      case APPEND_HELD -> append(true);
      case SYNC -> sync();
      case TAKE -> take();
      case SETTLE -> settle();
      case GIVE_BACK -> giveBack();
      case DROP -> drop();
      case WAIT -> clock.advance(random.nextInt(2000));
      case RESTART -> {
        spool.close();
        restart(false);
      }
      case KILL -> restart(false);
      case LOSE_POWER -> restart(true);
    }
  }

  private void append(boolean held) {
    Item item = new Item(nextId++);
    item.state = State.UNSURE;
    items.add(item);
    byte[] bytes = item.payload();
    Append result =
        held
            ? spool.appendHeld(bytes, 0, bytes.length, item.records(), item.id)
            : spool.append(bytes, 0, bytes.length, item.records(), item.id);
    if (result instanceof Appended(long sequence)) {
      item.sequence = sequence;
      item.state = State.APPENDED;
      item.handed = held;
    } else if (faulted) {
      // Written whole, said to have failed, and not cut off: it may be there after a crash.
      item.state = State.DONE;
    } else {
      items.remove(item);
    }
  }

  private void sync() {
    Item last = null;
    for (Item item : items) {
      last = item.state == State.APPENDED ? item : last;
    }
    if (last == null) {
      return;
    }
    try {
      spool.sync(last.sequence);
      become(State.APPENDED, State.DURABLE);
    } catch (IOException e) {
      assertThat(faulted).isTrue();
      for (Item item : items) {
        item.handed &= item.state != State.APPENDED;
      }
      become(State.APPENDED, State.DONE);
    }
  }

  private void become(State from, State to) {
    for (Item item : items) {
      if (item.state == from) {
        item.state = to;
      }
    }
  }

  private void take() {
    Head head = spool.next();
    Item item = expectedNext();
    assertThat(head == null ? -1 : head.sequence()).isEqualTo(item == null ? -1 : item.sequence);
    if (item != null && head != null) {
      item.handed = true;
      assertHolds(head, item);
    }
  }

  private Item expectedNext() {
    return items.stream()
        .filter(item -> item.state == State.DURABLE && !item.handed)
        .findFirst()
        .orElse(null);
  }

  private void assertHolds(Head head, Item item) {
    byte[] bytes = new byte[head.payloadBytes() + 3];
    assertThat(head.flags()).isEqualTo(item.id);
    assertThat(head.records()).isEqualTo(item.records());
    assertThat(spool.read(head, bytes, 3)).isTrue();
    assertThat(bytes).endsWith(item.payload()).hasSize(item.payload().length + 3);
  }

  private Item anyHanded() {
    List<Item> handed = items.stream().filter(item -> item.handed).toList();
    return handed.isEmpty() ? null : handed.get(random.nextInt(handed.size()));
  }

  private void settle() {
    Item item = anyHanded();
    if (item != null) {
      item.state = State.UNSURE;
      item.handed = false;
      spool.settle(item.sequence);
      item.state = State.DONE;
    }
  }

  private void giveBack() {
    Item item = anyHanded();
    if (item != null) {
      item.handed = false;
      spool.giveBack(item.sequence);
    }
  }

  private void drop() {
    Item item = expectedNext();
    if (item != null) {
      item.state = State.UNSURE;
    }
    Head head = spool.dropOldest();
    assertThat(head == null ? -1 : head.sequence()).isEqualTo(item == null ? -1 : item.sequence);
    if (item != null) {
      item.state = State.DONE;
    }
  }

  private void assertSame() {
    Usage usage = spool.usage();
    List<Item> open =
        items.stream()
            .filter(item -> item.state == State.APPENDED || item.state == State.DURABLE)
            .toList();
    assertThat(usage.entries()).isEqualTo(open.size());
    assertThat(usage.records()).isEqualTo(open.stream().mapToLong(Item::records).sum());
    assertThat(usage.unreadEntries()).isEqualTo(open.stream().filter(item -> !item.handed).count());
    assertThat(usage.damage()).isEqualTo(Usage.Damage.NONE);
    assertThat(spool.isEmpty()).isEqualTo(usage.unreadEntries() == 0);
    assertThat(total.usedBytes()).isEqualTo(usage.limitedBytes()).isLessThanOrEqualTo(6000);
    assertThat(usage.diskBytes()).isLessThanOrEqualTo(6700);
  }

  /** The process or the machine is gone, and comes again. */
  private void restart(boolean powerGone) throws IOException {
    story.add(powerGone ? "power gone" : "killed");
    if (powerGone) {
      disk.losePower();
    } else {
      disk.kill();
    }
    spool = open();
    assertThat(spool.usage().damage()).isEqualTo(Usage.Damage.NONE);
    compare(powerGone);
    assertSame();
    faulted = false;
    disk.plan(this::fault);
  }

  private void compare(boolean powerGone) {
    boolean mayComeAgain = powerGone || faulted;
    Set<Item> found = new HashSet<>();
    List<Long> order = new ArrayList<>();
    for (Head head = spool.next(); head != null; head = spool.next()) {
      Item item = byId(head.flags());
      order.add(head.sequence());
      if (item.sequence < 0) {
        item.sequence = head.sequence();
      }
      assertThat(head.sequence()).isEqualTo(item.sequence);
      assertHolds(head, item);
      assertThat(item.state != State.DONE || mayComeAgain).as("%s came again", item).isTrue();
      found.add(item);
    }
    assertThat(order).isSorted();
    boolean torn = false;
    for (Item item : items) {
      boolean isThere = found.contains(item);
      if (item.state == State.DURABLE) {
        assertThat(isThere).as("%s is lost", item).isTrue();
      } else if (item.state == State.APPENDED) {
        assertThat(isThere && torn).as("%s is behind a tear", item).isFalse();
        assertThat(isThere || mayComeAgain).as("%s is lost in a kill", item).isTrue();
        torn |= !isThere;
      }
      item.handed = false;
      item.state = State.DURABLE;
    }
    items.removeIf(item -> !found.contains(item));
    order.forEach(spool::giveBack);
  }

  private Item byId(int id) {
    return items.stream()
        .filter(item -> item.id == id)
        .findFirst()
        .orElseThrow(() -> new AssertionError("nobody has appended " + id));
  }

  /** All that is left comes, in order; then nothing does, now and after a restart. */
  private void end() throws IOException {
    disk.plan((number, call, file) -> Fault.NONE);
    for (Item item = expectedNext(); item != null; item = expectedNext()) {
      take();
      item.handed = false;
      item.state = State.DONE;
      spool.settle(item.sequence);
    }
    assertThat(spool.next()).isNull();
    assertSame();
    spool.close();
    spool = open();
    assertThat(spool.next()).isNull();
    assertThat(spool.usage()).isEqualTo(new Usage(0, 0, 0, 0, 0, 0, 0, Usage.Damage.NONE));
  }
}
