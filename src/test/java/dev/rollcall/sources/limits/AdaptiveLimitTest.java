package dev.rollcall.sources.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.config.sources.ConcurrencyLimit;
import dev.rollcall.sources.limits.AdaptiveLimit.Outcome;
import dev.rollcall.sources.limits.SimulatedSource.Times;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a limit makes of the latency of a source that is simulated, so that time costs nothing. */
@Tag("slow")
class AdaptiveLimitTest {

  private static final int SECONDS = 12;

  /** What of its capacity a source gives in some seconds, from the sixth on. */
  private static double useful(SimulatedSource source, int places, double millis) {
    source.run(5000);
    double possible = places / millis * 1000 * (SECONDS - 5);
    return source.run((SECONDS - 5) * 1000L) / possible;
  }

  @ParameterizedTest
  @CsvSource({
    "ALIKE,       100, false",
    "ALIKE,       200, false",
    "EXPONENTIAL,  50, false",
    "ALIKE,        50, true",
  })
  void aLimitFollowsACapacityThatFallsAndRisesUnderThreeTimesItsLoad(
      Times times, double millis, boolean refuses) {
    SimulatedSource source = new SimulatedSource(ConcurrencyLimit.ADAPTIVE, times, millis, refuses);
    for (int places : new int[] {200, 20, 200}) {
      source.set(places, 3 * 200 / millis * 1000);
      assertThat(useful(source, places, millis)).as("%s places", places).isGreaterThan(0.8);
      // It looks now and then what an answer takes without a load, so not at one moment alone.
      int[] limits = IntStream.range(0, 20).map(i -> limitAfter(source, 100)).sorted().toArray();
      assertThat(limits[10]).isBetween(places / 2, places * 3);
    }
  }

  private static int limitAfter(SimulatedSource source, long millis) {
    source.run(millis);
    return source.limit();
  }

  @Test
  void itIsThereWithinFiveSeconds() {
    SimulatedSource source = new SimulatedSource(ConcurrencyLimit.ADAPTIVE, Times.ALIKE, 50, false);
    source.set(200, 12_000);
    source.run(20_000);
    source.set(20, 12_000);
    source.run(5000);
    assertThat(source.limit()).isBetween(7, 40);
    source.set(200, 12_000);
    source.run(5000);
    assertThat(source.limit()).isBetween(70, 500);
  }

  /** Which is why: what a number is too small for is lost, and what it is too large for is late. */
  @Test
  void aNumberFitsOneCapacityAlone() {
    SimulatedSource source =
        new SimulatedSource(new ConcurrencyLimit(100, false), Times.ALIKE, 200, false);
    source.set(200, 3000);
    assertThat(useful(source, 200, 200)).isLessThan(0.55);
    source.set(20, 3000);
    assertThat(useful(source, 20, 200)).isLessThan(0.2);
  }

  @Test
  void aLoadThatLastsDoesNotBecomeTheMeasure() {
    SimulatedSource source = new SimulatedSource(ConcurrencyLimit.ADAPTIVE, Times.ALIKE, 50, false);
    source.set(20, 1200);
    source.run(120_000);
    int[] limits = IntStream.range(0, 100).map(i -> limitAfter(source, 100)).sorted().toArray();
    assertThat(limits[50]).isBetween(15, 45);
  }

  @Test
  void aSourceThatHasBecomeSlowerForGoodIsAskedAsMuchAsBefore() {
    SimulatedSource source = new SimulatedSource(ConcurrencyLimit.ADAPTIVE, Times.ALIKE, 20, false);
    source.set(100, 15_000);
    source.run(10_000);
    source.take(60);
    source.run(15_000);
    assertThat(useful(source, 100, 60)).isGreaterThan(0.8);
  }

  @Test
  void aSourceWithFewQuestionsKeepsTheLimitThatItBeganWith() {
    SimulatedSource source = new SimulatedSource(ConcurrencyLimit.ADAPTIVE, Times.ALIKE, 20, false);
    source.set(1000, 50);
    source.run(60_000);
    assertThat(source.limit()).isEqualTo(100);
  }

  @Test
  void aSourceThatTakesOneAtATimeIsAskedForFew() {
    SimulatedSource source = new SimulatedSource(ConcurrencyLimit.ADAPTIVE, Times.ALIKE, 50, false);
    source.set(1, 60);
    source.run(20_000);
    assertThat(useful(source, 1, 50)).isGreaterThan(0.6);
    int[] limits = IntStream.range(0, 100).map(i -> limitAfter(source, 100)).sorted().toArray();
    assertThat(limits[50]).isBetween(1, 10);
  }

  @Test
  void aSourceThatTakesAllGetsAThousandAtMost() {
    SimulatedSource source = new SimulatedSource(ConcurrencyLimit.ADAPTIVE, Times.ALIKE, 50, false);
    source.set(2000, 25_000);
    source.run(5000);
    int highest = IntStream.range(0, 50).map(i -> limitAfter(source, 100)).max().orElseThrow();
    assertThat(highest).isEqualTo(1000);
  }

  private final Permits permits = new Permits(1000, 0);
  private final AdaptiveLimit limit = new AdaptiveLimit(permits, 0, 0);
  private long now;

  /** So many attempts end with 10 ms between them, each of which took some milliseconds. */
  private void end(int count, Outcome outcome, long millis) {
    for (int i = 0; i < count; i++) {
      now += 10 * SimulatedSource.MILLI;
      limit.ended(now - millis * SimulatedSource.MILLI, now, outcome);
    }
  }

  @Test
  void failuresThatHaveNothingToDoWithTheLoadDoNotCount() {
    end(1000, Outcome.UNRELATED, 1);
    assertThat(limit.limit()).isEqualTo(AdaptiveLimit.FIRST);
    assertThat(limit.isInTime(0)).isTrue();
  }

  @Test
  void whatSaysThatItHasTooMuchToDoGetsLessDownToOne() {
    end(400, Outcome.OVERLOADED, 1);
    assertThat(limit.limit()).isBetween(1, 20);
    end(2000, Outcome.OVERLOADED, 1);
    assertThat(limit.limit()).isEqualTo(1);
  }

  @Test
  void whoLeavesBeforeAnAnswerWasDueProvesNothing() {
    end(400, Outcome.ANSWERED, 50);
    assertThat(limit.isInTime(50)).isFalse();
    end(1000, Outcome.GIVEN_UP, 40);
    assertThat(limit.limit()).isEqualTo(AdaptiveLimit.FIRST);
  }

  @Test
  void whereMostWaitInVainForLongerThanAnAnswerTakesThereIsTooMuchToDo() {
    end(400, Outcome.ANSWERED, 50);
    for (int i = 0; i < 500; i++) {
      end(1, Outcome.ANSWERED, 50);
      end(2, Outcome.GIVEN_UP, 60);
    }
    assertThat(limit.limit()).isLessThan(AdaptiveLimit.FIRST / 2);
  }

  @Test
  void whoHasWaitedForTooLongIsNotAsked() {
    assertThat(limit.isInTime(1)).isTrue();
    end(400, Outcome.ANSWERED, 80);
    assertThat(limit.isInTime(99)).isFalse();
    assertThat(limit.isInTime(101)).isTrue();
  }
}
