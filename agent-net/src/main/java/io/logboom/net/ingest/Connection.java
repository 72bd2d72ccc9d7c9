package io.logboom.net.ingest;

import io.logboom.net.stream.Link;
import io.logboom.net.stream.Receiver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One client. A request that comes in one piece is never copied here; else its body is collected.
 * What comes behind a request waits, at most one read of it, until the request is answered.
 */
final class Connection implements Receiver {
  static final byte[] NOTHING = {};

  /** Answers that wait to be sent, at most. */
  private static final long MOST_UNSENT = 256 * 1024;

  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private enum State {
    /** Between two requests. */
    IDLE,
    /** A head has begun. */
    HEAD,
    /** A body comes. */
    BODY,
    /** The request is with the taker. */
    TAKEN,
    /** The last answer has gone; what still comes is read and thrown away. */
    LINGERING,
    CLOSED
  }

  private final Link link;
  private final Connections all;
  private final RequestDecoder decoder;
  private final List<Object> decoded = new ArrayList<>(2);
  private State state = State.IDLE;
  private boolean running;
  private long begun;
  private long since;
  private Reason ending = Reason.NONE;

  // What has come and is not decoded.
  private byte[] kept = NOTHING;

  // The request under way.
  private @Nullable RequestHead head;
  private @Nullable Answer refusal;
  private @Nullable Exchange exchange;
  private boolean reusable;
  private boolean old;
  private byte[] body = NOTHING;
  private int size;
  // A body that is one piece of what is being decoded.
  private byte[] loose = NOTHING;
  private int looseFrom;
  private int looseTo;

  Connection(Link link, Connections all) {
    this.link = link;
    this.all = all;
    this.decoder = new RequestDecoder(all.limits().mostLine(), all.limits().mostHead());
    this.since = all.now();
  }

  String peer() {
    return link.peer();
  }

  @Override
  public void opened() {
    since = all.now();
  }

  @Override
  public void received(Arrived bytes) {
    int count = bytes.size();
    since = all.now();
    all.taker().received(count);
    if (state == State.LINGERING || state == State.CLOSED) {
      return;
    }
    if (running || state == State.TAKEN) {
      int before = kept.length;
      keep(Arrays.copyOf(kept, before + count));
      bytes.copyTo(kept, before);
      read();
      return;
    }
    byte[] work = all.work(kept.length + count);
    System.arraycopy(kept, 0, work, 0, kept.length);
    bytes.copyTo(work, kept.length);
    int to = kept.length + count;
    keep(NOTHING);
    run(work, to);
  }

  private void keep(byte[] bytes) {
    all.memory().add((long) bytes.length - kept.length);
    kept = bytes;
  }

  /** Decodes what has come, as far as it may. */
  private void run(byte[] work, int to) {
    running = true;
    ByteBuf in = Unpooled.wrappedBuffer(work, 0, to);
    try {
      boolean more = to > 0;
      while (more && isDecoding()) {
        if (state == State.IDLE) {
          state = State.HEAD;
          begun = all.now();
        }
        more = decoder.step(in, decoded);
        for (Object each : decoded) {
          decoded(each, work);
        }
        decoded.clear();
        more &= in.isReadable();
      }
    } catch (Exception e) {
      all.taker()
          .defect(peer(), e instanceof RuntimeException r ? r : new IllegalStateException(e));
      refuse(Answer.refused(500, Reason.INTERNAL, "a defect of the program").closing());
    } finally {
      decoded.clear();
      running = false;
    }
    own();
    int rest = in.readableBytes();
    if (rest > 0 && state != State.LINGERING && state != State.CLOSED) {
      keep(Arrays.copyOfRange(work, to - rest, to));
    }
  }

  /** Reads where something may come, and there is memory for it. */
  void read() {
    link.reading(
        state == State.LINGERING
            || (all.memory().lets(this) && (isDecoding() || kept.length == 0)));
  }

  boolean hasBodyUnderWay() {
    return state == State.BODY;
  }

  private boolean isDecoding() {
    return state == State.IDLE || state == State.HEAD || state == State.BODY;
  }

  /** Goes on with what was kept. */
  private void proceed() {
    byte[] work = kept;
    if (work.length > 0) {
      keep(NOTHING);
      run(work, work.length);
    }
    read();
  }

  private void decoded(Object what, byte[] work) {
    try {
      if (!isDecoding()) {
        return; // the connection ends
      }
      if (what instanceof HttpRequest request) {
        head(request);
      }
      if (what instanceof HttpContent content && isDecoding()) {
        piece(content, work);
        if (what instanceof LastHttpContent && isDecoding()) {
          end();
        }
      }
    } finally {
      ReferenceCountUtil.release(what);
    }
  }

  private void head(HttpRequest request) {
    RequestHead made = new RequestHead(request, link);
    head = made;
    reusable = HttpUtil.isKeepAlive(request);
    old = request.protocolVersion().minorVersion() == 0;
    Answer fault = HeadCheck.fault(request, all.limits());
    if (fault == null && all.isQuiet()) {
      fault = Answer.later(Reason.SHUTDOWN, "the input ends").closing();
    }
    // Where the head is at fault, what it says of the body cannot be relied on.
    boolean hasBody =
        fault == null
            && (HttpUtil.isTransferEncodingChunked(request)
                || HttpUtil.getContentLength(request, 0L) > 0);
    if (fault == null) {
      fault = all.taker().early(made);
      if (fault != null && hasBody) {
        fault = fault.closing(); // rather than to read it for nothing
      }
    }
    if (fault != null && (fault.closes() || hasBody)) {
      refuse(fault);
      return;
    }
    refusal = fault;
    state = State.BODY;
    if (hasBody && HttpUtil.is100ContinueExpected(request)) {
      link.write(CONTINUE);
      link.flush();
    }
  }

  private void piece(HttpContent content, byte[] work) {
    if (content.decoderResult().isFailure()) {
      refuse(
          Answer.refused(400, Reason.MALFORMED, "the body is not chunked as it should be")
              .closing());
      return;
    }
    ByteBuf bytes = content.content();
    int count = bytes.readableBytes();
    if (count == 0 || refusal != null) {
      return;
    }
    if ((long) size + (looseTo - looseFrom) + count > all.limits().mostBody()) {
      refuse(HeadCheck.tooLarge(all.limits()));
      return;
    }
    if (size == 0 && looseFrom == looseTo) {
      loose = work;
      looseFrom = bytes.arrayOffset() + bytes.readerIndex();
      looseTo = looseFrom + count;
      return;
    }
    own();
    grow(count);
    bytes.readBytes(body, size, count);
    size += count;
  }

  /** Copies what is loose, which is about to be overwritten. */
  private void own() {
    int count = looseTo - looseFrom;
    if (count > 0) {
      grow(count);
      System.arraycopy(loose, looseFrom, body, size, count);
      size += count;
      loosen();
      if (exchange != null) {
        exchange.moved(body, 0, size);
      }
    }
  }

  private void loosen() {
    loose = NOTHING;
    looseFrom = 0;
    looseTo = 0;
  }

  private void grow(int count) {
    int needed = size + count;
    if (needed > body.length) {
      long wished = Math.max(needed, Math.min(2L * body.length, all.limits().mostBody()));
      // A body that says how long it is gets no more than that.
      long told = head == null ? -1 : HttpUtil.getContentLength(head.request(), -1L);
      long length = told >= needed ? Math.min(wished, told) : wished;
      length = all.memory().has(length - body.length) ? length : needed;
      long more = length - body.length;
      body = Arrays.copyOf(body, (int) length);
      all.memory().add(more);
    }
  }

  private void end() {
    Answer early = refusal;
    refusal = null;
    RequestHead of = head;
    if (early != null) {
      answer(early);
    } else if (of != null) {
      state = State.TAKEN;
      all.memory().left(this);
      begun = all.now();
      boolean whole = size == 0;
      Exchange made =
          new Exchange(
              this, of, begun, whole ? loose : body, whole ? looseFrom : 0, whole ? looseTo : size);
      exchange = made;
      all.taker().take(made);
    }
  }

  void dropBody(Exchange of) {
    if (exchange == of) {
      dropBody();
    }
  }

  private void dropBody() {
    loosen();
    size = 0;
    if (body.length > 0) {
      int length = body.length;
      body = NOTHING;
      all.memory().add(-length);
    }
  }

  private void refuse(Answer why) {
    Exchange none = exchange;
    if (none != null) {
      none.abandon();
    }
    answer(why.closing());
  }

  /** Sends the answer to the request that is under way. */
  void answer(Answer answer) {
    if (state == State.LINGERING || state == State.CLOSED) {
      return;
    }
    boolean last = answer.closes() || !reusable || all.isQuiet();
    boolean bare = head != null && head.method().equals("HEAD");
    boolean unread = state == State.HEAD || state == State.BODY || kept.length > 0;
    exchange = null;
    head = null;
    dropBody();
    all.taker().answered(peer(), answer);
    long unsent = link.write(answer.bytes(all.date(), last, old, bare));
    link.flush();
    since = all.now();
    if (unsent > MOST_UNSENT) {
      abort(Reason.UNREAD);
    } else if (last) {
      ending = answer.closes() ? answer.reason() : Reason.NONE;
      state = State.LINGERING;
      keep(NOTHING);
      all.memory().left(this);
      if (unread) {
        read();
      } else {
        link.close();
      }
    } else {
      state = State.IDLE;
      if (!running) {
        proceed();
      }
    }
  }

  /** Looks whether it takes too long. */
  void tick(long now) {
    Limits limits = all.limits();
    long silence = now - since;
    boolean waits = !all.memory().lets(this);
    switch (state) {
      case IDLE -> {
        if (silence > limits.idleNanos() && !waits) {
          abort(Reason.NONE);
        }
      }
      case HEAD -> {
        if (now - begun > limits.headNanos()) {
          refuse(waits ? crowded() : slow("the head takes longer than net.accept_timeout"));
        }
      }
      case BODY -> {
        if (waits) {
          if (silence > limits.roomNanos()) {
            refuse(crowded());
          }
        } else if (silence > limits.ioNanos()) {
          refuse(slow("nothing came for net.io_timeout"));
        } else if (now - begun > limits.requestNanos()) {
          refuse(slow("it takes longer than request_timeout"));
        }
      }
      case TAKEN -> {
        Exchange open = exchange;
        if (open != null && now - begun > limits.answerNanos()) {
          open.answer(
              Answer.later(
                  Reason.NOT_IN_TIME,
                  "the records are not delivered yet; sent again, they may arrive twice"));
        }
      }
      case LINGERING -> {
        if (silence > limits.lingerNanos() || now - begun > limits.requestNanos()) {
          abort(ending);
        }
      }
      case CLOSED -> {}
    }
  }

  private static Answer crowded() {
    return Answer.later(Reason.FULL, "there is no memory for the request");
  }

  private static Answer slow(String text) {
    return Answer.refused(408, Reason.SLOW, text);
  }

  /** The input ends: what has not come whole is not waited for. */
  void quiet() {
    if (state == State.HEAD || state == State.BODY) {
      refuse(Answer.later(Reason.SHUTDOWN, "the input ends"));
    }
  }

  private void abort(Reason why) {
    ending = why;
    link.abort();
  }

  @Override
  public void closed(@Nullable Throwable why) {
    Exchange open = exchange;
    if (open != null) {
      open.abandon();
      exchange = null;
    }
    if (ending == Reason.NONE && why != null) {
      ending = isTls(why) ? Reason.TLS : Reason.BROKEN;
    }
    state = State.CLOSED;
    dropBody();
    keep(NOTHING);
    all.left(this, ending);
    all.memory().left(this);
  }

  private static boolean isTls(Throwable why) {
    return why instanceof SSLException || why.getCause() instanceof SSLException;
  }
}
