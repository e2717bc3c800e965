package dev.rollcall.jobs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job that is to be started.
 *
 * @param ids as they were given; empty where it is for all
 * @param key by which its client may repeat the request; null where it can't
 * @param by who asks for it; null where nobody had to say who he is
 */
public record JobRequest(JobSpec spec, IdList ids, @Nullable UUID key, @Nullable String by) {
  /**
   * What stands for what it asks for, and for who asks: the same for a repetition. Where nobody had
   * to say who he is, it is that of earlier versions.
   */
  long digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      if (by != null) {
        // No job's text begins with a digit, so that no caller's name can pass for a part of it.
        digest.update((by.length() + " " + by).getBytes(StandardCharsets.UTF_8));
      }
      digest.update(spec.toString().getBytes(StandardCharsets.UTF_8));
      digest.update(ids.bytes());
      return ByteBuffer.wrap(digest.digest()).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The job to be recorded, for these users. */
  NewJob of(IdList users, int queue) {
    return new NewJob(spec, users, key, digest(), by, queue);
  }
}
