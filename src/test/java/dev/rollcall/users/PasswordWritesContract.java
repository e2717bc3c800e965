package dev.rollcall.users;

import static dev.rollcall.users.Awaiting.await;
import static dev.rollcall.users.Awaiting.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.Cancellation;
import dev.rollcall.base.Failure.Kind;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What happens to a user's password, and that nothing else happens. */
public abstract class PasswordWritesContract extends UserStoreContract {

  private static UserWrite password(long id, String hash) {
    return new UserWrite.SetPassword(id, hash, null);
  }

  private static UserWrite renewal(long id, String hash, String replaces) {
    return new UserWrite.SetPassword(id, hash, replaces);
  }

  private Optional<String> hashOf(long id) {
    return await(store().passwordHash(id, new Cancellation()));
  }

  @Test
  void aPasswordIsStoredAndReplaced() {
    User user = create("{'id':1,'name':'A'}");
    assertThat(hashOf(1)).isEmpty();
    WriteOutcome outcome = write(password(1, "first"));
    assertThat(outcome.kind()).isEqualTo(WriteOutcome.Kind.UNCHANGED);
    assertThat(outcome.user()).isEqualTo(user);
    assertThat(hashOf(1)).contains("first");
    write(password(1, "second"));
    assertThat(hashOf(1)).contains("second");
    write(password(1, "second"));
    assertThat(hashOf(1)).contains("second");
  }

  @Test
  void nothingElseTellsOfIt() {
    User user = create("{'id':1,'name':'A','email':'a@x.org'}");
    List<User> users = everyone();
    List<Change> changes = changesAfter(0);
    write(password(1, "first"));
    write(renewal(1, "second", "first"));
    assertThat(get(1)).isEqualTo(user);
    assertThat(get(1).seq()).isEqualTo(user.seq());
    assertThat(everyone()).isEqualTo(users);
    assertThat(changesAfter(0)).isEqualTo(changes);
    assertThat(await(store().changes(user.seq(), 100, new Cancellation())).next())
        .isEqualTo(user.seq());
    // What the client knows of the user still holds.
    assertThat(write(patching(1, "{'name':'B'}", ifMatch(user.seq()), null)).kind())
        .isEqualTo(WriteOutcome.Kind.UPDATED);
    assertThat(changesAfter(user.seq())).hasSize(1);
  }

  @Test
  void oneThatReplacesAnotherDoesSoOnlyWhileThatIsStored() {
    create("{'id':1,'name':'A'}");
    assertThat(write(renewal(1, "new", "old")).kind()).isEqualTo(WriteOutcome.Kind.UNCHANGED);
    assertThat(hashOf(1)).as("there was none to replace").isEmpty();
    write(password(1, "old"));
    write(renewal(1, "new", "other"));
    assertThat(hashOf(1)).contains("old");
    write(renewal(1, "new", "OLD"));
    assertThat(hashOf(1)).contains("old");
    write(renewal(1, "new", "old"));
    assertThat(hashOf(1)).contains("new");
    write(renewal(1, "newer", "old"));
    assertThat(hashOf(1)).contains("new");
  }

  @Test
  void aMissingUserGetsNone() {
    create("{'id':1,'name':'A'}");
    assertThat(failureOf(store().write(password(2, "hash"))).kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(failureOf(store().write(renewal(2, "hash", "old"))).detail())
        .isEqualTo("User not found");
    assertThat(hashOf(2)).isEmpty();
    create("{'id':2,'name':'B'}");
    assertThat(hashOf(2)).isEmpty();
  }

  @Test
  void otherWritesKeepItAndADeleteRemovesIt() {
    create("{'id':1,'name':'A'}");
    create("{'id':2,'name':'B'}");
    write(password(1, "hash"));
    write(password(2, "other"));
    write(putting(1, "{'name':'B','email':'b@x.org'}"));
    write(putting(1, "{'name':'B','email':'b@x.org'}"));
    write(patching(1, "{'attributes':{'a':1}}"));
    await(store().writeAll(List.of(putting(1, "{'name':'C'}"))));
    assertThat(hashOf(1)).contains("hash");
    write(deletion(1));
    assertThat(hashOf(1)).isEmpty();
    assertThat(hashOf(2)).contains("other");
    create("{'id':1,'name':'Another'}");
    assertThat(hashOf(1)).isEmpty();
    assertThat(write(renewal(1, "new", "hash")).kind()).isEqualTo(WriteOutcome.Kind.UNCHANGED);
    assertThat(hashOf(1)).isEmpty();
  }

  @Test
  void itIsDurable() {
    create("{'id':1,'name':'A'}");
    create("{'id':2,'name':'B'}");
    create("{'id':3,'name':'C'}");
    write(password(1, "first"));
    write(password(2, "second"));
    write(password(3, "third"));
    write(renewal(2, "renewed", "second"));
    write(deletion(3));
    List<Change> changes = changesAfter(0);
    reopen();
    assertThat(hashOf(1)).contains("first");
    assertThat(hashOf(2)).contains("renewed");
    assertThat(hashOf(3)).isEmpty();
    assertThat(changesAfter(0)).isEqualTo(changes);
    // The feed goes on above whatever the passwords took.
    long last = changes.get(changes.size() - 1).seq();
    assertThat(create("{'name':'D'}").seq()).isGreaterThan(last);
  }

  @Test
  void ofManyAtOnceTheLastStaysAndOneRenewalWins() {
    create("{'id':1,'name':'A'}");
    List<Future<WriteOutcome>> writes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      writes.add(store().write(password(1, "hash " + i)));
    }
    writes.forEach(write -> await(write));
    assertThat(hashOf(1)).contains("hash 99");
    writes.clear();
    for (int i = 0; i < 100; i++) {
      writes.add(store().write(renewal(1, "renewed " + i, "hash 99")));
    }
    writes.forEach(write -> await(write));
    assertThat(hashOf(1)).contains("renewed 0");
  }

  @Test
  void aReadThatBeginsAfterTheAnswerShowsIt() {
    create("{'id':1,'name':'A'}");
    for (int i = 0; i < 200; i++) {
      write(password(1, "hash " + i));
      assertThat(hashOf(1)).contains("hash " + i);
    }
  }

  @Test
  void noTextShowsAHash() {
    for (Object record :
        List.of(
            password(1, "secret"),
            renewal(1, "secret", "secret"),
            new NewPassword.Plain("secret"),
            new NewPassword.Hashed("secret"),
            Decision.on(renewal(1, "secret", "secret"), create("{'id':1,'name':'A'}")))) {
      assertThat(record.toString()).doesNotContain("secret").contains("[");
    }
    assertThat(password(1, "secret").content()).doesNotContain("secret");
  }
}
