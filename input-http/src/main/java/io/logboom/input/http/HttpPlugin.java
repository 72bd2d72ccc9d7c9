package io.logboom.input.http;

import io.logboom.api.plugin.Context;
import io.logboom.api.plugin.Input;
import io.logboom.api.plugin.InputPlugin;
import io.logboom.api.plugin.Problems;
import io.logboom.api.plugin.StartException;

/** The input {@code http}. */
public final class HttpPlugin implements InputPlugin<HttpConfig> {
  @Override
  public String type() {
    return "http";
  }

  @Override
  public String text() {
    return "Takes records over HTTP: JSON, newline-delimited JSON, MessagePack and forms.";
  }

  @Override
  public Class<HttpConfig> config() {
    return HttpConfig.class;
  }

  @Override
  public void check(HttpConfig config, Problems problems) {
    HttpCheck.check(config, problems);
  }

  @Override
  public boolean setsTags(HttpConfig config) {
    return true;
  }

  @Override
  public Input create(HttpConfig config, Context context) throws StartException {
    return new Http(config, context, System::nanoTime);
  }
}
