package dev.rollcall.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.base.Failure;
import dev.rollcall.credentials.PasswordHasher.Match;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class PasswordHasherTest {

  private static final String COMPOSED = "Am\u00e9lie12";
  private static final String DECOMPOSED = "Ame\u0301lie12";

  private final PasswordHasher hasher = new PasswordHasher(64, 1);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "correct horse",
        "        ",
        "пароль密码",
        "😀😀😀😀😀😀😀😀",
        "\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000",
        "a\nb\tc\u202ed\ufefff",
        "\ufdfa\ufdfa\ufdfa\ufdfa\ufdfa\ufdfa\ufdfa\ufdfa"
      })
  void aPasswordIsRightAndAnotherIsNot(String password) {
    String hash = hasher.hash(password);
    assertThat(hasher.verify(password, hash)).isEqualTo(Match.RIGHT);
    assertThat(hasher.verify(password + "x", hash)).isEqualTo(Match.WRONG);
    assertThat(hasher.verify(password.substring(1), hash)).isEqualTo(Match.WRONG);
  }

  @Test
  void theLongestPasswordCountsToItsLastCharacter() {
    String longest = "\ufdfa".repeat(1023) + "a";
    String hash = hasher.hash(longest);
    assertThat(hasher.verify(longest, hash)).isEqualTo(Match.RIGHT);
    assertThat(hasher.verify("\ufdfa".repeat(1023) + "b", hash)).isEqualTo(Match.WRONG);
  }

  @Test
  void aPasswordIsTheSameFromEveryKeyboard() {
    assertThat(hasher.verify(DECOMPOSED, hasher.hash(COMPOSED))).isEqualTo(Match.RIGHT);
    assertThat(hasher.verify(COMPOSED, hasher.hash(DECOMPOSED))).isEqualTo(Match.RIGHT);
    assertThat(hasher.verify("ﬁｒｓｔ　ｐａｓｓ", hasher.hash("first pass"))).isEqualTo(Match.RIGHT);
    assertThat(hasher.verify("AMÉLIE12", hasher.hash(COMPOSED))).isEqualTo(Match.WRONG);
  }

  /** Made with crypt(3), of either form. */
  @Test
  void anImportedHashMayBeOfAPasswordThatWasNotNormalised() {
    String ofDecomposed = "$2b$04$abcdefghijklmnopqrstuuss55rPm8mcqFvnmZ8ZFCHO7O8k8l/26";
    String ofComposed = "$2b$04$abcdefghijklmnopqrstuuxs5VnsRsIDmtnpuJrH0AxibrB3jKjcy";
    assertThat(hasher.verify(DECOMPOSED, ofDecomposed)).isEqualTo(Match.RIGHT_BUT_WEAK);
    assertThat(hasher.verify(COMPOSED, ofComposed)).isEqualTo(Match.RIGHT_BUT_WEAK);
    assertThat(hasher.verify(DECOMPOSED, ofComposed)).isEqualTo(Match.RIGHT_BUT_WEAK);
    assertThat(hasher.verify("Amelie12", ofComposed)).isEqualTo(Match.WRONG);
  }

  /** Made with the argon2 command. */
  @Test
  void anImportedArgon2HashMayBeOfAPasswordThatWasNotNormalised() {
    String ofDecomposed =
        "$argon2id$v=19$m=32,t=1,p=1$c29tZXNhbHQ$y8po/njfktN3jTP7TVQX9Ho2/dWcT+KgAJsm4OELRS4";
    hasher.check(ofDecomposed);
    assertThat(hasher.verify(DECOMPOSED, ofDecomposed)).isEqualTo(Match.RIGHT_BUT_WEAK);
  }

  @Test
  void aHashThatIsWeakerThanANewOneIsToBeRenewed() {
    String password = "correct horse";
    String weak = new PasswordHasher(32, 1).hash(password);
    String fewer = new PasswordHasher(64, 1).hash(password);
    PasswordHasher strong = new PasswordHasher(64, 2);
    assertThat(strong.verify(password, weak)).isEqualTo(Match.RIGHT_BUT_WEAK);
    assertThat(strong.verify(password, fewer)).isEqualTo(Match.RIGHT_BUT_WEAK);
    assertThat(strong.verify("wrong horse", weak)).isEqualTo(Match.WRONG);
    assertThat(strong.verify(password, strong.hash(password))).isEqualTo(Match.RIGHT);
    // What was stored when more was configured is still good.
    assertThat(hasher.verify(password, strong.hash(password))).isEqualTo(Match.RIGHT);
  }

  /** Made with crypt(3): of 72 times x, and of "password". */
  private static final String OF_72 =
      "$2b$04$......................SZFhVdUK5wGKY4lx/QrgUMHG0XsWjbi";

  private static final String OF_PASSWORD =
      "$2b$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm";

  @Test
  void whatAnOldSchemeCutOffNeverReplacesItsHash() {
    String head = "x".repeat(72);
    assertThat(hasher.verify(head, OF_72)).isEqualTo(Match.RIGHT_BUT_WEAK);
    assertThat(hasher.verify(head + "y", OF_72)).isEqualTo(Match.RIGHT);
    assertThat(hasher.verify(head + "tail".repeat(200), OF_72)).isEqualTo(Match.RIGHT);
    assertThat(hasher.verify(head + "\u00e9", OF_72)).isEqualTo(Match.RIGHT);
    // What counts is what is hashed: these are 216 bytes as typed, and 72 when normalised.
    assertThat(hasher.verify("ｘ".repeat(72), OF_72)).isEqualTo(Match.RIGHT_BUT_WEAK);
    assertThat(hasher.verify("ｘ".repeat(73), OF_72)).isEqualTo(Match.RIGHT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password\u0000",
        "password\u0000password",
        "password\u0000tail",
        "\u0000",
        "\u0000password"
      })
  void aPasswordWithANulIsNeverThatOfABcryptHash(String guess) {
    assertThat(hasher.verify(guess, OF_PASSWORD)).isEqualTo(Match.WRONG);
    assertThat(hasher.verify("password", OF_PASSWORD)).isEqualTo(Match.RIGHT_BUT_WEAK);
  }

  /** Of the thread's processor, so that other threads don't count. */
  @Test
  void aWrongPasswordTakesTheSameTimeWhateverItIsComparedWith() {
    PasswordHasher real = new PasswordHasher(8 * 1024, 2);
    Map<String, @Nullable String> stored = new LinkedHashMap<>();
    stored.put("none", null);
    stored.put("own", real.hash("correct horse"));
    stored.put("bcrypt 4", OF_PASSWORD);
    stored.put("bcrypt 6", OF_PASSWORD.replace("$04$", "$06$"));
    stored.put("argon2id, small", new PasswordHasher(64, 1).hash("correct horse"));
    stored.put("argon2id, half", new PasswordHasher(8 * 1024, 1).hash("correct horse"));
    for (int warmUp = 0; warmUp < 10; warmUp++) {
      real.hash("correct horse");
    }
    Map<String, List<Long>> times = new LinkedHashMap<>();
    for (int round = 0; round < 15; round++) {
      stored.forEach(
          (name, hash) -> {
            long start = UsualTime.now();
            assertThat(real.verify("wrong horse", hash)).as(name).isEqualTo(Match.WRONG);
            times.computeIfAbsent(name, none -> new ArrayList<>()).add(UsualTime.now() - start);
          });
    }
    times.values().forEach(Collections::sort);
    double none = times.getOrDefault("none", List.of()).get(7);
    times.forEach(
        (name, sorted) ->
            assertThat(sorted.get(7) / none).as("%s: %s", name, times).isBetween(0.6, 1.6));
  }

  @Test
  void nobodysPasswordIsWrong() {
    assertThat(hasher.verify("correct horse", null)).isEqualTo(Match.WRONG);
  }

  @Test
  void everySchemeIsChecked() {
    assertThatCode(() -> hasher.check(hasher.hash("correct horse"))).doesNotThrowAnyException();
    assertThatThrownBy(() -> hasher.check(new PasswordHasher(65, 1).hash("correct horse")))
        .hasMessageContaining("asks for more than m=64,t=1");
    assertThatThrownBy(() -> hasher.check("$6$rounds=5000$salt$hash"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("is of no known scheme: argon2id, argon2i, argon2d or bcrypt");
  }

  @Test
  void theConfiguredMaximumCanBeHashed() {
    // One GiB in KiB: the library has bounds of its own.
    assertThatCode(
            () ->
                new Argon2id(1 << 20, 100)
                    .check(
                        "$argon2id$v=19$m=1048576,t=100,p=16$"
                            + "c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"))
        .doesNotThrowAnyException();
    Argon2Parameters.Builder bounds = new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id);
    bounds.withMemoryAsKB(1 << 20).withIterations(100).withParallelism(16);
    assertThat(bounds.build().getMemory()).isEqualTo(1 << 20);
  }

  /** Whatever is refused is refused by a failure, and what is not can be verified. */
  @Test
  void hostileStringsNeverThrowAnythingElse() {
    Random random = new Random(20261123);
    List<String> seeds =
        List.of(
            hasher.hash("correct horse"),
            "$argon2i$m=8,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2d$v=16$m=64,t=1,p=8$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$2b$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm");
    List<String> passed = new ArrayList<>();
    for (int round = 0; round < 20_000; round++) {
      String hash = mutated(seeds.get(random.nextInt(seeds.size())), random);
      try {
        hasher.check(hash);
        passed.add(hash);
      } catch (Failure refused) {
        assertThat(refused.kind()).isEqualTo(Failure.Kind.INVALID);
      }
    }
    assertThat(passed).hasSizeGreaterThan(100);
    for (String hash : passed.subList(0, 100)) {
      assertThatCode(() -> hasher.verify("wrong horse", hash)).as(hash).doesNotThrowAnyException();
    }
  }

  private static String mutated(String hash, Random random) {
    String odd = "$=,0129./+zZ\u0000\n\u0661\ud83d-";
    StringBuilder text = new StringBuilder(hash);
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes && text.length() > 0; i++) {
      int at = random.nextInt(text.length());
      char character = odd.charAt(random.nextInt(odd.length()));
      switch (random.nextInt(4)) {
        case 0 -> text.setCharAt(at, character);
        case 1 -> text.insert(at, character);
        case 2 -> text.deleteCharAt(at);
        default -> text.setLength(at);
      }
    }
    return text.toString();
  }
}
