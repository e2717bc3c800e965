package dev.rollcall.cluster;

import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.InboundHandler;
import com.hazelcast.internal.networking.OutboundHandler;
import dev.rollcall.transport.Refusals;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.slf4j.LoggerFactory;

/**
 * One end of a connection between members, over TLS.
 *
 * <pre>
 *   socket ──▶ Reader ──▶ Hazelcast's decoder
 *                │ TlsLink: one SSLEngine for both ways
 *   socket ◀── Writer ◀── Hazelcast's encoder
 * </pre>
 *
 * <p>The reader and the writer run on different threads, and either may find that the handshake
 * waits for the other: it then wakes it. The lock is held while bytes are worked on, never while
 * waiting.
 */
final class TlsLink {

  private static final Refusals REFUSALS = new Refusals(LoggerFactory.getLogger(TlsLink.class));

  /** Records that are taken from the socket, or given to it, at once. */
  private static final int RECORDS = 4;

  private final SSLEngine engine;
  private final Channel channel;
  private volatile boolean established;

  /** What was decrypted and did not fit the next handler's buffer yet. */
  private ByteBuffer decrypted;

  TlsLink(SSLEngine engine, Channel channel) {
    this.engine = engine;
    this.channel = channel;
    this.decrypted = ByteBuffer.allocate(0);
    try {
      engine.beginHandshake();
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  final class Reader extends InboundHandler<ByteBuffer, ByteBuffer> {
    @Override
    public void handlerAdded() {
      initSrcBuffer(bufferSize());
    }

    @Override
    public HandlerStatus onRead() throws IOException {
      return read(src, dst);
    }

    @Override
    public void interceptError(Throwable error) {
      failed(error);
    }
  }

  final class Writer extends OutboundHandler<ByteBuffer, ByteBuffer> {
    @Override
    public void handlerAdded() {
      initDstBuffer(bufferSize());
    }

    @Override
    public HandlerStatus onWrite() throws IOException {
      return write(src, dst);
    }

    @Override
    public void interceptError(Throwable error) {
      failed(error);
    }
  }

  private int bufferSize() {
    return RECORDS * engine.getSession().getPacketBufferSize();
  }

  /**
   * Decrypts.
   *
   * @param from what the socket gave, up to its position, and again so on return
   * @param to the next handler's buffer, likewise
   * @return {@code DIRTY} when there is more than fits
   */
  private synchronized HandlerStatus read(ByteBuffer from, ByteBuffer to) throws IOException {
    from.flip();
    try {
      while (handOn(to)) {
        HandshakeStatus handshake = engine.getHandshakeStatus();
        if (handshake == HandshakeStatus.NEED_TASK) {
          runTasks();
        } else if (handshake == HandshakeStatus.NEED_WRAP) {
          channel.outboundPipeline().wakeup();
          return HandlerStatus.CLEAN;
        } else if (!unwrap(from)) {
          return HandlerStatus.CLEAN;
        }
      }
      return HandlerStatus.DIRTY;
    } finally {
      from.compact();
    }
  }

  /** Whether all that was decrypted has gone to the next handler. */
  private boolean handOn(ByteBuffer to) {
    while (decrypted.hasRemaining() && to.hasRemaining()) {
      int length = Math.min(decrypted.remaining(), to.remaining());
      to.put(decrypted.slice().limit(length));
      decrypted.position(decrypted.position() + length);
    }
    return !decrypted.hasRemaining();
  }

  /** Decrypts one record; false when there is no whole one. */
  private boolean unwrap(ByteBuffer from) throws IOException {
    // Of full size, where it is needed at all: a record may need all of it.
    int size = engine.getSession().getApplicationBufferSize();
    ByteBuffer target = decrypted.capacity() < size ? ByteBuffer.allocate(size) : decrypted.clear();
    SSLEngineResult result = engine.unwrap(from, target);
    decrypted = target.flip();
    if (result.getStatus() == Status.CLOSED) {
      throw new EOFException("the other end has closed the TLS connection");
    }
    if (result.getStatus() == Status.BUFFER_OVERFLOW) {
      throw new SSLException("a TLS record that is larger than what was agreed upon");
    }
    if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
      established = true;
      // Writing may have waited for that.
      channel.outboundPipeline().wakeup();
    }
    return result.getStatus() == Status.OK;
  }

  /**
   * Encrypts, after what the handshake has to send.
   *
   * @param from what the handler before gave, from its position on
   * @param to what the socket takes, likewise, and again so on return
   * @return {@code DIRTY} when there is more than fits; {@code BLOCKED} while it waits for the
   *     other end's part of the handshake
   */
  private synchronized HandlerStatus write(ByteBuffer from, ByteBuffer to) throws IOException {
    to.compact();
    boolean shookHands = false;
    try {
      while (true) {
        HandshakeStatus handshake = engine.getHandshakeStatus();
        if (handshake == HandshakeStatus.NEED_TASK) {
          runTasks();
        } else if (handshake == HandshakeStatus.NEED_UNWRAP
            || handshake == HandshakeStatus.NEED_UNWRAP_AGAIN) {
          return from.hasRemaining() ? HandlerStatus.BLOCKED : HandlerStatus.CLEAN;
        } else if (handshake != HandshakeStatus.NEED_WRAP && !from.hasRemaining()) {
          return HandlerStatus.CLEAN;
        } else {
          shookHands |= handshake == HandshakeStatus.NEED_WRAP;
          SSLEngineResult result = engine.wrap(from, to);
          Status status = result.getStatus();
          if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
            established = true;
          }
          if (status == Status.BUFFER_OVERFLOW) {
            return HandlerStatus.DIRTY;
          }
          if (status == Status.CLOSED) {
            throw new EOFException("the TLS connection is closed");
          }
        }
      }
    } finally {
      to.flip();
      if (shookHands) {
        // Reading may have waited for that.
        channel.inboundPipeline().wakeup();
      }
    }
  }

  /** Logs why a connection was not established. Hazelcast logs what ends one that is in use. */
  private void failed(Throwable error) {
    if (error instanceof SSLException || !established) {
      REFUSALS.log(
          "no TLS connection between members", channel.remoteSocketAddress(), error.getMessage());
    }
  }

  /** Checks certificates and the like, for some milliseconds once a connection. */
  private void runTasks() {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }
}
