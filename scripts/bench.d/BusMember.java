import com.hazelcast.config.Config;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.MultiMapConfig.ValueCollectionType;
import com.hazelcast.config.NetworkConfig;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A member of Rollcall's cluster that has nothing of Rollcall: either the floor, which replies to
 * whatever it is asked with one user, or {@link BusLoad}. The arguments are the port of a member,
 * the number of event loops, and {@code echo FILE} with that user, or {@code load} and what that
 * takes.
 */
public final class BusMember {

  /** Where the floor is asked. */
  static final String ECHO = "bench.echo";

  private static final String HOST = "127.0.0.1";

  private BusMember() {}

  public static void main(String[] args) throws Exception {
    Vertx vertx = join(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
    if (args[2].equals("load")) {
      BusLoad.run(vertx, args);
      vertx.close().await(60, TimeUnit.SECONDS);
    } else {
      JsonObject user = new JsonObject(Files.readString(Path.of(args[3])));
      vertx.deployVerticle(new Echo(user)).await(60, TimeUnit.SECONDS);
    }
  }

  private static Vertx join(int known, int loops) throws Exception {
    Config config = new Config().setClusterName("rollcall");
    config.addMultiMapConfig(
        new MultiMapConfig("__vertx.subs").setValueCollectionType(ValueCollectionType.SET));
    NetworkConfig network = config.getNetworkConfig().setPort(5761).setPortAutoIncrement(true);
    network.getInterfaces().setEnabled(true).addInterface(HOST);
    network.getJoin().getMulticastConfig().setEnabled(false);
    network.getJoin().getAutoDetectionConfig().setEnabled(false);
    network.getJoin().getTcpIpConfig().setEnabled(true).setRequiredMember(HOST + ":" + known);
    config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.wait.seconds.before.join", "0");
    VertxOptions options =
        new VertxOptions()
            .setEventLoopPoolSize(loops)
            .setPreferNativeTransport(true)
            .setEventBusOptions(new EventBusOptions().setHost(HOST).setTcpNoDelay(true));
    return Vertx.builder()
        .with(options)
        .withClusterManager(new HazelcastClusterManager(config))
        .buildClustered()
        .await(60, TimeUnit.SECONDS);
  }

  /** Replies the same to everybody. */
  private static final class Echo extends VerticleBase {
    private final JsonObject user;

    Echo(JsonObject user) {
      this.user = user;
    }

    @Override
    public Future<?> start() {
      return vertx.eventBus().consumer(ECHO, question -> question.reply(user)).completion();
    }
  }
}
