package io.logboom.core.assembly;

import io.logboom.api.plugin.Multilines;
import io.logboom.api.plugin.Parser;
import io.logboom.api.plugin.Parsers;
import io.logboom.core.multiline.ConfiguredMultilines;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A configuration without parsers. */
final class NoParsers {
  static final Parsers PARSERS =
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

  static final Multilines MULTILINES = new ConfiguredMultilines(List.of());

  private NoParsers() {}
}
