package io.logboom.core.pipeline;

import java.util.List;

/** What becomes of a batch: which filters work on it, then where it goes. */
final class Plan {
  private final List<FilterStep> filters;
  private final List<Route> routes;
  private final Router router;

  Plan(List<FilterStep> filters, List<Route> routes, Router router) {
    this.filters = List.copyOf(filters);
    this.routes = List.copyOf(routes);
    this.router = router;
  }

  /** In the order of their application. */
  List<FilterStep> filters() {
    return filters;
  }

  List<Route> routes() {
    return routes;
  }

  Router router() {
    return router;
  }
}
