package dev.rollcall.http;

import dev.rollcall.base.Failure;
import dev.rollcall.users.BulkOutcome;
import dev.rollcall.users.WriteOutcome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What became of the lines of an import so far. */
final class ImportReport {

  private static final int MAX_ERRORS = 100;

  /** It is kept for as long as the import lasts, and says what a line of any length holds. */
  private static final int LONGEST_DETAIL = 500;

  private long created;
  private long replaced;
  private long unchanged;
  private long failed;
  private long lastLine;
  private final JsonArray errors = new JsonArray();

  /** Adds the lines of a chunk, as far as the store got. */
  void add(ImportChunk chunk, BulkOutcome outcome) {
    List<BulkOutcome.Result> results = outcome.results();
    int written = 0;
    for (ImportChunk.Line line : chunk.lines()) {
      Failure failure = line.failure();
      if (line.write() != null) {
        if (written == results.size()) {
          // Neither this line nor any after it was carried out; those before it all were.
          lastLine = line.number() - 1;
          return;
        }
        BulkOutcome.Result result = results.get(written++);
        failure = result.failure();
        if (result.outcome() != null) {
          count(result.outcome().kind());
        }
      }
      if (failure != null) {
        fail(line.number(), failure);
      }
      lastLine = line.number();
    }
  }

  private void count(WriteOutcome.Kind kind) {
    switch (kind) {
      case CREATED -> created++;
      case UPDATED -> replaced++;
      case UNCHANGED -> unchanged++;
      case DELETED -> throw new IllegalStateException("an import deletes nothing");
    }
  }

  private void fail(long line, Failure failure) {
    failed++;
    if (errors.size() < MAX_ERRORS) {
      String detail = failure.sentence();
      boolean isLong = detail.length() > LONGEST_DETAIL;
      String told = isLong ? detail.substring(0, LONGEST_DETAIL) + "…" : detail;
      errors.add(new JsonObject().put("line", line).put("detail", told));
    }
  }

  JsonObject json() {
    return new JsonObject()
        .put("created", created)
        .put("replaced", replaced)
        .put("unchanged", unchanged)
        .put("failed", failed)
        .put("errors", errors);
  }

  /** A failure that ends the import, with how far it got. */
  Failure on(Failure failure) {
    Failure told = failure;
    for (var member : json()) {
      told = told.with(member.getKey(), member.getValue());
    }
    return told.with("lastLine", lastLine);
  }
}
