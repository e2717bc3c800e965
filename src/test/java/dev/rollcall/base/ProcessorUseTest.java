package dev.rollcall.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProcessorUseTest {

  private final ProcessorUse use = new ProcessorUse();

  @Test
  void nothingIsKnownAtFirst() {
    assertThat(use.share()).isZero();
  }

  @Test
  void whatTheProcessComputesShows() {
    long began = System.nanoTime();
    while (System.nanoTime() - began < TimeUnit.MILLISECONDS.toNanos(400)) {
      Thread.onSpinWait();
    }
    assertThat(use.share()).isGreaterThan(0).isLessThan(1.5);
  }
}
