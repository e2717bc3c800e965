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
 */
public record JobRequest(JobSpec spec, IdList ids, @Nullable UUID key) {
  /** What stands for what it asks for: the same for a repetition. */
  long digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(spec.toString().getBytes(StandardCharsets.UTF_8));
      digest.update(ids.bytes());
      return ByteBuffer.wrap(digest.digest()).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The job to be recorded, for these users. */
  NewJob of(IdList users, int queue) {
    return new NewJob(spec, users, key, digest(), queue);
  }
}
