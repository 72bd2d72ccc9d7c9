package io.logboom.app.cli;

import io.logboom.core.config.Catalog;

/** Lets other tests see what the program's configuration can name. */
public final class ProgramCatalog {
  private ProgramCatalog() {}

  public static Catalog get() {
    return Environment.standard().catalog();
  }
}
