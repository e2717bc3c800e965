package dev.rollcall.access.browsers;

import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** The configured origins of pages that may ask. Immutable. */
public final class Origins {
  public static final Origins NONE = new Origins(Set.of());

  private final Set<String> texts = new HashSet<>();
  private final Set<PageOrigin> pages = new HashSet<>();

  /** The schemes may also be others than http and https, such as those of extensions. */
  public Origins(Collection<String> listed) {
    for (String each : listed) {
      texts.add(each.toLowerCase(Locale.ROOT));
      PageOrigin page = PageOrigin.read(each);
      if (page != null) {
        pages.add(page);
      }
    }
  }

  boolean isEmpty() {
    return texts.isEmpty();
  }

  /** Whether an origin is listed, with its usual port or without. */
  public boolean list(String origin) {
    if (texts.isEmpty()) {
      return false;
    }
    if (texts.contains(origin.toLowerCase(Locale.ROOT))) {
      return true;
    }
    PageOrigin page = PageOrigin.read(origin);
    return page != null && pages.contains(page);
  }
}
