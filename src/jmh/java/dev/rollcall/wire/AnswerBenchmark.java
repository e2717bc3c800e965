package dev.rollcall.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The answer of a source on its way to the client. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class AnswerBenchmark {

  private static final String ORDER = "{\"order\":10482,\"item\":\"desk\",\"price\":412.5}";

  /** How many orders an answer has: about 170 bytes, and about 17 KB. */
  @Param({"4", "400"})
  public int orders;

  private final ObjectMapper mapper = new ObjectMapper();
  private Buffer answer;
  private byte[] bytes;

  @Setup
  public void makeAnswer() {
    answer = Buffer.buffer("[" + (ORDER + ",").repeat(orders - 1) + ORDER + "]");
    bytes = answer.getBytes();
  }

  /** Checked as it streams in, and kept as it is. */
  @Benchmark
  public Buffer intake() {
    return JsonIntake.read(answer, 1 << 20);
  }

  /** What would be done without splicing, for comparison: a tree, written again. */
  @Benchmark
  public byte[] tree() throws IOException {
    JsonNode tree = mapper.readTree(bytes);
    return mapper.writeValueAsBytes(tree);
  }
}
