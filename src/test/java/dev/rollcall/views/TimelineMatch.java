package dev.rollcall.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.views.SeededUpstream.Asked;
import dev.rollcall.views.SeededUpstream.Ending;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Holds timelines to what an upstream saw, and collects by how much their times differ. */
final class TimelineMatch {

  /** An attempt as a timeline tells of it; times in milliseconds of its view's clock. */
  record Told(JsonObject json, double at, double asked, double end, String how) {
    static Told of(JsonObject json) {
      double at = json.getDouble("at");
      return new Told(
          json,
          at,
          at + json.getDouble("waited"),
          at + json.getDouble("ms"),
          json.getString("end"));
    }
  }

  /** Times are rounded to a tenth of a millisecond, and two of them are added. */
  static final double ROUNDED = 0.16;

  private static final double MILLI = 1_000_000.0;

  private final List<Double> arrived = new ArrayList<>();
  private final List<Double> answered = new ArrayList<>();
  private final List<Double> givenUp = new ArrayList<>();

  /**
   * Each request is one of the attempts, and what is left of these never reached the upstream.
   *
   * @param startedAt when the view was asked, in {@code nanoTime}
   */
  void match(List<Told> attempts, List<Asked> requests, long startedAt) {
    List<Told> left = new ArrayList<>(attempts);
    List<Told> matched = new ArrayList<>();
    assertThat(fit(left, requests, startedAt, matched))
        .as("requests %s are attempts %s of the view begun at %s", requests, attempts, startedAt)
        .isTrue();
    for (int i = 0; i < requests.size(); i++) {
      collect(matched.get(i), requests.get(i), startedAt);
    }
  }

  private static boolean fit(
      List<Told> attempts, List<Asked> requests, long startedAt, List<Told> matched) {
    if (matched.size() == requests.size()) {
      // What is called off before it is sent does not reach the upstream.
      Set<String> unseen = Set.of("cancelled", "timeout", "refused");
      return attempts.stream().allMatch(left -> unseen.contains(left.how));
    }
    Asked request = requests.get(matched.size());
    for (int i = 0; i < attempts.size(); i++) {
      Told attempt = attempts.get(i);
      if (isOf(attempt, request, startedAt)) {
        List<Told> others = new ArrayList<>(attempts);
        others.remove(i);
        matched.add(attempt);
        if (fit(others, requests, startedAt, matched)) {
          return true;
        }
        matched.remove(matched.size() - 1);
      }
    }
    return false;
  }

  /** Whether cause and effect are in order: it asks before it is seen, and ends after that. */
  private static boolean isOf(Told attempt, Asked request, long startedAt) {
    double began = (request.began - startedAt) / MILLI;
    double ended = (request.ended - startedAt) / MILLI;
    if (attempt.json.getInteger("url") != request.url || attempt.asked > began + ROUNDED) {
      return false;
    }
    return switch (attempt.how) {
      case "ok" -> request.ending == Ending.OK && ended <= attempt.end + ROUNDED;
      case "absent" -> request.ending == Ending.ABSENT && ended <= attempt.end + ROUNDED;
      case "failed" -> request.ending == Ending.FAILED && ended <= attempt.end + ROUNDED;
      case "cancelled", "timeout" ->
          request.ending != Ending.GIVEN_UP || attempt.end <= ended + ROUNDED;
      default -> false;
    };
  }

  private void collect(Told attempt, Asked request, long startedAt) {
    arrived.add((request.began - startedAt) / MILLI - attempt.asked);
    double ended = (request.ended - startedAt) / MILLI;
    switch (attempt.how) {
      case "ok", "absent", "failed" -> answered.add(attempt.end - ended);
      default -> {
        if (request.ending == Ending.GIVEN_UP) {
          givenUp.add(ended - attempt.end);
        }
      }
    }
  }

  /** How many requests were found among the attempts. */
  int matched() {
    return arrived.size();
  }

  /** By how many milliseconds requests reached the upstream after their attempts asked. */
  List<Double> arrived() {
    return sorted(arrived);
  }

  /** By how many attempts ended after the upstream had answered. */
  List<Double> answered() {
    return sorted(answered);
  }

  /** By how many the upstream learnt later that attempts had been given up. */
  List<Double> givenUp() {
    return sorted(givenUp);
  }

  private static List<Double> sorted(List<Double> all) {
    return all.stream().sorted().toList();
  }
}
