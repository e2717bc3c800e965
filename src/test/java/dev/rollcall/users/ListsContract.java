package dev.rollcall.users;

import static dev.rollcall.users.Awaiting.await;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pages of users: filters, order, and what they promise while users come and go. */
public abstract class ListsContract extends UserStoreContract {

  private List<Long> idsOf(UserQuery query) {
    return await(store().list(query, new Cancellation())).items().stream().map(User::id).toList();
  }

  private List<Long> ids(@Nullable String email, @Nullable String name, Long... ids) {
    return idsOf(new UserQuery(0, 100, email, name, List.of(ids)));
  }

  @Test
  void anEmptyStoreHasAnEmptyPage() {
    assertThat(await(store().list(UserQuery.all(0, 1), new Cancellation())))
        .isEqualTo(new UserPage(List.of(), false));
  }

  @Test
  void pagesAreInOrderOfIdAndSayWhetherMoreFollow() {
    for (long id : new long[] {30, 10, 20, User.MAX_ID, 40}) {
      create(String.format(Locale.ROOT, "{'id':%d,'name':'A'}", id));
    }
    assertThat(idsOf(UserQuery.all(0, 2))).containsExactly(10L, 20L);
    assertThat(idsOf(UserQuery.all(20, 2))).containsExactly(30L, 40L);
    assertThat(idsOf(UserQuery.all(40, 2))).containsExactly(User.MAX_ID);
    assertThat(idsOf(UserQuery.all(User.MAX_ID, 2))).isEmpty();
    assertThat(idsOf(UserQuery.all(Long.MAX_VALUE, 2))).isEmpty();
    assertThat(await(store().list(UserQuery.all(0, 4), new Cancellation())).more()).isTrue();
    assertThat(await(store().list(UserQuery.all(0, 5), new Cancellation())).more()).isFalse();
    assertThat(await(store().list(UserQuery.all(0, 6), new Cancellation())).more()).isFalse();
  }

  @Test
  void anAddressIsFoundInAnyCase() {
    create("{'id':1,'name':'A','email':'Zoë@X.org'}");
    create("{'id':2,'name':'A','email':'zo@x.org'}");
    create("{'id':3,'name':'A'}");
    assertThat(ids("ZOë@x.ORG", null)).containsExactly(1L);
    assertThat(ids("ZOË@x.ORG", null)).as("of ASCII letters").isEmpty();
    assertThat(ids("zoe\u0308@x.org", null)).containsExactly(1L);
    assertThat(ids("zoe@x.org", null)).isEmpty();
    assertThat(ids("", null)).isEmpty();
  }

  @Test
  void aNameIsFoundByItsBeginningInAnyCase() {
    create("{'id':1,'name':'Ὀδυσσεύς'}");
    create("{'id':2,'name':'Ὀδυσσέας'}");
    create("{'id':3,'name':'Odysseus'}");
    create("{'id':4,'name':'Straße'}");
    create("{'id':5,'name':'\u212aelvin'}");
    create("{'id':6,'name':'100% _sure\\\\'}");
    create("{'id':7,'name':'\ud83d\ude00 smile'}");
    create("{'id':8,'name':'\uffeelate'}");
    assertThat(ids(null, "ὈΔΥΣΣΕΎΣ")).containsExactly(1L);
    assertThat(ids(null, "ὈΔΥΣΣΕ")).containsExactly(1L);
    assertThat(ids(null, "ὀδυσσ")).containsExactly(1L, 2L);
    assertThat(ids(null, "ὀδυς")).as("a final sigma within a word").containsExactly(1L, 2L);
    assertThat(ids(null, "STRA")).containsExactly(4L);
    assertThat(ids(null, "kel")).containsExactly(5L);
    assertThat(ids(null, "100%")).containsExactly(6L);
    assertThat(ids(null, "100% _SURE\\")).containsExactly(6L);
    assertThat(ids(null, "1%")).isEmpty();
    assertThat(ids(null, "100_")).isEmpty();
    assertThat(ids(null, "\ud83d\ude00")).containsExactly(7L);
    assertThat(ids(null, "\uffee")).containsExactly(8L);
    assertThat(ids(null, "nobody")).isEmpty();
  }

  @Test
  void anEmptyBeginningIsThatOfEveryName() {
    create("{'id':1,'name':'A'}");
    create("{'id':2,'name':'B'}");
    assertThat(ids(null, "")).containsExactly(1L, 2L);
  }

  @Test
  void aRenamedUserIsFoundUnderItsNewNameOnly() {
    create("{'id':1,'name':'Before','email':'before@x.org'}");
    write(patching(1, "{'name':'After','email':'after@x.org'}"));
    assertThat(ids(null, "before")).isEmpty();
    assertThat(ids(null, "after")).containsExactly(1L);
    assertThat(ids("before@x.org", null)).isEmpty();
    assertThat(ids("after@x.org", null)).containsExactly(1L);
  }

  @Test
  void filtersCombine() {
    for (int id = 1; id <= 20; id++) {
      create(
          String.format(
              Locale.ROOT,
              "{'id':%d,'name':'%s','email':'u%d@x.org'}",
              id,
              id % 2 == 0 ? "E" : "O",
              id));
    }
    assertThat(ids(null, null, 3L, 1L, 99L, 3L)).containsExactly(1L, 3L);
    assertThat(ids(null, "e", 1L, 2L, 3L, 4L)).containsExactly(2L, 4L);
    assertThat(ids("u4@x.org", "e", 4L)).containsExactly(4L);
    assertThat(ids("u4@x.org", "o")).isEmpty();
    assertThat(ids("u4@x.org", null, 5L)).isEmpty();
    assertThat(idsOf(new UserQuery(4, 2, null, "E", List.of()))).containsExactly(6L, 8L);
    assertThat(idsOf(new UserQuery(4, 100, "u4@x.org", null, List.of()))).isEmpty();
    List<Long> hundred = LongStream.rangeClosed(1, UserQuery.MAX_IDS).boxed().toList();
    assertThat(idsOf(new UserQuery(0, 1000, null, null, hundred))).hasSize(20);
  }

  @Test
  void aPageEndsWhereItGetsLarge() {
    String large = "x".repeat(400_000);
    for (int id = 1; id <= 7; id++) {
      create(String.format(Locale.ROOT, "{'id':%d,'name':'A','attributes':{'a':'%s'}}", id, large));
    }
    UserPage page = await(store().list(UserQuery.all(0, 100), new Cancellation()));
    assertThat(page.more()).isTrue();
    assertThat(page.items()).hasSizeBetween(1, 6);
    assertThat(everyone()).hasSize(7);
    UserPage last = await(store().list(UserQuery.all(6, 100), new Cancellation()));
    assertThat(last.items()).hasSize(1);
    assertThat(last.more()).isFalse();
  }

  @Test
  void aUserLargerThanAPageIsAPageOfItsOwn() {
    String large = "x".repeat(2_000_000);
    create("{'id':1,'name':'A','attributes':{'a':'%s'}}".formatted(large));
    create("{'id':2,'name':'B'}");
    assertThat(idsOf(UserQuery.all(0, 100))).containsExactly(1L);
    assertThat(everyone()).hasSize(2);
  }

  /** Whoever is there from the first page to the last is seen once; nobody is seen twice. */
  @Test
  void pagingStaysRightWhileUsersComeAndGo() {
    Random random = new Random(42);
    for (int id = 10; id <= 600; id += 10) {
      create(String.format(Locale.ROOT, "{'id':%d,'name':'stays'}", id));
    }
    for (int round = 0; round < 5; round++) {
      Set<Long> coming = new HashSet<>();
      List<Future<WriteOutcome>> writes = new ArrayList<>();
      List<User> seen = new ArrayList<>();
      boolean more = true;
      while (more) {
        for (int i = 0; i < 5; i++) {
          long id = 1L + random.nextInt(600);
          if (id % 10 != 0) {
            writes.add(
                store().write(coming.add(id) ? putting(id, "{'name':'comes'}") : deletion(id)));
          }
        }
        long after = seen.isEmpty() ? 0 : seen.get(seen.size() - 1).id();
        UserPage page = await(store().list(UserQuery.all(after, 7), new Cancellation()));
        seen.addAll(page.items());
        more = page.more();
      }
      writes.forEach(write -> await(write.otherwiseEmpty()));
      List<Long> ids = seen.stream().map(User::id).toList();
      assertThat(ids).isSorted().doesNotHaveDuplicates();
      assertThat(ids.stream().filter(id -> id % 10 == 0)).hasSize(60);
    }
  }

  @Test
  void theListAgreesWithWhatWasWritten() {
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      long id = 1L + random.nextInt(50);
      await(
          store()
              .write(
                  random.nextInt(3) == 0
                      ? deletion(id)
                      : putting(
                          id, String.format(Locale.ROOT, "{'name':'N%d'}", random.nextInt(5))))
              .otherwiseEmpty());
    }
    List<User> users = everyone();
    Map<Long, User> byId = users.stream().collect(toMap(User::id, Function.identity()));
    for (long id = 1; id <= 50; id++) {
      assertThat(find(id).orElse(null)).isEqualTo(byId.get(id));
    }
    for (int n = 0; n < 5; n++) {
      String name = "N" + n;
      List<Long> expected =
          users.stream().filter(user -> user.name().equals(name)).map(User::id).toList();
      assertThat(ids(null, "n" + n)).isEqualTo(expected);
    }
  }
}
