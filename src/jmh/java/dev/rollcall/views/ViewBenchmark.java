package dev.rollcall.views;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A view of three sources on the event bus of this process: fetching it, and writing its answer.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ViewBenchmark {

  private ViewsHarness harness;
  private ViewAnswer answer;

  @Setup
  public void fetchOnce() {
    harness =
        new ViewsHarness(
            "sources.account.address=bench.account",
            "sources.orders.address=bench.orders",
            "sources.loyalty.address=bench.loyalty",
            "views.profile.sources=account,orders,loyalty");
    JsonObject order = JsonObject.of("order", 10482, "item", "desk", "price", 412.5);
    harness.own("bench.account", asked -> asked.reply(JsonObject.of("plan", "team", "seats", 25)));
    harness.own("bench.orders", asked -> asked.reply(JsonArray.of(order, order)));
    harness.own("bench.loyalty", asked -> asked.reply(JsonObject.of("points", 1830)));
    answer = harness.fetch("profile", null);
    if (!answer.complete()) {
      throw new IllegalStateException(answer.json().toString());
    }
  }

  @TearDown
  public void close() {
    harness.close();
  }

  /** From the thread that asks to an event loop and back, so most of it is waiting. */
  @Benchmark
  public ViewAnswer fetch() {
    return harness.fetch("profile", null);
  }

  /** The answer with the values of the sources spliced in. */
  @Benchmark
  public Buffer splice() {
    return answer.json();
  }

  @Benchmark
  public String serverTiming() {
    return answer.serverTiming(null);
  }
}
