package dev.rollcall.cluster;

import com.hazelcast.instance.BuildInfoProvider;
import com.hazelcast.version.MemberVersion;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the version of Hazelcast in a request to join. Members of two versions can't read each
 * other, but for the version itself, at the beginning of that request.
 */
final class MemberVersions {

  /** A request to join has its version within so many bytes. */
  static final int LOOKED_AT = 160;

  static final MemberVersion OWN = MemberVersion.of(BuildInfoProvider.getBuildInfo().getVersion());

  /** The bytes before a version: an object by number, with Hazelcast's number 29 for members. */
  private static final byte[] BEGINNING = {-1, -1, -1, -2, 1, 0, 0, 0, 0, 0, 0, 0, 29};

  private static final int VERSION = 3;

  private MemberVersions() {}

  /**
   * The version in a packet, unless it is one that can join.
   *
   * @param packet from its position on, which stays
   */
  static @Nullable MemberVersion strange(ByteBuffer packet) {
    int last = Math.min(packet.remaining(), LOOKED_AT) - BEGINNING.length - VERSION;
    for (int at = 0; at <= last; at++) {
      int from = packet.position() + at;
      if (isVersion(packet, from)) {
        int said = from + BEGINNING.length;
        MemberVersion version =
            MemberVersion.of(packet.get(said), packet.get(said + 1), packet.get(said + 2));
        boolean same = version.getMajor() == OWN.getMajor() && version.getMinor() == OWN.getMinor();
        return same ? null : version;
      }
    }
    return null;
  }

  private static boolean isVersion(ByteBuffer packet, int from) {
    for (int i = 0; i < BEGINNING.length; i++) {
      if (packet.get(from + i) != BEGINNING[i]) {
        return false;
      }
    }
    return true;
  }
}
