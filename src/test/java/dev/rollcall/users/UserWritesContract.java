package dev.rollcall.users;

import static dev.rollcall.users.Awaiting.await;
import static dev.rollcall.users.Awaiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure;
import dev.rollcall.base.Failure.Kind;
import dev.rollcall.users.StoreHarness.Limits;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What the single writes do, and when they are refused. */
public abstract class UserWritesContract extends UserStoreContract {

  private Failure refused(UserWrite write) {
    long before = store().position();
    List<User> users = everyone();
    Failure failure = failureOf(store().write(write));
    assertThat(everyone()).as("the users after a refused write").isEqualTo(users);
    assertThat(changesAfter(before)).as("the feed after a refused write").isEmpty();
    return failure;
  }

  private static String pointer(Failure failure) {
    return failure.faults().get(0).pointer();
  }

  @Test
  void aCreatedUserHasAllItsMembers() {
    Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    WriteOutcome outcome =
        write(creation("{'id':42,'name':' Алиса ','email':'A@x.org','attributes':{'a':[1,2.50]}}"));
    User user = outcome.user();
    assertThat(outcome.kind()).isEqualTo(WriteOutcome.Kind.CREATED);
    assertThat(user.id()).isEqualTo(42);
    assertThat(user.name()).isEqualTo("Алиса");
    assertThat(user.email()).isEqualTo("A@x.org");
    assertThat(user.attributes()).isEqualTo("{\"a\":[1,2.50]}");
    assertThat(user.version()).isEqualTo(1);
    assertThat(user.createdAt()).isEqualTo(user.updatedAt()).isBetween(before, Instant.now());
    assertThat(user.seq()).isPositive();
    assertThat(get(42)).isEqualTo(user);
    assertThat(everyone()).containsExactly(user);
  }

  @Test
  void aUserWithoutEmailAndAttributesHasThemAsNullAndEmpty() {
    User user = create("{'name':'Bob'}");
    assertThat(user.email()).isNull();
    assertThat(user.attributes()).isEqualTo("{}");
    assertThat(user.json().toString())
        .startsWith(
            String.format(Locale.ROOT, "{\"id\":%d,\"name\":\"Bob\",\"email\":null,", user.id()));
  }

  @Test
  void aPutCreatesOrReplacesAndKeepsTheTimeOfCreation() {
    WriteOutcome created = write(putting(7, "{'name':'A','email':'a@x.org'}"));
    assertThat(created.kind()).isEqualTo(WriteOutcome.Kind.CREATED);
    WriteOutcome replaced = write(putting(7, "{'name':'B','attributes':{'k':1}}"));
    assertThat(replaced.kind()).isEqualTo(WriteOutcome.Kind.UPDATED);
    User user = replaced.user();
    assertThat(user.email()).isNull();
    assertThat(user.version()).isEqualTo(2);
    assertThat(user.createdAt()).isEqualTo(created.user().createdAt());
    assertThat(user.updatedAt()).isAfterOrEqualTo(user.createdAt());
    assertThat(user.seq()).isGreaterThan(created.user().seq());
    assertThat(get(7)).isEqualTo(user);
  }

  @Test
  void aPatchChangesOnlyWhatItNames() {
    create("{'id':1,'name':'A','email':'a@x.org','attributes':{'a':{'b':1,'c':2},'d':3}}");
    User user = write(patching(1, "{'attributes':{'a':{'b':null,'e':[null]}}}")).user();
    assertThat(user.name()).isEqualTo("A");
    assertThat(user.email()).isEqualTo("a@x.org");
    assertThat(json(user.attributes())).isEqualTo(json("{'a':{'c':2,'e':[null]},'d':3}"));
    user = write(patching(1, "{'name':'B','email':null,'attributes':null}")).user();
    assertThat(user.name()).isEqualTo("B");
    assertThat(user.email()).isNull();
    assertThat(user.attributes()).isEqualTo("{}");
    assertThat(user.version()).isEqualTo(3);
    assertThat(get(1)).isEqualTo(user);
  }

  @Test
  void aDeletedUserIsGone() {
    create("{'id':1,'name':'A'}");
    WriteOutcome outcome = write(deletion(1));
    assertThat(outcome.kind()).isEqualTo(WriteOutcome.Kind.DELETED);
    assertThat(outcome.written()).isNull();
    assertThat(find(1)).isEmpty();
    assertThat(everyone()).isEmpty();
  }

  @Test
  void aMissingUserIsNeitherPatchedNorDeleted() {
    create("{'id':1,'name':'A'}");
    assertThat(refused(patching(2, "{'name':'B'}")).kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(refused(deletion(2)).detail()).isEqualTo("User not found");
    assertThat(find(2)).isEmpty();
  }

  @Test
  void anIdIsTakenOnce() {
    create("{'id':1,'name':'A','email':'a@x.org'}");
    Failure failure = refused(creation("{'id':1,'name':'A','email':'a@x.org'}"));
    assertThat(failure.kind()).isEqualTo(Kind.CONFLICT);
    assertThat(pointer(failure)).isEqualTo("/id");
  }

  @Test
  void anAddressIsTakenOnceInAnyCase() {
    create("{'id':1,'name':'A','email':'Émile@X.org'}");
    create("{'id':2,'name':'B','email':'b@x.org'}");
    for (UserWrite write :
        List.of(
            creation("{'name':'C','email':'ÉmILE@x.ORG'}"),
            creation("{'id':3,'name':'C','email':'E\u0301mile@x.org'}"),
            putting(3, "{'name':'C','email':'Émile@x.org'}"),
            putting(2, "{'name':'C','email':'Émile@x.org'}"),
            patching(2, "{'email':'ÉMILE@X.ORG'}"))) {
      Failure failure = refused(write);
      assertThat(failure.kind()).as(write.content()).isEqualTo(Kind.CONFLICT);
      assertThat(pointer(failure)).isEqualTo("/email");
    }
  }

  /** A message to one of them would otherwise reach another (CVE-2019-19844). */
  @Test
  void anAddressThatOnlyLooksLikeAnotherIsAnother() {
    List<String> alike =
        List.of(
            "mike@site.org",
            "m\u0131ke@site.org",
            "mi\u212ae@site.org",
            "mike@\u017fite.org",
            "\u00e9@x.org",
            "\u00c9@x.org",
            "\u00e5@x.org",
            "\u212b@x.org");
    for (String email : alike) {
      create("{'name':'A','email':'" + email + "'}");
    }
    for (String email : alike) {
      assertThat(found(email)).containsExactly(email);
    }
    assertThat(found("MIKE@Site.ORG")).containsExactly("mike@site.org");
  }

  private List<String> found(String email) {
    UserQuery query = new UserQuery(0, 10, email, null, List.of());
    return await(store().list(query, new Cancellation())).items().stream()
        .map(user -> String.valueOf(user.email()))
        .toList();
  }

  @Test
  void aUserMayChangeTheCaseOfItsOwnAddress() {
    create("{'id':1,'name':'A','email':'a@x.org'}");
    assertThat(write(patching(1, "{'email':'A@X.org'}")).kind())
        .isEqualTo(WriteOutcome.Kind.UPDATED);
    assertThat(get(1).email()).isEqualTo("A@X.org");
  }

  @Test
  void anyNumberOfUsersHaveNoAddress() {
    create("{'name':'A'}");
    create("{'name':'A'}");
    assertThat(everyone()).hasSize(2);
  }

  @Test
  void aDeleteFreesIdAndAddress() {
    create("{'id':1,'name':'A','email':'a@x.org'}");
    write(deletion(1));
    User again = create("{'id':1,'name':'B','email':'A@X.ORG'}");
    assertThat(again.version()).isEqualTo(1);
    assertThat(get(1)).isEqualTo(again);
  }

  @Test
  void anAddressThatWasGivenUpIsFree() {
    create("{'id':1,'name':'A','email':'a@x.org'}");
    write(patching(1, "{'email':'b@x.org'}"));
    assertThat(create("{'id':2,'name':'B','email':'a@x.org'}").email()).isEqualTo("a@x.org");
    write(putting(1, "{'name':'A'}"));
    assertThat(create("{'id':3,'name':'C','email':'b@x.org'}").email()).isEqualTo("b@x.org");
  }

  @Test
  void aWriteThatChangesNothingLeavesEverythingAlone() {
    User user = create("{'id':1,'name':'A','email':'a@x.org','attributes':{'a':1,'b':{'c':[]}}}");
    long position = store().position();
    for (UserWrite write :
        List.of(
            putting(1, "{'name':' A','email':'a@x.org','attributes':{'b':{'c':[]},'a':1}}"),
            putting(1, user.json().toString()),
            patching(1, "{}"),
            patching(1, "{'name':'A','email':'a@x.org','attributes':{'b':{'d':null}}}"))) {
      WriteOutcome outcome = write(write);
      assertThat(outcome.kind()).as(write.content()).isEqualTo(WriteOutcome.Kind.UNCHANGED);
      assertThat(outcome.user()).isEqualTo(user);
    }
    assertThat(get(1)).isEqualTo(user);
    assertThat(changesAfter(position)).isEmpty();
  }

  @Test
  void aPreconditionHoldsForTheStoredUser() {
    long old = create("{'id':1,'name':'A'}").seq();
    long seq = write(putting(1, "{'name':'B'}")).user().seq();
    for (UserWrite write :
        List.of(
            putting(1, "{'name':'C'}", ifMatch(old), null),
            putting(1, "{'name':'C'}", ifNoneMatch(seq), null),
            putting(1, "{'name':'C'}", ifAbsent(), null),
            patching(1, "{'name':'C'}", ifMatch(old), null),
            patching(1, "{'name':'B'}", ifMatch(old), null),
            new UserWrite.Delete(1, ifMatch(old), null),
            new UserWrite.Delete(1, ifAbsent(), null),
            putting(2, "{'name':'C'}", ifMatch(seq), null),
            putting(2, "{'name':'C'}", ifExists(), null))) {
      assertThat(refused(write).kind()).as(write.toString()).isEqualTo(Kind.PRECONDITION_FAILED);
    }
    for (UserWrite write :
        List.of(
            patching(2, "{'name':'C'}", ifMatch(seq), null),
            new UserWrite.Delete(2, ifExists(), null))) {
      assertThat(refused(write).kind()).as(write.toString()).isEqualTo(Kind.NOT_FOUND);
    }
    assertThat(write(putting(2, "{'name':'C'}", ifAbsent(), null)).kind())
        .isEqualTo(WriteOutcome.Kind.CREATED);
    User last = write(patching(1, "{'name':'D'}", ifMatch(seq), null)).user();
    assertThat(write(new UserWrite.Delete(1, ifMatch(last.seq()), null)).kind())
        .isEqualTo(WriteOutcome.Kind.DELETED);
  }

  @Test
  void noSeqOfAnEarlierLifeMatchesTheNextLife() {
    long first = create("{'id':1,'name':'A'}").seq();
    write(deletion(1));
    long second = create("{'id':1,'name':'A'}").seq();
    write(deletion(1));
    reopen();
    long third = create("{'id':1,'name':'A'}").seq();
    assertThat(List.of(first, second, third)).doesNotHaveDuplicates().isSorted();
    assertThat(refused(putting(1, "{'name':'B'}", ifMatch(first), null)).kind())
        .isEqualTo(Kind.PRECONDITION_FAILED);
  }

  @Test
  void aLargeUserIsKeptWholeAndATooLargeOneRefused() {
    String large = "x".repeat(200_000) + "\u20ac\ud83d\ude00";
    User user = create("{'id':1,'name':'A','attributes':{'a':'" + large + "'}}");
    reopen(new Limits(1000, Duration.ofDays(1)));
    assertThat(get(1)).isEqualTo(user);
    create("{'id':2,'name':'B'}");
    String tooLarge = "{'name':'B','attributes':{'a':'" + "\u20ac".repeat(300) + "'}}";
    assertThat(refused(creation(tooLarge)).kind()).isEqualTo(Kind.TOO_LARGE);
    assertThat(refused(putting(2, tooLarge)).kind()).isEqualTo(Kind.TOO_LARGE);
    assertThat(refused(patching(2, tooLarge)).kind()).isEqualTo(Kind.TOO_LARGE);
    assertThat(find(2).orElseThrow().name()).isEqualTo("B");
  }

  @Test
  void reopeningKeepsEverything() {
    for (int i = 1; i <= 300; i++) {
      create(
          String.format(
              Locale.ROOT,
              "{'name':'User %d','email':'u%d@x.org','attributes':{'n':%d}}",
              i,
              i,
              i));
    }
    write(patching(5, "{'name':'Renamed'}"));
    write(deletion(7));
    List<User> users = everyone();
    List<Change> changes = changesAfter(0);
    long position = store().position();
    reopen();
    assertThat(store().position()).isEqualTo(position);
    assertThat(everyone()).isEqualTo(users);
    assertThat(changesAfter(0)).isEqualTo(changes);
    assertThat(get(5).name()).isEqualTo("Renamed");
    assertThat(find(7)).isEmpty();
  }
}
