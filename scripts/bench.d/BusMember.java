import com.hazelcast.config.Config;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.MultiMapConfig.ValueCollectionType;
import com.hazelcast.config.NetworkConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A member of Rollcall's cluster that has nothing of Rollcall: either the floor, which replies to
 * whatever it is asked with one user, or the load. The arguments are the port of a member, the
 * number of event loops, and {@code echo FILE} with that user, or {@code load}, the processes of
 * Rollcall and of the floor, and the plan.
 */
public final class BusMember {

  private static final String GET = "rollcall.users.get";
  private static final String HOST = "127.0.0.1";

  private BusMember() {}

  public static void main(String[] args) throws Exception {
    Vertx vertx = join(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
    if (args[2].equals("echo")) {
      vertx.deployVerticle(BusEcho.of(BusEcho.ADDRESS, args[3])).await(60, TimeUnit.SECONDS);
      return;
    }
    try {
      List<BusLoad.Target> targets =
          List.of(
              target(vertx, Results.OURS, args[3], GET),
              target(vertx, "bare", args[4], BusEcho.ADDRESS));
      BusLoad.run(vertx.getOrCreateContext(), BusLoad.Plan.of(args), targets);
    } finally {
      vertx.close().await(60, TimeUnit.SECONDS);
    }
  }

  private static BusLoad.Target target(Vertx vertx, String name, String process, String address)
      throws InterruptedException {
    BusLoad.Question question = question(vertx, address);
    awaitOwner(question);
    return new BusLoad.Target(name, Long.parseLong(process), question);
  }

  /** Asks for users at an address, and reads the replies. */
  static BusLoad.Question question(Vertx vertx, String address) {
    return (place, user) ->
        vertx
            .eventBus()
            .<JsonObject>request(address, new JsonObject().put("id", user))
            .map(reply -> reply.body().getLong("id"));
  }

  /** Members learn of each other's addresses one by one. */
  private static void awaitOwner(BusLoad.Question question) throws InterruptedException {
    for (int tries = 0; ; tries++) {
      try {
        question.ask(0, 1).await(60, TimeUnit.SECONDS);
        return;
      } catch (Exception nobody) {
        if (tries == 100) {
          throw new IllegalStateException(nobody);
        }
        Thread.sleep(100);
      }
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
}
