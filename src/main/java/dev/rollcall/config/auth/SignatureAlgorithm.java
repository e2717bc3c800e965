package dev.rollcall.config.auth;

import dev.rollcall.config.reading.Rule;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a token may be signed (RFC 7518, RFC 8037). There is none with a shared secret, and not
 * {@code none}.
 */
public enum SignatureAlgorithm {
  RS256,
  RS384,
  RS512,
  PS256,
  PS384,
  PS512,
  ES256,
  ES384,
  ES512,
  /** With the curve Ed25519. */
  EDDSA("EdDSA");

  static final Rule<SignatureAlgorithm> RULE =
      Rule.parsed(
          SignatureAlgorithm::named,
          algorithm -> true,
          SignatureAlgorithm::text,
          Arrays.stream(values())
              .map(SignatureAlgorithm::text)
              .collect(Collectors.joining(", "))
              .replaceFirst(", ([^,]*)$", " or $1"));

  /** Those that issuers have where nothing else is said. */
  static final List<SignatureAlgorithm> USUAL = List.of(RS256, ES256, EDDSA);

  private final String text;

  SignatureAlgorithm() {
    this.text = name();
  }

  SignatureAlgorithm(String text) {
    this.text = text;
  }

  /** As it stands in tokens and in the settings. */
  public String text() {
    return text;
  }

  /** The one of a name, whose case counts; null where there is none. */
  public static @Nullable SignatureAlgorithm named(String text) {
    for (SignatureAlgorithm each : values()) {
      if (each.text.equals(text)) {
        return each;
      }
    }
    return null;
  }
}
