package dev.rollcall.base;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;

/**
 * A fault that a caller is told about: its kind, a sentence, and where it lies in the request.
 *
 * <p>Everything here is safe to show to a client: no message of a library, no path, no stack. The
 * transports translate it: HTTP into a problem document, the event bus into a reply code. It
 * carries no stack trace, since it describes the request and not our code, and since refusing a
 * flood of bad requests must stay cheap. Instances are immutable.
 */
public final class Failure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The member that says in how many seconds, an integer from 1, it is worth coming back. */
  public static final String RETRY_AFTER = "retryAfter";

  /** What can go wrong, each with the HTTP status that names it on every transport. */
  public enum Kind {
    /** The request is malformed or breaks a rule; {@link Failure#faults()} says where. */
    INVALID(400, "Bad Request"),
    /** The caller did not say who it is, or its credential does not hold. */
    UNAUTHORIZED(401, "Unauthorized"),
    /** The caller may not do this; repeating it won't help. */
    FORBIDDEN(403, "Forbidden"),
    NOT_FOUND(404, "Not Found"),
    METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
    /** The request did not arrive whole in the time that it has. */
    REQUEST_TIMEOUT(408, "Request Timeout"),
    /** An id, an e-mail address or an idempotency key is taken. */
    CONFLICT(409, "Conflict"),
    /** What was asked for is no longer kept. */
    GONE(410, "Gone"),
    PRECONDITION_FAILED(412, "Precondition Failed"),
    TOO_LARGE(413, "Content Too Large"),
    URI_TOO_LONG(414, "URI Too Long"),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported Media Type"),
    EXPECTATION_FAILED(417, "Expectation Failed"),
    /** It was asked by a name that is not one of this service's. */
    MISDIRECTED(421, "Misdirected Request"),
    /** The caller asks more often than it may; repeating later will succeed. */
    TOO_MANY_REQUESTS(429, "Too Many Requests"),
    HEADERS_TOO_LARGE(431, "Request Header Fields Too Large"),
    /** A fault of ours; the log has the cause, the client does not. */
    INTERNAL(500, "Internal Server Error"),
    /** This process is not set up for it, and repeating it later won't help. */
    NOT_IMPLEMENTED(501, "Not Implemented"),
    /** A service that was asked on the caller's behalf failed. */
    BAD_GATEWAY(502, "Bad Gateway"),
    /** Too much work is waiting, or the store cannot be reached; repeating later may succeed. */
    UNAVAILABLE(503, "Service Unavailable"),
    /** A service that was asked on the caller's behalf did not answer in time. */
    GATEWAY_TIMEOUT(504, "Gateway Timeout");

    private final int status;
    private final String title;

    Kind(int status, String title) {
      this.status = status;
      this.title = title;
    }

    /** The HTTP status, which is also the event bus reply code. */
    public int status() {
      return status;
    }

    /** The status in words. */
    public String title() {
      return title;
    }
  }

  /**
   * One fault within a request.
   *
   * @param pointer a JSON pointer (RFC 6901) into the body, or {@code ?name} for a query parameter
   * @param detail what is wrong there, and what is allowed
   */
  public record Fault(String pointer, String detail) {}

  private final Kind kind;
  private final String detail;
  // Transient, since their types are not serializable; failures are never serialized.
  private final transient List<Fault> faults;
  private final transient Map<String, Object> members;

  private Failure(Kind kind, String detail, List<Fault> faults, Map<String, Object> members) {
    super(detail, null, false, false);
    this.kind = kind;
    this.detail = detail;
    this.faults = faults;
    this.members = members;
  }

  /** A failure that concerns the request as a whole. */
  public static Failure of(Kind kind, String detail) {
    return new Failure(kind, detail, List.of(), Map.of());
  }

  /**
   * The failure that a caller is told for a throwable. Anything but a failure is a fault of ours:
   * it is logged with its stack, and the caller learns no more than that there is one.
   *
   * @param message of the log
   * @param about what stands in it
   */
  public static Failure from(Throwable cause, Logger log, String message, Object... about) {
    if (cause instanceof Failure failure) {
      return failure;
    }
    Object[] all = Arrays.copyOf(about, about.length + 1);
    all[about.length] = cause;
    log.error(message, all);
    return of(Kind.INTERNAL, "internal error");
  }

  /** A request with one fault or more; never without one. */
  public static Failure invalid(List<Fault> faults) {
    if (faults.isEmpty()) {
      throw new IllegalArgumentException("an invalid request has at least one fault");
    }
    String detail =
        faults.size() == 1
            ? faults.get(0).detail()
            : "the request has " + faults.size() + " faults";
    return new Failure(Kind.INVALID, detail, List.copyOf(faults), Map.of());
  }

  public static Failure invalid(String pointer, String detail) {
    return invalid(List.of(new Fault(pointer, detail)));
  }

  /** This failure, pointing at one place of the request. */
  public Failure at(String pointer) {
    return new Failure(kind, detail, List.of(new Fault(pointer, detail)), members);
  }

  /** This failure of a part of the request, with pointers into the whole request. */
  public Failure below(String pointer) {
    List<Fault> whole =
        faults.stream().map(fault -> new Fault(pointer + fault.pointer(), fault.detail())).toList();
    return new Failure(kind, detail, whole, members);
  }

  /** A failure of another node, as it was there. */
  public static Failure received(
      Kind kind, String detail, List<Fault> faults, Map<String, Object> members) {
    return new Failure(
        kind,
        detail,
        List.copyOf(faults),
        Collections.unmodifiableMap(new LinkedHashMap<>(members)));
  }

  /**
   * This failure with one more member, for what a client may compute with.
   *
   * @param value a string, a number, a boolean, or a list or map of such
   */
  public Failure with(String member, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(members);
    more.put(member, value);
    return new Failure(kind, detail, faults, Collections.unmodifiableMap(more));
  }

  public Kind kind() {
    return kind;
  }

  /** A sentence for the client. */
  public String detail() {
    return detail;
  }

  /** Where the request is at fault; empty when it is not, or as a whole. */
  public List<Fault> faults() {
    return faults;
  }

  /** The detail as one line, pointers in front: {@code /name: is missing; /id: …}. */
  public String sentence() {
    if (faults.isEmpty()) {
      return detail;
    }
    return faults.stream()
        .map(
            fault ->
                fault.pointer().isEmpty()
                    ? fault.detail()
                    : fault.pointer() + ": " + fault.detail())
        .collect(Collectors.joining("; "));
  }

  /** Further members of the problem document, in the order in which they were added. */
  public Map<String, Object> members() {
    return members;
  }
}
