package io.logboom.core.assembly;

import io.logboom.core.config.AgentConfig;
import io.logboom.core.config.OutputStage;
import io.logboom.core.config.ServiceConfig;
import io.logboom.core.config.Stage;

/**
 * Which instances have to be made anew although their own options are the same, since they were
 * given something that has changed.
 *
 * @param all the flush, which each instance is told
 * @param parsers what those that may name a parser were given
 * @param outputs how deliveries are tried again
 */
record Renewal(boolean all, boolean parsers, boolean outputs) {
  static Renewal between(Blueprint before, AgentConfig after) {
    ServiceConfig old = before.config().service();
    ServiceConfig now = after.service();
    return new Renewal(
        !old.flush().equals(now.flush()),
        before.parsesOtherwise(after),
        !old.scheduler().equals(now.scheduler()));
  }

  boolean renews(Stage<?> stage) {
    return all || (parsers && stage.mayNameParsers()) || (outputs && stage instanceof OutputStage);
  }
}
