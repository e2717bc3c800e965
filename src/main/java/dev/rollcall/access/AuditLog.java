package dev.rollcall.access;

import dev.rollcall.base.ClientAddress;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.wire.LogText;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who did what, where it is no change of a user, and who was refused: a line for each on the logger
 * {@value #LOGGER}, such as {@code event=password-set by=key:7 what=user:42 from=192.0.2.1}.
 *
 * <p>No line holds a token, a key or a password. Of refusals some are left out and counted, so that
 * a flood of them keeps the log readable. Safe for use by all threads.
 */
public final class AuditLog {
  /** The name of the logger. */
  public static final String LOGGER = "audit";

  /** What may have happened. */
  public enum Event {
    PASSWORD_SET,
    SESSION_STARTED,
    SESSION_ENDED,
    JOB_STARTED,
    JOB_CANCELLED,
    KEY_CREATED,
    KEY_DELETED,
    FOLLOWER_SET,
    FOLLOWER_DELETED,
    WEBHOOK_DECLARED,
    WEBHOOK_DELETED,
    WEBHOOK_PAUSED,
    WEBHOOK_RESUMED,
    WEBHOOK_REPLAYED,
    WEBHOOK_TESTED,
    ERASURE_REQUESTED,
    REFUSED;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static final int UNAUTHORIZED = Kind.UNAUTHORIZED.status();
  private static final int FORBIDDEN = Kind.FORBIDDEN.status();
  private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

  /** Longer than any caller's name. */
  private static final int LONGEST_NAME = 400;

  private static final int LONGEST_SUBJECT = 200;

  private static final RefusalRate REFUSALS = new RefusalRate(System::nanoTime);

  private AuditLog() {}

  /**
   * Logs what somebody did, once it is done.
   *
   * @param by who; null where nobody had to say who he is
   * @param what what it was done to, such as {@code user:42}
   */
  public static void log(Event event, @Nullable String by, String what, ClientAddress from) {
    LOG.info("{}", line(event, by, what, from));
  }

  /** Whether a status, such as that of a failure's kind, is for lack of a credential or a right. */
  public static boolean isRefusal(int status) {
    return status == UNAUTHORIZED || status == FORBIDDEN;
  }

  /**
   * Logs that somebody was refused, unless many are.
   *
   * @param status for which {@link #isRefusal} holds
   * @param by who; null where that is not known
   * @param what what was asked for, such as a path without what could tell of a person
   */
  public static void refused(int status, @Nullable String by, String what, ClientAddress from) {
    long leftOut = REFUSALS.admit(from);
    if (leftOut < 0) {
      return;
    }
    StringBuilder line = line(Event.REFUSED, by, what, from);
    line.append(" status=").append(status);
    if (leftOut > 0) {
      line.append(" left-out=").append(leftOut);
    }
    LOG.info("{}", line);
  }

  private static StringBuilder line(
      Event event, @Nullable String by, String what, ClientAddress from) {
    StringBuilder line = new StringBuilder(120).append("event=").append(event.word);
    LogText.escape(line.append(" by="), by == null ? "-" : by, LONGEST_NAME);
    LogText.escape(line.append(" what="), what, LONGEST_SUBJECT);
    return line.append(" from=").append(from.text());
  }
}
