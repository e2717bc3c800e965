import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Has three receivers told of what is written, and shows what each got. Ends with 1 where anything
 * is missing or out of order. The argument is the address of Rollcall.
 */
public final class Webhooks {
  private static final int USERS = 40;
  private static final int CHANGES = 300;

  /** Between those is the receiver away that is for a while. */
  private static final int LEAVES = 100;

  private static final int RETURNS = 200;

  /** In milliseconds. */
  private static final long PAUSE = 5;

  private static final List<String> NAMES = List.of("slow", "failing", "away");

  /** After so long without progress their owner resumes the webhooks, in milliseconds. */
  private static final long PATIENCE = 12_000;

  private static final long LONGEST = 90_000;

  /** One column of the drawing in milliseconds, and how many deliveries fill it. */
  private static final long COLUMN = 200;

  private static final int FULL = 40;
  private static final String LEVELS = " ▁▂▃▄▅▆▇█";

  private final PrintStream out =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, Long> mostParked = new HashMap<>();
  private final List<String> faults = new ArrayList<>();
  private final String rollcall;

  private Webhooks(String rollcall) {
    this.rollcall = rollcall;
  }

  public static void main(String[] args) throws InterruptedException {
    try {
      System.exit(new Webhooks(args[0]).run() ? 0 : 1);
    } catch (IOException | IllegalStateException e) {
      System.err.println(e);
      System.exit(1);
    }
  }

  private boolean run() throws IOException, InterruptedException {
    for (String name : NAMES) {
      String url = System.getenv("DEMO_" + name.toUpperCase(Locale.ROOT));
      send("PUT", rollcall + "/webhooks/" + name, JsonObject.of("url", url, "after", 0));
    }
    long began = System.currentTimeMillis();
    long left = 0;
    Random random = new Random(7);
    for (int i = 0; i < CHANGES; i++) {
      if (i == LEAVES) {
        send("PUT", control("away/away"), null);
        left = System.currentTimeMillis();
      } else if (i == RETURNS) {
        send("PUT", control("away/back"), null);
        left = System.currentTimeMillis() - left;
      }
      write(1 + random.nextInt(USERS), random);
      Thread.sleep(PAUSE);
    }
    say(
        "%d users are written %d times within %.1f s; one receiver was away for %.1f s of them",
        USERS, CHANGES, (System.currentTimeMillis() - began) / 1000.0, left / 1000.0);
    awaitAll();
    Map<String, List<JsonObject>> arrivals = new HashMap<>();
    for (String name : NAMES) {
      arrivals.put(name, objects(new JsonArray(send("GET", control(name), null))));
    }
    say("%nTaken, %.1f s a column (█ %d or more)", COLUMN / 1000.0, FULL);
    NAMES.forEach(name -> say("  %-8s %s", name, drawing(taken(arrivals.get(name)), began)));
    showTable(arrivals);
    showOne(arrivals.get("failing"));
    say("%n%s", faults.isEmpty() ? "nothing is lost" : "IT DID NOT HOLD: " + faults);
    return faults.isEmpty();
  }

  private static String control(String path) {
    return System.getenv("DEMO_RECEIVERS") + "/" + path;
  }

  /** Creates, changes or, now and then, deletes a user. */
  private void write(long user, Random random) throws IOException, InterruptedException {
    boolean deletes = random.nextInt(15) == 0;
    JsonObject body = deletes ? null : JsonObject.of("name", "User " + random.nextInt(1000));
    send(deletes ? "DELETE" : "PUT", rollcall + "/users/" + user, body);
  }

  /** Waits until Rollcall says that nobody waits for anything. */
  private void awaitAll() throws IOException, InterruptedException {
    long end = System.currentTimeMillis() + LONGEST;
    long resume = System.currentTimeMillis() + PATIENCE;
    while (!isOver()) {
      long now = System.currentTimeMillis();
      if (now > end) {
        faults.add("after " + LONGEST / 1000 + " s some still wait");
        return;
      }
      if (now > resume) {
        say("some would wait for minutes: the owner of the webhooks resumes them");
        for (String name : NAMES) {
          send("POST", rollcall + "/webhooks/" + name + "/resume", null);
        }
        resume = now + PATIENCE;
      }
      Thread.sleep(20);
    }
  }

  private boolean isOver() throws IOException, InterruptedException {
    boolean over = true;
    for (String name : NAMES) {
      JsonObject webhook = webhook(name);
      mostParked.merge(name, webhook.getLong("parked"), Math::max);
      over &= webhook.getLong("lag") == 0 && webhook.getLong("parked") == 0;
    }
    return over;
  }

  private JsonObject webhook(String name) throws IOException, InterruptedException {
    return new JsonObject(send("GET", rollcall + "/webhooks/" + name, null));
  }

  private void showTable(Map<String, List<JsonObject>> arrivals)
      throws IOException, InterruptedException {
    String page = send("GET", rollcall + "/users/changes?limit=1000", null);
    Set<Long> feed = seqs(objects(new JsonObject(page).getJsonArray("items")));
    say("%n  receiver   taken of   twice  refused  parked  lost  each user's in order");
    for (String name : NAMES) {
      List<JsonObject> taken = taken(arrivals.get(name));
      Set<Long> seqs = seqs(taken);
      long lost = webhook(name).getLong("lost");
      boolean ordered = isInOrder(taken);
      int twice = taken.size() - seqs.size();
      int refused = arrivals.get(name).size() - taken.size();
      say(
          "  %-8s %7d %3d %6d %8d %7d %5d  %s",
          name,
          seqs.size(),
          feed.size(),
          twice,
          refused,
          mostParked.get(name),
          lost,
          ordered ? "yes" : "NO");
      hold(seqs.equals(feed), name + " did not take what the feed has");
      hold(ordered, name + " got changes of a user out of order");
      hold(lost == 0, name + " lost some");
      hold(
          arrivals.get(name).stream()
              .allMatch(each -> each.getString("id").equals("chg_" + each.getLong("seq"))),
          name + " got a wrong webhook-id");
    }
  }

  private void hold(boolean holds, String otherwise) {
    if (!holds) {
      faults.add(otherwise);
    }
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }

  private static Set<Long> seqs(List<JsonObject> changes) {
    return changes.stream().map(each -> each.getLong("seq")).collect(Collectors.toSet());
  }

  private static List<JsonObject> taken(List<JsonObject> arrivals) {
    return arrivals.stream().filter(each -> each.getBoolean("taken")).toList();
  }

  /** What comes a second time is not looked at: a receiver leaves it out. */
  private static boolean isInOrder(List<JsonObject> taken) {
    Set<Long> seen = new HashSet<>();
    Map<Long, Long> newest = new HashMap<>();
    for (JsonObject each : taken) {
      long seq = each.getLong("seq");
      if (seen.add(seq)) {
        Long before = newest.put(each.getLong("user"), seq);
        if (before != null && before > seq) {
          return false;
        }
      }
    }
    return true;
  }

  /** What came of a user of whom something was refused. */
  private void showOne(List<JsonObject> arrivals) {
    var refused = arrivals.stream().filter(each -> !each.getBoolean("taken")).findFirst();
    long user = refused.orElseThrow().getLong("user");
    StringBuilder line = new StringBuilder();
    long last = Long.MAX_VALUE;
    for (JsonObject each : arrivals) {
      if (each.getLong("user") == user) {
        long later = each.getLong("at") - last;
        line.append(later > 4000 ? " (" + later / 1000 + " s later)" : "");
        line.append(each.getBoolean("taken") ? " " : " ✗").append(each.getLong("seq"));
        last = each.getLong("at");
      }
    }
    say("%nUser %d at the failing one, by seq (✗ refused):%n %s", user, line);
  }

  private static String drawing(List<JsonObject> taken, long began) {
    int[] columns = new int[(int) ((LONGEST + PATIENCE) / COLUMN)];
    taken.forEach(each -> columns[(int) ((each.getLong("at") - began) / COLUMN)]++);
    int most = LEVELS.length() - 1;
    return IntStream.of(columns)
        .map(count -> LEVELS.charAt(Math.min(most, (count * most + FULL - 1) / FULL)))
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  /** A user who is to be deleted may not be there. */
  private String send(String method, String url, JsonObject body)
      throws IOException, InterruptedException {
    var content =
        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode());
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .method(method, content)
            .build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2 && response.statusCode() != 404) {
      throw new IllegalStateException(response + " " + response.body());
    }
    return response.body();
  }

  private void say(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values).stripTrailing());
  }
}
