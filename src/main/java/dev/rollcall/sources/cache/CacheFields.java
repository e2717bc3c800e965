package dev.rollcall.sources.cache;

import io.vertx.core.MultiMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What caches look at of an answer's head. Several lines of a header are one, with commas between
 * them.
 *
 * @param confirmed whether it is an older one that an answer with status 304 has confirmed
 * @param url which of the source's URLs gave it, from 0
 * @param ofItsUrl whether its {@code Content-Location} is the URL that was asked
 * @param cacheStatus what the caches before us did
 * @param delay how long it was under way, in nanoseconds
 * @param receivedAt when it came, on the clock of {@link System#nanoTime()}
 * @param receivedMillis when it came, in milliseconds since 1970
 */
public record CacheFields(
    int status,
    boolean confirmed,
    int url,
    @Nullable String cacheControl,
    @Nullable String age,
    @Nullable String date,
    @Nullable String expires,
    @Nullable String vary,
    @Nullable String etag,
    @Nullable String lastModified,
    boolean ofItsUrl,
    @Nullable String cacheStatus,
    long delay,
    long receivedAt,
    long receivedMillis) {

  /**
   * The head of an answer that comes now.
   *
   * @param asked its URL, whole and as it was sent
   * @param askedAt when it was asked for, on the clock of {@link System#nanoTime()}
   */
  public static CacheFields of(
      int status, int url, MultiMap headers, List<String> asked, long askedAt) {
    long now = System.nanoTime();
    return new CacheFields(
        status,
        false,
        url,
        all(headers, "cache-control"),
        headers.get("age"),
        all(headers, "date"),
        all(headers, "expires"),
        all(headers, "vary"),
        all(headers, "etag"),
        all(headers, "last-modified"),
        asked.contains(String.valueOf(headers.get("content-location"))),
        all(headers, CacheReport.HEADER),
        Math.max(0, now - askedAt),
        now,
        System.currentTimeMillis());
  }

  private static @Nullable String all(MultiMap headers, String name) {
    List<String> lines = headers.getAll(name);
    return switch (lines.size()) {
      case 0 -> null;
      case 1 -> lines.get(0);
      default -> String.join(", ", lines);
    };
  }

  /**
   * The head of this answer after one with status 304 has confirmed it (RFC 9111, 3.2): what that
   * has counts, and of the rest all but the age and the date, which are of the message.
   */
  public CacheFields updatedBy(CacheFields newer) {
    return new CacheFields(
        status,
        true,
        newer.url,
        newer(newer.cacheControl, cacheControl),
        newer.age,
        newer.date,
        newer(newer.expires, expires),
        newer(newer.vary, vary),
        newer(newer.etag, etag),
        newer(newer.lastModified, lastModified),
        ofItsUrl,
        newer.cacheStatus,
        newer.delay,
        newer.receivedAt,
        newer.receivedMillis);
  }

  private static @Nullable String newer(@Nullable String newer, @Nullable String older) {
    return newer == null ? older : newer;
  }

  /** About how many bytes it takes. */
  public int size() {
    return 128
        + size(cacheControl)
        + size(age)
        + size(date)
        + size(expires)
        + size(vary)
        + size(etag)
        + size(lastModified)
        + size(cacheStatus);
  }

  private static int size(@Nullable String text) {
    return text == null ? 0 : 40 + text.length();
  }

  /** Without the texts of a source. */
  @Override
  public String toString() {
    return "CacheFields[" + status + "]";
  }
}
