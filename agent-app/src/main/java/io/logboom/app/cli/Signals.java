package io.logboom.app.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Actions on signals. By reflection, since the compiler warns of {@code sun.misc.Signal}; a
 * shutdown hook would do for a stop, but then the exit status is 143, and SIGHUP stops the agent.
 */
final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private Signals() {}

  /**
   * Runs {@code action}, on a thread of its own, at each such signal instead of what the runtime
   * does by itself.
   *
   * @param name without {@code SIG}
   */
  @SuppressWarnings("ReferenceEquality") // a handler equals itself only
  static void on(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler run =
          (proxy, method, arguments) ->
              switch (method.getName()) {
                case "handle" -> {
                  action.run();
                  yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> "on SIG" + name;
              };
      Object proxy =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, run);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException e) {
      // With -Xrs, or on a system without this signal, the runtime's own behaviour stays.
      LOG.debug("SIG{} cannot be handled", name, e);
    }
  }
}
