import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Receivers of webhooks in one program: {@code POST /hooks/N} takes a delivery, {@code POST
 * /hanging/N} never answers. {@code GET /figures} tells how many were taken and how late they were,
 * in milliseconds, and begins anew.
 *
 * <p>How late a delivery is counts from the time that its change bears, which the store takes before
 * it begins to commit, to the end of the delivery's body: the commit is in it.
 */
final class Receivers {

  private static final String TIMESTAMP = "\"timestamp\":\"";

  /** So many are looked at; more come only where nobody asks how late they are. */
  private static final int MOST = 1_000_000;

  private final double[] late = new double[MOST];
  private int count;

  private Receivers() {}

  public static void main(String[] args) throws Exception {
    Receivers receivers = new Receivers();
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    vertx
        .createHttpServer()
        .requestHandler(receivers::serve)
        .listen(Integer.parseInt(args[0]), "127.0.0.1")
        .await(10, TimeUnit.SECONDS);
  }

  private void serve(HttpServerRequest request) {
    String path = request.path();
    if (path.equals("/figures")) {
      request.response().end(figures());
    } else if (path.startsWith("/hooks/")) {
      request.body().onSuccess(body -> taken(request, body));
    }
  }

  private void taken(HttpServerRequest request, Buffer body) {
    String text = body.toString();
    int from = text.indexOf(TIMESTAMP) + TIMESTAMP.length();
    Instant made = Instant.parse(text.substring(from, text.indexOf('"', from)));
    Instant now = Instant.now();
    if (count < MOST) {
      late[count] = (now.getEpochSecond() - made.getEpochSecond()) * 1e3
          + (now.getNano() - made.getNano()) / 1e6;
      count++;
    }
    request.response().setStatusCode(204).end();
  }

  private String figures() {
    double[] sorted = Arrays.copyOf(late, count);
    Arrays.sort(sorted);
    String figures =
        String.format(
            Locale.ROOT,
            "{\"taken\":%d,\"p50\":%.3f,\"p99\":%.3f,\"most\":%.3f}",
            count,
            at(sorted, 0.5),
            at(sorted, 0.99),
            at(sorted, 1));
    count = 0;
    return figures;
  }

  private static double at(double[] sorted, double share) {
    return sorted.length == 0
        ? 0
        : sorted[Math.min(sorted.length - 1, (int) Math.floor(share * sorted.length))];
  }
}
