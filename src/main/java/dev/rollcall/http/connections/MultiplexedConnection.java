package dev.rollcall.http.connections;

import dev.rollcall.budgets.AddressShare;
import dev.rollcall.config.HttpSettings;
import dev.rollcall.framing.Http2Channel;
import dev.rollcall.framing.PlainRequest;
import dev.rollcall.framing.StreamWatch;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A connection of HTTP/2, whose streams carry a request each. It is idle while it has none,
 * whatever else its client sends.
 */
final class MultiplexedConnection extends Http2ConnectionAdapter
    implements ClientConnection, StreamWatch {

  /** How far a client has been told that the process ends. */
  private enum Draining {
    NO,
    /** It is to begin no further stream, and those that it has begun meanwhile are carried out. */
    ANNOUNCED,
    /** What it begins from now on is not carried out. */
    DONE
  }

  private final HttpConnection connection;
  private final Http2Channel channel;
  private final HttpLimits limits;
  private final AddressShare share;
  private final HttpSettings settings;
  private final Predicate<PlainRequest> plainRequests;
  private final Http2Connection.PropertyKey key;
  private final UnreadBytes unread;
  private final StreamBytes bytes;
  private int open;
  private long idleSince = System.nanoTime();
  private boolean closing;
  private Draining draining = Draining.NO;
  private long drainedAt;

  /**
   * A new connection, idle from now on.
   *
   * @param share that of the client's address
   * @param plainRequests answers those of which it can
   */
  MultiplexedConnection(
      HttpConnection connection,
      Http2Channel channel,
      HttpLimits limits,
      AddressShare share,
      HttpSettings settings,
      Predicate<PlainRequest> plainRequests) {
    this.connection = connection;
    this.channel = channel;
    this.limits = limits;
    this.share = share;
    this.settings = settings;
    this.plainRequests = plainRequests;
    this.key = channel.streams().newKey();
    this.unread = UnreadBytes.of(channel.channel(), settings);
    this.bytes = new StreamBytes(limits, share);
    channel.streams().addListener(this);
    channel.watch(this);
  }

  @Override
  public AddressShare share() {
    return share;
  }

  long idleTimeout() {
    return settings.idleTimeout().toNanos();
  }

  /** By when the client of a stream must have taken some. */
  RateDeadline reading() {
    return RateDeadline.ofReader(settings);
  }

  private @Nullable MultiplexedStream of(@Nullable Http2Stream stream) {
    return stream == null ? null : stream.getProperty(key);
  }

  @Override
  public @Nullable ClientStream carrierOf(HttpServerRequest request) {
    MultiplexedStream stream = of(channel.streams().stream(request.streamId()));
    if (stream != null) {
      stream.carry(request);
    }
    return stream;
  }

  @Override
  public int mostStreams() {
    return Connections.STREAMS;
  }

  @Override
  public boolean answers(PlainRequest request) {
    return plainRequests.test(request);
  }

  @Override
  public boolean opened(Http2Stream stream, int headBytes) {
    MultiplexedStream opened = new MultiplexedStream(this, channel, stream, bytes);
    stream.setProperty(key, opened);
    return opened.open(headBytes);
  }

  @Override
  public void waiting(Http2Stream stream, int untaken) {
    MultiplexedStream awaited = of(stream);
    if (awaited != null) {
      awaited.await(untaken);
    }
  }

  @Override
  public void granted(Http2Stream stream, int more) {
    MultiplexedStream read = of(stream);
    if (read != null) {
      read.grant(more);
    }
  }

  @Override
  public void onStreamActive(Http2Stream stream) {
    open++;
  }

  @Override
  public void onStreamClosed(Http2Stream stream) {
    MultiplexedStream closed = of(stream);
    if (closed != null) {
      closed.closed();
    }
    open--;
    if (open == 0) {
      idleSince = System.nanoTime();
    }
  }

  @Override
  public void look(long now, List<Runnable> endings) {
    if (unread.areTakenTooSlowly(now)) {
      endings.add(channel::abort);
      return;
    }
    if (unread.areThere()) {
      // Even that takes its time, so not where nothing waits.
      channel.flush();
    }
    if (limits.draining()) {
      endings.add(this::drain);
    }
    if (open > 0) {
      lookAtStreams(now, endings);
    } else if (unread.areThere()) {
      idleSince = now;
    } else if (now - idleSince >= idleTimeout() || draining == Draining.DONE) {
      endings.add(this::close);
    }
  }

  private void lookAtStreams(long now, List<Runnable> endings) {
    try {
      channel
          .streams()
          .forEachActiveStream(
              stream -> {
                MultiplexedStream looked = of(stream);
                if (looked != null) {
                  looked.look(now, endings);
                }
                return true;
              });
    } catch (Http2Exception e) {
      throw new IllegalStateException("looking at a stream does not fail", e);
    }
  }

  /** Tells the client that the process ends; called again and again from then on. */
  void drain() {
    if (!limits.draining()) {
      return;
    }
    long now = System.nanoTime();
    if (draining == Draining.NO) {
      draining = Draining.ANNOUNCED;
      drainedAt = now;
      channel.goAway(false);
    } else if (draining == Draining.ANNOUNCED && now - drainedAt >= SerialConnection.LINGER) {
      draining = Draining.DONE;
      channel.goAway(true);
    }
  }

  /** Closes it, and once more where its client does not let it. */
  private void close() {
    if (closing) {
      channel.abort();
    } else {
      closing = true;
      idleSince = System.nanoTime();
      connection.close();
    }
  }

  @Override
  public void gone() {
    // Its streams are closed one by one before.
  }
}
