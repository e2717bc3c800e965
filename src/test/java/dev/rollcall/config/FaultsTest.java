package dev.rollcall.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultsTest extends LoadingTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "http: {port: eighty}      | http.port: \"eighty\": an integer from 0 to 65535",
        "http: {port: 65536}       | http.port: 65536: an integer from 0 to 65535",
        "http: {port: -1}          | http.port: -1: an integer from 0 to 65535",
        "http: {port: 80.0}        | http.port: 80.0: an integer from 0 to 65535",
        "http: {port: true}        | http.port: true: an integer from 0 to 65535",
        "http: {port: [80]}        | http.port: a list: an integer from 0 to 65535",
        "http: {port: {a: 1}}      | http.port: a section: an integer from 0 to 65535",
        "http: {port: }            | http.port: nothing: an integer from 0 to 65535",
        "http: {port: 99999999999} | http.port: 99999999999: an integer from 0 to 65535",
        "http: {host: ''}          | http.host: \"\": a host name or an IP address to listen on",
        "http: {host: 'a b'}       | http.host: \"a b\": a host name or an IP address to listen on",
        "http: {host: 127}         | http.host: 127: a host name or an IP address to listen on",
        "store: {kind: oracle}     | store.kind: \"oracle\": sqlite, postgres or remote",
        "store: {path: ''}         | store.path: \"\": the path of the database file",
        "store: {path: 1}          | store.path: 1: the path of the database file",
        "log: {level: loud}        | log.level: \"loud\": error, warn, info or debug",
        "log: {format: xml}        | log.format: \"xml\": text or json",
        "log: {access: maybe}      | log.access: \"maybe\": true or false",
        "http: 5                   | http: 5: a section, that is, keys with values below it",
        "http: [a]                 | http: a list: a section, that is, keys with values below it",
      })
  void aWrongValueIsToldWithItsKeyAndWhatIsAllowed(String yaml, String fault) {
    assertThat(faults(yaml + "\n")).containsExactly(fault);
  }

  @Test
  void aDurationWithoutAUnitIsRefused() {
    assertThat(faults("http: {idleTimeout: 30}\n"))
        .containsExactly(
            "http.idleTimeout: 30: a duration from 100ms to 1h, with its unit (ms, s, m, h, d)");
  }

  @Test
  void aSizeOutsideItsRangeIsRefused() {
    assertThat(faults("http: {bodyLimit: 65MiB}\n"))
        .containsExactly(
            "http.bodyLimit: \"65MiB\": a size from 1KiB to 64MiB"
                + " (units: B, KiB, MiB, GiB; without one, bytes)");
  }

  @Test
  void allFaultsAreToldAtOnce() {
    String yaml =
        """
        http: {port: eighty, prot: 80}
        changes: {keep: forever}
        logs: {}
        """;
    assertThat(faults(yaml, Map.of("ROLLCALL_STORE_READERS", "0"), "log.level=loud", "x.y=1", "z"))
        .containsExactlyInAnyOrder(
            "http.port: \"eighty\": an integer from 0 to 65535",
            "http.prot: unknown key; did you mean http.port?",
            "changes.keep: \"forever\": a duration from 1s to 3650d,"
                + " with its unit (ms, s, m, h, d)",
            "logs: unknown key; did you mean log?",
            "store.readers: \"0\": an integer from 1 to 64"
                + " (from the environment variable ROLLCALL_STORE_READERS)",
            "log.level: \"loud\": error, warn, info or debug (from --set)",
            "x.y: unknown key in --set; conf/rollcall.yaml lists the keys",
            "--set: \"z\": KEY=VALUE, such as http.port=8080");
  }

  @Test
  void anUnknownKeyThatResemblesNoneIsToldWhatThereIs() {
    assertThat(faults("shutdown: {elephant: 1}\n"))
        .containsExactly("shutdown.elephant: unknown key; allowed here: wait, drain");
  }

  @Test
  void aKeyWithDotsIsToldHowToBeWritten() {
    assertThat(faults("http.port: 1\n"))
        .containsExactly(
            "http.port: unknown key; write sections as nested keys, not as a name with dots");
  }

  @Test
  void equalPortsOnOneHostAreAFaultThatNamesBothKeys() {
    String fault =
        "http.port and management.port: 9000:"
            + " two different ports, since both listen on the same address";
    assertThat(faults("", Map.of(), "http.port=9000", "management.port=9000"))
        .containsExactly(fault);
    String none = "auth.kind=none";
    assertThat(
            faults(
                "", Map.of(), none, "http.port=9000", "management.port=9000", "http.host=0.0.0.0"))
        .containsExactly(fault);
    assertThat(faults("", Map.of(), "http.port=0", "management.port=0")).isEmpty();
    assertThat(
            faults(
                "", Map.of(), none, "http.port=9000", "management.port=9000", "http.host=10.0.0.1"))
        .isEmpty();
  }

  @Test
  void whoeverReachesAPortIsServedOnlyWhereThatIsWrittenDown() {
    String http =
        "auth.kind: not set, and http.host 0.0.0.0 is not loopback; set auth.kind=required (and"
            + " auth.adminKey), or auth.kind=none to serve whoever reaches it";
    assertThat(faults("http: {host: 0.0.0.0}\n")).containsExactly(http);
    assertThat(faults("http: {host: users.example}\n"))
        .containsExactly(http.replace("0.0.0.0", "users.example"));
    assertThat(faults("management: {host: \"::\"}\n"))
        .containsExactly(http.replace("http.host 0.0.0.0", "management.host ::"));
    assertThat(faults("http: {host: 0.0.0.0}\nauth: {kind: none}\n")).isEmpty();
    assertThat(faults("http: {host: 0.0.0.0}\ndeploy: {http: 0}\n")).isEmpty();
    for (String host : List.of("127.0.0.1", "127.9.9.9", "localhost", "LOCALHOST", "\"::1\"")) {
      assertThat(faults("http: {host: " + host + "}\n")).as(host).isEmpty();
    }
    assertThat(faults("auth: {kind: maybe}\nhttp: {host: 0.0.0.0}\n"))
        .containsExactly("auth.kind: \"maybe\": none or required");
  }

  @Test
  void theAdministratorsKeyCannotBeGuessedAndIsNotShown() {
    assertThat(faults("auth: {adminKey: secret}\n"))
        .singleElement()
        .asString()
        .startsWith("auth.adminKey: ")
        .doesNotContain("secret:");
    assertThat(faults("auth: {adminKey: rck_0123456789abcdef0123456789abcdef}\n")).hasSize(1);
    String key = "0123456789abcdef0123456789abcdef";
    assertThat(Settings.of("auth.adminKey=" + key).toString()).doesNotContain(key);
  }

  @Test
  void moreHttpInstancesThanEventLoopsAreAFault() {
    assertThat(faults("deploy: {eventLoops: 2, http: 3}\n"))
        .containsExactly(
            "deploy.http: 3: an integer from 0 to 2 (at most one for each of deploy.eventLoops)");
  }

  @Test
  void aFaultIsOneLineWhateverTheValueHolds() {
    assertThat(faults("http: {port: \"a\\nb\\e[31m\"}\n"))
        .containsExactly("http.port: \"a\\u000ab\\u001b[31m\": an integer from 0 to 65535");
    assertThat(faults("http: {port: \"" + "x".repeat(5000) + "\"}\n"))
        .singleElement()
        .satisfies(line -> assertThat(line).hasSizeLessThan(200));
  }
}
