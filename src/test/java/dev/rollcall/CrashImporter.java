package dev.rollcall;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A client that imports one stream of lines after the other, each replacing the users of the one
 * before; some lines bring no id and create a user each time.
 *
 * <p>Lines are carried out in order, so of an import that was cut exactly a beginning is there.
 */
final class CrashImporter {

  private static final int LINES = 400;
  private static final long FIRST_ID = 2_000_000;

  /** The import that last wrote the user of a line, and its version; both 0 before the first. */
  private final int[] writtenBy = new int[LINES];

  private final long[] version = new long[LINES];
  private final Set<String> created = new HashSet<>();
  private int imports;
  private boolean unknown;

  private static boolean hasId(int line) {
    return line % 16 != 15;
  }

  private static String name(int number, int line) {
    return String.format(Locale.ROOT, "Import %d, line %d", number, line);
  }

  private static byte[] line(int number, int line) {
    String id = hasId(line) ? "\"id\":" + (FIRST_ID + line) + "," : "";
    return String.format(
            Locale.ROOT,
            "{%s\"name\":\"%s\",\"attributes\":{\"import\":%d}}\n",
            id,
            name(number, line),
            number)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Imports until an answer is missing, which must not be before the process is killed. */
  CompletableFuture<Void> run(RollcallClient client, BooleanSupplier killed, Runnable count) {
    int number = ++imports;
    unknown = true;
    List<byte[]> lines = IntStream.range(0, LINES).mapToObj(line -> line(number, line)).toList();
    return client
        .sendAsync(
            client.request(
                "POST",
                "/users/import",
                BodyPublishers.ofByteArrays(lines),
                "Content-Type",
                RollcallClient.NDJSON))
        .handle((answer, fault) -> answered(answer, fault, killed))
        .thenCompose(
            answered -> {
              if (!answered) {
                return CompletableFuture.completedFuture(null);
              }
              count.run();
              return run(client, killed, count);
            });
  }

  private boolean answered(
      @Nullable HttpResponse<String> answer, @Nullable Throwable fault, BooleanSupplier killed) {
    if (answer == null) {
      assertThat(killed.getAsBoolean()).as("killed when %s came", fault).isTrue();
      return false;
    }
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode report = RollcallClient.json(answer);
    int done = report.get("created").intValue() + report.get("replaced").intValue();
    assertThat(done).as(answer.body()).isEqualTo(LINES);
    written(LINES);
    return true;
  }

  /** The first lines of the latest import are stored. */
  private void written(int lines) {
    unknown = false;
    for (int line = 0; line < lines; line++) {
      if (hasId(line)) {
        writtenBy[line] = imports;
        version[line]++;
      } else {
        created.add(name(imports, line));
      }
    }
  }

  boolean hasUnknown() {
    return unknown;
  }

  /** Holds what is there after a crash to what was acknowledged; gives the ids of its users. */
  Set<Long> settle(FeedReplay found) {
    Map<String, Long> byName = new HashMap<>();
    found
        .users()
        .forEach(
            (id, row) -> {
              String name = row.user().get("name").textValue();
              if (name.startsWith("Import ")) {
                assertThat(byName.put(name, id)).as("a second " + name).isNull();
              }
            });
    if (unknown) {
      int lines = 0;
      while (lines < LINES && byName.containsKey(name(imports, lines))) {
        lines++;
      }
      written(lines);
    }
    Set<String> expected = new HashSet<>(created);
    for (int line = 0; line < LINES; line++) {
      if (hasId(line) && writtenBy[line] > 0) {
        String name = name(writtenBy[line], line);
        expected.add(name);
        assertThat(byName.get(name)).as(name).isEqualTo(FIRST_ID + line);
        FeedReplay.Row row = found.users().get(FIRST_ID + line);
        assertThat(row != null && row.version() == version[line])
            .as("version %d of %s: %s", version[line], name, row)
            .isTrue();
      }
    }
    // Neither one that is missing nor one from behind the end of a cut import.
    assertThat(byName.keySet()).as("names of imported users").isEqualTo(expected);
    return Set.copyOf(byName.values());
  }
}
