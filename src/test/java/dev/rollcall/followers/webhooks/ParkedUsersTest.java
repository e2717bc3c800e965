package dev.rollcall.followers.webhooks;

import static dev.rollcall.users.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.rollcall.followers.webhooks.Webhooks.Action;
import dev.rollcall.users.Precondition;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What many parked users of a webhook cost, with a real store and over real connections. */
@Tag("slow")
@Timeout(180)
class ParkedUsersTest {
  private static final Duration LONG = Duration.ofSeconds(90);

  /** As many as are on their way, or read and not sent yet, when the last place is taken. */
  private static final int ON_THEIR_WAY = 500;

  private static final int IN_FLIGHT = 20;

  private WebhookSite site;
  private CountingReceiver bad;
  private CountingReceiver good;

  /** Refuses everybody for as long as it is told to, until ten hours later where it says so. */
  private static final class CountingReceiver {
    final Set<Long> taken = ConcurrentHashMap.newKeySet();
    final Set<Long> refused = ConcurrentHashMap.newKeySet();
    final AtomicInteger requests = new AtomicInteger();
    final AtomicInteger refusals = new AtomicInteger();
    final AtomicInteger atOnce = new AtomicInteger();
    final AtomicInteger mostAtOnce = new AtomicInteger();
    final CompletableFuture<HttpServerRequest> held = new CompletableFuture<>();
    volatile boolean refuses;
    volatile boolean saysWhen = true;
    volatile long holds;
    private final HttpServer server;

    CountingReceiver(WebhookSite site) {
      server =
          await(site.vertx.createHttpServer().requestHandler(this::receive).listen(0, "127.0.0.1"));
    }

    private void receive(HttpServerRequest request) {
      requests.incrementAndGet();
      mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
      request
          .body()
          .onSuccess(
              body -> answer(request, body.toJsonObject().getJsonObject("data").getLong("id")));
    }

    private void answer(HttpServerRequest request, long user) {
      if (user == holds) {
        held.complete(request);
        return;
      }
      atOnce.decrementAndGet();
      if (refuses) {
        refused.add(user);
        refusals.incrementAndGet();
        if (saysWhen) {
          request.response().putHeader("Retry-After", "36000");
        }
        request.response().setStatusCode(503).end();
      } else {
        taken.add(user);
        request.response().end();
      }
    }

    String url() {
      return "http://127.0.0.1:" + server.actualPort() + "/";
    }
  }

  @BeforeEach
  void start(@TempDir Path folder) {
    site = new WebhookSite(folder);
    bad = new CountingReceiver(site);
    good = new CountingReceiver(site);
    bad.refuses = true;
  }

  @AfterEach
  void stop() throws IOException {
    site.close();
  }

  private Future<?> begin(long user) {
    UserDraft draft = new UserDraft(null, "Name of " + user, null, "{}");
    return site.store.write(new UserWrite.Put(user, draft, Precondition.NONE, null, "key:7"));
  }

  private void make(int from, int upTo) {
    for (int first = from; first <= upTo; first += 500) {
      List<Future<?>> some = new ArrayList<>();
      for (int user = first; user <= Math.min(upTo, first + 499); user++) {
        some.add(begin(user));
      }
      await(Future.all(some));
    }
  }

  private long of(String name, String member) {
    return site.get(name).path(member).longValue();
  }

  private double parkedInMemory(String webhook) {
    return site.registry.get("rollcall.webhooks.parked").tag("webhook", webhook).gauge().value();
  }

  /** How many users are parked, once that is recorded. */
  private int parked() {
    await().atMost(LONG).until(() -> of("bad", "parked") == (long) parkedInMemory("bad"));
    return (int) of("bad", "parked");
  }

  private void awaitDelivered(String name, CountingReceiver receiver, int users) {
    await().atMost(LONG).until(() -> receiver.taken.size() == users);
    await().atMost(LONG).until(() -> of(name, "lag") == 0 && of(name, "parked") == 0);
  }

  /** How many objects of a class there are that something refers to. */
  private static long live(Class<?> type) throws JMException {
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    return histogram
        .lines()
        .map(line -> line.strip().split("\\s+", -1))
        .filter(row -> row.length > 3 && row[3].equals(type.getName()))
        .mapToLong(row -> Long.parseLong(row[1]))
        .sum();
  }

  @Test
  void tenThousandTakeLittleMemoryAndAreLookedUpOnlyWhenTheyAreDue() throws JMException {
    Logger log = (Logger) LoggerFactory.getLogger(WindowReads.class);
    ListAppender<ILoggingEvent> told = new ListAppender<>();
    told.list = new CopyOnWriteArrayList<>();
    told.start();
    log.addAppender(told);
    try {
      int users = WebhookStore.MOST_PARKED + 2 * ON_THEIR_WAY;
      site.declare("bad", bad.url());
      site.declare("good", good.url());
      make(1, users);
      awaitDelivered("good", good, users);
      await().atMost(LONG).until(() -> parkedInMemory("bad") >= WebhookStore.MOST_PARKED);
      await().atMost(LONG).until(() -> bad.requests.get() == (int) parkedInMemory("bad"));
      int parked = parked();
      assertThat(parked).isLessThan(WebhookStore.MOST_PARKED + ON_THEIR_WAY);
      assertThat(site.get("bad").path("state").textValue()).isEqualTo("failing");
      assertThat(of("bad", "lag")).isEqualTo(users - parked);
      assertThat(told.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .singleElement()
          .asString()
          .startsWith("webhook bad: ")
          .contains("users are parked");
      // Once when nobody knew yet whether somebody was, and once more at most.
      assertThat(site.counted.looks.get()).isLessThanOrEqualTo(3);
      assertThat(live(ParkedUser.class)).isLessThan(ON_THEIR_WAY);
      assertThat(live(DeliveryWindow.Entry.class)).isLessThan(ON_THEIR_WAY);
      assertThat(live(DeliveryAttempt.class)).isLessThan(ON_THEIR_WAY);

      goOnWithOthers(users, parked);
      tryAgainAtOnce(users + 300, parked);
      assertThat(told.list).as("warnings").hasSize(1);
    } finally {
      log.detachAppender(told);
    }
  }

  /** Each commit is a turn of both webhooks, none of which looks for parked users. */
  private void goOnWithOthers(int users, int parked) {
    int looks = site.counted.looks.get();
    int recorded = site.counted.parked.get();
    for (int user = users + 1; user <= users + 300; user++) {
      await(begin(user));
    }
    awaitDelivered("good", good, users + 300);
    assertThat(site.counted.looks.get()).isEqualTo(looks);
    assertThat(site.counted.reads.get()).isZero();
    assertThat(site.counted.parked.get()).isEqualTo(recorded).isEqualTo(parked);
    assertThat(bad.requests.get()).isEqualTo(parked);
    assertThat(of("bad", "lag")).isEqualTo(users + 300 - parked);
  }

  private void tryAgainAtOnce(int users, int parked) {
    int looks = site.counted.looks.get();
    bad.refuses = false;
    long start = System.nanoTime();
    site.clock.move(Duration.ofHours(12));
    awaitDelivered("bad", bad, users);
    System.out.printf(
        Locale.ROOT,
        "%d parked users, due at once, were sent what they missed within %d ms, by %d look-ups%n",
        parked,
        Duration.ofNanos(System.nanoTime() - start).toMillis(),
        site.counted.looks.get() - looks);
    assertThat(bad.mostAtOnce.get()).isLessThanOrEqualTo(IN_FLIGHT);
    // A hundred at once; and some that found nobody yet, since too much was not recorded.
    assertThat(site.counted.looks.get() - looks).isLessThan(parked / 50);
    assertThat(site.counted.parked.get()).isEqualTo(parked);
    assertThat(site.counted.unparked.get()).isEqualTo(parked);
  }

  @Test
  void whereThereIsNoRoomWhatIsNewIsSentSoonAfterTheReceiverIsBack() {
    site.declare("bad", bad.url());
    int users = WebhookStore.MOST_PARKED + 2 * ON_THEIR_WAY;
    make(1, users);
    await().atMost(LONG).until(() -> parkedInMemory("bad") >= WebhookStore.MOST_PARKED);
    int parked = parked();
    bad.saysWhen = false;
    site.clock.move(Duration.ofHours(12));
    await().atMost(LONG).until(() -> bad.refusals.get() == 2 * parked);
    assertThat(parked()).isEqualTo(parked);
    // They are due in five minutes, and one is tried in vain before that.
    int refusals = bad.refusals.get();
    site.clock.move(Duration.ofMinutes(2));
    await().atMost(LONG).until(() -> bad.refusals.get() > refusals);
    assertThat(parked()).isEqualTo(parked);
    bad.refuses = false;
    site.clock.move(Duration.ofMinutes(2));
    await().atMost(LONG).until(() -> of("bad", "lag") == 0);
    assertThat(bad.refusals.get()).isEqualTo(refusals + 1);
    assertThat(parked()).isBetween(WebhookStore.MOST_PARKED - 1, WebhookStore.MOST_PARKED);
    assertThat(bad.taken).hasSize(users - parked());
  }

  @Test
  void whoResumesHasAllTriedAtOnceWithinTheLimit() {
    site.declare("bad", bad.url());
    make(1, 350);
    await().atMost(LONG).until(() -> bad.refused.size() == 350);
    await().atMost(LONG).until(() -> parked() == 350);
    bad.refuses = false;
    bad.mostAtOnce.set(0);
    await(site.webhooks.act("bad", Action.RESUME, WebhookSite.ALL));
    awaitDelivered("bad", bad, 350);
    assertThat(bad.mostAtOnce.get()).isLessThanOrEqualTo(IN_FLIGHT / 2);
  }

  @Test
  void oneWhoseReceiverDoesNotAnswerHoldsUpNoOther() {
    site.declare("bad", bad.url());
    make(1, 350);
    await().atMost(LONG).until(() -> bad.refused.size() == 350);
    await().atMost(LONG).until(() -> parked() == 350);
    ConcurrentLinkedQueue<Boolean> ended = new ConcurrentLinkedQueue<>();
    bad.refuses = false;
    bad.holds = 1;
    await(site.webhooks.act("bad", Action.RESUME, WebhookSite.ALL));
    HttpServerRequest held = bad.held.join();
    held.connection().closeHandler(closed -> ended.add(true));
    await().atMost(LONG).until(() -> bad.taken.size() == 349);
    assertThat(ended).isEmpty();
    held.response().end();
    await().atMost(LONG).until(() -> of("bad", "parked") == 0);
  }

  @Test
  void theyAreTriedAgainWhileOthersGoOnFailing() {
    site.declare("bad", bad.url());
    make(1, 1);
    await().atMost(LONG).until(() -> parked() == 1);
    site.clock.move(Duration.ofHours(12));
    int user = 1;
    while (bad.refusals.get() - bad.refused.size() == 0 && user < WebhookStore.MOST_PARKED) {
      make(user + 1, user + 100);
      user += 100;
    }
    assertThat(bad.refusals.get() - bad.refused.size()).isPositive();
  }
}
