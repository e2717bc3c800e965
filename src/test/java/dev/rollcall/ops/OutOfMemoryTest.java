package dev.rollcall.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.OutOfMemory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that were started without any flag for it, and ran out of memory. */
@Tag("slow")
class OutOfMemoryTest {

  @ParameterizedTest
  @ValueSource(strings = {"thread", "event-loop", "timer", "worker", "future", "direct", "threads"})
  void aProcessThatRunsOutOfMemoryEndsWhereverThatIs(String place)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:MaxDirectMemorySize=16m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                OutOfMemoryCases.class.getName(),
                place)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(OutOfMemory.EXIT_CODE);
      assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
          .containsOnlyOnce("out of memory; the process ends");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aProgramThatHasNotAskedForItIsLeftAlone() {
    OutOfMemory.heed(new OutOfMemoryError("of a test"));
    OutOfMemory.end();
  }
}
