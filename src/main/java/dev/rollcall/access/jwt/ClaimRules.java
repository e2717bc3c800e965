package dev.rollcall.access.jwt;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rollcall.access.Authentication;
import dev.rollcall.access.Principal;
import dev.rollcall.access.Scopes;
import dev.rollcall.base.Failure;
import dev.rollcall.config.auth.IssuerSettings;
import dev.rollcall.config.auth.ScopeRules;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the claims of an issuer's tokens must be (RFC 7519), and who they stand for. Immutable.
 *
 * <p>A clock of an issuer may be ahead of ours by a minute, which is what {@code nbf} and {@code
 * iat} are given. A token ends at its {@code exp} to the second, as what it began does.
 */
final class ClaimRules {

  private static final long LEEWAY_SECONDS = 60;

  /** The end of the year 9999, beyond which a time is no time. */
  private static final BigDecimal LAST_SECOND = BigDecimal.valueOf(253_402_300_799L);

  private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);

  /** Printable, since it stands in changes and logs; and without spaces at its ends. */
  private static final Pattern SUBJECT = Pattern.compile("[!-~](?:[ -~]{0,253}[!-~])?");

  /** What {@code *} in a grant does not stand for. */
  private static final Set<String> ONLY_BY_NAME = Set.of("keys", "ops", "credentials", "webhooks");

  private final IssuerSettings settings;
  private final Scopes grant;

  ClaimRules(IssuerSettings settings) {
    this.settings = settings;
    this.grant = Scopes.of(settings.grant());
  }

  /**
   * Who a token stands for, if its signature holds.
   *
   * @param now in milliseconds since 1970
   * @throws Failure {@code UNAUTHORIZED} where a claim is not as it must be; a token that is
   *     refused for nothing but its {@code exp} has expired
   */
  Principal read(SignedToken token, long now) {
    requireAudience(token.claims().get("aud"));
    String subject = token.claim("sub");
    if (!SUBJECT.matcher(subject).matches()) {
      throw Authentication.refused();
    }
    Scopes scopes = scopes(token.claims().get(settings.scopes()));
    requireBegun(token.claims().get("nbf"), now);
    requireBegun(token.claims().get("iat"), now);
    long expiresAt = millis(token.claims().get("exp"));
    if (expiresAt <= now) {
      throw Authentication.expired();
    }
    return Principal.ofIssuer("issuer:" + settings.name() + ":" + subject, scopes, expiresAt);
  }

  private void requireAudience(JsonNode audience) {
    boolean found = false;
    for (String each : texts(audience)) {
      found |= each.equals(settings.audience());
    }
    if (!found) {
      throw Authentication.refused();
    }
  }

  private static void requireBegun(JsonNode time, long now) {
    if (time != null && millis(time) > now + LEEWAY_SECONDS * 1000) {
      throw Authentication.refused();
    }
  }

  /** A time in seconds since 1970, which may have a fraction, in milliseconds. */
  private static long millis(JsonNode time) {
    if (time == null || !time.isNumber()) {
      throw Authentication.refused();
    }
    BigDecimal seconds = time.decimalValue();
    // Compared before anything is computed: 1e999999999 would be a long number.
    if (seconds.signum() < 0 || seconds.compareTo(LAST_SECOND) > 0) {
      throw Authentication.refused();
    }
    return seconds.multiply(MILLIS).longValue();
  }

  /** What both the token and the grant give. */
  private Scopes scopes(JsonNode claim) {
    if (claim == null) {
      return Scopes.NONE;
    }
    Set<String> given = new TreeSet<>();
    Set<String> claimed = new TreeSet<>();
    for (String each : claim.isTextual() ? split(claim.textValue()) : texts(claim)) {
      // Those of other services are of no interest, and self is none that an issuer can give.
      if (ScopeRules.isScope(each)) {
        claimed.add(each);
        if (gives(each)) {
          given.add(each);
        }
      }
    }
    if (claimed.contains("views:read")) {
      grant.names().stream().filter(name -> name.startsWith("views:read:")).forEach(given::add);
    }
    return given.isEmpty() ? Scopes.NONE : Scopes.of(given);
  }

  private boolean gives(String scope) {
    return ONLY_BY_NAME.contains(scope)
        ? settings.grant().contains(scope)
        : scope.equals("*") ? settings.grant().contains("*") : grant.hold(scope);
  }

  private static List<String> split(String scopes) {
    return List.of(scopes.split(" "));
  }

  /** A text, or several. */
  private static List<String> texts(JsonNode value) {
    if (value == null || !(value.isTextual() || value.isArray())) {
      throw Authentication.refused();
    }
    if (value.isTextual()) {
      return List.of(value.textValue());
    }
    List<String> texts = new ArrayList<>(value.size());
    for (JsonNode each : value) {
      if (!each.isTextual()) {
        throw Authentication.refused();
      }
      texts.add(each.textValue());
    }
    return texts;
  }
}
