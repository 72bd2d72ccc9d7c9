package io.logboom.filter.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpClient;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.http.StandardWebSocketBuilder;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketResponse;
import io.logboom.filter.kubernetes.TransportFactory.TransportBuilder;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Sends requests without a body over HTTP/1.1 and hands on the answer's bytes as they come. */
final class Transport extends StandardHttpClient<Transport, TransportFactory, TransportBuilder> {
  private final Connections connections;

  Transport(TransportBuilder builder, AtomicBoolean closed, Connections connections) {
    super(builder, closed);
    this.connections = connections;
  }

  Connections connections() {
    return connections;
  }

  @Override
  public CompletableFuture<HttpResponse<AsyncBody>> consumeBytesDirect(
      StandardHttpRequest request, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    if (request.body() != null) {
      return CompletableFuture.failedFuture(
          new UnsupportedOperationException("requests with a body are not sent here"));
    }
    CompletableFuture<HttpResponse<AsyncBody>> answer = new CompletableFuture<>();
    try {
      send(request, consumer, answer, true);
    } catch (IOException e) {
      answer.completeExceptionally(e);
    }
    return answer;
  }

  private void send(
      StandardHttpRequest request,
      AsyncBody.Consumer<List<ByteBuffer>> consumer,
      CompletableFuture<HttpResponse<AsyncBody>> answer,
      boolean again)
      throws IOException {
    URI uri = request.uri();
    Channel kept = again ? connections.kept(uri) : null;
    if (kept == null) {
      var _ =
          connections
              .open(uri)
              .whenComplete(
                  (channel, thrown) -> {
                    if (thrown != null) {
                      answer.completeExceptionally(thrown);
                    } else {
                      exchange(channel, request, consumer, answer);
                    }
                  });
      return;
    }
    // The server may have closed a kept connection meanwhile; then a new one is tried.
    CompletableFuture<HttpResponse<AsyncBody>> first = new CompletableFuture<>();
    var _ =
        first.whenComplete(
            (response, thrown) -> {
              if (thrown == null) {
                if (!answer.complete(response)) {
                  response.body().cancel();
                }
                return;
              }
              if (answer.isDone()) {
                return;
              }
              try {
                send(request, consumer, answer, false);
              } catch (IOException e) {
                answer.completeExceptionally(e);
              }
            });
    var _ = answer.whenComplete((_, _) -> first.cancel(false));
    exchange(kept, request, consumer, first);
  }

  private void exchange(
      Channel channel,
      StandardHttpRequest request,
      AsyncBody.Consumer<List<ByteBuffer>> consumer,
      CompletableFuture<HttpResponse<AsyncBody>> answer) {
    URI uri = request.uri();
    String query = uri.getRawQuery();
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    DefaultFullHttpRequest message =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.valueOf(request.method()),
            query == null ? path : path + "?" + query);
    request.headers().forEach((name, values) -> message.headers().set(name, values));
    message.headers().set(HttpHeaderNames.HOST, uri.getRawAuthority());
    ResponseHandler handler =
        new ResponseHandler(request, consumer, answer, c -> connections.keep(uri, c));
    channel.pipeline().addLast(handler);
    var _ =
        answer.whenComplete(
            (_, _) -> {
              if (answer.isCancelled()) {
                var _ = channel.close();
              }
            });
    var _ =
        channel
            .writeAndFlush(message)
            .addListener(
                done -> {
                  if (done.isSuccess()) {
                    channel.read();
                  } else {
                    handler.fail(done.cause());
                    var _ = channel.close();
                  }
                });
  }

  @Override
  public CompletableFuture<WebSocketResponse> buildWebSocketDirect(
      StandardWebSocketBuilder socket, WebSocket.Listener listener) {
    return CompletableFuture.failedFuture(
        new UnsupportedOperationException("web sockets are not opened here"));
  }

  @Override
  protected void doClose() {
    connections.close();
  }
}
