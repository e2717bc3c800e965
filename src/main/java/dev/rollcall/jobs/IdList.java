package dev.rollcall.jobs;

import java.util.Arrays;

/**
 * The ids that a job is for, in their order, as few bytes: each as its difference from the one
 * before, of which ids in ascending order take one or two. Immutable.
 */
public final class IdList {
  private static final int SEVEN_BITS = 0x7F;

  private final byte[] bytes;
  private final int size;

  private IdList(byte[] bytes, int size) {
    this.bytes = bytes;
    this.size = size;
  }

  /** Some ids. */
  public static IdList of(long... ids) {
    Builder builder = new Builder();
    for (long id : ids) {
      builder.add(id);
    }
    return builder.build();
  }

  /**
   * A list that was kept.
   *
   * @param bytes what {@link #bytes} gave
   * @param size how many ids they are
   */
  public static IdList kept(byte[] bytes, int size) {
    return new IdList(bytes, size);
  }

  /** How many ids there are. */
  public int size() {
    return size;
  }

  /** The form in which it is kept; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where an id stands, from 0; -1 where it does not. Takes some milliseconds a million ids. */
  public int position(long id) {
    Reader ids = reader();
    while (ids.hasNext()) {
      int position = ids.position();
      if (ids.next() == id) {
        return position;
      }
    }
    return -1;
  }

  /** Goes through the ids from the first one on. */
  Reader reader() {
    return new Reader();
  }

  /** Goes through a list once. */
  final class Reader {
    private int at;
    private int read;
    private long last;

    boolean hasNext() {
      return read < size;
    }

    /** The position of the id that comes next, from 0. */
    int position() {
      return read;
    }

    long next() {
      long folded = 0;
      int shift = 0;
      byte b = bytes[at++];
      while (b < 0) {
        folded |= (long) (b & SEVEN_BITS) << shift;
        shift += 7;
        b = bytes[at++];
      }
      folded |= (long) b << shift;
      // An even number stands for a step up, an odd one for a step down.
      last += (folded >>> 1) ^ -(folded & 1);
      read++;
      return last;
    }
  }

  /** Collects ids. */
  static final class Builder {
    private byte[] bytes = new byte[64];
    private int length;
    private int size;
    private long last;

    void add(long id) {
      long step = id - last;
      long folded = (step << 1) ^ (step >> 63);
      if (bytes.length - length < 10) {
        bytes = Arrays.copyOf(bytes, 2 * bytes.length);
      }
      while ((folded & ~(long) SEVEN_BITS) != 0) {
        bytes[length++] = (byte) (folded | 0x80);
        folded >>>= 7;
      }
      bytes[length++] = (byte) folded;
      last = id;
      size++;
    }

    int size() {
      return size;
    }

    IdList build() {
      return new IdList(Arrays.copyOf(bytes, length), size);
    }
  }
}
