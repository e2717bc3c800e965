package dev.rollcall.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.users.User;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdListTest {

  private static long[] read(IdList list) {
    long[] ids = new long[list.size()];
    IdList.Reader reader = list.reader();
    for (int i = 0; reader.hasNext(); i++) {
      assertThat(reader.position()).isEqualTo(i);
      ids[i] = reader.next();
    }
    return ids;
  }

  @Test
  void idsComeBackInTheirOrder() {
    long[] ids = {1, User.MAX_ID, 7, 6, User.MAX_ID - 1, 1L << 52, 2};
    IdList list = IdList.of(ids);
    assertThat(read(list)).isEqualTo(ids);
    assertThat(read(IdList.kept(list.bytes(), list.size()))).isEqualTo(ids);
  }

  @Test
  void anyIdsComeBack() {
    Random random = new Random(8);
    for (int round = 0; round < 200; round++) {
      long[] ids = random.longs(random.nextInt(300), 1, User.MAX_ID + 1).toArray();
      assertThat(read(IdList.of(ids))).isEqualTo(ids);
    }
  }

  @Test
  void aMillionIdsInARowTakeAMillionBytes() {
    IdList.Builder builder = new IdList.Builder();
    for (long id = 1; id <= 1_000_000; id++) {
      builder.add(id);
    }
    assertThat(builder.build().bytes()).hasSize(1_000_000);
  }

  @Test
  void noIdsAreAListAsWell() {
    assertThat(IdList.of().size()).isZero();
    assertThat(IdList.of().reader().hasNext()).isFalse();
  }
}
