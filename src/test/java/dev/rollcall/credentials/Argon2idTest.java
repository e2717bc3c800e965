package dev.rollcall.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.base.Failure;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.Block;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Argon2idTest {

  private static final int MEMORY = 19 * 1024;
  private static final int ITERATIONS = 3;

  private static final String SALT = "$c29tZXNhbHRzb21lc2FsdA$";
  private static final String VALUE = "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

  private final Argon2id argon2id = new Argon2id(MEMORY, ITERATIONS);

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Made with the command of the reference implementation, as in {@code printf password | argon2
   * somesalt -id -t 2 -k 256 -p 1 -e}.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "password|$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "password|$argon2id$v=19$m=64,t=3,p=4$c29tZXNhbHQ$JE8O3e/Jske+BpoCNhq6UN4ulPsnNjN8",
        "пароль 密码"
            + " 😀|$argon2id$v=19$m=1024,t=2,p=2$c2FsdHNhbHRzYWx0c2FsdA$gDFe7d5FfWoWtUEbBt3X4EY0uRGM9ZA3kkgFJjLN028",
        "password|$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8",
        "password|$argon2i$v=19$m=256,t=2,p=2$c29tZXNhbHQ$T/XOJ2mh1/TIpJHfCdQan76Q5esCFVoT5MAeIM1Oq2E",
        "password|$argon2d$v=19$m=256,t=2,p=1$c29tZXNhbHQ$JcTui6RIBUtJ78gE5Hi52CO+H5vS6Z9R1uxAB6OhUB8",
        "password|$argon2d$v=19$m=33,t=1,p=4$c29tZXNhbHQ$yMF/dP0UYEnTLuxMLBMn9hOO5vhmHGr35/p6XxvrtXE",
        "password|$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$9zpz0nGFnSHvRUZdoSvfhg",
        "password|$argon2i$v=16$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY",
        "password|$argon2i$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY",
        "password|$argon2d$v=16$m=256,t=2,p=2$c29tZXNhbHQ$apHQK5+IVLoIQfBKpuU8HTN0wKDGRrjkMbA96AW5HsM",
        "password|$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$2gcOV25Q8vOKPIl8vdxsf7QCjocJcf+erntOGHkpXm4",
        "differentpassword|$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$s5+Tb+4igVUuifTBhhW+acfV8oe1m0slLBRPA5FhoVU",
        "password|$argon2id$v=19$m=1024,t=1,p=4$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVm$l/EG8yyx7mJFU9pxDSnBwmhN4jPp3vlhe5Ci5wRq54QDESb+WWnQCt2xcdByjnlolKUZNBjypmTqnz/qYvn6ZA"
      })
  void hashesOfTheReferenceImplementationAreVerified(String password, String hash) {
    assertThat(argon2id.knows(hash)).isTrue();
    assertThatCode(() -> argon2id.check(hash)).doesNotThrowAnyException();
    assertThat(argon2id.verify(hash, utf8(password))).isTrue();
    assertThat(argon2id.verify(hash, utf8(password + "!"))).isFalse();
    assertThat(argon2id.verify(hash, utf8(""))).isFalse();
  }

  @Test
  void aNewHashIsAPhcStringWithASaltOfItsOwn() {
    String first = argon2id.hash(utf8("correct horse"));
    String second = argon2id.hash(utf8("correct horse"));
    assertThat(first)
        .matches("\\$argon2id\\$v=19\\$m=19456,t=3,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}")
        .isNotEqualTo(second);
    assertThat(argon2id.verify(first, utf8("correct horse"))).isTrue();
    assertThat(argon2id.verify(second, utf8("correct horse"))).isTrue();
    assertThat(argon2id.verify(first, utf8("Correct horse"))).isFalse();
    assertThatCode(() -> argon2id.check(first)).doesNotThrowAnyException();
    assertThat(argon2id.isCurrent(first)).isTrue();
  }

  @Test
  void aDecoyLooksLikeANewHashAndCostsAsMuchAsOne() {
    String decoy = argon2id.decoy();
    assertThat(decoy).hasSameSizeAs(argon2id.hash(utf8("correct horse")));
    assertThat(argon2id.isCurrent(decoy)).isTrue();
    assertThat(argon2id.verify(decoy, utf8("correct horse"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$argon2id$v=19$m=19456,t=3,p=1",
        "$argon2id$v=19$m=19456,t=3,p=4",
        "$argon2id$v=19$m=99999,t=9,p=1"
      })
  void aHashAsStrongAsANewOneIsCurrent(String parameters) {
    assertThat(argon2id.isCurrent(parameters + SALT + VALUE)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$argon2id$v=19$m=19455,t=3,p=1",
        "$argon2id$v=19$m=19456,t=2,p=1",
        "$argon2id$v=19$m=99999,t=2,p=1",
        "$argon2id$v=16$m=19456,t=3,p=1",
        "$argon2id$m=19456,t=3,p=1",
        "$argon2i$v=19$m=19456,t=3,p=1",
        "$argon2d$v=19$m=19456,t=3,p=1"
      })
  void aWeakerHashIsNotCurrent(String parameters) {
    assertThat(argon2id.isCurrent(parameters + SALT + VALUE)).isFalse();
  }

  @Test
  void aShorterSaltOrValueIsNotCurrent() {
    String parameters = "$argon2id$v=19$m=19456,t=3,p=1";
    assertThat(argon2id.isCurrent(parameters + "$c29tZXNhbHQ$" + VALUE)).isFalse();
    assertThat(argon2id.isCurrent(parameters + SALT + VALUE.substring(0, 22))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$argon2id$v=19$m=19457,t=1,p=1",
        "$argon2id$v=19$m=8,t=4,p=1",
        "$argon2d$v=16$m=19457,t=1,p=1",
        "$argon2i$m=999999999,t=999999999,p=16"
      })
  void moreThanIsConfiguredIsRefused(String parameters) {
    assertRefused(parameters + SALT + VALUE, "asks for more than m=19456,t=3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$argon2id$v=19$m=19456,t=3,p=0",
        "$argon2id$v=19$m=19456,t=3,p=17",
        "$argon2id$v=19$m=19456,t=0,p=1",
        "$argon2id$v=19$m=0,t=1,p=1",
        "$argon2id$v=19$m=127,t=1,p=16",
        "$argon2id$v=17$m=19456,t=3,p=1",
        "$argon2id$v=19$m=9999999999,t=3,p=1",
      })
  void whatArgon2CannotBeIsRefused(String parameters) {
    assertRefused(parameters + SALT + VALUE, "is not a PHC string");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$argon2",
        "$argon2id$v=19$m=8,t=1,p=1",
        "$argon2id$v=19$m=8,t=1,p=1$$",
        "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$" + VALUE,
        "$argon2id$v=19$m=8,t=1,p=1" + SALT + "aGFzaA",
        "$argon2id$v=19$m=8,t=1,p=1" + SALT + VALUE + "AA",
        "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAA$" + VALUE,
        "$argon2id$v=19$m=8,t=1,p=1" + SALT + VALUE + "\n"
      })
  void whatIsNoPhcStringIsRefused(String hash) {
    assertRefused(hash, "is not a PHC string");
  }

  private void assertRefused(String hash, String because) {
    assertThatThrownBy(() -> argon2id.check(hash))
        .isInstanceOfSatisfying(
            Failure.class,
            refusal -> {
              assertThat(refusal.kind()).isEqualTo(Failure.Kind.INVALID);
              assertThat(refusal.faults())
                  .singleElement()
                  .satisfies(fault -> assertThat(fault.pointer()).isEqualTo("/hash"));
              assertThat(refusal.detail()).contains(because);
            });
  }

  /** A pool that counts how many blocks there were beside those that it could keep. */
  private static final class CountedBlocks extends FixedBlockPool {
    private int out;
    private int most;

    CountedBlocks(int size) {
      super(size);
    }

    @Override
    public Block allocate() {
      out++;
      most = Math.max(most, out);
      return super.allocate();
    }

    @Override
    public void deallocate(Block block) {
      out--;
      super.deallocate(block);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1,8", "1,4096", "1,4097", "2,4096", "3,4096", "4,4096", "4,4099", "16,128", "16,4096"
  })
  void everyHashThatIsLetPassFitsIntoTheBlocksOfAThread(int lanes, int memory) {
    CountedBlocks blocks = new CountedBlocks(Argon2id.blocksFor(memory));
    Argon2id limited = new Argon2id(memory, 2, () -> blocks);
    for (String type : new String[] {"argon2id", "argon2i", "argon2d"}) {
      String hash =
          String.format(
              Locale.ROOT, "$%s$v=19$m=%d,t=2,p=%d%s%s", type, memory, lanes, SALT, VALUE);
      limited.check(hash);
      assertThat(limited.verify(hash, utf8("correct horse"))).isFalse();
      assertThat(blocks.out).as("all blocks are back").isZero();
      assertThat(blocks.most).isBetween(memory - 4 * lanes, Argon2id.blocksFor(memory));
    }
  }

  @Test
  void aThreadHashesInTheSameBlocksAgainAndAgain() {
    Argon2id large = new Argon2id(16 * 1024, 1);
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    String hash = large.hash(utf8("correct horse"));
    large.verify(hash, utf8("correct horse"));
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 10; i++) {
      large.verify(hash, utf8("correct horse"));
      large.verify("$argon2i$v=19$m=8192,t=1,p=4" + SALT + VALUE, utf8("correct horse"));
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).as("bytes for 20 hashes of 16 MiB and 8 MiB").isLessThan(16 << 20);
  }
}
