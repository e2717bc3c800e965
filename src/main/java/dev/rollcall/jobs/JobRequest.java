package dev.rollcall.jobs;

import dev.rollcall.base.Sha256;
import java.nio.charset.StandardCharsets;
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
  /** What stands for what it asks for, and for who asks: the same for a repetition. */
  long digest() {
    return Sha256.ofRequest(by, spec.toString().getBytes(StandardCharsets.UTF_8), ids.bytes());
  }

  /** The job to be recorded, for these users. */
  NewJob of(IdList users, int queue) {
    return new NewJob(spec, users, key, digest(), by, queue);
  }
}
