package dev.rollcall.store.postgres;

import dev.rollcall.base.Failure;
import io.netty.channel.ChannelException;
import io.netty.handler.codec.DecoderException;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.nio.channels.UnresolvedAddressException;
import java.sql.SQLException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong between us and the database, in words that are fit for a client. */
final class PostgresFault extends Exception {
  private static final long serialVersionUID = 1L;
  private static final String STATEMENT_TIMEOUT = "57014";
  private static final String UNDEFINED_TABLE = "42P01";
  private static final String READ_ONLY = "25006";
  private static final String NO_CONNECTION = "08";

  /** What failed. */
  private enum Kind {
    /** The server refused a statement or the connection. */
    REFUSED,
    /** There was no answer in time. */
    SILENT,
    /** There is no connection, or there is none any more. */
    LOST,
    /** This process is at fault, and would be again. */
    OURS,
    /** This process ends. */
    CLOSING
  }

  /** The classes of errors that lie in what was asked: data, constraints, syntax, limits. */
  private static final Pattern ABOUT_THE_QUESTION = Pattern.compile("(0A|22|23|42|54)...");

  private static final String MISSING_PERMISSION = "42501";

  private final Kind kind;

  /** The server's code for the error; null where the server said nothing. */
  private final @Nullable String state;

  private PostgresFault(
      Kind kind, String reason, @Nullable String state, @Nullable Throwable cause) {
    super(reason, cause);
    this.kind = kind;
    this.state = state;
  }

  /** What a future of the client failed with. */
  static PostgresFault of(Throwable thrown) {
    if (thrown instanceof PostgresFault fault) {
      return fault;
    }
    if (thrown instanceof PgException refused) {
      String state = String.valueOf(refused.getSqlState());
      return new PostgresFault(Kind.REFUSED, said(state), state, thrown);
    }
    if (thrown instanceof TimeoutException) {
      return new PostgresFault(Kind.SILENT, "the database does not answer in time", null, thrown);
    }
    if (isOurs(thrown)) {
      return new PostgresFault(Kind.OURS, "internal error", null, thrown);
    }
    if (thrown instanceof SQLException refused
        && refused.getSQLState() != null
        && !refused.getSQLState().startsWith(NO_CONNECTION)) {
      return new PostgresFault(
          Kind.REFUSED, said(refused.getSQLState()), refused.getSQLState(), thrown);
    }
    String reason =
        isAboutTls(thrown)
            ? "the connection can't be protected as store.tls asks"
            : "the database can't be reached";
    return new PostgresFault(Kind.LOST, reason, null, thrown);
  }

  /**
   * Whether this is a mistake in the program, or a lack of memory. What the client and the network
   * below it fail with is of few classes, but has no class in common.
   */
  private static boolean isOurs(Throwable thrown) {
    boolean isOfTheClient =
        thrown instanceof VertxException
            || thrown instanceof DecoderException // What was received, such as no TLS at all.
            || thrown instanceof ChannelException
            || thrown instanceof UnresolvedAddressException
            || thrown instanceof RejectedExecutionException; // Its event loop has ended.
    return thrown instanceof Error || (thrown instanceof RuntimeException && !isOfTheClient);
  }

  /**
   * That a handshake failed, or that the server has no TLS, is told by nothing but the message of
   * an exception that may be any.
   */
  private static boolean isAboutTls(Throwable thrown) {
    return thrown instanceof SSLException || String.valueOf(thrown.getMessage()).contains("SSL ");
  }

  /** The server is a standby. */
  static PostgresFault readOnly() {
    return new PostgresFault(Kind.REFUSED, said(READ_ONLY), READ_ONLY, null);
  }

  /** That another connection is needed, which may find the database as it should be. */
  static PostgresFault lost(String reason) {
    return new PostgresFault(Kind.LOST, reason, null, null);
  }

  /** That a query has waited for too long. */
  static PostgresFault silent() {
    return new PostgresFault(Kind.SILENT, "the database does not answer in time", null, null);
  }

  /** That nothing is begun any more. */
  static PostgresFault closing() {
    return new PostgresFault(Kind.CLOSING, "the store is closing", null, null);
  }

  private static String said(String state) {
    return switch (state) {
      case STATEMENT_TIMEOUT, "25P03", "25P04" -> "the database does not answer in time";
      case "55P03" -> "the database is kept busy by other writers";
      case "57P01", "57P02", "57P05" -> "the database closed the connection";
      case "57P03" -> "the database is starting up or shutting down";
      case READ_ONLY -> "the database is read-only";
      case "53100" -> "the database's disk is full";
      case "53300" -> "the database has too many connections";
      case "28000", "28P01" -> "the database refuses the user or the password";
      case "3D000" -> "the server has no such database";
      case "42501" -> "the database's user lacks a permission";
      default -> "the database reports error " + state;
    };
  }

  /** A sentence without the names of hosts, tables or libraries. */
  String reason() {
    return String.valueOf(getMessage());
  }

  /** Whether the connection can be used further: only one statement took too long. */
  boolean spares() {
    return STATEMENT_TIMEOUT.equals(state);
  }

  /** Whether the connection ended beneath us, so that trying again on another one may help. */
  boolean cutOff() {
    return kind == Kind.LOST || (state != null && state.startsWith("57P0"));
  }

  /** Whether it would be the same the next time: what was asked is wrong, or who asks. */
  boolean lasts() {
    return kind == Kind.OURS
        || (state != null
            && !state.equals(MISSING_PERMISSION)
            && ABOUT_THE_QUESTION.matcher(state).matches());
  }

  /**
   * Whether the server has refused what was asked, so that nothing is wrong with the connection. A
   * transaction is lost for certain then, though its COMMIT was sent as well.
   */
  boolean refusesQuery() {
    return state != null && lasts();
  }

  /** Whether a table does not exist. */
  boolean noSuchTable() {
    return UNDEFINED_TABLE.equals(state);
  }

  /** The failure of a read. */
  Failure unreadable() {
    if (kind == Kind.OURS) {
      return Failure.of(Failure.Kind.INTERNAL, reason());
    }
    return Failure.of(Failure.Kind.UNAVAILABLE, "the store can't be read: " + reason());
  }

  /** The failure of writes whose transaction is lost. */
  Failure notWritten() {
    return Failure.of(Failure.Kind.UNAVAILABLE, "not written: " + reason());
  }

  /** The failure of a task that would fail again. */
  Failure refused() {
    return Failure.of(Failure.Kind.INTERNAL, "not written: " + reason());
  }

  /** The failure of writes whose transaction's outcome is not known. */
  Failure outcomeUnknown() {
    return Failure.of(Failure.Kind.UNAVAILABLE, "outcome-unknown: " + reason());
  }
}
