package dev.rollcall.access;

import dev.rollcall.config.ServerTls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate by which a port proves who it is, which all servers of the port share.
 *
 * <p>Its files are read again every five seconds. A pair that has changed is served to connections
 * from then on, and those that are open stay; one that is of no use is logged once, and the pair
 * before goes on. Safe for use by all threads.
 */
public final class ServerCertificate {

  private static final Logger LOG = LoggerFactory.getLogger(ServerCertificate.class);

  private static final long LOOK_AGAIN_MILLIS = 5_000;

  /** So long a client may take until it has said how it encrypts. */
  private static final int HANDSHAKE_SECONDS = 10;

  /** So large is no file of certificates. */
  private static final int LARGEST = 1 << 20;

  private static final Set<String> VERSIONS = Set.of("TLSv1.3", "TLSv1.2");

  /** What the files hold. */
  private record Content(Buffer certificate, Buffer key, Optional<Buffer> clients) {}

  private final Vertx vertx;
  private final String section;
  private final ServerTls files;
  private final ClientAuth clientAuth;
  private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
  private Content served;
  private Content seen;
  private @Nullable String unreadable;

  private ServerCertificate(
      Vertx vertx, String section, ServerTls files, ClientAuth clientAuth, Content content) {
    this.vertx = vertx;
    this.section = section;
    this.files = files;
    this.clientAuth = clientAuth;
    this.served = content;
    this.seen = content;
  }

  /**
   * Reads the files, and again from now on. Blocks.
   *
   * @param section the key above them, for the operator
   * @param clientAuth what is asked of clients, where the settings name an authority of theirs
   * @throws IllegalStateException for the operator, when they can't be read or are of no use
   */
  public static ServerCertificate open(
      Vertx vertx, String section, ServerTls files, ClientAuth clientAuth) {
    ServerCertificate opened;
    try {
      Content content = read(files);
      KeyPairCheck.check(vertx, pair(content));
      opened = new ServerCertificate(vertx, section, files, clientAuth, content);
    } catch (IOException e) {
      throw new IllegalStateException(section + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          section + ": " + files.certificate() + " with " + files.key() + ": " + e.getMessage(), e);
    }
    vertx.setPeriodic(LOOK_AGAIN_MILLIS, timer -> opened.lookAgain());
    return opened;
  }

  /** Has a server that does not listen yet encrypt with it. */
  public HttpServerOptions applyTo(HttpServerOptions options) {
    return apply(current(), options);
  }

  private HttpServerOptions apply(Content content, HttpServerOptions options) {
    content
        .clients()
        .ifPresent(
            authority -> options.setTrustOptions(new PemTrustOptions().addCertValue(authority)));
    return options
        .setSsl(true)
        .setEnabledSecureTransportProtocols(VERSIONS)
        .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
        .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
        .setUseAlpn(true)
        .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
        .setKeyCertOptions(pair(content))
        .setClientAuth(content.clients().isPresent() ? clientAuth : ClientAuth.NONE);
  }

  /** Has a server that listens go on with a pair that has changed. */
  public void follow(HttpServer server) {
    servers.add(server);
  }

  private synchronized Content current() {
    return served;
  }

  private static PemKeyCertOptions pair(Content content) {
    return new PemKeyCertOptions().setCertValue(content.certificate()).setKeyValue(content.key());
  }

  /** The same for a server that listens, which reads its protocols from here. */
  private ServerSSLOptions options(Content content) {
    return new ServerSSLOptions(apply(content, new HttpServerOptions()).getSslOptions())
        .setApplicationLayerProtocols(List.of("h2", "http/1.1"));
  }

  private void lookAgain() {
    vertx
        .executeBlocking(this::readChanged, false)
        .compose(changed -> changed.map(this::serve).orElseGet(Future::succeededFuture))
        .onFailure(
            fault ->
                LOG.warn("{} goes on with the certificate before: {}", section, reason(fault)));
  }

  /** What the files hold, where that is new and of use. */
  private Optional<Content> readChanged() throws IOException {
    Content now;
    try {
      now = read(files);
    } catch (IOException e) {
      if (isNew(e)) {
        throw e;
      }
      return Optional.empty();
    }
    synchronized (this) {
      unreadable = null;
      if (now.equals(seen)) {
        return Optional.empty();
      }
      seen = now;
    }
    KeyPairCheck.check(vertx, pair(now));
    return Optional.of(now);
  }

  /** Files that stay unreadable are logged once, as those that are of no use. */
  private synchronized boolean isNew(IOException fault) {
    String before = unreadable;
    unreadable = reason(fault);
    return !unreadable.equals(before);
  }

  private Future<Void> serve(Content changed) {
    return Future.all(
            servers.stream().map(server -> server.updateSSLOptions(options(changed))).toList())
        .onSuccess(
            updated -> {
              synchronized (this) {
                served = changed;
              }
              LOG.info("{} serves the certificate that {} holds now", section, files.certificate());
            })
        .mapEmpty();
  }

  private static String reason(Throwable fault) {
    return String.valueOf(fault.getMessage());
  }

  private static Content read(ServerTls files) throws IOException {
    Optional<Buffer> clients =
        files.clients().isPresent() ? Optional.of(read(files.clients().get())) : Optional.empty();
    return new Content(read(files.certificate()), read(files.key()), clients);
  }

  private static Buffer read(Path file) throws IOException {
    // Opening a FIFO waits for a writer, for which no thread of the pool should.
    if (!Files.isRegularFile(file)) {
      throw new IOException(file + " can't be read");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LARGEST + 1);
    } catch (IOException e) {
      throw new IOException(file + " can't be read", e);
    }
    if (bytes.length > LARGEST) {
      throw new IOException(file + " is larger than 1MiB");
    }
    return Buffer.buffer(bytes);
  }
}
