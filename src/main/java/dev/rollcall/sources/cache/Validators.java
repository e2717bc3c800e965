package dev.rollcall.sources.cache;

import dev.rollcall.base.HttpDate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * By which a source can tell whether an answer of its is still the same.
 *
 * @param etag an entity tag, as it came; null for none
 * @param lastModified a date of HTTP, as it came; null for none
 * @param url which of the source's URLs gave them, from 0. No other is asked with them, since each
 *     may make its own
 */
public record Validators(@Nullable String etag, @Nullable String lastModified, int url) {
  /** One that is longer would make a request that many servers refuse. */
  private static final int LONGEST = 1024;

  private static final Pattern ENTITY_TAG =
      Pattern.compile("(W/)?\"[\\x21\\x23-\\x7E\\x80-\\xFF]*+\"");

  /** Those of an answer; null where it has none that can be used. */
  static @Nullable Validators of(CacheFields fields) {
    String etag = isEntityTag(fields.etag()) ? fields.etag() : null;
    String lastModified =
        HttpDate.millis(fields.lastModified()) == HttpDate.NONE ? null : fields.lastModified();
    return etag == null && lastModified == null
        ? null
        : new Validators(etag, lastModified, fields.url());
  }

  private static boolean isEntityTag(@Nullable String text) {
    return text != null && text.length() <= LONGEST && ENTITY_TAG.matcher(text).matches();
  }

  /**
   * Whether an answer that says that nothing has changed is about the answer with these validators:
   * it names the same one, or none.
   */
  public boolean confirmedBy(CacheFields unchanged) {
    String named = unchanged.etag();
    return named == null || (etag != null && opaque(named).equals(opaque(etag)));
  }

  /** Without its weakness, which servers change as they compress. */
  private static String opaque(String etag) {
    return etag.startsWith("W/") ? etag.substring(2) : etag;
  }
}
