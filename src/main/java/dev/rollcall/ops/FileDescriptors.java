package dev.rollcall.ops;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.rollcall.config.Settings;
import dev.rollcall.config.sources.HttpTarget;
import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections of clients the limit of open files (<code>ulimit -n</code>) leaves room for.
 * Descriptors for the store, sources and the port for operators are set aside, so that clients with
 * many connections do not stop those.
 */
public final class FileDescriptors {

  private static final Logger LOG = LoggerFactory.getLogger(FileDescriptors.class);

  /**
   * For what is opened now and then: a backup, a store that opens its files anew, DNS, and
   * connections that are closed as soon as they are accepted.
   */
  private static final int SPARE = 48;

  /** For the connections between the nodes of a cluster, two for each other node. */
  private static final int CLUSTER = 64;

  private static final int LEAST = 8;

  private FileDescriptors() {}

  /**
   * The most connections that HTTP may have; to be called when all but HTTP has been opened. Logs
   * where {@code http.connectionLimit}, or what sources may have in flight, is more than there is
   * room for.
   *
   * @return {@link Integer#MAX_VALUE} where this platform has no such limit
   * @throws IllegalStateException when there is no room for connections at all; the message is for
   *     the operator
   */
  public static int connections(Settings settings) {
    if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix)) {
      return Integer.MAX_VALUE;
    }
    return connections(
        settings, unix.getMaxFileDescriptorCount(), unix.getOpenFileDescriptorCount());
  }

  static int connections(Settings settings, long limit, long open) {
    long kept =
        open
            + SPARE
            + settings.management().connectionLimit()
            // A SQLite database that is opened is three files.
            + 3L * settings.store().readers()
            + (settings.cluster().enabled() ? CLUSTER : 0);
    long left = limit - kept;
    if (left < LEAST) {
      throw new IllegalStateException(
          "the limit of open files (ulimit -n) is "
              + limit
              + ", which is too low: at least "
              + (kept + LEAST)
              + " are needed");
    }
    long wanted = sources(settings);
    long sources = Math.min(wanted, left / 2);
    if (sources < wanted) {
      LOG.warn(
          "sources may have {} connections in flight, but the limit of open files (ulimit -n) of {}"
              + " leaves {} to them",
          wanted,
          limit,
          sources);
    }
    long connections = left - sources;
    if (settings.deploy().http() > 0 && connections < settings.http().connectionLimit()) {
      LOG.warn(
          "http.connectionLimit is {} instead of {}: the limit of open files (ulimit -n) is {}, of"
              + " which {} are kept for all else",
          connections,
          settings.http().connectionLimit(),
          limit,
          kept + sources);
    }
    return Math.toIntExact(Math.min(connections, Integer.MAX_VALUE));
  }

  private static long sources(Settings settings) {
    if (settings.deploy().sources() == 0) {
      return 0;
    }
    return settings.sources().values().stream()
        .filter(source -> source.target() instanceof HttpTarget)
        .mapToLong(source -> source.inFlight().most(source.target().urls().size()))
        .sum();
  }
}
