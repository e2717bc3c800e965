package dev.rollcall.http;

import static dev.rollcall.http.BadBody.body;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is neither a password nor a hash. The server takes hashes of 1 MiB and one iteration at
 * most.
 */
final class BadPasswords {

  private static final String SET = "PUT /users/1/password";
  private static final String VERIFY = "POST /users/1/password/verify";
  private static final String STRING = "must be a string";
  private static final String SALT = "$c29tZXNhbHQ$";
  private static final String VALUE = "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
  private static final String CRYPT = "abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm";

  private BadPasswords() {}

  static Stream<BadRequest> requests() {
    List<BadRequest> table = new ArrayList<>();
    for (String line : List.of(SET, VERIFY)) {
      BadJson.syntax().forEach(bad -> table.add(bad.as(line)));
      BadJson.encoding().forEach(bad -> table.add(bad.as(line)));
      passwords().forEach(bad -> table.add(bad.as(line)));
    }
    newPasswords().forEach(bad -> table.add(bad.as(SET)));
    argon2().forEach(bad -> table.add(bad.as(SET)));
    bcrypt().forEach(bad -> table.add(bad.as(SET)));
    table.add(body("a hash to verify", "{'hash':'x'}", "/hash", "unknown member").as(VERIFY));
    table.add(body("no password", "{}", "/password", "is missing").as(VERIFY));
    table.add(
        body("an empty password", "{'password':''}", "/password", "must have 1 to 1024")
            .as(VERIFY));
    return table.stream();
  }

  private static List<BadBody> passwords() {
    List<BadBody> table = new ArrayList<>();
    for (String value : List.of("12345678", "true", "null", "['correct horse']", "{'a':'b'}")) {
      table.add(body("a password that is " + value, password(value), "/password", STRING));
    }
    String long1 = "'" + "x".repeat(1025) + "'";
    String long3 = "'" + "語".repeat(1025) + "'";
    String long4 = "'" + "😀".repeat(1025) + "'";
    String tooLong = "to 1024 characters";
    table.add(body("1025 letters", password(long1), "/password", tooLong));
    table.add(body("1025 letters of 3 bytes", password(long3), "/password", tooLong));
    table.add(body("1025 astral letters", password(long4), "/password", tooLong));
    String lone = "lone surrogate";
    table.add(body("a lone surrogate", password("'correct \\ud83d'"), "/password", lone));
    table.add(body("one in front", password("'\\ude00 correct'"), "/password", lone));
    table.add(
        body(
            "a password twice",
            "{'password':'correct horse','password':'correct horse'}",
            "/password",
            "stands twice"));
    String unknown = "unknown member";
    table.add(body("in capitals", "{'Password':'correct horse'}", "/Password", unknown));
    table.add(body("a salt", "{'password':'correct horse','salt':'x'}", "/salt", unknown));
    table.add(body("an id", "{'password':'correct horse','id':1}", "/id", unknown));
    table.add(body("with a slash", "{'password':'correct horse','a/b~':1}", "/a~1b~0", unknown));
    return table;
  }

  private static List<BadBody> newPasswords() {
    String length = "must have 8 to 1024 characters";
    String either = "either password or hash is expected, and not both";
    String hash = "$argon2id$v=19$m=1024,t=1,p=1" + SALT + VALUE;
    return List.of(
        body("neither", "{}", "", either),
        body("a NUL", "{'password':'correct\\u0000horse'}", "/password", "U+0000"),
        body("a NUL at the end", "{'password':'correct horse\\u0000'}", "/password", "U+0000"),
        body(
            "nothing but NULs",
            "{'password':'" + "\\u0000".repeat(8) + "'}",
            "/password",
            "U+0000"),
        body("both", "{'password':'correct horse','hash':'" + hash + "'}", "", either),
        body("both, one null", "{'password':null,'hash':'" + hash + "'}", "", either),
        body("an empty new one", "{'password':''}", "/password", length),
        body("7 letters", "{'password':'1234567'}", "/password", length),
        body("7 letters of 3 bytes", "{'password':'語語語語語語語'}", "/password", length),
        body("7 astral letters", password("'" + "😀".repeat(7) + "'"), "/password", length),
        body("a hash that is a number", "{'hash':1}", "/hash", STRING),
        body("a hash of null", "{'hash':null}", "/hash", STRING),
        body("a hash in an array", "{'hash':['" + hash + "']}", "/hash", STRING),
        body("an empty hash", "{'hash':''}", "/hash", "must have 1 to 1024 characters"),
        body("a hash of 1025", hash("$2b$" + "x".repeat(1021)), "/hash", "to 1024 characters"));
  }

  private static List<BadBody> argon2() {
    List<BadBody> table = new ArrayList<>();
    String unknown = "is of no known scheme";
    for (String bad :
        List.of(
            "correct horse",
            "$",
            " ",
            "$1$salt$qJH7.N4xYta3aEG/dfqo/0",
            "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc8",
            "$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjlO",
            "$y$j9T$abc$def",
            "$7$C6..../....x$y",
            "$scrypt$ln=15,r=8,p=1$c2FsdA$aGFzaA",
            "$pbkdf2-sha256$29000$c2FsdA$aGFzaA",
            "{SSHA}0c0blFTXXNuAMHECS4uxrj3ZieMoWImr",
            "5f4dcc3b5aa765d61d8327deb882cf99",
            "argon2id$v=19$m=1024,t=1,p=1" + SALT + VALUE,
            "$Argon2id$v=19$m=1024,t=1,p=1" + SALT + VALUE,
            " $argon2id$v=19$m=1024,t=1,p=1" + SALT + VALUE)) {
      table.add(body("the hash " + bad, hash(bad), "/hash", unknown));
    }
    String malformed = "is not a PHC string of Argon2";
    for (String bad :
        List.of(
            "$argon2",
            "$argon2id",
            "$argon2id$",
            "$argon2x$v=19$m=1024,t=1,p=1" + SALT + VALUE,
            "$argon2id$v=19$m=1024,t=1,p=1",
            "$argon2id$v=19$m=1024,t=1,p=1" + SALT,
            "$argon2id$v=18$m=1024,t=1,p=1" + SALT + VALUE,
            "$argon2id$v=20$m=1024,t=1,p=1" + SALT + VALUE,
            "$argon2id$v=$m=1024,t=1,p=1" + SALT + VALUE,
            "$argon2id$v=19$t=1,m=1024,p=1" + SALT + VALUE,
            "$argon2id$v=19$m=1024,t=1" + SALT + VALUE,
            "$argon2id$v=19$m=1024,t=1,p=1,data=eA" + SALT + VALUE,
            "$argon2id$v=19$m=1024,t=1,p=0" + SALT + VALUE,
            "$argon2id$v=19$m=1024,t=1,p=17" + SALT + VALUE,
            "$argon2id$v=19$m=1024,t=1,p=9999" + SALT + VALUE,
            "$argon2id$v=19$m=1024,t=0,p=1" + SALT + VALUE,
            "$argon2id$v=19$m=0,t=1,p=1" + SALT + VALUE,
            "$argon2id$v=19$m=7,t=1,p=1" + SALT + VALUE,
            "$argon2id$v=19$m=31,t=1,p=4" + SALT + VALUE,
            "$argon2id$v=19$m=-1024,t=1,p=1" + SALT + VALUE,
            "$argon2id$v=19$m=+1024,t=1,p=1" + SALT + VALUE,
            "$argon2id$v=19$m=0x400,t=1,p=1" + SALT + VALUE,
            "$argon2id$v=19$m=١٠,t=1,p=1" + SALT + VALUE,
            "$argon2id$v=19$m=4294968320,t=1,p=1" + SALT + VALUE,
            "$argon2id$v=19$m=1024,t=4294967297,p=1" + SALT + VALUE,
            "$argon2id$v=19$m=1024,t=1,p=1$$" + VALUE,
            "$argon2id$v=19$m=1024,t=1,p=1$c2FsdA$" + VALUE,
            "$argon2id$v=19$m=1024,t=1,p=1" + SALT + "aGFzaA",
            "$argon2id$v=19$m=1024,t=1,p=1" + SALT + VALUE + "==",
            "$argon2id$v=19$m=1024,t=1,p=1" + SALT + VALUE.replace('/', '_'),
            "$argon2id$v=19$m=1024,t=1,p=1" + SALT + VALUE + "AA",
            "$argon2id$v=19$m=1024,t=1,p=1" + SALT + VALUE + "$",
            "$argon2id$v=19$m=1024,t=1,p=1" + SALT + VALUE + " ",
            "$argon2id$v=19$m=1024,t=1,p=1" + SALT + VALUE + "\\n",
            "$argon2id$v=19$m=1024,t=1,p=1" + SALT + VALUE + "\\u0000",
            "$argon2id$v=19$m=1024,t=1,p=1" + SALT + VALUE.repeat(3))) {
      table.add(body("the hash " + bad, hash(bad), "/hash", malformed));
    }
    String costly = "asks for more than m=1024,t=1, which is what is configured";
    for (String cost :
        List.of(
            "m=1025,t=1,p=1",
            "m=1024,t=2,p=1",
            "m=19456,t=2,p=1",
            "m=999999999,t=1,p=1",
            "m=8,t=999999999,p=1",
            "m=1028,t=1,p=16")) {
      String bad = "$argon2id$v=19$" + cost + SALT + VALUE;
      table.add(body("a hash with " + cost, hash(bad), "/hash", costly));
    }
    return table;
  }

  private static List<BadBody> bcrypt() {
    List<BadBody> table = new ArrayList<>();
    for (String bad :
        List.of(
            "$2",
            "$2b$",
            "$2$04$" + CRYPT,
            "$2x$04$" + CRYPT,
            "$2B$04$" + CRYPT,
            "$2b$4$" + CRYPT,
            "$2b$004$" + CRYPT,
            "$2b$-4$" + CRYPT,
            "$2b$٠٤$" + CRYPT,
            "$2b$04$" + CRYPT.substring(1),
            "$2b$04$" + CRYPT + "x",
            "$2b$04$" + CRYPT + "\\n",
            "$2b$04$" + CRYPT.replace('/', '+'),
            "$2b$04$" + CRYPT.replace('z', '\u017e'))) {
      table.add(body("the hash " + bad, hash(bad), "/hash", "is not a bcrypt string"));
    }
    for (String cost : List.of("00", "03", "13", "31", "32", "99")) {
      String detail = "the cost of bcrypt must be from 4 to 12";
      table.add(body("bcrypt of cost " + cost, hash("$2b$" + cost + "$" + CRYPT), "/hash", detail));
    }
    return table;
  }

  private static String password(String json) {
    return "{'password':" + json + "}";
  }

  private static String hash(String text) {
    return "{'hash':'" + text + "'}";
  }
}
