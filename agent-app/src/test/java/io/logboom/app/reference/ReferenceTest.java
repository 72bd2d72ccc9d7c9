package io.logboom.app.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.logboom.api.meter.MeterId;
import io.logboom.app.cli.ProgramCatalog;
import io.logboom.app.monitor.FluentBitNames;
import io.logboom.core.config.JsonSchema;
import io.logboom.core.config.ReferenceDocs;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ReferenceTest {
  @Test
  void theReferenceOfMetricsIsWhatTheCodeSays() throws IOException {
    CommittedFile.mustBe("docs/reference/metrics.md", MetersReference.markdown());
  }

  @Test
  void theReferenceOfTheConfigurationIsWhatTheCodeSays() throws IOException {
    var pages = ReferenceDocs.pages(ProgramCatalog.get());
    assertThat(pages).isNotEmpty();
    for (var page : pages.entrySet()) {
      CommittedFile.mustBe("docs/reference/" + page.getKey(), page.getValue());
    }
  }

  @Test
  void theSchemaIsWhatTheCodeSays() throws IOException {
    CommittedFile.mustBe("docs/reference/logboom.schema.json", JsonSchema.of(ProgramCatalog.get()));
  }

  @Test
  void everyMeterHasANameOfItsOwnAndASentence() {
    Set<String> names = new HashSet<>();
    for (List<MeterId> ids : MetersReference.all().values()) {
      for (MeterId id : ids) {
        assertThat(names.add(MetersReference.exported(id)))
            .as("%s is the name of one meter", MetersReference.exported(id))
            .isTrue();
        assertThat(id.metric()).matches("[a-z][a-z0-9_]*");
        assertThat(id.unit()).matches("[a-z]*");
        assertThat(id.text()).as(id.metric()).matches("[A-Z1].*\\.");
      }
    }
    assertThat(names).hasSizeGreaterThan(30);
  }

  @Test
  void fluentBitsNamesOfTheTailInputsCountsStandForMetersThatExist() {
    Set<String> metrics =
        MetersReference.all().values().stream()
            .flatMap(List::stream)
            .filter(id -> id.kind() == MeterId.Kind.COUNTER)
            .map(MeterId::metric)
            .collect(Collectors.toSet());
    assertThat(metrics).containsAll(FluentBitNames.tailMetrics());
  }
}
