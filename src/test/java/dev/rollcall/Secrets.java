package dev.rollcall;

import java.util.List;
import java.util.regex.Pattern;

/** What no log may show: the texts of keys, tokens, private keys and hashes of passwords. */
final class Secrets {

  private static final Pattern SECRET =
      Pattern.compile(
          "rck_[0-9A-Za-z]{38}" // A key.
              + "|rcr_[\\w-]{20,}" // A refresh token.
              + "|eyJ[\\w-]{8,}\\.eyJ[\\w-]{8,}\\.[\\w-]{20,}" // A JWT with a signature.
              + "|[Bb]earer [\\w.~+/-]{16,}"
              + "|-----BEGIN [A-Z ]*PRIVATE KEY"
              + "|\\$argon2(id|i|d)\\$v="
              + "|\\$2[aby]\\$\\d\\d\\$[./A-Za-z0-9]{22}"
              + "|\"(password|current|secret|clientSecret)\"\\s*:\\s*\"[^\"]");

  private Secrets() {}

  /** The lines that show one. */
  static List<String> in(List<String> lines) {
    return lines.stream().filter(line -> SECRET.matcher(line).find()).toList();
  }
}
