package io.logboom.testkit.output;

import io.logboom.testkit.http.ScriptedServer.Line;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/** A request as the backend read it, and the ways to answer it. */
public interface Arrival {
  /** Plays the backend's part of each request. */
  interface Conduct {
    void play(Arrival arrival) throws IOException, InterruptedException;
  }

  /** The number of its connection, from 0. */
  int connection();

  /** The texts of the records in it, in its order. */
  List<String> lines();

  /** For bytes of every kind. */
  Line line();

  /** Answers that all is well. */
  void accept() throws IOException, InterruptedException;

  /**
   * Answers something else.
   *
   * @param taken for answers about single lines: which of them are taken
   */
  void answer(Answer how, Predicate<String> taken) throws IOException, InterruptedException;

  /** Where all of the lines count the same. */
  default void answer(Answer how) throws IOException, InterruptedException {
    answer(how, _ -> false);
  }
}
