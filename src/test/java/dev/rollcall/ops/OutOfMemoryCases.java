package dev.rollcall.ops;

import dev.rollcall.base.OutOfMemory;
import dev.rollcall.config.Settings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/** A process that runs out of memory in the place that its argument names, and would live on. */
final class OutOfMemoryCases {

  private OutOfMemoryCases() {}

  public static void main(String[] args) throws InterruptedException {
    Logging.start(Settings.of().log());
    OutOfMemory.arm();
    MemoryWatch.start();
    Vertx vertx = Vertx.vertx();
    switch (args[0]) {
      case "thread" -> new Thread(OutOfMemoryCases::fill).start();
      case "event-loop" -> vertx.runOnContext(turn -> fill());
      case "timer" -> vertx.setTimer(1, turn -> fill());
      case "worker" ->
          vertx
              .executeBlocking(
                  () -> {
                    fill();
                    return null;
                  })
              .onFailure(fault -> log(new IllegalStateException("a request failed", fault)));
      case "future" -> {
        CompletableFuture<Void> unused =
            CompletableFuture.runAsync(OutOfMemoryCases::fill)
                .whenComplete((done, fault) -> log(new CompletionException(fault)));
      }
      case "direct" -> vertx.runOnContext(turn -> fillDirect());
      case "threads" ->
          vertx.runOnContext(
              turn -> {
                throw new OutOfMemoryError("unable to create native thread");
              });
      default -> throw new IllegalArgumentException(args[0]);
    }
    new CountDownLatch(1).await();
  }

  private static void log(Throwable fault) {
    LoggerFactory.getLogger(OutOfMemoryCases.class).warn("{} failed", "something", fault);
  }

  private static void fill() {
    List<byte[]> all = new ArrayList<>();
    while (all.size() < Integer.MAX_VALUE) {
      all.add(new byte[1 << 20]);
    }
  }

  private static void fillDirect() {
    List<ByteBuf> all = new ArrayList<>();
    while (all.size() < Integer.MAX_VALUE) {
      all.add(PooledByteBufAllocator.DEFAULT.directBuffer(1 << 20));
    }
  }
}
