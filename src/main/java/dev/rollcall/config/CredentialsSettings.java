package dev.rollcall.config;

import static dev.rollcall.config.reading.Units.GIB;
import static dev.rollcall.config.reading.Units.KIB;
import static dev.rollcall.config.reading.Units.MIB;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.time.Duration;

/**
 * How passwords are hashed: Argon2id, by default as OWASP recommends.
 *
 * @param threads how many hash at once, by default one less than there are processors
 * @param queue how many may wait beside them
 * @param memory bytes that one hash takes, and that each thread keeps
 * @param iterations passes over that memory
 * @param slowdown the longest for which the answer to one of many wrong passwords is held back
 */
public record CredentialsSettings(
    int threads, int queue, long memory, int iterations, Duration slowdown) {
  private static final Key<Integer> THREADS =
      Key.computed(
          "credentials.threads",
          () -> Math.max(1, Math.min(64, Runtime.getRuntime().availableProcessors() - 1)),
          Rule.integer(1, 64));
  private static final Key<Integer> QUEUE =
      Key.of("credentials.queue", 64, Rule.integer(0, 100_000));
  private static final Key<Long> MEMORY =
      Key.of("credentials.memory", 19 * MIB, Rule.size(8 * KIB, GIB));
  private static final Key<Integer> ITERATIONS =
      Key.of("credentials.iterations", 2, Rule.integer(1, 100));
  private static final Key<Duration> SLOWDOWN =
      Key.of(
          "credentials.slowdown",
          Duration.ofSeconds(1),
          Rule.duration(Duration.ZERO, Duration.ofSeconds(30)));

  public CredentialsSettings {
    THREADS.check(threads);
    QUEUE.check(queue);
    MEMORY.check(memory);
    ITERATIONS.check(iterations);
    SLOWDOWN.check(slowdown);
  }

  static CredentialsSettings from(Section section) {
    return new CredentialsSettings(
        THREADS.read(section),
        QUEUE.read(section),
        MEMORY.read(section),
        ITERATIONS.read(section),
        SLOWDOWN.read(section));
  }
}
