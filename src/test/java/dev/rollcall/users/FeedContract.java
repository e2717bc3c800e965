package dev.rollcall.users;

import static dev.rollcall.users.Awaiting.await;
import static dev.rollcall.users.Awaiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.users.StoreHarness.Limits;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The change feed: complete, ordered, erased with its users, pruned with time. */
public abstract class FeedContract extends UserStoreContract {

  @Test
  void anEmptyFeedStaysWhereItWasAsked() {
    assertThat(await(store().changes(0, 10, new Cancellation())))
        .isEqualTo(new ChangePage(List.of(), 0));
    create("{'id':1,'name':'A'}");
    long position = store().position();
    assertThat(await(store().changes(position, 10, new Cancellation())))
        .isEqualTo(new ChangePage(List.of(), position));
  }

  /** Nothing was given out there by this store, so whoever asks has seen another one. */
  @Test
  void aPositionAboveTheNewestIsGone() {
    assertThat(isGone(1)).as("of an empty feed").isTrue();
    User user = create("{'id':1,'name':'A'}");
    assertThat(isGone(store().position())).isFalse();
    assertThat(isGone(user.seq() + 1)).isTrue();
    assertThat(isGone(User.MAX_ID)).isTrue();
    assertThat(failureOf(store().changes(99, 10, new Cancellation())).detail())
        .contains("begin again with an export");
    reopen();
    assertThat(isGone(user.seq() + 1)).as("after a reopen").isTrue();
    assertThat(isGone(store().position())).isFalse();
  }

  @Test
  void eachChangeSaysWhatItLeft() {
    User created = create("{'id':1,'name':'A'}");
    User updated = write(patching(1, "{'name':'B'}")).user();
    List<Change> changes = changesAfter(0);
    assertThat(changes)
        .containsExactly(
            new Change(
                created.seq(),
                Change.Kind.CREATED,
                1,
                1,
                created.createdAt(),
                created.json().toString(),
                null),
            new Change(
                updated.seq(),
                Change.Kind.UPDATED,
                1,
                2,
                updated.updatedAt(),
                updated.json().toString(),
                null));
    assertThat(store().position()).isEqualTo(updated.seq());
  }

  @Test
  void eachChangeSaysWhoMadeIt() {
    write(creation("{'id':1,'name':'A'}").from("key:7"));
    write(patching(1, "{'name':'B'}").from("issuer:corp:Zo\u00eb \u20ac"));
    write(patching(1, "{'name':'C'}"));
    write(putting(1, "{'name':'C'}").from("admin")); // Nothing is changed, so nobody changed it.
    await(
        store()
            .writeAll(
                List.of(
                    putting(1, "{'name':'D'}").from("session:1"),
                    creation("{'id':2,'name':'E'}"))));
    write(deletion(1).from("admin"));
    List<String> makers =
        Arrays.asList("key:7", "issuer:corp:Zo\u00eb \u20ac", null, "session:1", null, "admin");
    assertThat(changesAfter(0)).extracting(Change::by).isEqualTo(makers);
    reopen();
    assertThat(changesAfter(0)).extracting(Change::by).isEqualTo(makers);
  }

  @Test
  void aDeletionErasesTheUserFromTheFeed() {
    create("{'id':1,'name':'A'}");
    create("{'id':2,'name':'B'}");
    write(patching(1, "{'name':'C'}"));
    write(deletion(1));
    create("{'id':1,'name':'D'}");
    assertThat(changesAfter(0))
        .extracting(
            c -> c.kind().word() + " " + c.id() + " v" + c.version() + " " + (c.user() != null))
        .containsExactly(
            "created 1 v1 false",
            "created 2 v1 true",
            "updated 1 v2 false",
            "deleted 1 v2 false",
            "created 1 v1 true");
    reopen();
    assertThat(changesAfter(0).stream().map(Change::user).collect(Collectors.joining()))
        .doesNotContain("\"A\"", "\"C\"");
  }

  @Test
  void pagesOfTheFeedFollowOnEachOther() {
    for (int i = 0; i < 25; i++) {
      create("{'name':'A'}");
    }
    List<Change> all = changesAfter(0);
    List<Change> paged = new ArrayList<>();
    ChangePage page = await(store().changes(0, 10, new Cancellation()));
    while (!page.items().isEmpty()) {
      assertThat(page.items()).hasSizeLessThanOrEqualTo(10);
      assertThat(page.next()).isEqualTo(page.items().get(page.items().size() - 1).seq());
      paged.addAll(page.items());
      page = await(store().changes(page.next(), 10, new Cancellation()));
    }
    assertThat(paged).isEqualTo(all).hasSize(25);
  }

  @Test
  void aPageOfTheFeedEndsWhereItGetsLarge() {
    String large = "x".repeat(600_000);
    for (int id = 1; id <= 5; id++) {
      create(String.format(Locale.ROOT, "{'id':%d,'name':'A','attributes':{'a':'%s'}}", id, large));
    }
    assertThat(await(store().changes(0, 100, new Cancellation())).items()).hasSizeBetween(1, 4);
    assertThat(changesAfter(0)).hasSize(5);
  }

  @Test
  void theSignalFiresOnceTheChangeCanBeRead() throws InterruptedException {
    Semaphore fired = new Semaphore(0);
    ChangeSignal.Subscription subscription = store().signal().subscribe(fired::release);
    long seq = create("{'name':'A'}").seq();
    assertThat(fired.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
    assertThat(store().position()).isGreaterThanOrEqualTo(seq);
    subscription.close();
    fired.drainPermits();
    create("{'name':'B'}");
    create("{'name':'C'}");
    assertThat(fired.availablePermits()).isZero();
  }

  /** Reads the feed while it grows; what was read must be all there is, in the same order. */
  @Test
  void whoFollowsTheFeedMissesNothing() {
    Random random = new Random(11);
    List<Future<?>> writes = new ArrayList<>();
    List<Change> followed = new ArrayList<>();
    long next = 0;
    for (int round = 0; round < 60; round++) {
      for (int i = 0; i < 20; i++) {
        long id = 1L + random.nextInt(30);
        String text = String.format(Locale.ROOT, "{'name':'N%d'}", random.nextInt(1000));
        UserWrite write =
            switch (random.nextInt(4)) {
              case 0 -> deletion(id);
              case 1 -> creation(text);
              default -> putting(id, text);
            };
        writes.add(store().write(write).otherwiseEmpty());
      }
      ChangePage page = await(store().changes(next, 7 + random.nextInt(60), new Cancellation()));
      followed.addAll(page.items());
      next = page.next();
    }
    writes.forEach(Awaiting::await);
    followed.addAll(changesAfter(next));
    List<Change> all = changesAfter(0);
    assertThat(followed).extracting(Change::seq).isEqualTo(all.stream().map(Change::seq).toList());
    assertThat(followed)
        .extracting(Change::kind)
        .isEqualTo(all.stream().map(Change::kind).toList());
    assertThat(all).extracting(Change::seq).isSorted().doesNotHaveDuplicates();
    assertThat(replayed(all)).isEqualTo(everyoneAsJson());
  }

  /** What an export gives with the changes from before its first row on: the present state. */
  @Test
  void anExportAndTheLaterChangesGiveThePresentState() {
    Random random = new Random(3);
    for (int id = 1; id <= 300; id++) {
      create(String.format(Locale.ROOT, "{'id':%d,'name':'A'}", id));
    }
    List<Future<?>> writes = new ArrayList<>();
    long position = store().position();
    Map<Long, String> copy = new TreeMap<>();
    UserPage page = await(store().list(UserQuery.all(0, 10), new Cancellation()));
    while (!page.items().isEmpty()) {
      page.items().forEach(user -> copy.put(user.id(), user.json().toString()));
      for (int i = 0; i < 10; i++) {
        long id = 1L + random.nextInt(320);
        UserWrite write =
            random.nextBoolean()
                ? deletion(id)
                : putting(id, String.format(Locale.ROOT, "{'name':'B%d'}", i));
        writes.add(store().write(write).otherwiseEmpty());
      }
      long last = page.items().get(page.items().size() - 1).id();
      page = await(store().list(UserQuery.all(last, 10), new Cancellation()));
    }
    writes.forEach(Awaiting::await);
    apply(changesAfter(position), copy);
    assertThat(copy).isEqualTo(everyoneAsJson());
  }

  private static Map<Long, String> replayed(List<Change> changes) {
    Map<Long, String> users = new TreeMap<>();
    apply(changes, users);
    return users;
  }

  private static void apply(List<Change> changes, Map<Long, String> users) {
    for (Change change : changes) {
      if (change.kind() == Change.Kind.DELETED) {
        users.remove(change.id());
      } else {
        users.put(change.id(), String.valueOf(change.user()));
      }
    }
  }

  private Map<Long, String> everyoneAsJson() {
    Map<Long, String> users = new TreeMap<>();
    everyone().forEach(user -> users.put(user.id(), user.json().toString()));
    return users;
  }

  @Test
  void oldChangesArePrunedAndAskingForThemIsGone() {
    reopen(new Limits(100_000, Duration.ofSeconds(1)));
    User user = create("{'id':1,'name':'A'}");
    create("{'id':2,'name':'B'}");
    write(deletion(2));
    long last = store().position();
    assertThat(await(store().changes(0, 10, new Cancellation())).items()).hasSize(3);
    await("the feed to be pruned").atMost(30, TimeUnit.SECONDS).until(() -> isGone(last - 1));
    assertThat(await(store().changes(last, 10, new Cancellation())))
        .isEqualTo(new ChangePage(List.of(), last));
    assertThat(get(1)).isEqualTo(user);
    User later = write(patching(1, "{'name':'C'}")).user();
    assertThat(changesAfter(last)).extracting(Change::seq).containsExactly(later.seq());
    reopen();
    assertThat(isGone(0)).as("after a reopen").isTrue();
    assertThat(failureOf(store().changes(last - 1, 10, new Cancellation())).kind())
        .isEqualTo(Kind.GONE);
    assertThat(changesAfter(last)).hasSize(1);
    assertThat(create("{'name':'D'}").id()).isEqualTo(3);
  }

  private boolean isGone(long after) {
    try {
      Awaiting.await(store().changes(after, 10, new Cancellation()));
      return false;
    } catch (Failure e) {
      return e.kind() == Kind.GONE;
    }
  }
}
