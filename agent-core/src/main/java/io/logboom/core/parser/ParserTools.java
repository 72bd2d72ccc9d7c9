package io.logboom.core.parser;

import io.logboom.api.batch.Names;
import io.logboom.api.meter.Counter;
import io.logboom.api.meter.Meters;
import io.logboom.core.meter.EngineMeter;
import java.time.InstantSource;

/**
 * What all instances of a parser work with.
 *
 * @param refused counts texts that the parser could not parse
 * @param gaveUp counts those among them whose expression took too long
 * @param unreadableTimes counts times that did not fit their format
 */
record ParserTools(
    Names names, InstantSource clock, Counter refused, Counter gaveUp, Counter unreadableTimes) {
  static ParserTools of(String parser, Names names, InstantSource clock, Meters meters) {
    return new ParserTools(
        names,
        clock,
        meters.counter(EngineMeter.PARSER_REFUSED, "parser", parser),
        meters.counter(EngineMeter.PARSER_GAVE_UP, "parser", parser),
        meters.counter(EngineMeter.PARSER_UNREADABLE_TIMES, "parser", parser));
  }
}
