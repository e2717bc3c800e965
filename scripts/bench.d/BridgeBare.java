import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.ext.bridge.PermittedOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.sockjs.SockJSBridgeOptions;
import io.vertx.ext.web.handler.sockjs.SockJSHandler;
import java.util.concurrent.TimeUnit;

/**
 * The floor of the bridge: vertx-web's own, to {@link BusEcho}. The arguments are the port, the
 * number of event loops, and the file with the user that is replied.
 */
public final class BridgeBare extends VerticleBase {

  private final int port;

  private BridgeBare(int port) {
    this.port = port;
  }

  public static void main(String[] args) throws Exception {
    int loops = Integer.parseInt(args[1]);
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops).setPreferNativeTransport(true));
    vertx.deployVerticle(BusEcho.of(BridgeLoad.GET, args[2])).await(30, TimeUnit.SECONDS);
    vertx
        .deployVerticle(
            () -> new BridgeBare(Integer.parseInt(args[0])),
            new DeploymentOptions().setInstances(loops))
        .await(30, TimeUnit.SECONDS);
  }

  @Override
  public Future<?> start() {
    SockJSBridgeOptions options =
        new SockJSBridgeOptions()
            // It closes whoever sends no message of its own kind of ping for that long.
            .setPingTimeout(TimeUnit.HOURS.toMillis(1))
            .addInboundPermitted(new PermittedOptions().setAddress(BridgeLoad.GET));
    Router router = Router.router(vertx);
    router.route("/eventbus/*").subRouter(SockJSHandler.create(vertx).bridge(options));
    return vertx.createHttpServer().requestHandler(router).listen(port, "127.0.0.1");
  }
}
