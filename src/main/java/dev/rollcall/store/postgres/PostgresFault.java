package dev.rollcall.store.postgres;

import dev.rollcall.base.Failure;
import io.vertx.pgclient.PgException;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong between us and the database, in words that are fit for a client. */
final class PostgresFault extends Exception {

  private static final long serialVersionUID = 1L;

  private static final String STATEMENT_TIMEOUT = "57014";
  private static final String UNDEFINED_TABLE = "42P01";
  private static final String READ_ONLY = "25006";
  private static final String NO_CONNECTION = "08";

  /** The server's code for the error; null where the server said nothing. */
  private final @Nullable String state;

  private PostgresFault(String reason, @Nullable String state, @Nullable Throwable cause) {
    super(reason, cause);
    this.state = state;
  }

  /** What a future of the client failed with. */
  static PostgresFault of(Throwable thrown) {
    if (thrown instanceof PostgresFault fault) {
      return fault;
    }
    if (thrown instanceof PgException refused) {
      String state = String.valueOf(refused.getSqlState());
      return new PostgresFault(said(state), state, thrown);
    }
    if (thrown instanceof SQLException refused
        && refused.getSQLState() != null
        && !refused.getSQLState().startsWith(NO_CONNECTION)) {
      return new PostgresFault(said(refused.getSQLState()), refused.getSQLState(), thrown);
    }
    String reason =
        thrown instanceof TimeoutException
            ? "the database does not answer in time"
            : isAboutTls(thrown)
                ? "the connection can't be protected as store.tls asks"
                : "the database can't be reached";
    return new PostgresFault(reason, null, thrown);
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
    return new PostgresFault(said(READ_ONLY), READ_ONLY, null);
  }

  /** A fault that no exception tells of. */
  static PostgresFault of(String reason) {
    return new PostgresFault(reason, null, null);
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
    return state == null ? !(getCause() instanceof TimeoutException) : state.startsWith("57P0");
  }

  /** Whether a table does not exist. */
  boolean noSuchTable() {
    return UNDEFINED_TABLE.equals(state);
  }

  /** As a reader is told of it. */
  Failure unreadable() {
    return Failure.of(Failure.Kind.UNAVAILABLE, "the store can't be read: " + reason());
  }

  /** As the callers of a lost transaction are told of it. */
  Failure notWritten() {
    return Failure.of(Failure.Kind.UNAVAILABLE, "not written: " + reason());
  }

  /** As the callers of a transaction are told whose fate is open. */
  Failure outcomeUnknown() {
    return Failure.of(Failure.Kind.UNAVAILABLE, "outcome-unknown: " + reason());
  }
}
