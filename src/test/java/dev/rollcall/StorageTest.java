package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.config.Settings;
import dev.rollcall.users.Awaiting;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.Test;

class StorageTest {

  @Test
  void aNodeWithoutAStoreAndWithoutOthersDoesNotStart() {
    Vertx vertx = Vertx.vertx();
    try {
      assertThatThrownBy(
              () ->
                  Awaiting.await(
                      Storage.open(
                          vertx, Settings.of("store.kind=remote"), new SimpleMeterRegistry())))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("store.kind remote: a node of its own has no others to ask");
    } finally {
      Awaiting.await(vertx.close());
    }
  }
}
