package dev.rollcall.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder has read and keeps until more comes. Belongs to the event loop of its connection.
 *
 * <p>The buffer is held from the beginning of a read until it is looked at: one that the decoder
 * has released by then would be in use by another connection.
 */
public final class UndecodedBytes {

  private @Nullable ByteBuf reading;
  private int count;
  private int memory;

  private UndecodedBytes() {}

  /** Of no decoder, and so none. */
  public static UndecodedBytes none() {
    return new UndecodedBytes();
  }

  /**
   * Of a decoder that has read nothing. {@link #look} must be called after each of its reads, or
   * what it has read is never free.
   */
  public static UndecodedBytes of(ByteToMessageDecoder decoder) {
    UndecodedBytes bytes = new UndecodedBytes();
    decoder.setCumulator(bytes::cumulate);
    return bytes;
  }

  private ByteBuf cumulate(ByteBufAllocator allocator, ByteBuf before, ByteBuf read) {
    look();
    ByteBuf all = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, before, read);
    reading = all.retain();
    return all;
  }

  /** Looks at what the decoder has left of what it has read. */
  public void look() {
    ByteBuf read = reading;
    if (read == null) {
      return;
    }
    reading = null;
    boolean kept = read.refCnt() > 1 && read.isReadable();
    count = kept ? read.readableBytes() : 0;
    memory = kept ? read.capacity() : 0;
    read.release();
  }

  /** How many there were when they were looked at. */
  public int count() {
    return count;
  }

  /** How many bytes of memory they took then, which is what was read at once. */
  public int memory() {
    return memory;
  }
}
