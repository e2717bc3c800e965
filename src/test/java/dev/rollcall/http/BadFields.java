package dev.rollcall.http;

import static dev.rollcall.http.BadRequest.body;
import static dev.rollcall.http.BadRequest.head;
import static dev.rollcall.http.BadRequest.headOf;
import static dev.rollcall.http.BadRequest.json;
import static dev.rollcall.http.BadRequest.raw;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Requests whose header fields are wrong. */
final class BadFields {

  private static final String USER = json("{'name':'A'}");
  private static final String JSON = "Content-Type: application/json";

  private BadFields() {}

  static Stream<BadRequest> requests() {
    return Stream.of(types(), conditions(), fields(), hosts()).flatMap(List::stream);
  }

  private static List<BadRequest> types() {
    List<BadRequest> table = new ArrayList<>();
    List<String> wrong =
        List.of(
            "text/plain",
            "text/json",
            "application/xml",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/jsonp",
            "application/problem+json",
            "application",
            "*/*",
            "application/json, text/plain",
            "application/json; charset=latin1",
            "application/json; charset=utf-16",
            "application/json; charset=utf-8; charset=latin1",
            "application/json; charset=\"latin1\"",
            "application/json; charset=\"utf-8",
            "application/json; charset",
            "application/json; charset=",
            "application/json; profile=\"a; charset=utf-8",
            "application/json; a=b c",
            "application/json; profile=\"x\"; Charset=latin1",
            "");
    for (String line :
        List.of(
            "POST /users",
            "PUT /users/1",
            "PATCH /users/1",
            "PUT /users/1/password",
            "POST /users/1/password/verify",
            "POST /views/profile/batch")) {
      for (String type : wrong) {
        table.add(body(line + " as '" + type + "'", 415, "Content-Type must be", line, type, USER));
      }
      table.add(
          raw(
              line + " without a type",
              415,
              "Content-Type must be",
              headOf(line, "Content-Length: " + USER.length()) + "\r\n" + USER));
      table.add(
          raw(
              line + " with two types",
              415,
              "Content-Type must be",
              headOf(line, JSON, "Content-Type: text/plain", "Content-Length: " + USER.length())
                  + "\r\n"
                  + USER));
      for (String coding : List.of("gzip", "deflate", "br", "identity, gzip", "x")) {
        table.add(
            raw(
                line + " encoded as " + coding,
                415,
                "Content-Encoding must be identity",
                headOf(
                        line,
                        JSON,
                        "Content-Encoding: " + coding,
                        "Content-Length: " + USER.length())
                    + "\r\n"
                    + USER));
      }
    }
    table.add(
        body(
            "a patch's type for a whole user",
            415,
            "Content-Type must be",
            "PUT /users/1",
            "application/merge-patch+json",
            USER));
    table.add(
        body(
            "a form with a password",
            415,
            "Content-Type must be",
            "POST /users/1/password/verify",
            "application/x-www-form-urlencoded",
            "password=correct+horse"));
    table.add(
        body(
            "a JSON Patch",
            415,
            "Content-Type must be",
            "PATCH /users/1",
            "application/json-patch+json",
            "[]"));
    table.add(
        body(
            "lines for one user",
            415,
            "Content-Type must be",
            "POST /users",
            "application/x-ndjson",
            USER));
    for (String type :
        List.of("application/json", "text/plain", "application/x-ndjson; charset=latin1")) {
      table.add(
          body(
              "an import as " + type,
              415,
              "Content-Type must be application/x-ndjson",
              "POST /users/import",
              type,
              USER));
    }
    table.add(
        raw(
            "an import that is compressed",
            415,
            "Content-Encoding must be identity",
            headOf(
                    "POST /users/import",
                    "Content-Type: application/x-ndjson",
                    "Content-Encoding: gzip",
                    "Content-Length: 12")
                + "\r\n"
                + USER));
    return table;
  }

  private static List<BadRequest> conditions() {
    List<BadRequest> table = new ArrayList<>();
    List<String> bad =
        List.of(
            "",
            "1",
            "x",
            "\"1",
            "1\"",
            "'1'",
            "*, \"1\"",
            "\"1\", *",
            "**",
            "\"1\" \"2\"",
            "w/\"1\"",
            "W/1",
            "W/ \"1\"",
            "W/*",
            ",",
            "\"a b\"",
            "\"1\",x",
            "\"1\";q=1");
    for (String tag : bad) {
      for (String field : List.of("If-Match", "If-None-Match")) {
        String detail = field + " must be * or a list of entity tags";
        table.add(
            head(
                "DELETE with " + field + ": " + tag,
                400,
                detail,
                "DELETE /users/1",
                field + ": " + tag));
        for (String method : List.of("PUT", "PATCH")) {
          table.add(
              raw(
                  method + " with " + field + ": " + tag,
                  400,
                  detail,
                  headOf(method + " /users/1", JSON, "Content-Length: 12", field + ": " + tag)
                      + "\r\n"
                      + USER));
        }
      }
      table.add(
          head(
              "GET with If-None-Match: " + tag,
              400,
              "If-None-Match must be",
              "GET /users/1",
              "If-None-Match: " + tag));
      table.add(
          head(
              "HEAD with If-None-Match: " + tag,
              400,
              "",
              "HEAD /users/1",
              "If-None-Match: " + tag));
    }
    return table;
  }

  private static List<BadRequest> fields() {
    List<BadRequest> table = new ArrayList<>();
    String key = "123e4567-e89b-12d3-a456-426614174000";
    for (String bad :
        List.of(
            "",
            "\"\"",
            "\"",
            "x".repeat(256),
            "\"" + "x".repeat(256) + "\"",
            "\"" + key,
            "\"" + key + "\"0",
            "\"" + key + "\", \"" + key + "\"",
            "\"a\\b\"",
            "caf\u00e9")) {
      table.add(
          head(
              "DELETE with Idempotency-Key: " + bad,
              400,
              "Idempotency-Key must be one text of 1 to 255 printable ASCII characters",
              "DELETE /users/1",
              "Idempotency-Key: " + bad));
      table.add(
          raw(
              "POST with Idempotency-Key: " + bad,
              400,
              "Idempotency-Key must be one text of 1 to 255 printable ASCII characters",
              headOf("POST /users", JSON, "Content-Length: 12", "Idempotency-Key: " + bad)
                  + "\r\n"
                  + USER));
    }
    table.add(
        head(
            "two keys",
            400,
            "Idempotency-Key must be one text of 1 to 255 printable ASCII characters",
            "DELETE /users/1",
            "Idempotency-Key: " + key,
            "Idempotency-Key: " + key));
    for (String bad : List.of("x", "-1", "1.5", "01", "+1", "9007199254740992", "1,2", "\u00e9")) {
      table.add(
          head(
              "a stream with Last-Event-ID: " + bad,
              400,
              "Last-Event-ID must be an integer",
              "GET /users/changes",
              "Accept: text/event-stream",
              "Last-Event-ID: " + bad));
    }
    for (String bad : List.of("200-ok", "100-continue, x", "", "continue")) {
      table.add(
          raw(
              "Expect: " + bad,
              417,
              "the only expectation met is 100-continue",
              headOf("POST /users", JSON, "Content-Length: 12", "Expect: " + bad) + "\r\n"));
    }
    table.add(
        raw(
            "an import with another expectation",
            417,
            "the only expectation met is 100-continue",
            headOf(
                    "POST /users/import",
                    "Content-Type: application/x-ndjson",
                    "Content-Length: 12",
                    "Expect: payment")
                + "\r\n"));
    table.add(
        raw(
            "an expectation of a body too large",
            413,
            "the body must have at most",
            headOf("POST /users", JSON, "Content-Length: 9999999", "Expect: 100-continue")
                + "\r\n"));
    table.add(
        head(
            "a header of 20,000 letters",
            431,
            "the request's headers are too large",
            "GET /users/1",
            "X-Long: " + "x".repeat(20_000)));
    table.add(
        head(
            "a thousand headers",
            431,
            "the request's headers are too large",
            "GET /users/1",
            "X-Many: 1234567890\r\n".repeat(1000) + "X-Last: 1"));
    table.add(
        raw(
            "a header that never ends",
            431,
            "the request's headers are too large",
            "GET /users/1 HTTP/1.1\r\nHost: test\r\nX-Long: " + "x".repeat(100_000)));
    return table;
  }

  private static List<BadRequest> hosts() {
    List<BadRequest> table = new ArrayList<>();
    for (String path : List.of("/users/1", "/users", "/nowhere")) {
      table.add(raw(path + " without Host", 400, "", "GET " + path + " HTTP/1.1\r\n\r\n"));
    }
    for (String bad :
        List.of(
            "a b", "a/b", "a:b", "a:1:2", "a:99999", "[::1", "user@a", "a?b", "a#b", "a\\b",
            "a\u00e9", "%zz")) {
      table.add(raw("Host: " + bad, 400, "", "GET /users/1 HTTP/1.1\r\nHost: " + bad + "\r\n\r\n"));
      table.add(
          raw(
              "a list under Host: " + bad,
              400,
              "",
              "GET /users HTTP/1.1\r\nHost: " + bad + "\r\n\r\n"));
    }
    table.add(raw("two Hosts", 400, "", "GET /users/1 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"));
    table.add(raw("one Host twice", 400, "", "GET /users HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"));
    return table;
  }
}
