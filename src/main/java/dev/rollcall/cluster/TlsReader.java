package dev.rollcall.cluster;

import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.InboundHandler;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The way of a connection between members that comes in, next to its socket. */
final class TlsReader extends InboundHandler<ByteBuffer, ByteBuffer> {

  /** Records that are taken from the socket at once. */
  private static final int RECORDS = 4;

  private final TlsLink link;

  TlsReader(TlsLink link) {
    this.link = link;
  }

  @Override
  public void handlerAdded() {
    initSrcBuffer(RECORDS * link.packetSize());
  }

  @Override
  public HandlerStatus onRead() throws IOException {
    return link.read(src, dst);
  }

  @Override
  public void interceptError(Throwable error) {
    link.failed(error);
  }
}
