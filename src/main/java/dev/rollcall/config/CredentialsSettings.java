package dev.rollcall.config;

import static dev.rollcall.config.Units.GIB;
import static dev.rollcall.config.Units.KIB;
import static dev.rollcall.config.Units.MIB;

import java.time.Duration;

/**
 * How passwords are hashed: Argon2id, by default as OWASP recommends.
 *
 * @param threads how many hash at once; 1 to 64, default: the number of processors less one, and at
 *     least one
 * @param queue how many may wait beside them; 0 to 100,000, default 64
 * @param memory bytes that one hash takes, and that each thread keeps; 8KiB to 1GiB, default 19MiB
 * @param iterations passes over that memory; 1 to 100, default 2
 * @param slowdown the longest for which the answer to one of many wrong passwords is held back; 0s
 *     to 30s, default 1s
 */
public record CredentialsSettings(
    int threads, int queue, long memory, int iterations, Duration slowdown) {
  private static final Rule<Integer> THREADS = Rule.integer(1, 64);
  private static final Rule<Integer> QUEUE = Rule.integer(0, 100_000);
  private static final Rule<Long> MEMORY = Rule.size(8 * KIB, GIB);
  private static final Rule<Integer> ITERATIONS = Rule.integer(1, 100);
  private static final Rule<Duration> SLOWDOWN =
      Rule.duration(Duration.ZERO, Duration.ofSeconds(30));

  public CredentialsSettings {
    THREADS.check("credentials.threads", threads);
    QUEUE.check("credentials.queue", queue);
    MEMORY.check("credentials.memory", memory);
    ITERATIONS.check("credentials.iterations", iterations);
    SLOWDOWN.check("credentials.slowdown", slowdown);
  }

  static CredentialsSettings from(Section section) {
    int spare = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    return new CredentialsSettings(
        section.get("threads", Math.min(64, spare), THREADS),
        section.get("queue", 64, QUEUE),
        section.get("memory", 19 * MIB, MEMORY),
        section.get("iterations", 2, ITERATIONS),
        section.get("slowdown", Duration.ofSeconds(1), SLOWDOWN));
  }
}
