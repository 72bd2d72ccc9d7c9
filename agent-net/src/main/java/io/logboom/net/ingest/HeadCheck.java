package io.logboom.net.ingest;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What HTTP itself asks of a head. */
final class HeadCheck {
  private HeadCheck() {}

  static @Nullable Answer fault(HttpRequest request, Limits limits) {
    Throwable why = request.decoderResult().cause();
    if (why != null) {
      return undecoded(why, limits).closing();
    }
    Answer fault = faultOf(request, limits);
    return fault == null ? null : fault.closing();
  }

  private static Answer undecoded(Throwable why, Limits limits) {
    if (why instanceof TooLongHttpLineException) {
      return Answer.refused(
          414,
          Reason.HEAD_TOO_LARGE,
          "the first line has more than " + limits.mostLine() + " bytes");
    }
    if (why instanceof TooLongHttpHeaderException) {
      return Answer.refused(
          431, Reason.HEAD_TOO_LARGE, "the headers have more than " + limits.mostHead() + " bytes");
    }
    return malformed("this is not HTTP/1.1");
  }

  private static @Nullable Answer faultOf(HttpRequest request, Limits limits) {
    HttpVersion version = request.protocolVersion();
    if (!version.protocolName().equals("HTTP") || version.majorVersion() != 1) {
      return Answer.refused(505, Reason.VERSION, "HTTP/1.1 is spoken here");
    }
    boolean first = version.minorVersion() == 0;
    if (!first && request.headers().getAll(HttpHeaderNames.HOST).size() != 1) {
      return malformed("one Host header is needed");
    }
    List<String> encodings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (!encodings.isEmpty()) {
      if (first) {
        return malformed("Transfer-Encoding is not of HTTP/1.0");
      }
      if (encodings.size() > 1
          || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(encodings.getFirst().strip())) {
        return Answer.refused(
            501, Reason.MALFORMED, "of transfer encodings only chunked is known here");
      }
    }
    if (request.headers().contains(HttpHeaderNames.EXPECT)
        && !first
        && !HttpUtil.is100ContinueExpected(request)) {
      return Answer.refused(417, Reason.EXPECTATION, "only 100-continue can be expected here");
    }
    try {
      return HttpUtil.getContentLength(request, 0L) > limits.mostBody() ? tooLarge(limits) : null;
    } catch (NumberFormatException e) {
      return malformed("Content-Length is no number");
    }
  }

  private static Answer malformed(String text) {
    return Answer.refused(400, Reason.MALFORMED, text);
  }

  static Answer tooLarge(Limits limits) {
    return Answer.refused(
        413, Reason.TOO_LARGE, "the body has more than " + limits.mostBody() + " bytes");
  }
}
