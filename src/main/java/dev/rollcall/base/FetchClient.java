package dev.rollcall.base;

import io.vertx.core.Vertx;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Makes clients for one fetch each from a server that keys or tokens come from. Closing one is what
 * ends a fetch that takes too long, and the file of authorities is read again for each.
 */
public final class FetchClient {

  private FetchClient() {}

  /**
   * A client that follows no redirect, says nothing of itself and keeps no connection.
   *
   * @param trust a PEM file of the authorities that sign the server's certificate; the Java
   *     platform's where there is none
   * @param connectSeconds how long connecting may take
   */
  public static WebClient create(Vertx vertx, Optional<Path> trust, long connectSeconds) {
    WebClientOptions options = new WebClientOptions();
    trust.ifPresent(
        file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    options
        .setFollowRedirects(false)
        .setUserAgentEnabled(false)
        .setDecompressionSupported(false)
        .setKeepAlive(false)
        .setVerifyHost(true)
        .setConnectTimeout((int) TimeUnit.SECONDS.toMillis(connectSeconds));
    return WebClient.wrap(
        vertx
            .httpClientBuilder()
            .with(options)
            // The fetch fails. Without a handler, servers could fill the log.
            .withConnectHandler(connection -> connection.exceptionHandler(failure -> {}))
            .build(),
        options);
  }
}
