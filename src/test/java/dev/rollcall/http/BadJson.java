package dev.rollcall.http;

import static dev.rollcall.http.BadBody.body;
import static dev.rollcall.http.BadBody.raw;
import static dev.rollcall.http.BadRequest.json;

import java.util.List;

/** Bodies that are no JSON, or JSON beyond the bounds, whatever they say. */
final class BadJson {

  private static final String MALFORMED = "malformed JSON at ";
  private static final String TOO_DEEP = "JSON nested deeper than 200";

  private BadJson() {}

  static List<BadBody> syntax() {
    return List.of(
        body("no body", "", "", "the text is empty"),
        body("nothing but blanks", " \t\r\n ", "", "the text is empty"),
        body("a body that is no JSON", "name=Alice", "", MALFORMED),
        body("XML", "<user><name>Alice</name></user>", "", MALFORMED),
        body("an object cut off after its brace", "{", "", MALFORMED),
        body("an object cut off in a name", "{'na", "", MALFORMED),
        body("an object cut off after a colon", "{'name':", "", MALFORMED),
        body("an object cut off in a string", "{'name':'Ali", "", MALFORMED),
        body("an object cut off in an escape", "{'name':'\\u00", "", MALFORMED),
        body("an object that lacks its last brace", "{'name':'Alice'", "", MALFORMED),
        body("a literal cut off", "{'name':'A','email':nul", "", MALFORMED),
        body("a number cut off", "{'name':'A','attributes':{'n':1.", "", MALFORMED),
        body("a comma too many", "{'name':'Alice',}", "", MALFORMED),
        body("a comma missing", "{'name':'Alice' 'email':null}", "", MALFORMED),
        body("a member name without quotation marks", "{name:'Alice'}", "", MALFORMED),
        raw("apostrophes for quotation marks", "{'name':'Alice'}", "", MALFORMED),
        body("a comment", "{'name':'Alice'/* a comment */}", "", MALFORMED),
        body("a leading zero", "{'name':'A','attributes':{'n':01}}", "", MALFORMED),
        body("a plus sign", "{'name':'A','attributes':{'n':+1}}", "", MALFORMED),
        body("a number without an integer", "{'name':'A','attributes':{'n':.5}}", "", MALFORMED),
        body("NaN", "{'name':'A','attributes':{'n':NaN}}", "", MALFORMED),
        body("Infinity", "{'name':'A','attributes':{'n':-Infinity}}", "", MALFORMED),
        body("a literal in capitals", "{'name':'A','attributes':{'b':True}}", "", MALFORMED),
        body("an escape that is none", "{'name':'a\\x'}", "", MALFORMED),
        body("a second value", "{'name':'Alice'}{'name':'Bob'}", "", MALFORMED),
        body("a closing brace too many", "{'name':'Alice'}}", "", MALFORMED),
        body("a bracket closed by a brace", "{'name':'A','attributes':{'a':[1}}", "", MALFORMED),
        body("an array", "[]", "", "a JSON object is expected"),
        body("an array with a user", "[{'name':'Alice'}]", "", "a JSON object is expected"),
        body("a string", "'Alice'", "", "a JSON object is expected"),
        body("a number", "1", "", "a JSON object is expected"),
        body("null", "null", "", "a JSON object is expected"),
        body("true", "true", "", "a JSON object is expected"),
        body("201 levels", nested(201), "", TOO_DEEP),
        body("100,000 levels", nested(100_000), "", TOO_DEEP),
        body("100,000 brackets that never close", "[".repeat(100_000), "", TOO_DEEP),
        body(
            "100,000 objects that never close",
            "{'name':'A','attributes':" + "{'a':".repeat(100_000),
            "",
            TOO_DEEP),
        body("a member twice", "{'name':'Alice','name':'Bob'}", "/name", "stands twice"),
        body("a member twice, once escaped", "{'name':'A','n\\u0061me':'A'}", "/name", "twice"),
        body(
            "a nested member twice",
            "{'name':'A','attributes':{'a':[0,{'b':1,'b':1}]}}",
            "/attributes/a/1/b",
            "stands twice"),
        body(
            "a member twice whose name needs escaping in a pointer",
            "{'name':'A','attributes':{'a/b~':1,'a/b~':2}}",
            "/attributes/a~1b~0",
            "stands twice"),
        body(
            "a number of 1001 digits",
            "{'name':'A','attributes':{'n':" + "1".repeat(1001) + "}}",
            "",
            "a number of more than 1000 characters"),
        body(
            "an exponent beyond all bounds",
            "{'name':'A','attributes':{'n':1e99999999999}}",
            "/attributes/n",
            "with an exponent beyond"));
  }

  private static String nested(int levels) {
    // The user is a level itself, and so are its attributes.
    int arrays = levels - 2;
    return "{'name':'A','attributes':{'a':" + "[".repeat(arrays) + "]".repeat(arrays) + "}}";
  }

  static List<BadBody> encoding() {
    String before = json("{'name':'A");
    String after = json("'}");
    String utf16 = "\u0000{\u0000\"\u0000n\u0000\"\u0000:\u00001\u0000}";
    return List.of(
        raw("an overlong slash", before + "\u00c0\u00af" + after, "", "not valid UTF-8"),
        raw("an overlong NUL", before + "\u00c0\u0080" + after, "", "not valid UTF-8"),
        raw("an overlong form of 3 bytes", before + "\u00e0\u0080\u00af" + after, "", "UTF-8"),
        raw("a lone continuation byte", before + "\u0080" + after, "", "not valid UTF-8"),
        raw("a sequence cut off", before + "\u00e2\u0082" + after, "", "not valid UTF-8"),
        raw("a byte that UTF-8 never has", before + "\u00ff" + after, "", "not valid UTF-8"),
        raw("Latin-1", before + "\u00e9" + after, "", "not valid UTF-8"),
        raw("a surrogate as three bytes", before + "\u00ed\u00a0\u0080" + after, "", "UTF-8"),
        raw(
            "a pair of them (CESU-8)",
            before + "\u00ed\u00a0\u00bd\u00ed\u00b8\u0080" + after,
            "",
            "UTF-8"),
        raw(
            "a code point above U+10FFFF",
            before + "\u00f4\u0090\u0080\u0080" + after,
            "",
            "UTF-8"),
        raw(
            "bad UTF-8 in a member's name",
            json("{'name':'A','") + "\u00fe" + json("':1}"),
            "",
            "UTF-8"),
        raw("UTF-16 with its mark", "\u00fe\u00ff" + utf16, "", "not valid UTF-8"),
        raw("UTF-16 without a mark", utf16, "", MALFORMED),
        raw("a raw NUL within a string", before + "\u0000" + after, "", MALFORMED),
        raw("a raw NUL behind the value", json("{'name':'A'}") + "\u0000", "", MALFORMED),
        raw("a raw tab within a string", before + "\t" + after, "", MALFORMED),
        raw("a raw line feed within a string", before + "\n" + after, "", MALFORMED),
        raw("a raw escape character", before + "\u001b[31m" + after, "", MALFORMED),
        body("a lone high surrogate", "{'name':'A\\ud83d'}", "/name", "lone surrogate"),
        body("a lone low surrogate", "{'name':'\\ude00A'}", "/name", "lone surrogate"),
        body(
            "surrogates the wrong way round",
            "{'name':'\\ude00\\ud83d'}",
            "/name",
            "lone surrogate"),
        body(
            "a lone surrogate deep within",
            "{'name':'A','attributes':{'a':['\\ud800']}}",
            "/attributes/a/0",
            "lone surrogate"),
        body("a lone surrogate in a member's name", "{'name':'A','\\udfff':1}", "", MALFORMED));
  }
}
