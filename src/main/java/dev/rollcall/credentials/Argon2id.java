package dev.rollcall.credentials;

import dev.rollcall.base.Failure;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2 (RFC 9106) as PHC strings: {@code $argon2id$v=19$m=19456,t=2,p=1$salt$hash}. New hashes
 * are Argon2id; old ones of Argon2i and Argon2d can be verified.
 *
 * <p>Pure computation, safe for use by all threads. Each thread keeps the blocks that it works in,
 * {@code memory} of them, since allocating them anew for each password would flood the collector.
 */
final class Argon2id implements PasswordScheme {

  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  /** In KiB, with one lane. */
  private static final int LEAST_MEMORY = 8;

  /** Lanes are for threads, of which a hash has one here. */
  private static final int MAX_LANES = 16;

  private static final Pattern PHC =
      Pattern.compile(
          "\\$(argon2id|argon2i|argon2d)(?:\\$v=(16|19))?\\$m=(\\d{1,9}),t=(\\d{1,9}),p=(\\d{1,3})"
              + "\\$([A-Za-z0-9+/]{11,128})\\$([A-Za-z0-9+/]{16,128})");

  private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();

  private final int memory;
  private final int iterations;
  private final SecureRandom random = new SecureRandom();
  private final Supplier<BlockPool> blocks;

  /**
   * The scheme at a cost.
   *
   * @param memory in KiB
   * @param iterations passes over it
   */
  Argon2id(int memory, int iterations) {
    this(memory, iterations, ofEachThread(blocksFor(memory)));
  }

  /**
   * @param blocks to work in, for the thread that asks
   */
  Argon2id(int memory, int iterations, Supplier<BlockPool> blocks) {
    this.memory = memory;
    this.iterations = iterations;
    this.blocks = blocks;
  }

  private static Supplier<BlockPool> ofEachThread(int size) {
    ThreadLocal<BlockPool> pools = ThreadLocal.withInitial(() -> new FixedBlockPool(size));
    return pools::get;
  }

  /** How many blocks a hash with this memory works in: the memory, and four of the generator. */
  static int blocksFor(int memory) {
    return memory + 4;
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared, never leaves this class.
  private record Hash(
      int type, int version, int memory, int iterations, int lanes, byte[] salt, byte[] value) {}

  String hash(byte[] password) {
    byte[] salt = randomBytes(SALT_BYTES);
    byte[] value = new byte[HASH_BYTES];
    compute(
        new Hash(
            Argon2Parameters.ARGON2_id,
            Argon2Parameters.ARGON2_VERSION_13,
            memory,
            iterations,
            1,
            salt,
            value),
        password,
        value);
    return phc(salt, value);
  }

  /** A string like that of a new hash, of no password. */
  String decoy() {
    return phc(randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));
  }

  private byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private String phc(byte[] salt, byte[] value) {
    return String.format(
        Locale.ROOT,
        "$argon2id$v=19$m=%d,t=%d,p=1$%s$%s",
        memory,
        iterations,
        ENCODER.encodeToString(salt),
        ENCODER.encodeToString(value));
  }

  @Override
  public boolean knows(String hash) {
    return hash.startsWith("$argon2");
  }

  @Override
  public boolean verify(String hash, byte[] password) {
    Hash parsed = parse(hash);
    byte[] value = new byte[parsed.value().length];
    compute(parsed, password, value);
    return MessageDigest.isEqual(value, parsed.value());
  }

  @Override
  public boolean comparesWhole(byte[] password) {
    return true;
  }

  boolean costsAsNew(String hash) {
    Hash parsed = parse(hash);
    return parsed.memory() == memory && parsed.iterations() == iterations;
  }

  /**
   * Does a part of the work of a new hash, for nothing but its time.
   *
   * @param part of it, from 0 to 1
   */
  void spend(double part) {
    byte[] value = new byte[HASH_BYTES];
    compute(
        new Hash(
            Argon2Parameters.ARGON2_id,
            Argon2Parameters.ARGON2_VERSION_13,
            Math.max(LEAST_MEMORY, (int) (memory * part)),
            iterations,
            1,
            new byte[SALT_BYTES],
            value),
        value,
        value);
  }

  @Override
  public boolean isCurrent(String hash) {
    Hash parsed = parse(hash);
    return parsed.type() == Argon2Parameters.ARGON2_id
        && parsed.version() == Argon2Parameters.ARGON2_VERSION_13
        && parsed.memory() >= memory
        && parsed.iterations() >= iterations
        && parsed.salt().length >= SALT_BYTES
        && parsed.value().length >= HASH_BYTES;
  }

  @Override
  public void check(String hash) {
    Hash parsed = parse(hash);
    if (parsed.lanes() < 1
        || parsed.lanes() > MAX_LANES
        || parsed.iterations() < 1
        || parsed.memory() < 8 * parsed.lanes()) {
      throw malformed();
    }
    if (parsed.memory() > memory || parsed.iterations() > iterations) {
      throw Failure.invalid(
          "/hash",
          "asks for more than m=" + memory + ",t=" + iterations + ", which is what is configured");
    }
  }

  private void compute(Hash hash, byte[] password, byte[] into) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(hash.type())
            .withVersion(hash.version())
            .withMemoryAsKB(hash.memory())
            .withIterations(hash.iterations())
            .withParallelism(hash.lanes())
            .withSalt(hash.salt())
            .withBlockPool(blocks.get())
            .build());
    generator.generateBytes(password, into);
  }

  private static Hash parse(String hash) {
    Matcher phc = PHC.matcher(hash);
    if (!phc.matches()) {
      throw malformed();
    }
    int type =
        switch (phc.group(1)) {
          case "argon2id" -> Argon2Parameters.ARGON2_id;
          case "argon2i" -> Argon2Parameters.ARGON2_i;
          default -> Argon2Parameters.ARGON2_d;
        };
    int version =
        "19".equals(phc.group(2))
            ? Argon2Parameters.ARGON2_VERSION_13
            : Argon2Parameters.ARGON2_VERSION_10;
    try {
      return new Hash(
          type,
          version,
          Integer.parseInt(phc.group(3)),
          Integer.parseInt(phc.group(4)),
          Integer.parseInt(phc.group(5)),
          Base64.getDecoder().decode(phc.group(6)),
          Base64.getDecoder().decode(phc.group(7)));
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
  }

  private static Failure malformed() {
    return Failure.invalid("/hash", "is not a PHC string of Argon2 that can be verified");
  }
}
