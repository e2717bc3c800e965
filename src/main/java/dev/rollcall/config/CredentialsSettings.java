package dev.rollcall.config;

import dev.rollcall.config.reading.Key;
import dev.rollcall.config.reading.Rule;
import dev.rollcall.config.reading.Section;
import java.time.Duration;

/** How passwords are hashed: Argon2id, by default as OWASP recommends. */
public record CredentialsSettings(
    int threads, int queue, long memory, int iterations, Duration slowdown) {
  private static final Key<Integer> THREADS =
      Key.computed(
          "credentials.threads",
          () -> Math.max(1, Math.min(64, Runtime.getRuntime().availableProcessors() - 1)),
          Rule.integer(1, 64));
  private static final Key<Integer> QUEUE = Key.integer("credentials.queue", 64, 0, 100_000);
  private static final Key<Long> MEMORY = Key.size("credentials.memory", "19MiB", "8KiB", "1GiB");
  private static final Key<Integer> ITERATIONS = Key.integer("credentials.iterations", 2, 1, 100);
  private static final Key<Duration> SLOWDOWN =
      Key.duration("credentials.slowdown", "1s", "0s", "30s");

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
