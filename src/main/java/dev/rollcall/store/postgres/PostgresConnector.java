package dev.rollcall.store.postgres;

import dev.rollcall.base.Deadline;
import dev.rollcall.config.StoreSettings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.SslMode;
import io.vertx.pgclient.spi.PgDriver;
import io.vertx.sqlclient.spi.ConnectionFactory;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections to the database that all have the same promises: a commit is durable, no
 * statement and no transaction takes longer than the store's timeout, and statements are prepared
 * once.
 *
 * <p>Safe for use by all threads.
 */
final class PostgresConnector {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresConnector.class);

  /** How much longer the client waits than the server's own timeout. */
  private static final Duration MARGIN = Duration.ofMillis(500);

  /**
   * How long a transaction may wait for its own node, which only decides in between. Meanwhile the
   * writers of all other nodes wait, and the node may have frozen or vanished.
   */
  private static final Duration THINKING = Duration.ofSeconds(2);

  /**
   * How many statements may be under way on a connection before the first of them is answered. The
   * client queues the others.
   */
  private static final int PIPELINE = 256;

  private final Vertx vertx;
  private final ConnectionFactory<PgConnectOptions> factory;
  private final PgConnectOptions options;
  private final Duration timeout;

  /** The connections that are being opened. */
  private final Set<Future<?>> openings = ConcurrentHashMap.newKeySet();

  private boolean closed;

  PostgresConnector(Vertx vertx, StoreSettings.Postgres settings) {
    this.vertx = vertx;
    this.timeout = settings.timeout();
    this.factory = PgDriver.INSTANCE.createConnectionFactory(vertx, transport(timeout));
    this.options = options(settings);
  }

  private static NetClientOptions transport(Duration timeout) {
    int millis = Math.toIntExact(timeout.toMillis());
    // Keeps a connection from hanging whose other end vanished without a word.
    return new NetClientOptions()
        .setConnectTimeout(millis)
        .setTcpNoDelay(true)
        .setTcpKeepAlive(true)
        .setTcpUserTimeout(millis);
  }

  private static PgConnectOptions options(StoreSettings.Postgres settings) {
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost(settings.uri().host())
            .setPort(settings.uri().port())
            .setDatabase(settings.uri().database())
            .setUser(settings.user())
            .setPassword(settings.password())
            .setCachePreparedStatements(true)
            .setPipeliningLimit(PIPELINE)
            .addProperty("application_name", "rollcall");
    return switch (settings.tls()) {
      case DISABLE -> options.setSslMode(SslMode.DISABLE);
      case REQUIRE ->
          options
              .setSslMode(SslMode.REQUIRE)
              .setSslOptions(new ClientSSLOptions().setTrustAll(true));
      case VERIFY_CA -> options.setSslMode(SslMode.VERIFY_CA).setSslOptions(verified(settings, ""));
      case VERIFY_FULL ->
          options.setSslMode(SslMode.VERIFY_FULL).setSslOptions(verified(settings, "HTTPS"));
    };
  }

  private static ClientSSLOptions verified(StoreSettings.Postgres settings, String names) {
    return new ClientSSLOptions()
        .setHostnameVerificationAlgorithm(names)
        .setTrustOptions(
            settings
                .trust()
                .<TrustOptions>map(PostgresConnector::authorities)
                .orElseGet(PostgresConnector::jvmAuthorities));
  }

  private static TrustOptions authorities(Path pem) {
    return new PemTrustOptions().addCertPath(pem.toString());
  }

  private static TrustOptions jvmAuthorities() {
    try {
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init((KeyStore) null);
      return TrustOptions.wrap(
          Arrays.stream(managers.getTrustManagers())
              .filter(X509TrustManager.class::isInstance)
              .findFirst()
              .orElseThrow());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has authorities to trust", e);
    }
  }

  /** An event loop's context of its own, which a connection then belongs to. */
  Context context() {
    return ((VertxInternal) vertx).createEventLoopContext();
  }

  /** How long to wait for an answer that the server should have given by itself before. */
  Duration patience() {
    return timeout.plus(MARGIN);
  }

  /**
   * Opens a connection, within {@link #patience}.
   *
   * @param first a statement that it begins with
   * @return fails with whatever was the reason, or where the connector is closed
   */
  Future<PgConnection> connect(Context context, String first) {
    Future<PgConnection> opening = open(context, first);
    opening.onComplete(end -> openings.remove(opening));
    return opening
        .timeout(patience().toMillis(), TimeUnit.MILLISECONDS)
        // Nobody wants a connection that opens too late.
        .onFailure(late -> opening.onSuccess(PgConnection::close));
  }

  /** Begins to open a connection; after {@link #close} none is begun. */
  private synchronized Future<PgConnection> open(Context context, String first) {
    if (closed) {
      return Future.failedFuture(PostgresFault.closing());
    }
    Future<PgConnection> opening =
        factory
            .connect(context, options)
            .map(PgConnection::cast)
            .compose(connection -> prepare(connection, first));
    openings.add(opening);
    return opening;
  }

  private synchronized List<Future<?>> lastOpenings() {
    closed = true;
    return List.copyOf(openings);
  }

  private Future<PgConnection> prepare(PgConnection connection, String first) {
    return connection
        .query(session() + first)
        .execute()
        .map(connection)
        .onFailure(fault -> connection.close());
  }

  private String session() {
    long millis = timeout.toMillis();
    return String.format(
        Locale.ROOT,
        """
        SET statement_timeout = %1$d;
        SET lock_timeout = %1$d;
        SET idle_in_transaction_session_timeout = %2$d;
        SELECT set_config('transaction_timeout', '%1$d', false)
        WHERE current_setting('server_version_num')::int >= 170000;
        SELECT set_config('synchronous_commit', 'on', false)
        WHERE current_setting('synchronous_commit') IN ('off', 'local');
        SET default_transaction_isolation = 'read committed';
        -- Every statement of ours finds its rows by a key. A plan that was made while a table was
        -- small must not go on reading all of it when it has grown.
        SET enable_seqscan = off;
        SET jit = off;
        """,
        millis,
        Math.min(millis, THINKING.toMillis()));
  }

  /**
   * Closes the connections that are still open. Blocks for {@link #patience} at most, until those
   * that are being opened have been or have failed: the driver forgets to say that it has closed a
   * connection that opens while it closes, and Vert.x would then never end.
   */
  void close() {
    try {
      PostgresSession.await(Future.join(lastOpenings()), Deadline.in(patience()));
    } catch (PostgresFault e) {
      LOG.debug("a connection was not opened before the end", e);
    }
    factory.close(Promise.promise());
  }
}
