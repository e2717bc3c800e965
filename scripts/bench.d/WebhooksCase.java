import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Ten webhooks: how late their deliveries are while users are created at a constant rate, with all
 * receivers well and with one that hangs; and what they take from creating users as fast as it goes,
 * beside the same build without any.
 */
final class WebhooksCase implements Bench.Case {

  private static final int USERS = 10_000;
  private static final int WEBHOOKS = 10;
  private static final int CONNECTIONS = 64;

  /** Creates a second while it is looked at how late deliveries are. */
  private static final int RATE = 200;

  /** What may still be on its way after the last create. */
  private static final int LAST_SECONDS = 2;

  /** So long it takes at most until what was declared or deleted counts. */
  private static final long SETTLE_MILLIS = 1500;

  /** Beside creates as fast as it goes, too few are delivered for that to be compiled soon. */
  private static final int DELIVER_SECONDS = 60;

  /** What a load with webhooks and one without have in common is compiled anew in the first ones. */
  private static final int WARM_UPS = 2;

  private static final ObjectMapper JSON = new ObjectMapper();

  private int loads;

  @Override
  public void run(Bench bench) throws IOException, InterruptedException {
    bench
        .results()
        .note(
            String.format(
                Locale.ROOT,
                "webhooks: %d of them with payload full to receivers in one program beside the load;"
                    + " late: from before the commit to the end of the delivery, at %d creates a"
                    + " second; hanging: one of them never answers, and the others are looked at;"
                    + " cost: create with them beside the same build with none, which are loaded in"
                    + " turn; meanwhile: the deliveries beside that",
                WEBHOOKS,
                RATE));
    for (Placement placement : bench.placements()) {
      try (Server receivers = bench.fleet().receivers(placement)) {
        late(bench, placement, receivers, "webhooks-late", 0);
        late(bench, placement, receivers, "webhooks-hanging", 1);
        cost(bench, placement, receivers);
      }
    }
  }

  private void late(
      Bench bench, Placement placement, Server receivers, String test, int hanging)
      throws IOException, InterruptedException {
    try (Server ours = bench.fleet().rollcallWithWebhooks(placement, USERS)) {
      declare(ours, receivers, hanging);
      bench.say("%s, %s: warming up", test, placement.name());
      create(ours, bench.warmLeastSeconds());
      for (int round = 1; round <= bench.rounds(); round++) {
        figures(receivers);
        double cpu = ours.program().cpuMicros();
        int created = create(ours, bench.loadSeconds());
        Thread.sleep(LAST_SECONDS * 1000L);
        JsonNode figures = figures(receivers);
        Map<Metric, Double> sample = new EnumMap<>(Metric.class);
        sample.put(Metric.cpu_us_per_request, (ours.program().cpuMicros() - cpu) / created);
        sample.put(Metric.delivery_p50_ms, figures.get("p50").doubleValue());
        sample.put(Metric.delivery_p99_ms, figures.get("p99").doubleValue());
        bench.results().add(test, placement.loops(), 1, Results.OURS, sample);
        bench.say(
            "%s, %s, round %d: %s; the latest %.1f ms",
            test,
            placement.name(),
            round,
            Metric.show(sample),
            figures.get("most").doubleValue());
        int due = created * (WEBHOOKS - hanging);
        if (figures.get("taken").intValue() < due) {
          bench
              .results()
              .fail(
                  String.format(
                      Locale.ROOT,
                      "%s, %s: %d of %d deliveries were taken",
                      test,
                      placement.name(),
                      figures.get("taken").intValue(),
                      due));
        }
      }
    }
  }

  private int create(Server server, int seconds) throws IOException, InterruptedException {
    return new SteadyCreates(server, "steady-" + ++loads).run(RATE, seconds);
  }

  private static JsonNode figures(Server receivers) throws IOException {
    String answer = Server.get(receivers.port(), "/figures");
    return JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n")));
  }

  private void cost(Bench bench, Placement placement, Server receivers)
      throws IOException, InterruptedException {
    List<Server> servers = new ArrayList<>();
    try {
      servers.add(bench.fleet().rollcallWithWebhooks(placement, USERS));
      Server started = bench.fleet().rollcallWithWebhooks(placement, USERS);
      servers.add(
          new Server(
              Results.WITHOUT, started.program(), started.port(), started.firstAnswerMillis()));
      Rounds rounds =
          new Rounds(
              bench,
              "webhooks-cost",
              placement,
              "/users",
              entrant -> List.of("create.lua", "load-" + ++loads),
              1,
              Optional.empty());
      List<Rounds.Entrant> order = new ArrayList<>(rounds.entrants(servers));
      for (Rounds.Entrant entrant : order) {
        declare(entrant.server(), receivers, 0);
        create(entrant.server(), DELIVER_SECONDS);
        delete(entrant.server());
        for (int i = 0; i < WARM_UPS; i++) {
          declare(entrant.server(), receivers, 0);
          rounds.warmUp(entrant, CONNECTIONS);
          delete(entrant.server());
          rounds.warmUp(entrant, CONNECTIONS);
        }
      }
      for (int round = 1; round <= bench.rounds(); round++) {
        for (Rounds.Entrant entrant : order) {
          rounds.keep(entrant, round, CONNECTIONS, cost(bench, rounds, entrant, receivers));
        }
        Collections.rotate(order, 1);
      }
    } finally {
      servers.forEach(Server::close);
    }
  }

  /** What is left behind by one load must not go on beside the next one: webhooks last for one. */
  private static Map<Metric, Double> cost(
      Bench bench, Rounds rounds, Rounds.Entrant entrant, Server receivers)
      throws IOException, InterruptedException {
    if (!entrant.server().name().equals(Results.OURS)) {
      return rounds.measureAtLast(entrant, CONNECTIONS);
    }
    declare(entrant.server(), receivers, 0);
    figures(receivers);
    Map<Metric, Double> sample = rounds.measureAtLast(entrant, CONNECTIONS);
    double taken = figures(receivers).get("taken").doubleValue();
    delete(entrant.server());
    Map<Metric, Double> delivered = new EnumMap<>(Metric.class);
    delivered.put(Metric.deliveries_per_second, taken / bench.loadSeconds());
    bench
        .results()
        .add("webhooks-meanwhile", rounds.placement().loops(), CONNECTIONS, Results.OURS, delivered);
    bench.say("deliveries meanwhile: %s", Metric.show(delivered));
    return sample;
  }

  private static void declare(Server server, Server receivers, int hanging)
      throws IOException, InterruptedException {
    for (int i = 0; i < WEBHOOKS; i++) {
      String path = (i < hanging ? "/hanging/" : "/hooks/") + i;
      Webhook.declare(server, "hook-" + i, receivers.url(path));
    }
    Thread.sleep(SETTLE_MILLIS);
  }

  private static void delete(Server server) throws IOException, InterruptedException {
    for (int i = 0; i < WEBHOOKS; i++) {
      Webhook.delete(server, "hook-" + i);
    }
    Thread.sleep(SETTLE_MILLIS);
  }
}
