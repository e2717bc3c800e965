package dev.rollcall.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.base.Failure;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BcryptTest {

  private static final String CRYPT = "abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm";

  private final Bcrypt bcrypt = new Bcrypt();

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Made with crypt(3) of libxcrypt; the last one is known from many a documentation. */
  @ParameterizedTest
  @CsvSource({
    "password,$2a$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm",
    "password,$2b$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm",
    "password,$2y$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm",
    "пароль😀,$2a$05$N9qo8uLOickgx2ZMRZoMyej2NcRvmBYb7CEDZf3H4a/P3fgI9AMHG",
    "пароль😀,$2b$05$N9qo8uLOickgx2ZMRZoMyej2NcRvmBYb7CEDZf3H4a/P3fgI9AMHG",
    "U*U,$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
  })
  void hashesOfOtherImplementationsAreVerified(String password, String hash) {
    assertThat(bcrypt.knows(hash)).isTrue();
    assertThatCode(() -> bcrypt.check(hash)).doesNotThrowAnyException();
    assertThat(bcrypt.verify(hash, utf8(password))).isTrue();
    assertThat(bcrypt.verify(hash, utf8(password + "!"))).isFalse();
    assertThat(bcrypt.verify(hash, utf8(""))).isFalse();
  }

  @Test
  void onlyTheFirst72BytesCountAsEverywhere() {
    String hash = "$2b$04$......................SZFhVdUK5wGKY4lx/QrgUMHG0XsWjbi";
    String head = "x".repeat(72);
    assertThat(bcrypt.verify(hash, utf8(head + "tail"))).isTrue();
    assertThat(bcrypt.verify(hash, utf8(head))).isTrue();
    assertThat(bcrypt.verify(hash, utf8(head + "😀".repeat(1000)))).isTrue();
    assertThat(bcrypt.verify(hash, utf8(head.substring(1)))).isFalse();
  }

  @Test
  void noHashIsAsStrongAsANewOne() {
    assertThat(bcrypt.isCurrent("$2b$12$" + CRYPT)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"04", "12"})
  void costsWithinTheBoundsPass(String cost) {
    assertThatCode(() -> bcrypt.check("$2b$" + cost + "$" + CRYPT)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "03", "13", "31", "99"})
  void othersAreRefused(String cost) {
    assertRefused("$2b$" + cost + "$" + CRYPT, "the cost of bcrypt must be from 4 to 12");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$2",
        "$2$04$" + CRYPT,
        "$2x$04$" + CRYPT,
        "$2b$4$" + CRYPT,
        "$2b$04$" + CRYPT + "x",
        "$2b$04$" + CRYPT + "\n",
        "$2b$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jz+m",
        "$2b$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jz"
      })
  void whatIsNoBcryptStringIsRefused(String hash) {
    assertRefused(hash, "is not a bcrypt string");
  }

  /** Bits that belong to nothing: no password would ever be right. */
  @Test
  void aSaltOrValueThatNoImplementationWritesIsRefused() {
    assertRefused("$2b$04$abcdefghijklmnopqrstuvghE8Ev8uGFaUgY2cNEySvxngrb/Jzdm", "not a bcrypt");
    assertRefused("$2b$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdn", "not a bcrypt");
  }

  private void assertRefused(String hash, String because) {
    assertThatThrownBy(() -> bcrypt.check(hash))
        .isInstanceOfSatisfying(
            Failure.class,
            refusal -> {
              assertThat(refusal.kind()).isEqualTo(Failure.Kind.INVALID);
              assertThat(refusal.faults().get(0).pointer()).isEqualTo("/hash");
              assertThat(refusal.detail()).contains(because);
            });
  }
}
