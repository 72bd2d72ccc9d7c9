package io.logboom.output.discard;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.plugin.Outcome;
import io.logboom.testkit.TestContext;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NullTest {
  @Test
  void countsWhatItThrowsAwayAsDelivered(@TempDir Path directory) throws Exception {
    TestContext context = new TestContext(directory);
    NullConfig config = new NullConfig(NullConfig.Format.JSON, "date", "double");
    try (var output = new NullPlugin().create(config, context)) {
      assertThat(output.send(List.of(context.batches().open()))).isEqualTo(Outcome.DELIVERED);
    }
  }
}
