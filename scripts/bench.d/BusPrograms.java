import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts what {@link BusCase} compares, and what loads that. */
final class BusPrograms {

  private final Fleet fleet;
  private final int users;
  private final BusLoad.Plan plan;

  BusPrograms(Fleet fleet, int users, BusLoad.Plan plan) {
    this.fleet = fleet;
    this.users = users;
    this.plan = plan;
  }

  /** Rollcall's users, the floor and the load, all in one. */
  Program local(Placement placement, String answer) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>();
    arguments.add(fleet.store(users).toString());
    arguments.add(body(answer).toString());
    arguments.addAll(plan.arguments());
    return fleet.java(placement.server(), "BusLocal", arguments);
  }

  /** Rollcall with its bridge, which slows nobody down here. */
  Server rollcallWithBridge(Placement placement) throws IOException, InterruptedException {
    return fleet.rollcall(
        placement,
        users,
        List.of("--set", "bus.bridge.enabled=true", "--set", "bus.bridge.rate=1000000"));
  }

  /** vertx-web's own bridge, where everybody is answered the same. */
  Server bareBridge(Placement placement, String answer) throws IOException, InterruptedException {
    String user = body(answer).toString();
    return Server.start(
        "bare",
        "/eventbus/info",
        port ->
            fleet.java(
                placement.server(),
                "BridgeBare",
                List.of(Integer.toString(port), Integer.toString(placement.loops()), user)));
  }

  Program bridgeLoad(Placement placement, Server rollcall, Server bare) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add(Integer.toString(rollcall.port()));
    arguments.add(Integer.toString(bare.port()));
    arguments.add(Long.toString(rollcall.program().pid()));
    arguments.add(Long.toString(bare.program().pid()));
    arguments.addAll(plan.arguments());
    return fleet.java(placement.load(), "BridgeLoad", arguments);
  }

  /** Rollcall as a member of a cluster, at a port for members. */
  Server rollcallInCluster(Placement placement, int memberPort)
      throws IOException, InterruptedException {
    return fleet.rollcall(
        placement, users, List.of("--cluster", "--set", "cluster.port=" + memberPort));
  }

  /** A member of that cluster that replies to whatever it is asked what Rollcall answers. */
  Program member(Placement placement, int memberPort, String answer) throws IOException {
    return member(
        placement.server(), placement, memberPort, List.of("echo", body(answer).toString()));
  }

  /** A member of that cluster that asks both. */
  Program memberLoad(Placement placement, int memberPort, Program rollcall, Program bare)
      throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add("load");
    arguments.add(Long.toString(rollcall.pid()));
    arguments.add(Long.toString(bare.pid()));
    arguments.addAll(plan.arguments());
    return member(placement.load(), placement, memberPort, arguments);
  }

  private Program member(
      String processors, Placement placement, int memberPort, List<String> arguments)
      throws IOException {
    List<String> all = new ArrayList<>();
    all.add(Integer.toString(memberPort));
    all.add(Integer.toString(placement.loops()));
    all.addAll(arguments);
    return fleet.java(processors, "BusMember", all);
  }

  /** A file with the body of an answer. */
  private Path body(String answer) throws IOException {
    Path user = fleet.folder().resolve("user.json");
    return Files.writeString(user, answer.substring(answer.indexOf("\r\n\r\n") + 4));
  }
}
