package io.logboom.core.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.InputPlugin;
import io.logboom.api.plugin.Intake;
import io.logboom.api.plugin.Outcome;
import io.logboom.api.plugin.Output;
import io.logboom.api.plugin.OutputPlugin;
import io.logboom.api.plugin.Parser;
import io.logboom.api.plugin.Parsers;
import io.logboom.api.plugin.StartException;
import io.logboom.api.text.Regex;
import io.logboom.core.config.AgentConfig;
import io.logboom.core.config.Binder;
import io.logboom.core.config.InputCommon;
import io.logboom.core.config.InputStage;
import io.logboom.core.config.Mark;
import io.logboom.core.config.OutputCommon;
import io.logboom.core.config.OutputStage;
import io.logboom.core.config.ServiceConfig;
import io.logboom.core.meter.MicrometerMeters;
import io.logboom.core.regex.JoniRegex;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentTest {
  private static final Mark HERE = Mark.of("test");

  @TempDir Path dir;

  /** The options of a plugin that has none. */
  record None() {}

  /** Keeps what each instance was given, and whether it was closed. */
  private final class Recording implements InputPlugin<None> {
    final List<Path> directories = new ArrayList<>();
    int open;

    @Override
    public String type() {
      return "recording";
    }

    @Override
    public String text() {
      return "Keeps what it was given.";
    }

    @Override
    public Class<None> config() {
      return None.class;
    }

    @Override
    public Input create(None config, Context context) throws StartException {
      directories.add(context.stateDirectory());
      open++;
      return new Input() {
        @Override
        public void start(Intake intake) {}

        @Override
        public void quiesce() {}

        @Override
        public void close() {
          open--;
        }
      };
    }
  }

  private static final class Broken implements InputPlugin<None> {
    @Override
    public String type() {
      return "broken";
    }

    @Override
    public String text() {
      return "Cannot be created.";
    }

    @Override
    public Class<None> config() {
      return None.class;
    }

    @Override
    public Input create(None config, Context context) throws StartException {
      throw new StartException("port 1 is in use");
    }
  }

  private static final class Sink implements OutputPlugin<None> {
    @Override
    public String type() {
      return "sink";
    }

    @Override
    public String text() {
      return "Takes everything.";
    }

    @Override
    public Class<None> config() {
      return None.class;
    }

    @Override
    public Output create(None config, Context context) {
      return _ -> Outcome.DELIVERED;
    }
  }

  @Test
  void givesEachInstanceAStateDirectoryThatAnotherTypeDoesNotMove() throws StartException {
    Recording recording = new Recording();
    create(
        config(
            input("other.0", new Recording2(recording), null),
            input("recording.0", recording, "kube.*"),
            input("recording.1", recording, null)));
    assertThat(recording.directories)
        .containsExactly(
            dir.resolve("inputs/other.0"),
            dir.resolve("inputs/recording.0"),
            dir.resolve("inputs/recording.1"));
    assertThat(recording.directories).allMatch(Files::isDirectory);
  }

  @Test
  void closesWhatWasCreatedWhereALaterPluginCannotStart() {
    Recording recording = new Recording();
    assertThatThrownBy(
            () ->
                create(
                    config(
                        input("recording.0", recording, null),
                        input("broken.1", new Broken(), null))))
        .isInstanceOf(StartException.class)
        .hasMessage("[broken.1] port 1 is in use");
    assertThat(recording.open).isZero();
  }

  @Test
  void aStateDirectoryThatTheUserNamedMustBeUsable() throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "not a directory");
    StateDirectories state =
        new StateDirectories(
            Binder.bind(ServiceConfig.class, "state_dir", file.resolve("x").toString()));
    assertThatThrownBy(() -> state.of("tail.0"))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("state_dir");
  }

  @Test
  void matchRegexIsAnchoredAtTheStartAndNotAtTheEnd() {
    Regex kube = JoniRegex.compile("kube");
    assertThat(RegexMatch.of(kube).matches("kube.var.log")).isTrue();
    assertThat(RegexMatch.of(kube).matches("xkube")).isFalse();
    assertThat(RegexMatch.of(JoniRegex.compile("x*")).matches("abc")).isFalse();
  }

  /** The same under another type's name. */
  private record Recording2(Recording inner) implements InputPlugin<None> {
    @Override
    public String type() {
      return "other";
    }

    @Override
    public String text() {
      return inner.text();
    }

    @Override
    public Class<None> config() {
      return None.class;
    }

    @Override
    public Input create(None config, Context context) throws StartException {
      return inner.create(config, context);
    }
  }

  private static InputStage input(String name, InputPlugin<None> plugin, @Nullable String tag) {
    InputCommon common =
        tag == null ? Binder.bind(InputCommon.class) : Binder.bind(InputCommon.class, "tag", tag);
    return new InputStage(name, plugin, new None(), common, HERE);
  }

  private AgentConfig config(InputStage... inputs) {
    ServiceConfig service = Binder.bind(ServiceConfig.class, "state_dir", dir.toString());
    OutputStage sink =
        new OutputStage(
            "sink.0", new Sink(), new None(), Binder.bind(OutputCommon.class, "match", "*"), HERE);
    return new AgentConfig(
        service, List.of(inputs), List.of(), List.of(sink), List.of(), List.of());
  }

  private static Agent create(AgentConfig config) throws StartException {
    Parsers none =
        new Parsers() {
          @Override
          public @Nullable Parser find(String name) {
            return null;
          }

          @Override
          public List<String> names() {
            return List.of();
          }
        };
    return Agent.create(
        config,
        (_, _) -> none,
        new MicrometerMeters(new SimpleMeterRegistry()),
        InstantSource.system());
  }
}
