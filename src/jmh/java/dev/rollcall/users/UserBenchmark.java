package dev.rollcall.users;

import dev.rollcall.wire.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A user on the way in and on the way out: both happen once for each write, and for no read. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class UserBenchmark {

  private static final String ATTRIBUTES = "{\"team\":\"blue\"}";

  private final byte[] draft =
      ("{\"name\":\"Alice\",\"email\":\"alice@example.org\",\"attributes\":" + ATTRIBUTES + "}")
          .getBytes(StandardCharsets.UTF_8);

  private final UserDraft content = new UserDraft(null, "Alice", "alice@example.org", ATTRIBUTES);

  private final Instant created = Instant.parse("2026-01-01T00:00:00.123Z");

  /** Strictly read, checked, and normalised. */
  @Benchmark
  public UserDraft readDraft() {
    return DraftReader.create(StrictJson.read(draft));
  }

  @Benchmark
  public byte[] writeUser() {
    return UserSchema.encode(42, content, 1, created, created);
  }
}
