package dev.rollcall.http;

import static dev.rollcall.http.BadBody.body;
import static dev.rollcall.http.BadRequest.head;
import static dev.rollcall.http.BadRequest.headOf;
import static dev.rollcall.http.BadRequest.json;
import static dev.rollcall.http.BadRequest.raw;

import dev.rollcall.jobs.JobReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Requests about jobs that are wrong. The server has one view, {@code profile}, and no job. */
final class BadJobs {

  private static final String START = "POST /jobs";
  private static final String JSON = "Content-Type: application/json";
  private static final String ID = "must be an integer from 1 to 9007199254740991";

  private BadJobs() {}

  static Stream<BadRequest> requests() {
    Stream<BadBody> bodies =
        Stream.of(BadJson.syntax(), BadJson.encoding(), ids(), members(), names())
            .flatMap(List::stream);
    return Stream.concat(
        bodies.map(bad -> bad.as(START)),
        Stream.of(keys(), paths(), parameters(), sizes()).flatMap(List::stream));
  }

  private static List<BadBody> ids() {
    List<BadBody> table = new ArrayList<>();
    for (String value : List.of("null", "1", "'1'", "true", "{}")) {
      table.add(both("ids that are " + value, value, "", "must be an array"));
    }
    for (String value :
        List.of(
            "0", "-1", "1.5", "1e17", "1e999999999", "'1'", "null", "[1]", "9007199254740992")) {
      table.add(both("an id of " + value, "[1,2,3," + value + "]", "/3", ID));
    }
    String count = "must have 1 to 100000 ids";
    table.add(both("an empty list", "[]", "", count));
    table.add(both("100,001 ids", "[1" + ",1".repeat(100_000) + "]", "", count));
    table.add(both("100,000 that are none", "[0" + ",0".repeat(99_999) + "]", "/0", ID));
    table.add(both("an id twice", "[5,6,5]", "/2", "ids/0 already"));
    table.add(imported("an id of an import twice", "[5,5]", "/1", "/import/ids/0 already"));
    table.add(body("no ids", "{'view':'profile'}", "/ids", "is missing"));
    table.add(
        body(
            "an import of nobody", "{'import':{'source':'account'}}", "/import/ids", "is missing"));
    return table;
  }

  private static BadBody both(String name, String ids, String place, String detail) {
    return body(name + " of a job", "{'view':'profile','ids':" + ids + "}", "/ids" + place, detail);
  }

  private static BadBody imported(String name, String ids, String place, String detail) {
    return body(
        name, "{'import':{'source':'account','ids':" + ids + "}}", "/import/ids" + place, detail);
  }

  private static List<BadBody> members() {
    List<BadBody> table = new ArrayList<>();
    for (String value :
        List.of("0", "-1", "101", "1.5", "10.5", "'10'", "null", "true", "[]", "4294967297")) {
      table.add(
          body(
              "a job's concurrency of " + value,
              "{'view':'profile','ids':[1],'concurrency':" + value + "}",
              "/concurrency",
              "must be an integer from 1 to 100"));
    }
    for (String value : List.of("false", "null", "1", "'true'", "[]")) {
      table.add(
          body(
              "all that is " + value,
              "{'view':'profile','all':" + value + "}",
              "/all",
              "must be true, or left out"));
    }
    table.add(
        body(
            "ids and all",
            "{'view':'profile','ids':[1],'all':true}",
            "/ids",
            "can't be given together with all"));
    for (String value : List.of("null", "1", "'account'", "[]")) {
      table.add(
          body("an import of " + value, "{'import':" + value + "}", "/import", "be an object"));
    }
    String import_ = "{'import':{'source':'account','ids':[1]}";
    String together = "can't be given together with import";
    table.add(body("an import and a view", import_ + ",'view':'profile'}", "/view", together));
    table.add(body("an import and ids", import_ + ",'ids':[1]}", "/ids", together));
    table.add(body("an import of all", import_ + ",'all':true}", "/all", together));
    String unknown = "unknown member";
    table.add(body("a job's mode", "{'view':'profile','ids':[1],'mode':'all'}", "/mode", unknown));
    table.add(body("a job's id", "{'view':'profile','ids':[1],'id':7}", "/id", unknown));
    table.add(
        body(
            "an import's own member",
            "{'import':{'source':'account','ids':[1],'all':true}}",
            "/import/all",
            unknown));
    table.add(body("an empty job", "{}", "/view", "is missing"));
    table.add(body("a job twice", "{'view':'a','view':'b','ids':[1]}", "/view", "stands twice"));
    return table;
  }

  private static List<BadBody> names() {
    List<BadBody> table = new ArrayList<>();
    for (String name : List.of("", "nothing", "Profile", "account", " profile")) {
      table.add(
          body(
              "a job for the view '" + name + "'",
              "{'view':'" + name + "','ids':[1]}",
              "/view",
              "there is no such view"));
    }
    for (String name : List.of("", "nothing", "profile")) {
      table.add(
          body(
              "an import from '" + name + "'",
              "{'import':{'source':'" + name + "','ids':[1]}}",
              "/import/source",
              "there is no such source"));
    }
    table.add(
        body(
            "an import from a source that needs an address",
            "{'import':{'source':'mail','ids':[1]}}",
            "/import/source",
            "takes more than an id"));
    for (String value : List.of("null", "1", "true", "[]", "{}")) {
      table.add(
          body(
              "a view that is " + value,
              "{'view':" + value + ",'ids':[1]}",
              "/view",
              "must be a string"));
    }
    return table;
  }

  private static List<BadRequest> keys() {
    List<BadRequest> table = new ArrayList<>();
    for (String key : List.of("", "\"\"", "\"x", "x".repeat(256))) {
      table.add(
          raw(
              "a job's idempotency key of '" + key + "'",
              400,
              "Idempotency-Key must be one text of 1 to 255 printable ASCII characters",
              headOf(START, JSON, "Content-Length: 2", "Idempotency-Key: " + key) + "\r\n{}"));
    }
    return table;
  }

  private static List<BadRequest> paths() {
    List<BadRequest> table = new ArrayList<>();
    for (String id : List.of("0", "-1", "01", "1.0", "x", "9007199254740992", "%20")) {
      for (String line : List.of("GET /jobs/%s", "DELETE /jobs/%s", "GET /jobs/%s/results")) {
        String asked = String.format(Locale.ROOT, line, id);
        table.add(head(asked, 400, ID, asked).at("/id"));
      }
    }
    for (String line :
        List.of("GET /jobs/1", "DELETE /jobs/1", "GET /jobs/1/results", "GET /jobs/1/events")) {
      table.add(head(line + " of no job", 404, "there is no such job", line));
    }
    table.add(head("putting a job", 405, "this path allows", "PUT /jobs/1"));
    table.add(head("posting results", 405, "this path allows", "POST /jobs/1/results"));
    table.add(head("what jobs don't have", 404, "nothing at this path", "GET /jobs/1/lines"));
    return table;
  }

  private static List<BadRequest> parameters() {
    List<BadRequest> table = new ArrayList<>();
    for (String after : List.of("", "-1", "x", "1.5", "01")) {
      String line = "GET /jobs/1/results?after=" + after;
      table.add(head(line, 400, "must be an integer from 0", line).at("?after"));
    }
    for (String after : List.of("x", "1", "dTE6MQ", "ajE6MA")) {
      String line = "GET /jobs?after=" + after;
      table.add(head(line, 400, "is not a cursor of this list", line).at("?after"));
    }
    for (String limit : List.of("0", "1001", "x")) {
      String line = "GET /jobs?limit=" + limit;
      table.add(head(line, 400, "must be an integer from 1 to 1000", line).at("?limit"));
    }
    table.add(head("jobs by state", 400, "unknown parameter", "GET /jobs?state=x").at("?state"));
    for (String last : List.of("x", "END", "-1", "1.5")) {
      table.add(
          head(
              "a last event of " + last,
              400,
              "Last-Event-ID must be",
              "GET /jobs/1/events",
              "Last-Event-ID: " + last));
    }
    return table;
  }

  private static List<BadRequest> sizes() {
    int limit = JobReader.BODY_LIMIT;
    return List.of(
        raw(
            "a job that announces too much",
            413,
            "the body must have at most " + limit + " bytes",
            headOf(START, JSON, "Content-Length: " + (limit + 1)) + "\r\n"),
        raw(
            "a job that never comes",
            408,
            "the body did not arrive in time",
            headOf(START, JSON, "Content-Length: 11") + "\r\n"),
        BadRequest.body(
            "a job as lines",
            415,
            "Content-Type must be application/json",
            START,
            "application/x-ndjson",
            json("{'view':'profile','ids':[1]}")));
  }
}
