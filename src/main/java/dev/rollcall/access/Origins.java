package dev.rollcall.access;

import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Origins of pages that may ask, as the settings list them. Immutable. */
public final class Origins {

  /** None. */
  public static final Origins NONE = new Origins(Set.of());

  private final Set<String> texts = new HashSet<>();
  private final Set<PageOrigin> pages = new HashSet<>();

  /** Those that are listed; of schemes other than http and https as well, such as extensions'. */
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

  /** Whether an origin is listed, be its usual port written or not. */
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
