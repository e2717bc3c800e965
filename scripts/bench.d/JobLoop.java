import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.util.concurrent.TimeUnit;

/**
 * The floor of a job: asks the upstream about each user, so many at once, over the HTTP client that
 * Rollcall's sources stand on, and does nothing with the answers but to read them to their end.
 */
final class JobLoop extends VerticleBase {

  private static final long LIMIT_SECONDS = 300;

  private final int port;
  private final int users;
  private final int inFlight;
  private final Promise<Void> done = Promise.promise();
  private HttpClient client;
  private int asked;
  private int answered;

  private JobLoop(int port, int users, int inFlight) {
    this.port = port;
    this.users = users;
    this.inFlight = inFlight;
  }

  /** Asks about so many users; the seconds that it took. */
  static double run(Vertx vertx, Server upstream, int users, int inFlight) throws Exception {
    JobLoop loop = new JobLoop(upstream.port(), users, inFlight);
    long began = System.nanoTime();
    String deployed = vertx.deployVerticle(loop).await(LIMIT_SECONDS, TimeUnit.SECONDS);
    loop.done.future().await(LIMIT_SECONDS, TimeUnit.SECONDS);
    double seconds = (System.nanoTime() - began) / 1e9;
    vertx.undeploy(deployed).await(LIMIT_SECONDS, TimeUnit.SECONDS);
    return seconds;
  }

  @Override
  public Future<?> start() {
    client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(inFlight));
    for (int i = 0; i < inFlight; i++) {
      ask();
    }
    return Future.succeededFuture();
  }

  private void ask() {
    if (asked == users) {
      return;
    }
    asked++;
    client
        .request(HttpMethod.GET, port, "127.0.0.1", "/accounts/" + asked)
        .compose(request -> request.send().compose(HttpClientResponse::body))
        .onComplete(body -> next(), done::tryFail);
  }

  private void next() {
    answered++;
    if (answered == users) {
      done.tryComplete();
    } else {
      ask();
    }
  }
}
