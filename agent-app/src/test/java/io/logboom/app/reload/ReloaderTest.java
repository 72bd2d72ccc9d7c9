package io.logboom.app.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.logboom.app.reload.Reloads.Outcome;
import io.logboom.app.reload.Reloads.Reply;
import io.logboom.core.assembly.ReloadResult;
import io.logboom.core.config.AgentConfig;
import io.logboom.core.config.Catalog;
import io.logboom.core.config.ConfigLoader;
import io.logboom.core.config.LoadResult;
import io.logboom.input.tail.TailPlugin;
import io.logboom.output.discard.NullPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloaderTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String PARSERS = "parsers: []\n";

  @TempDir Path directory;

  private final List<String> engine = new CopyOnWriteArrayList<>();
  private final List<String> inEffect = new CopyOnWriteArrayList<>();
  private volatile ReloadResult result = new ReloadResult.Done(List.of("x"), Set.of("http_port"));
  private final CountDownLatch gate = new CountDownLatch(1);
  private volatile boolean gated;
  private Path volume;
  private Reloader reloader;

  @BeforeEach
  void prepare() throws IOException {
    volume = Files.createDirectory(directory.resolve("config"));
    publish("one", flush(1), PARSERS);
    start();
  }

  @AfterEach
  void close() {
    gate.countDown();
    reloader.close();
  }

  private void start() {
    LoadResult first = load();
    reloader =
        new Reloader(
            first,
            this::load,
            config -> {
              engine.add(flush(config));
              if (gated) {
                await().atMost(PATIENCE).until(() -> gate.getCount() == 0);
              }
              return result;
            },
            config -> inEffect.add(flush(config)),
            InstantSource.system());
    reloader.start();
  }

  private LoadResult load() {
    return new ConfigLoader(
            new Catalog(List.of(new TailPlugin(), new NullPlugin()), Set.of(), Set.of()),
            Map.of(),
            directory)
        .load(volume.resolve("logboom.yaml"));
  }

  private static String flush(AgentConfig config) {
    return config.service().flush().toString();
  }

  private static String flush(int seconds) {
    return service("flush: " + seconds);
  }

  private static String service(String option) {
    return """
        service:
          %s
        includes: [more.yaml]
        pipeline:
          inputs:
            - {name: tail, path: /nowhere/*.log}
          outputs:
            - {name: "null"}
        """
        .replace("%s", option);
  }

  /** As the kubelet fills a ConfigMap volume: files below a directory that a link leads to. */
  private void publish(String version, String main, String included) throws IOException {
    Path data = Files.createDirectory(volume.resolve(".." + version));
    Files.writeString(data.resolve("logboom.yaml"), main);
    Files.writeString(data.resolve("more.yaml"), included);
    Path next = Files.createSymbolicLink(volume.resolve("..next"), data.getFileName());
    Files.move(next, volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    for (String name : List.of("logboom.yaml", "more.yaml")) {
      if (!Files.isSymbolicLink(volume.resolve(name))) {
        Files.createSymbolicLink(volume.resolve(name), Path.of("..data", name));
      }
    }
  }

  private void awaitDone(long times) {
    await().atMost(PATIENCE).until(() -> reloader.state().done() == times);
  }

  private void awaitInvalid(long times) {
    await().atMost(PATIENCE).until(() -> reloader.state().invalid() == times);
  }

  @Test
  void bringsAChangedConfigMapIntoEffect() throws IOException {
    publish("two", flush(2), PARSERS);
    awaitDone(1);
    assertThat(inEffect).containsExactly("PT2S");
    assertThat(reloader.state().last()).isNotNull();
    assertThat(reloader.state().last().details())
        .containsExactly("x", "at the next start only: http_port");
  }

  @Test
  void leavesAnInvalidConfigurationAloneUntilAFileOfItChanges() throws IOException {
    publish("two", service("flsh: 2"), PARSERS);
    awaitInvalid(1);
    assertThat(engine).isEmpty();
    assertThat(reloader.state().isUpToDate()).isFalse();
    assertThat(reloader.state().last().details()).singleElement().asString().contains("'flsh'");
    publish("three", flush(3), PARSERS);
    awaitDone(1);
    assertThat(reloader.state().invalid()).isEqualTo(1);
    assertThat(reloader.state().isUpToDate()).isTrue();
    assertThat(inEffect).containsExactly("PT3S");
  }

  @Test
  void seesAnIncludedFileChangeAlsoWhereTheMainFileCannotBeReadNow() throws IOException {
    publish("two", "service: [", PARSERS);
    awaitInvalid(1);
    publish("three", flush(3), "parsers: [");
    awaitInvalid(2);
    publish("four", flush(4), PARSERS);
    awaitDone(1);
  }

  @Test
  void reloadsWhenAskedThoughNothingHasChanged() {
    assertThat(reloader.ask("SIGHUP")).isEqualTo(Reply.BEGUN);
    awaitDone(1);
    assertThat(engine).containsExactly("PT1S");
  }

  @Test
  void takesOneRequestAtATime() {
    gated = true;
    assertThat(reloader.ask("SIGHUP")).isEqualTo(Reply.BEGUN);
    await().atMost(PATIENCE).until(() -> !engine.isEmpty());
    assertThat(reloader.ask("SIGHUP")).isEqualTo(Reply.IN_PROGRESS);
    gate.countDown();
    awaitDone(1);
    await().atMost(PATIENCE).until(() -> reloader.ask("SIGHUP") == Reply.BEGUN);
    awaitDone(2);
  }

  @Test
  void tellsWhatTheEngineRefuses() {
    result = new ReloadResult.Refused("tls.ca_file cannot be read");
    assertThat(reloader.ask("SIGHUP")).isEqualTo(Reply.BEGUN);
    await().atMost(PATIENCE).until(() -> reloader.state().refused() == 1);
    assertThat(reloader.state().last().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(reloader.state().last().details()).containsExactly("tls.ca_file cannot be read");
    assertThat(inEffect).isEmpty();
  }

  @Test
  void asksTheEngineForNothingWhereHotReloadIsOff() throws IOException {
    reloader.close();
    publish("off", service("hot_reload: off"), PARSERS);
    start();
    assertThat(reloader.ask("SIGHUP")).isEqualTo(Reply.NOT_ENABLED);
    assertThat(reloader.state().done()).isZero();
  }

  @Test
  void aConfigurationThatTurnsItOffIsTheLastOne() throws IOException {
    publish("off", service("hot_reload: off"), PARSERS);
    awaitDone(1);
    assertThat(reloader.ask("SIGHUP")).isEqualTo(Reply.NOT_ENABLED);
  }
}
