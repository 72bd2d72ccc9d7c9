package io.logboom.app.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.core.config.Binder;
import io.logboom.core.config.ServiceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompanionTest {
  @TempDir Path dir;
  private long seconds = 1_000;
  private boolean atRest;
  private int stops;

  private ServiceConfig.Sidecar options(String... more) {
    String[] all = new String[2 + more.length];
    all[0] = "sidecar";
    all[1] = "on";
    System.arraycopy(more, 0, all, 2, more.length);
    return Binder.bind(ServiceConfig.class, all).sidecar();
  }

  private Companion companion(ServiceConfig.Sidecar options) {
    ApplicationEnd end = new ApplicationEnd(options.doneFile(), options.process(), dir, 99);
    return new Companion(
        options, end, () -> atRest, () -> stops++, () -> TimeUnit.SECONDS.toNanos(seconds));
  }

  @Test
  void stopsTheAgentWhenTheFileIsThereAndAllIsDelivered() throws IOException {
    Path done = dir.resolve("done");
    Companion companion = companion(options("sidecar.done_file", done.toString()));
    atRest = true;
    assertThat(companion.look()).isFalse();
    Files.writeString(done, "");
    atRest = false;
    assertThat(companion.look()).as("not all is delivered").isFalse();
    assertThat(stops).isZero();
    Files.delete(done);
    atRest = true;
    assertThat(companion.look()).as("an end is an end").isTrue();
    assertThat(stops).isEqualTo(1);
  }

  @Test
  void aReceiverThatIsAwayDoesNotKeepItForEver() throws IOException {
    Path done = Files.writeString(dir.resolve("done"), "");
    Companion companion =
        companion(options("sidecar.done_file", done.toString(), "sidecar.patience", "60"));
    assertThat(companion.look()).isFalse();
    seconds += 59;
    assertThat(companion.look()).isFalse();
    seconds += 1;
    assertThat(companion.look()).isTrue();
    assertThat(stops).isEqualTo(1);
  }

  private void process(int pid, String commandLine, String comm, char state) throws IOException {
    Path of = Files.createDirectories(dir.resolve("" + pid));
    Files.writeString(of.resolve("cmdline"), commandLine.replace(' ', '\0'));
    Files.writeString(of.resolve("comm"), comm + "\n");
    Files.writeString(of.resolve("stat"), pid + " (a) b) " + state + " 1 1");
  }

  private void gone(int pid) throws IOException {
    for (String each : new String[] {"cmdline", "comm", "stat"}) {
      Files.delete(dir.resolve("" + pid).resolve(each));
    }
    Files.delete(dir.resolve("" + pid));
  }

  @Test
  void aProcessHasEndedWhenItWasThereAndIsGoneForTwoLooks() throws IOException {
    ApplicationEnd end = new ApplicationEnd(null, "server", dir, 99);
    Files.createDirectories(dir.resolve("sys"));
    process(99, "/usr/bin/server", "server", 'S');
    assertThat(end.getAsBoolean()).as("the agent itself does not count").isFalse();
    assertThat(end.wasSeen()).isFalse();
    process(7, "/opt/app/server --port 1", "java", 'S');
    assertThat(end.getAsBoolean()).isFalse();
    assertThat(end.wasSeen()).isTrue();
    gone(7);
    assertThat(end.getAsBoolean()).isFalse();
    process(8, "other", "server", 'R');
    assertThat(end.getAsBoolean()).as("it was replaced").isFalse();
    process(8, "", "server", 'Z');
    assertThat(end.getAsBoolean()).isFalse();
    assertThat(end.getAsBoolean()).as("a zombie is none").isTrue();
    process(9, "server", "server", 'S');
    assertThat(end.getAsBoolean()).isTrue();
  }

  @Test
  void nothingIsLookedForWhereNothingTells() {
    assertThat(ApplicationEnd.of(options())).isNull();
    assertThat(Companion.farewell(Binder.bind(ServiceConfig.class), null)).isNull();
    ServiceConfig sidecar = Binder.bind(ServiceConfig.class, "sidecar", "on");
    assertThat(Objects.requireNonNull(Companion.farewell(sidecar, null)).ended()).isNull();
    assertThat(sidecar.stopTime()).hasSeconds(25);
  }
}
