package io.logboom.filter.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One answer on one connection. Reads from the socket only while somebody wants more, so that a
 * slow reader slows the server and not the heap. All methods but those of {@link AsyncBody} run on
 * the event loop.
 */
final class ResponseHandler extends SimpleChannelInboundHandler<HttpObject> implements AsyncBody {
  private final HttpRequest request;
  private final AsyncBody.Consumer<List<ByteBuffer>> consumer;
  private final CompletableFuture<HttpResponse<AsyncBody>> answer;
  private final Spare spare;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private volatile @Nullable ChannelHandlerContext context;
  private boolean wanted = true;
  private boolean begun;
  private boolean reusable;

  /** Takes connections that can serve again. */
  interface Spare {
    void accept(Channel channel);
  }

  /**
   * @param spare takes the connection when the answer was read to its end
   */
  ResponseHandler(
      HttpRequest request,
      AsyncBody.Consumer<List<ByteBuffer>> consumer,
      CompletableFuture<HttpResponse<AsyncBody>> answer,
      Spare spare) {
    this.request = request;
    this.consumer = consumer;
    this.answer = answer;
    this.spare = spare;
  }

  private record Response(HttpRequest request, int code, StandardHttpHeaders fields, AsyncBody body)
      implements HttpResponse<AsyncBody> {
    @Override
    public Optional<HttpResponse<?>> previousResponse() {
      return Optional.empty();
    }

    @Override
    public List<String> headers(String name) {
      return fields.headers(name);
    }

    @Override
    public Map<String, List<String>> headers() {
      return fields.headers();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) throws Exception {
    if (message instanceof io.netty.handler.codec.http.HttpResponse head) {
      if (head.decoderResult().isFailure()) {
        throw new IOException("the answer is not HTTP", head.decoderResult().cause());
      }
      if (head.status().code() < 200) {
        return;
      }
      begun = true;
      wanted = false;
      reusable = HttpUtil.isKeepAlive(head);
      Map<String, List<String>> fields = new LinkedHashMap<>();
      head.headers()
          .forEach(
              e -> fields.computeIfAbsent(e.getKey(), _ -> new ArrayList<>()).add(e.getValue()));
      Response response =
          new Response(request, head.status().code(), new StandardHttpHeaders(fields), this);
      if (!answer.complete(response)) {
        var _ = ctx.close();
      }
    }
    if (message instanceof HttpContent content && begun) {
      if (content.decoderResult().isFailure()) {
        throw new IOException("the answer is not HTTP", content.decoderResult().cause());
      }
      content(ctx, content);
    }
  }

  private void content(ChannelHandlerContext ctx, HttpContent content) throws Exception {
    ByteBuf bytes = content.content();
    if (bytes.isReadable()) {
      ByteBuffer copy = ByteBuffer.allocate(bytes.readableBytes());
      bytes.readBytes(copy);
      wanted = false;
      consumer.consume(List.of(copy.flip()), this);
    }
    if (content instanceof LastHttpContent) {
      ctx.pipeline().remove(this);
      if (reusable) {
        spare.accept(ctx.channel());
      } else {
        var _ = ctx.close();
      }
      done.complete(null);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (wanted && !done.isDone()) {
      ctx.read();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(new IOException("the server closed the connection"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(cause);
    var _ = ctx.close();
  }

  void fail(Throwable cause) {
    answer.completeExceptionally(cause);
    done.completeExceptionally(cause);
  }

  @Override
  public void consume() {
    ChannelHandlerContext ctx = context;
    if (ctx == null || done.isDone()) {
      return;
    }
    if (ctx.executor().inEventLoop()) {
      wanted = true;
      ctx.read();
    } else {
      ctx.executor().execute(this::consume);
    }
  }

  @Override
  public CompletableFuture<Void> done() {
    return done;
  }

  @Override
  public void cancel() {
    ChannelHandlerContext ctx = context;
    if (!done.isDone() && ctx != null) {
      done.cancel(false);
      var _ = ctx.close();
    }
  }
}
