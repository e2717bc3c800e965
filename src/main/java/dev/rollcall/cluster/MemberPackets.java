package dev.rollcall.cluster;

import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.InboundHandler;
import com.hazelcast.internal.server.ServerConnection;
import com.hazelcast.version.MemberVersion;
import dev.rollcall.cluster.ConnectionLimit.Place;
import dev.rollcall.transport.Refusals;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Passes on the packets of members, and ends a connection on which anything else comes.
 *
 * <pre>
 *   socket ──▶ (TlsLink.Reader) ──▶ MemberPackets ──▶ Hazelcast's decoder
 *
 *   "HZC", then packets: version 1 B, flags 2 B, partition 4 B, size 4 B, and so many bytes
 * </pre>
 *
 * <p>On the same port Hazelcast speaks the protocol of its clients, which asks nobody who they are;
 * and it allocates whatever size a packet claims. Belongs to the connection's reading thread, but
 * for its end.
 */
final class MemberPackets extends InboundHandler<ByteBuffer, ByteBuffer> {

  /** Far more than the map of addresses takes. */
  static final int LARGEST = 16 << 20;

  private static final String PROTOCOL = "HZC";
  private static final int HEADER = 11;
  private static final byte VERSION = 4;
  private static final int SIZE_AT = 7;
  private static final int BUFFER = 32 << 10;

  /** Smaller packets are not counted, since connections are. */
  private static final int SMALL = 64 << 10;

  /** A connection on which a member asks to join does so within so many packets. */
  private static final int JOINING = 64;

  private static final long SLOWEST_SECONDS = 30;
  private static final Executor AFTER_A_WHILE =
      CompletableFuture.delayedExecutor(SLOWEST_SECONDS, TimeUnit.SECONDS);

  private final @Nullable Place place;
  private final ByteBudget budget;
  private final Refusals refusals;

  /** What the current packet has taken of the budget; given back by whoever is first. */
  private final AtomicLong taken = new AtomicLong();

  private boolean greeted;

  /** Bytes to pass on before the next header. */
  private long passing;

  private int packets;
  private volatile long large;

  /**
   * The check of one connection.
   *
   * @param place of a connection that was accepted; null for one that this member has made
   */
  MemberPackets(@Nullable Place place, ByteBudget budget, Refusals refusals) {
    this.place = place;
    this.budget = budget;
    this.refusals = refusals;
  }

  @Override
  public void handlerAdded() {
    initSrcBuffer(BUFFER);
    channel.addCloseListener(closed -> giveBack());
  }

  @Override
  public HandlerStatus onRead() throws EOFException {
    src.flip();
    try {
      while (true) {
        if (passing == 0 && !begin()) {
          return HandlerStatus.CLEAN;
        }
        pass();
        if (passing == 0) {
          giveBack();
        } else {
          return src.hasRemaining() ? HandlerStatus.DIRTY : HandlerStatus.CLEAN;
        }
      }
    } finally {
      src.compact();
    }
  }

  private void pass() {
    int length = (int) Math.min(passing, Math.min(src.remaining(), dst.remaining()));
    dst.put(src.slice().limit(length));
    src.position(src.position() + length);
    passing -= length;
  }

  /** Reads a header; false when it is not there yet. */
  private boolean begin() throws EOFException {
    if (!greeted) {
      return greet();
    }
    if (src.remaining() < HEADER) {
      return false;
    }
    int size = src.getInt(src.position() + SIZE_AT);
    if (src.get(src.position()) != VERSION) {
      throw refused("this is no packet of Hazelcast's protocol between members");
    }
    if (size < 0 || size > LARGEST) {
      throw refused("a packet of " + size + " bytes, and members send at most " + LARGEST);
    }
    if (place != null && packets < JOINING) {
      if (src.remaining() < HEADER + Math.min(size, MemberVersions.LOOKED_AT)) {
        return false;
      }
      packets++;
      refuseOtherVersions(size);
    }
    if (size > SMALL) {
      take(size);
    }
    if (place != null) {
      place.proven();
    }
    passing = HEADER + (long) size;
    return true;
  }

  /** Hazelcast would fail to read what another version sends, again and again. */
  private void refuseOtherVersions(int size) throws EOFException {
    ByteBuffer packet = src.slice().position(HEADER);
    packet.limit(Math.min(packet.limit(), HEADER + size));
    MemberVersion strange = MemberVersions.strange(packet);
    if (strange != null) {
      throw refused(
          "it runs Hazelcast " + strange + ", and members here run " + MemberVersions.OWN);
    }
  }

  private boolean greet() throws EOFException {
    if (src.remaining() < PROTOCOL.length()) {
      return false;
    }
    byte[] protocol = new byte[PROTOCOL.length()];
    src.slice().get(protocol);
    String said = new String(protocol, StandardCharsets.ISO_8859_1);
    if (!said.equals(PROTOCOL)) {
      throw refused("\"" + said + "\" is not the protocol of members");
    }
    greeted = true;
    passing = PROTOCOL.length();
    return true;
  }

  private void take(int size) throws EOFException {
    if (!budget.take(size)) {
      throw refused(
          String.format(Locale.ROOT, "too many packets are unfinished for another %d bytes", size));
    }
    taken.set(size);
    long mine = large + 1;
    large = mine;
    AFTER_A_WHILE.execute(
        () -> {
          if (large == mine && taken.get() > 0) {
            end(channel, "a packet that did not come to its end");
          }
        });
  }

  private void giveBack() {
    long mine = taken.getAndSet(0);
    if (mine > 0) {
      budget.give(mine);
    }
  }

  /** Hazelcast ends the connection without a stack trace for an error of this kind. */
  private EOFException refused(String reason) {
    src.position(src.limit());
    refusals.log("a connection between members is refused", channel.remoteSocketAddress(), reason);
    return new EOFException(reason);
  }

  static void end(Channel channel, String reason) {
    Object connection = channel.attributeMap().get(ServerConnection.class);
    if (connection instanceof ServerConnection known) {
      known.close(reason, null);
    }
  }
}
