import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The floor: vertx-core alone, which answers whoever asks for a user with the bytes of one answer
 * that Rollcall gave, headers and all, and finds, counts and limits nothing. The arguments are the
 * port, the number of event loops, and the file with that answer.
 */
public final class Bare extends VerticleBase {

  private final int port;
  private final Map<CharSequence, CharSequence> headers = new LinkedHashMap<>();
  private final Buffer body;

  private Bare(int port, String answer) {
    this.port = port;
    int end = answer.indexOf("\r\n\r\n");
    // The first line and the length are made by Vert.x as well.
    answer
        .substring(0, end)
        .lines()
        .skip(1)
        .map(line -> line.split(": ", 2))
        .filter(header -> !header[0].equalsIgnoreCase("content-length"))
        .forEach(
            header ->
                headers.put(
                    HttpHeaders.createOptimized(header[0]),
                    HttpHeaders.createOptimized(header[1])));
    this.body = Buffer.buffer(answer.substring(end + 4));
  }

  public static void main(String[] args) throws Exception {
    int loops = Integer.parseInt(args[1]);
    String answer = Files.readString(Path.of(args[2]), StandardCharsets.UTF_8);
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops).setPreferNativeTransport(true));
    vertx
        .deployVerticle(
            () -> new Bare(Integer.parseInt(args[0]), answer),
            new DeploymentOptions().setInstances(loops))
        .await(30, TimeUnit.SECONDS);
  }

  @Override
  public Future<?> start() {
    return vertx.createHttpServer().requestHandler(this::answer).listen(port, "127.0.0.1");
  }

  private void answer(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    if (request.path().startsWith("/users/")) {
      headers.forEach(response::putHeader);
      response.end(body);
    } else {
      response.setStatusCode(404).end();
    }
  }
}
