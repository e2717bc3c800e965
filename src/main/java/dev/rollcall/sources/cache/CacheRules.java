package dev.rollcall.sources.cache;

import dev.rollcall.base.HttpDate;
import dev.rollcall.config.sources.HttpTarget;
import dev.rollcall.config.sources.HttpTarget.Method;
import dev.rollcall.config.sources.SourceSettings;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether and for how long the answers of one source may be kept, by RFC 9111 for a shared cache
 * and RFC 5861. Where HTTP leaves a choice:
 *
 * <ul>
 *   <li>Nothing is fresh by a guess: without {@code max-age}, {@code s-maxage} or {@code Expires}
 *       an answer is validated each time, or not kept.
 *   <li>{@code private} and {@code no-store} always mean that it is not kept, also with {@code
 *       must-understand} or names of fields. {@code no-cache} with names of fields means nothing,
 *       since no field is passed on.
 *   <li>Where the source is asked with credentials of our own, an answer is kept if it is {@code
 *       public}, or has {@code s-maxage} or {@code must-revalidate} (3.5). What is asked with those
 *       of the caller is kept for equal ones alone, so that this does not apply to it.
 *   <li>All headers of the caller that go along are part of what is asked, so that {@code Vary}
 *       only matters where it names what differs with each request, or {@code *}.
 *   <li>The answer to a POST that only asks is kept where it has a lifetime and the {@code
 *       Content-Location} of what was asked (RFC 9110, 9.3.3). It is never validated.
 * </ul>
 */
public final class CacheRules {
  private static final Set<String> DIFFER =
      Set.of("*", "rollcall-deadline-ms", "x-request-id", "traceparent", "tracestate", "baggage");

  private static final String AUTHORIZATION = "authorization";

  private final HttpTarget target;
  private final long whileRevalidate;
  private final long ifError;
  private final boolean credentials;

  private CacheRules(SourceSettings settings, HttpTarget target) {
    this.target = target;
    this.whileRevalidate = settings.staleWhileRevalidate().toNanos();
    this.ifError = settings.staleIfError().toNanos();
    this.credentials =
        target.token().isPresent()
            || target.headers().keySet().stream().anyMatch(AUTHORIZATION::equalsIgnoreCase);
  }

  /** Those of a source; null where its answers are not kept by their own words. */
  public static @Nullable CacheRules of(SourceSettings settings) {
    return settings.target() instanceof HttpTarget http && http.caching() == HttpTarget.Caching.HTTP
        ? new CacheRules(settings, http)
        : null;
  }

  /** Why an answer is not kept, in a word; null where it is. */
  public @Nullable String refusal(CacheFields fields) {
    CacheControl control = CacheControl.parse(fields.cacheControl());
    if (control.isMalformed()) {
      return "malformed";
    }
    if (control.has("no-store")) {
      return "no-store";
    }
    if (control.has("private")) {
      return "private";
    }
    if (fields.status() == 206) {
      return "partial";
    }
    if (differs(fields.vary())) {
      return "vary";
    }
    if (credentials
        && !control.has("public")
        && !control.has("must-revalidate")
        && !control.has("s-maxage")) {
      return AUTHORIZATION;
    }
    if (target.method() == Method.POST && !fields.ofItsUrl()) {
      return "content-location";
    }
    boolean isExplicit = target.method() == Method.GET || hasLifetime(fields, control);
    boolean isUsable = isExplicit && freshness(fields).usableFor() > 0;
    return isUsable || validators(fields) != null ? null : "no-lifetime";
  }

  private static boolean hasLifetime(CacheFields fields, CacheControl control) {
    return fields.expires() != null || control.has("max-age") || control.has("s-maxage");
  }

  private boolean differs(@Nullable String vary) {
    if (vary == null) {
      return false;
    }
    for (String each : vary.split(",", -1)) {
      String name = each.strip().toLowerCase(Locale.ROOT);
      boolean renewed = name.equals(AUTHORIZATION) && target.token().isPresent();
      if (renewed || DIFFER.contains(name)) {
        return true;
      }
    }
    return false;
  }

  /** By what an answer may be validated; null where it can't be. */
  public @Nullable Validators validators(CacheFields fields) {
    return target.method() == Method.POST ? null : Validators.of(fields);
  }

  /** For how long an answer may be used that is kept. */
  public Freshness freshness(CacheFields fields) {
    CacheControl control = CacheControl.parse(fields.cacheControl());
    long date = HttpDate.millis(fields.date());
    long age = age(fields, date);
    long lifetime = control.isNoCache() ? 0 : lifetime(fields, control, date);
    if (control.isNoCache() || isStrict(control)) {
      return new Freshness(age, lifetime, lifetime, lifetime);
    }
    // Of an answer without a lifetime nothing says that it may be used without asking.
    long fallback = hasLifetime(fields, control) ? whileRevalidate : 0;
    return new Freshness(
        age,
        lifetime,
        lifetime + orElse(control, "stale-while-revalidate", fallback),
        lifetime + orElse(control, "stale-if-error", ifError));
  }

  /** Whether it must never be used stale (RFC 9111, 4.2.4). */
  private static boolean isStrict(CacheControl control) {
    return control.has("must-revalidate")
        || control.has("proxy-revalidate")
        || control.has("s-maxage");
  }

  /** What the answer says, else what the settings say. */
  private static long orElse(CacheControl control, String name, long fallback) {
    long seconds = control.seconds(name);
    return seconds == CacheControl.NONE ? fallback : TimeUnit.SECONDS.toNanos(seconds);
  }

  private static long lifetime(CacheFields fields, CacheControl control, long date) {
    for (String name : new String[] {"s-maxage", "max-age"}) {
      long seconds = control.seconds(name);
      if (seconds != CacheControl.NONE) {
        return TimeUnit.SECONDS.toNanos(seconds);
      }
    }
    long expires = HttpDate.millis(fields.expires());
    if (expires == HttpDate.NONE) {
      // What is no date is past.
      return 0;
    }
    long millis = expires - (date == HttpDate.NONE ? fields.receivedMillis() : date);
    return nanos(millis);
  }

  /** How old an answer was when it came (RFC 9111, 4.2.3). */
  private static long age(CacheFields fields, long date) {
    long apparent = date == HttpDate.NONE ? 0 : nanos(fields.receivedMillis() - date);
    String first = fields.age() == null ? "" : fields.age().split(",", 2)[0].strip();
    long said = Math.max(0, CacheControl.number(first));
    return Math.max(apparent, TimeUnit.SECONDS.toNanos(said) + fields.delay());
  }

  /** Not below 0, and no more than any lifetime. */
  private static long nanos(long millis) {
    long most = TimeUnit.SECONDS.toMillis(CacheControl.MOST);
    return TimeUnit.MILLISECONDS.toNanos(Math.max(0, Math.min(millis, most)));
  }
}
