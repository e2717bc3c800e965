package dev.rollcall.sources.http;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Deadline;
import dev.rollcall.config.Settings;
import dev.rollcall.config.sources.HttpTarget;
import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.sources.Caller;
import dev.rollcall.sources.ForwardedHeaders;
import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.SourceRequest;
import dev.rollcall.sources.limits.UrlPauses;
import dev.rollcall.users.Awaiting;
import dev.rollcall.wire.TraceContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** HTTP sources on an event loop of their own, for tests that are not on it. */
public final class SourceLoop implements AutoCloseable {

  public static final String TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  public static final String TRACESTATE = "rojo=00f067aa0ba902b7,congo@vendor=t61rcWkgMzE";
  public static final String BAGGAGE = "userId=alice,serverNode=DF%2028;ttl=5,isProduction=false";

  private final Vertx vertx;
  private final Context context;
  private final List<HttpSource> sources = new ArrayList<>();

  public SourceLoop() {
    this(new VertxOptions());
  }

  /** One whose Vert.x has options, such as those of the resolver of names. */
  public SourceLoop(VertxOptions options) {
    vertx = Vertx.vertx(options.setEventLoopPoolSize(1));
    context = vertx.getOrCreateContext();
  }

  /** A source on that loop, as a test uses it. */
  public final class Remote {
    private final HttpSource source;

    private Remote(HttpSource source) {
      this.source = source;
    }

    public Future<SourceReply> fetch(SourceRequest request) {
      Promise<SourceReply> reply = Promise.promise();
      context.runOnContext(here -> source.ask(request, 0).onComplete(reply));
      return reply.future();
    }

    /** As {@link #fetch}, in this turn of the loop, on which it is called. */
    public Future<SourceReply> fetchHere(SourceRequest request) {
      return source.ask(request, 0);
    }

    /** What {@link #fetch} comes to, for user 42. */
    public SourceReply get() {
      return Awaiting.await(begin());
    }

    /** Cancels it in the same turn of the loop, when it can't have a connection yet. */
    public Future<SourceReply> fetchAndCancel() {
      Promise<SourceReply> reply = Promise.promise();
      context.runOnContext(
          here -> {
            Cancellation cancellation = new Cancellation();
            source.ask(request(cancellation), 0).onComplete(reply);
            cancellation.cancel();
          });
      return reply.future();
    }

    /** Begins what {@link #get} does. */
    public Future<SourceReply> begin() {
      return fetch(request(new Cancellation()));
    }

    /** How many addresses the host of its first URL is known to have. */
    public int addresses() {
      return on(source::addresses);
    }

    public int inFlight() {
      return on(source::underWay);
    }

    /** Waits until nothing is in flight. */
    public void awaitIdle() {
      awaitInFlight(0);
    }

    public void awaitInFlight(int count) {
      Awaitility.await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(2))
          .timeout(Duration.ofSeconds(30))
          .until(() -> inFlight() == count);
    }
  }

  public Vertx vertx() {
    return vertx;
  }

  /**
   * A source at some URLs, with commas between them, and further settings such as {@code
   * http2=true}.
   */
  public Remote source(String urls, String... settings) {
    SourceSettings parsed = settings(urls, settings);
    return on(
        () -> {
          HttpTarget target = (HttpTarget) parsed.target();
          UrlPauses pauses = new UrlPauses(target.urls().size());
          HttpSource source = new HttpSource(vertx, parsed, target, pauses);
          sources.add(source);
          return new Remote(source);
        });
  }

  /** A source at a path of an upstream. */
  public Remote source(Upstream upstream, boolean http2, String path, String... settings) {
    return source(
        upstream.url(path),
        Stream.concat(Stream.of(settings), Stream.of("http2=" + http2)).toArray(String[]::new));
  }

  public static SourceSettings settings(String urls, String... settings) {
    String[] sets =
        Stream.concat(Stream.of("http=" + urls), Stream.of(settings))
            .map(set -> "sources.a." + set)
            .toArray(String[]::new);
    SourceSettings parsed = Settings.of(sets).sources().get("a");
    if (parsed == null) {
      throw new AssertionError("no source in " + String.join(" ", sets));
    }
    return parsed;
  }

  /** An attempt for user 42. */
  public static SourceRequest request(Cancellation cancellation) {
    return request(1, cancellation);
  }

  public static SourceRequest request(int attempt, Cancellation cancellation) {
    return request(attempt, Map.of("id", "42"), cancellation);
  }

  /** An attempt whose URL has other values than the id. */
  public static SourceRequest request(Cancellation cancellation, Map<String, String> values) {
    return request(1, values, cancellation);
  }

  private static SourceRequest request(
      int attempt, Map<String, String> values, Cancellation cancellation) {
    return new SourceRequest(
        42,
        Map.of("need", Buffer.buffer("[1.50,null]")),
        values,
        ForwardedHeaders.NONE,
        attempt,
        Deadline.in(Duration.ofSeconds(10)),
        cancellation,
        new Caller("request-1", new TraceContext(TRACEPARENT, TRACESTATE, BAGGAGE)));
  }

  /** Runs something on the loop and waits for what it gives. */
  public <T> T on(Callable<T> action) {
    Promise<T> result = Promise.promise();
    context.runOnContext(
        here -> {
          try {
            result.complete(action.call());
          } catch (Exception e) {
            result.fail(e);
          }
        });
    return Awaiting.await(result.future());
  }

  /** Runs something on the loop, of this turn where it is called there, when that has ended. */
  public <T> Future<T> later(Supplier<Future<T>> action) {
    Promise<T> result = Promise.promise();
    context.runOnContext(here -> action.get().onComplete(result));
    return result.future();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
