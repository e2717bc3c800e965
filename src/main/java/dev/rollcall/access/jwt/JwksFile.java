package dev.rollcall.access.jwt;

import dev.rollcall.config.auth.SignatureAlgorithm;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;

/** A JWKS in a file, which is looked at every five seconds. */
record JwksFile(Vertx vertx, Path path) implements JwksSource {
  private static final long LOOK_AGAIN_MILLIS = 5_000;

  @Override
  public Future<Void> check() {
    return vertx.executeBlocking(
        () -> {
          try {
            KeySet.read(read().getBytes(), EnumSet.allOf(SignatureAlgorithm.class));
            return null;
          } catch (IOException e) {
            throw new IOException("jwks: " + e.getMessage(), e);
          } catch (IllegalArgumentException e) {
            throw new IOException("jwks: " + path + ": " + e.getMessage(), e);
          }
        },
        false);
  }

  @Override
  public Future<Fetched> fetch() {
    return vertx
        .executeBlocking(this::read, false)
        .map(content -> new Fetched(content, LOOK_AGAIN_MILLIS));
  }

  private Buffer read() throws IOException {
    // Opening a FIFO waits for a writer, for which no thread of the pool should.
    if (!Files.isRegularFile(path)) {
      throw new IOException(path + " can't be read");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(LARGEST + 1);
    } catch (IOException e) {
      throw new IOException(path + " can't be read", e);
    }
    if (bytes.length > LARGEST) {
      throw new IOException(path + " is larger than 1MiB");
    }
    return Buffer.buffer(bytes);
  }
}
