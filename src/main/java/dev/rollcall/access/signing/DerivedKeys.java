package dev.rollcall.access.signing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/**
 * The keys that follow from {@code auth.secret} (HKDF-SHA-256, RFC 5869), one for each purpose, and
 * what is done with them. Immutable; safe for use by all threads.
 */
public final class DerivedKeys {

  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  /** The first byte of what is encrypted, so that another way could be told from this one. */
  private static final byte FORM = 1;

  private static final String AES = "AES";
  private static final String AES_GCM = "AES/GCM/NoPadding";
  private static final String HMAC = "HmacSHA256";
  private static final SecureRandom RANDOM = new SecureRandom();

  /** What a message authentication code is made for. */
  public enum Purpose {
    /** That a refresh token is one of ours. */
    REFRESH_TOKEN,
    /** Which refresh token follows upon another. */
    NEXT_REFRESH_TOKEN
  }

  private final SecretKeySpec encryption;
  private final Map<Purpose, SecretKeySpec> authentication = new EnumMap<>(Purpose.class);

  /**
   * The keys of a secret.
   *
   * @param secret {@code auth.secret}
   */
  public DerivedKeys(String secret) {
    encryption = new SecretKeySpec(derive(secret, "signing keys"), AES);
    for (Purpose purpose : Purpose.values()) {
      authentication.put(purpose, new SecretKeySpec(derive(secret, purpose.name()), HMAC));
    }
  }

  private static byte[] derive(String secret, String purpose) {
    HKDFBytesGenerator generator = new HKDFBytesGenerator(new SHA256Digest());
    generator.init(
        new HKDFParameters(
            secret.getBytes(StandardCharsets.UTF_8),
            "rollcall".getBytes(StandardCharsets.UTF_8),
            purpose.getBytes(StandardCharsets.UTF_8)));
    byte[] key = new byte[KEY_BYTES];
    generator.generateBytes(key, 0, key.length);
    return key;
  }

  /**
   * Encrypts (AES-256-GCM).
   *
   * @param name what it belongs to, under which alone it can be decrypted
   */
  public byte[] encrypt(byte[] plain, String name) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, nonce, name).doFinal(plain);
      byte[] whole = new byte[1 + NONCE_BYTES + encrypted.length];
      whole[0] = FORM;
      System.arraycopy(nonce, 0, whole, 1, NONCE_BYTES);
      System.arraycopy(encrypted, 0, whole, 1 + NONCE_BYTES, encrypted.length);
      return whole;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has AES-GCM", e);
    }
  }

  /**
   * Decrypts what {@link #encrypt} gave.
   *
   * @throws GeneralSecurityException where it is none of that, or was encrypted by another secret
   */
  public byte[] decrypt(byte[] whole, String name) throws GeneralSecurityException {
    if (whole.length <= 1 + NONCE_BYTES || whole[0] != FORM) {
      throw new GeneralSecurityException("not encrypted in this form");
    }
    byte[] nonce = Arrays.copyOfRange(whole, 1, 1 + NONCE_BYTES);
    return cipher(Cipher.DECRYPT_MODE, nonce, name)
        .doFinal(whole, 1 + NONCE_BYTES, whole.length - 1 - NONCE_BYTES);
  }

  private Cipher cipher(int mode, byte[] nonce, String name) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(AES_GCM);
    cipher.init(mode, encryption, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  /** A code of 32 bytes, which nobody without the secret can make. */
  public byte[] mac(Purpose purpose, byte[] content) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(Objects.requireNonNull(authentication.get(purpose)));
      return mac.doFinal(content);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC-SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "DerivedKeys"; // They are secret.
  }
}
