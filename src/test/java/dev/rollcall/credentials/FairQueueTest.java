package dev.rollcall.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rollcall.base.ClientAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FairQueueTest {

  private final FairQueue<String> queue = new FairQueue<>();

  private static Share share(int address, long id) {
    return new Share(ClientAddress.of("192.0.2." + address), id, Share.Purpose.VERIFY);
  }

  private List<String> takeAll() {
    List<String> taken = new ArrayList<>();
    for (String item = queue.take(any -> true); item != null; item = queue.take(any -> true)) {
      taken.add(item);
    }
    return taken;
  }

  @Test
  void eachAddressHasItsTurnAndWithinItEachUser() {
    queue.add(share(1, 1), 0, "a1");
    queue.add(share(1, 1), 0, "a2");
    queue.add(share(1, 1), 0, "a3");
    queue.add(share(1, 2), 0, "b1");
    queue.add(share(2, 1), 0, "c1");
    queue.add(share(2, 1), 0, "c2");
    assertThat(takeAll()).containsExactly("a1", "c1", "b1", "c2", "a2", "a3");
  }

  @Test
  void whatMayNotBeginYetKeepsItsPlaceAndNobodyElseWaiting() {
    queue.add(share(1, 1), 0, "a1");
    queue.add(share(1, 2), 0, "b1");
    queue.add(share(2, 1), 0, "c1");
    assertThat(queue.take(share -> share.id() != 1)).isEqualTo("b1");
    assertThat(queue.take(share -> share.id() != 1)).isNull();
    assertThat(takeAll()).containsExactly("c1", "a1");
  }

  @Test
  void theLastOfTheLongestLineIsDropped() {
    queue.add(share(1, 1), 9, "a1");
    queue.add(share(2, 1), 0, "b1");
    queue.add(share(2, 2), 0, "b2");
    queue.add(share(2, 2), 0, "b3");
    assertThat(queue.dropFromLongest()).isEqualTo("b3");
    assertThat(queue.dropFromLongest()).as("of two as long the newer").isEqualTo("b2");
    assertThat(queue.dropFromLongest()).as("of two as long who was guessed at").isEqualTo("a1");
    assertThat(queue.dropFromLongest()).isEqualTo("b1");
    assertThat(queue.dropFromLongest()).isNull();
    assertThat(queue.take(any -> true)).isNull();
  }

  /**
   * Against a plain model: nothing is lost, doubled or overtaken, and no address waits for long.
   */
  @Test
  void whateverComesEachAddressGetsItsPart() {
    Random random = new Random(20261128);
    Map<Share, List<String>> model = new HashMap<>();
    Map<ClientAddress, Integer> passedOver = new HashMap<>();
    int waiting = 0;
    for (int step = 0; step < 50_000; step++) {
      int what = random.nextInt(waiting > 60 ? 3 : 6);
      if (what >= 3) {
        Share share = share(1 + random.nextInt(5), 1 + random.nextInt(4));
        model.computeIfAbsent(share, none -> new ArrayList<>()).add("n" + step);
        queue.add(share, random.nextInt(3), "n" + step);
        waiting++;
      } else if (what == 2) {
        String dropped = queue.dropFromLongest();
        assertThat(dropped == null).isEqualTo(waiting == 0);
        if (dropped != null) {
          Share from = owner(model, dropped);
          List<String> line = model.getOrDefault(from, List.of());
          assertThat(line.remove(line.size() - 1)).isEqualTo(dropped);
          int longest = longest(model);
          assertThat(waitingOf(model, from.client()) + 1).isGreaterThanOrEqualTo(longest);
          if (waitingOf(model, from.client()) == 0) {
            passedOver.put(from.client(), 0);
          }
          waiting--;
        }
      } else {
        String taken = queue.take(any -> true);
        assertThat(taken == null).isEqualTo(waiting == 0);
        if (taken != null) {
          Share from = owner(model, taken);
          assertThat(model.getOrDefault(from, List.of()).remove(0)).isEqualTo(taken);
          passedOver.put(from.client(), 0);
          model.keySet().stream()
              .map(Share::client)
              .distinct()
              .filter(other -> !other.equals(from.client()))
              .forEach(
                  other -> {
                    int passed =
                        waitingOf(model, other) == 0 ? 0 : passedOver.merge(other, 1, Integer::sum);
                    passedOver.put(other, passed);
                    assertThat(passed).isLessThan(5);
                  });
          waiting--;
        }
      }
    }
  }

  private static Share owner(Map<Share, List<String>> model, String item) {
    return model.entrySet().stream()
        .filter(line -> line.getValue().contains(item))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private static int longest(Map<Share, List<String>> model) {
    return model.keySet().stream()
        .mapToInt(share -> waitingOf(model, share.client()))
        .max()
        .orElse(0);
  }

  private static int waitingOf(Map<Share, List<String>> model, ClientAddress address) {
    return model.entrySet().stream()
        .filter(line -> line.getKey().client().equals(address))
        .mapToInt(line -> line.getValue().size())
        .sum();
  }
}
