package io.logboom.filter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
  @TempDir Path dir;
  private final AtomicLong nanos = new AtomicLong();

  private Credentials file(Path path) {
    return new Credentials(path, null, 1000, nanos::get);
  }

  @Test
  void readsTheFileAgainWhenTheTokenIsOld() throws Exception {
    Path path = Files.writeString(dir.resolve("t"), "one\n");
    Credentials credentials = file(path);
    assertThat(credentials.token()).isEqualTo("one");
    Files.writeString(path, "two");
    nanos.set(999);
    assertThat(credentials.token()).isEqualTo("one");
    nanos.set(1000);
    assertThat(credentials.token()).isEqualTo("two");
  }

  @Test
  void keepsTheTokenItHasWhileTheFileIsAway() throws Exception {
    Path path = Files.writeString(dir.resolve("t"), "one");
    Credentials credentials = file(path);
    assertThat(credentials.token()).isEqualTo("one");
    Files.delete(path);
    nanos.set(5000);
    assertThat(credentials.token()).isEqualTo("one");
    Files.writeString(path, "two");
    assertThat(credentials.readAgain()).isTrue();
    assertThat(credentials.readAgain()).isFalse();
  }

  @Test
  void takesNothingThatIsNoToken() throws Exception {
    assertThat(file(Files.writeString(dir.resolve("a"), "")).token()).isNull();
    assertThat(file(Files.writeString(dir.resolve("b"), "one\r\nX-Evil: two")).token()).isNull();
    assertThat(file(Files.write(dir.resolve("c"), new byte[100_000])).token()).isNull();
    assertThat(file(dir.resolve("absent")).token()).isNull();
    assertThat(file(dir).token()).isNull();
  }

  @Test
  void saysNothingOfACommandThatFailed() throws Exception {
    assertThat(new Credentials(null, "exit 3", 1000, nanos::get).token()).isNull();
    assertThat(new Credentials(null, "echo t", 1000, nanos::get).token()).isEqualTo("t");
  }
}
