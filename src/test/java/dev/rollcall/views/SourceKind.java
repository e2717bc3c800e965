package dev.rollcall.views;

import dev.rollcall.base.Cancellation;
import dev.rollcall.sources.SourceStatus;
import dev.rollcall.sources.http.Upstream;
import java.util.ArrayList;
import java.util.List;

/** What a source may have that changes how it is asked, or where its answer comes from. */
enum SourceKind {
  SELECTED("fields.value=path"),
  FORWARDED("forward=authorization"),
  /** With a limit that finds itself. */
  ADAPTIVE("inFlight=adaptive"),
  TOKENED(""),
  /** Its token endpoint ends so, not the source. */
  UNTOKENED(""),
  /** With an answer that is fresh. */
  CACHED("maxAge=1h"),
  /** The same by the words of that answer. */
  KEPT("cache=http"),
  /** With an answer that may be used instead of a failure. */
  STALE("maxAge=1ms staleIfError=1h"),
  /** With an answer that may be used while a new one is fetched. */
  REVALIDATED("maxAge=1ms staleWhileRevalidate=1h");

  private static final String TOKEN = "Bearer t1";
  private static final String NOTHING = "null";
  private static final String ISSUED = "/text?%7B%22access_token%22:%22t1%22%7D";

  /**
   * How a source, or a token endpoint, ends.
   *
   * @param mended whether an older answer is used instead
   */
  record Way(String name, String path, SourceStatus status, boolean mended, List<String> settings) {
    Way(String name, String path, SourceStatus status, boolean mended, String... settings) {
      this(name, path, status, mended, List.of(settings));
    }

    boolean isLate() {
      return status == SourceStatus.TIMEOUT;
    }

    boolean isRefused() {
      return status == SourceStatus.REFUSED;
    }
  }

  /** With a space between each two. */
  private final String settings;

  SourceKind(String settings) {
    this.settings = settings;
  }

  /** What the source is sent as {@code authorization}. */
  String authorization() {
    return switch (this) {
      case FORWARDED -> ViewsHarness.AUTHORIZATION;
      case TOKENED -> TOKEN;
      // It is not asked at all.
      case UNTOKENED -> "no request";
      case SELECTED, ADAPTIVE, CACHED, KEPT, STALE, REVALIDATED -> NOTHING;
    };
  }

  /** Whether an answer was fetched before. */
  boolean isPrimed() {
    return isAtOnce() || this == STALE;
  }

  /** Whether a source of this kind can end in that way. */
  boolean has(Way way) {
    // Where nothing is asked for the answer, nothing is refused; others have no such limit.
    return !way.isRefused() || (!isAtOnce() && this != UNTOKENED && this != ADAPTIVE);
  }

  private boolean isAtOnce() {
    return this == CACHED || this == KEPT || this == REVALIDATED;
  }

  /** The settings of the source with a number, but for its name. */
  List<String> settings(Upstream upstream, Way way, int number) {
    String path =
        this == UNTOKENED ? "/ok/{id}" : (isPrimed() ? "/first/" + number : "") + way.path();
    List<String> all = new ArrayList<>();
    if (!settings.isEmpty()) {
      all.addAll(List.of(settings.split(" ", -1)));
    }
    all.add("http=" + upstream.url(path));
    all.addAll(way.settings());
    if (this == TOKENED || this == UNTOKENED) {
      String token = this == TOKENED ? ISSUED : way.path().replace("{id}", "1");
      all.add("token.url=" + upstream.url(token));
      all.add("token.clientId=me");
      all.add("token.clientSecret=secret");
    }
    return all;
  }

  /** How the source is seen to end. */
  Ending ending(Way way) {
    SourceStatus status =
        switch (this) {
          case SELECTED, FORWARDED, ADAPTIVE, TOKENED -> way.status();
          // Whatever its answer is, it has no token in it.
          case UNTOKENED -> way.isLate() ? way.status() : SourceStatus.FAILED;
          case CACHED, KEPT, REVALIDATED -> SourceStatus.OK;
          case STALE -> way.mended() ? SourceStatus.OK : way.status();
        };
    boolean refused = status == SourceStatus.REFUSED;
    return new Ending(
        way.name() + ", " + this,
        upstream -> List.of(),
        harness -> new Cancellation(),
        status,
        !refused,
        refused || isAtOnce() || (this == STALE && way.isRefused()),
        way.isLate() && !isAtOnce());
  }
}
