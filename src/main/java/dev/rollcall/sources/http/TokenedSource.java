package dev.rollcall.sources.http;

import dev.rollcall.config.sources.SourceSettings;
import dev.rollcall.sources.Source;
import dev.rollcall.sources.SourceReply;
import dev.rollcall.sources.SourceRequest;
import dev.rollcall.sources.tokens.ClientToken;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Asks a source over HTTP with a token of its own, from one event loop. An attempt whose token is
 * refused with a 401 is made once more with another one, which is no other attempt.
 */
public final class TokenedSource implements Source {
  private final Context context;
  private final SourceSettings settings;
  private final HttpSource source;
  private final ClientToken token;

  /** The replies of attempts that wait for a token. */
  private final Set<Promise<SourceReply>> waiting = new HashSet<>();

  /** A source that is asked from the current event loop. */
  public TokenedSource(Vertx vertx, SourceSettings settings, HttpSource source, ClientToken token) {
    this.context = vertx.getOrCreateContext();
    this.settings = settings;
    this.source = source;
    this.token = token;
  }

  @Override
  public Future<SourceReply> ask(SourceRequest request, long grace) {
    return ask(request, true);
  }

  private Future<SourceReply> ask(SourceRequest request, boolean renews) {
    if (request.cancellation().cancelled()) {
      return Future.succeededFuture(HttpExchange.CANCELLED);
    }
    Future<String> known = token.get();
    if (known.succeeded()) {
      return ask(request, known.result(), renews);
    }
    if (waiting.size() >= settings.inFlight().most(settings.target().urls().size())) {
      return Future.succeededFuture(SourceReply.refused("too many attempts wait for a token"));
    }
    Promise<SourceReply> reply = Promise.promise();
    waiting.add(reply);
    request.cancellation().whenCancelled(() -> context.runOnContext(turn -> cancel(reply)));
    known.onComplete(
        issued -> context.runOnContext(turn -> issued(issued, request, renews, reply)),
        failure -> context.runOnContext(turn -> end(reply, noToken(failure))));
    return reply.future();
  }

  private void issued(
      String text, SourceRequest request, boolean renews, Promise<SourceReply> reply) {
    if (waiting.remove(reply)) {
      ask(request, text, renews).onSuccess(reply::tryComplete);
    }
  }

  /** In the words of the token, which may be shown. */
  private static SourceReply noToken(Throwable failure) {
    return SourceReply.broken("no token: " + failure.getMessage());
  }

  private void cancel(Promise<SourceReply> reply) {
    end(reply, HttpExchange.CANCELLED);
  }

  private void end(Promise<SourceReply> reply, SourceReply how) {
    if (waiting.remove(reply)) {
      reply.tryComplete(how);
    }
  }

  private Future<SourceReply> ask(SourceRequest request, String text, boolean renews) {
    return source
        .ask(request, text)
        .compose(
            reply ->
                reply.equals(AnswerHead.UNAUTHORIZED) && renews && token.renew(text)
                    ? ask(request, false)
                    : Future.succeededFuture(reply));
  }

  @Override
  public Future<Void> close() {
    List.copyOf(waiting).forEach(this::cancel);
    return source.close();
  }
}
