package dev.rollcall.operations;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.base.Failure;
import dev.rollcall.followers.webhooks.WebhookSecret;
import dev.rollcall.followers.webhooks.WebhookSpec;
import dev.rollcall.users.Change;
import dev.rollcall.users.User;
import dev.rollcall.wire.JsonMembers;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a webhook is to be, as a client asks for it.
 *
 * @param spec without secrets where none were given
 * @param after where a new one begins; -1 for now
 */
record WebhookRequest(WebhookSpec spec, long after) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]*");
  private static final int LONGEST_URL = 2_000;
  private static final int MOST_SECRETS = 5;
  private static final String URL = "url";
  private static final String KINDS = "kinds";
  private static final String PAYLOAD = "payload";
  private static final String SECRETS = "secrets";
  private static final String AFTER = "after";
  private static final String BY = "by";
  private static final Set<String> MEMBERS = Set.of(URL, KINDS, PAYLOAD, SECRETS, AFTER, BY);

  /**
   * The name in the path of one that is to be declared.
   *
   * @throws Failure of kind {@code INVALID}
   */
  static String name(String given) {
    if (!isName(given)) {
      throw Failure.invalid(
          "name",
          "must be 1 to 64 letters, digits, dots, hyphens and underscores, and begin with a letter"
              + " or a digit");
    }
    return given;
  }

  /** Whether there can be a webhook of a name. */
  static boolean isName(String given) {
    return NAME.matcher(given).matches();
  }

  /**
   * Reads {@code {"url":…,"kinds":[…],"payload":…,"secrets":[…],"after":…,"by":…}}.
   *
   * @throws Failure of kind {@code INVALID} that names every fault
   */
  static WebhookRequest read(String name, JsonNode body) {
    JsonMembers members = JsonMembers.of(body, MEMBERS);
    String url = members.required(URL);
    if (members.isText(URL)) {
      members.faultIfAny(URL, faultOfUrl(url));
    }
    Set<Change.Kind> kinds = kinds(members);
    String payload = members.optional(PAYLOAD);
    boolean full = "full".equals(payload);
    if (payload != null && !full && !payload.equals("thin")) {
      members.fault(PAYLOAD, "must be thin or full");
    }
    List<WebhookSecret> secrets = secrets(members);
    long after = members.number(AFTER, 0, User.MAX_ID, -1);
    boolean by = members.flag(BY);
    members.refuseIfFaulty();
    return new WebhookRequest(new WebhookSpec(name, url, kinds, full, by, secrets), after);
  }

  /** What is wrong with a URL; null for nothing. Where it leads is looked at when it is used. */
  private static @Nullable String faultOfUrl(String text) {
    if (text.length() > LONGEST_URL) {
      return "must have at most " + LONGEST_URL + " characters";
    }
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException notOne) {
      return "must be a URL, such as https://example.org/hooks";
    }
    String scheme = url.getScheme();
    if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
      return "must begin with http:// or https://";
    } else if (url.getRawUserInfo() != null) {
      return "must not have credentials; deliveries are signed";
    } else if (url.getHost() == null
        || !PRINTABLE.matcher(text).matches()
        || url.getPort() == 0
        || url.getPort() > 65_535) {
      return "must have a host in ASCII letters, and a port from 1 to 65535 or none";
    }
    return url.getRawFragment() == null ? null : "must not have a fragment";
  }

  private static Set<Change.Kind> kinds(JsonMembers members) {
    Set<Change.Kind> kinds = EnumSet.noneOf(Change.Kind.class);
    JsonNode given = members.get(KINDS);
    if (given == null) {
      return EnumSet.allOf(Change.Kind.class);
    }
    if (!given.isArray() || given.size() > Change.Kind.values().length) {
      members.fault(KINDS, "must be an array of created, updated and deleted, each once at most");
      return kinds;
    }
    for (int i = 0; i < given.size(); i++) {
      String word = given.get(i).isTextual() ? given.get(i).textValue() : "";
      boolean added =
          Arrays.stream(Change.Kind.values())
              .filter(kind -> kind.word().equals(word))
              .findFirst()
              .map(kinds::add)
              .orElse(false);
      if (!added) {
        members.faultAt(
            members.pointerTo(KINDS) + "/" + i,
            "must be created, updated or deleted, each once at most");
      }
    }
    return kinds;
  }

  private static List<WebhookSecret> secrets(JsonMembers members) {
    List<WebhookSecret> secrets = new ArrayList<>();
    JsonNode given = members.get(SECRETS);
    if (given == null) {
      return secrets;
    }
    if (!given.isArray() || given.isEmpty() || given.size() > MOST_SECRETS) {
      members.fault(SECRETS, "must be an array of 1 to " + MOST_SECRETS + " secrets, or left out");
      return secrets;
    }
    for (int i = 0; i < given.size(); i++) {
      WebhookSecret secret =
          given.get(i).isTextual() ? WebhookSecret.parse(given.get(i).textValue()) : null;
      if (secret == null || secrets.contains(secret)) {
        members.faultAt(
            members.pointerTo(SECRETS) + "/" + i,
            "must be whsec_ and 24 to 64 bytes in Base64, and another one than those before");
      } else {
        secrets.add(secret);
      }
    }
    return secrets;
  }
}
