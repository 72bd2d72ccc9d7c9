package io.logboom.net.ingest;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.List;

/** Netty's decoder, step by step, so that it stops behind a request. */
final class RequestDecoder extends HttpRequestDecoder {
  RequestDecoder(int mostLine, int mostHead) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(mostLine)
            .setMaxHeaderSize(mostHead)
            .setMaxChunkSize(Integer.MAX_VALUE)
            .setValidateHeaders(true)
            .setStrictLineParsing(true)
            .setAllowDuplicateContentLengths(false));
  }

  /**
   * Goes on by one step: a head, a piece of a body, an end.
   *
   * @return whether there may be another one in what there is
   */
  boolean step(ByteBuf in, List<Object> out) throws Exception {
    int before = in.readableBytes();
    int found = out.size();
    decode(null, in, out);
    return out.size() > found || (in.readableBytes() != before && in.isReadable());
  }

  /** A request whose end two headers tell differently is a way to smuggle another one. */
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("Content-Length beside Transfer-Encoding");
  }
}
