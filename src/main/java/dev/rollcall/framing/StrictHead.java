package dev.rollcall.framing;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.util.AsciiString;
import io.vertx.core.net.HostAndPort;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Judges the heads of HTTP/2's requests where Netty and Vert.x do not (RFC 9113, 8.3), and gives
 * them the form that those of HTTP/1.1 have, so that the rest of the server reads one form.
 *
 * <p>The host is in the field {@code host}, wherever it stood. Where it is told twice, differently
 * or wrongly it is in none, for which a request is answered with 400 as over HTTP/1.1. Belongs to
 * one connection.
 */
final class StrictHead {

  static final int MALFORMED = -1;

  /** What an object of a field takes of memory, beside its text. */
  private static final int FIELD_COST = 100;

  /**
   * What CONNECT is called from here on. Vert.x gives such a request no target; under another name
   * it is a method that no path allows.
   */
  private static final AsciiString CONNECT = AsciiString.cached("connect");

  private static final AsciiString HTTPS = AsciiString.cached("https");

  private AsciiString lastHost = AsciiString.cached("localhost");

  /** How many fields {@code host} the head has that is judged, and the last of them. */
  private int hosts;

  private CharSequence lastField = AsciiString.EMPTY_STRING;

  /** What stood in front of the fields of the head that is judged. */
  private final Set<PseudoHeaderName> seen = EnumSet.noneOf(PseudoHeaderName.class);

  /**
   * Judges a head.
   *
   * @param plain gets what it says, where nothing else needs to be looked at
   * @return about how many bytes it takes of memory, or {@link #MALFORMED}
   */
  int judge(Http2Headers head, PlainRequest plain) {
    int bytes = measure(head, plain);
    CharSequence method = plain.method();
    if (bytes == MALFORMED || !isToken(method)) {
      return MALFORMED;
    }
    if (HttpMethod.CONNECT.asciiName().contentEquals(method)) {
      plain.notPlain();
      replaceConnect(head);
      CharSequence path = head.path();
      return path == null || !isTarget(path) ? MALFORMED : bytes;
    }
    return seen.contains(PseudoHeaderName.SCHEME) && isTarget(plain.path()) ? bytes : MALFORMED;
  }

  /**
   * Brings the head that was judged into form.
   *
   * @param last whether no body follows
   */
  void form(Http2Headers head, boolean last) {
    nameHost(head);
    if (!last && !head.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      // It can't have been there, and says to the rest of the server that a body comes in pieces.
      head.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
  }

  /**
   * Counts the bytes, and looks for the host; what stands in front of a head's fields stands there
   * once.
   */
  private int measure(Http2Headers head, PlainRequest plain) {
    int bytes = 0;
    seen.clear();
    plain.begin();
    hosts = 0;
    for (Map.Entry<CharSequence, CharSequence> field : head) {
      CharSequence name = field.getKey();
      CharSequence value = field.getValue();
      bytes += FIELD_COST + name.length() + value.length();
      PseudoHeaderName known = PseudoHeaderName.getPseudoHeader(name);
      if (known != null) {
        if (!seen.add(known)) {
          return MALFORMED;
        }
        plain.add(known, value);
        continue;
      }
      plain.add(name, value);
      if (HttpHeaderNames.HOST.contentEquals(name)) {
        hosts++;
        lastField = value;
      }
    }
    return bytes;
  }

  private static void replaceConnect(Http2Headers head) {
    head.remove(PseudoHeaderName.PROTOCOL.value());
    head.method(CONNECT);
    if (head.scheme() == null) {
      head.scheme(HTTPS);
    }
    CharSequence authority = head.authority();
    if (head.path() == null && authority != null) {
      head.path(authority);
    }
  }

  private void nameHost(Http2Headers head) {
    CharSequence authority = head.authority();
    CharSequence host = authority;
    if (hosts > 0) {
      boolean same =
          hosts == 1
              && (authority == null || AsciiString.contentEqualsIgnoreCase(authority, lastField));
      host = same ? lastField : null;
    }
    if (host == null || !isHost(host)) {
      head.remove(PseudoHeaderName.AUTHORITY.value());
      head.remove(HttpHeaderNames.HOST);
    } else if (hosts == 0) {
      head.add(HttpHeaderNames.HOST, host);
    } else {
      // Vert.x compares both as they are written.
      head.authority(host);
    }
    lastField = AsciiString.EMPTY_STRING;
  }

  /** Whether it can be read; the last one is known, since a client asks one host most times. */
  private boolean isHost(CharSequence host) {
    if (lastHost.contentEquals(host)) {
      return true;
    }
    if (host.length() == 0 || HostAndPort.parseAuthority(host.toString(), -1) == null) {
      return false;
    }
    lastHost = AsciiString.of(host);
    return true;
  }

  private static boolean isTarget(CharSequence path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c <= ' ' || c == 0x7F) {
        return false;
      }
    }
    return path.length() > 0;
  }

  private static boolean isToken(CharSequence method) {
    for (int i = 0; i < method.length(); i++) {
      char c = method.charAt(i);
      boolean alphanumeric =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!alphanumeric && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
        return false;
      }
    }
    return method.length() > 0;
  }
}
