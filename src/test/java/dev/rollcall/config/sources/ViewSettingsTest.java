package dev.rollcall.config.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rollcall.config.LoadingTest;
import dev.rollcall.config.Settings;
import dev.rollcall.config.sources.ViewSettings.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewSettingsTest extends LoadingTest {
  private static final String SOURCES =
      """
      sources:
        account: {address: a}
        orders: {address: o, timeout: 300ms}
        company: {http: "http://h/{account.companyId}", needs: [account]}
      """;

  /** The faults of a view called {@code v}, without its key. */
  private List<String> of(String keys) {
    return faults(SOURCES + "views: {v: {" + keys + "}}\n").stream()
        .map(line -> line.replace("views.v.", "").replace("views.v: ", ""))
        .toList();
  }

  private static ViewSettings view(String name, Settings settings) {
    return Objects.requireNonNull(settings.views().get(name));
  }

  @Test
  void whatIsLeftOutHasItsDefault() throws Exception {
    assertThat(Settings.of().views()).isEmpty();
    assertThat(settings(SOURCES + "views: {v: {sources: [orders, account]}}\n").views().get("v"))
        .isEqualTo(
            new ViewSettings(
                "v",
                Mode.ALL,
                Set.of(Mode.ALL),
                Duration.ofSeconds(2),
                List.of("orders", "account"),
                Set.of()));
  }

  @Test
  void everyKeyIsRead() throws Exception {
    String view =
        "{mode: any, modes: [race, all], deadline: 1001ms, sources: [account, orders],"
            + " required: [orders]}";
    assertThat(settings(SOURCES + "views: {v: " + view + "}\n").views().get("v"))
        .isEqualTo(
            new ViewSettings(
                "v",
                Mode.ANY,
                Set.of(Mode.ALL, Mode.ANY, Mode.RACE),
                Duration.ofMillis(1001),
                List.of("account", "orders"),
                Set.of("orders")));
  }

  @Test
  void flagsAndTheEnvironmentGiveListsWithCommas() throws Exception {
    Settings settings =
        load(
                SOURCES + "views: {v: {sources: [account]}}\n",
                Map.of("ROLLCALL_VIEWS_V_MODES", "all,sequential"),
                "views.v.sources=account, orders",
                "views.other.sources=orders")
            .settings();
    assertThat(settings.views().keySet()).containsExactly("v", "other");
    assertThat(view("v", settings).sources()).containsExactly("account", "orders");
    assertThat(view("v", settings).modes()).containsExactly(Mode.ALL, Mode.SEQUENTIAL);
    assertThat(view("other", settings).sources()).containsExactly("orders");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "mode: all                            | sources: left out: 1 to 100 names of sources",
        "sources: []                          | sources: an empty list: 1 to 100 names of sources",
        "sources: [account, account]          | sources: \"account\": each of them once",
        "sources: [acount]                    | sources: \"acount\": sources that are declared; did"
            + " you mean account?",
        "sources: [elephants]                 | sources: \"elephants\": sources that are declared",
        "sources: [orders], required: [account] | required: \"account\": sources of this view, that"
            + " is, among sources",
        "sources: [orders], mode: fast        | mode: \"fast\": all, any, race or sequential",
        "sources: [orders], modes: [all, fast] | modes: \"fast\": all, any, race or sequential",
        "sources: [orders], modes: []         | modes: an empty list: 1 to 4 modes",
        "sources: [orders], modes: [all, ALL] | modes: \"ALL\": each of them once",
        "sources: [orders], timeout: 1s       | timeout: unknown key; allowed here: mode, modes,"
            + " deadline, sources, required",
        "sources: [orders], deadline: 11m     | deadline: \"11m\": a duration from 1ms to 10m, with"
            + " its unit (ms, s, m, h, d)",
        "sources: [orders], deadline: 300ms   | deadline: 300ms: longer than"
            + " sources.orders.timeout, 300ms",
        "sources: [orders, account], deadline: 1s | deadline: 1s: longer than"
            + " sources.account.timeout, 1s",
        "sources: [orders, company]           | sources: company without account: sources with all"
            + " that they need",
        "sources: [account, company], modes: [any, all] | modes: any: all or sequential, since"
            + " company needs account",
        "sources: [account, company], modes: [any, race] | modes: any and race: all or sequential,"
            + " since company needs account",
        "sources: [account, company], mode: race | mode: race: all or sequential, since company"
            + " needs account",
      })
  void aViewThatCannotWorkIsToldWhatIsAllowed(String keys, String fault) {
    assertThat(of(keys)).containsExactly(fault);
  }

  @Test
  void requiredSourcesMayStandBesideAnyAndRace() {
    assertThat(of("sources: [orders], mode: any, modes: [race], required: [orders]")).isEmpty();
  }

  @Test
  void needsMayStandBehindWhatNeedsThem() {
    assertThat(of("sources: [company, account], mode: sequential, modes: [all]")).isEmpty();
    assertThat(of("sources: [orders], deadline: 301ms")).isEmpty();
  }

  @Test
  void aNameThatPathsCannotHoldIsRefused() {
    assertThat(faults(SOURCES + "views: {a b: {sources: []}, user: {sources: [orders]}}\n"))
        .containsExactly(
            "views.a b: \"a b\":"
                + " a name for a view: 1 to 64 letters, digits, _ and -, the first a letter");
  }

  @Test
  void thereAreAThousandViewsAtMostAndAHundredSourcesInEach() {
    String sources =
        IntStream.range(0, 101)
            .mapToObj(i -> "  s" + i + ": {address: x}\n")
            .collect(Collectors.joining("", "sources:\n", ""));
    String names = IntStream.range(0, 101).mapToObj(i -> "s" + i).collect(Collectors.joining(","));
    assertThat(faults(sources + "views: {v: {sources: [" + names + "]}}\n"))
        .containsExactly("views.v.sources: 101 of them: 1 to 100 names of sources");
    String views =
        IntStream.range(0, 1001)
            .mapToObj(i -> "  v" + i + ": {sources: [s1]}\n")
            .collect(Collectors.joining("", "views:\n", ""));
    assertThat(faults(sources + views))
        .containsExactly("views: 1001: an integer from 0 to 1000 (how many there are)");
  }

  @Test
  void everyCircleIsNamed() {
    String yaml =
        """
        sources:
          a: {address: x, needs: [b, d]}
          b: {address: x, needs: [c]}
          c: {address: x, needs: [b]}
          d: {address: x, needs: [a, d]}
          e: {address: x, needs: [a]}
        """;
    String allowed = ": needs that don't go in circles";
    assertThat(faults(yaml))
        .containsExactly(
            "sources.b.needs: b → c → b" + allowed,
            "sources.a.needs: a → d → a" + allowed,
            "sources.d.needs: d → d" + allowed);
  }

  @Test
  void faultsOfTheWholeAreToldAtOnce() {
    String yaml =
        """
        management: {port: 8080}
        sources:
          a: {address: x, needs: [b], retries: many}
          b: {address: x, needs: [a, c], timeout: 5s}
        views:
          one: {sources: [a], mode: any, required: [b]}
          two: {sources: [a, b, c]}
          three: {mode: none}
        """;
    assertThat(faults(yaml))
        .containsExactlyInAnyOrder(
            "sources.a.retries: \"many\": an integer from 0 to 10",
            "http.port and management.port: 8080:"
                + " two different ports, since both listen on the same address",
            "sources.a.needs: a → b → a: needs that don't go in circles",
            "sources.b.needs: \"c\": sources that are declared",
            "views.one.required: \"b\": sources of this view, that is, among views.one.sources",
            "views.one.sources: a without b: sources with all that they need",
            "views.one.mode: any: all or sequential, since a needs b",
            "views.two.sources: \"c\": sources that are declared",
            "views.two.deadline: 2s: longer than sources.b.timeout, 5s",
            "views.three.mode: \"none\": all, any, race or sequential",
            "views.three.sources: left out: 1 to 100 names of sources");
  }

  @Test
  void whatFollowsFromANameOrAKeyAtFaultIsNotTold() {
    assertThat(faults("sources: {id: {address: x}}\nviews: {v: {sources: [x, id]}}\n"))
        .containsExactlyInAnyOrder(
            "sources.id: \"id\": a name for a source: 1 to 64 letters, digits, _ and -,"
                + " the first a letter; not user, id or total",
            "views.v.sources: \"id\": a name for a source: 1 to 64 letters, digits, _ and -,"
                + " the first a letter; not user, id or total");
    assertThat(
            faults(
                "{sources: {a: {address: x, timeout: 0s}}, views: {v: {sources: [a], deadline:"
                    + " 1s}}}"))
        .hasSize(1);
    assertThat(of("sources: [orders, ''], required: [account]")).hasSize(1);
  }

  @Test
  void viewsMadeByCodeAreHeldToTheSameRules() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> made("v", List.of()))
        .withMessage("views.v.sources: an empty list: 1 to 100 names of sources");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> made("v", List.of("a", "a")))
        .withMessage("views.v.sources: \"a\": each of them once");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> made("v", List.of("a"), "b"))
        .withMessageStartingWith("views.v.required: \"b\": sources of this view");
    assertThat(made("v", List.of("a")).modes()).containsExactly(Mode.ALL, Mode.RACE);
  }

  private static ViewSettings made(String name, List<String> sources, String... required) {
    return new ViewSettings(
        name, Mode.ALL, Set.of(Mode.RACE), Duration.ofSeconds(1), sources, Set.of(required));
  }
}
