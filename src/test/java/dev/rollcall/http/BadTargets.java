package dev.rollcall.http;

import static dev.rollcall.http.BadRequest.head;
import static dev.rollcall.http.BadRequest.raw;
import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Requests whose method, path or query is wrong. */
final class BadTargets {

  private static final String ID = "must be an integer from 1 to 9007199254740991";
  private static final String NOTHING = "there is nothing at this path";
  private static final String MALFORMED = "malformed";

  /** What each path allows, written down a second time: the routes themselves are on trial. */
  private static final Map<String, String> ALLOWED =
      new TreeMap<>(
          Map.ofEntries(
              entry("/", "GET, HEAD"),
              entry("/openapi.yaml", "GET, HEAD"),
              entry("/asyncapi.yaml", "GET, HEAD"),
              entry("/docs", "GET, HEAD"),
              entry("/docs/page.js", "GET, HEAD"),
              entry("/docs/page.css", "GET, HEAD"),
              entry("/users", "GET, HEAD, POST"),
              entry("/users/import", "POST"),
              entry("/users/export", "GET, HEAD"),
              entry("/users/changes", "GET, HEAD"),
              entry("/users/1", "GET, HEAD, PUT, PATCH, DELETE"),
              entry("/users/1/password", "PUT"),
              entry("/users/1/password/verify", "POST"),
              entry("/users/1/views/profile", "GET, HEAD"),
              entry("/views", "GET, HEAD"),
              entry("/views/profile/batch", "POST")));

  private static final List<String> METHODS =
      List.of(
          "GET",
          "HEAD",
          "POST",
          "PUT",
          "PATCH",
          "DELETE",
          "OPTIONS",
          "TRACE",
          "PROPFIND",
          "get",
          "BREW",
          "M-SEARCH");

  private BadTargets() {}

  static Stream<BadRequest> requests() {
    return Stream.of(methods(), ids(), paths(), queries(), cursors()).flatMap(List::stream);
  }

  private static List<BadRequest> methods() {
    List<BadRequest> table = new ArrayList<>();
    ALLOWED.forEach(
        (path, allowed) -> {
          for (String method : METHODS) {
            if (!List.of(allowed.split(", ")).contains(method)) {
              table.add(
                  head(method + " " + path, 405, "this path allows " + allowed, method + " " + path)
                      .answeredWith("allow", allowed));
            }
          }
        });
    table.add(
        head(
                "a POST with a body to a path that takes none",
                405,
                "this path allows GET, HEAD",
                "POST /users/export",
                "Content-Length: 0")
            .answeredWith("allow", "GET, HEAD"));
    return table;
  }

  private static List<BadRequest> ids() {
    List<BadRequest> table = new ArrayList<>();
    List<String> segments =
        List.of(
            "0",
            "-1",
            "+1",
            "%2B1",
            "01",
            "00",
            "1.0",
            "1.5",
            "1e0",
            "0x1",
            "1,000",
            "9007199254740992",
            "18446744073709551617",
            "1" + "0".repeat(400),
            "%221%22",
            "'1'",
            "one",
            "null",
            "%20",
            "%201",
            "1%20",
            "1%00",
            "%00",
            "1%0A",
            "1%2F",
            "1;a=b",
            "%D9%A1",
            "%EF%BC%91",
            "*",
            "{id}",
            ":id",
            "Import",
            "import%00");
    for (String segment : segments) {
      String shown = segment.length() > 40 ? segment.length() + " digits" : segment;
      for (String method : List.of("GET", "DELETE")) {
        table.add(
            head(method + " /users/" + shown, 400, ID, method + " /users/" + segment).at("/id"));
      }
      String view = "GET /users/%s/views/profile";
      table.add(
          head(
                  String.format(Locale.ROOT, view, shown),
                  400,
                  ID,
                  String.format(Locale.ROOT, view, segment))
              .at("/id"));
      for (String method : List.of("PUT", "PATCH")) {
        table.add(
            BadRequest.body(
                    method + " /users/" + shown,
                    400,
                    ID,
                    method + " /users/" + segment,
                    "application/json",
                    BadRequest.json("{'name':'A'}"))
                .at("/id"));
      }
      for (String line : List.of("PUT /users/%s/password", "POST /users/%s/password/verify")) {
        table.add(
            BadRequest.body(
                    String.format(Locale.ROOT, line, shown),
                    400,
                    ID,
                    String.format(Locale.ROOT, line, segment),
                    "application/json",
                    BadRequest.json("{'password':'correct horse'}"))
                .at("/id"));
      }
    }
    return table;
  }

  private static List<BadRequest> paths() {
    return List.of(
        head("an unknown path", 404, NOTHING, "GET /nowhere"),
        head("an unknown path for HEAD", 404, NOTHING, "HEAD /nowhere"),
        head("an unknown path for POST", 404, NOTHING, "POST /nowhere"),
        head("an unknown path for a method made up", 404, NOTHING, "BREW /nowhere"),
        head("a path in capitals", 404, NOTHING, "GET /USERS/1"),
        head("a slash at the end of the list", 404, NOTHING, "GET /users/"),
        head("a slash at the end of a user", 404, NOTHING, "GET /users/1/"),
        head("a slash at the end of an import", 404, NOTHING, "POST /users/import/"),
        head("an empty id", 404, NOTHING, "DELETE /users/"),
        head("an empty segment", 404, NOTHING, "GET /users//1"),
        head("slashes in front", 404, NOTHING, "GET //users/1"),
        head("a segment too many", 404, NOTHING, "GET /users/1/name"),
        head("a slash at the end of a password", 404, NOTHING, "PUT /users/1/password/"),
        head("a password without its user", 404, NOTHING, "PUT /users/password/verify"),
        head("a step behind the verification", 404, NOTHING, "POST /users/1/password/verify/1"),
        head("a password in capitals", 404, NOTHING, "PUT /users/1/Password"),
        head("views of a user, all at once", 404, NOTHING, "GET /users/1/views"),
        head("a slash at the end of a user's views", 404, NOTHING, "GET /users/1/views/"),
        head("a slash at the end of a view", 404, NOTHING, "GET /users/1/views/profile/"),
        head("a source of a view", 404, NOTHING, "GET /users/1/views/profile/account"),
        head("a view without its user", 404, NOTHING, "GET /users/views/profile"),
        head("a slash at the end of the views", 404, NOTHING, "GET /views/"),
        head("a view alone", 404, NOTHING, "GET /views/profile"),
        head("a slash at the end of a batch", 404, NOTHING, "POST /views/profile/batch/"),
        head("a batch without its view", 404, NOTHING, "POST /views/batch"),
        head("a file beside the contract", 404, NOTHING, "GET /openapi.yaml.bak"),
        head("a slash at the end of the page", 404, NOTHING, "GET /docs/"),
        head("a slash at the end of its script", 404, NOTHING, "GET /docs/page.js/"),
        head("another file of the viewer", 404, NOTHING, "GET /docs/swagger-ui.css.map"),
        head("the page by its file", 404, NOTHING, "GET /docs/index.html"),
        head("a step above the page", 404, NOTHING, "GET /docs/../openapi.yaml.bak"),
        head(
            "an encoded step above the page",
            404,
            NOTHING,
            "GET /docs/%2e%2e%2fversion.properties"),
        head("a folder of the class path", 404, NOTHING, "GET /META-INF/MANIFEST.MF"),
        head("a migration from the class path", 404, NOTHING, "GET /db/migration"),
        head("a favicon", 404, NOTHING, "GET /favicon.ico"),
        head("the management port's health", 404, NOTHING, "GET /health/live"),
        head("the management port's backup", 404, NOTHING, "POST /backup"),
        head("a step above the root", 404, NOTHING, "GET /../etc/passwd"),
        head("steps above the root", 404, NOTHING, "GET /users/../../../etc/passwd"),
        head("an encoded step above", 404, NOTHING, "GET /%2e%2e/%2e%2e/etc/passwd"),
        head("an encoded slash", 400, ID, "GET /users/..%2f..%2fetc%2fpasswd").at("/id"),
        head("a backslash", 404, NOTHING, "GET /..\\..\\etc\\passwd"),
        head("a path encoded twice", 404, NOTHING, "GET /%252e%252e/etc/passwd"),
        head("a percent sign alone", 400, MALFORMED, "GET /users/%"),
        head("an escape cut off", 400, MALFORMED, "GET /users/%1"),
        head("an escape of no digits", 400, MALFORMED, "GET /users/%zz"),
        head("overlong UTF-8 in the path", 400, "", "GET /users/%c0%af"),
        head("a lone byte in the path", 400, "", "GET /users/%ff"),
        head("a raw byte in the path", 400, "", "GET /users/\u00e9"),
        head("OPTIONS for all", 404, NOTHING, "OPTIONS *"),
        head("GET of an asterisk", 404, NOTHING, "GET *"),
        raw("a path without its slash", 404, NOTHING, "GET users/1 HTTP/1.1\r\nHost: test\r\n\r\n"),
        raw(
            "CONNECT to another host",
            421,
            "http.hosts",
            "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n"),
        raw(
            "a very long path",
            414,
            "the request's first line is too long",
            "GET /" + "x".repeat(9000) + " HTTP/1.1\r\nHost: test\r\n\r\n"),
        raw(
            "a very long query",
            414,
            "the request's first line is too long",
            "GET /users?name=" + "x".repeat(9000) + " HTTP/1.1\r\nHost: test\r\n\r\n"),
        raw(
            "a first line that never ends",
            414,
            "the request's first line is too long",
            "GET /" + "x".repeat(100_000)));
  }

  private static List<BadRequest> queries() {
    List<BadRequest> table = new ArrayList<>();
    String limit = "must be an integer from 1 to 1000";
    for (String path : List.of("/users", "/users/changes")) {
      for (String bad :
          List.of(
              "0",
              "-1",
              "1001",
              "1000000000",
              "",
              "ten",
              "1.0",
              "1e1",
              "+1",
              "%2B1",
              "01",
              "0x10",
              "1%00",
              "99999999999999999999",
              "%20",
              "1,2",
              "%D9%A1")) {
        table.add(
            head(path + " with limit=" + bad, 400, limit, "GET " + path + "?limit=" + bad)
                .at("?limit"));
      }
      table.add(
          head(path + " with a limit without a value", 400, limit, "GET " + path + "?limit")
              .at("?limit"));
      table.add(
          head(
                  path + " with a limit twice",
                  400,
                  "must be given once",
                  "GET " + path + "?limit=1&limit=1")
              .at("?limit"));
      table.add(
          head(
                  path + " with a parameter unknown",
                  400,
                  "unknown parameter",
                  "GET " + path + "?limit=1&offset=5")
              .at("?offset"));
      table.add(
          head(
                  path + " with a parameter in capitals",
                  400,
                  "unknown parameter",
                  "GET " + path + "?LIMIT=1")
              .at("?LIMIT"));
      for (String bad : List.of("%", "%1", "%zz", "%ff", "%c0%af", "%ed%a0%80", "\u00ff")) {
        table.add(
            head(
                    path + " with after=" + bad,
                    400,
                    "is not percent-encoded UTF-8",
                    "GET " + path + "?after=" + bad)
                .at("?after"));
      }
      table.add(
          head(
                  path + " with a name badly encoded",
                  400,
                  "is not percent-encoded UTF-8",
                  "GET " + path + "?%zz=1")
              .at("?%zz"));
    }
    for (String line :
        List.of(
            "GET /",
            "GET /openapi.yaml",
            "GET /asyncapi.yaml",
            "GET /docs",
            "GET /docs/page.js",
            "GET /docs/page.css",
            "GET /users/1",
            "HEAD /users/1",
            "DELETE /users/1",
            "PUT /users/1",
            "PATCH /users/1",
            "POST /users",
            "POST /users/import",
            "GET /users/export",
            "PUT /users/1/password",
            "POST /users/1/password/verify",
            "GET /users/1/views/profile",
            "GET /views",
            "POST /views/profile/batch")) {
      table.add(
          head(line + " with a parameter", 400, "unknown parameter", line + "?pretty=1")
              .at("?pretty"));
      table.add(
          head(line + " with a bad escape", 400, "is not percent-encoded", line + "?a=%z")
              .at("?a"));
    }
    for (String bad : List.of("", "0", "-1", "x", "1,2", "9007199254740992")) {
      table.add(head("/users with id=" + bad, 400, ID, "GET /users?id=1&id=" + bad).at("?id"));
    }
    table.add(
        head("101 ids", 400, "at most 100 times", "GET /users?id=1" + "&id=1".repeat(100))
            .at("?id"));
    for (String name : List.of("email", "name")) {
      table.add(
          head("an empty " + name, 400, "must not be empty", "GET /users?" + name + "=")
              .at("?" + name));
      table.add(
          head(
                  "two of " + name,
                  400,
                  "must be given once",
                  "GET /users?" + name + "=a&" + name + "=a")
              .at("?" + name));
    }
    table.add(
        head(
            "a parameter with a name of 5000 letters",
            400,
            "unknown parameter",
            "GET /users?" + "x".repeat(5000) + "=1"));
    return table;
  }

  private static List<BadRequest> cursors() {
    List<BadRequest> table = new ArrayList<>();
    for (String bad :
        List.of(
            "",
            "1",
            "abc",
            "!!",
            "dTE6MQ==",
            "dTE6MR",
            "dTE6MA",
            "dTE6LTE",
            "dTI6MQ",
            "dTE6MDE",
            "dTE6OTAwNzE5OTI1NDc0MDk5Mg",
            "dTE6",
            "%00",
            "x".repeat(3000))) {
      String shown = bad.length() > 40 ? bad.length() + " letters" : bad;
      table.add(
          head(
                  "the cursor " + shown,
                  400,
                  "is not a cursor of this list",
                  "GET /users?after=" + bad)
              .at("?after"));
    }
    String seq = "must be an integer from 0 to 9007199254740991";
    for (String bad : List.of("", "-1", "1.5", "9007199254740992", "x", "01", "dTE6MQ")) {
      table.add(
          head("the feed after " + bad, 400, seq, "GET /users/changes?after=" + bad).at("?after"));
      table.add(
          head(
                  "a stream of the feed after " + bad,
                  400,
                  seq,
                  "GET /users/changes?after=" + bad,
                  "Accept: text/event-stream")
              .at("?after"));
    }
    return table;
  }
}
