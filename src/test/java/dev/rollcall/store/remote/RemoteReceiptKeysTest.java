package dev.rollcall.store.remote;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.followers.receipts.ReceiptKey;
import dev.rollcall.users.StoreHarness;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The public keys of receipts, asked of a node that has a store. */
class RemoteReceiptKeysTest {

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    await(vertx.close());
  }

  @Test
  void aNodeWithoutAStoreIsToldThePublicHalvesAlone(@TempDir Path folder) {
    RemoteHarness harness = new RemoteHarness(folder);
    RemoteStore remote = (RemoteStore) harness.start(vertx, StoreHarness.Limits.WIDE);
    byte[] half = {1, 0};
    ReceiptKey key = new ReceiptKey(1, "a", half, new byte[] {7}, Instant.ofEpochMilli(5));
    assertThat(await(remote.tables().receiptKeys().published())).isEmpty();
    assertThat(await(harness.owned().tables().receiptKeys().addReceiptKey(key))).isTrue();
    assertThat(await(remote.tables().receiptKeys().published()))
        .singleElement()
        .satisfies(
            told -> {
              assertThat(told.id()).isOne();
              assertThat(told.name()).isEqualTo("a");
              assertThat(told.publicKey()).isEqualTo(half);
              assertThat(told.privateKey()).isEmpty();
              assertThat(told.createdAt()).isEqualTo(Instant.ofEpochMilli(5));
            });
    harness.stop();
  }
}
