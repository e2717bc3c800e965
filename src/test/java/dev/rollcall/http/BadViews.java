package dev.rollcall.http;

import static dev.rollcall.http.BadBody.body;
import static dev.rollcall.http.BadRequest.head;
import static dev.rollcall.http.BadRequest.headOf;
import static dev.rollcall.http.BadRequest.json;
import static dev.rollcall.http.BadRequest.raw;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Requests for views that are wrong. The server has one view, {@code profile}, of one mode. */
final class BadViews {

  private static final String VIEW = "GET /users/1/views/profile";
  private static final String BATCH = "POST /views/profile/batch";
  private static final String JSON = "Content-Type: application/json";
  private static final String ID = "must be an integer from 1 to 9007199254740991";
  private static final String MODES = "this view allows the modes: all";
  private static final String NO_VIEW = "there is no such view";

  private BadViews() {}

  static Stream<BadRequest> requests() {
    Stream<BadBody> bodies =
        Stream.of(BadJson.syntax(), BadJson.encoding(), ids(), settings()).flatMap(List::stream);
    return Stream.concat(
        bodies.map(bad -> bad.as(BATCH)),
        Stream.of(modes(), names(), deadlines(), sizes()).flatMap(List::stream));
  }

  private static List<BadBody> ids() {
    List<BadBody> table = new ArrayList<>();
    for (String value : List.of("null", "1", "'1'", "true", "{}", "{'0':1}")) {
      table.add(body("ids that are " + value, "{'ids':" + value + "}", "/ids", "must be an array"));
    }
    for (String value :
        List.of(
            "0",
            "-1",
            "1.5",
            "0.0",
            "1e400",
            "1e999999999",
            "10e-2",
            "'1'",
            "null",
            "true",
            "[1]",
            "{}",
            "9007199254740992",
            "18446744073709551617",
            "1" + "0".repeat(400))) {
      String shown = value.length() > 40 ? value.length() + " digits" : value;
      table.add(body("an id of " + shown, "{'ids':[1,2,3," + value + "]}", "/ids/3", ID));
    }
    String count = "must have 1 to 100000 ids";
    table.add(body("no ids", "{'concurrency':1}", "/ids", "is missing"));
    table.add(body("an empty body of a batch", "{}", "/ids", "is missing"));
    table.add(body("an empty list", "{'ids':[]}", "/ids", count));
    table.add(body("100,001 ids", "{'ids':[1" + ",1".repeat(100_000) + "]}", "/ids", count));
    table.add(
        body("100,000 that are none", "{'ids':[0" + ",0".repeat(99_999) + "]}", "/ids/0", ID));
    table.add(body("20 faults and more", "{'ids':[0" + ",0".repeat(99) + "]}", "/ids/19", ID));
    table.add(body("lists of ids", "{'ids':[[1],[2]]}", "/ids/0", ID));
    table.add(body("ids twice", "{'ids':[1],'ids':[2]}", "/ids", "stands twice"));
    return table;
  }

  private static List<BadBody> settings() {
    List<BadBody> table = new ArrayList<>();
    String concurrency = "must be an integer from 1 to 100";
    for (String value :
        List.of("0", "-1", "101", "1.5", "10.5", "'10'", "null", "true", "[]", "4294967297")) {
      table.add(
          body(
              "a concurrency of " + value,
              "{'ids':[1],'concurrency':" + value + "}",
              "/concurrency",
              concurrency));
    }
    for (String value : List.of("null", "1", "true", "['all']", "{}")) {
      table.add(
          body(
              "a mode of " + value,
              "{'ids':[1],'mode':" + value + "}",
              "/mode",
              "must be a string"));
    }
    for (String mode : List.of("", "ALL", "any", "sequential", "none", " all")) {
      table.add(
          body("the mode '" + mode + "'", "{'ids':[1],'mode':'" + mode + "'}", "/mode", MODES));
    }
    String unknown = "unknown member";
    table.add(body("the view again", "{'ids':[1],'view':'profile'}", "/view", unknown));
    table.add(body("in capitals", "{'Ids':[1]}", "/Ids", unknown));
    table.add(body("a deadline as a member", "{'ids':[1],'deadlineMs':1}", "/deadlineMs", unknown));
    table.add(body("with a slash", "{'ids':[1],'a/b~':1}", "/a~1b~0", unknown));
    table.add(body("and ids besides", "{'ids':[0],'x':1}", "/ids/0", ID));
    return table;
  }

  private static List<BadRequest> modes() {
    List<BadRequest> table = new ArrayList<>();
    for (String mode :
        List.of("", "ALL", "any", "race", "sequential", "none", "all,any", "%20all")) {
      table.add(head("mode=" + mode, 400, MODES, VIEW + "?mode=" + mode).at("?mode"));
    }
    table.add(head("a mode without a value", 400, MODES, VIEW + "?mode").at("?mode"));
    table.add(
        head("two modes", 400, "must be given once", VIEW + "?mode=all&mode=all").at("?mode"));
    table.add(head("a Mode", 400, "unknown parameter", VIEW + "?Mode=all").at("?Mode"));
    table.add(head("a mode cut off", 400, "is not percent-encoded", VIEW + "?mode=%a").at("?mode"));
    for (String explain : List.of("", "TRUE", "1", "yes", "true,true", "%20true")) {
      table.add(
          head("explain=" + explain, 400, "must be true or false", VIEW + "?explain=" + explain)
              .at("?explain"));
    }
    table.add(
        head("explain twice", 400, "must be given once", VIEW + "?explain=true&explain=true")
            .at("?explain"));
    table.add(head("a mode for HEAD", 400, "", "HEAD /users/1/views/profile?mode=any"));
    table.add(
        head("a mode for a batch", 400, "unknown parameter", BATCH + "?mode=all", JSON)
            .at("?mode"));
    return table;
  }

  private static List<BadRequest> names() {
    List<BadRequest> table = new ArrayList<>();
    for (String name :
        List.of(
            "nothing", "Profile", "profile%20", "%00", "..%2fprofile", "{view}", "x".repeat(999))) {
      String shown = name.length() > 40 ? name.length() + " letters" : name;
      table.add(head("the view " + shown, 404, NO_VIEW, "GET /users/1/views/" + name));
      table.add(
          BadRequest.body(
              "a batch of the view " + shown,
              404,
              NO_VIEW,
              "POST /views/" + name + "/batch",
              "application/json",
              json("{'ids':[1]}")));
    }
    table.add(head("no such user", 404, "User not found", "GET /users/99/views/profile"));
    return table;
  }

  private static List<BadRequest> deadlines() {
    List<BadRequest> table = new ArrayList<>();
    String fault = "Rollcall-Deadline-Ms must be one integer from 1";
    for (String bad :
        List.of(
            "",
            "0",
            "-1",
            "+1",
            "01",
            "1.5",
            "1e3",
            "1s",
            "0x10",
            "1 000",
            "1,2",
            "soon",
            "9007199254740992",
            "9".repeat(400),
            "\u00e9")) {
      String shown = bad.length() > 40 ? bad.length() + " digits" : bad;
      String field = "Rollcall-Deadline-Ms: " + bad;
      table.add(head("a deadline of '" + shown + "'", 400, fault, VIEW, field));
      table.add(
          raw(
              "a batch with a deadline of '" + shown + "'",
              400,
              fault,
              headOf(BATCH, JSON, "Content-Length: 11", field) + "\r\n" + json("{'ids':[1]}")));
    }
    table.add(
        head(
            "two deadlines",
            400,
            fault,
            VIEW,
            "Rollcall-Deadline-Ms: 5",
            "Rollcall-Deadline-Ms: 5"));
    return table;
  }

  private static List<BadRequest> sizes() {
    int limit = BatchRequest.BODY_LIMIT;
    String tooLarge = "the body must have at most " + limit + " bytes";
    return List.of(
        raw(
            "a batch that announces too much",
            413,
            tooLarge,
            headOf(BATCH, JSON, "Content-Length: " + (limit + 1)) + "\r\n"),
        raw(
            "a batch that sends too much",
            413,
            tooLarge,
            headOf(BATCH, JSON, "Transfer-Encoding: chunked")
                + "\r\n"
                + ("1000\r\n" + " ".repeat(4096) + "\r\n").repeat(limit / 4096 + 1)
                + "0\r\n\r\n"),
        raw(
            "a batch that never comes",
            408,
            "the body did not arrive in time",
            headOf(BATCH, JSON, "Content-Length: 11") + "\r\n"),
        raw(
            "a batch with another expectation",
            417,
            "the only expectation met is 100-continue",
            headOf(BATCH, JSON, "Content-Length: 11", "Expect: patience") + "\r\n"));
  }
}
