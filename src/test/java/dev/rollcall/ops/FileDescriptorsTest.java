package dev.rollcall.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.rollcall.config.Settings;
import org.junit.jupiter.api.Test;

class FileDescriptorsTest {

  /** What is set aside with these settings beside what is open: 48, 10 and 2 times 3. */
  private static final int KEPT = 64;

  private static Settings settings(String... more) {
    String[] all = new String[more.length + 1];
    all[0] = "management.connectionLimit=10";
    System.arraycopy(more, 0, all, 1, more.length);
    return Settings.of(all);
  }

  @Test
  void whatIsLeftIsForConnectionsOfClients() {
    assertThat(FileDescriptors.connections(settings(), 1_000, 100)).isEqualTo(1_000 - 100 - KEPT);
    assertThat(FileDescriptors.connections(settings(), Long.MAX_VALUE, 100))
        .isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void sourcesHaveTheirsButNotMoreThanHalf() {
    Settings few =
        settings("sources.a.http=http://127.0.0.1:1/", "sources.b.http=http://127.0.0.1:2/");
    assertThat(FileDescriptors.connections(few, 1_000, 100)).isEqualTo(1_000 - 100 - KEPT - 200);
    Settings many = settings("sources.a.http=http://127.0.0.1:1/", "sources.a.inFlight=5000");
    assertThat(FileDescriptors.connections(many, 1_000, 100)).isEqualTo((1_000 - 100 - KEPT) / 2);
  }

  @Test
  void aLimitWithoutRoomIsRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> FileDescriptors.connections(settings(), 100 + KEPT + 7, 100))
        .withMessage(
            "the limit of open files (ulimit -n) is 171, which is too low: at least 172 are"
                + " needed");
    assertThat(FileDescriptors.connections(settings(), 100 + KEPT + 8, 100)).isEqualTo(8);
  }
}
