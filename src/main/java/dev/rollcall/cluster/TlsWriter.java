package dev.rollcall.cluster;

import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.OutboundHandler;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The way of a connection between members that goes out, next to its socket. */
final class TlsWriter extends OutboundHandler<ByteBuffer, ByteBuffer> {

  /** Records that are given to the socket at once. */
  private static final int RECORDS = 4;

  private final TlsLink link;

  TlsWriter(TlsLink link) {
    this.link = link;
  }

  @Override
  public void handlerAdded() {
    initDstBuffer(RECORDS * link.packetSize());
  }

  @Override
  public HandlerStatus onWrite() throws IOException {
    return link.write(src, dst);
  }

  @Override
  public void interceptError(Throwable error) {
    link.failed(error);
  }
}
