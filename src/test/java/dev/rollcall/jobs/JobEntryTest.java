package dev.rollcall.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.users.Precondition;
import dev.rollcall.users.UserDraft;
import dev.rollcall.users.UserWrite;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class JobEntryTest {

  @Test
  void aResultTakesAsMuchRoomAsItsLine() {
    Buffer answer = Buffer.buffer("{\"text\":\"" + "x".repeat(100_000) + "\"}");
    assertThat(JobEntry.answered(0, 1, answer).size()).isBetween(100_000, 101_000);
  }

  /** Else a batch of large users would not fit into memory. */
  @Test
  void aUserToBeWrittenTakesRoomForItselfAndForItsResult() {
    UserDraft draft = new UserDraft(null, "Alice", null, "x".repeat(100_000));
    JobEntry entry = JobEntry.written(0, new UserWrite.Put(1, draft, Precondition.NONE, null));
    assertThat(entry.size()).isBetween(200_000, 210_000);
  }
}
