package io.logboom.net.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.IdleStateEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection: request in, answer out, again. */
@SuppressWarnings(
    "FutureReturnValueIgnored") // a failed write shows in exceptionCaught, or as a close
final class Exchange extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  private final Handler handler;
  private final String product;

  Exchange(Handler handler, String product) {
    this.handler = handler;
    this.product = product;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
    boolean head = message.method().equals(HttpMethod.HEAD);
    Answer answer = message.decoderResult().isSuccess() ? ask(message, head) : Answer.empty(400);
    FullHttpResponse response = response(answer, head);
    if (!message.decoderResult().isSuccess()) {
      // What follows a request that cannot be read has no known start.
      response.headers().set(HttpHeaderNames.CONNECTION, "close");
    }
    context.writeAndFlush(response);
  }

  private Answer ask(FullHttpRequest message, boolean head) {
    try {
      QueryStringDecoder uri = new QueryStringDecoder(message.uri());
      return handler.answer(
          new Request(
              head ? "GET" : message.method().name(),
              uri.path(),
              uri.rawQuery(),
              ByteBufUtil.getBytes(message.content())));
    } catch (IllegalArgumentException e) {
      log.debug("cannot answer {}: {}", message.uri(), e.getMessage());
      return Answer.empty(400);
    } catch (RuntimeException e) {
      log.warn("cannot answer {}", message.uri(), e);
      return Answer.empty(500);
    }
  }

  private FullHttpResponse response(Answer answer, boolean head) {
    ByteBuf body = head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body());
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), body);
    if (!product.isEmpty()) {
      response.headers().set(HttpHeaderNames.SERVER, product);
    }
    if (!answer.contentType().isEmpty()) {
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
    }
    answer.headers().forEach((name, value) -> response.headers().set(name, value));
    response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
    return response;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event instanceof IdleStateEvent) {
      context.close();
      return;
    }
    super.userEventTriggered(context, event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // A client that resets its connection is no news.
    log.debug("connection of {} ended: {}", context.channel().remoteAddress(), cause.toString());
    context.close();
  }
}
